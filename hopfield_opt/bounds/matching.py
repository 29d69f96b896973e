"""The kernel of least matchings: trees that grow together, and the radii that prove them least.

Each vertex has a ball around it, each blossom a ring around what it holds; an edge is at least as
long as all that it passes through, and tight where it is as long. Outer nodes grow and inner ones
shrink, all by the same, until an edge becomes tight or an inner one is gone (Edmonds 1965). No
radius is ever below 0: where that of an inner vertex would be, the vertices on both sides of it
are joined by an edge through it, which is as long as the way.
"""

import numpy as np

from hopfield_opt.bounds.blossoms import augment, expand, shrink
from hopfield_opt.bounds.forest import FREE, INNER, OUTER, enqueue, enqueue_all, enter
from hopfield_opt.jit import borrowing, borrowing_part

NO_LIMIT = np.iinfo(np.int64).max


@borrowing_part
def reach_back(f, edges, vertex):
    """Note which outer vertices may now reach one that belongs to no tree any more."""
    arc = edges[0][vertex]
    while arc >= 0:
        far = edges[2][arc]
        if f.label[f.top[far]] == OUTER:
            enqueue(f, far)
        arc = edges[1][arc]


@borrowing_part
def dissolve(f, edges, one, other):
    """Take two trees apart, and note which outer vertices may now reach what was in them."""
    for vertex in range(len(f.mate)):
        node = f.top[vertex]
        if f.label[node] != FREE and (f.root[node] == one or f.root[node] == other):
            f.label[node] = FREE
    for vertex in range(len(f.mate)):
        node = f.top[vertex]
        if f.label[node] == FREE and (f.root[node] == one or f.root[node] == other):
            reach_back(f, edges, vertex)


@borrowing_part
def look(f, edges, vertex):
    """Follow the tight edges of an outer vertex; return how many vertices were matched."""
    head, link, ends, lengths = edges
    arc = head[vertex]
    while arc >= 0:
        far = ends[arc]
        node, own = f.top[far], f.top[vertex]
        tight = node != own and lengths[arc // 2] == f.reach[vertex] + f.reach[far]
        arc = link[arc]
        if not tight:
            continue
        if f.label[node] == FREE:
            enter(f, node, f.root[own], vertex, far)
            outer = f.top[f.mate[f.base[node]]]
            f.label[outer], f.root[outer] = OUTER, f.root[own]
            enqueue_all(f, outer)
        elif f.label[node] == OUTER and f.root[node] == f.root[own]:
            shrink(f, vertex, far)
        elif f.label[node] == OUTER:
            one, other = f.root[node], f.root[own]
            augment(f, vertex, far)
            augment(f, far, vertex)
            dissolve(f, edges, one, other)
            return 2
    return 0


@borrowing_part
def room(f, edges):
    """Return by how much outer nodes can grow."""
    head, link, ends, lengths = edges
    most = NO_LIMIT
    for vertex in range(len(f.mate)):
        own = f.top[vertex]
        if f.label[own] == INNER and f.radius[own] < most:
            most = f.radius[own]
        if f.label[own] != OUTER:
            continue
        arc = head[vertex]
        while arc >= 0:
            far = ends[arc]
            node = f.top[far]
            if node != own and f.label[node] != INNER:
                slack = lengths[arc // 2] - f.reach[vertex] - f.reach[far]
                if f.label[node] == OUTER:
                    slack //= 2
                most = min(most, slack)
            arc = link[arc]
    return most


@borrowing_part
def grow(f, step):
    """Let outer nodes grow and inner ones shrink."""
    for vertex in range(len(f.mate)):
        node = f.top[vertex]
        sign = 1 if f.label[node] == OUTER else -1 if f.label[node] == INNER else 0
        f.reach[vertex] += sign * step
        if vertex == f.first[node]:
            f.radius[node] += sign * step
            if sign < 0 and f.radius[node] == 0:
                enter(f, node, f.root[node], f.outside[node], f.inside[node])
        if sign == 1:
            enqueue(f, vertex)


@borrowing_part
def bridge(f, edges, vertex, count):
    """Join both sides of an inner vertex without radius by an edge; return how many there are."""
    head, link, ends, lengths = edges
    near, far = f.outside[vertex], f.mate[vertex]
    if 2 * count + 1 >= len(ends):
        return -1
    lengths[count] = f.reach[near] + f.reach[far]
    for arc, start, end in ((2 * count, near, far), (2 * count + 1, far, near)):
        ends[arc] = end
        link[arc] = head[start]
        head[start] = arc
    enqueue(f, near)
    enqueue(f, far)
    return count + 1


@borrowing_part
def flatten(f, edges, node, count):
    """Do away with an inner node without radius; return how many edges there are."""
    if node < len(f.mate):
        return bridge(f, edges, node, count)
    first, last = f.first[node], f.last[node]
    expand(f, node)
    vertex = first
    while True:
        if f.label[f.top[vertex]] == FREE:
            reach_back(f, edges, vertex)
        if vertex == last:
            break
        vertex = f.after[vertex]
    return count


@borrowing_part
def settle(f, edges, count):
    """Follow tight edges, and do away with flat nodes, until there are no more.

    Returns the edges, -1 where there was no room for more, and the vertices that were matched.
    """
    size, nodes = len(f.mate), len(f.flat) - 1
    matched = 0
    while count >= 0:
        if f.queue[size] > 0:
            f.queue[size] -= 1
            vertex = f.queue[f.queue[size]]
            f.is_queued[vertex] = False
            if f.label[f.top[vertex]] == OUTER:
                matched += look(f, edges, vertex)
        elif f.flat[nodes] > 0:
            f.flat[nodes] -= 1
            node = f.flat[f.flat[nodes]]
            f.is_flat[node] = False
            alone = f.parent[node] < 0 and f.radius[node] == 0
            if alone and f.label[node] == INNER:
                count = flatten(f, edges, node, count)
        else:
            break
    return count, matched


@borrowing
def match(f, edges, count, most):
    """Match all vertices; the radii of all nodes, summed up, prove it least.

    Parameters
    ----------
    f : Forest
        The nodes: all free, without radii, each vertex the root of a tree; changed in place.
    edges : tuple of int64 arrays
        The first arc of each vertex, the next arc of the same vertex, where an arc leads, and the
        length of each edge, an even number, whose arcs are 2 e and 2 e + 1. There is room for
        more at their ends.
    count : int
        The edges.
    most : int
        How often nodes may grow before it returns: somebody may want to look at the time.

    Returns
    -------
    count : int
        The edges; -1 where there was no room for more, -2 where not all can be matched.
    unmatched : int
        The vertices that are not matched yet.
    """
    size = len(f.mate)
    unmatched = 0
    for vertex in range(size):
        unmatched += f.mate[vertex] < 0
    for _ in range(most):
        count, matched = settle(f, edges, count)
        unmatched -= matched
        if count < 0 or unmatched == 0:
            break
        step = room(f, edges)
        if step == NO_LIMIT:
            return -2, unmatched
        grow(f, step)
    return count, unmatched
