"""The picture of an image and its restoration."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from hopfield_opt.plot import bars, images


@pytest.fixture(autouse=True)
def _close():
    """Close what a test drew."""
    yield
    plt.close("all")


def test_image():
    """The noisy image stands to the left of the restored one, in the same greys."""
    noisy, restored = np.array([[0.0, 2.0]]), np.array([[1, 2]])
    axes = images.image(noisy, restored, 3)
    assert axes.get_title() == "noisy and restored: 1 of 2 pixels changed"
    left, right = axes.images
    assert left.get_array().tolist() == [[0, 2]]
    assert right.get_array().tolist() == [[1, 2]]
    assert left.get_clim() == right.get_clim() == (0, 2)
    assert left.get_extent()[1] < right.get_extent()[0]


def test_given_axes():
    """The pictures are drawn where they are asked for."""
    _, axes = plt.subplots()
    assert images.image(np.zeros((2, 2)), np.zeros((2, 2)), 2, axes) is axes
    assert bars.partition([], np.zeros(0), axes) is axes
