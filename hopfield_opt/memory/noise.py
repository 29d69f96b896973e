"""What the experiments share: random patterns, noisy cues, and where they end."""

import numpy as np

from hopfield_opt.arrays import SpinArray, check_number
from hopfield_opt.driver import run
from hopfield_opt.dynamics.asynchronous import Asynchronous
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.learning import couplings


def check_fraction(name: str, value: float) -> float:
    """Return a number from 0 to 1."""
    fraction = check_number(name, value)
    if not 0 <= fraction <= 1:
        raise InputError(f"{name} must be from 0 to 1, got {fraction}.")
    return fraction


def store_patterns(patterns: SpinArray, rule: str) -> Hamiltonian:
    """Return the network in which a rule has stored patterns (P, N).

    Parameters
    ----------
    patterns : (P, N) int8
        SpinArray.
    rule : str
        As for `AssociativeMemory`.
    """
    return Hamiltonian(couplings(patterns, rule))


def random_spins(random: np.random.Generator, count: int, size: int) -> SpinArray:
    """Return states (count, size), each spin a fair coin.

    Parameters
    ----------
    random : numpy.random.Generator
        What is drawn from.
    count, size : int
        How many states, of how many spins.
    """
    return np.asarray(2 * random.integers(0, 2, (count, size), dtype=np.int8) - 1, np.int8)


def noisy(targets: SpinArray, fraction: float, random: np.random.Generator) -> SpinArray:
    """Return targets (R, N) with the same number of spins flipped in each, others each time.

    Parameters
    ----------
    targets : (R, N) int8
        Patterns.
    fraction : float
        The share of the spins that are flipped.
    random : numpy.random.Generator
        What is drawn from.
    """
    count = round(fraction * targets.shape[1])
    ranks = random.random(targets.shape).argsort(axis=1).argsort(axis=1)
    return np.where(ranks < count, -targets, targets).astype(np.int8)


def ends_of(
    network: Hamiltonian, starts: SpinArray, dynamics: Dynamics | None, random: np.random.Generator
) -> SpinArray:
    """Return where starts (R, N) end; dynamics None is `Asynchronous()`.

    Parameters
    ----------
    network : Hamiltonian
        The memory.
    starts : (R, N) int8
        Cues.
    dynamics : Dynamics or None
        How the neurons move.
    random : numpy.random.Generator
        What is drawn from.
    """
    seed = int(random.integers(2**32))
    moves = Asynchronous() if dynamics is None else dynamics
    return run(network, moves, starts, seed=seed, progress=False).states
