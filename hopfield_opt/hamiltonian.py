"""The Hamiltonian: couplings, thresholds, offset and groups; the one thing all parts share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from hopfield_opt import conversions, storage
from hopfield_opt.arrays import (
    FloatArray,
    Frozen,
    Matrix,
    blockwise,
    check_memory,
    checked_count,
    checked_indices,
    checked_number,
    checked_spins,
    checked_square,
    checked_vector,
)
from hopfield_opt.couplings import Coupling, Explicit, Kronecker
from hopfield_opt.errors import InputError
from hopfield_opt.explicit import sum_explicit
from hopfield_opt.groups import Group, Permutation, checked_groups


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Hamiltonian(Frozen):
    """``E(s) = -1/2 s'Ws + thresholds.s + offset`` over spins -1, +1, with groups."""

    couplings: tuple[Coupling, ...]
    thresholds: FloatArray
    offset: float
    groups: tuple[Group, ...]
    num_spins: int

    def __init__(
        self,
        weights: Any = None,
        thresholds: ArrayLike | None = None,
        offset: float = 0.0,
        groups: Sequence[Group] = (),
        *,
        num_spins: int | None = None,
    ) -> None:
        terms = _terms(weights)
        size = _num_spins(terms, thresholds, num_spins)
        couplings, constant = _gathered(terms, size)
        self._set(
            couplings=couplings,
            thresholds=checked_vector("thresholds", 0.0 if thresholds is None else thresholds, size),
            offset=checked_number("offset", offset) + constant,
            groups=checked_groups(groups, size),
            num_spins=size,
        )

    @property
    def field(self) -> FloatArray:
        """The physicists' external field, ``-thresholds``."""
        return 0.0 - self.thresholds

    @property
    def weights(self) -> Matrix:
        """The sum W of all couplings, as it came or expanded (CSR or dense)."""
        if not self.couplings:
            return csr_array((self.num_spins, self.num_spins))
        if len(self.couplings) == 1 and isinstance(self.couplings[0], Explicit):
            return self.couplings[0].matrix
        sparse = 12 * sum(term.num_couplings() for term in self.couplings)
        return self.to_dense() if sparse > 8 * self.num_spins**2 else self.to_sparse()

    def to_dense(self) -> FloatArray:
        """Return W expanded into an ndarray (N, N)."""
        check_memory("weights", 8 * self.num_spins**2)
        weights = np.zeros((self.num_spins, self.num_spins))
        for term in self.couplings:
            weights += term.to_dense()
        return weights

    def to_sparse(self) -> csr_array:
        """Return W expanded into a CSR array (N, N)."""
        check_memory("weights", 12 * sum(term.num_couplings() for term in self.couplings))
        weights = csr_array((self.num_spins, self.num_spins))
        for term in self.couplings:
            weights = csr_array(weights + term.to_sparse())
        weights.eliminate_zeros()
        return weights

    def energy(self, states: ArrayLike) -> Any:
        """Return the energy of a state (N,) as a float, of states (R, N) as an array (R,)."""
        spins = checked_spins("states", states, self.num_spins)
        rows = np.atleast_2d(spins)
        total = blockwise(lambda s: s @ self.thresholds, rows, self.num_spins) + self.offset
        for term in self.couplings:
            total += term.energy(rows)
        return float(total[0]) if spins.ndim == 1 else total

    def local_field(self, states: ArrayLike) -> FloatArray:
        """Return ``W s - thresholds``, with the shape of `states`."""
        spins = checked_spins("states", states, self.num_spins)
        rows = np.atleast_2d(spins)
        field = np.tile(-self.thresholds, (len(rows), 1))
        for term in self.couplings:
            field += term.local_field(rows)
        return field.reshape(spins.shape)

    def flip_energy(self, states: ArrayLike) -> FloatArray:
        """Return by how much a flip of each spin alone changes the energy, ``2 s_k h_k``."""
        return 2.0 * np.asarray(states) * self.local_field(states)

    def to_qubo(self) -> tuple[Matrix, float]:
        """Return (Q upper triangular, offset) with ``E = x'Qx + offset``, ``x = (1 + s) / 2``."""
        return conversions.to_qubo(*self._without_groups("to_qubo"))

    @classmethod
    def from_qubo(cls, Q: Any, offset: float = 0.0, *, num_spins: int | None = None) -> Self:
        """Return the Hamiltonian of ``E = x'Qx + offset`` with ``x = (1 + s) / 2``."""
        return cls(*conversions.from_qubo(Q, offset, num_spins))

    def to_ising(self) -> tuple[FloatArray, Matrix, float]:
        """Return (h, J upper triangular, offset), ``E = sum h s + sum J s s + offset``."""
        return conversions.to_ising(*self._without_groups("to_ising"))

    @classmethod
    def from_ising(
        cls, h: Any, J: Any, offset: float = 0.0, *, num_spins: int | None = None
    ) -> Self:
        """Return the Hamiltonian of ``E = sum h s + sum J s s + offset``."""
        return cls(*conversions.from_ising(h, J, offset, num_spins))

    def _without_groups(self, method: str) -> tuple[Matrix, FloatArray, float]:
        if self.groups:
            raise InputError(
                f"{method} must have a Hamiltonian without groups, got {len(self.groups)}. "
                'Compile with structure="penalty" to turn groups into penalties.'
            )
        constant = sum(term.constant for term in self.couplings)
        return self.weights, self.thresholds, self.offset + constant

    def scaled(self, factor: float) -> "Hamiltonian":
        """Return the Hamiltonian with the energy ``factor * E``, factor > 0."""
        factor = checked_number("factor", factor)
        if factor <= 0:
            raise InputError(f"factor must be positive, got {factor}.")
        return Hamiltonian(
            [term.scaled(factor) for term in self.couplings],
            factor * self.thresholds,
            factor * self.offset,
            self.groups,
            num_spins=self.num_spins,
        )

    def gauge(self, signs: ArrayLike) -> "Hamiltonian":
        """Return the Hamiltonian with the energy ``E'(s) = E(signs * s)``."""
        own = checked_spins("signs", signs, self.num_spins).astype(np.float64)
        return Hamiltonian(
            [term.gauge(own) for term in self.couplings],
            own * self.thresholds,
            self.offset,
            [new for group in self.groups for new in group.gauge(own)],
            num_spins=self.num_spins,
        )

    def relabelled(self, order: ArrayLike) -> "Hamiltonian":
        """Return the Hamiltonian whose spin k is this one's spin ``order[k]``."""
        own = checked_indices("order", order, ndim=1)
        if len(own) != self.num_spins or own.max(initial=-1) >= self.num_spins:
            raise InputError(f"order must be a permutation of {self.num_spins} spins, got {order}.")
        position = np.empty_like(own)
        position[own] = np.arange(len(own))
        return Hamiltonian(
            [term.relabelled(own) for term in self.couplings],
            self.thresholds[own],
            self.offset,
            [group.relabelled(position) for group in self.groups],
            num_spins=self.num_spins,
        )

    def fixed(self, spins: Mapping[int, int]) -> "Hamiltonian":
        """Return the Hamiltonian over the spins that are left when some are fixed."""
        pins = np.zeros(self.num_spins)
        for i, s in spins.items():
            pins[i] = s
        free = pins == 0
        for group in self.groups:
            if isinstance(group, Permutation):
                free[group.members] = True
        keep = np.flatnonzero(free)
        position = np.full(self.num_spins, -1)
        position[keep] = np.arange(len(keep))
        gone = np.where(free, 0.0, pins)
        thresholds = self.thresholds[keep]
        offset = self.offset + float(self.thresholds @ gone)
        terms: list[Coupling] = []
        for term in self.couplings:
            new, pull, constant = term.restricted(keep, gone)
            terms.append(new)
            thresholds = thresholds + pull
            offset += constant
        groups = [new for group in self.groups for new in group.restricted(position, pins)]
        return Hamiltonian(terms, thresholds, offset, groups, num_spins=len(keep))

    def contract(self, labels: ArrayLike) -> "Hamiltonian":
        """Return the Hamiltonian over clusters; spin i takes the value of ``labels[i]``."""
        own = np.asarray(labels).astype(np.int64)
        sizes = np.bincount(own)
        return Hamiltonian(
            [term.contract(own, len(sizes)) for term in self.couplings],
            np.bincount(own, weights=self.thresholds, minlength=len(sizes)),
            self.offset,
            [new for group in self.groups for new in group.contract(own, sizes)],
            num_spins=len(sizes),
        )

    def save(self, path: str | PathLike[str]) -> None:
        """Write everything to an npz file."""
        storage.save(self, path)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Self:
        """Return the Hamiltonian that `save` wrote."""
        return cls(**storage.load(path))

    def __repr__(self) -> str:
        parts = [f"{self.num_spins} spins", *(repr(term) for term in self.couplings)]
        return f"<Hamiltonian: {', '.join(parts)}, offset {self.offset:.6g}, {len(self.groups)} groups>"


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Network(Frozen):
    """Any square real weights, self-couplings included: a local field and no energy."""

    weights: Matrix
    thresholds: FloatArray

    def __init__(self, weights: Any, thresholds: ArrayLike | None = None) -> None:
        own = checked_square("weights", weights)
        size = own.shape[0]
        self._set(
            weights=own,
            thresholds=checked_vector("thresholds", 0.0 if thresholds is None else thresholds, size),
        )

    @property
    def num_spins(self) -> int:
        """The number of spins N."""
        return int(self.weights.shape[0])

    def local_field(self, states: ArrayLike) -> FloatArray:
        """Return ``W s - thresholds``, with the shape of `states`."""
        spins = checked_spins("states", states, self.num_spins)
        rows = np.atleast_2d(spins)
        field = blockwise(lambda s: np.asarray((self.weights @ s.T).T), rows, self.num_spins)
        return (field - self.thresholds).reshape(spins.shape)


