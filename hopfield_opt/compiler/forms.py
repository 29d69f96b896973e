"""The shape of penalties: integer rows as squares, with the smallest slack.

With S the integer value of a row and lower <= S <= upper (L = upper - lower):

* L = 0: the penalty is (S - lower)^2, at least 1 when violated;
* L > 0: the penalty is u (u - 1) / 2 with u = S - lower - t and a slack t in 0..L-1. It is 0 for
  u = 0 and u = 1 and at least 1 for every other integer, so that t need not be S - lower
  exactly: steps of 2 are enough, t = 2 b1 + 4 b2 + ... , one bit less than a square needs.

With L = 1 there is no slack at all. This one formula holds the usual table: `x y` for
x + y <= 1, `(1 - x) (1 - y)` for x + y >= 1, `x (1 - y)` for x <= y, and `(S^2 - S) / 2` for at
most one of many. As u (u - 1) / 2 = ((u - 1/2)^2 - 1/4) / 2, all are squares of a linear form.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.compiler.cost import Cost, Pairs, Squares
from hopfield_opt.compiler.rows import Rows
from hopfield_opt.compiler.terms import ranges
from hopfield_opt.errors import InputError
from hopfield_opt.model.nodes import Floats, Indices

# beyond this the couplings of one constraint span more than single precision
LARGEST_SLACK = 2**24

# bits of slack where coefficients have no common denominator and the penalty is approximate
APPROXIMATE_BITS = 12

# a square of up to so many bits has pairs that need at most 4 times the memory of its row
SHORT_SQUARE = 5


def half_slack(length: float) -> list[float]:
    """Return weights of bits for t in 0..length-1, with sums at most 2 apart.

    Examples
    --------
    >>> half_slack(1), half_slack(2), half_slack(10)
    ([], [1], [2, 4, 3])
    """
    largest = int(length) - 1
    weights: list[float] = []
    step = 2
    while largest > 0:
        weights.append(min(step, largest))
        largest -= min(step, largest)
        step *= 2
    return weights


def full_slack(length: float) -> list[float]:
    """Return weights of bits for every t in 0..length, and for every t that is whole steps below.

    Examples
    --------
    >>> full_slack(5), full_slack(2.5)
    ([1, 2, 2], [0.5, 1, 1])
    """
    left = int(length)
    weights: list[float] = [length - left] if length > left else []
    step = 1
    while left > 0:
        weights.append(min(step, left))
        left -= min(step, left)
        step *= 2
    return weights


@dataclass(frozen=True, eq=False)
class Forms:
    """Penalties `coefficient * ((row - slack - shift)^2 - drop)` of rows over x = 0 or 1.

    Attributes
    ----------
    rows : Rows
        The rows, without slack.
    shift, coefficients, drop : (m,) float64
        The numbers of the formula.
    starts : (m + 1,) int
        Where the slack bits of each row begin, counted from `first`.
    weights : (K,) float64
        The weights of the slack bits.
    first : int
        The number of the first slack bit.
    exact : (m,) bool
        Whether coefficients are integers: else a violation may cost next to nothing, and slack
        is approximate.
    """

    rows: Rows
    shift: Floats
    coefficients: Floats
    drop: Floats
    starts: Indices
    weights: Floats
    first: int
    exact: NDArray[np.bool_]

    @property
    def num_bits(self) -> int:
        """The number of bits, these slacks included."""
        return self.first + len(self.weights)

    def cost(self, strengths: Floats, chosen: NDArray[np.bool_] | None = None) -> Cost:
        """Return the penalties of (some of) the rows, times their strengths, over spins."""
        deadline.check(6 * self.rows.matrix.nnz)
        pick = np.flatnonzero(np.ones(len(self.rows), bool) if chosen is None else chosen)
        matrix = self._with_slack()
        matrix = matrix if len(pick) == len(self.rows) else matrix[pick]
        weights = strengths[pick] * self.coefficients[pick]
        # x = (1 + s) / 2
        shift = 0.5 * np.asarray(matrix.sum(axis=1)).ravel() - self.shift[pick]
        own = scipy.sparse.csr_array(
            (0.5 * matrix.data, matrix.indices, matrix.indptr), shape=matrix.shape
        )
        constant = -float(weights @ self.drop[pick])
        return _square_cost(own, shift, weights, constant)

    def _with_slack(self) -> scipy.sparse.csr_array:
        if not len(self.weights):
            return self.rows.matrix
        slack = scipy.sparse.csr_array(
            (-self.weights, np.arange(len(self.weights)), self.starts),
            shape=(len(self.rows), len(self.weights)),
        )
        return scipy.sparse.csr_array(scipy.sparse.hstack([self.rows.matrix, slack], format="csr"))

    @property
    def _reach(self) -> Floats:
        """How far below a sum of slack bits (m,) a row may lie that is nearest to it.

        Slack of an approximate row is a grid, whose least weight is one step.
        """
        reach = np.full(len(self.rows), 1e-9)
        for row in np.flatnonzero(~self.exact & (np.diff(self.starts) > 0)).tolist():
            reach[row] = 0.5 * self.weights[self.starts[row] : self.starts[row + 1]].min()
        return reach

    def best_slack(self, bits: Floats) -> Floats:
        """Return the slack bits (R, K) that make each penalty smallest, for x = 0 or 1 (R, n)."""
        value = np.asarray((self.rows.matrix @ bits[:, : self.first].T).T)
        # the shift of a triangular form is half above the lower bound
        rest = value - (self.shift - 2.0 * self.drop) + self._reach
        slack = np.zeros((len(bits), len(self.weights)))
        owner = np.repeat(np.arange(len(self.rows)), np.diff(self.starts))
        rank = np.arange(len(self.weights)) - self.starts[owner]
        last = np.diff(self.starts)[owner] - 1 - rank
        for step in range(int(last.max(initial=-1)) + 1):
            # the bounded last weight first, then downwards: what is left always fits
            columns = np.flatnonzero(last == step)
            rows = owner[columns]
            take = rest[:, rows] >= self.weights[columns]
            slack[:, columns] = take
            rest[:, rows] -= take * self.weights[columns]
        return slack


def penalty_forms(
    rows: Rows, first: int, names: list[str], exact: NDArray[np.bool_], soft: bool = False
) -> Forms:
    """Return the penalties of rows; of soft ones with squares, so that the price is amount^2.

    The slack of a soft row takes the values that the row has within its range, and the bound
    itself; where the range lies out of reach there is none, and all that can be reached is dear.
    """
    low, high = rows.activity
    lower, upper = np.maximum(rows.lower, low), np.minimum(rows.upper, high)
    if soft:
        lower = np.where(upper < low, upper, lower)
    length = np.maximum(upper - lower, 0.0)
    _check_slack(length, rows, names)
    half = exact & (length > 0) & (not soft)
    counts, weights = _slack(length, exact, full_slack if soft else half_slack)
    return Forms(
        rows=rows.widen(first),
        shift=lower + np.where(half, 0.5, 0.0),
        coefficients=np.where(half, 0.5, 1.0),
        drop=np.where(half, 0.25, 0.0),
        starts=np.concatenate([[0], np.cumsum(counts)]),
        weights=weights,
        first=first,
        exact=exact,
    )


def _slack(
    length: Floats, exact: NDArray[np.bool_], weights_of: Callable[[Any], Sequence[float]]
) -> tuple[Indices, Floats]:
    """Return how many bits of slack each row has, and the weights of all."""
    table = []
    # a few kinds of rows, each made once; below 0 those that are not exact
    keys, kind = np.unique(np.where(exact, length, -length), return_inverse=True)
    for key in keys.tolist():
        if key >= 0:
            table.append(np.array(weights_of(key)))
        else:
            grid = np.array(full_slack(2**APPROXIMATE_BITS - 1))
            table.append(grid * (-key / (2**APPROXIMATE_BITS - 1)))
    sizes = np.array([len(one) for one in table], dtype=np.intp)
    starts = np.cumsum(sizes) - sizes
    every = np.concatenate([np.empty(0), *table])
    return sizes[kind], every[ranges(starts[kind], sizes[kind])]


def _check_slack(length: Floats, rows: Rows, names: list[str]) -> None:
    large = np.flatnonzero(length > LARGEST_SLACK)
    if len(large):
        name = names[rows.owner[large[0]]]
        raise InputError(
            f"slack must be at most {LARGEST_SLACK}, got {length[large[0]]:.0f} at {name!r}. "
            "Round its coefficients, or keep it as a range with structure='auto'."
        )


def _short_squares(
    a: Floats, bits: Indices, shift: Floats, w: Floats
) -> tuple[float, tuple[Indices, Floats], Pairs]:
    """Return constant, linear part (bits and coefficients) and pairs of `w (a @ s + shift)^2`."""
    constant = float(w @ (shift**2 + (a**2).sum(axis=1)))
    pull = 2.0 * (w * shift)[:, None] * a
    i, j = np.triu_indices(a.shape[1], 1)
    strength = 2.0 * w[:, None] * a[:, i]
    strength *= a[:, j]
    pairs = Pairs(bits[:, i].ravel(), bits[:, j].ravel(), strength.ravel())
    return constant, (bits.ravel(), pull.ravel()), pairs


def _square_cost(
    matrix: scipy.sparse.csr_array, shift: Floats, weights: Floats, constant: float
) -> Cost:
    """Return `sum weights * (matrix @ s + shift)^2 + constant`, short rows as pairs."""
    size = matrix.shape[1]
    lengths = np.diff(matrix.indptr).astype(np.intp)
    linear, pairs = np.zeros(size), []
    for length in range(1, SHORT_SQUARE + 1):
        rows = np.flatnonzero(lengths == length)
        if not len(rows):
            continue
        places = ranges(matrix.indptr[rows].astype(np.intp), lengths[rows]).reshape(-1, length)
        found = _short_squares(
            matrix.data[places], matrix.indices[places].astype(np.intp), shift[rows], weights[rows]
        )
        constant += found[0]
        linear += np.bincount(*found[1], size)
        pairs.append(found[2])
    constant += float(weights[lengths == 0] @ shift[lengths == 0] ** 2)
    long = np.flatnonzero(lengths > SHORT_SQUARE)
    squares: tuple[Squares, ...] = ()
    if len(long):
        squares = (Squares(scipy.sparse.csr_array(matrix[long]), shift[long], weights[long]),)
    return Cost(constant, linear, tuple(pairs), squares)
