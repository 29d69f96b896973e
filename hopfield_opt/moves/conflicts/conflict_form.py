"""Networks whose couplings are conflicts between pairs: a heaviest independent set.

With ``x = (1 + s) / 2``, or with ``x = (1 - s) / 2`` where spins count if they are off, the energy
is ``sum_{i<j} q_ij x_i x_j - sum_i c_i x_i`` and a constant. If every q is positive and at least
the smaller of both worths c_i, c_j, then of two that are on and in conflict the one worth less
can be turned off for nothing: a lowest state has no conflict, and its energy is what its members
are worth, negative. Independent sets, vertex covers and cliques compile to such a network.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.couplings import Explicit
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.conflicts.conflict_tabu_kernel import ConflictTerms
from hopfield_opt.moves.known import Known
from hopfield_opt.moves.plans import integer_unit

# A move, in flips of a fast kernel: what it takes by itself, and for each conflict. Measured: .35
# and 4 microseconds at 50 and 1100 conflicts a spin, twice that out of the cache.
MOVE_COST, CONFLICT_COST = 100, 10
# Worths in whole units add up to less.
MOST_UNITS = 2.0**58
# Sums of weights are off by rounding: worths that are larger than a conflict by less are not.
ROUNDING = 1e-9

_known: Known["ConflictForm | None"] = Known()


@dataclass(frozen=True, eq=False)
class ConflictForm:
    """Who is in conflict with whom, and what each is worth.

    Attributes
    ----------
    terms : ConflictTerms
        Worths are in whole units, rounded to 58 bits if they must be; 0 for what is better left
        out, whose conflicts are left out, too.
    sign : int
        1, or -1 where spins count if they are off.
    """

    terms: ConflictTerms
    sign: int

    @classmethod
    def of(cls, hamiltonian: Hamiltonian) -> "ConflictForm | None":
        """Return the form of a network, None where it has none."""
        return _known.of(hamiltonian, cls._find)

    @classmethod
    def _find(cls, hamiltonian: Hamiltonian) -> Self | None:
        terms = hamiltonian.couplings
        if hamiltonian.groups or not all(isinstance(term, Explicit) for term in terms):
            return None
        deadline.check(10 * sum(term.num_couplings() for term in terms))
        known: Any = hamiltonian.weights
        if not known.shape[0] or known.max() > 0 or known.min() == 0:
            return None  # most networks, before anything is copied
        weights: Any = scipy.sparse.csr_array(known)
        conflicts = -4.0 * weights.data
        pushes = 2.0 * np.asarray(weights.sum(axis=1)).ravel()
        scale = ROUNDING * (conflicts.max() + np.abs(hamiltonian.thresholds).max())
        row = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
        for sign in (1, -1):
            worths = -(pushes + 2.0 * sign * hamiltonian.thresholds)
            less = np.minimum(worths[row], worths[weights.indices])
            if (conflicts >= less - scale).all():
                return cls._make(weights, row, np.where(worths > scale, worths, 0.0), sign)
        return None

    @classmethod
    def _make(cls, weights: Any, row: Any, worths: NDArray[np.float64], sign: int) -> Self:
        total = float(worths.sum())
        unit = integer_unit(worths)
        if unit is None or total / unit >= MOST_UNITS:
            unit = total / MOST_UNITS or 1.0
        kept = (weights.data < 0) & (worths[row] > 0) & (worths[weights.indices] > 0)
        begins = np.concatenate([[0], np.cumsum(np.bincount(row[kept], minlength=len(worths)))])
        neighbours = weights.indices[kept].astype(np.int32)
        whole = np.rint(worths / unit).astype(np.int64)
        return cls(ConflictTerms(begins.astype(np.int64), neighbours, whole), sign)

    @property
    def effort(self) -> int:
        """About how many flips of a fast kernel take as long as a move."""
        worths, neighbours = self.terms.worths, self.terms.neighbours
        return MOVE_COST + CONFLICT_COST * len(neighbours) // max(1, len(worths))
