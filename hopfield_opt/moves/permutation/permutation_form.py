"""The energy of a Hamiltonian on permutations: what is left of it when one block is all there is.

Item i of an (n, n) block stands at place p_i: ``x[i, j] = (1 + s[i, j]) / 2`` is 1 for j = p_i.
On such states every energy is

    constant + sum_i linear[i, p_i] + sum_t sum_ik A_t[i, k] B_t[p_i, p_k]
             + sum_{a<b} pairs[a, b] x_a x_b + sum_k c_k (2 y_k - m_k)^2,   y = rows @ x

with all diagonals zero and no pair within a row or a column of the block (they never meet).
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from hopfield_opt.arrays import BoolArray, FloatArray, IntArray, Matrix
from hopfield_opt.couplings import Coupling, Explicit, Factored, Kronecker
from hopfield_opt.groups import Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.permutation.block_fit import factors_on_block, fit_to_block

# Kronecker terms that do not fit the block, and terms of a kind that is not known here, are
# expanded up to so many couplings (1.6 GiB at peak).
MOST_FOREIGN = 2**24
# A linear part below this many units in the last place of its summands is rounding.
_ROUNDING = 16 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True, eq=False)
class Product:
    """The cost ``sum_ik left[i, k] right[p_i, p_k]``, both diagonals zero, dense or CSR."""

    left: Matrix
    right: Matrix


@dataclass(frozen=True, eq=False)
class PermutationForm:
    """The parts of the energy, see the head of this file; spin (i, j) of the block is i n + j."""

    indices: IntArray
    allowed: BoolArray | None
    constant: float
    linear: FloatArray | None
    products: tuple[Product, ...]
    pairs: csr_array
    rows: csr_array
    coefficients: FloatArray

    @property
    def size(self) -> int:
        """The number of items n."""
        return len(self.indices)

    @property
    def only_products(self) -> bool:
        """Whether products are all there is, but for the constant."""
        return self.linear is None and not self.pairs.nnz and not self.rows.nnz


def block_of(hamiltonian: Hamiltonian) -> Permutation | None:
    """Return the permutation block if it is the only group and covers all spins."""
    if len(hamiltonian.groups) != 1:
        return None
    block = hamiltonian.groups[0]
    if not isinstance(block, Permutation) or block.indices.size != hamiltonian.num_spins:
        return None
    return block


def accepts(hamiltonian: Hamiltonian) -> bool:
    """Return whether one permutation block covers all spins and every coupling can be put on it.

    A Kronecker term that is no product on the block (factors that differ from place to place,
    other lines than those of the block) must be small enough to be expanded, and so must a term
    of a kind that is not known here.
    """
    block = block_of(hamiltonian)
    return block is not None and all(
        isinstance(term, Explicit | Factored)
        or (isinstance(term, Kronecker) and fit_to_block(term, block.indices) is not None)
        or term.num_couplings() <= MOST_FOREIGN
        for term in hamiltonian.couplings
    )


def permutation_form(hamiltonian: Hamiltonian) -> PermutationForm:
    """Return the energy on permutations, without the offset; see `accepts`."""
    block = block_of(hamiltonian)
    assert block is not None  # the caller has asked `accepts`
    parts = _Parts(block.indices)
    parts.add_thresholds(hamiltonian.thresholds)
    for term in hamiltonian.couplings:
        parts.add(term)
    return parts.form(block)


class _Parts:
    """The parts while terms are added up."""

    def __init__(self, indices: IntArray) -> None:
        self.indices = indices
        self.size = len(indices)
        self.constant = 0.0
        self.linear = np.zeros(indices.shape)
        self.magnitude = 0.0  # of what was added to `linear`
        self.products: list[Product] = []
        self.pairs = csr_array((indices.size, indices.size))
        self.rows: list[csr_array] = []
        self.coefficients: list[FloatArray] = []

    def add(self, term: Coupling) -> None:
        """Add a term of the Hamiltonian."""
        if isinstance(term, Explicit):
            self._add_explicit(csr_array(term.matrix), term.constant)
        elif isinstance(term, Factored):
            self.rows.append(csr_array(term.rows)[:, self.indices.ravel()])
            self.coefficients.append(term.coefficients)
        else:
            self._add_other(term)

    def _add_other(self, term: Coupling) -> None:
        """Add a term as a product on the block, if it is one, else what it expands to."""
        product = factors_on_block(term, self.indices) if isinstance(term, Kronecker) else None
        if product is None:
            self._add_explicit(term.to_sparse(), term.constant)
        else:
            self._add_product(*product)

    def _add_linear(self, values: FloatArray) -> None:
        self.linear += values
        self.magnitude += float(np.abs(values).max(initial=0.0))

    def add_thresholds(self, thresholds: FloatArray) -> None:
        """Add ``t.s = 2 t.x - sum t``."""
        self._add_linear(2.0 * thresholds[self.indices])
        self.constant -= float(thresholds.sum())

    def _add_explicit(self, weights: csr_array, constant: float) -> None:
        """Add ``-1/2 s'Ws`` = sum_{a<b} -4 W_ab x_a x_b + 2 (W1).x - 1/2 1'W1."""
        order = self.indices.ravel()
        sums = _sums(weights, 1)
        self._add_linear(2.0 * sums[self.indices])
        self.constant += constant - 0.5 * float(sums.sum())
        triplets = coo_array(weights[order][:, order])
        row, column = divmod(triplets.row, self.size), divmod(triplets.col, self.size)
        meet = (row[0] != column[0]) & (row[1] != column[1])
        places = (triplets.row[meet], triplets.col[meet])
        self.pairs = csr_array(
            self.pairs + csr_array((-4.0 * triplets.data[meet], places), shape=self.pairs.shape)
        )

    def _add_product(self, left: Matrix, right: Matrix) -> None:
        """Add sum_ijkl A_ik B_jl s_ij s_kl with s = 2 x - 1: a product and linear parts.

        The diagonals of A and B meet only each other: they are linear, and go.
        """
        own_left, own_right = left.diagonal(), right.diagonal()
        rows, columns = _sums(left, 1), _sums(left, 0)
        pull = np.multiply.outer(rows, _sums(right, 1))
        pull += np.multiply.outer(columns, _sums(right, 0))
        self._add_linear(-2.0 * pull)
        self._add_linear(4.0 * np.multiply.outer(own_left, own_right))
        self.constant += float(rows.sum() * _sums(right, 1).sum())
        new = Product(_hollow(4.0 * left), _hollow(right))
        for k, old in enumerate(self.products):
            if _same(old.left, new.left):
                self.products[k] = Product(old.left, _hollow(old.right + new.right))
                return
            if _same(old.right, new.right):
                self.products[k] = Product(_hollow(old.left + new.left), old.right)
                return
        self.products.append(new)

    def form(self, block: Permutation) -> PermutationForm:
        """Return what was added up; a linear part that is the same on all permutations goes."""
        linear, constant = self._own_linear()
        return PermutationForm(
            indices=np.array(self.indices),
            allowed=None if block.allowed is None else np.array(block.allowed),
            constant=self.constant + constant,
            linear=linear,
            products=tuple(
                p for p in self.products if _num_stored(p.left) and _num_stored(p.right)
            ),
            pairs=self.pairs,
            rows=csr_array(vstack([csr_array((0, self.indices.size)), *self.rows])),
            coefficients=np.concatenate([np.empty(0), *self.coefficients]),
        )

    def _own_linear(self) -> tuple[FloatArray | None, float]:
        """Return the linear part, and 0; or None and its sum where it is a_i + b_j."""
        grid = self.linear
        if not grid.size:
            return None, 0.0
        rest = grid - grid[:, :1] - grid[:1] + grid[0, 0]
        if np.abs(rest).max() > _ROUNDING * self.size * self.magnitude:
            return grid, 0.0
        return None, float(grid[:, 0].sum() + grid[0].sum() - self.size * grid[0, 0])


def _sums(matrix: Matrix, axis: int) -> FloatArray:
    return np.asarray(matrix.sum(axis=axis), dtype=np.float64).ravel()


def _hollow(matrix: Matrix) -> Matrix:
    """Return the matrix without its diagonal, and without stored zeros."""
    if isinstance(matrix, np.ndarray):
        hollow = matrix.copy()
        np.fill_diagonal(hollow, 0.0)
        return hollow
    entries = coo_array(matrix)
    kept = (entries.row != entries.col) & (entries.data != 0)
    places = (entries.row[kept], entries.col[kept])
    return csr_array((entries.data[kept], places), shape=matrix.shape)


def _num_stored(matrix: Matrix) -> int:
    return int(np.count_nonzero(matrix) if isinstance(matrix, np.ndarray) else matrix.nnz)


def _same(a: Matrix, b: Matrix) -> bool:
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and np.array_equal(a, b)
    return a.nnz == b.nnz and not abs(a - b).max()
