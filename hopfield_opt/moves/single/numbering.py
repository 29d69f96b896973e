"""Numbers for the spins of a large network by which neighbours stand near each other.

A network that outgrows the cache is swept at the speed of memory. Breadth first, the neighbours
of spins that follow one another follow one another themselves, so that most of what a sweep reads
is read in order: on a mesh all of it, on a random graph all but the bonds that close a cycle.
"""

from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.jit import njit
from hopfield_opt.moves.plans import MAX_CACHED

# A neighbour anywhere in memory takes as long as so many entries in order.
JUMPS = 6


def number_by_locality(weights: Any) -> NDArray[np.int32] | None:
    """Return which spin stands at each place; None where the order of the user does as well.

    Parameters
    ----------
    weights : (N, N) sparse or dense matrix
        Small networks and dense ones keep their numbers.
    """
    is_sparse: Any = scipy.sparse.issparse(weights)
    if not is_sparse or weights.shape[0] <= MAX_CACHED:
        return None
    rows = scipy.sparse.csr_array(weights)
    deadline.check(JUMPS * rows.nnz)
    numbers: NDArray[np.int32] = visit_breadth_first(rows.indptr, rows.indices)
    return numbers


def renumber(weights: Any, numbers: NDArray[np.int32]) -> Any:
    """Return the sparse weights between the spins in the order of `numbers`."""
    rows = scipy.sparse.csr_array(weights)[numbers]
    places = np.empty_like(numbers)
    places[numbers] = np.arange(len(numbers), dtype=numbers.dtype)
    return scipy.sparse.csr_array((rows.data, places[rows.indices], rows.indptr), rows.shape)


@njit
def visit_breadth_first(begins: Any, neighbours: Any) -> Any:
    """Return all spins, each connected part breadth first from its first spin.

    Parameters
    ----------
    begins, neighbours : integers
        The pattern of the weights (CSR).
    """
    size = len(begins) - 1
    order = np.empty(size, np.int32)
    seen = np.zeros(size, np.bool_)
    count = at = 0
    for first in range(size):
        if seen[first]:
            continue
        seen[first] = True
        order[count] = first
        count += 1
        while at < count:
            spin = order[at]
            at += 1
            for p in range(begins[spin], begins[spin + 1]):
                other = neighbours[p]
                if not seen[other]:
                    seen[other] = True
                    order[count] = other
                    count += 1
    return order
