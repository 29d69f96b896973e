"""The Kronecker term by hand; its laws are in test_couplings.py."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from hopfield_opt.couplings import Explicit, Kronecker
from hopfield_opt.errors import InputError


def test_contraction_without_merging_keeps_the_kronecker_term():
    """Only where two spins of the block merge is the term expanded."""
    term = Kronecker(np.ones((2, 2)), np.ones((2, 2)), [[0, 1], [2, 3]], num_spins=6)
    apart = term.contract(np.array([0, 1, 2, 3, 0, 1]), 4)
    merged = term.contract(np.array([0, 0, 1, 2, 3, 4]), 5)
    assert isinstance(apart, Kronecker)
    assert isinstance(merged, Explicit)


def test_tour_energy_is_its_length():
    """With the distances, a cyclic shift and factors 1/2 the energy speaks of binaries."""
    distances = np.array([[0, 3, 4], [5, 0, 6], [7, 8, 0]])
    shift = csr_array(np.roll(np.eye(3), 1, axis=0))
    term = Kronecker(distances, shift, np.arange(9).reshape(3, 3), 4, np.full((3, 3), 0.5))
    # 4 (x - 1/2)'(A (x) B')(x - 1/2): three tours differ as their lengths, up to the order
    energies = []
    for tour in ([0, 1, 2], [1, 2, 0], [0, 2, 1]):
        grid = -np.ones((3, 3))
        grid[tour, [0, 1, 2]] = 1
        energies.append(term.energy(grid.reshape(1, -1))[0])
    lengths = [3 + 6 + 7, 6 + 7 + 3, 4 + 8 + 5]
    assert np.diff(energies).tolist() == (4 * np.diff(lengths)).tolist()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[1, 2]], [[1]], [[0]]), "left must be square"),
        (([[1]], [[np.nan]], [[0]]), r"right must be finite, got nan at \[0, 0\]"),
        (([[1]], [[1]], [[0, 1]]), r"indices must have shape \(1, 1\).*\(1, 2\)"),
        (([[1]], [[1]], [0]), r"indices must be a 2-dimensional array of integers, got shape"),
        (([[1]], [[1]], [[0.5]]), "indices must be .*integers, got .*float64"),
        (([[1]], [[1]], [[-2]]), "indices must be at least -1, got -2"),
        ((np.eye(2), np.eye(2), [[0, 1], [3, 1]]), "indices must be distinct, got 1 twice"),
        (([[1]], [[1]], [[0]], np.inf), "coefficient must be finite, got inf"),
        (([[1]], [[1]], [[0]], "x"), "coefficient must be a number, got 'x'"),
        (([[1]], [[1]], [[0]], 1, [[np.nan]]), "factors must be finite, got nan"),
        (([[1]], [[1]], [[0]], 1, [1, 2]), r"factors must have shape \(1, 1\), got \(2,\)"),
    ],
)
def test_kronecker_refuses_by_name(arguments, message):
    """What is no Kronecker term is refused with the name of the argument and its value."""
    with pytest.raises(InputError, match=message):
        Kronecker(*arguments)


def test_num_spins_covers_the_indices():
    """The number of spins is read off the indices, or given and at least that."""
    assert Kronecker([[1]], [[1]], [[4]]).num_spins == 5
    assert Kronecker([[1]], [[1]], [[4]], num_spins=9).num_spins == 9
    assert Kronecker([[1]], [[1]], [[-1]]).num_spins == 0
    with pytest.raises(InputError, match="num_spins must be at least 5, got 4"):
        Kronecker([[1]], [[1]], [[4]], num_spins=4)
