"""The whole way of one call: budget, outcome, randomness, Ctrl-C."""

import contextlib
import itertools
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.dynamics import TabuSearch
from hopfield_opt.errors import HopfieldWarning, InputError
from hopfield_opt.problems import MaxCut
from hopfield_opt.result import Status

# A random graph whose best cut is not found at once: long runs stay long.
HARD = MaxCut.random(400, p=0.05, seed=3)


def brute_force_cut(graph):
    """Return the largest cut by trying every side of every node but the first."""
    nodes = list(graph)
    best = 0.0
    for sides in itertools.product((0, 1), repeat=max(0, len(nodes) - 1)):
        side = dict(zip(nodes, (0, *sides), strict=True))
        cut = sum(w for u, v, w in graph.edges(data="weight", default=1) if side[u] != side[v])
        best = max(best, cut)
    return best


@st.composite
def graphs(draw):
    """Draw a small graph with integer weights of both signs."""
    size = draw(st.integers(1, 9))
    pairs = list(itertools.combinations(range(size), 2))
    edges = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    graph = nx.empty_graph(size)
    for u, v in edges:
        graph.add_edge(u, v, weight=draw(st.integers(-5, 5)))
    return graph


@given(graphs(), st.integers(0, 2**32 - 1))
def test_answer_is_the_brute_force_optimum(graph, seed):
    """On every small graph the default finds the largest cut, and says its true value."""
    result = ho.solve(MaxCut(graph), seed=seed, sweeps=100, replicas=20, n_jobs=1)
    left, right = result.answer
    assert left | right == set(graph)
    assert not left & right
    recounted = sum(
        w for u, v, w in graph.edges(data="weight", default=1) if (u in left) != (v in left)
    )
    assert result.value == recounted == brute_force_cut(graph) == -result.energy
    assert result.feasible


@given(st.integers(0, 2**32 - 1))
def test_reported_energies_are_those_of_the_states(seed):
    """The energies of all replicas equal the recomputed ones exactly."""
    problem = MaxCut.random(30, p=0.3, seed=seed)
    result = ho.solve(problem, seed=seed, sweeps=20, replicas=70)
    hamiltonian = ho.compile(problem).hamiltonian
    assert result.states.shape == (70, hamiltonian.num_spins)
    assert np.array_equal(hamiltonian.energy(result.states), result.energies)
    assert hamiltonian.energy(result.state) == result.energy
    # annealers end with a descent: no single flip helps
    assert (hamiltonian.flip_energy(result.states) >= 0).all()


def test_the_last_descent_is_looked_at():
    """The best is as low as the lowest end, though that is only met after the last sweep."""
    for seed in range(5):
        result = ho.solve(HARD, method="simulated-annealing", seed=seed, sweeps=1, replicas=70)
        assert result.energy <= result.energies.min()


@pytest.mark.parametrize("size", [9, 10, 20])
def test_every_read_of_a_ring_ends_in_the_ground_state(size):
    """The trap of sequential Metropolis sweeps: rings, even ones above all."""
    result = ho.solve(MaxCut(nx.cycle_graph(size)), seed=1)
    assert (result.energies == -(size - size % 2)).all()


def test_same_seed_same_answer_for_any_number_of_threads():
    """Threads share out the groups of replicas and change nothing else."""
    runs = [ho.solve(HARD, seed=5, sweeps=30, replicas=192, n_jobs=jobs) for jobs in (1, 2, 3)]
    for run in runs[1:]:
        assert np.array_equal(run.states, runs[0].states)
        assert run.answer == runs[0].answer
    other = ho.solve(HARD, seed=6, sweeps=30, replicas=192)
    assert not np.array_equal(other.states, runs[0].states)


def test_same_seed_same_answer_for_any_block_size(monkeypatch):
    """How often the clock is looked at does not change what happens."""
    whole = ho.solve(HARD, seed=5, sweeps=40, n_jobs=1)
    monkeypatch.setattr("hopfield_opt.driver.clock.Pace.BLOCK_SECONDS", 0.0)
    single = ho.solve(HARD, seed=5, sweeps=40, n_jobs=1)
    assert np.array_equal(whole.states, single.states)
    assert whole.value == single.value


