"""The one enumeration: ground states, and the energies of all states."""

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hopfield_opt.physics.gray_code import Floats, GrayBlocks, seconds_to_load, states_of

__all__ = ["GroundStates", "all_energies", "ground_states", "states_of"]

# 2^30 states take a second or two; each further spin doubles that
MAX_SPINS = 30
# 2^24 energies take 128 MiB
MAX_SPINS_ALL = 24
# the list of ground states ends here: 30 spins at most, one byte each
MAX_STATES = 2**20


@dataclass(frozen=True, eq=False)
class GroundStates:
    """The lowest energy and the states that have it.

    Parameters
    ----------
    energy : float
        The lowest energy.
    states : (num_listed, num_spins) int8
        The states of that energy in the order of their codes, at most 2^20 of them.
    count : int
        How many states have that energy.
    complete : bool
        Whether all states were looked at. Otherwise the deadline came first: `energy` is the
        lowest of those seen, and `count` and `states` may be too few.
    """

    energy: float
    states: NDArray[np.int8]
    count: int
    complete: bool


def ground_states(
    weights: ArrayLike,
    thresholds: ArrayLike | None = None,
    offset: float = 0.0,
    *,
    deadline: float | None = None,
) -> GroundStates:
    """Return the minimum of ``-1/2 s'Ws + thresholds's + offset`` and all states that reach it.

    Exact where the data are integers, or have few digits in binary (see Notes).

    Parameters
    ----------
    weights : (n, n), symmetric
        n <= 30. A diagonal only adds to the offset.
    thresholds : (n,) or None
        None stands for zeros; then half of the states, the mirror images, need no look.
    offset : float
        Added to every energy.
    deadline : float or None
        A value of `time.monotonic()` after which the best so far is returned. The time that
        numba needs for compiling, once on a machine, does not count.

    Returns
    -------
    GroundStates
        The lowest energy, its states and their number.

    Raises
    ------
    InputError
        If the arrays have other shapes, a number is not finite, or there are too many spins.

    Notes
    -----
    Where all numbers are multiples of a power of two so large that no sum needs more than 53
    bits, no operation rounds and energies are compared as they are. Otherwise states within the
    rounding error of the minimum count as ground states.

    Examples
    --------
    A triangle of antiferromagnetic couplings cannot satisfy all three:

    >>> found = ground_states([[0, -1, -1], [-1, 0, -1], [-1, -1, 0]])
    >>> found.energy, found.count
    (-1.0, 6)
    """
    blocks = GrayBlocks.of(weights, thresholds, offset, MAX_SPINS)
    if deadline is not None:
        deadline += seconds_to_load()
    minima: list[float] = []
    complete = True
    for _, energies in blocks.energies(range(blocks.num_blocks)):
        minima.append(float(energies.min()))
        if _late(deadline):
            complete = len(minima) == blocks.num_blocks
            break
    limit = min(minima) + blocks.rounding
    count, listed, parts = 0, 0, []
    hits = [block for block, energy in enumerate(minima) if energy <= limit]
    for block, (first, energies) in zip(hits, blocks.energies(hits), strict=True):
        found = blocks.codes(first, np.flatnonzero(energies <= limit))
        count += len(found)
        if listed < MAX_STATES:
            parts.append(found)
            listed += len(found)
        if _late(deadline):
            complete &= block == hits[-1]
            break
    codes = np.concatenate(parts)
    num_spins = len(blocks.thresholds)
    if blocks.mirrored:
        count *= 2
        codes = np.concatenate([codes, 2**num_spins - 1 - codes])
    states = states_of(np.sort(codes[:MAX_STATES]), num_spins)
    return GroundStates(min(minima), states, count, complete)


def all_energies(
    weights: ArrayLike, thresholds: ArrayLike | None = None, offset: float = 0.0
) -> Floats:
    """Return ``-1/2 s'Ws + thresholds's + offset`` of all 2^n states.

    Parameters
    ----------
    weights : (n, n), symmetric
        n <= 24. A diagonal only adds to the offset.
    thresholds : (n,) or None
        None stands for zeros.
    offset : float
        Added to every energy.

    Returns
    -------
    (2^n,) float64
        The energies in the order of the codes of `states_of`.

    Raises
    ------
    InputError
        If the arrays have other shapes, a number is not finite, or there are too many spins.

    Examples
    --------
    >>> all_energies([[0, 1], [1, 0]], thresholds=[0.5, 0])
    array([-1.5,  1.5,  0.5, -0.5])
    """
    blocks = GrayBlocks.of(weights, thresholds, offset, MAX_SPINS_ALL, mirrored=False)
    energies = np.empty((blocks.num_rows, len(blocks.table)))
    for first, block in blocks.energies(range(blocks.num_blocks)):
        rows = np.arange(first, first + len(block))
        energies[rows ^ (rows >> 1)] = block
    return energies.ravel()


def _late(deadline: float | None) -> bool:
    return deadline is not None and time.monotonic() >= deadline
