"""The kernel that finds short frustrated cycles: shortest paths between two copies of a vertex."""

import numpy as np

from hopfield_opt.jit import borrowing_part, njit


@borrowing_part
def push(keys, nodes, size, key, node):
    """Put a node into a binary heap; return its size."""
    place = size
    while place > 0:
        above = (place - 1) // 2
        if keys[above] <= key:
            break
        keys[place], nodes[place] = keys[above], nodes[above]
        place = above
    keys[place], nodes[place] = key, node
    return size + 1


@borrowing_part
def pop(keys, nodes, size):
    """Take the least out of a binary heap; return its key, its node and the size."""
    key, node = keys[0], nodes[0]
    size -= 1
    last, moved = keys[size], nodes[size]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and keys[below + 1] < keys[below]:
            below += 1
        if last <= keys[below]:
            break
        keys[place], nodes[place] = keys[below], nodes[below]
        place = below
    keys[place], nodes[place] = last, moved
    return key, node, size


@borrowing_part
def search(start, neighbour, edge, flips, lengths, source, limit, best, before, by, touched, heap):
    """Measure from one copy of a vertex until the other is reached; return how many were met."""
    keys, nodes = heap
    size = len(start) - 1
    best[source] = 0.0
    touched[0] = source
    met, held = 1, push(keys, nodes, 0, 0.0, source)
    while held > 0:
        key, node, held = pop(keys, nodes, held)
        if node == source + size:
            break
        if key > best[node]:
            continue
        vertex, copy = node % size, node // size
        for p in range(start[vertex], start[vertex + 1]):
            other = neighbour[p] + size * (1 - copy if flips[p] else copy)
            length = key + lengths[edge[p]]
            if length < limit and length < best[other]:
                if best[other] == np.inf:
                    touched[met] = other
                    met += 1
                best[other] = length
                before[other], by[other] = node, edge[p]
                held = push(keys, nodes, held, length, other)
    return met


@borrowing_part
def write(source, goal, before, by, odd, found, written):
    """Write the edges that a walk takes once; return where they end, were there room for all."""
    node = goal
    while node != source:
        odd[by[node]] = not odd[by[node]]
        node = before[node]
    node = goal
    while node != source:
        if odd[by[node]]:
            odd[by[node]] = False
            if written < len(found):
                found[written] = by[node]
            written += 1
        node = before[node]
    return written


@njit
def find_walks(start, neighbour, edge, flips, lengths, sources, limit, most, found, ends):
    """Find the shortest frustrated closed walk through each of some vertices.

    Each vertex has two copies; a negative edge leads from one to the other (Barahona & Mahjoub
    1986). Edges that a walk takes twice are left out: what remains is frustrated as well.

    Parameters
    ----------
    start, neighbour, edge, flips : arrays
        The graph (CSR): to which vertex, by which edge, and whether it is negative.
    lengths : (E,) float64
        The lengths of edges, above 0.
    sources : (S,) int64
        The vertices, in this order.
    limit : float
        Longer walks do not count.
    most : int
        How many walks are enough.
    found : (L,) int64
        The edges of all walks; changed in place.
    ends : (S,) int64
        Where each walk ends in `found`; changed in place.

    Returns
    -------
    count, tried : int
        How many walks were found, and of how many vertices.
    """
    size, arcs = len(start) - 1, len(neighbour)
    best = np.full(2 * size, np.inf)
    before, by = np.zeros(2 * size, np.int64), np.zeros(2 * size, np.int64)
    touched = np.zeros(2 * size, np.int64)
    heap = (np.zeros(2 * arcs + 2), np.zeros(2 * arcs + 2, np.int64))
    odd = np.zeros(len(lengths), np.bool_)
    count, written = 0, 0
    for tried in range(len(sources)):
        source = sources[tried]
        met = search(
            start, neighbour, edge, flips, lengths, source, limit, best, before, by, touched, heap
        )
        if best[source + size] < limit:
            end = write(source, source + size, before, by, odd, found, written)
            if end > len(found):
                return count, tried
            if end > written:
                ends[count] = written = end
                count += 1
        for k in range(met):
            best[touched[k]] = np.inf
        if count >= most:
            return count, tried + 1
    return count, len(sources)
