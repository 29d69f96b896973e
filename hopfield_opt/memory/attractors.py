"""A census of attractors: where random starts end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt import rng
from hopfield_opt.arrays import BoolArray, FloatArray, IntArray, SpinArray, check_integer
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.memory.noise import ends_of, random_spins
from hopfield_opt.physics.overlaps import overlaps


@dataclass(frozen=True, eq=False)
class Census:
    """The different ends of many runs, the most frequent first.

    Attributes
    ----------
    states : (K, N) int8
        The ends; of each and its mirror image the one that was met first.
    counts : (K,) int64
        How many runs ended there, mirror images included.
    energies : (K,) float64
        Their energies.
    overlaps : (K, P) float64
        Their overlaps with the patterns; one that is not +-1 in any is spurious.
    """

    states: SpinArray
    counts: IntArray
    energies: FloatArray
    overlaps: FloatArray

    @property
    def spurious(self) -> BoolArray:
        """(K,): which ends are no pattern and no negative of one."""
        return np.asarray((np.abs(self.overlaps) < 1.0).all(axis=1))


def census(
    hamiltonian: Hamiltonian,
    patterns: ArrayLike,
    *,
    runs: int = 1000,
    dynamics: Dynamics | None = None,
    seed: int | None = None,
) -> Census:
    """Count where random starts end.

    Parameters
    ----------
    hamiltonian : Hamiltonian
        A network without thresholds, in which a state and its mirror image have one energy.
    patterns : (P, N) of -1 and +1
        What overlaps are taken with.
    runs : int
        How many random starts.
    dynamics : Dynamics, optional
        None is `Asynchronous()`; the ends must be fixed points.
    seed : int, optional
        None draws one.

    Examples
    --------
    >>> found = census(Hamiltonian([[0, 1], [1, 0]]), [[1, 1]], runs=10, seed=0)
    >>> found.counts.tolist(), found.energies.tolist(), found.spurious.tolist()
    ([10], [-1.0], [False])
    """
    if hamiltonian.thresholds.any():
        raise InputError("thresholds must be 0 for a census, which counts mirror images as one.")
    random = rng.generator(rng.check_seed(seed))
    starts = random_spins(random, check_integer("runs", runs, lowest=1), hamiltonian.num_spins)
    ends = ends_of(hamiltonian, starts, dynamics, random)
    turned = ends * ends[:, :1]  # the first spin of each is +1
    _, first, counts = np.unique(turned, axis=0, return_index=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    met = ends[first[order]]
    found = np.atleast_2d(overlaps(met, np.atleast_2d(patterns)))
    return Census(met, counts[order], np.asarray(hamiltonian.energy(met)), found)
