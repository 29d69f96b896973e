"""Programs with free continuous variables, which their equalities define, over integers only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, vstack

from hopfield_opt.arrays import FloatArray, IntArray, check_memory
from hopfield_opt.errors import InputError

if TYPE_CHECKING:
    from hopfield_opt.model.model import Model

# what is lost where a bound is divided by a coefficient; the rows stand in the model anyway
_ROUNDING = 1e-9
_ROUNDS = 20  # of bounds from rows: each has all those that the one before found


@dataclass(frozen=True)
class Program:
    """``minimize 1/2 x'Px + q'x + offset`` with ``A x = b``, ``F x <= g``, ``low <= x <= high``.

    Attributes
    ----------
    P, A, F : sparse arrays (n, n), (m, n), (k, n)
        P symmetric, definite or not.
    q, b, g : arrays (n,), (m,), (k,)
        The linear cost and the right-hand sides.
    low, high : arrays (n,)
        Bounds, infinite where there are none.
    whole : bool array (n,)
        Which variables are integers.
    offset : float
        A constant of the cost.
    """

    P: Any
    q: FloatArray
    A: Any
    b: FloatArray
    F: Any
    g: FloatArray
    low: FloatArray
    high: FloatArray
    whole: NDArray[np.bool_]
    offset: float = 0.0

    def integers(self, name: Any) -> tuple["Program", Any, FloatArray]:
        """Return the same program over its integers z, and ``x = M z + shift``.

        Raises
        ------
        InputError
            If a continuous variable is not defined by equalities, named by `name(column)`.
        """
        recover, shift, used = self._eliminate(name)
        rest = np.setdiff1d(np.arange(len(self.b)), used)
        # bounds of what is eliminated become rows
        free = np.flatnonzero(~self.whole)
        above, below = free[np.isfinite(self.high[free])], free[np.isfinite(self.low[free])]
        unit = csr_array(eye_array(len(self.q)))
        rows = [csr_array(self.F), unit[above], -unit[below]]
        sides = np.concatenate([self.g, self.high[above], -self.low[below]])
        F = csr_array(vstack(rows))
        P, A = csr_array(self.P), csr_array(self.A)[rest]
        program = Program(
            P=recover.T @ P @ recover,
            q=recover.T @ (self.q + P @ shift),
            A=A @ recover,
            b=self.b[rest] - A @ shift,
            F=F @ recover,
            g=sides - F @ shift,
            low=self.low[self.whole],
            high=self.high[self.whole],
            whole=np.ones(int(self.whole.sum()), dtype=np.bool_),
            offset=self.offset + float(shift @ (P @ shift) / 2 + self.q @ shift),
        )
        return program, recover, shift

    def _eliminate(self, name: Any) -> tuple[Any, FloatArray, IntArray]:
        """Return M and the shift of ``x = M z + shift``, and the equalities that define x."""
        import scipy.linalg

        size, free = len(self.q), np.flatnonzero(~self.whole)
        places = np.flatnonzero(self.whole)
        kept = csr_array(
            (np.ones(len(places)), (places, np.arange(len(places)))), shape=(size, len(places))
        )
        shift = np.zeros(size)
        if not len(free):
            return kept, shift, np.empty(0, dtype=np.int64)
        check_memory("continuous variables", 16 * len(free) * max(len(self.b), len(free)))
        A = csr_array(self.A)
        block = A[:, free].toarray()
        order, found = _independent(block)
        if len(found) < len(free):
            raise InputError(
                "variables must be boolean or integer, or defined by equalities, got a continuous "
                f"one at {name(int(free[order[len(found)]]))}. Maxima, norms and absolute values "
                "make such variables, too."
            )
        defined = scipy.linalg.solve(
            block[found], np.column_stack([A[found][:, places].toarray(), self.b[found]])
        )
        shift[free] = defined[:, -1]
        spread = csr_array(-defined[:, :-1])
        own = csr_array((np.ones(len(free)), (free, np.arange(len(free)))), (size, len(free)))
        return csr_array(kept + own @ spread), shift, found

    def bounded(self, name: Any) -> tuple[FloatArray, FloatArray]:
        """Return whole bounds of integers, from rows where there are none.

        Raises
        ------
        InputError
            If a variable has none, named by `name(column)`.
        """
        rows = csr_array(vstack([csr_array(self.F), self.A, -csr_array(self.A)]))
        sides = np.concatenate([self.g, self.b, -self.b])
        low, high = self.low.copy(), self.high.copy()
        for _ in range(_ROUNDS):
            before = low.copy(), high.copy()
            _tighten(rows, sides, low, high)
            if (low == before[0]).all() and (high == before[1]).all():
                break
        # the user's own where there are; a row that clashes with one leaves no answer, and says so
        above, below = np.isfinite(self.high), np.isfinite(self.low)
        low = np.ceil(np.where(below, self.low, low) - _ROUNDING) + 0.0
        high = np.floor(np.where(above, self.high, high) + _ROUNDING) + 0.0
        endless = np.flatnonzero(~(np.isfinite(low) & np.isfinite(high)))
        if len(endless):
            raise InputError(
                f"variables must have bounds, got none at {name(int(endless[0]))}. "
                "Add a lower and an upper one."
            )
        high = np.where(above, high, np.maximum(low, high))
        return np.where(below, low, np.minimum(low, high)), high

    def into(self, model: "Model", z: Any, sense: str = "minimize") -> None:
        """Add cost and constraints over integers z, an expression of a model.

        To be maximised is minus the cost.
        """
        sign = 1.0 if sense == "minimize" else -1.0
        cost: Any = (z * (sign * self.q)).sum() + sign * self.offset
        if csr_array(self.P).nnz:
            cost = z @ ((csr_array(self.P) * (sign / 2)) @ z) + cost
        (model.minimize if sense == "minimize" else model.maximize)(cost)
        if self.A.shape[0]:
            model.add(csr_array(self.A) @ z == self.b, name="equalities")
        if self.F.shape[0]:
            model.add(csr_array(self.F) @ z <= self.g, name="inequalities")


def _independent(block: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the columns, those that rows define first, and as many rows that define them."""
    import scipy.linalg

    if not block.size:
        return np.arange(block.shape[1]), np.empty(0, dtype=np.int64)
    _, triangle, columns = scipy.linalg.qr(block, mode="economic", pivoting=True)
    sizes = np.abs(np.diag(triangle))
    rank = int((sizes > 1e-12 * max(sizes[0], 1e-300) * max(block.shape)).sum())
    _, _, rows = scipy.linalg.qr(block.T, mode="economic", pivoting=True)
    return columns.astype(np.int64), np.sort(rows[:rank]).astype(np.int64)


