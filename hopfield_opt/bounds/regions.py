"""Kernels of balls around faces: which defects are near each other, and what radii cut off."""

import numpy as np

from hopfield_opt.bounds.odd_walks import pop, push
from hopfield_opt.jit import borrowing, borrowing_part


@borrowing_part
def spread(graph, key, met, held, heap, limit, order, number, few):
    """Reach further faces from those in the heap, nearest first; return how many were reached.

    None is further than a limit, or than so many defects.
    """
    start, neighbour, length = graph
    keys, nodes = heap
    count = 0
    while held > 0:
        near, face, held = pop(keys, nodes, held)
        if near > limit:
            break
        if near > key[face] or met[face]:
            continue
        met[face] = True
        order[count] = face
        count += 1
        few -= number[face] >= 0
        if few == 0:
            limit = near
        for p in range(start[face], start[face + 1]):
            far = near + length[p]
            if far < key[neighbour[p]]:
                key[neighbour[p]] = far
                held = push(keys, nodes, held, far, neighbour[p])
    return count


@borrowing_part
def forget(graph, key, met, order, count):
    """Take back what `spread` has noted."""
    start, neighbour, _ = graph
    for k in range(count):
        face = order[k]
        met[face] = False
        key[face] = np.inf
        for p in range(start[face], start[face + 1]):
            key[neighbour[p]] = np.inf


@borrowing
def find_near(graph, faces, number, few, key, met, heap, order, pairs, lengths):
    """Find the defects near each other, with their distances.

    Parameters
    ----------
    graph : tuple of arrays
        The graph of faces (CSR): first arcs, neighbours, lengths.
    faces : (n,) int64
        The faces of the defects.
    number : (F,) int64
        Which defect a face is, -1 if none.
    few : (n,) int64
        Of how many at most for each; more are found where they are as far as the last of them.
    key, met : (F,) float64 and bool
        Infinite, and False; the same again at the end.
    heap : pair of arrays
        Room for the arcs, and for the faces.
    order : (F,) int64
        Room.
    pairs, lengths : (2, K) int64, (K,) float64
        The defects that were found; changed in place.

    Returns
    -------
    int
        How many pairs; K where there may be no room for more.
    """
    found = 0
    for one in range(len(faces)):
        key[faces[one]] = 0.0
        held = push(heap[0], heap[1], 0, 0.0, faces[one])
        count = spread(graph, key, met, held, heap, np.inf, order, number, few[one] + 1)
        for k in range(count):
            other = number[order[k]]
            if other >= 0 and other != one and found < len(lengths):
                pairs[0, found], pairs[1, found], lengths[found] = one, other, key[order[k]]
                found += 1
        forget(graph, key, met, order, count)
        if found == len(lengths):
            break
    return found


@borrowing_part
def below(f, vertex, node):
    """Return the radii of all that holds a vertex within a node."""
    total = 0.0
    while vertex != node:
        total += f.radius[vertex]
        vertex = f.parent[vertex]
    return total


@borrowing
def cut(f, node, graph, faces, number, edge, key, met, heap, order, inside, edges, ends, weights):
    """Write the cuts around a node: what of its ring lies between one face and the next.

    Parameters
    ----------
    f : Forest
        The nodes and their radii.
    node : int
        The one.
    graph, faces, number, key, met, heap, order
        As above; the lengths are whole numbers.
    edge : (A,) int64
        The edge of each arc between faces.
    inside : (F,) bool
        False; the same again at the end.
    edges : (L,) int64
        The edges of the cuts, one after the other; changed in place.
    ends : (K,) int64
        Where each ends.
    weights : (K,) float64
        How wide the ring is there.

    Returns
    -------
    int
        The number of cuts; -1 where there was no room for them.
    """
    start, neighbour, _ = graph
    radius, held, vertex = float(f.radius[node]), 0, f.first[node]
    while True:
        near = -below(f, vertex, node)
        key[faces[vertex]] = near
        held = push(heap[0], heap[1], held, near, faces[vertex])
        if vertex == f.last[node]:
            break
        vertex = f.after[vertex]
    # what is at its end is outside
    count = spread(graph, key, met, held, heap, radius - 0.5, order, number, -1)
    level, reached, written, cuts = 0.0, 0, 0, 0
    while level < radius and cuts >= 0:
        while reached < count and key[order[reached]] <= level:
            inside[order[reached]] = True
            reached += 1
        beyond = radius if reached == count else min(radius, key[order[reached]])
        for k in range(reached):
            for p in range(start[order[k]], start[order[k] + 1]):
                if not inside[neighbour[p]]:
                    if written < len(edges):
                        edges[written] = edge[p]
                    written += 1
        if written > len(edges) or cuts == len(ends):
            cuts = -1
            break
        ends[cuts], weights[cuts] = written, beyond - level
        cuts += 1
        level = beyond
    for k in range(reached):
        inside[order[k]] = False
    forget(graph, key, met, order, count)
    return cuts
