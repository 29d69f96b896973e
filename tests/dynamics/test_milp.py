"""Branch and cut: the lowest state, what is taken as proven, and a solver that waits."""

import copy
import gc
import itertools
import pickle
import threading
import time

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.dynamics.milp import Milp
from hopfield_opt.errors import InputError
from hopfield_opt.groups import Linear
from hopfield_opt.moves.integer_program import MOST_PRODUCTS, IntegerProgram
from tests.bounds.random_models import best_value, random_model
from tests.dynamics.test_exhaustive import network, optimum


def begun(hamiltonian, tolerance=0.0):
    """Return a search that has not looked up yet."""
    start = np.ones((1, hamiltonian.num_spins), np.int8)
    return Milp(tolerance).init(hamiltonian, start, np.random.SeedSequence(0))


def through(hamiltonian, tolerance=0.0):
    """Return the end of a search."""
    state, rule = begun(hamiltonian, tolerance), Milp(tolerance)
    while not state.converged:
        state = rule.advance(state, 5, 5)
    return rule.finish(state)


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_the_lowest_state_is_found_and_bounded(seed):
    """Whatever the groups, the end has the least energy, which is its bound; or there is none."""
    hamiltonian = network(seed)
    best, _ = optimum(hamiltonian)
    end = through(hamiltonian)
    if best == np.inf:
        assert end.closed == "infeasible"
        assert end.best is None
        return
    assert end.energies[0] == pytest.approx(best, abs=1e-9)
    assert end.bound <= best + 1e-9
    assert end.proven
    assert end.bound == best


def check_models(seed, count):
    """Solve random models; return how often each status came."""
    rng, seen = np.random.default_rng(seed), []
    for _ in range(count):
        model = random_model(rng)
        try:
            result = ho.solve(model, method="milp", seed=0)
        except InputError:  # products in rules with real coefficients have no penalty
            continue
        best = best_value(model)
        seen.append(result.status.name)
        shown = f"{model}\n{result}\nbest {best}"
        if seen[-1] == "OPTIMAL":
            assert result.value == pytest.approx(best, rel=1e-9, abs=1e-9), shown
        if seen[-1] == "INFEASIBLE":
            assert best is None, shown
        if result.bound is not None and best is not None:
            beyond = (result.bound - best) * (1 if result.sense == "minimize" else -1)
            assert beyond <= 1e-9 * max(1.0, abs(best)), shown
    return seen


def test_what_is_claimed_of_a_model_is_so():
    """OPTIMAL, INFEASIBLE and bounds hold against enumeration."""
    seen = check_models(3, 24)
    assert seen.count("OPTIMAL") > 10


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_what_is_claimed_of_many_models_is_so(seed):
    """The same of hundreds of models."""
    check_models(100 + seed, 250)


def test_a_state_goes_on_as_it_was_however_it_was_carried():
    """Looks are counted: a copy by pickle has seen the same."""
    hamiltonian = network(1, 12)
    rule, state = Milp(), begun(hamiltonian)
    state = rule.advance(state, 1, 9)
    while state.waiting:
        state = rule.advance(state, 1, 9)
    other = pickle.loads(pickle.dumps(state))
    assert other.sweeps == state.sweeps
    assert np.array_equal(other.states(), state.states())
    assert copy.copy(state).sweeps == state.sweeps


