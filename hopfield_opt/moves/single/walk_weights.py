"""Weights as the kernel that follows one replica reads them."""

from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import scipy.sparse

from hopfield_opt.arrays import FloatArray, IntArray, SpinArray
from hopfield_opt.couplings import Factored
from hopfield_opt.moves.plans import integer_unit

DENSE, LISTS, FACTORS = 0, 1, 2

# Weights with more entries than this share of all pairs are kept as rows.
MOSTLY_DENSE = 0.1


class WalkWeights(NamedTuple):
    """What a flip of spin k adds to the fields, as the kernel reads it.

    Attributes
    ----------
    kind : int
        DENSE: column k of W is ``values[k]``. LISTS: its entries are ``values[0, p]`` in the rows
        ``rows[p]``, p from ``begins[k]``. FACTORS: ``W = -2 sum_c scales[c] a_c a_c'`` without
        its diagonal, ``a_c[k] = values[k, c]``.
    own : (N,) float64
        ``sum_c scales[c] a_c[k]^2`` for each spin k of FACTORS.
    unit : float
        What weights and fields are measured in: whole numbers where possible, so that a field of 0
        is 0 and rounding decides nothing.
    """

    kind: int
    begins: IntArray
    rows: IntArray
    values: FloatArray
    scales: FloatArray
    own: FloatArray
    unit: float


_known: WeakKeyDictionary[Any, WalkWeights] = WeakKeyDictionary()


def prepare(network: Any) -> WalkWeights:
    """Return the weights of a Hamiltonian or Network without groups as the kernel reads them.

    The same network gets the same ones again.
    """
    if network not in _known:
        _known[network] = _read(network)
    return _known[network]


def _read(network: Any) -> WalkWeights:
    terms: tuple[Any, ...] = getattr(network, "couplings", ())
    if len(terms) == 1 and isinstance(terms[0], Factored) and _pays(terms[0]):
        return _factors(terms[0])
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
    weights: Any = network.weights
    if not isinstance(weights, np.ndarray) and weights.nnz > MOSTLY_DENSE * weights.shape[0] ** 2:
        weights = weights.toarray()
    entries = weights if isinstance(weights, np.ndarray) else weights.data
    whole = integer_unit(entries, network.thresholds)
    unit = 1.0 if whole is None else whole
    if isinstance(weights, np.ndarray):
        columns = _as_multiples(np.array(weights.T, dtype=np.float64, order="C"), whole)
        return WalkWeights(DENSE, none, none, columns, nothing, nothing, unit)
    lists = scipy.sparse.csc_array(weights)
    begins, rows = lists.indptr.astype(np.int64), lists.indices.astype(np.int64)
    values = _as_multiples(np.array(lists.data[None], dtype=np.float64), whole)
    return WalkWeights(LISTS, begins, rows, values, nothing, nothing, unit)


def _as_multiples(values: FloatArray, unit: float | None) -> FloatArray:
    """Return values as multiples of a unit, if there is one."""
    return values if unit is None else np.rint(values / unit)


def _factors(term: Any) -> WalkWeights:
    """Return factors; with one coefficient its size is the unit, and fields may be whole."""
    rows = term.rows if isinstance(term.rows, np.ndarray) else term.rows.toarray()
    scales, own, unit = np.array(term.coefficients), np.array(term.diagonal), 1.0
    if len(scales) and scales[0] and (scales == scales[0]).all():
        unit = 2.0 * abs(float(scales[0]))
        scales = np.full(len(scales), np.copysign(0.5, scales[0]))
        own = scales @ rows**2
    none = np.zeros(0, dtype=np.int64)
    columns = np.array(rows.T, dtype=np.float64, order="C")
    return WalkWeights(FACTORS, none, none, columns, scales, own, unit)


def _pays(term: Factored) -> bool:
    """Whether reading a field off the factors is cheaper than keeping all fields."""
    count, size = term.rows.shape
    return bool(4 * count < size)


def held_of(network: Any, weights: WalkWeights, states: SpinArray) -> FloatArray:
    """Return what `walk` keeps of states (R, N): fields in units, or ``scales[c] a_c . s``."""
    if weights.kind == FACTORS:
        return np.asarray(states.astype(np.float64) @ weights.values) * weights.scales
    fields = np.array(network.local_field(states), dtype=np.float64)
    if weights.unit == 1.0:
        return fields
    return np.rint(fields / weights.unit)
