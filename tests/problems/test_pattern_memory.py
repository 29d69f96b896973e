"""Pattern memory as a problem: the answer is a label, the value an overlap with the cue."""

import json

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.cli import main
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.problems import PatternMemory

LETTERS = "####\n#..#\n####\n#..#\n\n###.\n#...\n#...\n###.\n"


@pytest.mark.parametrize("rule", ["hebb", "pseudo-inverse", "storkey"])
def test_solve_recalls_the_nearest_pattern(rule):
    """Below the capacity the answer is what comparing with each pattern gives, and feasible."""
    for seed in range(5):
        problem = PatternMemory.random(120, patterns=5, noise=0.2, rule=rule, seed=seed)
        result = ho.solve(problem, seed=0)
        (nearest,) = problem.baselines()
        assert nearest.exact
        assert result.answer == nearest.run(0, None)
        assert result.feasible
        assert result.value == problem.evaluate(result.answer).value
        overlaps = problem.patterns.spins.astype(int) @ problem.cue
        assert result.value == overlaps.max() / 120
        assert result.method == "asynchronous"
        assert result.status is ho.Status.CONVERGED
    other = ho.solve(problem, method="synchronous", seed=0)
    assert (other.method, other.feasible) == ("synchronous", True)


def test_what_is_no_memory_is_not_feasible():
    """An overloaded network ends in spurious states, and says so."""
    problem = PatternMemory.random(100, patterns=40, noise=0.4, seed=1)
    result = ho.solve(problem, seed=0)
    assert (result.answer, result.feasible, result.violations) == (
        "spurious",
        False,
        {"spurious": 1},
    )
    assert result.status is ho.Status.NO_FEASIBLE


def test_a_mixture_is_a_violation():
    """A mixture is the answer, its overlap with the cue the value, its name the violation."""
    patterns = np.random.default_rng(0).choice([-1, 1], (3, 201))
    mixture = np.sign(patterns.sum(axis=0))
    problem = PatternMemory(patterns, mixture)
    result = ho.solve(problem, seed=0)
    assert result.answer == "mixture of 0, 1, 2"
    assert dict(result.violations) == {"mixture of 0, 1, 2": 1.0}
    assert result.value == 1.0
    np.testing.assert_array_equal(problem.encode(result.answer)["spins"], mixture)


def test_a_cycle_is_a_violation():
    """All units at once go to and fro between two states: a 2-cycle."""
    problem = PatternMemory([[1, 1]], [1, -1])
    result = ho.solve(problem, method="synchronous", replicas=2, seed=0)
    assert (result.answer, result.feasible) == ("2-cycle", False)
    assert dict(result.violations) == {"2-cycle": 1.0}


def test_anti_memories_name_their_pattern():
    """From the negative of a pattern the end is its anti-memory, worth the pattern's overlap."""
    problem = PatternMemory(np.eye(4) > 0, [1, -1, 1, 1])
    assert problem.evaluate("anti-memory 1").value == problem.evaluate("memory 1").value == -1.0
    random = np.random.default_rng(2).choice([-1, 1], (3, 99))
    assert ho.solve(PatternMemory(random, -random[2]), seed=0).answer == "anti-memory 2"


def test_a_ground_state_proves_no_overlap():
    """Two memories of one energy: which of them the cue resembles, the energy does not know."""
    patterns = np.array([[1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, -1, -1, -1, -1]])
    for cue in (patterns[0], patterns[1], np.ones(8, int)):
        problem = PatternMemory(patterns, cue, rule="pseudo-inverse")
        result = ho.solve(problem, method="exhaustive", seed=0)
        assert result.bound is None
        assert result.status in (ho.Status.CONVERGED, ho.Status.NO_FEASIBLE)


def test_encode_decode_and_evaluate():
    """A label and its state lead to each other; what is no label is refused."""
    problem = PatternMemory.random(60, patterns=3, seed=4)
    for label in ("memory 0", "anti-memory 2", "mixture of 0, 1, 2"):
        assert problem.decode(problem.encode(label)) == label
    assert problem.decode({"spins": problem.cue}) == "not converged"
    np.testing.assert_array_equal(problem.encode(problem.start)["spins"], problem.cue)
    assert problem.evaluate("not converged").violations == {"not converged": 2.0}
    for answer in ("memory 3", "nothing", 5):
        with pytest.raises(InputError):
            problem.evaluate(answer)
    with pytest.raises(InputError, match="label"):
        problem.encode("spurious")


def test_files(tmp_path):
    """Patterns and cue come from text blocks or arrays; a missing cue is named."""
    (tmp_path / "letters").write_text(LETTERS)
    (tmp_path / "cue.patterns").write_text("####\n#..#\n###.\n#..#\n")
    problem = PatternMemory.read(tmp_path / "letters", cue=tmp_path / "cue.patterns")
    assert problem.patterns.shape == (4, 4)
    assert ho.solve(problem, seed=0).answer == "memory 0"
    problem.write(tmp_path / "letters.npy")
    np.save(tmp_path / "cue.npy", problem.cue.reshape(4, 4))
    again = PatternMemory.read(tmp_path / "letters.npy", cue=tmp_path / "cue.npy", rule="storkey")
    np.testing.assert_array_equal(again.patterns.spins, problem.patterns.spins)
    np.testing.assert_array_equal(again.cue, problem.cue)
    with pytest.raises(InputError, match="--set cue=FILE"):
        PatternMemory.read(tmp_path / "letters")
    with pytest.raises(InputError, match="cue must be one, got 2"):
        PatternMemory.read(tmp_path / "letters", cue=tmp_path / "letters")
    (tmp_path / "bad").write_text("#.\n#?\n")
    with pytest.raises(ReadError, match="bad:2"):
        PatternMemory.read(tmp_path / "bad", cue=tmp_path / "cue.npy")


def test_command_line(tmp_path, capsys):
    """`solve memory FILE --set cue=FILE --set rule=storkey` prints the label and draws it."""
    (tmp_path / "letters").write_text(LETTERS)
    (tmp_path / "cue").write_text("####\n#..#\n###.\n#..#\n")
    words = ["solve", "memory", str(tmp_path / "letters"), "--set", f"cue={tmp_path / 'cue'}"]
    picture = tmp_path / "recall.png"
    more = ["--set", "rule=storkey", "--seed", "1", "--json", "--plot", str(picture)]
    assert main(words + more) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["answer"], found["value"], found["method"]) == ("memory 0", 0.875, "asynchronous")
    assert picture.stat().st_size > 1000
    assert main([*words, "--set", "rule=storkex"]) == 2
    assert "Did you mean 'storkey'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cue": [1, -1]}, "cue must have 4 values"),
        ({"cue": np.ones((2, 4))}, "cue must be one"),
        ({"patterns": []}, "at least one pattern"),
        ({"rule": "hebbs"}, "Did you mean 'hebb'"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    """Every argument that cannot be used is named."""
    arguments = {"patterns": [[1, 1, -1, 1]], "cue": [1, 1, 1, 1], **change}
    with pytest.raises(InputError, match=message):
        PatternMemory(**arguments)
    with pytest.raises(InputError, match="noise"):
        PatternMemory.random(10, noise=2.0)
