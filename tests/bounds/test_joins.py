"""Least joins of frustrated faces: what is planar is solved, lattices on a torus are bounded."""

import itertools

import networkx as nx
import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.bounds.faces import faces_of
from hopfield_opt.bounds.instance import instance_of
from hopfield_opt.bounds.joins import join_faces, match_pairs
from hopfield_opt.bounds.signed_graph import SignedGraph

ALWAYS = float("inf")


def signed(graph):
    """Return the signed graph of a maximum cut."""
    return SignedGraph.of(instance_of(ho.problems.MaxCut(graph).model(), 0.0))


def least_cut(graph):
    """Return minus the weight of the largest cut, by enumeration."""
    pairs = np.array([(u, v) for u, v in graph.edges])
    weights = np.array([graph[u][v]["weight"] for u, v in graph.edges])
    sides = np.array(list(itertools.product([0, 1], repeat=len(graph) - 1)))
    sides = np.column_stack([np.zeros(len(sides), int), sides])
    return -float(((sides[:, pairs[:, 0]] != sides[:, pairs[:, 1]]) * weights).sum(axis=1).max())


def with_weights(graph, rng, kind):
    """Return a graph with other labels, in another order, and weights of a kind."""
    nodes = rng.permutation(len(graph)).tolist()
    graph = nx.relabel_nodes(graph, dict(zip(graph, nodes, strict=True)))
    found = nx.Graph()
    found.add_nodes_from(sorted(graph))
    for u, v in rng.permutation(list(graph.edges)).tolist():
        weight = {"signs": rng.choice([-1, 1]), "whole": rng.integers(-4, 5), "real": rng.normal()}
        found.add_edge(u, v, weight=float(weight[kind]) or 1.0)
    return found


PLANAR = {
    "grid": lambda rng: nx.grid_2d_graph(3, 4),
    "triangles": lambda rng: nx.triangular_lattice_graph(3, 4),
    "tree": lambda rng: nx.balanced_tree(2, 2),
    "wheel": lambda rng: nx.wheel_graph(9),
    "cube": lambda rng: nx.cubical_graph(),
    "octahedron": lambda rng: nx.octahedral_graph(),
    "parts": lambda rng: nx.disjoint_union(nx.cycle_graph(5), nx.ladder_graph(3)),
    "barbell": lambda rng: nx.barbell_graph(4, 2),
}


@pytest.mark.parametrize("kind", ["signs", "whole", "real"])
@pytest.mark.parametrize("name", PLANAR)
def test_what_is_planar_is_solved(name, kind):
    """The bound is the least value, and faces say so."""
    rng = np.random.default_rng(len(name))
    for _ in range(4):
        graph = with_weights(nx.convert_node_labels_to_integers(PLANAR[name](rng)), rng, kind)
        own = signed(graph)
        faces = faces_of(own)
        assert faces.closes
        packing = join_faces(own, faces, lambda: ALWAYS)
        found = own.least if packing is None else own.packing_proves(*packing)
        assert float(found) == pytest.approx(least_cut(graph), abs=1e-6)


def torus(rows, columns, rng):
    """Return a lattice of couplings +1 and -1 on a torus."""
    lattice = nx.convert_node_labels_to_integers(nx.grid_2d_graph(rows, columns, periodic=True))
    return with_weights(lattice, rng, "signs")


def test_a_lattice_on_a_torus_is_seen_by_its_structure():
    """Whatever its vertices are called: each edge lies in two squares, and walks may go around."""
    for rows, columns in ((5, 5), (5, 9), (12, 7)):
        faces = faces_of(signed(torus(rows, columns, np.random.default_rng(rows))))
        assert (faces.sides >= 0).all()
        assert len(np.unique(faces.sides)) == rows * columns
        assert not faces.closes


def test_lattices_on_a_torus_are_bounded_and_many_are_solved():
    """No state beats a join, and some reach it."""
    rng, reached = np.random.default_rng(0), 0
    for _ in range(6):
        problem = ho.problems.MaxCut(torus(8, 9, rng))
        certificate = ho.bound(problem, time_limit=0.5)
        assert certificate.verify(problem) == certificate.bound
        result = ho.solve(problem, bound="none", seed=0, sweeps=3000, progress=False)
        assert certificate.allows(result.value)
        reached += certificate.agrees(result.value)
    assert reached >= 2


def test_a_large_lattice_is_proven():
    """A join takes less than what reads the network."""
    graph = torus(40, 50, np.random.default_rng(3))
    own = signed(graph)
    packing = join_faces(own, faces_of(own), lambda: ALWAYS)
    assert own.packing_proves(*packing) == own.least + 2 * packing.multipliers.sum()


def test_no_time_is_no_join():
    """Without time nothing is returned."""
    own = signed(torus(8, 8, np.random.default_rng(1)))
    assert join_faces(own, faces_of(own), lambda: 0.0) is None


def test_what_has_no_faces_has_no_join():
    """Neither the complete graph of six nor a lattice in three dimensions has faces."""
    rng = np.random.default_rng(0)
    for graph in (nx.complete_graph(6), nx.grid_graph([4, 4, 4], periodic=True)):
        graph = nx.convert_node_labels_to_integers(graph)
        assert faces_of(signed(with_weights(graph, rng, "signs"))) is None


@pytest.mark.parametrize("most", [4, 20])
def test_radii_prove_that_a_matching_is_least(most):
    """All vertices are matched, no edge is shorter than its radii, and these are the least sum."""
    rng = np.random.default_rng(most)
    for _ in range(40):
        size = 2 * int(rng.integers(1, 9))
        places = rng.integers(0, most, (size, 2))
        lengths = np.abs(places[:, None] - places).sum(axis=-1)
        pairs = np.array(list(itertools.combinations(range(size), 2))).T
        forest = match_pairs(size, pairs, 2 * lengths[*pairs], lambda: ALWAYS)
        assert (forest.mate[forest.mate] == np.arange(size)).all()
        graph = nx.Graph()
        graph.add_weighted_edges_from((i, j, -lengths[i, j]) for i, j in pairs.T.tolist())
        best = nx.max_weight_matching(graph, maxcardinality=True)
        assert forest.radius.sum() == 2 * sum(lengths[i, j] for i, j in best)
        assert (forest.radius >= 0).all()
        for i, j in pairs.T.tolist():
            between = holders(forest, i) ^ holders(forest, j)
            assert forest.radius[list(between)].sum() <= 2 * lengths[i, j]


def holders(forest, vertex):
    """Return all nodes that hold a vertex."""
    found = set()
    while vertex >= 0:
        found.add(vertex)
        vertex = int(forest.parent[vertex])
    return found


def test_what_cannot_be_matched_is_said():
    """Three vertices on a path have no partners for all."""
    assert match_pairs(3, np.array([[0, 1], [1, 2]]), np.array([2, 2]), lambda: ALWAYS) is None


def test_two_may_be_joined_through_a_third():
    """Of three around one, two have no other way to each other; no radius is below 0."""
    pairs, lengths = np.array([[0, 0, 0], [1, 2, 3]]), np.array([2, 2, 2])
    forest = match_pairs(4, pairs, lengths, iter([1.0] * 20 + [0.0]).__next__)
    assert forest is not None
    assert forest.radius.min() >= 0
    assert forest.radius.sum() == 2 + 4