def hard(size=120, rows=20, seed=0):
    """Return a model that takes long: a knapsack of many rows, random costs."""
    rng = np.random.default_rng(seed)
    model = ho.Model()
    x = model.binary(size, name="x")
    weights = rng.integers(1, 100, (rows, size))
    model.maximize((x * (weights.sum(axis=0) // rows + rng.integers(0, 9, size))).sum())
    model.add(weights @ x <= weights.sum(axis=1) // 3)
    return model


def solvers():
    """Return the threads in which programs are solved."""
    return [one for one in threading.enumerate() if one.name == "branch and cut"]


def test_a_limit_ends_it_with_the_best_so_far_and_a_bound():
    """The bound closes while the best rises, and the trace has both."""
    result = ho.solve(hard(), method="milp", time_limit=1, seed=0)
    assert result.status is ho.Status.TIME_LIMIT
    assert result.feasible
    assert result.seconds["total"] < 1.3
    assert result.value < result.bound
    assert result.bound_by == "milp"
    assert "by milp" in str(result)
    assert len(result.trace.bound) > 1
    assert (np.diff(result.trace.bound) < 0).all()
    assert result.trace.bound[-1] == result.bound


def test_looks_are_a_budget_that_repeats_a_run():
    """The same number of sweeps gives the same answer and the same bound."""
    one, other = (ho.solve(hard(), method="milp", sweeps=9, seed=0) for _ in range(2))
    assert (one.sweeps, one.value, one.bound) == (9, other.value, other.bound)
    assert one.status is ho.Status.SWEEP_LIMIT
    assert not one.reason.count("beside")


def test_a_search_that_nobody_holds_any_more_ends():
    """Its thread does not wait for ever."""
    state = begun(ho.compile(hard()).hamiltonian)
    assert solvers()
    del state
    gc.collect()
    until = time.monotonic() + 20
    while solvers() and time.monotonic() < until:
        time.sleep(0.02)
    assert not solvers()


def test_a_callback_stops_it():
    """The best so far is returned as soon as the callback is content."""
    result = ho.solve(hard(), method="milp", seed=0, callback=lambda found: found.feasible)
    assert result.status is ho.Status.STOPPED
    assert result.feasible


def test_all_rows_are_kept_where_moves_keep_few():
    """An equality of large numbers becomes a row, not a penalty with products."""
    model = ho.Model()
    x = model.binary(8, name="x")
    numbers = [1013, 977, 845, 611, 402, 1201, 333, 790]
    model.minimize(x.sum())
    model.add((x * numbers).sum() == 1013 + 611 + 790, name="sum")
    result = ho.solve(model, method="milp", seed=0)
    assert (result.status, result.value) == (ho.Status.OPTIMAL, 3)
    assert result.num_spins == 8


def spread(size):
    """Return a program whose one row has coefficients next to each other of a size."""
    group = Linear([0, 1, 2, 3], [size + 7, size + 9, size + 7, size + 9], 1, 2 * size)
    return IntegerProgram.of(ho.Hamiltonian(None, [-3, 2, -1, 1], groups=[group]))


def test_what_the_tolerance_does_not_tell_apart_proves_nothing():
    """With sums of 10^2 the usual tolerance will do, with 10^6 a finer one, with 10^9 none."""
    assert [spread(size).is_safe for size in (1e2, 1e6, 1e9)] == [True, True, False]
    assert spread(1e6).tolerance < spread(1e2).tolerance
    model = ho.Model()
    x = model.binary(4, name="x")
    model.minimize((x * [-3, 2, -1, 1]).sum())
    model.add((x * [1e9 + 7, 1e9 + 9, -1e9 - 7, -1e9 - 9]).sum() == 0)
    result = ho.solve(model, method="milp", seed=0)
    assert result.value == -4
    assert (result.status, result.bound) == (ho.Status.CONVERGED, None)


def test_real_costs_have_a_bound_and_no_proof():
    """Two answers may differ by less than the solver sees."""
    model = ho.Model()
    x = model.binary(6, name="x")
    model.minimize((x * np.sqrt([2, 3, 5, 7, 11, 13])).sum())
    model.add((x * [3, 5, 7, 2, 4, 6]).sum() >= 11)
    result = ho.solve(model, method="milp", seed=0)
    assert result.status is ho.Status.CONVERGED
    assert 0 < result.gap < 1e-5


def test_energies_that_may_be_off_by_more_than_a_unit_prove_nothing():
    """What rounding leaves open stays open."""
    hamiltonian = network(1)
    assert through(hamiltonian).proven
    assert not through(hamiltonian, tolerance=0.6).proven


def test_too_many_products_are_refused():
    """They would make a program that nothing solves."""
    size = int(np.sqrt(2 * MOST_PRODUCTS)) + 10
    dense = ho.Hamiltonian(np.ones((size, size)) - np.eye(size))
    with pytest.raises(InputError, match="at most 20000 couplings for milp"):
        ho.solve(dense, method="milp")


def test_what_there_is_no_answer_to_is_proven():
    """Three odd circles that exclude each other: no pass of the compiler sees it."""
    model = ho.Model()
    x = model.binary(5, name="x")
    model.minimize(x.sum())
    for i in range(5):
        model.add(x[i] + x[(i + 1) % 5] == 1)
    for structure in ("auto", "all"):
        result = ho.solve(model, method="milp", structure=structure, seed=0)
        assert result.status is ho.Status.INFEASIBLE
    large = ho.Model()
    y = large.binary((4, 3), name="y")
    large.minimize(y.sum())
    for one, other in itertools.combinations(range(4), 2):
        large.add(y[one] + y[other] <= 1)
    large.add(y.sum(axis=1) == 1)
    assert ho.solve(large, method="milp", seed=0).status is ho.Status.INFEASIBLE


@pytest.mark.parametrize("seed", range(25))
def test_frustrated_cycles_cut_off_no_state(seed):
    """With fields and without, the lowest state of a network of few couplings is found."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(3, 9))
    weights = np.triu(rng.integers(-3, 4, (size, size)) * (rng.random((size, size)) < 0.7), 1)
    pulls = None if seed % 3 == 0 else rng.integers(-2, 3, size)
    hamiltonian = ho.Hamiltonian(weights + weights.T, pulls)
    end = through(hamiltonian)
    assert end.energies[0] == optimum(hamiltonian)[0]
    assert end.proven


def test_a_spin_glass_on_a_torus_is_solved_at_once():
    """The cycles alone close it: without them it takes thousands of nodes."""
    torus = nx.convert_node_labels_to_integers(nx.grid_2d_graph(8, 8, periodic=True))
    draws = np.rint(1000 * np.random.default_rng(0).normal(size=128))
    matrix = np.zeros((64, 64))
    for (i, j), draw in zip(torus.edges, draws, strict=True):
        matrix[i, j] = matrix[j, i] = draw
    result = ho.solve(ho.Hamiltonian(matrix), method="milp", seed=0, time_limit=20)
    assert result.status is ho.Status.OPTIMAL
    assert result.sweeps < 50
