"""From the tree of a cost to its parts: what is kept as an operator, and what is expanded.

A product of two affine arrays is expanded into pairs where that needs at most `MOST_GROWTH`
times the memory of its operators. Else it stays what it is: a Kronecker block if both sides are
`left @ X @ right` around one block of variables, or squares, since
`a b = (a + b)^2 / 4 - (a - b)^2 / 4`.
"""

import math
from collections.abc import Iterable

import numpy as np
import scipy.sparse

from hopfield_opt import deadline
from hopfield_opt.arrays import check_memory
from hopfield_opt.compiler.cost import (
    Block,
    Cost,
    Squares,
    cost_of_terms,
    triple_product,
    zero_cost,
)
from hopfield_opt.compiler.encodings import Encoding
from hopfield_opt.compiler.expand import expand, pull, split, times, uniform
from hopfield_opt.compiler.measure import footprint, row_counts
from hopfield_opt.compiler.sandwich import Sandwich, common_form, sandwich
from hopfield_opt.compiler.terms import Part, join, linear_rows, merge, reduce_powers, scale, tally
from hopfield_opt.model.nodes import (
    AnyMatrix,
    Apply,
    Floats,
    Indices,
    Matrix,
    Node,
    Power,
    Product,
    degree,
    is_sparse,
)

MOST_GROWTH = 4.0
BYTES_PER_PAIR = 24  # both triangles of a CSR matrix, index and value
BYTES_OF_DENSE = 75  # of an entry of a dense form, until its network stands
DENSE = 0.3  # matrices fuller than this are kept dense
# factors of which one is 2^so many times as large lose digits in squares of their sums
UNEVEN = 10


def cost_of(node: Node, weights: Floats, encoding: Encoding) -> Cost:
    """Return `(weights * node).sum()` as a cost over spins."""
    found = pull(node, weights)
    linear = found.linear(len(encoding.offset))
    bits = linear
    if not encoding.is_identity:
        owner = np.repeat(np.arange(len(linear)), np.diff(encoding.starts))
        bits = linear[owner] * encoding.weights
    constant = found.constant + float(linear @ encoding.offset)
    cost, parts = zero_cost(len(bits)), [_degree_0(constant), _degree_1(bits)]
    for product, own in deadline.check_each(found.products, 10):
        kept = _keep_product(product, own, encoding)
        if kept is None:
            parts += _monomials(product, own, encoding)
        else:
            cost += kept
    # one merge at the end: a cost may be the sum of very many small products
    terms = merge(parts)
    if max(terms, default=0) > 2:
        terms = reduce_powers(terms, encoding.is_spin)
    return cost_of_terms(terms, encoding.is_spin) + cost


def _degree_0(value: float) -> Part:
    return Part(np.zeros(1, np.intp), np.empty((1, 0), np.intp), np.full(1, value))


def _degree_1(coefficients: Floats) -> Part:
    bits = np.flatnonzero(coefficients)
    return Part(np.zeros(len(bits), np.intp), bits[:, None], coefficients[bits])


def _factors(product: Product | Power) -> tuple[Node, Node]:
    if isinstance(product, Power):
        return product.base, product.base
    return product.left, product.right


def _monomials(product: Product | Power, weights: Floats, encoding: Encoding) -> Iterable[Part]:
    """Return a weighted sum of products, expanded; all rows are added up."""
    if degree(product) <= 2:
        left, right = _factors(product)
        first = expand(left, encoding)
        second = first if left is right else expand(right, encoding)
        terms = join(first, second, math.prod(product.shape))
    else:
        terms = expand(product, encoding)
    factor = uniform(weights)
    if factor is None:
        terms = scale(terms, weights.ravel())
    elif factor != 1.0:
        terms = scale(terms, np.full(weights.size, factor))
    for part in terms.values():
        yield Part(np.zeros(len(part.rows), np.intp), part.factors, part.coefficients)


def _keep_product(product: Product | Power, weights: Floats, encoding: Encoding) -> Cost | None:
    """Return a product as operators, or None where it is better expanded."""
    if degree(product) != 2:
        return None
    left, right = _factors(product)
    deadline.check(4 * math.prod(left.shape))
    counts = row_counts(left, encoding)
    number = float((counts * (counts if left is right else row_counts(right, encoding))).sum())
    everything = float(encoding.num_bits) ** 2
    operators = footprint(left) + (0.0 if left is right else footprint(right))
    if BYTES_PER_PAIR * min(number, everything) <= MOST_GROWTH * operators:
        # so many pairs that the result is dense: by a matrix product, never pair by pair
        return _gram(left, right, weights, encoding) if number > DENSE * everything else None
    return _block_cost(left, right, weights, encoding) or _square_cost(
        left, right, weights, encoding
    )


