"""Where a Kronecker term lies on a permutation block, and what it is there: two matrices."""

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array, csr_array

from hopfield_opt.arrays import FloatArray, IntArray, Matrix
from hopfield_opt.couplings import Kronecker


class BlockFit(NamedTuple):
    """Where a Kronecker term lies on the block.

    Attributes
    ----------
    u, v : (m,), (k,) float64
        The factors of the term are their products.
    rows, columns : (m,), (k,) int
        The block's line of each of the term's rows and columns, -1 for holes.
    transposed : bool
        Whether the rows of the term are columns of the block.
    """

    u: FloatArray
    v: FloatArray
    rows: IntArray
    columns: IntArray
    transposed: bool


def fit_to_block(term: Kronecker, block: IntArray) -> BlockFit | None:
    """Return how a term lies on the block; None if it does not.

    It may use some lines of the block only, in any order, or the block transposed; its factors
    must be a product u_i v_j.
    """
    factors = _rank_one(term.factors)
    if factors is None:
        return None
    if np.array_equal(term.indices, block):
        # the block itself, as nearly always: its places need not be looked up one by one
        lines = np.arange(len(block))
        return BlockFit(*factors, lines, lines, False)
    place = np.empty((term.num_spins, 2), np.int64)
    place[block] = np.moveaxis(np.indices(block.shape), 0, -1)
    where = np.where((term.indices >= 0)[..., None], place[term.indices], -1)
    for first, second in ((0, 1), (1, 0)):
        rows, columns = _lines(where[..., first]), _lines(where[..., second].T)
        if rows is not None and columns is not None:
            return BlockFit(*factors, rows, columns, first == 1)
    return None


def factors_on_block(term: Kronecker, block: IntArray) -> tuple[Matrix, Matrix] | None:
    """Return (A, B) with ``E = sum_ijkl A_ik B_jl s_ij s_kl`` over the block; None if none fits."""
    fit = fit_to_block(term, block)
    if fit is None:
        return None
    u, v, rows, columns, transposed = fit
    left = _embed(term.left, rows, term.coefficient * u, u, len(block))
    right = _embed(_transpose(term.right), columns, v, v, len(block))
    return (right, left) if transposed else (left, right)


def _rank_one(factors: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """Return u, v with factors = outer(u, v) to the last bit; None if there are none."""
    if not factors.any():
        return np.zeros(len(factors)), np.zeros(factors.shape[1])
    i, j = np.unravel_index(int(np.argmax(np.abs(factors))), factors.shape)
    u, v = factors[:, j], factors[i] / factors[i, j]
    return (u, v) if np.array_equal(np.multiply.outer(u, v), factors) else None


def _lines(where: IntArray) -> IntArray | None:
    """Return the block's line of each row, -1 for rows of holes; None if a row leaves its line."""
    lines = where.max(axis=1, initial=-1)
    return lines if ((where == lines[:, None]) | (where < 0)).all() else None


def _embed(matrix: Matrix, lines: IntArray, u: FloatArray, v: FloatArray, n: int) -> Matrix:
    """Return the (n, n) matrix with ``u_i matrix_ik v_k`` at (lines_i, lines_k)."""
    there = lines >= 0
    if isinstance(matrix, np.ndarray):
        whole = np.zeros((n, n))
        whole[np.ix_(lines[there], lines[there])] = (u[:, None] * matrix * v)[there][:, there]
        return whole
    entries = coo_array(matrix)
    kept = there[entries.row] & there[entries.col]
    row, column = entries.row[kept], entries.col[kept]
    values = u[row] * entries.data[kept] * v[column]
    return csr_array((values, (lines[row], lines[column])), shape=(n, n))


def _transpose(matrix: Matrix) -> Matrix:
    return matrix.T if isinstance(matrix, np.ndarray) else csr_array(matrix.T)
