"""The same seed and sweeps give the same answers, from one state of the package to the next."""

import pytest

from . import runs


@pytest.mark.parametrize(("problem", "method"), list(runs.runs()))
def test_the_same_seed_and_sweeps_give_the_same_answers(problem: str, method: str) -> None:
    """A run ends in the states that it ended in when the table was written."""
    assert runs.end(problem, method) == runs.table()[f"{problem}, {method}"]


def test_the_table_holds_the_runs_and_nothing_else() -> None:
    """What is no run any more has no line."""
    assert list(runs.table()) == [f"{problem}, {method}" for problem, method in runs.runs()]
