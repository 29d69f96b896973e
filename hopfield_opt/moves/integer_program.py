"""A network as a linear program over binaries, and how finely that has to be solved."""

from typing import Any, NamedTuple

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.arrays import FloatArray, SpinArray
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.chains.rows import RowTerms
from hopfield_opt.moves.plans import integer_unit

# More products make a program that nothing solves soon.
MOST_PRODUCTS = 20_000
# What a solver in floating point may be asked for, and what it offers by itself.
FINEST, USUAL = 1e-9, 1e-6
# What may be off by less than this part of a unit is not off.
SURE = 0.25
# Costs without a unit are scaled to this size.
SCALE = 1000.0


class IntegerProgram(NamedTuple):
    """Minimise ``costs y``, ``lower <= matrix y <= upper``, y the binaries, then their products.

    Attributes
    ----------
    costs : (N + P,) float64
        In units, without the constant.
    matrix : (M, N + P) sparse
        The rows: groups, then ``z <= x``, ``z <= x'`` and ``z >= x + x' - 1`` of products
        (McCormick 1976), as far as costs do not see to them.
    lower, upper : (M,) float64
        Their ranges.
    num_binaries : int
        N; products are whole where these are.
    pairs : (2, P) int
        The spins of each product.
    scale : float
        What a unit of costs is in energies.
    base : float
        The energy where all binaries are 0.
    is_whole : bool
        Whether all costs are whole numbers of units.
    tolerance : float
        The one with which rows and binaries tell feasible points from others.
    is_safe : bool
        Whether there is such a tolerance: what a sum of terms may be off by is less than half of
        what it changes by.
    """

    costs: FloatArray
    matrix: scipy.sparse.csr_array
    lower: FloatArray
    upper: FloatArray
    num_binaries: int
    pairs: NDArray[np.intp]
    scale: float
    base: float
    is_whole: bool
    tolerance: float
    is_safe: bool

    @classmethod
    def of(cls, network: Hamiltonian) -> "IntegerProgram":
        """Return the program of a network with at most MOST_PRODUCTS couplings."""
        size, rows = network.num_spins, RowTerms.of(network)
        all_off = np.full(size, -1, np.int8)
        one, other, products = _products(network)
        costs = np.concatenate([-2.0 * network.local_field(all_off), products])
        width, count = len(costs), len(rows.lower)
        matrix = scipy.sparse.csr_array((rows.coefficient, rows.spin, rows.start), (count, width))
        links, ends = _links(one, other, products, size)
        unit = integer_unit(costs)
        scale = unit or max(float(np.abs(costs).max(initial=0.0)), np.finfo(float).tiny) / SCALE
        scaled = costs / scale
        needed = min(_resolution(rows), SURE / max(1.0, float(np.abs(scaled).max(initial=0.0))))
        return cls(
            costs=np.rint(scaled) if unit else scaled,
            matrix=scipy.sparse.csr_array(scipy.sparse.vstack([matrix, links], format="csr")),
            lower=np.concatenate([rows.lower, np.full(links.shape[0], -np.inf)]),
            upper=np.concatenate([rows.upper, ends]),
            num_binaries=size,
            pairs=np.stack([one, other]),
            scale=scale,
            base=float(network.energy(all_off)),
            is_whole=unit is not None,
            tolerance=float(np.clip(needed, FINEST, USUAL)),
            is_safe=needed >= FINEST,
        )

    def with_rows(
        self, matrix: scipy.sparse.csr_array, lower: FloatArray, upper: FloatArray
    ) -> "IntegerProgram":
        """Return the program with more rows, which hold at all of its feasible points."""
        return self._replace(
            matrix=scipy.sparse.csr_array(scipy.sparse.vstack([self.matrix, matrix], format="csr")),
            lower=np.concatenate([self.lower, lower]),
            upper=np.concatenate([self.upper, upper]),
        )

    def point(self, spins: SpinArray) -> FloatArray:
        """Return the columns (N + P,) at a state (N,)."""
        on = (spins > 0).astype(np.float64)
        return np.concatenate([on, on[self.pairs[0]] * on[self.pairs[1]]])

    def holds(self, spins: SpinArray) -> bool:
        """Whether all rows hold at a state (N,), within the tolerance of the solver."""
        sums, near = self.matrix @ self.point(spins), USUAL
        return bool(((sums >= self.lower - near) & (sums <= self.upper + near)).all())

    def value(self, spins: SpinArray) -> float:
        """Return what a state (N,) costs, in units, without the constant."""
        return float(self.costs @ self.point(spins))

    def energy(self, units: float) -> float:
        """Return the energy of what costs so many units."""
        return self.base + self.scale * units


def _products(network: Hamiltonian) -> tuple[NDArray[np.intp], NDArray[np.intp], FloatArray]:
    """Return pairs of spins, and what the product of their binaries costs."""
    upper = scipy.sparse.coo_array(scipy.sparse.triu(network.to_sparse(), 1))
    there = upper.data != 0
    row, column = (np.asarray(one, np.intp)[there] for one in upper.coords)
    return row, column, np.asarray(-4.0 * upper.data[there], np.float64)


def _links(
    one: NDArray[np.intp], other: NDArray[np.intp], products: FloatArray, size: int
) -> tuple[scipy.sparse.csr_array, FloatArray]:
    """Return the rows of products, and what each is at most."""
    z, dear = size + np.arange(len(products)), products > 0
    parts: list[tuple[tuple[Any, ...], tuple[float, ...], float]]
    parts = [((one[dear], other[dear], z[dear]), (1.0, 1.0, -1.0), 1.0)]
    parts += [((z[~dear], spin[~dear]), (1.0, -1.0), 0.0) for spin in (one, other)]
    columns = [np.stack(places, axis=1).ravel() for places, _, _ in parts]
    data = [np.tile(factors, len(places[0])) for places, factors, _ in parts]
    lengths = [np.full(len(places[0]), len(factors)) for places, factors, _ in parts]
    upper = np.concatenate([np.full(len(places[0]), end) for places, _, end in parts])
    start = np.concatenate([[0], np.cumsum(np.concatenate(lengths))])
    entries = (np.concatenate(data), np.concatenate(columns), start)
    return scipy.sparse.csr_array(entries, (len(upper), size + len(products))), upper


def _resolution(rows: RowTerms) -> float:
    """Return by how much each binary may be off, so that no row takes one sum for another."""
    sizes = np.zeros(len(rows.lower))
    number = np.repeat(np.arange(len(sizes)), np.diff(rows.start))
    np.add.at(sizes, number, np.abs(rows.coefficient))
    units = np.ones(len(sizes))
    broken = np.zeros(len(sizes), np.bool_)
    broken[number[rows.coefficient != np.rint(rows.coefficient)]] = True
    for row in deadline.check_each(np.flatnonzero(broken).tolist(), 100):
        own = rows.coefficient[rows.start[row] : rows.start[row + 1]]
        units[row] = integer_unit(own) or np.abs(own).min()
    return float((SURE * units / np.maximum(sizes, units)).min(initial=SURE))