def test_scaled_couplings_give_the_same_trajectory():
    """All temperatures follow the couplings: nothing depends on the unit of energy."""
    hamiltonian = ho.compile(HARD).hamiltonian
    runs = [ho.solve(hamiltonian.scaled(c), seed=2, sweeps=25) for c in (1.0, 3.0, 1e-12, 2.0**40)]
    for run in runs[1:]:
        assert np.array_equal(run.states, runs[0].states)


def test_time_limit_is_filled_and_ends_the_run():
    """A run with a time limit goes on until then, and ends (how exactly is no test's matter)."""
    result = ho.solve(HARD, seed=0, time_limit=0.5)
    assert result.status is Status.TIME_LIMIT
    assert 0.25 < result.seconds["total"] < 5.0
    assert result.sweeps > 10


def test_smallest_time_limit_still_gives_a_complete_result():
    """However short the time, there is an answer, and it is a local minimum."""
    result = ho.solve(HARD, seed=0, time_limit=1e-9)
    assert result.feasible
    assert (ho.compile(HARD).hamiltonian.flip_energy(result.states) >= 0).all()


def test_first_limit_reached_ends_the_run():
    """With both limits the run ends with whichever comes first."""
    assert ho.solve(HARD, seed=0, sweeps=5, time_limit=60).status is Status.SWEEP_LIMIT
    result = ho.solve(HARD, seed=0, sweeps=10**9, time_limit=0.3)
    assert result.status is Status.TIME_LIMIT
    assert result.sweeps < 10**9


def test_seed_is_drawn_and_stored():
    """Without a seed one is drawn; the result carries it and it repeats the run."""
    first = ho.solve(HARD, sweeps=10)
    again = ho.solve(HARD, sweeps=10, seed=first.seed)
    assert np.array_equal(first.states, again.states)


def test_target_ends_the_run_in_the_users_sense():
    """A target below the optimum is reached and ends the run."""
    result = ho.solve(HARD, seed=0, target=2000, time_limit=30)
    assert result.status is Status.TARGET
    assert result.value >= 2000
    assert result.seconds["total"] < 20


def test_callback_sees_improvements_and_can_stop():
    """Each incumbent is better than the last; a true return stops the run."""
    seen = []
    result = ho.solve(
        HARD,
        seed=0,
        time_limit=30,
        callback=lambda incumbent: seen.append(incumbent) or len(seen) == 2,
    )
    assert result.status is Status.STOPPED
    values = [incumbent.value for incumbent in seen]
    assert values == sorted(set(values))
    assert len(values) == 2
    assert HARD.evaluate(seen[-1].answer()).value == values[-1]
    assert result.value >= values[-1]


def test_exception_in_a_callback_loses_nothing():
    """The error that leaves solve carries the result so far."""

    def fail(incumbent):
        if incumbent.sweeps > 0:
            raise RuntimeError("plotting failed")

    with pytest.raises(RuntimeError, match="plotting failed") as caught:
        ho.solve(HARD, seed=0, time_limit=30, callback=fail)
    assert caught.value.result.feasible
    assert caught.value.result.value > 0


def test_ctrl_c_returns_the_best_so_far(ctrl_c):
    """The first Ctrl-C ends the run in order, in a local minimum."""
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    result = ho.solve(HARD, seed=0, time_limit=60)
    assert result.status is Status.INTERRUPTED
    assert result.seconds["total"] < 30
    assert (ho.compile(HARD).hamiltonian.flip_energy(result.states) >= 0).all()


class Polishing(ho.problems.MaxCut):
    """A cut whose local search presses Ctrl-C so many times."""

    presses = 1

    def polish(self, answer, seed, deadline):
        """Press."""
        for _ in range(self.presses):
            with contextlib.suppress(KeyboardInterrupt if self.presses > 1 else ()):
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(1)
        raise KeyboardInterrupt


