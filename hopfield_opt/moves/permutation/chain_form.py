"""Recognition of chains: products of distances with the steps of a tour or a path."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from hopfield_opt.arrays import FloatArray, IntArray, dense
from hopfield_opt.moves.permutation.permutation_form import PermutationForm, Product

# Below so many cities the edges that a move cuts are not distinct.
FEWEST_CITIES = 4


@dataclass(frozen=True, eq=False)
class Chain:
    """An energy that is the length of a tour or path.

    Attributes
    ----------
    distance : (n, n) array
        From a city to the next.
    order : (n,) array of int
        The line of the block at each step of the chain.
    by_place : bool
        Whether steps are places and cities are items; the other way round if not.
    closed : bool
        Whether the last city is followed by the first.
    """

    distance: FloatArray
    order: IntArray
    by_place: bool
    closed: bool


def chain_of(form: PermutationForm) -> Chain | None:
    """Return the chain that the energy is, None if it is none."""
    if not form.only_products or not form.products:
        return None
    total: Chain | None = None
    for product in form.products:
        chain = _chain(product)
        total = chain if total is None or chain is None else _join(total, chain)
        if total is None:
            return None
    return total


def _chain(product: Product) -> Chain | None:
    for steps, other, by_place in (
        (product.right, product.left, True),
        (product.left, product.right, False),
    ):
        found = _steps(csr_array(steps))
        if found is not None:
            order, forward, backward, closed = found
            distance = dense(other)
            return Chain(forward * distance + backward * distance.T, order, by_place, closed)
    return None


def _steps(matrix: csr_array) -> tuple[IntArray, float, float, bool] | None:
    """Return (order, weight forward, weight backward, closed) if the entries form one chain.

    There must be one weight for all steps forward and one for all backward.
    """
    n = matrix.shape[0]
    both = csr_array(abs(matrix) + abs(matrix).T)
    degree = np.diff(both.indptr)
    closed = bool((degree == 2).all())
    if n < FEWEST_CITIES or degree.max() > 2:
        return None
    order = np.empty(n, np.int64)
    order[0] = np.argmax(degree == 1)  # an end of a path, the first line of a tour
    before = -1
    for k in range(n - 1):
        next_ones = both.indices[both.indptr[order[k]] : both.indptr[order[k] + 1]]
        ahead = next_ones[next_ones != before]
        if not len(ahead):
            return None  # a path that ends too early: there is something beside it
        before, order[k + 1] = order[k], ahead[0]
    if len(np.unique(order)) < n:
        return None
    follower = np.roll(order, -1) if closed else order[1:]
    leader = order if closed else order[:-1]
    forward, backward = matrix[leader, follower], matrix[follower, leader]
    forward, backward = np.asarray(forward).ravel(), np.asarray(backward).ravel()
    if (forward != forward[0]).any() or (backward != backward[0]).any():
        return None
    return order, float(forward[0]), float(backward[0]), closed


def _join(one: Chain, two: Chain) -> Chain | None:
    """Return the sum of two chains along the same steps.

    `_steps` orders the same steps in the same way, whatever their direction and weights are.
    """
    if one.by_place != two.by_place or one.closed != two.closed:
        return None
    if not np.array_equal(one.order, two.order):
        return None
    return Chain(one.distance + two.distance, one.order, one.by_place, one.closed)
