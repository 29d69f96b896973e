"""Distances between cities, from whatever holds them."""

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import coo_array, csr_array

from hopfield_opt.errors import InputError
from hopfield_opt.io.cities import Cities, cities_at
from hopfield_opt.io.city_tables import as_cities


@pytest.mark.parametrize("kind", [nx.MultiGraph, nx.MultiDiGraph])
@pytest.mark.parametrize("lengths", [(3, 5), (5, 3)])
def test_of_parallel_roads_the_shortest_counts(kind, lengths):
    """In whatever order parallel edges come, the distance is that of the shortest."""
    roads = kind()
    for length in lengths:
        roads.add_edge("a", "b", weight=length)
    back = np.inf if roads.is_directed() else 3
    assert as_cities(roads).distances.tolist() == [[0, 3], [back, 0]]


@pytest.mark.parametrize("kind", [csr_array, coo_array])
def test_stored_entries_are_roads(kind):
    """A sparse matrix has a road where an entry is stored, of length 0 too, and nowhere else."""
    stored = coo_array(([2.0, 0.0], ([0, 1], [1, 2])), shape=(3, 3))
    far = np.inf
    distances = as_cities(kind(stored)).distances
    assert distances.tolist() == [[0, 2, far], [far, 0, 0], [far, far, 0]]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Cities("ab", np.zeros((3, 3))), "labels must be 3 as the distances, got 2"),
        (lambda: as_cities([["0", "1"], ["1", "0"]]), "real numbers, got dtype <U1"),
        (lambda: as_cities([[0, 1j], [1j, 0]]), "real numbers, got dtype complex128"),
        (lambda: as_cities([[0, None], ["b", 0]]), r"real numbers, got None at \[0, 1\]"),
        (lambda: as_cities([[0, 1], [1]]), "real numbers, got ragged rows"),
        (lambda: as_cities(csr_array([[0, 1j], [1j, 0]])), "real matrix, got .* dtype complex128"),
        (lambda: as_cities(csr_array(np.ones((2, 3)))), r"square matrix, got shape \(2, 3\)"),
        (lambda: as_cities(1e308 * (1 - np.eye(3))), "finite sum, got one above 1.8e308"),
        (lambda: as_cities([[0, np.nan], [1, 0]]), r"distance must be .* got nan at \[0, 1\]"),
        (lambda: as_cities([[0, 1], [-np.inf, 0]]), r"distance must be .* got -inf at \[1, 0\]"),
        (lambda: as_cities([[0, 1], [1, 0], [2, 2]]), "`from_coordinates`"),
        (lambda: cities_at(np.zeros((2, 2, 2))), r"rows of coordinates, got shape \(2, 2, 2\)"),
    ],
)
def test_what_has_no_distances_is_refused(make, said):
    """Whatever is no square table of real distances is said to be none, with what it is."""
    with pytest.raises(InputError, match=said):
        make()
