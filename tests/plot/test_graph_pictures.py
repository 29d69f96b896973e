"""Pictures of colourings, sets of vertices, matchings and boards."""

import matplotlib.pyplot as plt
import networkx as nx
import pytest
from matplotlib.colors import to_hex

from hopfield_opt.plot import board, coloring, matching, style, vertex_set
from hopfield_opt.problems import GraphColoring, MaxClique, NQueens, WeightedMatching


@pytest.fixture(autouse=True)
def _close():
    """Close what a test drew."""
    yield
    plt.close("all")


def legend(axes):
    """Return the lines of the legend."""
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_coloring():
    """Each colour has its own group; an edge of one colour stands out."""
    axes = coloring([(1, 2), (2, 3), (3, 4)], {1: 0, 2: 1, 3: 1, 4: 2})
    assert axes.get_title() == "3 colours, 1 edge of one colour"
    assert legend(axes) == [
        "different colours: 2 edges",
        "same colour: 1 edge",
        "colour 0: 1 vertex",
        "colour 1: 2 vertices",
        "colour 2: 1 vertex",
    ]
    groups = axes.collections[2:]
    assert len({to_hex(group.get_facecolors()[0]) for group in groups}) == 3


def test_many_colors():
    """Fifteen colours are fifteen pairs of colour and marker, without a legend."""
    graph = nx.complete_graph(15)
    axes = coloring(graph, {v: v for v in graph})
    assert axes.get_title() == "15 colours"
    assert axes.get_legend() is None
    assert len(axes.collections) == 16


def test_large_coloring():
    """Of a large graph the matrix is drawn, colour by colour."""
    problem = GraphColoring.random(210, p=0.02, seed=0)
    axes = problem.plot(problem.start)
    used = len(set(problem.start.values()))
    assert axes.get_title() == f"random: {used} colours"
    assert len(axes.lines) == 2 * (used - 1)
    assert len(axes.get_xticklabels()) >= used - 2
    counts = [int(tick.get_text()) for tick in axes.get_xticklabels()]
    assert counts[0] == sum(color == 0 for color in problem.start.values())


def test_vertex_set():
    """Edges are told apart by how many of their ends are chosen."""
    axes = vertex_set([(1, 2), (2, 3), (3, 4)], {1, 2})
    assert axes.get_title() == "2 of 4 vertices"
    assert legend(axes) == [
        "none chosen: 1 edge",
        "one end chosen: 1 edge",
        "both ends chosen: 1 edge",
        "chosen: 2 vertices",
        "not chosen: 2 vertices",
    ]


def test_matching():
    """Matched vertices and edges stand out; of too many edges only the matching is drawn."""
    axes = matching([("a", "b", 2), ("b", "c", 3), ("c", "d", 2)], {("b", "a"), ("c", "d")})
    assert axes.get_title() == "matching of 2 edges, weight 4"
    assert legend(axes)[:2] == ["left out: 1 edge", "matching: 2 edges"]
    large = matching(nx.complete_graph(40), {(0, 1), (2, 3)})
    assert legend(large) == ["matching: 2 edges", "matched: 4 vertices", "alone: 36 vertices"]


def test_board():
    """Given queens are black, attacks are lines."""
    axes = board([0, 1, 3, 2], given=[(0, 0)])
    assert axes.get_title() == "4 queens, 2 attacks"
    colors = {text.get_color() for text in axes.texts}
    assert colors == {style.BLACK, style.BLUE}
    assert len(axes.texts) == 4
    drawn = [(line.get_xdata().tolist(), list(line.get_ydata())) for line in axes.lines]
    assert drawn == [([0, 1], [0, 1]), ([3, 2], [2, 3])]
    assert board(list(range(0, 80, 2)) + list(range(1, 80, 2))).get_title().startswith("80 queens")


def test_given_axes():
    """Problems draw where they are asked to."""
    for problem, answer in (
        (NQueens(4), [1, 3, 0, 2]),
        (MaxClique([(1, 2)]), {1, 2}),
        (GraphColoring([(1, 2)]), {1: 0, 2: 1}),
        (WeightedMatching([(1, 2)]), {(1, 2)}),
    ):
        _, axes = plt.subplots()
        assert problem.plot(answer, ax=axes) is axes
        assert axes.get_title()
