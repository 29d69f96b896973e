"""Dense weights: fields are kept, and a flip adds a row of weights to those of its replica."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.dynamics.kernels import fields
from hopfield_opt.dynamics.kernels.layout import (
    HEAT_BATH,
    LANES,
    RANDOM,
    RNG_WORDS,
    aligned,
    integer_unit,
    runs,
)

# Fields and changes of fields must fit.
MAX_FIELD = {"int16": 2**15 - 1, "int32": 2**29, "int64": 2**61}
MAX_CHANGE = {"int8": 2**7 - 1, "int16": 2**15 - 1}
# In order to save memory traffic, rounding may change a field by this part of it.
COARSE = 1e-3
# Kept fields of groups of replicas that were seen last.
MAX_SPARE = 64

Work = tuple[NDArray[np.int8], NDArray[Any]]


class Terms(NamedTuple):
    """Integer weights and thresholds, and fields that are kept from one block to the next.

    Attributes
    ----------
    unit : float
        Energy of one unit.
    biases : (N,) int64
        Negative thresholds.
    changes : (N, P) integers
        Row i is what spin i changes in all fields as it goes from -1 to 1.
    ground : (P,) integers
        Fields while all spins are -1.
    spare : dict
        States and their fields, by the address of the lanes that they were computed for. They
        only save work: fields follow exactly from states.
    """

    unit: float
    biases: NDArray[np.int64]
    changes: NDArray[Any]
    ground: NDArray[Any]
    spare: dict[int, Work]

    @classmethod
    def of(
        cls, weights: NDArray[np.float64], thresholds: NDArray[np.float64], unit: float, kind: str
    ) -> Self:
        """Return the terms for fields of the type `kind`, rounded to integers."""
        size = len(thresholds)
        pitch = -(-size // LANES) * LANES
        largest = 2.0 * np.abs(weights).max(initial=0.0) / unit
        small = {"int16": "int8", "int32": "int16", "int64": "int64"}[kind]
        fits = kind != "int64" and largest < MAX_CHANGE[small] + 0.5
        changes = aligned((size, pitch), small if fits else kind)
        biases = np.rint(-thresholds / unit).astype(np.int64)
        ground = biases.copy()
        for first in range(0, size, LANES):
            # a few columns at a time: a copy of all would double the memory
            some = slice(first, first + LANES)
            columns = np.rint(np.ascontiguousarray(weights[:, some].T) / unit).astype(np.int64)
            changes[some, :size] = 2 * columns
            ground -= columns.sum(axis=0)
        padded = np.zeros(pitch, dtype=kind)
        padded[:size] = ground
        return cls(unit, biases, changes, padded, {})

    def work(self, address: int) -> Work:
        """Return the states and fields kept for these lanes, else all spins -1."""
        kept = self.spare.pop(address, None)
        if kept is not None:
            return kept
        cells = aligned((LANES * len(self.ground),), np.int8)
        cells[:] = -1
        kept_fields = aligned((LANES * len(self.ground),), self.ground.dtype)
        kept_fields[:] = np.tile(self.ground, LANES)
        return cells, kept_fields

    def keep(self, address: int, work: Work) -> None:
        """Keep states and fields for the next block of the same lanes."""
        if len(self.spare) >= MAX_SPARE:
            self.spare.clear()
        self.spare[address] = work


@dataclass(frozen=True, eq=False)
class DenseLayout:
    """Dense couplings in the order that the kernel wants; private, not to be changed.

    Weights that are not integers in any unit are rounded, to 64 bits where that matters (low
    temperatures, sampling), else to 16 or 32: integer fields do not drift, so that nothing
    needs a refresh and the split into blocks does not matter.

    Attributes
    ----------
    kind : {"int16", "int32", "int64"}
        The type of the fields.
    unit, integer, symmetric, precise, max_field, min_step
        As in `SparseLayout`.
    """

    kind: str
    unit: float
    integer: bool
    symmetric: bool
    precise: bool
    max_field: float
    min_step: float
    weights: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    terms: Terms
    error: float

    @classmethod
    def build(
        cls,
        weights: Any,
        thresholds: NDArray[np.float64],
        *,
        symmetric: bool = True,
        precise: bool = False,
    ) -> Self:
        """Return the layout of a network; arguments as of `SparseLayout.build`."""
        sparse: Any = scipy.sparse.issparse(weights)
        full = np.asarray(weights.toarray() if sparse else weights, dtype=np.float64)
        thresholds = np.asarray(thresholds, dtype=np.float64)
        largest = float((np.abs(full).sum(axis=1) + np.abs(thresholds)).max(initial=0.0))
        unit = integer_unit(full, thresholds)
        integer = unit is not None and largest / unit <= MAX_FIELD["int32"]
        if unit is None or not integer:
            kind = "int64" if precise else "int32"
            unit = largest / MAX_FIELD[kind] if precise else _coarse_unit(full, largest)
        else:
            kind = "int16" if largest / unit <= MAX_FIELD["int16"] else "int32"
        sizes = np.abs(np.append(full.ravel(), thresholds))
        least = unit if integer else sizes.min(where=sizes > 0, initial=largest)
        return cls(
            kind=kind,
            unit=unit,
            integer=integer,
            symmetric=symmetric,
            precise=precise,
            max_field=largest,
            min_step=2.0 * least,
            weights=full,
            thresholds=thresholds,
            terms=Terms.of(full, thresholds, unit, kind),
            # every weight is off by up to half a unit, and a change of energy is twice a field
            error=0.0 if integer or precise else unit * np.sqrt(len(full)),
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
        states: NDArray[np.int8],
        betas: NDArray[np.float64],
        rng: NDArray[np.uint64],
        rule: int,
        order: int,
        replicas: int,
    ) -> NDArray[np.float64]:
        """Sweep the lanes (N, L) in place and return their energies; see `kernels.sweep_block`."""
        energies = np.full(states.shape[1], np.nan)
        for exact, part in runs(betas, self.error):
            terms = self._exact if exact else self.terms
            for first in range(0, replicas, LANES):
                lanes = slice(first, min(first + LANES, replicas))
                address = states.ctypes.data + first
                work = terms.work(address)
                fields.sweep(
                    terms.changes.reshape(-1),
                    terms.biases,
                    terms.unit,
                    (states.reshape(-1), states.shape[1], first),
                    (part.reshape(-1), part.shape[1]),
                    rng.reshape(-1)[RNG_WORDS * (first // LANES) :],
                    (rule == HEAT_BATH, order == RANDOM),
                    work,
                    energies[lanes],
                )
                terms.keep(address, work)
        if not self.symmetric:
            energies[:] = np.nan
        elif not self.integer:
            spins = states[:, :replicas].astype(np.float64)
            energies[:replicas] = -0.5 * (spins * (self.weights @ spins)).sum(axis=0)
            energies[:replicas] += self.thresholds @ spins
        return energies


def _coarse_unit(weights: NDArray[np.float64], largest: float) -> float:
    """Return the unit for search: 16 bits for a weight, unless that spoils the usual field."""
    # an integer part of the largest, which must not lie between two units
    unit = float(np.abs(weights).max() / (MAX_CHANGE["int16"] // 2))
    usual = np.median(np.sqrt(np.einsum("ij,ij->i", weights, weights)))
    if unit * np.sqrt(len(weights)) > COARSE * usual or largest / unit > MAX_FIELD["int32"]:
        return largest / MAX_FIELD["int32"]
    return unit
