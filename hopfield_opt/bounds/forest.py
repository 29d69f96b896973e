"""What a matching knows of its nodes: vertices (0 ... n - 1), and blossoms, which hold others."""

from typing import Any, NamedTuple

import numpy as np

from hopfield_opt.jit import borrowing_part

FREE, OUTER, INNER = 0, 1, 2


class Forest(NamedTuple):
    """Everything that is known of the nodes; -1 stands for none.

    Attributes
    ----------
    mate : (n,) int64
        The partner of each vertex.
    top : (n,) int64
        The node that holds each vertex and is held by none.
    reach : (n,) int64
        The radii of all nodes that hold a vertex, itself included, summed up.
    after : (n,) int64
        The next vertex in a list; the vertices of each node stand together.
    queue : (n + 1,) int64
        Vertices to be looked at; their number stands last.
    is_queued : (n,) bool
        Which they are.
    radius, label, root, base : (N,) int64
        Of each node: its dual variable, what it is in a tree, in which, and its vertex that is
        matched outside.
    outside, inside : (N,) int64
        Of each inner node: the edge by which it was reached, its vertex within last.
    parent, child : (N,) int64
        The blossom that holds a node, and the one of its nodes that holds its base.
    following, preceding : (N,) int64
        The neighbours of a node in the ring of its parent.
    here, there : (N,) int64
        The edge to the one that follows: the vertex in this node, and in that.
    first, last : (N,) int64
        The vertices of a node in the list.
    spare : (N + 1,) int64
        Numbers of blossoms that there are not; how many stands last.
    flat : (N + 1,) int64
        Inner nodes without radius that are to be looked at; their number stands last.
    is_flat : (N,) bool
        Which they are.
    stack, is_met : (2 N + 4,) int64, (N,) bool
        Room, and False.
    """

    mate: Any
    top: Any
    reach: Any
    after: Any
    queue: Any
    is_queued: Any
    radius: Any
    label: Any
    root: Any
    base: Any
    outside: Any
    inside: Any
    parent: Any
    child: Any
    following: Any
    preceding: Any
    here: Any
    there: Any
    first: Any
    last: Any
    spare: Any
    flat: Any
    is_flat: Any
    stack: Any
    is_met: Any


@borrowing_part
def enqueue(f, vertex):
    """Note that a vertex is to be looked at."""
    if not f.is_queued[vertex]:
        f.is_queued[vertex] = True
        size = len(f.mate)
        f.queue[f.queue[size]] = vertex
        f.queue[size] += 1


@borrowing_part
def enter(f, node, root, outside, inside):
    """Make a node an inner one of a tree, reached by an edge."""
    f.label[node], f.root[node] = INNER, root
    f.outside[node], f.inside[node] = outside, inside
    if f.radius[node] == 0 and not f.is_flat[node]:
        f.is_flat[node] = True
        nodes = len(f.flat) - 1
        f.flat[f.flat[nodes]] = node
        f.flat[nodes] += 1


@borrowing_part
def enqueue_all(f, node):
    """Note that the vertices of a node are to be looked at."""
    vertex = f.first[node]
    while True:
        enqueue(f, vertex)
        if vertex == f.last[node]:
            break
        vertex = f.after[vertex]


def make_forest(size: int) -> Forest:
    """Return vertices without edges, each the root of a tree."""
    nodes = size + size // 2 + 1
    vertices, own, rooms = np.arange(size), np.arange(nodes), np.zeros((2, nodes), np.bool_)
    none, zeros = np.full((10, nodes), -1), np.zeros((2, nodes + 1), np.int64)
    return Forest(
        mate=none[0, :size].copy(),
        top=vertices.copy(),
        reach=np.zeros(size, np.int64),
        after=none[1, :size].copy(),
        queue=np.append(vertices[::-1], size),
        is_queued=np.ones(size, np.bool_),
        radius=zeros[0, :nodes].copy(),
        label=(own < size).astype(np.int64),
        root=own.copy(),
        base=own.copy(),
        outside=none[2],
        inside=none[3],
        parent=none[4],
        child=none[5],
        following=none[6],
        preceding=none[7],
        here=none[8],
        there=none[9],
        first=own.copy(),
        last=own.copy(),
        spare=np.append(own[::-1], nodes - size),
        flat=zeros[1],
        stack=np.zeros(2 * nodes + 4, np.int64),
        is_met=rooms[0],
        is_flat=rooms[1],
    )
