"""Packings of frustrated cycles: exact where graphs are planar, right everywhere, and checked."""

import itertools
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.bounds import odd_cycles
from hopfield_opt.bounds.instance import instance_of
from hopfield_opt.bounds.odd_cycles import pack_cycles
from hopfield_opt.bounds.signed_graph import SignedGraph
from hopfield_opt.errors import InputError


def packed(network, seconds=10.0):
    """Return the signed graph of a network, its packing, and what that proves."""
    graph = SignedGraph.of(instance_of(network, 0.0))
    packing = pack_cycles(graph, lambda: seconds)
    return graph, packing, graph.least if packing is None else graph.packing_proves(*packing)


def network_of(edges, weights, size, thresholds=None):
    """Return a network of couplings J of edges, in the energy -J s s'."""
    matrix = np.zeros((size, size))
    for (i, j), weight in zip(edges, weights, strict=True):
        matrix[i, j] = matrix[j, i] = weight
    return ho.Hamiltonian(matrix, thresholds)


def lowest(network):
    """Return the least energy of all states."""
    states = np.array(list(itertools.product([-1, 1], repeat=network.num_spins)), np.int8)
    return network.energy(states).min()


@pytest.mark.parametrize("seed", range(12))
def test_the_bound_of_a_planar_graph_is_its_least_energy(seed):
    """On grids of random weights, whole and real, the packing closes the gap."""
    rng = np.random.default_rng(seed)
    grid = nx.convert_node_labels_to_integers(nx.grid_2d_graph(3, 4))
    grid.add_edges_from([(0, 5), (6, 11)])  # diagonals of faces
    draws = [rng.choice([-1.0, 1.0], 30), rng.integers(-5, 6, 30) * 1.0, rng.normal(size=30)]
    draw = draws[seed % 3]
    network = network_of(grid.edges, draw[: grid.number_of_edges()], 12)
    graph, packing, proven = packed(network)
    assert float(proven) == pytest.approx(lowest(network), abs=1e-9)
    assert proven <= lowest(network) + 1e-12
    assert packing is None or len(packing.starts) == len(packing.multipliers) + 1
    assert graph.num_vertices == 12