@runtime_checkable
class EnergyFunction(Protocol):
    """An energy over spins, and what flips change: all that recall and labels need."""

    def energy(self, states: ArrayLike) -> Any:
        """Return the energy of a state (N,) or of states (R, N)."""

    def flip_energy(self, states: ArrayLike) -> FloatArray:
        """Return the change of energy by a flip of each spin alone."""


def _terms(weights: Any) -> list[Coupling]:
    if weights is None:
        return []
    if isinstance(weights, Coupling):
        return [weights]
    if isinstance(weights, list | tuple) and all(isinstance(w, Coupling) for w in weights):
        return list(weights)
    return [Explicit(weights)]


def _num_spins(terms: list[Coupling], thresholds: Any, num_spins: int | None) -> int:
    if num_spins is not None:
        return checked_count("num_spins", num_spins)
    if terms:
        return max(term.num_spins for term in terms)
    if thresholds is not None and np.ndim(thresholds) == 1:
        return int(np.shape(thresholds)[0])
    raise InputError("num_spins must be given where neither weights nor thresholds tell it, got None.")


def _gathered(terms: list[Coupling], size: int) -> tuple[tuple[Coupling, ...], float]:
    """Return the terms with all explicit ones summed into the first, and their constant."""
    terms = [
        term.widened(size) if isinstance(term, Kronecker) and term.num_spins < size else term
        for term in terms
    ]
    for term in terms:
        if term.num_spins != size:
            raise InputError(f"weights must be over {size} spins, got {term!r}.")
    explicit = [term for term in terms if isinstance(term, Explicit)]
    others = tuple(term for term in terms if not isinstance(term, Explicit))
    if not explicit:
        return others, 0.0
    if len(explicit) == 1 and explicit[0].constant == 0.0:
        return (explicit[0], *others), 0.0
    matrix, constant = sum_explicit(explicit)
    return (Explicit._make(matrix=matrix, constant=0.0), *others), constant