def _gram(left: Node, right: Node, weights: Floats, encoding: Encoding) -> Cost:
    size = encoding.num_bits
    check_memory("expression", BYTES_OF_DENSE * size**2, "Take fewer variables")
    first, shift = affine(left, encoding)
    second, move = (first, shift) if left is right else affine(right, encoding)
    w = weights.ravel()
    _check_product(first, second)
    terms = {
        0: _degree_0(float(w @ (shift * move))),
        1: _degree_1(np.asarray(first.T @ (w * move) + second.T @ (w * shift))),
        2: _fold((first * w[:, None]).T @ second),
    }
    return cost_of_terms(terms, encoding.is_spin) if size else zero_cost(0)


def _check_product(first: AnyMatrix, second: AnyMatrix) -> None:
    """Raise OutOfTime where there is no time for the sum of the products of all rows."""
    size = float(first.shape[1])
    ones = np.ones(first.shape[0])
    own, other = (np.diff(m.indptr) if is_sparse(m) else size * ones for m in (first, second))
    work = float(own.astype(np.float64) @ other)
    # dense matrices are multiplied some hundred times as fast
    deadline.check(6.0 * work if is_sparse(first) else 1e-2 * work)


def _fold(matrix: AnyMatrix) -> Part:
    """Return the pairs i <= j of a quadratic form; a dense matrix is overwritten."""
    if is_sparse(matrix):
        upper = scipy.sparse.triu(matrix) + scipy.sparse.tril(matrix, -1).T
        found = scipy.sparse.coo_array(upper)
        places, values = np.stack(found.coords, 1).astype(np.intp), found.data
    else:
        # row by row: a dense form is large, and another one of its size would be in the way
        for row in range(len(matrix)):
            matrix[row, row + 1 :] += matrix[row + 1 :, row]
            matrix[row, :row] = 0.0
        heads, tails = np.nonzero(matrix)
        values = matrix[heads, tails]
        places = np.stack([heads, tails], 1)
    return Part(np.broadcast_to(np.intp(0), len(values)), places, values)


# Kronecker blocks ------------------------------------------------------------------------


def _block_cost(left: Node, right: Node, weights: Floats, encoding: Encoding) -> Cost | None:
    factor = uniform(weights)
    (ones, shift), (others, move) = split(left), split(right)
    if factor is None or len(ones) * len(others) > 16:
        return None
    cost = zero_cost(encoding.num_bits)
    for one in ones:
        for other in others:
            block = _block(sandwich(one), sandwich(other), factor, encoding)
            if block is None:
                return None
            cost += block
    # (a + c)(b + d) = a b + c b + a d + c d with the constants c, d
    if shift is not None:
        cost += total_of(others, times(weights, shift), encoding)
    if move is not None:
        cost += total_of(ones, times(weights, move), encoding)
    if shift is not None and move is not None:
        cost += Cost(float((weights * shift * move).sum()), np.zeros(encoding.num_bits))
    return cost


def total_of(nodes: Iterable[Node], weights: Floats, encoding: Encoding) -> Cost:
    """Return the weighted sum of several arrays of one shape."""
    return sum((cost_of(one, weights, encoding) for one in nodes), zero_cost(encoding.num_bits))


def _block(
    one: Sandwich | None, other: Sandwich | None, factor: float, encoding: Encoding
) -> Cost | None:
    if one is None or other is None:
        return None
    for grid in (one.grid, other.grid, encoding.grid_of(one.grid)):
        if grid is None or np.bincount(grid.ravel()).max(initial=0) > 1:
            continue
        forms = common_form(one, other, grid, len(encoding.offset))
        if forms is not None:
            coefficient = factor * one.coefficient * other.coefficient
            return _block_over_spins(*forms, grid, coefficient, encoding)
    return None


