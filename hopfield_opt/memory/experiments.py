"""Experiments on pairwise memories: capacity, basins, the map m(T, alpha)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import rng
from hopfield_opt.arrays import FloatArray, check_integer, check_number
from hopfield_opt.driver import run
from hopfield_opt.dynamics.asynchronous import Asynchronous
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.dynamics.heat_bath import HeatBath
from hopfield_opt.errors import InputError
from hopfield_opt.learning import check_patterns
from hopfield_opt.memory.noise import check_fraction, ends_of, noisy, random_spins, store_patterns


@dataclass(frozen=True, eq=False)
class RecallCurve:
    """How recall depends on one quantity; each entry is an average over runs.

    Attributes
    ----------
    values : (K,) float64
        The quantity: numbers of patterns, or fractions of flipped spins.
    recalled, reversed : (K,) float64
        Which part of the runs ended at the pattern of the cue, or at its negative.
    overlap : (K,) float64
        The mean overlap of the end with that pattern.
    error : (K,) float64
        The standard error of `recalled`. Cues of one network are correlated: it is taken from the
        spread between networks where there are several, else from the number of runs.
    runs : int
        Runs for each entry.
    """

    values: FloatArray
    recalled: FloatArray
    reversed: FloatArray
    overlap: FloatArray
    error: FloatArray
    runs: int


def capacity_curve(
    num_spins: int,
    num_patterns: Sequence[int],
    *,
    flipped: float = 0.3,
    tolerance: float = 0.0,
    networks: int = 25,
    cues: int = 20,
    rule: str = "hebb",
    dynamics: Dynamics | None = None,
    seed: int | None = None,
) -> RecallCurve:
    """Recall random patterns from noisy cues, more and more of them.

    Parameters
    ----------
    num_spins : int
        N.
    num_patterns : sequence of int
        The numbers P of patterns.
    flipped : float
        The fraction of spins that differ between cue and pattern.
    tolerance : float
        The fraction of spins that may be wrong at the end; 0 asks for the exact pattern.
    networks, cues : int
        For each P so many networks, each with patterns of its own, and so many cues in each.
    rule : str
        A learning rule, see `AssociativeMemory`.
    dynamics : Dynamics, optional
        How cues move; None is `Asynchronous()`.
    seed : int, optional
        None draws one.

    References
    ----------
    J. J. Hopfield, Proc. Natl. Acad. Sci. USA 79, 2554 (1982), Fig. 2.

    Examples
    --------
    >>> curve = capacity_curve(50, [1, 25], networks=3, seed=0)
    >>> curve.recalled.tolist()
    [1.0, 0.0]
    """
    seed = rng.check_seed(seed)
    groups = check_integer("networks", networks, lowest=1)
    size = check_integer("num_spins", num_spins, lowest=1)
    rows = []
    for k, count in enumerate(num_patterns):
        for group in range(groups):
            random = rng.generator(seed, k, group)
            patterns = random_spins(random, check_integer("num_patterns", count, lowest=1), size)
            which = random.integers(0, count, check_integer("cues", cues, lowest=1))
            starts = noisy(patterns[which], check_fraction("flipped", flipped), random)
            ends = ends_of(store_patterns(patterns, rule), starts, dynamics, random)
            rows.append((ends * patterns[which]).mean(axis=1, dtype=np.float64))
    return _curve(np.asarray(num_patterns), np.array(rows).reshape(-1, groups, cues), tolerance)


def basin_curve(
    patterns: Any,
    flipped: Sequence[float],
    *,
    index: int = 0,
    tolerance: float = 0.0,
    runs: int = 500,
    rule: str = "hebb",
    dynamics: Dynamics | None = None,
    seed: int | None = None,
) -> RecallCurve:
    """Recall one of some given patterns from cues with more and more noise.

    Parameters
    ----------
    patterns : (P, ...) array
        Two-valued.
    flipped : sequence of float
        The fractions of spins that differ between cue and pattern, 0 to 1.
    index : int
        Which pattern.
    tolerance : float
        As for `capacity_curve`.
    runs : int
        Cues for each fraction.
    rule, dynamics, seed
        As for `capacity_curve`.

    Examples
    --------
    >>> curve = basin_curve([[1, 1, 1, -1, -1, -1, 1, 1]], [0, 0.25, 1], runs=4, seed=0)
    >>> curve.recalled.tolist(), curve.reversed.tolist()
    ([1.0, 1.0, 0.0], [0.0, 0.0, 1.0])
    """
    known = check_patterns(patterns).spins
    if not 0 <= check_integer("index", index) < len(known):
        raise InputError(f"index must be 0 to {len(known) - 1}, got {index}.")
    network = store_patterns(known, rule)
    seed, count = rng.check_seed(seed), check_integer("runs", runs, lowest=1)
    rows = []
    for k, fraction in enumerate(flipped):
        random = rng.generator(seed, k)
        targets = np.tile(known[index], (count, 1))
        starts = noisy(targets, check_fraction("flipped", fraction), random)
        ends = ends_of(network, starts, dynamics, random)
        rows.append((ends * targets).mean(axis=1, dtype=np.float64))
    return _curve(np.asarray(flipped), np.array(rows).reshape(-1, 1, count), tolerance)


def _curve(values: NDArray[Any], found: FloatArray, tolerance: float) -> RecallCurve:
    """Return the averages of overlaps (K, networks, cues)."""
    # overlaps are multiples of 2 / N: half an error more or less decides nothing
    least = 1 - 2 * check_fraction("tolerance", tolerance) - 1e-9
    near = found >= least
    groups, runs = found.shape[1], found.shape[1] * found.shape[2]
    means = near.mean(axis=2)
    single = np.sqrt(near.mean(axis=(1, 2)) * (1 - near.mean(axis=(1, 2))) / runs)
    spread = means.std(axis=1, ddof=1) / np.sqrt(groups) if groups > 1 else single
    return RecallCurve(
        values.astype(np.float64),
        near.mean(axis=(1, 2)),
        (found <= -least).mean(axis=(1, 2)),
        found.mean(axis=(1, 2)),
        np.maximum(spread, single),
        runs,
    )


def phase_map(
    num_spins: int,
    loads: Sequence[float],
    temperatures: Sequence[float],
    *,
    replicas: int = 8,
    sweeps: int = 200,
    seed: int | None = None,
) -> FloatArray:
    """Return the overlap m(T, alpha) that is left of a Hebbian memory, from the pattern on.

    Parameters
    ----------
    num_spins : int
        N.
    loads, temperatures : sequence of float
        alpha = P / N > 0 and T >= 0.
    replicas, sweeps : int
        Each with other noise from the same pattern; the mean is over the second half of sweeps.
    seed : int, optional
        None draws one.

    Returns
    -------
    (A, T) float64
        The mean overlaps, next to `physics.retrieval`, whose lines hold for large N.

    References
    ----------
    D. J. Amit, H. Gutfreund, H. Sompolinsky, Ann. Phys. 173, 30 (1987).

    Examples
    --------
    >>> phase_map(200, [0.01], [0.1, 3.0], seed=0).round(1).tolist()
    [[1.0, 0.0]]
    """
    seed = rng.check_seed(seed)
    found = np.empty((len(loads), len(temperatures)))
    for a, load in enumerate(loads):
        random = rng.generator(seed, a)
        count = max(1, round(check_number("load", load) * num_spins))
        patterns = random_spins(random, count, num_spins)
        network = store_patterns(patterns, "hebb")
        starts = np.tile(patterns[0], (check_integer("replicas", replicas, lowest=1), 1))
        for t, temperature in enumerate(temperatures):
            moves: Dynamics = HeatBath(temperature) if temperature else Asynchronous()
            trace = run(
                network,
                moves,
                starts,
                sweeps,
                record="overlap",
                patterns=patterns[:1],
                seed=int(random.integers(2**32)),
                progress=False,
            ).trace
            path = np.asarray(getattr(trace, "overlap"))[..., 0]  # noqa: B009
            found[a, t] = np.abs(path[len(path) // 2 :].mean(axis=0)).mean()
    return found
