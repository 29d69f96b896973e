"""The linear program that a network's groups and costs are, once spins may be anything between."""

from typing import Any, NamedTuple

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.couplings import Explicit
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.chains.rows import RowTerms

Floats = NDArray[np.float64]

# Products of so many pairs are variables of their own; more are costs at what states have.
MOST_PAIRS = 20_000
# Larger programs take seconds, and so does one of so many steps of the simplex method.
MOST_ENTRIES, MOST_STEPS = 1_000_000, 50_000
# A value that the program gives is off a whole one by less, where it is whole.
ROUNDING = 1e-6


class Relaxation(NamedTuple):
    """The end of a linear program over ``x = (1 + s) / 2`` from 0 to 1.

    Attributes
    ----------
    costs : (N,) float64
        Of each x, products left out.
    values : (N,) float64
        The x.
    reduced : (N,) float64
        By how much a unit more of x would cost: above 0 where x is 0, below 0 where it is 1.
    """

    costs: Floats
    values: Floats
    reduced: Floats

    @property
    def is_whole(self) -> bool:
        """Whether all values are 0 or 1."""
        return bool((np.minimum(self.values, 1.0 - self.values) <= ROUNDING).all())


def relax(
    network: Hamiltonian, rows: RowTerms, states: NDArray[np.int8], seconds: float
) -> Relaxation | None:
    """Return the relaxation of a network, or None where it would say nothing, or take too long.

    Of few couplings products are relaxed, too (McCormick 1976): z = x y is at most x and y, and
    at least x + y - 1. Of more, costs are what single spins cost at states on the average.

    Parameters
    ----------
    network : Hamiltonian
        What is minimised.
    rows : RowTerms
        Its groups.
    states : (K, N) int8
        Some in which all groups hold.
    seconds : float
        When to give up.

    References
    ----------
    Q. Huangfu, J. A. J. Hall, "Parallelizing the dual revised simplex method", Mathematical
    Programming Computation 10 (2018) 119 (HiGHS).
    """
    size = network.num_spins
    if len(rows.spin) > MOST_ENTRIES:
        return None
    pairs = _pairs(network)
    if pairs is None:
        costs = -2.0 * network.local_field(states).mean(axis=0)
        pairs = (np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0))
    else:
        costs = -2.0 * network.local_field(np.full(size, -1, np.int8))
    if not np.ptp(costs) > ROUNDING * np.abs(costs).max(initial=0.0) and not len(pairs[2]):
        return None  # all states cost the same
    # imported here: it takes a tenth of a second
    from scipy.optimize import linprog

    program: Any = _program(rows, costs, *pairs)
    deadline.check()
    options: Any = {"time_limit": seconds, "maxiter": MOST_STEPS}
    found: Any = linprog(bounds=(0.0, 1.0), method="highs-ds", options=options, **program)
    if found.x is None or found.status != 0:
        return None
    reduced = np.asarray(found.lower.marginals + found.upper.marginals)[:size]
    return Relaxation(costs, np.clip(found.x[:size], 0.0, 1.0), reduced)


def _pairs(network: Hamiltonian) -> tuple[Any, Any, Floats] | None:
    """Return couplings as pairs of spins and costs of their products; None if there are many."""
    terms = network.couplings
    few = sum(term.num_couplings() for term in terms) <= MOST_PAIRS
    if not few or not all(isinstance(term, Explicit) for term in terms):
        return None
    upper = scipy.sparse.coo_array(scipy.sparse.triu(network.to_sparse(), 1))
    there = upper.data != 0
    return upper.row[there], upper.col[there], -4.0 * upper.data[there]


def _program(rows: RowTerms, costs: Floats, one: Any, other: Any, products: Floats) -> Any:
    """Return a linear program as `linprog` takes it: first all x, then the products."""
    size, number = len(costs), len(products)
    shape = (len(rows.lower), size + number)
    matrix = scipy.sparse.csr_array((rows.coefficient, rows.spin, rows.start), shape)
    same = rows.lower == rows.upper
    above, below = ~same & np.isfinite(rows.upper), ~same & np.isfinite(rows.lower)
    upper, ends = [matrix[above], -matrix[below]], [rows.upper[above], -rows.lower[below]]
    z, dear = size + np.arange(number), products > 0
    for spins, sign in (((one, other), 1.0),) if number else ():
        # z >= x + y - 1 where z costs, z <= x and z <= y where it pays
        rise = (spins[0][dear], spins[1][dear], z[dear])
        upper.append(_lines(rise, (1.0, 1.0, -sign), shape[1]))
        ends.append(np.ones(int(dear.sum())))
        for spin in spins:
            upper.append(_lines((z[~dear], spin[~dear]), (1.0, -sign), shape[1]))
            ends.append(np.zeros(int((~dear).sum())))
    program = {
        "c": np.concatenate([costs, products]),
        "A_ub": scipy.sparse.csr_array(scipy.sparse.vstack(upper)),
        "b_ub": np.concatenate(ends),
    }
    if same.any():
        program |= {"A_eq": matrix[same], "b_eq": rows.lower[same]}
    return program


def _lines(columns: Any, factors: Any, width: int) -> Any:
    """Return a matrix with a row for each place of some columns, which have a factor each."""
    count = len(columns[0])
    data = np.repeat(np.asarray(factors)[None], count, axis=0).ravel()
    ends = len(columns) * np.arange(count + 1)
    return scipy.sparse.csr_array((data, np.stack(columns, axis=1).ravel(), ends), (count, width))
