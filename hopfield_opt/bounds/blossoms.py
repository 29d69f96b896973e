"""The kernels of matchings: blossoms, paths through them, and how they are made and taken apart.

A blossom is an odd ring of nodes, joined by edges that are tight; the trees of Edmonds (1965) grow
over the nodes that no other holds.
"""

from hopfield_opt.bounds.forest import FREE, INNER, OUTER, enqueue_all, enter
from hopfield_opt.jit import borrowing_part


@borrowing_part
def above(f, node):
    """Return the outer node from which the tree came to an outer one; -1 at its root."""
    mate = f.mate[f.base[node]]
    return -1 if mate < 0 else f.top[f.outside[f.top[mate]]]


@borrowing_part
def meeting(f, one, other):
    """Return the outer node in which the ways from two outer ones to their root meet."""
    count, meet = 0, -1
    while meet < 0:
        # a step on one way, then on the other: no longer than to where they meet
        if one >= 0:
            if f.is_met[one]:
                meet = one
            f.is_met[one] = True
            f.stack[count] = one
            count += 1
            one = above(f, one)
        one, other = other, one
    for k in range(count):
        f.is_met[f.stack[k]] = False
    return meet


@borrowing_part
def join(f, node, following, here, there):
    """Make one node follow another in a ring, by an edge."""
    f.following[node], f.preceding[following] = following, node
    f.here[node], f.there[node] = here, there


@borrowing_part
def close(f, u, v, meet):
    """Make a ring of the two ways from an edge to where they meet."""
    # downwards to u, over the edge, and upwards from v
    node, last = f.top[u], f.top[v]
    join(f, node, last, u, v)
    while node != meet:
        mate = f.mate[f.base[node]]
        inner = f.top[mate]
        join(f, inner, node, mate, f.base[node])
        outer = f.top[f.outside[inner]]
        join(f, outer, inner, f.outside[inner], f.inside[inner])
        node = outer
    node = last
    while node != meet:
        mate = f.mate[f.base[node]]
        inner = f.top[mate]
        join(f, node, inner, f.base[node], mate)
        outer = f.top[f.outside[inner]]
        join(f, inner, outer, f.inside[inner], f.outside[inner])
        node = outer


@borrowing_part
def shrink(f, u, v):
    """Make a blossom of the ring that an edge closes between outer nodes of one tree."""
    meet = meeting(f, f.top[u], f.top[v])
    close(f, u, v, meet)
    spare = len(f.spare) - 1
    f.spare[spare] -= 1
    new = f.spare[f.spare[spare]]
    f.base[new], f.child[new], f.parent[new] = f.base[meet], meet, -1
    f.label[new], f.root[new], f.radius[new] = OUTER, f.root[meet], 0
    node, f.first[new] = meet, f.first[meet]
    while True:
        f.parent[node] = new
        if f.label[node] == INNER:
            enqueue_all(f, node)
        f.last[new] = f.last[node]
        node = f.following[node]
        if node == meet:
            break
        f.after[f.last[new]] = f.first[node]
    vertex = f.first[new]
    while True:
        f.top[vertex] = new
        if vertex == f.last[new]:
            break
        vertex = f.after[vertex]


@borrowing_part
def place_of(f, blossom, vertex):
    """Return the node in the ring of a blossom that holds a vertex, and how far it is to the base.

    The distance is along the ring, from the base on.
    """
    node = vertex
    while f.parent[node] != blossom:
        node = f.parent[node]
    steps, place = 0, f.child[blossom]
    while place != node:
        place = f.following[place]
        steps += 1
    return node, steps


@borrowing_part
def rebase(f, node, vertex):
    """Match a node by another of its vertices: edges in its rings change over."""
    f.stack[0], f.stack[1] = node, vertex
    count = 1
    while count > 0:
        count -= 1
        blossom, vertex = f.stack[2 * count], f.stack[2 * count + 1]
        f.base[blossom] = vertex
        if blossom < len(f.mate):
            continue
        start, steps = place_of(f, blossom, vertex)
        f.stack[2 * count], f.stack[2 * count + 1] = start, vertex
        count += 1
        place, end = start, f.child[blossom]
        f.child[blossom] = start
        while place != end:
            if steps % 2 == 1:
                one = f.following[place]
                other = f.following[one]
                near, far = f.here[one], f.there[one]
            else:
                one = f.preceding[place]
                other = f.preceding[one]
                near, far = f.there[other], f.here[other]
            f.mate[near], f.mate[far] = far, near
            f.stack[2 * count], f.stack[2 * count + 1] = one, near
            f.stack[2 * count + 2], f.stack[2 * count + 3] = other, far
            count += 2
            place = other


@borrowing_part
def augment(f, vertex, partner):
    """Match an outer vertex to a partner, and all on the way to its root anew."""
    while True:
        node = f.top[vertex]
        before = f.mate[f.base[node]]
        rebase(f, node, vertex)
        f.mate[vertex] = partner
        if before < 0:
            return
        inner = f.top[before]
        partner, vertex = f.inside[inner], f.outside[inner]
        rebase(f, inner, partner)
        f.mate[partner] = vertex


@borrowing_part
def expand(f, blossom):
    """Take an inner blossom apart: its nodes on the way to its base stay in the tree."""
    node = f.child[blossom]
    while True:
        following = f.following[node]
        f.parent[node], f.label[node] = -1, FREE
        vertex = f.first[node]
        while True:
            f.top[vertex] = node
            if vertex == f.last[node]:
                break
            vertex = f.after[vertex]
        node = following
        if node == f.child[blossom]:
            break
    # `place_of` climbs by parents, which are gone
    place, base = f.top[f.inside[blossom]], f.child[blossom]
    steps, node = 0, base
    while node != place:
        node = f.following[node]
        steps += 1
    outside, inside = f.outside[blossom], f.inside[blossom]
    while True:
        enter(f, place, f.root[blossom], outside, inside)
        if place == base:
            break
        if steps % 2 == 1:
            outer = f.following[place]
            outside, inside = f.here[outer], f.there[outer]
            place = f.following[outer]
        else:
            outer = f.preceding[place]
            place = f.preceding[outer]
            outside, inside = f.there[place], f.here[place]
        f.label[outer], f.root[outer] = OUTER, f.root[blossom]
        enqueue_all(f, outer)
    spare = len(f.spare) - 1
    f.spare[f.spare[spare]] = blossom
    f.spare[spare] += 1
    f.label[blossom], f.radius[blossom] = FREE, 0
