"""The picture of a cut."""

import subprocess
import sys

import matplotlib.pyplot as plt
import networkx as nx
import pytest
from matplotlib.colors import to_hex

import hopfield_opt as ho
import hopfield_opt.plot
from hopfield_opt.errors import InputError
from hopfield_opt.plot import cut, style
from hopfield_opt.problems import MaxCut


@pytest.fixture(autouse=True)
def _close():
    """Close what a test drew."""
    yield
    plt.close("all")


def legend(axes):
    """Return the lines of the legend."""
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_small_graph():
    """Vertices have the colour and marker of their side, edges of the cut are black."""
    axes = cut([("a", "b", 2), ("b", "c", 3), ("c", "a", 1)], ({"a", "c"}, {"b"}))
    assert axes.get_title() == "cut of 2 edges, weight 5"
    assert legend(axes) == [
        "inside a side: 1 edge",
        "cut: 2 edges",
        "first side: 2 vertices",
        "second side: 1 vertex",
    ]
    inside, across, first, second = axes.collections
    assert [len(part.get_paths()) for part in (inside, across)] == [1, 2]
    assert to_hex(across.get_colors()[0]) == style.BLACK
    assert [len(part.get_offsets()) for part in (first, second)] == [2, 1]
    assert to_hex(first.get_facecolors()[0]) == style.BLUE.lower()
    assert [text.get_text() for text in axes.texts] == ["a", "b", "c"]


def test_negative_weights_stand_out():
    """Edges of negative weight that are cut are drawn in another way."""
    axes = cut([(0, 1, -2), (1, 2, 3)], ({0}, {1, 2}))
    assert legend(axes)[:2] == ["inside a side: 1 edge", "cut, negative weight: 1 edge"]
    assert axes.get_title() == "cut of 1 edge, weight -2"


def test_given_axes():
    """The picture is drawn where it is asked for, with the name of the graph."""
    problem = MaxCut(nx.karate_club_graph())
    _, axes = plt.subplots()
    assert problem.plot(problem.baselines()[0].run(0, None), ax=axes) is axes
    assert axes.get_title().startswith("Zachary's Karate Club: cut of")


@pytest.mark.parametrize(("n", "p"), [(250, 0.02), (150, 0.2)])
def test_large_graph(n, p):
    """A large graph is drawn as its matrix, with the sides in blocks."""
    problem = MaxCut.random(n, p=p, seed=1)
    labels = problem.graph.labels
    axes = problem.plot((set(labels[::3]), set(labels) - set(labels[::3])))
    inside, across = axes.collections
    border = len(labels[::3])
    corners = across.get_offsets()
    assert ((corners[:, 0] < border) != (corners[:, 1] < border)).all()
    assert len(corners) + len(inside.get_offsets()) == 2 * problem.graph.num_edges
    assert axes.get_xticklabels()[0].get_text() == f"first side\n{border}"


@pytest.mark.parametrize(
    ("graph", "answer"),
    [
        (nx.Graph(), (set(), set())),
        (nx.empty_graph(1), ({0}, set())),
        (nx.Graph([(0, 1), (2, 3)]), ({0, 2}, {1, 3})),
        (nx.grid_2d_graph(2, 2), ({(0, 0)}, {(0, 1), (1, 0), (1, 1)})),
        (nx.empty_graph(300), (set(range(300)), set())),
        ([(0, 1, 0)], ({0}, {1})),
    ],
)
def test_degenerate_graphs(graph, answer):
    """Empty, disconnected and edgeless graphs have pictures, which can be saved."""
    axes = cut(graph, answer)
    axes.figure.canvas.draw()


def test_two_pictures_are_the_same():
    """Vertices stand at the same places each time."""
    problem = MaxCut.random(80, p=0.05, seed=1)
    answer = (set(range(40)), set(range(40, 80)))
    places = [problem.plot(answer).collections[-1].get_offsets().tolist() for _ in range(2)]
    assert places[0] == places[1]


def test_lazy(elsewhere):
    """Importing the pictures loads no matplotlib, and an unknown one is an AttributeError."""
    code = "import sys, hopfield_opt.plot; sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, **elsewhere)
    assert "cut" in dir(hopfield_opt.plot)
    with pytest.raises(AttributeError, match="kut"):
        hopfield_opt.plot.kut  # noqa: B018


def test_a_result_is_not_its_answer():
    """Whoever hands over a result is told what to hand over, by problems and by pictures."""
    problem = MaxCut([(0, 1), (1, 2)])
    result = ho.solve(problem, seed=0)
    for wrong in (problem.plot, problem.evaluate, problem.encode, lambda r: cut(problem.graph, r)):
        with pytest.raises(InputError, match="got a Result. Give its .answer"):
            wrong(result)
    for call in (lambda: cut(result), lambda: hopfield_opt.plot.tour(result)):
        with pytest.raises(InputError, match="Give result.answer as the answer, or write problem"):
            call()
