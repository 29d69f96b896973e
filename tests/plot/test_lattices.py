"""Pictures of states, weights and landscapes."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.sparse import csr_array

import hopfield_opt as ho
from hopfield_opt.errors import InputError
from hopfield_opt.learning import hebb
from hopfield_opt.physics.enumeration import all_energies
from hopfield_opt.physics.landscapes import landscape
from hopfield_opt.plot import style


@pytest.fixture(autouse=True)
def _close():
    """Close what a test drew."""
    yield
    plt.close("all")


def test_states():
    """Each state is a lattice of its own, row by row, with its name above."""
    rows = np.array([[1, -1, 1, 1, -1, -1], [-1] * 6])
    axes = ho.plot.states(rows, labels=["cue", "end"])
    first, second = axes.images
    assert first.get_array().tolist() == [[True, False, True], [True, False, False]]
    assert not second.get_array().any()
    assert first.get_extent()[1] < second.get_extent()[0]
    assert [text.get_text() for text in axes.texts] == ["cue", "end"]
    axes.figure.canvas.draw()


def test_pictures_are_drawn_in_their_own_shape():
    """What is handed over as (R, height, width) needs no shape."""
    pictures = np.random.default_rng(0).choice([-1, 1], (2, 2, 6))
    axes = ho.plot.states(pictures)
    for image, picture in zip(axes.images, pictures, strict=True):
        assert image.get_array().tolist() == (picture > 0).tolist()


def test_states_in_rows():
    """After five lattices a new row begins, and lattices do not cover one another."""
    axes = ho.plot.states(np.ones((7, 4)))
    tops = [image.get_extent()[3] for image in axes.images]
    assert tops[:5] == [tops[0]] * 5
    assert tops[5] > axes.images[0].get_extent()[2]


def test_numbers_of_neurons():
    """Small lattices can show the number of each neuron; binaries are drawn too."""
    axes = ho.plot.states([0, 1, 1, 0], numbers=True)
    assert [text.get_text() for text in axes.texts] == ["0", "1", "2", "3"]
    large = ho.plot.states(np.ones(400), numbers=True)
    assert not large.texts


@pytest.mark.parametrize(("size", "shape"), [(7, (1, 7)), (12, (3, 4)), (64, (8, 8))])
def test_shape_of_the_lattice(size, shape):
    """The lattice is as square as it can be, unless its shape is given."""
    assert ho.plot.states(np.ones(size)).images[0].get_array().shape == shape
    given = ho.plot.states(np.ones(size), shape=(size, 1)).images[0]
    assert given.get_array().shape == (size, 1)


def test_states_are_checked():
    """Shape, number of states and of labels are checked."""
    with pytest.raises(InputError, match="shape must have 6 sites, got 2 x 2"):
        ho.plot.states(np.ones(6), shape=(2, 2))
    with pytest.raises(InputError, match="at most 60 states, got 61"):
        ho.plot.states(np.ones((61, 4)))
    with pytest.raises(InputError, match="labels must be 2 names, got 1"):
        ho.plot.states(np.ones((2, 4)), labels=["A"])


def test_weights():
    """The matrix is drawn with colours that are symmetric around 0."""
    matrix = np.array([[0.0, -3.0], [1.0, 0.0]])
    for given in (matrix, csr_array(matrix), ho.Network(matrix)):
        (image,) = ho.plot.weights(given).images
        assert image.get_array().tolist() == matrix.tolist()
        assert image.get_clim() == (-3, 3)
    assert ho.plot.weights(np.zeros((3, 3))).images[0].get_clim() == (-1, 1)


def test_landscape():
    """All states in their order, a mark at each bottom, and a border between wells."""
    wells = landscape(all_energies(hebb([[1, -1, 1, 1, -1, 1]])))
    axes = ho.plot.landscape(wells)
    assert axes.get_lines()[0].get_ydata().tolist() == wells.energies.tolist()
    marks = np.concatenate([part.get_offsets() for part in axes.collections[-2:]])
    assert wells.codes[marks[:, 0].astype(int)].tolist() == [int(b[0]) for b in wells.bottoms]
    assert [text.get_text() for text in axes.texts] == [str(b[0]) for b in wells.bottoms]
    assert axes.get_title() == "64 states in 2 wells"


def test_one_well_and_plateaus():
    """A flat landscape is one well, whose bottom is named by its first state."""
    axes = ho.plot.landscape(landscape(np.zeros(4)))
    assert axes.get_title() == "4 states in 1 well"
    assert axes.texts[0].get_text() == "0 and 3 more"


def test_given_axes():
    """The pictures are drawn where they are asked for."""
    _, axes = plt.subplots()
    assert ho.plot.states([1, -1], axes) is axes
    assert ho.plot.weights(np.eye(2), axes) is axes
    assert ho.plot.landscape(landscape([0.0, 1.0]), axes) is axes
    assert style.axes(axes) is axes
