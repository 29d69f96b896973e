"""The bound that goes with a call of `solve`: what it fills, and when it ends the run."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.errors import InputError

COVER = ho.problems.SetCover.random(60, 40, seed=2)
OPTIONS = {"sweeps": 100, "seed": 0, "progress": False}


def test_a_search_ends_when_it_reaches_the_bound():
    """The gap closes, with a certificate that anybody can verify."""
    result = ho.solve(COVER, bound="strong", seed=0, sweeps=2000)
    assert result.status is ho.Status.OPTIMAL
    assert (result.gap, result.bound) == (0.0, result.value)
    assert result.certificate.verify(COVER) == result.value
    assert "by a linear program" in str(result)


def test_the_bound_of_a_search_that_is_not_at_it_is_on_the_right_side():
    """The gap says how far."""
    graph = ho.problems.MaxCut.random(60, 0.2, seed=1)
    result = ho.solve(graph, bound="strong", **OPTIONS)
    assert result.bound > result.value
    assert result.gap == pytest.approx(1 - result.value / result.bound)
    assert result.status is ho.Status.SWEEP_LIMIT


@pytest.mark.parametrize("problem", [COVER, ho.problems.Knapsack.random(40, 2, seed=1)])
def test_the_answer_does_not_depend_on_the_bound(problem):
    """It may only end the run."""
    with_bound = ho.solve(problem, bound="strong", **OPTIONS)
    without = ho.solve(problem, bound="none", **OPTIONS)
    assert with_bound.answer == without.answer
    assert with_bound.value == without.value
    assert (without.bound, without.certificate) == (None, None)


def test_a_problem_that_does_not_say_so_is_not_bounded_by_its_model():
    """A square of a value is no bound on the value."""
    result = ho.solve(ho.problems.NumberPartition.random(40, 1000, seed=1), **OPTIONS)
    assert (result.bound, result.certificate) == (None, None)


def test_networks_have_bounds():
    """The energy of a network is its value."""
    rng = np.random.default_rng(0)
    weights = np.triu(rng.normal(size=(40, 40)), 1)
    network = ho.Hamiltonian(weights + weights.T, rng.normal(size=40))
    result = ho.solve(network, bound="strong", **OPTIONS)
    assert result.bound <= result.value
    assert result.certificate.verify(network) == result.bound


def test_a_bound_is_known_where_no_answer_was_found():
    """It is shown without a gap."""
    model = ho.Model()
    x = model.binary(40, name="x")
    model.minimize((x * np.arange(40)).sum())
    model.add((x * np.arange(1, 41)).sum() == 811, penalty=1e-6, keep=False)
    result = ho.solve(model, bound="strong", method="asynchronous", sweeps=1, replicas=1, seed=0)
    assert not result.feasible
    assert (result.bound is not None, result.gap) == (True, None)
    assert "gap" not in str(result)


@pytest.mark.parametrize("bound", ["weak", True, 3, None])
def test_other_efforts_are_refused(bound):
    """The message names those that there are."""
    with pytest.raises(InputError, match="bound must be"):
        ho.solve(COVER, bound=bound)


def test_large_networks_are_searched_instead() -> None:
    """Where reading a network in exact numbers would take the time, the search has it."""
    size = 1400
    network = ho.Hamiltonian(np.triu(np.ones((size, size)), 1) + np.tril(np.ones((size, size)), -1))
    result = ho.solve(network, method="simulated-annealing", time_limit=4.0, seed=0)
    assert result.bound is None
    assert result.sweeps > 0
