"""Arrays of polynomials in coordinates: what an expression becomes when it must be expanded.

A `Part` holds all monomials of one degree of an array of polynomials, sorted by the entry of
the array that they belong to. All operations are a few numpy calls, whatever the size.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.arrays import check_memory
from hopfield_opt.exactness import are_exact
from hopfield_opt.model.nodes import WHOLE_ARRAYS, AnyMatrix, Floats, Indices

# of a monomial of an expression while it is made
BYTES_PER_MONOMIAL = 50
# what is left of decimals that cancel, relative to the sum of their sizes
CANCELLED = 1e-14


@dataclass(frozen=True, eq=False)
class Part:
    """Monomials of one degree: `coefficients[k] * prod(values[factors[k]])` adds to `rows[k]`."""

    rows: Indices  # (K,) not decreasing
    factors: Indices  # (K, degree)
    coefficients: Floats  # (K,)

    def pick(self, chosen: NDArray[np.intp] | NDArray[np.bool_]) -> "Part":
        """Return some of the monomials."""
        return Part(self.rows[chosen], self.factors[chosen], self.coefficients[chosen])


Terms = Mapping[int, Part]  # degree -> monomials


def ranges(starts: Indices, counts: Indices) -> Indices:
    """Return `starts[k], starts[k] + 1, ...` (`counts[k]` numbers) for all k in one array.

    Examples
    --------
    >>> ranges(np.array([5, 0]), np.array([2, 3]))
    array([5, 6, 0, 1, 2])
    """
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.asarray(np.arange(total) + np.repeat(starts - (ends - counts), counts))


def constants(values: Floats) -> Part:
    """Return an array of numbers as monomials of degree 0."""
    rows = np.flatnonzero(values)
    return Part(rows, np.empty((len(rows), 0), np.intp), values.ravel()[rows])


def tally(places: NDArray[Any], weights: NDArray[Any], size: int) -> Floats:
    """Return the sum of the weights at each place 0..size-1."""
    return np.asarray(np.bincount(places, weights, size), dtype=np.float64)


def gather(terms: Terms, positions: Indices, size: int, group: int = 1) -> Terms:
    """Return entries `positions` of an array of `size`, every `group` of them added up."""
    return {degree: _gather(part, positions, size, group) for degree, part in terms.items()}


def _gather(part: Part, positions: Indices, size: int, group: int) -> Part:
    if _one_each(part, size):
        _check_size(len(positions))
        deadline.check(3 * len(positions))
        rows = np.arange(len(positions)) // group
        return Part(rows, part.factors[positions], part.coefficients[positions])
    deadline.check(len(part.rows))
    starts = row_starts(part.rows, size)
    counts = (starts[1:] - starts[:-1])[positions]
    chosen = ranges(starts[positions], counts)
    _check_size(len(chosen))
    deadline.check(3 * len(chosen))
    rows = np.repeat(np.arange(len(positions)) // group, counts)
    return Part(rows, part.factors[chosen], part.coefficients[chosen])


def row_starts(rows: Indices, size: int) -> Indices:
    """Return where each row begins in a sorted list of rows, and the end."""
    return np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=size))])


def scale(terms: Terms, factors: Floats) -> Terms:
    """Return entry r times `factors[r]`."""
    return {
        degree: Part(part.rows, part.factors, part.coefficients * factors[part.rows])
        for degree, part in terms.items()
    }


def multiply_matrix(matrix: AnyMatrix, terms: Terms, shape: tuple[int, int], left: bool) -> Terms:
    """Return `matrix @ array` (or `array @ matrix`) for an array of polynomials of `shape`."""
    n, m = shape
    rows = scipy.sparse.csr_array(matrix if left else matrix.T)
    deadline.check(rows.nnz * (m if left else n))
    lengths = np.diff(rows.indptr).astype(np.intp)
    # for each entry of the result the places of the array that it adds up, and their factors
    if left:
        line, beside = np.divmod(np.arange(rows.shape[0] * m), max(m, 1))
    else:
        beside, line = np.divmod(np.arange(n * rows.shape[0]), max(rows.shape[0], 1))
    entries = ranges(rows.indptr[line].astype(np.intp), lengths[line])
    other = np.repeat(beside, lengths[line])
    column = rows.indices[entries].astype(np.intp)
    positions = column * m + other if left else other * m + column
    owners = np.repeat(np.arange(len(line)), lengths[line])
    spread = scale(gather(terms, positions, n * m), rows.data[entries])
    return {
        degree: Part(owners[part.rows], part.factors, part.coefficients)
        for degree, part in spread.items()
    }


def join(left: Terms, right: Terms, size: int) -> Terms:
    """Return the elementwise product of two arrays of polynomials."""
    products = []
    for one in left.values():
        for other in right.values():
            deadline.check(4 * len(one.rows))
            if _one_each(one, size) and _one_each(other, size):
                factors = np.hstack([one.factors, other.factors])
                products.append(Part(one.rows, factors, one.coefficients * other.coefficients))
                continue
            starts = row_starts(other.rows, size)
            counts = (starts[1:] - starts[:-1])[one.rows]
            _check_size(int(counts.sum()))
            deadline.check(6 * int(counts.sum()))
            first = np.repeat(np.arange(len(one.rows)), counts)
            second = ranges(starts[one.rows], counts)
            products.append(
                Part(
                    one.rows[first],
                    np.hstack([one.factors[first], other.factors[second]]),
                    one.coefficients[first] * other.coefficients[second],
                )
            )
    return merge(products)


def _one_each(part: Part, size: int) -> bool:
    return len(part.rows) == size and bool((part.rows == np.arange(size)).all())


def merge(parts: Iterable[Part]) -> Terms:
    """Return parts of any degrees as one array of polynomials, sorted by row."""
    by_degree: dict[int, list[Part]] = {}
    for part in deadline.check_each(parts, 100):
        if len(part.rows):
            by_degree.setdefault(part.factors.shape[1], []).append(part)
    return {degree: _concatenate(by_degree[degree]) for degree in sorted(by_degree)}


def _concatenate(parts: list[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    deadline.check(4 * sum(len(part.rows) for part in parts))
    whole = Part(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.factors for part in parts]),
        np.concatenate([part.coefficients for part in parts]),
    )
    if (whole.rows[1:] >= whole.rows[:-1]).all():
        return whole
    deadline.check(10 * len(whole.rows))
    return whole.pick(np.argsort(whole.rows, kind="stable"))


def reduce_powers(terms: Terms, is_spin: NDArray[np.bool_]) -> Terms:
    """Return the same polynomials with x^2 = x, s^2 = 1, equal monomials collected."""
    parts = []
    for degree, part in terms.items():
        parts += [part] if degree < 2 else _drop_powers(part, is_spin)
    return {
        degree: part
        for degree, part in ((d, _collect(p)) for d, p in merge(parts).items())
        if len(part.rows)
    }


def _drop_powers(part: Part, is_spin: NDArray[np.bool_]) -> list[Part]:
    deadline.check(3 * part.factors.size)
    factors = np.sort(part.factors, axis=1)
    twice = factors[:, 1:] == factors[:, :-1]
    if not twice.any():
        return [Part(part.rows, factors, part.coefficients)]
    for column in range(1, factors.shape[1]):
        here, before = factors[:, column], factors[:, column - 1]
        same = (here == before) & (here >= 0)
        spin = same & is_spin[here]
        # of two equal bits one goes, of two equal spins both
        before[same] = -1
        here[spin] = -1
    factors = np.sort(factors, axis=1)
    degrees = (factors >= 0).sum(axis=1)
    return [
        Part(part.rows[own], factors[own, factors.shape[1] - degree :], part.coefficients[own])
        for degree in np.unique(degrees).tolist()
        for own in [np.flatnonzero(degrees == degree)]
    ]


def _collect(part: Part) -> Part:
    deadline.check(10 * len(part.rows))
    keys = np.column_stack([part.rows, part.factors])
    order = np.lexsort(keys.T[::-1])
    keys = keys[order]
    new = np.ones(len(keys), dtype=bool)
    new[1:] = (keys[1:] != keys[:-1]).any(axis=1)
    starts = np.flatnonzero(new)
    sums = np.add.reduceat(part.coefficients[order], starts) if len(starts) else np.empty(0)
    nonzero = sums != 0
    kept = keys[starts][nonzero]
    return Part(kept[:, 0], kept[:, 1:], sums[nonzero])


def linear_rows(terms: Terms, size: int, width: int) -> tuple[scipy.sparse.csr_array, Floats]:
    """Return an array of affine expressions as a sparse matrix and its constants."""
    shift = np.zeros(size)
    if 0 in terms:
        np.add.at(shift, terms[0].rows, terms[0].coefficients)
    if 1 not in terms:
        return scipy.sparse.csr_array((size, width)), shift
    part = terms[1]
    deadline.check(2 * len(part.rows))
    matrix = _row_sums(part, part.coefficients, size, width)
    if matrix.nnz < len(part.rows) and not are_exact(part.coefficients):
        # 0.3 - 0.2 - 0.1 is a zero, too
        sizes = _row_sums(part, np.abs(part.coefficients), size, width)
        matrix.data[np.abs(matrix.data) < CANCELLED * sizes.data] = 0.0
    matrix.eliminate_zeros()
    return matrix, shift


def _row_sums(part: Part, values: Floats, size: int, width: int) -> scipy.sparse.csr_array:
    """Return the matrix of monomials of degree 1 with the sum of the values at each place."""
    # the sums are made in place: they must not be made in the monomials
    entries = (values.copy(), part.factors[:, 0].copy(), row_starts(part.rows, size))
    matrix = scipy.sparse.csr_array(entries, shape=(size, width))
    matrix.sum_duplicates()
    return matrix


def _check_size(count: int) -> None:
    check_memory("expression", BYTES_PER_MONOMIAL * count, WHOLE_ARRAYS)
