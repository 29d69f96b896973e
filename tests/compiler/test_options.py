"""How something is compiled travels with it."""

from typing import Any

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.compiler import CompileOptions, compile_with
from hopfield_opt.errors import InputError
from hopfield_opt.groups import Linear, OneHot

OPTIONS: dict[str, Any] = {
    "structure": "penalty",
    "penalty": "adaptive",
    "presolve": "off",
    "encoding": "one-hot",
    "feasibility_tolerance": 1e-9,
}


def model() -> ho.Model:
    """Return a model with an integer, a range and a choice."""
    made = ho.Model()
    x = made.binary(5, name="x")
    y = made.integer((), 0, 3, name="y")
    made.minimize((x * [-3, 2, -4, 1, -2]).sum() + (y - 2) * (y - 2))
    made.add((x * [2, 3, 4, 1, 5]).sum() <= 7, x[0] + x[3] == 1)
    return made


def network() -> ho.Hamiltonian:
    """Return a network with a group."""
    return ho.Hamiltonian(np.ones((4, 4)) - np.eye(4), groups=[OneHot([0, 1, 2])])


SUBJECTS = [model(), network()]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_options_travel_with_what_was_compiled(subject: Any) -> None:
    """What was asked is known afterwards, also of what is made of the network."""
    compiled = ho.compile(subject, keeps=[OneHot, Linear], **OPTIONS)
    asked = CompileOptions(keeps=[Linear, OneHot], **OPTIONS)
    assert compiled.options == asked
    assert compile_with(subject, asked).report() == compiled.report()
    assert compiled.raise_penalties(["c1", "OneHot[0]"]).options == asked
    assert compiled.drop_groups({Linear}).options.keeps == {OneHot}
    assert ho.compile(subject).options == CompileOptions()


def test_an_update_keeps_the_options() -> None:
    """Another objective is compiled as the first one was."""
    made = ho.Model()
    x = made.binary(3, name="x")
    made.add(x.sum() == 1)
    compiled = ho.compile(made, "penalty", 7.0)
    updated = compiled.update((x * [3, 1, 2]).sum())
    assert updated.options == compiled.options
    assert "weight 7," in updated.report()


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize(("name", "value"), OPTIONS.items())
def test_what_contradicts_a_compiled_network_is_refused(
    subject: Any, name: str, value: Any
) -> None:
    """An option that it was not compiled with is an error; the same, or none, is fine."""
    compiled = ho.compile(subject)
    with pytest.raises(InputError, match=rf"^{name} must be .* Compile it with {name}="):
        ho.solve(compiled, sweeps=3, **{name: value})
    one = ho.solve(ho.compile(subject, **{name: value}), seed=0, sweeps=3, **{name: value})
    other = ho.solve(ho.compile(subject, **{name: value}), seed=0, sweeps=3)
    assert one.energies.tolist() == other.energies.tolist()


def test_options_are_copied() -> None:
    """Encodings by name are those of the call, whatever becomes of the dict."""
    names = {"y": "unary"}
    compiled = ho.compile(model(), encoding=names)
    names["y"] = "binary"
    assert compiled.options.encoding == {"y": "unary"}


@pytest.mark.parametrize("options", [{"penalty": 0}, {"structure": "groups"}, {"presolve": True}])
def test_options_are_looked_at_before_anything_begins(options: Any) -> None:
    """Also where a compiled network needs none, and where its owner would be asked first."""
    for subject in (model(), ho.compile(model())):
        with pytest.raises(InputError, match=f"^{next(iter(options))} must be|^unknown"):
            ho.solve(subject, **options)