def _tighten(rows: Any, sides: FloatArray, low: FloatArray, high: FloatArray) -> None:
    """Tighten bounds in place: in ``sum a_j x_j <= side`` the others are at least so much."""
    entries = rows.tocoo()
    place, column, factor = entries.row, entries.col, entries.data
    least = np.where(factor > 0, factor * low[column], factor * high[column])
    endless = np.bincount(place, ~np.isfinite(least), minlength=len(sides))
    finite = np.where(np.isfinite(least), least, 0.0)
    sums = np.bincount(place, finite, minlength=len(sides))
    own = ~np.isfinite(least)
    known = endless[place] - own == 0
    room = sides[place] - (sums[place] - finite)
    limit = room / factor
    up, down = known & (factor > 0), known & (factor < 0)
    np.minimum.at(high, column[up], limit[up] + _ROUNDING * np.maximum(1, np.abs(limit[up])))
    np.maximum.at(low, column[down], limit[down] - _ROUNDING * np.maximum(1, np.abs(limit[down])))
    high[:], low[:] = np.floor(high), np.ceil(low)


def with_variables(
    model: "Model", shapes: Sequence[tuple[str, tuple[int, ...]]], low: FloatArray, high: FloatArray
) -> IntArray:
    """Make a variable of each name, and return the places of the integers among its entries.

    Entries of an array follow each other column by column there, as in cvxpy.
    """
    numbers: list[NDArray[np.int64]] = [np.empty(0, dtype=np.int64)]
    first = 0
    for name, shape in shapes:
        size = int(np.prod(shape))
        parts = [one[first : first + size].reshape(shape, order="F") for one in (low, high)]
        if (parts[0] == 0).all() and (parts[1] == 1).all():
            model.binary(shape, name=name)
        else:
            model.integer(shape, parts[0], parts[1], name=name)
        numbers.append(first + np.arange(size).reshape(shape).ravel(order="F"))
        first += size
    return np.concatenate(numbers)
