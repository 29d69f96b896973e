"""Energy landscapes of all states: grouped by attractor and sorted, so that wells are seen."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hopfield_opt.arrays import FloatArray, IntArray, check_array
from hopfield_opt.errors import InputError

__all__ = ["Landscape", "landscape"]

MAX_SPINS = 20
# of the largest energy: what rounding can do to two energies that are equal
RELATIVE_ERROR = 1e-12


@dataclass(frozen=True, eq=False)
class Landscape:
    """All 2^N states in an order in which each well falls to its bottom and rises again.

    Attributes
    ----------
    codes : (2^N,) int64
        The states in this order, see `enumeration.states_of`; each stands there once.
    energies : (2^N,) float64
        Their energies.
    wells : (2^N,) int64
        The well of each, 0 to K - 1, one after another from left to right.
    bottoms : tuple of K arrays of int64
        The codes of the local minima of each well; more than one where they form a plateau.
    """

    codes: IntArray
    energies: FloatArray
    wells: IntArray
    bottoms: tuple[IntArray, ...]

    @property
    def num_wells(self) -> int:
        """The number K of wells: local minima, connected ones of equal energy counted once."""
        return len(self.bottoms)


def landscape(energies: ArrayLike) -> Landscape:
    """Sort all states around the local minima of their energy.

    A state belongs to the well whose bottom is nearest in Hamming distance, the deeper one of
    two at the same distance; where these are equally deep it is shared out so that mirrored wells
    are equally wide. A well is no basin of attraction: no dynamics is asked. In each well the
    states are sorted by energy and laid alternately to the left and to the right of the bottom.

    Parameters
    ----------
    energies : (2^N,) array
        The energies of all states in the order of their codes, as of `enumeration.all_energies`;
        N <= 20.

    Returns
    -------
    Landscape
        The order.

    Raises
    ------
    InputError
        If the number of energies is no power of 2, or above 2^20.

    Examples
    --------
    Two spins that want to be equal have two wells:

    >>> sorted_states = landscape([-1.0, 1.0, 1.0, -1.0])
    >>> sorted_states.num_wells, sorted_states.energies.tolist()
    (2, [1.0, -1.0, 1.0, -1.0])
    """
    own = check_array("energies", energies)
    num_spins = max(0, own.size.bit_length() - 1)
    if own.ndim != 1 or own.size != 2**num_spins or num_spins > MAX_SPINS:
        raise InputError(
            f"energies must be those of all 2^N states, N <= {MAX_SPINS}, got shape {own.shape}."
        )
    bottoms = _bottoms(own, num_spins)
    well = _nearest(bottoms, own)
    codes = np.concatenate([_valley(np.flatnonzero(well == k), own) for k in range(len(bottoms))])
    return Landscape(codes, own[codes], well[codes], bottoms)


def _bottoms(energies: FloatArray, num_spins: int) -> tuple[IntArray, ...]:
    """Return the codes of each local minimum or plateau of minima, the deepest first."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    codes = np.arange(energies.size)
    error = RELATIVE_ERROR * max(1e-300, float(np.abs(energies).max()))
    low = np.ones(energies.size, dtype=bool)
    pairs = []
    for spin in range(num_spins):
        rise = energies[codes ^ (1 << spin)] - energies
        low &= rise >= -error
        pairs.append(codes[np.abs(rise) <= error])
    tails = [part ^ (1 << spin) for spin, part in enumerate(pairs)]
    heads_all = np.concatenate([*pairs, codes[:0]])
    links: tuple[Any, Any] = (heads_all, np.concatenate([*tails, codes[:0]]))
    graph = coo_array((np.ones(len(heads_all), dtype=np.int8), links), shape=(energies.size,) * 2)
    count, plateau = connected_components(graph.tocsr(), directed=False)
    # a plateau with a way down from any of its states is no bottom
    is_bottom = np.bincount(plateau[~low], minlength=count) == 0
    members = codes[is_bottom[plateau]]
    found = [members[plateau[members] == k] for k in np.unique(plateau[members])]
    # by mean code, which of mirror images is mirrored, too
    return tuple(
        sorted(found, key=lambda part: (round(energies[part].min() / error), float(part.mean())))
    )


def _nearest(bottoms: tuple[IntArray, ...], energies: FloatArray) -> IntArray:
    """Return the well of each code: the one with the nearest bottom, the deeper of equals.

    Of equally deep ones a code takes the first, its negative the last: wells that mirror each
    other are equally wide.
    """
    size = energies.size
    codes = np.arange(size)
    best = np.full(size, 64, dtype=np.int64)
    well = np.zeros(size, dtype=np.int64)
    depths = np.array([energies[part].min() for part in bottoms])
    error = RELATIVE_ERROR * float(np.abs(energies).max())
    for k, part in enumerate(bottoms):
        for bottom in part:
            distance = _bits(codes ^ bottom)
            level = np.abs(depths[k] - depths[well]) <= error
            closer = (distance < best) | ((distance == best) & level & (2 * codes >= size))
            best[closer], well[closer] = distance[closer], k
    return well


def _bits(codes: IntArray) -> NDArray[np.int64]:
    """Return how many bits are set in each code."""
    count = np.zeros(len(codes), dtype=np.int64)
    for shift in range(MAX_SPINS):
        count += (codes >> shift) & 1
    return count


def _valley(members: IntArray, energies: FloatArray) -> IntArray:
    """Return the members from high to low and up again, ranks alternating between the sides."""
    ranked = members[np.argsort(energies[members], kind="stable")]
    return np.concatenate([ranked[1::2][::-1], ranked[0::2]])
