"""Local fields of many replicas at once, for graded outputs: in float32, in units of the network.

Every kind of coupling is kept as it came; arrays are (N, R), the replicas of a neuron in a row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from hopfield_opt.arrays import FloatArray, IntArray, Matrix
from hopfield_opt.couplings import Coupling, Explicit, Factored, Kronecker
from hopfield_opt.hamiltonian import Hamiltonian, Network
from hopfield_opt.moves.graded_steps import sparse_product

Floats: TypeAlias = NDArray[np.float32]
Product: TypeAlias = Callable[[Floats], Floats]

# Random states whose local fields tell the scale of couplings that are kept as factors.
SCALE_STATES = 64
# Steps of the Lanczos iteration: the ends of the spectrum to about 1 %, exact up to so many spins.
LANCZOS_STEPS = 32


@dataclass(frozen=True, eq=False)
class Fields:
    """The local fields ``h = W v - thresholds`` of a network, divided by its unit.

    Attributes
    ----------
    unit : float
        The root mean square of the local field at random spins, ``h_rms``: with it in all
        formulas a dynamics does not know the scale of its network.
    thresholds : (N,) float32
        In units.
    """

    unit: float
    thresholds: Floats
    products: tuple[Product, ...]
    symmetric: bool
    bound: float  # of the largest singular value of W, in units; used where W is not symmetric
    network: Hamiltonian | Network

    @classmethod
    def of(cls, network: Hamiltonian | Network) -> Self:
        """Return the local fields of a network."""
        unit = scale_of(network)
        thresholds = (network.thresholds / unit).astype(np.float32)
        if isinstance(network, Network):
            size: Any = abs(network.weights)
            norms = [float(size.sum(axis=k).max(initial=0.0)) / unit for k in (0, 1)]
            bound = float(np.sqrt(norms[0] * norms[1]))
            product = _matrix(network.weights, unit)
            return cls(unit, thresholds, (product,), is_symmetric(network), bound, network)
        products = tuple(_product(term, unit) for term in network.couplings)
        return cls(unit, thresholds, products, True, 0.0, network)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the network: the products are functions, made anew."""
        return Fields.of, (self.network,)

    def pull(self, values: Floats, out: Floats) -> None:
        """Write ``W values`` (N, R) into `out`, without the thresholds."""
        if not self.products:
            out[:] = 0.0
        elif len(self.products) == 1:
            self.products[0](values, out=out)  # type: ignore[call-arg]
        else:
            out[:] = self.products[0](values)
            for product in self.products[1:]:
                out += product(values)

    @cached_property
    def spectrum(self) -> tuple[float, float]:
        """The least and the largest eigenvalue of W, in units (of bounds, if not symmetric)."""
        if not self.symmetric:
            return -self.bound, self.bound
        ones = np.ones(len(self.thresholds), np.float32)
        return extremes(self, lambda vector: ones * vector)


def extremes(fields: Fields, weighted: Callable[[Floats], Floats]) -> tuple[float, float]:
    """Return the ends of the spectrum of ``D W D`` (Lanczos), D symmetric, as a function.

    0 belongs to it: an end that does not reach it is 0.
    """
    size = len(fields.thresholds)
    steps = min(size, LANCZOS_STEPS)
    basis = np.zeros((steps + 1, size))
    diagonal, beside = np.zeros(steps), np.zeros(steps)
    start = np.random.default_rng(0).standard_normal(size)
    basis[0] = start / (np.linalg.norm(start) or 1.0)
    out = np.empty((size, 1), np.float32)
    for k in range(steps):
        fields.pull(np.ascontiguousarray(weighted(basis[k].astype(np.float32))[:, None]), out)
        image = weighted(out[:, 0]).astype(np.float64)
        diagonal[k] = image @ basis[k]
        for _ in range(2):  # twice: once leaves what rounding brought in
            image -= basis[: k + 1].T @ (basis[: k + 1] @ image)
        beside[k] = np.linalg.norm(image)
        if beside[k] < 1e-4:  # an invariant subspace, as far as float32 can tell
            steps = k + 1
            break
        basis[k + 1] = image / beside[k]
    inside = np.diag(diagonal[:steps]) + np.diag(beside[: steps - 1], 1)
    values = np.linalg.eigvalsh(inside + np.triu(inside, 1).T) if steps else np.zeros(1)
    return min(0.0, float(values[0])), max(0.0, float(values[-1]))


