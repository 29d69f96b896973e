"""Sparse weights: the local fields of 64 replicas are recomputed from their neighbours' rows.

Per spin the states of the 64 replicas of a group are one row of 64 bytes, so that one
instruction serves them all. Two kernels: `signs` for small integers in some unit, where the
field is a sum of bytes and a table decides about flips; `weighted` for everything else.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.arrays import FloatArray, IntArray, SpinArray, WordArray
from hopfield_opt.moves.plans import (
    BLOCK,
    HEAT_BATH,
    MAX_BYTE,
    RANDOM,
    VisitingPlan,
    aligned_zeros,
    integer_unit,
    pad_lengths,
    random_plan,
    ranks,
    runs,
    sequential_plan,
)
from hopfield_opt.moves.single import sparse_signs, sparse_weighted
from hopfield_opt.moves.single.vectors import LANES

# Thresholds are added twice in int16.
MAX_SHORT = (2**15 - 1) // 2
# Integers below this are exact in float32.
MAX_FLOAT = 2**24
# The sum of all magnitudes of fields is added up in int32, twice.
MAX_TOTAL = 2**29
# The share of all fields that may exceed a byte, see `signs`: a few hubs.
MAX_WIDE = 0.25
# Offsets of rows below this fit in 32 bits.
MAX_PLACES = 2**32
# A weight of 3 is three entries; where that doubles the lists, multiplying is faster.
MAX_REPETITION = 2


class SparseCouplings(NamedTuple):
    """Weights (CSR order) and thresholds as multiples of a unit."""

    unit: float
    integer: bool
    rows: IntArray
    columns: IntArray
    weights: FloatArray
    thresholds: FloatArray
    reach: FloatArray

    @classmethod
    def of(cls, weights: Any, thresholds: FloatArray) -> Self:
        """Return the couplings in integer units, or scaled to at most 1 if there are none."""
        matrix = scipy.sparse.csr_array(weights, dtype=np.float64, copy=True)
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        values = matrix.data
        unit = integer_unit(values, thresholds)
        integer = unit is not None
        if unit is None:
            unit = max(np.abs(values).max(initial=0.0), np.abs(thresholds).max(initial=0.0))
        values, thresholds = values / unit, thresholds / unit
        if integer:
            values, thresholds = np.rint(values), np.rint(thresholds)
        size = len(thresholds)
        rows = np.repeat(np.arange(size), np.diff(matrix.indptr))
        reach = np.abs(thresholds) + np.bincount(rows, np.abs(values), size).astype(np.float64)
        integer = integer and bool(reach.max(initial=0.0) < MAX_FLOAT)
        columns = matrix.indices.astype(np.int64)
        return cls(float(unit), integer, rows, columns, values, thresholds, reach)

    def kind(self, precise: bool) -> str:
        """Return the type of number in which local fields are added up."""
        if not self.integer:
            return "float64" if precise else "float32"
        if self.reach.max(initial=0.0) > MAX_SHORT:
            return "float32"
        total = self.reach.sum()
        wide = self.reach[self.reach > MAX_BYTE].sum()
        repeated = np.abs(self.weights).sum() / max(1, len(self.weights))
        bytes_do = wide <= (0 if precise else MAX_WIDE * total) and repeated <= MAX_REPETITION
        return "int8" if bytes_do and total < MAX_TOTAL else "int16"

    def min_step(self) -> float:
        """Return a lower limit (an estimate unless `integer`) of an energy change that is one."""
        if self.integer:
            odd = (self.reach % 2 == 1).any() or not self.reach.any()
            return (2.0 if odd else 4.0) * self.unit
        sizes = np.abs(np.concatenate([self.weights, self.thresholds]))
        return float(2.0 * self.unit * sizes[sizes > 0].min())


class Lists(NamedTuple):
    """Neighbour lists: two per spin (see `signs`), then the spin itself."""

    plan: VisitingPlan
    kinds: IntArray
    begins: IntArray
    rows: NDArray[Any]
    weights: FloatArray

    @classmethod
    def of(cls, couplings: SparseCouplings, signed: bool) -> Self:
        """Return lists by sign with repetitions, or one list with weights beside it."""
        size = len(couplings.thresholds)
        weights = couplings.weights
        if signed:
            sections = [np.maximum(weights, 0).astype(int), np.maximum(-weights, 0).astype(int)]
        else:
            sections = [np.ones(len(weights), dtype=int), np.zeros(len(weights), dtype=int)]
        counts = [np.bincount(couplings.rows, c, size).astype(np.int64) for c in sections]
        lengths = np.column_stack([pad_lengths(c) for c in counts])
        kinds = np.column_stack([lengths, couplings.reach.astype(np.int64)])
        plan = random_plan(kinds)
        # the lists stand in the order in which they are read
        places = lengths.sum(axis=1) + 1
        begins = np.empty(size, dtype=np.int64)
        begins[plan.order] = np.cumsum(places[plan.order]) - places[plan.order]
        # what padding points to: the row of zeros behind the last spin
        number = np.uint32 if size * LANES < MAX_PLACES else np.uint64
        rows = np.full(places.sum(), size * LANES, dtype=number)
        beside = np.zeros(len(rows))
        rows[begins + places - 1] = np.arange(size) * LANES
        for section, (times, count) in enumerate(zip(sections, counts, strict=True)):
            starts = begins + (lengths[:, 0] if section else 0)
            targets = np.repeat(starts, count) + ranks(count)
            rows[targets] = np.repeat(couplings.columns, times) * LANES
            beside[targets] = np.repeat(weights, times)
        return cls(plan, kinds, begins, rows, beside)


@dataclass(frozen=True, eq=False)
class SparseLayout:
    """Sparse couplings in the order that the kernels want; private, not to be changed.

    Attributes
    ----------
    kind : {"int8", "int16", "float32", "float64"}
        How local fields are added up.
    unit : float
        Weights and thresholds are multiples of it: integers, or at most 1 in magnitude.
    integer : bool
        Whether they are integers; the kernel then makes no rounding errors.
    symmetric : bool
        Whether there is an energy.
    precise : bool
        Whether it is made for sampling.
    max_field : float
        Upper limit of the magnitude of a local field (in energy units).
    min_step : float
        Lower limit of the energy change of a flip that changes it at all; an estimate where
        weights are not integers in any unit.
    numbers : (N,) int32 or None
        Which spin of the network stands at each place; None is the order of the network.
    """

    kind: str
    unit: float
    integer: bool
    symmetric: bool
    precise: bool
    max_field: float
    min_step: float
    weights: Any
    thresholds: FloatArray
    reach: int
    plans: tuple[VisitingPlan, VisitingPlan]
    lists: tuple[IntArray, NDArray[Any]]
    terms: tuple[NDArray[Any], NDArray[Any]]
    exact: tuple[NDArray[Any], NDArray[Any]]
    error: float
    numbers: NDArray[np.int32] | None = None

    @classmethod
    def build(
        cls, weights: Any, thresholds: FloatArray, *, symmetric: bool = True, precise: bool = False
    ) -> Self:
        """Return the layout of a network.

        Parameters
        ----------
        weights : (N, N) sparse or dense matrix
            Row i is what spin i feels; a diagonal is a self-coupling.
        thresholds : (N,) float64
            What a field must exceed.
        symmetric : bool
            False for a network without an energy: energies are nan.
        precise : bool
            For sampling: 32 random bits for each decision instead of 16, and float64 fields
            where weights are not integers.
        """
        thresholds = np.asarray(thresholds, dtype=np.float64)
        couplings = SparseCouplings.of(weights, thresholds)
        kind = couplings.kind(precise)
        lists = Lists.of(couplings, signed=kind == "int8")
        # repetition and sign say all about small integers
        beside = lists.weights[:0] if kind == "int8" else lists.weights
        exact = (beside, -couplings.thresholds)
        number = "int16" if kind == "int8" else kind
        terms = (beside.astype(number), exact[1].astype(number))
        largest = couplings.reach.max(initial=0.0)
        exact_terms = couplings.integer or precise
        return cls(
            kind=kind,
            unit=couplings.unit,
            integer=couplings.integer,
            symmetric=symmetric,
            precise=precise,
            max_field=float(largest * couplings.unit),
            min_step=couplings.min_step(),
            weights=weights,
            thresholds=thresholds,
            reach=int(min(largest, MAX_BYTE)),
            plans=(lists.plan, sequential_plan(lists.kinds)),
            lists=(lists.begins, lists.rows),
            terms=terms,
            exact=terms if exact_terms else exact,
            # float32 rounds a sum by 2^-24 of it, and a change of energy is twice a field
            error=0.0 if exact_terms else float(largest * couplings.unit * 2.0**-23),
        )

    @property
    def num_spins(self) -> int:
        """Number of spins."""
        return len(self.lists[0])

    def sweep_block(
        self,
        states: SpinArray,
        betas: FloatArray,
        rng: WordArray,
        rule: int,
        order: int,
        replicas: int,
    ) -> FloatArray:
        """Sweep the lanes (N, L) in place and return their energies; see `single.sweep_block`."""
        energies = np.zeros(states.shape[1])
        plan = self.plans[0 if order == RANDOM else 1]
        options = (rule == HEAT_BATH, order == RANDOM)
        cells = aligned_zeros(((self.num_spins + 1) * LANES,), np.int8)
        places = np.arange(BLOCK)
        flat, stream = states.reshape(-1), rng.reshape(-1)
        if self.kind == "int8":
            wide = np.uint32 if self.precise else np.uint16
            table = aligned_zeros(((2 * self.reach + 1) * LANES,), wide)
            base = aligned_zeros((2 * LANES,), np.int8)
            work = (cells, places, table, base, np.zeros(4, dtype=np.int64))
            temperatures = (betas.reshape(-1), betas.shape[1])
            sparse_signs.sweep(
                plan, self.lists, self.terms[1], self.unit,
                flat, temperatures, stream, options, work, energies,
            )  # fmt: skip
            return energies if self.symmetric else np.full_like(energies, np.nan)
        slopes = np.empty(LANES, dtype=np.float32)
        for exact, part in runs(betas, self.error):
            sparse_weighted.sweep(
                plan, self.lists, self.exact if exact else self.terms, self.exact, self.unit,
                flat, (part.reshape(-1), part.shape[1]), stream, options,
                (cells, places, slopes), energies,
            )  # fmt: skip
        return energies if self.symmetric else np.full_like(energies, np.nan)
