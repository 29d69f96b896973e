"""The picture of a number partition."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from hopfield_opt.plot import bars


@pytest.fixture(autouse=True)
def _close():
    """Close what a test drew."""
    yield
    plt.close("all")


def test_partition():
    """Each number is a piece of its part's bar, the largest first."""
    axes = bars.partition([4, 5, 8], np.array([1, 1, -1]))
    assert axes.get_title() == "sums 9 and 8, difference 1"
    assert [patch.get_width() for patch in axes.patches] == [5, 4, 8]
    assert [text.get_text() for text in axes.texts] == ["5", "4", "8"]