def scale_of(network: Hamiltonian | Network) -> float:
    """Return the root mean square of the local field at random spins, 1 if all fields are 0.

    ``h_rms^2 = mean_i (sum_j W_ij^2 + thresholds_i^2)``; where couplings are kept as factors,
    the mean over some random states, always the same ones.
    """
    size = network.num_spins
    parts = [np.abs(network.thresholds)]
    if isinstance(network, Network):
        parts.append(_entries(network.weights))
    elif all(isinstance(term, Explicit) for term in network.couplings):
        parts += [_entries(term.matrix) for term in network.couplings if isinstance(term, Explicit)]
    else:
        states = np.random.default_rng(0).choice([-1.0, 1.0], (SCALE_STATES, size))
        parts = [np.abs(local_field(network, states)) / np.sqrt(SCALE_STATES)]
    largest = max((float(part.max(initial=0.0)) for part in parts), default=0.0)
    if not largest:
        return 1.0
    # divided first, so that squares of very large or small numbers stay in range
    total = sum(float(np.sum((part / largest) ** 2)) for part in parts)
    return largest * float(np.sqrt(total / size))


def is_symmetric(network: Network) -> bool:
    """Whether the weights are symmetric: then there is a Lyapunov energy."""
    difference: Any = network.weights - network.weights.T
    return not (
        difference.any() if isinstance(difference, np.ndarray) else difference.count_nonzero()
    )


def local_field(network: Hamiltonian | Network, outputs: FloatArray) -> FloatArray:
    """Return ``W v - thresholds`` (R, N) of graded outputs (R, N), in float64, as it came."""
    if isinstance(network, Network):
        return np.asarray((network.weights @ outputs.T).T - network.thresholds)
    field = np.tile(-network.thresholds, (len(outputs), 1))
    for term in network.couplings:
        field += term.local_field(outputs)
    return field


def _entries(matrix: Matrix) -> FloatArray:
    return np.abs(matrix if isinstance(matrix, np.ndarray) else matrix.data)


def _product(term: Coupling, unit: float) -> Product:
    """Return what turns values (N, R) into ``W values / unit``."""
    if isinstance(term, Explicit):
        return _matrix(term.matrix, unit)
    if isinstance(term, Factored):
        forms, back = _matrix(term.rows), _matrix(_transpose(term.rows))
        coefficients = (2.0 * term.coefficients / unit).astype(np.float32)[:, None]
        own = (2.0 * term.diagonal / unit).astype(np.float32)[:, None]
        return _with_output(lambda values: own * values - back(coefficients * forms(values)))
    if isinstance(term, Kronecker):
        return _with_output(_kronecker(term, unit))
    field = term.local_field
    return _with_output(lambda values: (field(values.T).T / unit).astype(np.float32))


def _with_output(function: Product) -> Product:
    """Return the function with the optional place for its result that `_matrix` has."""

    def product(values: Floats, out: Floats | None = None) -> Floats:
        result = function(values)
        if out is None:
            return result
        out[:] = result
        return out

    return product


def _matrix(matrix: Matrix, unit: float = 1.0) -> Product:
    """Return the product with a matrix, dense or in compressed rows."""
    if isinstance(matrix, np.ndarray):
        return partial(np.matmul, (matrix / unit).astype(np.float32))
    starts, neighbours = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64)
    weights = (matrix.data / unit).astype(np.float32)

    def product(values: Floats, out: Floats | None = None) -> Floats:
        if out is None:
            out = np.empty((len(starts) - 1, values.shape[1]), np.float32)
        sparse_product(starts, neighbours, weights, values, out)
        return out

    return product


def _transpose(matrix: Matrix) -> Matrix:
    """Return the transposed matrix in the form in which rows are stored together."""
    if isinstance(matrix, np.ndarray):
        return np.ascontiguousarray(matrix.T)
    return csr_array(matrix.T.tocsr())


def _kronecker(term: Kronecker, unit: float) -> Product:
    """Return ``-coefficient factors (A S B + A' S B')`` without what a spin does to itself."""
    there = term.indices >= 0
    spins: IntArray = term.indices[there]
    factors = term.factors.astype(np.float32)[:, :, None]
    scale = np.float32(-term.coefficient / unit)
    own = np.multiply.outer(term.left.diagonal(), term.right.diagonal())
    own = (2.0 * own).astype(np.float32)[:, :, None]
    left, turned_left = _matrix(term.left), _matrix(_transpose(term.left))
    right, turned_right = _matrix(term.right), _matrix(_transpose(term.right))

    def along_both(first: Product, second: Product, grid: Floats) -> Floats:
        n, m, count = grid.shape
        image = first(grid.reshape(n, m * count)).reshape(n, m, count)
        turned = np.ascontiguousarray(image.transpose(1, 0, 2)).reshape(m, n * count)
        return second(turned).reshape(m, n, count).transpose(1, 0, 2)

    def product(values: Floats) -> Floats:
        grid = np.zeros((*term.indices.shape, values.shape[1]), np.float32)
        grid[there] = values[spins]
        grid *= factors
        image: Any = along_both(left, turned_right, grid) + along_both(turned_left, right, grid)
        out = np.zeros_like(values)
        out[spins] = (scale * factors * (image - own * grid))[there]
        return out

    return product
