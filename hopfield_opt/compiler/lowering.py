"""Last pass: a cost over spins becomes weights, thresholds and an offset."""

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.compiler.cost import Block, Cost
from hopfield_opt.compiler.terms import tally
from hopfield_opt.compiler.undo import Fixed, Undo
from hopfield_opt.couplings import Coupling, Explicit, Factored, Kronecker
from hopfield_opt.groups import Group, Linear, Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model.nodes import AnyMatrix, Floats, Indices

# explicit weights fuller than this are a dense matrix
DENSE = 0.3

# rows of a dense matrix that are worked on together
STRIPE = 256

# so many couplings are worth a compiled function (and the import of numba)
LARGE = 1 << 21


def lower(cost: Cost, groups: tuple[Group, ...], size: int) -> Hamiltonian:
    """Return the Hamiltonian of a cost of degree 2 over `size` spins."""
    terms: list[Coupling] = []
    matrix = _weights(cost, size)
    if matrix is not None:
        terms.append(Explicit._make(matrix=matrix, constant=0.0))
    thresholds = np.concatenate([cost.linear, np.zeros(size - len(cost.linear))])
    offset = cost.constant
    for squares in cost.squares:
        # (a s + b)^2 = (a s)^2 + 2 b a s + b^2
        pull = squares.rows.T @ (2.0 * squares.coefficients * squares.shift)
        thresholds[: len(pull)] += pull
        offset += float(squares.coefficients @ squares.shift**2)
        terms.append(Factored(_wide(squares.rows, size), squares.coefficients))
    terms += [_kronecker(block) for block in cost.blocks]
    return Hamiltonian(terms, thresholds, offset, groups, num_spins=size)


def _weights(cost: Cost, size: int) -> AnyMatrix | None:
    """Return W = -(C + C') of the pairs with coefficients C."""
    heads = np.concatenate([np.empty(0, np.intp), *(one.heads for one in cost.pairs)])
    if not len(heads):
        return None
    deadline.check(10 * len(heads))
    tails = np.concatenate([one.tails for one in cost.pairs])
    values = np.concatenate([one.coefficients for one in cost.pairs])
    if len(heads) > DENSE * size * size / 2:
        full = tally(heads * size + tails, -values, size * size).reshape(size, size)
        _add_transpose(full)
        if np.count_nonzero(full) > DENSE * size * size:
            return full
    weights = symmetric(heads, tails, -values, size)
    if weights.nnz > DENSE * size * size:
        return weights.toarray()
    return weights if weights.nnz else None


def _add_transpose(matrix: Floats) -> None:
    """Add the transpose to a matrix in place, stripe by stripe."""
    for first in range(0, len(matrix), STRIPE):
        last = first + STRIPE
        both = matrix[first:last, first:] + matrix[first:, first:last].T
        matrix[first:last, first:], matrix[first:, first:last] = both, both.T


def symmetric(heads: Indices, tails: Indices, values: Floats, size: int) -> scipy.sparse.csr_array:
    """Return the symmetric matrix that gets each value at (head, tail) and at (tail, head)."""
    if len(heads) > LARGE:
        from hopfield_opt.compiler.assemble import assemble

        indptr, indices, data = assemble(heads, tails, values, size)
        return scipy.sparse.csr_array((data, indices, indptr), shape=(size, size))
    low, high = np.minimum(heads, tails), np.maximum(heads, tails)
    triangle = scipy.sparse.coo_array((values, (low, high)), shape=(size, size)).tocsr()
    # sorted rows with equal pairs summed: what is left of rounding must not break the symmetry
    triangle.sum_duplicates()
    if not triangle.data.all():
        triangle.eliminate_zeros()
    return scipy.sparse.csr_array(triangle + triangle.T)


def _wide(rows: AnyMatrix, size: int) -> AnyMatrix:
    if rows.shape[1] == size:
        return rows
    if isinstance(rows, np.ndarray):
        return np.hstack([rows, np.zeros((len(rows), size - rows.shape[1]))])
    return scipy.sparse.csr_array(
        (rows.data, rows.indices, rows.indptr), shape=(rows.shape[0], size)
    )


def _kronecker(block: Block) -> Kronecker:
    """Return a block as a term; its arrays are the compiler's own and need no copies."""
    h, strength = block.factors, block.coefficient
    if h.size and (h == h.flat[0]).all():
        # one factor for all spins goes into the coefficient, twice
        strength *= float(h.flat[0]) ** 2
        h = np.broadcast_to(1.0, h.shape)
    return Kronecker._make(
        left=block.left,
        right=block.right,
        indices=block.grid.astype(np.int64, copy=False),
        coefficient=strength,
        factors=h,
        num_spins=int(block.grid.max(initial=-1)) + 1,
    )


def drop_fixed(
    hamiltonian: Hamiltonian, fixed: NDArray[np.int8]
) -> tuple[Hamiltonian, tuple[Undo, ...]]:
    """Return the network over the spins that are not fixed; blocks stay whole."""
    if not fixed.any():
        return hamiltonian, ()
    free = fixed == 0
    for group in hamiltonian.groups:
        if isinstance(group, Permutation):
            free[group.members] = True
    pins = {int(i): int(fixed[i]) for i in np.flatnonzero(fixed)}
    return hamiltonian.fixed(pins), (Fixed(np.flatnonzero(free), fixed),)


def impossible(groups: tuple[Group, ...]) -> str | None:
    """Return the proof that a group cannot hold, its members fixed or not; None if all can."""
    for group in groups:
        if isinstance(group, Permutation):
            places = group.allowed_places
            # imported here: every start would wait for it
            from scipy.sparse.csgraph import maximum_bipartite_matching

            if (
                places.all()
                or (maximum_bipartite_matching(scipy.sparse.csr_array(places)) >= 0).all()
            ):
                continue
        elif isinstance(group, Linear):
            low = np.minimum(group.coefficients, 0.0).sum() - group.tolerance
            high = np.maximum(group.coefficients, 0.0).sum() + group.tolerance
            if low <= group.upper and high >= group.lower:
                continue
        elif max(group.bounds[0], 0) <= min(group.bounds[1], len(group.indices)):
            continue
        return f"what is fixed leaves no state in which a group of {type(group).__name__} holds"
    return None
