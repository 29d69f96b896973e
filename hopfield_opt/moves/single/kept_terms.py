"""Integer weights for kept fields: rows for dense weights, lists for sparse ones."""

from typing import Any, NamedTuple, Self

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.arrays import FloatArray, IntArray, SpinArray
from hopfield_opt.moves.plans import aligned_zeros
from hopfield_opt.moves.single.vectors import LANES

# Fields must fit.
MAX_FIELD = {"int16": 2**15 - 1, "int32": 2**29, "int64": 2**61}
MAX_CHANGE = {"int8": 2**7 - 1, "int16": 2**15 - 1}
# In order to save memory traffic, rounding may change a field by this part of it.
COARSE = 1e-3
# Kept fields of groups of replicas that were seen last.
MAX_SPARE = 64

Work = tuple[SpinArray, NDArray[Any]]


class Changes(NamedTuple):
    """What a spin changes in the fields as it goes from -1 to 1, in units.

    Attributes
    ----------
    values : flat integers
        A row of P numbers for each spin, or those of its neighbours, one spin after another.
    lists : (begins, neighbours)
        For neighbours: the values of spin i begin at ``begins[i]``. Empty for rows.
    ground : (N,) int64
        Minus half of all changes: the fields without bias while all spins are -1.
    """

    values: NDArray[Any]
    lists: tuple[IntArray, NDArray[np.int32]]
    ground: IntArray

    @classmethod
    def by_rows(cls, weights: FloatArray, unit: float, kind: str, pitch: int) -> Self:
        """Return rows for dense weights, in the smallest type that the kernel has for them."""
        size = len(weights)
        largest = 2.0 * np.abs(weights).max(initial=0.0) / unit
        small = {"int16": "int8", "int32": "int16", "int64": "int64"}[kind]
        fits = kind != "int64" and largest < MAX_CHANGE[small] + 0.5
        rows = aligned_zeros((size, pitch), small if fits else kind)
        ground = np.zeros(size, dtype=np.int64)
        for first in range(0, size, LANES):
            # a few columns at a time: a copy of all would double the memory
            some = slice(first, first + LANES)
            columns = np.rint(np.ascontiguousarray(weights[:, some].T) / unit).astype(np.int64)
            rows[some, :size] = 2 * columns
            ground -= columns.sum(axis=0)
        lists = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32)
        return cls(rows.reshape(-1), lists, ground)

    @classmethod
    def by_lists(cls, weights: Any, unit: float, kind: str) -> Self:
        """Return lists of neighbours for sparse weights."""
        columns = scipy.sparse.csc_array(weights, dtype=np.float64)
        values = np.rint(columns.data / unit).astype(np.int64)
        ground = np.zeros(columns.shape[0], dtype=np.int64)
        np.subtract.at(ground, columns.indices, values)
        lists = columns.indptr.astype(np.int64), columns.indices.astype(np.int32)
        return cls((2 * values).astype(kind), lists, ground)


class Terms(NamedTuple):
    """Integer weights and thresholds, and fields that are kept from one block to the next.

    Attributes
    ----------
    unit : float
        Energy of one unit.
    biases : (N,) int64
        Negative thresholds.
    changes : Changes
        Weights.
    ground : (P,) integers
        Fields while all spins are -1; P is N rounded up to a multiple of 64.
    spare : dict
        States and their fields, by the address of the lanes that they were computed for. They
        only save work: fields follow exactly from states.
    """

    unit: float
    biases: IntArray
    changes: Changes
    ground: NDArray[Any]
    spare: dict[tuple[int, int], Work]

    @classmethod
    def of(cls, weights: Any, thresholds: FloatArray, unit: float, kind: str) -> Self:
        """Return the terms for fields of the type `kind`, rounded to integers."""
        size = len(thresholds)
        pitch = -(-size // LANES) * LANES
        if scipy.sparse.issparse(weights):
            changes = Changes.by_lists(weights, unit, kind)
        else:
            changes = Changes.by_rows(weights, unit, kind, pitch)
        biases = np.rint(-thresholds / unit).astype(np.int64)
        ground = np.zeros(pitch, dtype=kind)
        ground[:size] = changes.ground + biases
        return cls(unit, biases, changes, ground, {})

    def work(self, address: int, count: int) -> Work:
        """Return the states and fields kept for these lanes, else all spins -1."""
        known = self.spare.pop((address, count), None)
        if known is not None:
            return known
        cells = aligned_zeros((count * len(self.ground),), np.int8)
        cells[:] = -1
        fields = aligned_zeros((count * len(self.ground),), self.ground.dtype)
        fields[:] = np.tile(self.ground, count)
        return cells, fields

    def keep(self, address: int, count: int, work: Work) -> None:
        """Keep states and fields for the next block of the same lanes."""
        if len(self.spare) >= MAX_SPARE:
            self.spare.clear()
        self.spare[address, count] = work


def coarse_unit(weights: FloatArray, largest: float) -> float:
    """Return the unit for search: 16 bits for a weight, unless that spoils the usual field.

    Parameters
    ----------
    weights : (N, N) float64
        Dense weights.
    largest : float
        Upper limit of the magnitude of a field.
    """
    # an integer part of the largest, which must not lie between two units
    unit = float(np.abs(weights).max() / (MAX_CHANGE["int16"] // 2))
    usual = np.median(np.sqrt(np.einsum("ij,ij->i", weights, weights)))
    if unit * np.sqrt(len(weights)) > COARSE * usual or largest / unit > MAX_FIELD["int32"]:
        return largest / MAX_FIELD["int32"]
    return unit
