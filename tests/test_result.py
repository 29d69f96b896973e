"""What a result says, on paper, in a notebook and in JSON."""

import json

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.errors import InputError
from hopfield_opt.result import Candidate, Result, Status
from hopfield_opt.trace import Trace


class Judge:
    """Judge a state by the number of its spins that are up, whichever they are."""

    def __call__(self, state, energy):
        """Return the state with the number of +1 as its answer and its value."""
        number = int((state > 0).sum())
        return Candidate(state, energy, {}, frozenset([number]), float(number), {})

    def listed(self, answer):
        """Return a set as a sorted list."""
        return sorted(answer)


def result(**changes):
    """Return a result of two replicas, with changes."""
    states = np.array([[1, -1], [-1, -1]], dtype=np.int8)
    empty = np.empty(0)
    fields = {
        "status": Status.SWEEP_LIMIT,
        "best": Candidate(
            states[0], -2.0, {"x": np.zeros(3)}, {("b", 1), "a"} - {("b", 1)}, 1.0, {}
        ),
        "sense": "maximize",
        "bound": None,
        "states": states,
        "energies": np.array([-2.0, 0.0]),
        "trace": Trace(empty, empty.astype(np.int64), empty, empty),
        "seed": 7,
        "seconds": {"total": 0.25},
        "sweeps": 10,
        "method": "asynchronous",
        "reason": "as asked",
        "problem": "max-cut",
        "num_variables": 3,
        "num_spins": 2,
        "_judge": Judge(),
    }
    return Result(**{**fields, **changes})


@pytest.mark.parametrize(
    "bound, gap", [(None, None), (1.0, 0.0), (2.0, 0.5), (-1.0, 2.0), (0.0, 1.0)]
)
def test_gap_is_relative_to_the_larger_of_value_and_bound(bound, gap):
    """|value - bound| / max(|value|, |bound|), 0 when equal, None without a bound."""
    assert result(bound=bound).gap == gap


def test_gap_of_zero_and_zero_is_zero():
    """Value 0 with bound 0 is proven optimal, not 0/0."""
    best = Candidate(np.ones(1, np.int8), 0.0, {}, "a", 0.0, {})
    assert result(best=best, bound=0.0).gap == 0.0


def test_what_is_not_feasible_has_no_gap():
    """A bound says nothing about an answer that violates a constraint."""
    best = Candidate(np.ones(1, np.int8), 0.0, {}, "a", 1.0, {"rule": 1.0})
    assert result(best=best, bound=2.0).gap is None


def test_top_gives_distinct_answers_best_first():
    """The k best distinct answers among all ends, in the user's sense."""
    assert [candidate.value for candidate in result().top(5)] == [1.0, 0.0]
    mirrored = result(states=np.array([[-1, 1], [1, -1]], np.int8))
    assert [candidate.value for candidate in mirrored.top(5)] == [1.0]
    assert len(result().top(1)) == 1


def test_json_has_the_fields_that_scripts_count_on():
    """One object with the documented keys, sets in the user's order."""
    loaded = json.loads(result().to_json())
    keys = "problem method seed status value sense feasible violations feasibility_tolerance "
    assert list(loaded) == (keys + "bound gap energy num_variables seconds answer").split()
    assert loaded["answer"] == ["a"]
    assert loaded["status"] == "SWEEP_LIMIT"
    assert loaded["bound"] is None


def test_infeasible_result_has_no_answer():
    """Proven infeasibility is a result without value, state or answer."""
    proven = result(best=None, status=Status.INFEASIBLE)
    assert (proven.value, proven.answer, proven.state, proven.energy) == (None,) * 4
    assert not proven.feasible
    assert proven.top(3) == []
    assert "proven infeasible" in str(proven)
    assert json.loads(proven.to_json())["answer"] is None


def test_violations_are_named_in_the_table():
    """An infeasible answer says what it violates, and by how much."""
    best = Candidate(np.ones(2, np.int8), 0.0, {}, "a", 3.0, {"row 2": 1.5})
    assert "no: row 2 by 1.5" in str(result(best=best))


def test_notebook_table_escapes_what_it_shows():
    """Names from the user's data cannot become HTML."""
    best = Candidate(np.ones(2, np.int8), 0.0, {}, "a", 3.0, {"<b>": 1.0})
    assert "&lt;b&gt; by 1" in result(best=best)._repr_html_()


def test_solved_result_reads_well():
    """The table of a real run names value, status and method."""
    shown = str(ho.solve(ho.Hamiltonian([[0, 1], [1, 0]]), seed=0, sweeps=3))
    assert shown.startswith("Hamiltonian, 2 variables")
    assert "-1 (minimize)" in shown
    assert "exhaustive" in shown


def test_head_tells_variables_from_spins():
    """Where presolve or encodings changed the size, both sizes are named."""
    assert str(result()).startswith("max-cut, 3 variables (2 spins)")
    assert json.loads(result().to_json())["num_variables"] == 3


def test_compiling_kernels_is_said():
    """The seconds in which kernels were compiled are named apart."""
    assert "3.5 s to compile kernels" in str(result(seconds={"total": 0.1, "jit": 3.5}))


def test_top_lists_each_answer_once():
    """States that stand for one answer, such as a cut and its mirror image, are one."""
    path = ho.solve(ho.problems.MaxCut([("a", "b"), ("b", "c")]), seed=0)
    answers = [candidate.answer for candidate in path.top(10)]
    assert len(path.states) > len(answers) > 0
    assert all(answers.count(answer) == 1 for answer in answers)


@pytest.mark.parametrize("k", ["a", -1, 1.5, None, True])
def test_top_takes_a_number_of_answers(k):
    """Anything else is refused, also where there is no answer."""
    for one in (result(), result(best=None)):
        with pytest.raises(InputError, match="k must be"):
            one.top(k)
    assert result().top(0) == []
