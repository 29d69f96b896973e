"""What every kind of coupling is to the rest of the package: one abstract term of W."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from hopfield_opt import deadline
from hopfield_opt.arrays import (
    IMPLICIT,
    FloatArray,
    Frozen,
    IntArray,
    blockwise,
    canonical,
    check_memory,
)
from hopfield_opt.errors import InputError

if TYPE_CHECKING:  # an explicit term is a Coupling, too
    from hopfield_opt.couplings.explicit import Explicit

# unit vectors whose local fields are asked for at once
_STRIPE = 16
# bytes of a stored entry of a CSR matrix
_ENTRY = 12

_kinds: dict[str, type["Coupling"]] = {}


class Coupling(Frozen, ABC):
    """The term ``E(s) = -1/2 s'Ws + constant``, W symmetric with a zero diagonal.

    Nothing outside of a kind's own file needs to know it. A kind must have `num_spins`,
    `constant`, `local_field`, `scaled` and `arguments`; what else there is follows from these, by
    expansion where need be, and may be replaced by what the kind does better. Code that has a
    fast path for one kind asks for that kind, and takes `to_dense`, `to_sparse` or `expanded` of
    any other.

    Terms get arrays that have been checked already, but for their own constructor. They are
    immutable: arrays are set read-only by `_set`. A frozen dataclass in which `num_spins` or
    `constant` is a field gives it a default, without which the abstract property would stay.

    `hopfield_opt.testing.check_coupling` checks a term against its dense expansion.
    """

    arguments: ClassVar[Mapping[str, tuple[str, int]]]
    """What a file holds: the arguments of the constructor, which are attributes as well, each
    with the kinds of its numpy dtype ("f", "i", "b") and its number of axes. A matrix of floats
    may be CSR."""

    open_ended: ClassVar[bool] = False
    """Whether `num_spins` is the least number only, so that the network may be larger."""

    def __init_subclass__(cls, **keywords: Any) -> None:
        """Register the kind under its name, by which `Hamiltonian.load` finds it."""
        super().__init_subclass__(**keywords)
        if not hasattr(cls, "arguments"):
            raise TypeError(
                f"a kind of coupling must declare arguments, got none in {cls.__name__}. "
                'Write arguments = {"matrix": ("f", 2)} for a constructor with one matrix.'
            )
        known = _kinds.setdefault(cls.__name__, cls)
        # the same cell of a notebook may run again, but no other class takes a name
        if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(
                f"a kind of coupling must have a name of its own, got {cls.__name__}, which is "
                f"that of {known.__module__}.{known.__qualname__}. Rename it."
            )
        _kinds[cls.__name__] = cls

    @property
    @abstractmethod
    def num_spins(self) -> int:
        """The number of spins N."""

    @property
    @abstractmethod
    def constant(self) -> float:
        """The part of the energy that no spin changes: what a diagonal would add."""

    @abstractmethod
    def local_field(self, states: NDArray[Any]) -> FloatArray:
        """Return ``W s`` (R, N) for states (R, N), which may be any real numbers."""

    @abstractmethod
    def scaled(self, factor: float) -> Self:
        """Return the term times `factor`, of any sign."""

    def energy(self, states: NDArray[Any]) -> FloatArray:
        """Return the energies (R,) of states (R, N), constant included."""

        def block(s: FloatArray) -> FloatArray:
            return np.asarray(self.constant - 0.5 * np.einsum("rn,rn->r", s, self.local_field(s)))

        return blockwise(block, states, self.num_spins)

    def num_couplings(self) -> int:
        """Return an upper bound of the number of nonzero entries of W."""
        return self.num_spins * (self.num_spins - 1)

    # Expansion ------------------------------------------------------------------------------

    def dense_bytes(self) -> int:
        """Return the memory that `to_dense` needs at its peak."""
        return 16 * self.num_spins**2

    def sparse_bytes(self) -> int:
        """Return the memory that `to_sparse` needs at its peak."""
        return self.dense_bytes() + 2 * _ENTRY * self.num_couplings()

    def to_dense(self) -> FloatArray:
        """Return W as a new ndarray (N, N); SizeError if that is above the memory limit."""
        check_memory("weights", self.dense_bytes(), IMPLICIT)
        return self._dense()

    def to_sparse(self) -> csr_array:
        """Return W as a new CSR array (N, N); SizeError if that is above the memory limit."""
        check_memory("weights", self.sparse_bytes(), IMPLICIT)
        return self._sparse()

    def expanded(self) -> "Explicit":
        """Return the term as an explicit one, dense or sparse, whichever needs less memory."""
        from hopfield_opt.couplings.explicit import Explicit  # which is made from this class

        is_sparse = self.sparse_bytes() < self.dense_bytes()
        matrix = self.to_sparse() if is_sparse else self.to_dense()
        return Explicit._make(matrix=matrix, constant=self.constant)

    def _dense(self) -> FloatArray:
        """Return W (N, N), whose memory was checked: the local fields of all unit vectors."""
        size = self.num_spins
        weights = np.empty((size, size))
        for first in deadline.check_each(range(0, size, _STRIPE)):
            rows = np.arange(first, min(first + _STRIPE, size))
            units = np.zeros((len(rows), size))
            units[np.arange(len(rows)), rows] = 1.0
            weights[rows] = self.local_field(units)
        # local fields may be off by rounding: symmetric to the last bit
        whole = np.asarray(weights + weights.T)
        whole /= 2.0
        np.fill_diagonal(whole, 0.0)
        return whole

    def _sparse(self) -> csr_array:
        """Return W (N, N) as CSR, whose memory was checked."""
        return canonical(csr_array(self._dense()))

    # Transformations ------------------------------------------------------------------------

    def gauge(self, signs: FloatArray) -> "Coupling":
        """Return the term whose energy at s is that of this one at ``signs * s``."""
        return self.expanded().gauge(signs)

    def relabelled(self, order: IntArray) -> "Coupling":
        """Return the term whose spin k is this one's spin ``order[k]``."""
        return self.expanded().relabelled(order)

    def contract(self, labels: IntArray, num_clusters: int) -> "Coupling":
        """Return the term over clusters of spins: its energy at t is this one's at ``t[labels]``.

        What merged spins do to each other goes into the constant.
        """
        return self.expanded().contract(labels, num_clusters)

    def restricted(
        self, keep: IntArray, fixed_spins: FloatArray
    ) -> tuple["Coupling", FloatArray, float]:
        """Return the term over the spins `keep`, and what the others add when they are fixed.

        `fixed_spins` (N,) is -1 or +1 at fixed spins and 0 at kept ones. The energy is that of
        the term plus ``thresholds.s + offset``, which are returned with it.
        """
        return self.expanded().restricted(keep, fixed_spins)

    def widened(self, num_spins: int) -> Self:
        """Return the same term in a network of `num_spins` spins; for `open_ended` kinds."""
        if num_spins != self.num_spins:
            raise InputError(f"weights must couple {num_spins} spins, got {self!r}.")
        return self

    # Which spins ----------------------------------------------------------------------------

    def coupled_spins(self) -> NDArray[np.bool_]:
        """Return which spins (N,) may have a coupling; the others surely have none."""
        return np.ones(self.num_spins, np.bool_)

    def coupled_sets(self) -> tuple[IntArray, IntArray]:
        """Return sets of spins: couplings join spins of one set only.

        Returns
        -------
        members : (M,) int
            The sets, one after another.
        starts : (K,) int
            Where each one begins.
        """
        return np.flatnonzero(self.coupled_spins()), np.zeros(1, np.int64)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.num_spins} spins)"


def find_kind(name: str) -> type[Coupling]:
    """Return the kind of coupling of that name."""
    if name not in _kinds:
        raise InputError(
            f"a term of kind {name[:40]!r}. If it is a kind of your own, import its module first"
        )
    return _kinds[name]