def test_ctrl_c_in_the_local_search_at_the_end_loses_nothing(ctrl_c):
    """What looks at no flag is broken off, and the best so far is returned."""
    result = ho.solve(Polishing(HARD.graph), seed=0, sweeps=20)
    assert result.status is Status.INTERRUPTED
    assert result.value == HARD.evaluate(result.answer).value > 0


def test_ctrl_c_twice_leaves_solve(ctrl_c, monkeypatch):
    """Who presses twice wants no answer."""
    monkeypatch.setattr(Polishing, "presses", 2)
    with pytest.raises(KeyboardInterrupt):
        ho.solve(Polishing(HARD.graph), seed=0, sweeps=20)


def test_an_interrupted_search_is_not_polished(ctrl_c, monkeypatch):
    """After Ctrl-C nothing new is begun, whatever time the limit leaves."""
    monkeypatch.setattr(Polishing, "polish", lambda *_: pytest.fail("it was polished"))
    press = lambda incumbent: os.kill(os.getpid(), signal.SIGINT)  # noqa: E731
    once = iter([press])
    result = ho.solve(
        Polishing(HARD.graph), seed=0, time_limit=60, callback=lambda i: next(once, id)(i) and None
    )
    assert result.status is Status.INTERRUPTED


def test_result_is_never_worse_than_the_start():
    """The user's start is the first incumbent."""
    good = ho.solve(HARD, seed=0, sweeps=200).answer
    again = ho.solve(HARD, seed=1, sweeps=1, replicas=1, start=good)
    assert again.value >= HARD.evaluate(good).value


@pytest.mark.parametrize("method", sorted(ho.dynamics.available().keys() - {"separable"}))
def test_no_method_loses_the_start(method):
    """A start that is the optimum is what comes back, wherever the dynamics went from it."""
    size = 12 if method == "exhaustive" else 40
    problem = MaxCut.random(size, p=0.4, weights="normal", seed=2)
    best = ho.solve(problem, seed=0)
    kept = ho.solve(problem, method=method, start=best.answer, sweeps=1, replicas=1, seed=1)
    assert kept.value == best.value


def test_hamiltonian_is_its_own_problem():
    """For a Hamiltonian the answer is the state and the value is its energy."""
    hamiltonian = ho.Hamiltonian([[0, 1], [1, 0]], thresholds=[0.5, 0], offset=3)
    result = ho.solve(hamiltonian, seed=0)
    assert result.answer.tolist() == [-1, -1]
    assert result.value == result.energy == 1.5
    assert result.sense == "minimize"


@pytest.mark.parametrize("order", ["random", "sequential", "steepest"])
def test_asynchronous_descent_converges_to_local_minima(order):
    """Every order ends where no single flip lowers the energy in any group of replicas."""
    result = ho.solve(HARD, method=ho.dynamics.Asynchronous(order), seed=0, replicas=640)
    assert result.status is Status.CONVERGED
    assert (ho.compile(HARD).hamiltonian.flip_energy(result.states) >= 0).all()


@pytest.mark.parametrize("edges", [[], [("a", "a")], [("a", "b")]])
def test_degenerate_graphs_have_an_answer(edges):
    """No edge, a self-loop alone, one edge: the answer is defined."""
    graph = nx.Graph()
    graph.add_nodes_from(["a", "b"])
    graph.add_edges_from(edges)
    if edges == [("a", "a")]:
        with pytest.warns(HopfieldWarning, match="self-loop"):
            problem = MaxCut(graph)
    else:
        problem = MaxCut(graph)
    assert ho.solve(problem, seed=0).value == (1 if edges == [("a", "b")] else 0)


def test_empty_graph_has_an_answer():
    """No node at all is two empty sides."""
    result = ho.solve(MaxCut(nx.Graph()), seed=0)
    assert result.answer == (set(), set())
    assert result.value == 0


