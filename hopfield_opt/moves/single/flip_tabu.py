"""Tabu search by single flips: a network without groups as the kernel wants it."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.arrays import dense, num_stored
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.known import Known
from hopfield_opt.moves.plans import integer_unit
from hopfield_opt.moves.single.flip_tabu_kernel import (
    BLOCK,
    LEVEL,
    RUN,
    FlipState,
    flip_tabu,
    settle,
)

# Good states that are recombined.
ELITE = 8
# Fields up to here leave room for the double change of a flip and for LARGE.
MOST_32, MOST_64 = 2**28, 2**58
# Rows are for weights of which this share is not zero, and take up to so many bytes.
ROW_SHARE, ROW_BYTES = 1 / 16, 2**30
# Rows of weights that are worked on together.
STRIPE = 256

Lists = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any]]

_known: Known[tuple[float, Any, NDArray[Any], Lists]] = Known()


@dataclass(frozen=True, eq=False)
class FlipTabu:
    """Weights and thresholds in whole units.

    Weights that are no multiples of a unit are rounded to 58 bits, about as finely as a float64
    holds the energy, so that fields never drift.
    """

    hamiltonian: Hamiltonian
    unit: float
    kind: Any
    rows: NDArray[Any]
    lists: Lists

    @classmethod
    def build(cls, hamiltonian: Hamiltonian) -> Self:
        """Return the layout of a network without groups."""
        # the searches of one network share its weights
        return cls(hamiltonian, *_known.of(hamiltonian, _in_units))

    @property
    def large(self) -> Any:
        """More than any cost."""
        return self.kind(np.iinfo(self.kind).max // 2)

    def start(self, states: NDArray[np.int8], words: NDArray[np.uint64]) -> FlipState:
        """Return searches that begin at the minima below states (R, N)."""
        replicas, size = states.shape
        pitch = self.rows.shape[1]
        s = np.ones((replicas, pitch), self.kind)
        s[:, :size] = states
        h = np.full((replicas, pitch), self.large, self.kind)
        bias = np.rint(-self.hamiltonian.thresholds / self.unit).astype(np.int64)
        until = np.full((replicas, pitch), np.iinfo(self.kind).max, self.kind)
        until[:, :size] = 0
        level = np.zeros(replicas, np.int64)
        for r in range(replicas):
            push = self._pushes(s[r, :size].astype(np.int64))
            h[r, :size] = push + bias
            level[r] = -(s[r, :size] * (push + 2 * bias)).sum() // 2
        book = np.zeros((replicas, 4), np.int64)
        book[:, LEVEL] = level
        state = FlipState(
            s=s,
            h=h,
            until=until,
            elite=np.zeros((replicas, ELITE, size), np.int8),
            levels=np.zeros((replicas, ELITE), np.int64),
            found=np.repeat(states[:, None], 2, axis=1),
            lowest=np.repeat(level[:, None], 2, axis=1),
            book=book,
        )
        settle(self.rows, self.lists, size, state)
        return state

    def _pushes(self, spins: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what the spins add to the fields, in units."""
        if len(self.rows):
            return _row_sums(spins, self.rows)
        begins, neighbours, values = self.lists
        matrix = scipy.sparse.csr_array(
            (values.astype(np.int64), neighbours, begins), shape=(len(spins),) * 2
        )
        return np.asarray(matrix @ spins)

    def search(self, state: FlipState, words: NDArray[np.uint64], flips: int) -> None:
        """Make so many flips in each replica, in place."""
        size = self.hamiltonian.num_spins
        even = not self.hamiltonian.thresholds.any()
        if size:
            flip_tabu(self.rows, self.lists, size, self.large, even, state, words, flips)

    def best(self, state: FlipState) -> tuple[NDArray[np.int8], NDArray[Any]]:
        """Return the best states (R, N) met, and marks (R,) that fall when they change."""
        return state.found[:, RUN], state.lowest[:, RUN]


def _in_units(hamiltonian: Hamiltonian) -> tuple[float, Any, NDArray[Any], Lists]:
    """Return unit, kind of integer, rows of weights or none, and lists of weights or none."""
    deadline.check(6 * sum(term.num_couplings() for term in hamiltonian.couplings))
    weights: Any = hamiltonian.weights
    thresholds = hamiltonian.thresholds
    size = len(thresholds)
    reach = _reach(weights) + np.abs(thresholds)
    numbers = weights if isinstance(weights, np.ndarray) else weights.data
    unit = integer_unit(numbers, thresholds)
    if unit is not None and reach.max(initial=0.0) / unit < MOST_32:
        kind: Any = np.int32
    else:
        kind = np.int64
        unit = float(reach.sum()) / MOST_64 or 1.0
    pitch = -(-size // BLOCK) * BLOCK
    none = np.zeros(0, np.int64)
    width = np.dtype(kind).itemsize
    if num_stored(weights) >= ROW_SHARE * size**2 and size * pitch * width <= ROW_BYTES:
        rows = np.zeros((size, pitch), kind)
        for first in deadline.check_each(range(0, size, STRIPE)):
            part = dense(weights[first : first + STRIPE])
            rows[first : first + STRIPE, :size] = np.rint(part / unit)
        return unit, kind, rows, (np.zeros(1, np.int64), none, none.astype(kind))
    deadline.check(6 * num_stored(weights))
    lists = scipy.sparse.csr_array(weights)
    values = np.rint(lists.data / unit).astype(kind)
    places = (lists.indptr.astype(np.int64), lists.indices.astype(np.int64))
    return unit, kind, np.zeros((0, pitch), kind), (*places, values)


def _reach(weights: Any) -> NDArray[np.float64]:
    """Return the sum of |W_ij| for each i, added up one after the other."""
    stripes = deadline.check_each(range(0, weights.shape[0], STRIPE))
    parts: Any = (abs(scipy.sparse.csr_array(weights[k : k + STRIPE])) for k in stripes)
    return np.concatenate([np.zeros(0), *(np.asarray(part.sum(axis=1)).ravel() for part in parts)])


def _row_sums(spins: NDArray[np.int64], rows: NDArray[Any]) -> NDArray[np.int64]:
    """Return `spins @ rows` in int64, a few rows at a time."""
    size = len(spins)
    total = np.zeros(size, np.int64)
    for first in range(0, size, STRIPE):
        part = rows[first : first + STRIPE, :size].astype(np.int64, copy=False)
        total += spins[first : first + STRIPE] @ part
    return total
