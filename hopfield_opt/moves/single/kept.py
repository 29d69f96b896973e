"""Kept fields: a flip adds weights to the fields of its replica.

For dense weights, a row for each spin, and for few replicas of sparse ones, a list for each.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.arrays import FloatArray, SpinArray, WordArray
from hopfield_opt.moves.plans import HEAT_BATH, RANDOM, RNG_WORDS, integer_unit, runs
from hopfield_opt.moves.single import kept_sweeps
from hopfield_opt.moves.single.kept_terms import MAX_FIELD, Terms, coarse_unit
from hopfield_opt.moves.single.vectors import LANES


@dataclass(frozen=True, eq=False)
class KeptLayout:
    """Couplings and kept fields in the order that the kernel wants; private, not to be changed.

    Weights that are not integers in any unit are rounded, to 64 bits where that matters (low
    temperatures, sampling), else to 16 or 32: integer fields do not drift, so that nothing
    needs a refresh and the split into blocks does not matter.

    Attributes
    ----------
    kind : {"int16", "int32", "int64"}
        The type of the fields.
    unit, integer, symmetric, precise, max_field, min_step, numbers
        As in `SparseLayout`.
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
    terms: Terms
    error: float
    numbers: NDArray[np.int32] | None = None

    @classmethod
    def build(
        cls, weights: Any, thresholds: FloatArray, *, symmetric: bool = True, precise: bool = False
    ) -> Self:
        """Return the layout of a network; arguments as of `SparseLayout.build`."""
        is_sparse: Any = scipy.sparse.issparse(weights)
        weights = scipy.sparse.csr_array(weights) if is_sparse else np.asarray(weights)
        values = weights.data if is_sparse else weights
        thresholds = np.asarray(thresholds, dtype=np.float64)
        reach = np.asarray(np.abs(weights).sum(axis=1)) + np.abs(thresholds)
        largest = float(reach.max(initial=0.0))
        unit = integer_unit(values, thresholds)
        integer = unit is not None and largest / unit <= MAX_FIELD["int32"]
        kind = "int16" if unit and largest / unit <= MAX_FIELD["int16"] else "int32"
        if unit is None or not integer:
            kind = "int64" if precise else "int32"
            unit = largest / MAX_FIELD[kind]
            if not precise and not is_sparse:
                unit = coarse_unit(weights, largest)
        sizes = np.abs(np.append(np.ravel(values), thresholds))
        least = unit if integer else sizes.min(where=sizes > 0, initial=largest)
        return cls(
            kind=kind,
            unit=unit,
            integer=integer,
            symmetric=symmetric,
            precise=precise,
            max_field=largest,
            min_step=2.0 * least,
            weights=weights,
            thresholds=thresholds,
            terms=Terms.of(weights, thresholds, unit, kind),
            # every weight is off by up to half a unit, and a change of energy is twice a field
            error=0.0 if integer or precise else unit * np.sqrt(len(thresholds)),
        )

    @property
    def num_spins(self) -> int:
        """Number of spins."""
        return len(self.thresholds)

    @cached_property
    def _exact(self) -> Terms:
        """The terms for sweeps in which rounding would matter."""
        unit = self.max_field / MAX_FIELD["int64"]
        return Terms.of(self.weights, self.thresholds, unit, "int64")

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
        energies = np.full(states.shape[1], np.nan)
        for exact, part in runs(betas, self.error):
            terms = self._exact if exact else self.terms
            for first in range(0, replicas, LANES):
                lanes = slice(first, min(first + LANES, replicas))
                address = states.ctypes.data + first
                count = lanes.stop - first
                work = terms.work(address, count)
                kept_sweeps.sweep(
                    (terms.changes.values, terms.changes.lists),
                    terms.biases,
                    terms.unit,
                    (states.reshape(-1), states.shape[1], first),
                    (part.reshape(-1), part.shape[1]),
                    rng.reshape(-1)[RNG_WORDS * (first // LANES) :],
                    (rule == HEAT_BATH, order == RANDOM),
                    (*work, np.empty(LANES, dtype=np.float32)),
                    energies[lanes],
                )
                terms.keep(address, count, work)
        if not self.symmetric:
            energies[:] = np.nan
        elif not self.integer:
            spins = states[:, :replicas].astype(np.float64)
            energies[:replicas] = -0.5 * (spins * (self.weights @ spins)).sum(axis=0)
            energies[:replicas] += self.thresholds @ spins
        return energies