def _block_over_spins(
    left: AnyMatrix, right: AnyMatrix, grid: Indices, coefficient: float, encoding: Encoding
) -> Cost | None:
    if not encoding.is_identity and (np.diff(encoding.starts)[grid] != 1).any():
        return None
    bits = grid if encoding.is_identity else encoding.starts[grid]
    left, right = sparse_or_dense(left), sparse_or_dense(right)
    deadline.check()
    m, h = _middle_and_half(grid, bits, encoding)
    block = Block(left, right, bits, h, coefficient)
    linear, constant = np.zeros(encoding.num_bits), 0.0
    if m.any():
        pushed = triple_product(left, m, right)
        constant = coefficient * float((m * pushed).sum())
        deadline.check()
        pushed += triple_product(left.T, m, right.T)
        # a sum by places takes as long as several passes
        deadline.check(8 * m.size)
        linear = tally(bits.ravel(), (coefficient * h * pushed).ravel(), encoding.num_bits)
    return Cost(constant, linear, blocks=(block,))


def _middle_and_half(grid: Indices, bits: Indices, encoding: Encoding) -> tuple[Floats, Floats]:
    """Return m and h of X = m + h * S; one number for all takes no memory."""
    is_spin = uniform(encoding.is_spin)
    if encoding.is_identity and is_spin is not None:
        ends = (0.0, 1.0) if is_spin else (0.5, 0.5)
        return np.broadcast_to(ends[0], grid.shape), np.broadcast_to(ends[1], grid.shape)
    spin, weight = encoding.is_spin[bits], encoding.weights[bits]
    m = encoding.offset[grid] + np.where(spin, 0.0, 0.5) * weight
    return m, np.where(spin, 1.0, 0.5) * weight


def sparse_or_dense(matrix: AnyMatrix) -> AnyMatrix:
    """Return a matrix in the form that suits its density."""
    size = math.prod(matrix.shape)
    if is_sparse(matrix):
        return matrix.toarray() if matrix.nnz > DENSE * size else scipy.sparse.csr_array(matrix)
    return matrix if np.count_nonzero(matrix) > DENSE * size else scipy.sparse.csr_array(matrix)


# squares ---------------------------------------------------------------------------------


def affine(node: Node, encoding: Encoding) -> tuple[AnyMatrix, Floats]:
    """Return an affine array as a matrix over bits and its constants."""
    if isinstance(node, Apply) and isinstance(node.operator, Matrix) and len(node.shape) == 1:
        matrix, (rows, shift) = node.operator.matrix, affine(node.child, encoding)
        return sparse_or_dense(matrix @ rows), np.asarray(matrix @ shift)
    rows, shift = linear_rows(expand(node, encoding), math.prod(node.shape), encoding.num_bits)
    return sparse_or_dense(rows), shift


def _square_cost(left: Node, right: Node, weights: Floats, encoding: Encoding) -> Cost:
    first, shift = affine(left, encoding)
    w = weights.ravel()
    if left is right:
        return squares(first, shift, w, encoding)
    second, move = affine(right, encoding)
    # a b = (2^e a)(2^-e b): of factors of one size the squares are not larger than the product
    powers = _even_exponents(first, shift, second, move)
    if powers.any():
        up, down = np.ldexp(1.0, powers), np.ldexp(1.0, -powers)
        first, shift = first * up[:, None], shift * up
        second, move = second * down[:, None], move * down
    plus = squares(first + second, shift + move, w / 4, encoding)
    return plus + squares(first - second, shift - move, -w / 4, encoding)


def _even_exponents(first: AnyMatrix, shift: Floats, second: AnyMatrix, move: Floats) -> Indices:
    """Return for each row the e that makes 2^e a and 2^-e b alike in size, 0 where they are."""
    exponents = [np.frexp(_row_sizes(*one))[1] for one in ((first, shift), (second, move))]
    apart = np.asarray(exponents[1] - exponents[0])
    return np.where(np.abs(apart) >= UNEVEN, apart // 2, 0)


def _row_sizes(rows: AnyMatrix, shift: Floats) -> Floats:
    largest = abs(rows).max(axis=1)
    sizes = largest.toarray().ravel() if is_sparse(largest) else largest
    return np.asarray(np.maximum(sizes, np.abs(shift)))


def squares(rows: AnyMatrix, shift: Floats, weights: Floats, encoding: Encoding) -> Cost:
    """Return `sum_k weights[k] * (rows[k] @ bits + shift[k])**2` as a cost over spins."""
    half = np.where(encoding.is_spin, 1.0, 0.5)
    middle = np.where(encoding.is_spin, 0.0, 0.5)
    own = sparse_or_dense(rows * half)
    square = Squares(own, shift + rows @ middle, weights)
    return Cost(0.0, np.zeros(encoding.num_bits), squares=(square,))
