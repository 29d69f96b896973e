"""The picture of a gap that closes."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.errors import InputError


def test_value_and_bound_are_steps_to_the_end():
    """Both curves end where the run ended, at the value and at the bound."""
    cover = ho.problems.SetCover.random(60, 40, seed=2)
    result = ho.solve(cover, sweeps=50, seed=0)
    axes = ho.plot.gap(result)
    value, bound = axes.lines
    assert (value.get_ydata()[-1], bound.get_ydata()[-1]) == (result.value, result.bound)
    assert value.get_xdata()[-1] == bound.get_xdata()[-1] == result.seconds["total"]
    assert (np.diff(value.get_ydata()) <= 0).all()
    assert axes.get_title() == f"gap {result.gap:.2%}"


def test_without_a_bound_there_is_one_curve():
    """The title says that the gap is not known."""
    result = ho.solve(ho.problems.MaxCut.random(30, seed=1), sweeps=5, seed=0, bound="none")
    axes = ho.plot.gap(result)
    assert [line.get_label() for line in axes.lines] == ["value"]
    assert axes.get_title() == "gap unknown"


def test_what_run_recorded_has_no_gap():
    """It is told what draws it."""
    ring = ho.Hamiltonian(np.roll(np.eye(6), 1, 0) + np.roll(np.eye(6), -1, 0))
    with pytest.raises(InputError, match="result must come from solve"):
        ho.plot.gap(ho.run(ring, "asynchronous", seed=0))
