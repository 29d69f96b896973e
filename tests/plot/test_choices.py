"""The pictures of knapsacks and covers."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from scipy.sparse import csr_array

from hopfield_opt.io.knapsack import Items
from hopfield_opt.plot import choices, style


@pytest.fixture(autouse=True)
def _close():
    """Close what a test drew."""
    yield
    plt.close("all")


def test_knapsack():
    """Taken items are blue, their numbers are counted, several of one are written beside it."""
    items = Items(np.array([3.0, 4.0, 5.0]), np.array([[2.0], [5.0], [1.0]]), np.array([9.0]))
    axes = choices.knapsack(items, np.array([1, 0, 3]))
    assert axes.get_title() == "value 18, weight 5 of 9"
    left, taken = axes.collections
    assert left.get_offsets().tolist() == [[5, 4]]
    assert taken.get_offsets().tolist() == [[2, 3], [1, 5]]
    assert to_hex(taken.get_facecolors()[0]) == style.BLUE.lower()
    assert [text.get_text() for text in axes.texts] == ["3"]
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == ["left: 1", "taken: 4"]


def test_knapsack_of_several_capacities():
    """Weights are shares of their capacities, in percent."""
    items = Items(np.array([1.0, 1.0]), np.array([[1.0, 2], [2, 0]]), np.array([4.0, 8.0]))
    axes = choices.knapsack(items, np.array([1, 0]))
    assert axes.get_title() == "value 1, weight 1 of 4, 2 of 8"
    assert axes.collections[1].get_offsets().tolist() == [[50, 1]]
    assert "percent" in axes.get_xlabel()


def test_cover():
    """Chosen sets stand first; an element that none of them holds is marked."""
    incidence = csr_array([[1, 0, 1], [0, 1, 0], [0, 1, 1]])
    axes = choices.cover(incidence, np.array([False, False, True]), 2.0)
    assert axes.get_title() == "1 of 3 sets, weight 2: 2 of 3 elements covered"
    assert axes.collections[1].get_offsets().tolist() == [[0, 0], [0, 2]]
    marked = [line for line in axes.lines if to_hex(line.get_color()) == style.VERMILION.lower()]
    assert [line.get_ydata()[0] for line in marked] == [1]
