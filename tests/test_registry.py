"""Classes of other packages are found by their entry points."""

import pytest

import hopfield_opt as ho
from hopfield_opt import dynamics, problems
from hopfield_opt.cli import main
from hopfield_opt.errors import HopfieldWarning, InputError
from hopfield_opt.registry import spelled

MODULE = '''
class Nothing:
    """Ask for nothing."""
    name = "nothing"
    summary = "does nothing"
'''


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Install a distribution that adds a problem and a method, and breaks a third."""
    (tmp_path / "third_party_of_a_test.py").write_text(MODULE)
    info = tmp_path / "third_party-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: third-party\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[hopfield_opt.problems]\n"
        "nothing = third_party_of_a_test:Nothing\n"
        "max-cut = third_party_of_a_test:Nothing\n"
        "[hopfield_opt.dynamics]\n"
        "nothing = third_party_of_a_test:Nothing\n"
        "lost = third_party_of_a_test:Lost\n"
    )
    monkeypatch.syspath_prepend(tmp_path)


def test_classes_of_others_are_found(installed, capsys):
    """They are listed and found by name, and cannot take a name of ours."""
    assert problems.named("nothing").__doc__ == "Ask for nothing."
    assert problems.available()["nothing"] is problems.named("nothing")
    assert problems.named("max-cut") is problems.MaxCut
    assert problems.available()["max-cut"] is problems.MaxCut
    assert dynamics.named("nothing").summary == "does nothing"
    assert list(problems.available()) == sorted(problems.available())
    assert main(["problems"]) == 0
    assert "nothing             Ask for nothing." in capsys.readouterr().out


def test_what_cannot_be_loaded_is_left_out(installed):
    """A broken class of another package is a warning, and an error only where it is asked for."""
    with pytest.warns(HopfieldWarning, match="method lost must be loadable"):
        assert "lost" not in dynamics.available()
    with pytest.raises(InputError, match="method lost must be loadable"):
        dynamics.named("lost")


def test_without_others_nothing_is_added():
    """Only the library's own classes are there."""
    assert "nothing" not in problems.available()
    with pytest.raises(InputError, match="must be one of"):
        problems.named("nothing")


def test_each_class_is_typed_as_it_is_called():
    """The name in Python, with hyphens, names each class; so does its shorter one."""
    for registry in (problems, dynamics):
        for name, kind in registry.available().items():
            assert registry.named(spelled(kind.__name__)) is registry.named(name) is kind
    assert problems.named("graph-coloring") is problems.GraphColoring


@pytest.mark.parametrize(
    "module, wrong, meant",
    [
        (problems, "Coloring", "GraphColoring"),
        (problems, "TSP", "TravellingSalesman"),  # as on the command line
        (problems, "TravelingSalesman", "TravellingSalesman"),
        (dynamics, "SimulatedAnealing", "SimulatedAnnealing"),
        (ho, "Sovle", "solve"),
        (ho.interop, "CvxpySolwer", "CvxpySolver"),
    ],
)
def test_python_suggests_names_as_the_command_line_does(module, wrong, meant):
    """An unknown attribute is answered with the one that is nearest."""
    with pytest.raises(AttributeError, match=rf"no attribute '{wrong}'. Did you mean '{meant}'\?"):
        getattr(module, wrong)
    with pytest.raises(InputError, match=r"Did you mean 'graph-coloring'\?"):
        problems.named("graph-colouring")
    with pytest.raises(AttributeError, match="no attribute 'Xyzzy'$"):
        module.Xyzzy  # noqa: B018 -- it is asked for only
