"""The pictures of tours and assignments."""

import matplotlib.pyplot as plt
import networkx as nx
import numpy as np
import pytest
from matplotlib.colors import to_hex

from hopfield_opt.plot import assignment, style, tour
from hopfield_opt.problems import QuadraticAssignment, TravellingSalesman


@pytest.fixture(autouse=True)
def _close():
    """Close what a test drew."""
    yield
    plt.close("all")


def test_tour():
    """All roads are drawn, the cities at their places, the first one as a square."""
    problem = TravellingSalesman.from_coordinates([(0, 0), (0, 3), (4, 3), (4, 0)])
    axes = problem.plot([0, 1, 2, 3])
    assert axes.get_title() == "tour of 4 cities, length 14"
    (roads,) = (part for part in axes.collections if len(part.get_paths()) == 4)
    assert to_hex(roads.get_colors()[0]) == style.BLUE.lower()
    first, others = axes.collections[1:]
    assert first.get_offsets().tolist() == [[0, 0]]
    assert others.get_offsets().tolist() == [[0, 3], [4, 3], [4, 0]]
    assert [text.get_text() for text in axes.texts] == ["0", "1", "2", "3"]


def test_path_with_a_missing_road():
    """A road that does not exist is dashed and counted, a city that is left out is marked."""
    graph = nx.path_graph(4)
    axes = tour(graph, [0, 2, 1], cycle=False)
    assert axes.get_title() == "path of 3 cities, length 1"
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == ["no road: 1", "begins here", "not visited"]


def test_scaling_finds_the_places_again():
    """Without coordinates the cities are drawn so that straight lines are as long as roads."""
    cities = TravellingSalesman.random(10, seed=0).cities
    _, axes = plt.subplots()
    assert tour(cities.distances, list(range(10)), ax=axes) is axes
    drawn = np.concatenate([part.get_offsets() for part in axes.collections[1:]])
    found = np.sqrt(((drawn[:, None] - drawn) ** 2).sum(axis=2))
    assert np.allclose(found, cities.distances)


@pytest.mark.parametrize("n", [0, 1, 2, 100])
@pytest.mark.parametrize("kind", ["euclidean", "asymmetric"])
def test_any_size(n, kind):
    """No city, one, two and many can be drawn; names stand where there are few."""
    problem = TravellingSalesman.random(n, kind, seed=0)
    axes = problem.plot(list(range(n)))
    assert f" of {n} cit" in axes.get_title()
    axes.figure.savefig("/dev/null", format="png")
    arrows = n if kind == "asymmetric" and n == 2 else 0
    assert len(axes.texts) == (n + arrows if n < 60 else 0)


def test_assignment():
    """The costs of all pairs are drawn, and sum up to the title."""
    problem = QuadraticAssignment([[0, 3], [1, 0]], [[0, 5], [7, 0]], first=1)
    axes = problem.plot([2, 1])
    assert axes.get_title() == "2 facilities, cost 26"
    assert axes.images[0].get_array().tolist() == [[0, 5], [21, 0]]
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert labels == ["2 at 1", "1 at 2"]


@pytest.mark.parametrize("n", [0, 1, 3, 50])
def test_any_number_of_facilities(n):
    """Any number of facilities can be drawn."""
    axes = assignment(QuadraticAssignment.random(n, seed=0).data, list(range(n)))
    assert f"{n} facilit" in axes.get_title()
    axes.figure.savefig("/dev/null", format="png")
