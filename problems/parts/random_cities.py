"""Seeded random cities for the `random` of tours."""

import numpy as np

from hopfield_opt import rng
from hopfield_opt.arrays import check_integer, check_memory
from hopfield_opt.errors import check_choice
from hopfield_opt.io.cities import Cities, cities_at

KINDS = ("euclidean", "asymmetric")

# labels and their positions are Python objects
BYTES_PER_CITY = 200


def random_cities(n: int, kind: str = "euclidean", seed: int | None = None) -> Cities:
    """Return n cities 0 ... n - 1 in the unit square, or with independent distances.

    Parameters
    ----------
    n : int
        The number of cities.
    kind : {"euclidean", "asymmetric"}
        Uniform places in the unit square, or for each ordered pair a whole number from 1 to 1000.
    seed : int or None
        The same seed gives the same cities.

    Raises
    ------
    InputError
        If an argument is out of its range, or the distances would not fit into memory.

    Examples
    --------
    >>> random_cities(4, seed=0)
    Cities('random', 4 cities)
    """
    n = check_integer("n", n, lowest=0)
    check_choice("kind", kind, KINDS)
    check_memory("cities", BYTES_PER_CITY * n)
    draws = rng.generator(rng.check_seed(seed))
    if kind == "asymmetric":
        check_memory("distances", 8 * 4 * n**2)
        distances = draws.integers(1, 1001, (n, n))
        np.fill_diagonal(distances, 0)
        return Cities(range(n), distances, None, "random")
    return cities_at(draws.random((n, 2)), "random")
