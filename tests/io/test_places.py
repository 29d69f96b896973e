"""Places give the same distances one by one, as a table, and inside compiled functions."""

import pickle

import numba
import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.baselines.tour_distances import as_measured, gap
from hopfield_opt.baselines.tour_search import improve_tour
from hopfield_opt.errors import InputError, SizeError
from hopfield_opt.io.cities import MOST_IN_A_TABLE, cities_at
from hopfield_opt.io.measures import COLUMNS, MEASURES
from hopfield_opt.io.places import Places


def some_places(measure: str, n: int = 40, seed: int = 0) -> Places:
    """Return places whose coordinates suit a measure."""
    draws = np.random.default_rng(seed)
    points = draws.uniform(-80.0, 80.0, (n, COLUMNS.get(measure, 2)))
    return Places(points.round(2), measure)


@numba.njit
def all_gaps(d, n):
    """Return what compiled functions see between all cities."""
    found = np.empty((n, n))
    for a in range(n):
        for b in range(n):
            found[a, b] = gap(d, a, b)
    return found


@pytest.mark.parametrize("measure", MEASURES)
def test_compiled_functions_measure_the_same(measure):
    """What the local search reckons is what `between` and the table say."""
    places = some_places(measure)
    n, rows = len(places.points), np.arange(len(places.points))
    table = places.table()
    apart = ~np.eye(n, dtype=bool)
    assert (places.between(rows[:, None], rows)[apart] == table[apart]).all()
    seen = all_gaps(as_measured(places), n)
    assert np.abs(seen - table)[apart].max() <= (1e-12 if measure == "EUCLIDEAN" else 0.0)
    assert (all_gaps(table, n) == table).all()


@pytest.mark.parametrize("measure", MEASURES)
def test_the_nearest_cities_are_the_nearest(measure):
    """No city that is left out is nearer than one that is named."""
    places = some_places(measure)
    table = places.table()
    np.fill_diagonal(table, np.inf)
    for city, near in enumerate(places.nearest(5)):
        assert len(set(near.tolist())) == 5
        assert city not in near
        # rounded distances, and those of MAX, have ties that the unrounded ones do not have
        assert table[city, near].max() <= np.sort(table[city])[4] + 1.0


def test_cities_in_one_place_are_near_each_other():
    """A city is never its own neighbour, though many lie where it does."""
    places = Places(np.zeros((20, 2)), "EUCLIDEAN")
    near = places.nearest(4)
    assert near.shape == (20, 4)
    assert (near != np.arange(20)[:, None]).all()


def test_a_curve_passes_each_city_once_and_neighbours_soon():
    """On a grid of 2^k squares each step goes to the next square."""
    grid = np.stack(np.meshgrid(np.arange(16.0), np.arange(16.0)), -1).reshape(-1, 2)
    places = Places(grid[np.random.default_rng(0).permutation(256)], "EUCLIDEAN")
    order = places.along_curve()
    assert sorted(order.tolist()) == list(range(256))
    assert (places.between(order[:-1], order[1:]) == 1.0).all()


def test_a_search_without_a_table_finds_the_same_tour():
    """Of the same distances the same seed makes the same tour."""
    places = some_places("EUCLIDEAN", 300)
    start = np.random.default_rng(1).permutation(300)
    tours = [improve_tour(d, start, seed=3, places=places) for d in (places, places.table())]
    assert (tours[0] == tours[1]).all()


def test_many_cities_have_a_table_only_where_it_is_asked_for():
    """Distances are made from the places; the table, once made, says the same and is frozen."""
    points = np.random.default_rng(0).random((MOST_IN_A_TABLE + 5, 2))
    cities = pickle.loads(pickle.dumps(cities_at(points)))
    few = np.arange(7)
    before = cities.between(few, few + 4)
    assert "distances" not in vars(cities)
    assert (cities.distances[few, few + 4] == before).all()
    assert not cities.distances.flags.writeable
    with pytest.raises(InputError, match="finite sum"):
        cities_at(points * 1e300)


def test_a_tour_of_more_cities_than_a_network_holds():
    """A local search answers where no network fits; a method that is named says that none does."""
    problem = ho.problems.TravellingSalesman.random(6000, seed=0)
    result = ho.solve(problem, time_limit=6.0, seed=0, n_jobs=1)
    assert result.feasible
    assert result.value == problem.evaluate(result.answer).value
    assert result.value < problem.evaluate(problem.first_answer()).value
    assert result.method == "none"
    with pytest.raises(SizeError, match="variables must need at most"):
        ho.solve(problem, method="tabu")
