"""The picture of a quadratic form."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from hopfield_opt.plot import forms


@pytest.fixture(autouse=True)
def _close():
    """Close what a test drew."""
    yield
    plt.close("all")


def test_form():
    """The chosen variables stand first, and the axes tell how many there are."""
    matrix = np.diag([1.0, 2.0, 3.0])
    axes = forms.form(matrix, np.array([False, True, True]), 5.0)
    assert axes.images[0].get_array().diagonal().tolist() == [2, 3, 1]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["chosen\n2", "not chosen\n1"]
    # the colour of 0 is the middle one
    assert axes.images[0].get_clim() == (-3, 3)
