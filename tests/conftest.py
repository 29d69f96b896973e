"""What all tests share: reproducible runs, no screen, child processes, Boltzmann's law."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from scipy import stats

import hopfield_opt as ho
from hopfield_opt import moves
from hopfield_opt.couplings import Factored, Kronecker
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot, Permutation
from hopfield_opt.moves import single
from hopfield_opt.physics.enumeration import all_energies, states_of

# no deadline: the first example of a test may compile a kernel; derandomized: the suite is the
# same in every run, so that a failure is the change's and not the day's
settings.register_profile("repo", deadline=None, derandomize=True)
settings.load_profile("repo")

# a shell that starts the tests in the background has them ignore Ctrl-C, and nohup a lost
# connection: tests that press them, and the processes they begin, would hear nothing
for _number, _handler in (
    (signal.SIGINT, signal.default_int_handler),
    (getattr(signal, "SIGHUP", None), signal.SIG_DFL),
):
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _handler)

os.environ["MPLBACKEND"] = "Agg"


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict[str, Any]:
    """Return what lets a child process in another folder import what this process imports."""
    path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    return {"cwd": tmp_path, "env": {**os.environ, "PYTHONPATH": path}, "text": True}


@contextlib.contextmanager
def _spending(least: float, most: float) -> Iterator[None]:
    wall, cpu = time.monotonic(), time.process_time()
    yield
    assert time.monotonic() - wall >= least
    # a busy machine lengthens what the clock shows, and not what this process computes
    assert time.process_time() - cpu < most


@pytest.fixture
def spending() -> Callable[[float, float], contextlib.AbstractContextManager[None]]:
    """Return a block that lasts at least `least` seconds and computes for less than `most`."""
    return _spending


@pytest.fixture
def ctrl_c():
    """Give SIGINT Python's own handler: a job in the background of a shell ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def symmetric(values):
    """Return symmetric weights from the upper triangle of values (n, n)."""
    upper = np.triu(values, 1)
    return upper + upper.T


def free(kind, size=7):
    """Return a network without groups: signs, integers or reals, or couplings kept as factors."""
    rng = np.random.default_rng(11)
    if kind == "factored":
        rows = 0.5 * rng.standard_normal((2, size))
        return ho.Hamiltonian([Factored(rows)], rng.standard_normal(size) / 2)
    if kind == "kronecker":
        left, right = symmetric(rng.standard_normal((2, 2))), symmetric(rng.standard_normal((4, 4)))
        term = Kronecker(left, right, np.arange(8).reshape(2, 4), 0.4)
        return ho.Hamiltonian([term], rng.standard_normal(8) / 2)
    draw = {
        "signs": lambda shape: rng.choice([-1.0, 0.0, 1.0], shape),
        "integers": lambda shape: rng.integers(-50, 50, shape) / 40,
        "reals": rng.standard_normal,
    }[kind]
    return ho.Hamiltonian(symmetric(draw((size, size))), draw((size,)) / 2, 0.25)


GROUPS = {
    "one-hot": (OneHot([0, 1, 2, 3]), OneHot([4, 5, 6])),
    "at-most-one": (AtMostOne([0, 1, 2, 3]), AtMostOne([4, 5])),
    "cardinality": (Cardinality(range(6), 2, 4),),
    "linear": (Linear(range(6), [1, 2, 3, 1, 2, 3], 3, 8),),
    "mixed": (OneHot([0, 1, 2]), Cardinality([3, 4, 5, 6], 2, 2)),
}


@cache
def grouped_network(kind):
    """Return a network with groups of a kind."""
    rng = np.random.default_rng(5)
    if kind in GROUPS:
        weights, thresholds = symmetric(rng.standard_normal((8, 8))), rng.standard_normal(8)
        return ho.Hamiltonian(weights, thresholds, groups=GROUPS[kind])
    block = np.arange(16).reshape(4, 4)
    right = rng.random((4, 4))
    left = symmetric(rng.random((4, 4))) if kind == "product" else np.roll(np.eye(4), 1, axis=0)
    thresholds = np.zeros(16) if kind == "chain" else rng.random(16)
    term = Kronecker(left, symmetric(right), block)
    return ho.Hamiltonian([term], thresholds, groups=[Permutation(block)])


def served_network(monkeypatch, kind, kernel):
    """Return a network without groups, served by a kernel."""
    network = free(kind)
    if kernel == "terms":
        monkeypatch.setattr(moves.base, "MOST_EXPANDED", 0)
    else:
        single.prepare(network, kernel=kernel)
    return network


@cache
def levels(network):
    """Return the energies of all states, infinite where a group does not hold."""
    energies = all_energies(network.to_dense(), network.thresholds)
    states = states_of(np.arange(2**network.num_spins), network.num_spins)
    for group in network.groups:
        energies[group.violation(states) > 0] = np.inf
    return energies


def law(network, beta):
    """Return the probabilities of all states."""
    energies = levels(network)
    weights = np.exp(-beta * (energies - energies.min()))
    return weights / weights.sum()


def p_value(network, beta, states):
    """Return how likely so large a deviation from Boltzmann's law is; 0 for a broken group."""
    size = network.num_spins
    order = states_of(2 ** np.arange(size), size) > 0  # which spin each bit of a code is
    places = np.where(order.sum(axis=0), order.argmax(axis=0), 0)
    counts = np.bincount((states > 0) @ (2**places), minlength=2**size)
    expected = law(network, beta) * len(states)
    if counts[expected == 0].any():
        return 0.0
    counts, expected = counts[expected > 0], expected[expected > 0]
    rare = expected < 5
    if rare.any():
        counts = np.append(counts[~rare], counts[rare].sum())
        expected = np.append(expected[~rare], expected[rare].sum())
    return float(stats.chisquare(counts, expected).pvalue)


def start(network, replicas, seed=3):
    """Return random states (R, N)."""
    draw = np.random.default_rng(seed).integers(0, 2, (replicas, network.num_spins))
    return (2 * draw - 1).astype(np.int8)


def samples(dynamics, network, replicas, looks, *, gap=24, seed=17):
    """Return states, and the temperature of each, at some looks after a burn-in."""
    state = dynamics.init(network, start(network, replicas), np.random.SeedSequence(seed))
    state = dynamics.advance(state, 64, 10**6)
    found, temperatures = [], []
    for _ in range(looks):
        state = dynamics.advance(state, gap, 10**6)
        found.append(state.states())
        temperatures.append(state.temperatures)
    return np.concatenate(found), np.concatenate(temperatures)


@pytest.fixture
def boltzmann():
    """Return the networks, and what compares samples of them with the law."""
    return SimpleNamespace(
        free=free,
        grouped_network=grouped_network,
        served_network=served_network,
        levels=levels,
        law=law,
        p_value=p_value,
        samples=samples,
        start=start,
    )
