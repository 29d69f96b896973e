"""Couplings in coordinates become a symmetric CSR matrix, by two passes of counting sort.

Rows are sorted and equal pairs summed in the order in which they came, so that the matrix is
symmetric to the last bit; what sums to 0 is left out.
"""

from typing import Any

import numpy as np

from hopfield_opt.jit import njit, part
from hopfield_opt.model.nodes import Floats, Indices

# Rows per bucket 2^9: the counters and the entries of a bucket stay in the cache, where a
# counting sort over all rows at once would miss it with every entry.
SHIFT = 9
# rows up to this length are sorted by insertion
SHORT = 24


@njit
def assemble(
    heads: Indices, tails: Indices, values: Floats, size: int
) -> tuple[Indices, Indices, Floats]:
    """Return (indptr, indices, data) of the matrix with each value at (head, tail), (tail, head).

    Examples
    --------
    >>> one = np.ones(1, np.int64)
    >>> assemble(0 * one, one, np.ones(1), 2)
    (array([0, 1, 2]), array([1, 0], dtype=int32), array([1., 1.]))
    """
    ends, rows, columns, entries = _by_bucket(heads, tails, values, size)
    indptr = np.zeros(size + 1, dtype=np.int64)
    starts = np.empty((1 << SHIFT) + 1, dtype=np.int64)
    filled = 0
    for bucket in range(len(ends) - 1):
        first, last = ends[bucket], ends[bucket + 1]
        base = bucket << SHIFT
        own_columns, own_entries = _by_row(
            rows[first:last] - base, columns[first:last], entries[first:last], starts
        )
        for row in range(min(1 << SHIFT, size - base)):
            low, high = starts[row], starts[row + 1]
            _sort(own_columns[low:high], own_entries[low:high])
            # what is written never overtakes what is still to be read
            filled = _sum_row(
                own_columns[low:high], own_entries[low:high], columns, entries, filled
            )
            indptr[base + row + 1] = filled
    return indptr, columns[:filled].copy(), entries[:filled].copy()


@part
def _by_bucket(
    heads: Indices, tails: Indices, values: Floats, size: int
) -> tuple[Any, Any, Any, Floats]:
    """Return where each bucket of rows ends, and rows, columns, entries in their order in it."""
    count = len(heads)
    ends: Indices = np.zeros((size >> SHIFT) + 2, dtype=np.int64)
    for k in range(count):
        ends[(heads[k] >> SHIFT) + 1] += 1
        ends[(tails[k] >> SHIFT) + 1] += 1
    ends = np.cumsum(ends)
    places = ends[:-1].copy()
    rows = np.empty(2 * count, dtype=np.int32)
    columns = np.empty(2 * count, dtype=np.int32)
    entries = np.empty(2 * count, dtype=np.float64)
    for k in range(count):
        head, tail = heads[k], tails[k]
        at = places[head >> SHIFT]
        places[head >> SHIFT] = at + 1
        rows[at], columns[at], entries[at] = head, tail, values[k]
        at = places[tail >> SHIFT]
        places[tail >> SHIFT] = at + 1
        rows[at], columns[at], entries[at] = tail, head, values[k]
    return ends, rows, columns, entries


@part
def _by_row(
    rows: Indices, columns: Indices, entries: Floats, starts: Indices
) -> tuple[Indices, Floats]:
    """Return the entries of a bucket row after row; `starts` gets where each row begins."""
    starts[:] = 0
    for row in rows:
        starts[row + 1] += 1
    for row in range(len(starts) - 1):
        starts[row + 1] += starts[row]
    places = starts[:-1].copy()
    own_columns, own_entries = np.empty_like(columns), np.empty_like(entries)
    for k in range(len(rows)):
        at = places[rows[k]]
        places[rows[k]] = at + 1
        own_columns[at], own_entries[at] = columns[k], entries[k]
    return own_columns, own_entries


@part
def _sort(columns: Indices, entries: Floats) -> None:
    """Sort a row by column; entries of one column stay in their order."""
    if len(columns) > SHORT:
        order = np.argsort(columns, kind="mergesort")
        columns[:], entries[:] = columns[order], entries[order]
        return
    for k in range(1, len(columns)):
        column, entry = columns[k], entries[k]
        j = k - 1
        while j >= 0 and columns[j] > column:
            columns[j + 1], entries[j + 1] = columns[j], entries[j]
            j -= 1
        columns[j + 1], entries[j + 1] = column, entry


@part
def _sum_row(
    columns: Indices, entries: Floats, to_columns: Indices, to_entries: Floats, filled: int
) -> int:
    """Write a sorted row with equal columns added up, and return how much is written by then."""
    k = 0
    while k < len(columns):
        column, entry = columns[k], entries[k]
        k += 1
        while k < len(columns) and columns[k] == column:
            entry += entries[k]
            k += 1
        if entry != 0.0:
            to_columns[filled], to_entries[filled] = column, entry
            filled += 1
    return filled
