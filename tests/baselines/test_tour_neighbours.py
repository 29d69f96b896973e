"""The neighbours of a city lie on all sides of it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hopfield_opt.baselines.tour_neighbours import neighbours
from hopfield_opt.baselines.tour_search import improve_tour
from hopfield_opt.io.places import Places


def side_of(points, a, b):
    """Return the quadrant around a in which b lies."""
    return tuple(points[b] > points[a])


@settings(max_examples=25)
@given(st.integers(10, 60), st.integers(0, 2**32))
def test_two_of_each_quadrant_are_taken(n, seed):
    """Each list has the two nearest of each quadrant, then the nearest of the others, in order."""
    points = np.random.default_rng(seed).random((n, 2))
    found = neighbours(Places(points, "EUCLIDEAN"), 8)
    for a in range(n):
        away = np.linalg.norm(points - points[a], axis=1)
        order = [b for b in np.argsort(away).tolist() if b != a]
        wanted = []
        for side in {side_of(points, a, b) for b in order}:
            wanted += [b for b in order if side_of(points, a, b) == side][:2]
        wanted += [b for b in order if b not in wanted][: 8 - len(wanted)]
        assert found[a].tolist() == sorted(wanted, key=order.index)


def test_few_cities_and_cities_in_one_place():
    """Every list is as long as it can be, names others, and none of them twice."""
    for points in (np.zeros((5, 2)), np.zeros((40, 3)), np.eye(12), np.arange(6.0)[:, None]):
        found = neighbours(Places(points, "EUCLIDEAN"), 8)
        assert found.shape == (len(points), min(8, len(points) - 1))
        for a, row in enumerate(found.tolist()):
            assert len({a, *row}) == len(row) + 1


def test_clusters_are_joined_better():
    """Where cities lie in clusters, a descent ends lower than with the nearest as neighbours."""
    lengths = np.zeros(2)
    for seed in range(5):
        rng = np.random.default_rng(seed)
        centres = 40 * rng.random((6, 2))
        points = np.concatenate([rng.random((20, 2)) + centre for centre in centres])
        places, start = Places(points, "EUCLIDEAN"), rng.permutation(120)
        table = places.table()
        for which, where in enumerate((places, None)):
            tour = improve_tour(table, start, seed, deadline=0.0, places=where)
            lengths[which] += table[tour, np.roll(tour, -1)].sum()
    assert lengths[0] < 0.97 * lengths[1]