@pytest.mark.parametrize(
    "options, message",
    [
        ({"time_limit": 0}, "time_limit must be a positive"),
        ({"time_limit": float("nan")}, "time_limit must be a positive"),
        ({"time_limit": "2"}, "time_limit must be a positive"),
        ({"sweeps": 0}, "sweeps must be a positive"),
        ({"replicas": 2.5}, "replicas must be a positive"),
        ({"n_jobs": -1}, "n_jobs must be a positive"),
        ({"seed": -3}, "seed must be a non-negative"),
        ({"seed": "x"}, "seed must be a non-negative"),
        ({"method": "simulated-anealing"}, "Did you mean 'simulated-annealing'"),
        ({"start": [1, 2]}, "start must"),
        ({"method": 3}, "method must be"),
        ({"method": None}, "method must be"),
        ({"method": TabuSearch}, r"got the class TabuSearch. Make one with TabuSearch\(\)"),
        ({"time_limit": True}, "time_limit must be a positive"),
        ({"time_limit": np.bool_(True)}, "time_limit must be a positive"),
        ({"time_limit": 10**400}, "time_limit must be a positive"),
        ({"time_limit": [1.0]}, "time_limit must be a positive"),
        ({"sweeps": True}, "sweeps must be a positive integer, got True"),
        ({"sweeps": 10**30}, "sweeps must be at most"),
        ({"sweeps": "5"}, "sweeps must be a positive"),
        ({"replicas": True}, "replicas must be a positive"),
        ({"replicas": np.bool_(True)}, "replicas must be a positive"),
        ({"n_jobs": True}, "n_jobs must be a positive"),
        ({"n_jobs": "2"}, "n_jobs must be a positive"),
        ({"target": "5"}, "target must be a number, got '5'"),
        ({"target": float("nan")}, "target must be finite, got nan"),
        ({"target": True}, "target must be a number"),
        ({"target": [5]}, "target must be a number"),
        ({"target": 1j}, "target must be a number"),
        ({"seed": True}, "seed must be a non-negative"),
        ({"seed": -(10**5000)}, "seed must be a non-negative"),
        ({"callback": 5}, "callback must be a function of one argument, the incumbent, got 5"),
        ({"callback": [print]}, "callback must be a function"),
        ({"progress": "no"}, "progress must be True or False"),
        ({"progress": 2}, "progress must be True or False"),
        ({"polish": "no"}, "polish must be True or False"),
        ({"polish": None}, "polish must be True or False"),
        ({"executor": ThreadPoolExecutor}, "Executor, got the class ThreadPoolExecutor"),
        ({"executor": 4}, "Executor, got int"),
        ({"penalty": None}, "penalty must be"),
        ({"penalty": True}, "penalty must be"),
        ({"penalty": [1]}, "penalty must be"),
        ({"start": "abc"}, "start must"),
        ({"start": [[1, -1], [1]]}, "start must"),
        ({"start": [True, True, True]}, "start must be 3 spins of -1 and"),
        ({"start": np.ma.masked_array([1, -1, 1], [0, 1, 0])}, "start must"),
        ({"start": ["1", "-1", "1"]}, "start must"),
        ({"start": {"x": [1, -1, 1]}}, "assignment must be"),
    ],
)
def test_bad_options_are_named(options, message):
    """An option that cannot be used is named with its value."""
    hamiltonian = ho.Hamiltonian(np.zeros((3, 3)))
    with pytest.raises(InputError, match=message) as caught:
        ho.solve(hamiltonian, **options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", [np.int8, np.int64, np.float32, np.array, Fraction])
def test_numbers_of_every_kind_are_numbers(kind):
    """A limit and a target may come from anywhere, counts from any integer."""
    options = {"sweeps": kind(3), "replicas": kind(2)} if issubclass_of_int(kind) else {"sweeps": 3}
    result = ho.solve(HARD, time_limit=kind(60), target=kind(100), seed=0, **options)
    assert result.status is Status.TARGET


def issubclass_of_int(kind):
    """Return whether it makes integers of numpy."""
    return isinstance(kind, type) and issubclass(kind, np.integer)


def test_subject_of_no_kind_is_an_error():
    """Anything that is no problem, model or network is refused by type."""
    with pytest.raises(InputError, match="got int"):
        ho.solve(3)


@pytest.mark.parametrize(
    ("subject", "hint"),
    [
        (nx.path_graph(3), r"problems\.MaxCut\(graph\)"),
        (np.eye(3), r"problems\.MaxCut\(graph\)"),
        (ho.Network(np.eye(3)), "no energy"),
        (MaxCut, r"MaxCut\(\.\.\.\)"),
    ],
)
def test_subject_that_is_nearly_right_is_told_what_to_do(subject, hint):
    """A graph, a matrix, a network without energy and a class each get their own hint."""
    with pytest.raises(InputError, match=hint):
        ho.solve(subject)


def test_adaptive_penalties_are_raised_until_the_answer_is_feasible():
    """Too light at first, the penalty of the violated constraint grows until it holds."""
    model = ho.Model()
    x = model.binary(6, name="x")
    model.maximize((x * [9, 8, 7, 6, 5, 4]).sum())
    model.add(x.sum() == 2, name="two")
    result = ho.solve(model, structure="penalty", penalty="adaptive", seed=0)
    assert result.feasible
    assert result.value == 17


@pytest.mark.parametrize(("penalty", "status"), [(0.1, "NO_FEASIBLE"), ("exact", "INFEASIBLE")])
def test_only_proven_penalties_prove_that_there_is_no_answer(penalty, status):
    """An exhaustive search under a penalty that may be too weak has looked at the wrong optimum."""
    model = ho.Model()
    x = model.binary(3, name="x")
    model.maximize(5 * x.sum())
    model.add(x[0] * x[1] * x[2] == 1, x.sum() <= 2, name="few")
    options = {"structure": "penalty", "penalty": penalty, "presolve": "off", "bound": "none"}
    result = ho.solve(model, method="exhaustive", seed=0, **options)
    assert (result.status.name, result.bound, result.num_variables) == (status, None, 3)


def test_only_a_proof_is_a_bound():
    """The best of a run that was not exhaustive has neither a bound nor a gap by itself."""
    square = MaxCut([(0, 1), (1, 2), (2, 3), (3, 0)])
    found = ho.solve(square, method="asynchronous", seed=0, bound="none")
    assert (found.status, found.bound, found.gap) == (Status.CONVERGED, None, None)
    proven = ho.solve(square, method="exhaustive", seed=0)
    assert (proven.status, proven.bound, proven.gap) == (Status.OPTIMAL, 4.0, 0.0)


@pytest.mark.parametrize("sweeps", [5, 6, 8, 30])
def test_what_comes_to_rest_in_the_last_block_has_converged(sweeps):
    """However the sweeps are cut into blocks: a warm kernel makes one block of all of them."""
    network = ho.Hamiltonian(np.ones((6, 6)) - np.eye(6))
    for _ in range(3):
        options = {"sweeps": sweeps, "replicas": 2, "seed": 0, "bound": "none"}
        result = ho.solve(network, method="asynchronous", **options)
        assert result.status is ho.Status.CONVERGED


@pytest.mark.parametrize("time_limit", [1e-4, 1e-3, 0.02])
def test_rows_without_a_proven_penalty_end_in_a_result(time_limit: float) -> None:
    """Where there is no time to find a start within ranges, penalties are raised as need be."""
    m = ho.Model()
    x = m.binary(3, name="x")
    m.maximize(x.sum())
    m.add((x * [np.pi, np.e, 2**0.5]).sum() <= 5, name="weights")
    result = ho.solve(m, time_limit=time_limit, seed=0)
    assert result.violations == m.evaluate(result.assignment).violations
    assert result.status is not Status.OPTIMAL or result.value == 2.0
