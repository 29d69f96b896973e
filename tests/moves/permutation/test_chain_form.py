"""Which sums of products are the length of one tour or path, and of which."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from hopfield_opt.moves.permutation.chain_form import chain_of
from hopfield_opt.moves.permutation.permutation_form import PermutationForm, Product

CITIES = 6


def steps(*rounds, forward=1.0, backward=0.0, path=False):
    """Return the matrix of steps along some lines, back to the first of each unless on a path."""
    matrix = np.zeros((CITIES, CITIES))
    for line in rounds:
        pairs = list(zip(line, np.roll(line, -1), strict=True))
        for one, next_one in pairs[:-1] if path else pairs:
            matrix[one, next_one] += forward
            matrix[next_one, one] += backward
    return csr_array(matrix)


def distances(seed):
    """Return a table of whole numbers, another in each direction."""
    table = np.random.default_rng(seed).integers(1, 9, (CITIES, CITIES)).astype(float)
    np.fill_diagonal(table, 0)
    return table


def form_of(*products):
    """Return the energy that is a sum of products alone."""
    size = products[0][0].shape[0] if products else CITIES
    return PermutationForm(
        indices=np.arange(size**2).reshape(size, size),
        allowed=None,
        constant=0.0,
        linear=None,
        products=tuple(Product(left, right) for left, right in products),
        pairs=csr_array((size**2, size**2)),
        rows=csr_array((0, size**2)),
        coefficients=np.empty(0),
    )


def cost(form, places):
    """Return the sum of the products where item i stands at places[i]."""
    spread = np.ix_(places, places)
    parts = [(csr_array(p.left), csr_array(p.right)) for p in form.products]
    return sum((left.toarray() * right.toarray()[spread]).sum() for left, right in parts)


def length(chain, places):
    """Return how long the way through the cities is."""
    cities = (np.argsort(places) if chain.by_place else places)[chain.order]
    ends = np.roll(cities, -1)
    last = len(cities) if chain.closed else -1
    return chain.distance[cities, ends][:last].sum()


NEAR, FAR = distances(0), distances(1)
ROUND, SHUFFLED = range(CITIES), [0, 3, 1, 5, 2, 4]
TOUR, PATH = steps(ROUND), steps(ROUND, path=True)


@pytest.mark.parametrize(
    ("products", "closed"),
    [
        ([(NEAR, TOUR)], True),
        ([(NEAR, PATH)], False),
        ([(TOUR, NEAR)], True),
        ([(NEAR, steps(SHUFFLED, forward=2.0, backward=-3.0))], True),
        ([(NEAR, steps(SHUFFLED, backward=2.0, path=True))], False),
        ([(NEAR, TOUR), (FAR, 2 * TOUR)], True),
        ([(NEAR, TOUR), (FAR, csr_array(TOUR.T))], True),
        ([(NEAR, PATH), (FAR, csr_array(PATH.T))], False),
        ([(TOUR, NEAR), (steps(ROUND, backward=1.0), FAR)], True),
    ],
)
def test_a_chain_is_as_long_as_the_energy_is_high(products, closed):
    """Whichever factor holds the steps, and of all products along the same steps the sum."""
    form = form_of(*products)
    chain = chain_of(form)
    assert chain is not None
    assert chain.closed == closed
    for seed in range(20):
        places = np.random.default_rng(seed).permutation(CITIES)
        assert length(chain, places) == cost(form, places)


@pytest.mark.parametrize(
    "products",
    [
        [],
        [(NEAR, steps(ROUND[:3], ROUND[3:]))],
        [(NEAR, csr_array(steps(ROUND[:3], path=True) + steps(ROUND[3:])))],
        [(NEAR, steps(ROUND[:3], ROUND[3:], path=True))],
        [(NEAR, steps(ROUND[1:], path=True))],
        [(NEAR, steps(ROUND[1:]))],
        [(NEAR, steps([0, 3, 1, 4, 2, 5], [3, 4], path=True))],
        [(NEAR, csr_array(TOUR + steps([0, 1], path=True)))],
        [(NEAR, csr_array(TOUR + steps([1, 0], path=True)))],
        [(NEAR[:3, :3], csr_array(np.roll(np.eye(3), 1, axis=1)))],
        [(NEAR, TOUR), (FAR, PATH)],
        [(NEAR, TOUR), (TOUR, FAR)],
        [(NEAR, TOUR), (FAR, steps(SHUFFLED))],
        [(NEAR, TOUR), (FAR, NEAR)],
        [(FAR, NEAR), (NEAR, TOUR)],
    ],
    ids=[
        "no product",
        "two rounds",
        "a path beside a round",
        "two paths",
        "a path that leaves one out",
        "a round that leaves one out",
        "a path with a chord",
        "one step forward counts more",
        "one step backward counts",
        "three cities",
        "a tour and a path",
        "places and items",
        "two orders",
        "a product of no steps behind",
        "a product of no steps before",
    ],
)
def test_other_products_are_no_chain(products):
    """One round or path through all cities, with one weight for all steps, or it is none."""
    assert chain_of(form_of(*products)) is None
