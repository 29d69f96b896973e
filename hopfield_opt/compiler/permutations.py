"""Permutations among one-hot rows: the lines of square blocks, in whatever order they come."""

from collections.abc import Iterator

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.compiler.rows import Rows
from hopfield_opt.model.nodes import Indices


def find_permutations(rows: Rows, asked: NDArray[np.bool_]) -> Iterator[tuple[Indices, Indices]]:
    """Yield (rows, index matrix) of one-hot rows that are the lines of a square block.

    One-hots are the nodes of a graph, bits that lie in just two of them its edges: a block is
    a component that is complete bipartite with equal sides.
    """
    hot = asked & rows.is_count & (rows.lower == 1) & (rows.upper == 1) & (rows.lengths > 1)
    candidates = np.flatnonzero(hot)
    if len(candidates) < 4:
        return
    deadline.check(2 * rows.matrix.nnz)
    plain = _plain_block(rows, candidates)
    if plain is not None:
        yield candidates, plain
        return
    counts = np.bincount(rows.pick(hot).matrix.indices, minlength=rows.matrix.shape[1])
    candidates = np.flatnonzero(hot & ~rows.some(counts[rows.matrix.indices] != 2))
    if len(candidates) < 4:
        return
    deadline.check(10 * rows.matrix.nnz)
    bits, first, second = _edges(rows.pick(candidates))
    size = len(candidates)
    graph = scipy.sparse.coo_array((np.ones(len(bits)), (first, second)), shape=(size, size))
    # imported here: it brings scipy.linalg along, which every start would wait for
    from scipy.sparse.csgraph import connected_components

    label: Indices = connected_components(graph, directed=False)[1].astype(np.intp)
    yield from ((candidates[members], grid) for members, grid in _grids(bits, first, second, label))


def _plain_block(rows: Rows, hot: Indices) -> Indices | None:
    """Return the index matrix of one-hots that are the rows of a block and then its columns.

    That is how a permutation is written. Other orders are seen as well, in ten times the memory.
    """
    size = len(hot) // 2
    ends = rows.matrix.indptr
    whole = hot[-1] - hot[0] == 2 * size - 1 and (rows.lengths[hot] == size).all()
    if len(hot) != 2 * size or not whole:
        return None
    bits = rows.matrix.indices[ends[hot[0]] : ends[hot[-1] + 1]]
    first, second = bits[: size * size].reshape(size, size), bits[size * size :].reshape(size, size)
    seen = np.zeros(rows.matrix.shape[1], dtype=bool)
    seen[first] = True
    if not np.array_equal(second, first.T) or np.count_nonzero(seen) != first.size:
        return None
    return first.astype(np.intp)


def _edges(rows: Rows) -> tuple[Indices, Indices, Indices]:
    """Return bits that lie in two rows, with the first and the second of the rows."""
    bits, owner = rows.matrix.indices, rows.row_of
    first = np.full(rows.matrix.shape[1], -1)
    second = first.copy()
    # of several values for one place the last one stays
    first[bits[::-1]] = owner[::-1]
    second[bits] = owner
    twice = np.flatnonzero(first < second)
    return twice, first[twice], second[twice]


def _grids(
    bits: Indices, first: Indices, second: Indices, label: Indices
) -> Iterator[tuple[Indices, Indices]]:
    """Yield nodes and index matrix of each component that is a square block."""
    deadline.check(10 * len(bits))
    every = np.arange(len(label))
    leader = every[np.unique(label, return_index=True)[1]]
    across = np.zeros(len(label), dtype=bool)
    # the neighbours of the first one-hot are the other side
    across[second[first == leader[label[first]]]] = True
    sides = 2 * label + across
    ends = np.concatenate([[0], np.cumsum(np.bincount(sides, minlength=2 * len(leader)))])
    order = np.argsort(sides, kind="stable")
    place = np.empty_like(every)
    place[order] = every - ends[sides[order]]
    up = across[first]
    row = np.where(up, place[second], place[first])
    column = np.where(up, place[first], place[second])
    wrong = np.bincount(label[first], up == across[second], len(leader))
    edge_ends = np.concatenate([[0], np.cumsum(np.bincount(label[first], minlength=len(leader)))])
    by_edge = np.argsort(label[first], kind="stable")
    for k, (start, middle, end) in enumerate(zip(ends[:-1:2], ends[1::2], ends[2::2], strict=True)):
        n, edges = middle - start, by_edge[edge_ends[k] : edge_ends[k + 1]]
        if wrong[k] or end - middle != n or len(edges) != n * n:
            continue
        grid = np.full((n, n), -1)
        grid[row[edges], column[edges]] = bits[edges]
        if (grid >= 0).all():
            yield np.sort(order[start:end]), grid
