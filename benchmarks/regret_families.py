"""Families of instances that nobody prepared: each is made from a size and a stream.

A size of 1 is what one meets; the number of variables grows with it.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

import hopfield_opt as ho
from benchmarks.model_kinds import made
from hopfield_opt import problems

Stream = np.random.Generator
Maker = Callable[[float, Stream], Any]


def number(stream: Stream) -> int:
    """Return a seed for those who want a number."""
    return int(stream.integers(2**31))


def scaled(usual: int, size: float, least: int = 12) -> int:
    """Return how many there are at a size."""
    return max(least, round(usual * size))


def random_kind(kind: str, usual: int, size: float, stream: Stream, **options: Any) -> Any:
    """Return a random problem; `degree` stands for neighbours, whatever the size."""
    count = scaled(usual, size)
    if (degree := options.pop("degree", None)) is not None:
        options["p"] = min(1.0, degree / count)
    return problems.named(kind).random(count, seed=number(stream), **options)


def geometric(kind: str, usual: int, degree: float, size: float, stream: Stream) -> Any:
    """Return a problem on points of a square, joined where they are near."""
    points = stream.random((scaled(usual, size), 2))
    pairs = cKDTree(points).query_pairs((degree / (np.pi * len(points))) ** 0.5)
    return of_edges(kind, len(points), sorted(pairs))


def power_law(kind: str, usual: int, size: float, stream: Stream) -> Any:
    """Return a problem on a graph with few vertices of many neighbours."""
    graph = nx.barabasi_albert_graph(scaled(usual, size), 4, seed=number(stream))
    return of_edges(kind, len(graph), graph.edges)


def mesh(kind: str, usual: int, size: float, stream: Stream) -> Any:
    """Return a problem on a box of cells that have up to 26 neighbours."""
    side = max(3, round((usual * size) ** (1 / 3)))
    cells = np.stack(np.meshgrid(*[np.arange(side)] * 3, indexing="ij"), -1).reshape(-1, 3)
    return of_edges(kind, len(cells), sorted(cKDTree(cells).query_pairs(1.8)))


def of_edges(kind: str, count: int, edges: Any) -> Any:
    """Return a problem on a graph."""
    graph = nx.empty_graph(count)
    graph.add_edges_from((int(a), int(b)) for a, b in edges)
    return problems.named(kind)(graph)


def glass(dimensions: int, usual: int, size: float, stream: Stream) -> Any:
    """Return a spin glass on a periodic lattice, bonds of -1 and +1."""
    side = max(3, round((usual * size) ** (1 / dimensions)))
    grid = np.arange(side**dimensions).reshape((side,) * dimensions)
    ends = [np.roll(grid, 1, axis).ravel() for axis in range(dimensions)]
    heads, tails = np.tile(grid.ravel(), dimensions), np.concatenate(ends)
    bonds = csr_array((stream.choice((-1.0, 1.0), len(heads)), (heads, tails)), (grid.size,) * 2)
    return ho.Hamiltonian(bonds + bonds.T)


def planted_colouring(size: float, stream: Stream) -> Any:
    """Return a graph that has a colouring with 5 colours."""
    count = scaled(150, size)
    colours = stream.integers(5, size=count)
    heads, tails = np.triu_indices(count, 1)
    kept = (colours[heads] != colours[tails]) & (stream.random(len(heads)) < 18 / count)
    return of_edges("coloring", count, zip(heads[kept], tails[kept], strict=True))


def clustered_tour(size: float, stream: Stream) -> Any:
    """Return cities in a few clusters."""
    count = scaled(150, size)
    centres = stream.random((max(2, count // 25), 2))
    cities = centres[stream.integers(len(centres), size=count)]
    cities += 0.02 * stream.normal(size=cities.shape)
    return problems.TravellingSalesman.from_coordinates(cities)


def grid_assignment(size: float, stream: Stream) -> Any:
    """Return flows between facilities, sparse, and distances of a grid."""
    wide = max(3, round((25 * size) ** 0.5))
    places = np.stack(np.meshgrid(np.arange(wide), np.arange(wide)), -1).reshape(-1, 2)
    distances = np.abs(places[:, None] - places).sum(-1)
    flows = np.triu(
        stream.integers(1, 10, distances.shape) * (stream.random(distances.shape) < 0.3)
    )
    return problems.QuadraticAssignment(flows + flows.T, distances)


def autocorrelations(size: float, stream: Stream) -> Any:
    """Return low-autocorrelation binary sequences: products of four spins."""
    model, count = ho.Model(), scaled(20, size)
    s = model.spin(count, name="s")
    model.minimize(sum(((s[:-k] * s[k:]).sum()) ** 2 for k in range(1, count)))
    return model


def chosen_few(size: float, stream: Stream) -> Any:
    """Return a choice of exactly a tenth of many things that are alike in pairs."""
    count = scaled(200, size)
    factors = stream.normal(size=(count, 8))
    alike, worth = np.round(10 * factors @ factors.T), stream.integers(1, 100, count)
    model = ho.Model()
    x = model.binary(count, name="x")
    model.minimize((x * (np.triu(alike, 1) @ x)).sum() - (worth * x).sum())
    model.add(x.sum() == max(1, count // 10))
    return model


def user_model(kind: str, size: float, stream: Stream) -> Any:
    """Return a model whose constraints overlap."""
    return made(kind, size, number(stream))[0]


def family(make: Callable[..., Any], *given: Any, **options: Any) -> Maker:
    """Return what makes the instances of a family."""
    return partial(make, *given, **options)


FAMILIES: dict[str, Maker] = {
    "cut, random": family(random_kind, "max-cut", 800, degree=8),
    "cut, dense signs": family(random_kind, "max-cut", 250, p=0.5, weights="signs"),
    "cut, power law": family(power_law, "max-cut", 800),
    "cubic glass": family(glass, 3, 1000),
    "square glass": family(glass, 2, 2000),
    "form, dense": family(random_kind, "qubo", 400, p=0.5),
    "form, sparse": family(random_kind, "qubo", 1500, degree=8),
    "set, random": family(random_kind, "independent-set", 800, degree=6),
    "set, crowded": family(random_kind, "independent-set", 800, degree=32),
    "set, geometric": family(geometric, "independent-set", 800, 12),
    "cover, power law": family(power_law, "vertex-cover", 1000),
    "cover, crowded": family(random_kind, "vertex-cover", 400, degree=60),
    "clique": family(random_kind, "clique", 250, p=0.7),
    "halves, random": family(random_kind, "bipartition", 500, degree=8),
    "halves, geometric": family(geometric, "bipartition", 1500, 12),
    "halves, mesh": family(mesh, "bipartition", 2000),
    "halves, crowded": family(random_kind, "bipartition", 500, degree=60),
    "colouring, random": family(random_kind, "coloring", 120, p=0.5),
    "colouring, planted": planted_colouring,
    "tour, uniform": family(random_kind, "tsp", 150),
    "tour, clustered": clustered_tour,
    "assignment, random": family(random_kind, "qap", 25),
    "assignment, grid": grid_assignment,
    "knapsack": family(random_kind, "knapsack", 200, capacities=5),
    "set cover": family(random_kind, "set-cover", 300, elements=200),
    "numbers": family(random_kind, "number-partition", 60),
    "matching": family(random_kind, "matching", 60),
    "image": family(random_kind, "image-restoration", 30),
    "autocorrelations": autocorrelations,
    "chosen few": chosen_few,
    "roster": family(user_model, "roster"),
    "timetable": family(user_model, "timetable"),
    "facility": family(user_model, "facility"),
}