@pytest.mark.parametrize("seed", range(30))
def test_the_bound_is_never_above_the_least_energy(seed):
    """Of any graph, with fields or without, whole or real."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(3, 9))
    edges = [pair for pair in itertools.combinations(range(size), 2) if rng.random() < 0.6]
    real = rng.random() < 0.5
    weights = rng.normal(size=len(edges)) if real else rng.integers(-3, 4, len(edges))
    pulls = rng.normal(size=size) if real else rng.integers(-2, 3, size)
    fields = None if rng.random() < 0.5 else pulls
    network = network_of(edges, weights, size, fields)
    graph, _, proven = packed(network)
    assert graph.least <= proven <= lowest(network) + 1e-9
    certificate = ho.bound(network)
    assert certificate.verify(network) == certificate.bound
    assert certificate.allows(lowest(network))


def test_a_cut_of_a_sparse_graph_is_proven():
    """The karate club, and a torus whose relaxation is tight."""
    karate = ho.problems.MaxCut(nx.karate_club_graph())
    certificate = ho.bound(karate)
    assert (certificate.bound, certificate.kind) == (179, "frustrated cycles")
    assert certificate.verify(karate) == 179
    result = ho.solve(karate, seed=1)
    assert (result.status, result.value) == (ho.Status.OPTIMAL, 179)


def test_complete_graphs_are_bounded_by_two_thirds():
    """Each edge is in triangles alone: no packing has more than a third of the weight."""
    edges = list(itertools.combinations(range(7), 2))
    _, packing, proven = packed(network_of(edges, [-1] * 21, 7))
    assert float(proven) == pytest.approx(-21 + 2 * 7, abs=1e-6)
    assert (np.diff(packing.starts) == 3).all()


def test_what_time_is_left_for_is_proven_already():
    """Whenever it ends, what was found so far proves something."""
    rng = np.random.default_rng(1)
    regular = nx.random_regular_graph(4, 80, seed=1)
    network = network_of(regular.edges, rng.choice([-1, 1], 160), 80)
    whole = packed(network)[2]
    looks = iter([1.0] * 6 + [0.0] * 100)
    graph = SignedGraph.of(instance_of(network, 0.0))
    packing = pack_cycles(graph, lambda: next(looks))
    assert graph.least < graph.packing_proves(*packing) < whole


def test_loose_rows_are_left_out_and_nothing_is_lost(monkeypatch):
    """With no room for rows the bound is the same."""
    regular = nx.random_regular_graph(4, 60, seed=2)
    network = network_of(regular.edges, [-1] * 120, 60)
    before = packed(network)[2]
    monkeypatch.setattr(odd_cycles, "MOST_ROWS", 0.2)
    monkeypatch.setattr(odd_cycles, "LOOSE", 0.0)
    assert float(packed(network)[2]) == pytest.approx(float(before), abs=1e-6)


def triangle():
    """Return a frustrated triangle, with another edge, and its certificate."""
    network = network_of([(0, 1), (1, 2), (0, 2), (2, 3)], [-1, -2, -3, 4], 4)
    certificate = ho.bound(network)
    assert (certificate.kind, certificate.bound) == ("frustrated cycles", -8)
    return network, certificate


def test_cycles_that_are_none_are_refused():
    """Open, satisfied, out of range, negative or not finite: each is told."""
    network, certificate = triangle()
    own = {name: np.asarray(value) for name, value in certificate.proof.items()}
    wrong = [
        {"edges": np.array([0, 1, 3])},
        {"edges": np.array([0, 3, 3])},  # open, though with one negative edge
        {"edges": np.array([0, 0]), "starts": np.array([0, 2])},  # closed, with two
        {"edges": np.array([0, 1])},
        {"edges": np.array([0, 1, 9])},
        {"edges": np.array([0, 0, 1, 1]), "starts": np.array([0, 4])},
        {"edges": np.array([0, 1, -1])},
        {"starts": np.array([0, 2])},
        {"starts": np.array([0])},
        {"starts": np.array([1, 3])},
        {"multipliers": -own["multipliers"]},
        {"multipliers": own["multipliers"] * np.nan},
        {"multipliers": own["multipliers"] * 0.0},
    ]
    for change in wrong:
        with pytest.raises(InputError):
            replace(certificate, proof=own | change).verify(network)


def test_weights_beyond_the_sizes_prove_less_and_never_more():
    """What a cycle has more than its edges is taken off again."""
    graph = SignedGraph.of(instance_of(triangle()[0], 0.0))
    starts, edges = np.array([0, 3]), np.arange(3)
    proven = [graph.packing_proves(starts, edges, np.array([y])) for y in (0.5, 1.0, 1.5, 2.5, 1e9)]
    assert proven == [-9, -8, -8, -9, -10]


def test_large_multipliers_are_added_up_exactly():
    """Beyond 62 bits sums are Python's."""
    graph = SignedGraph.of(instance_of(triangle()[0], 0.0))
    starts, edges = np.array([0, 3]), np.arange(3)
    doubled = (np.append(starts, 6), np.append(edges, edges))
    assert graph.packing_proves(*doubled, np.array([2.0**-70, 1 - 2.0**-50])) < -8
    assert graph.packing_proves(*doubled, np.array([2.0**-50, 1 - 2.0**-50])) == -8


def test_a_cycle_that_can_be_satisfied_proves_nothing():
    """Two negative edges of four allow a state that satisfies them all."""
    network = network_of([(0, 1), (1, 2), (2, 3), (0, 3)], [-1, -1, 1, 1], 4)
    graph = SignedGraph.of(instance_of(network, 0.0))
    assert float(graph.least) == lowest(network)
    with pytest.raises(InputError, match="cycles must be frustrated ones"):
        graph.packing_proves(np.array([0, 4]), np.arange(4), np.array([1.0]))
