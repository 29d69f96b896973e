"""Distances between cities, from whatever holds them."""

import networkx as nx
import numpy as np
import pytest

from hopfield_opt.io.cities import as_cities


@pytest.mark.parametrize("kind", [nx.MultiGraph, nx.MultiDiGraph])
@pytest.mark.parametrize("lengths", [(3, 5), (5, 3)])
def test_of_parallel_roads_the_shortest_counts(kind, lengths):
    """In whatever order parallel edges come, the distance is that of the shortest."""
    roads = kind()
    for length in lengths:
        roads.add_edge("a", "b", weight=length)
    back = np.inf if roads.is_directed() else 3
    assert as_cities(roads).distances.tolist() == [[0, 3], [back, 0]]
