"""The energy of a dense associative memory: any function of the overlaps with the patterns."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt.arrays import (
    FloatArray,
    Frozen,
    SpinArray,
    blockwise,
    check_integer,
    check_number,
    check_spins,
)
from hopfield_opt.border import as_array
from hopfield_opt.errors import InputError, check_choice
from hopfield_opt.physics.overlaps import spin_products

INTERACTIONS = ("polynomial", "rectified", "exponential")
# exp(2 beta), the largest change of a term by a flip, stays in the range of a float.
MOST_BETA = 350.0
# Terms that add up to less than this part of the largest one are left out.
NEGLIGIBLE = 1e-16


@dataclass(frozen=True, eq=False, init=False)
class DenseEnergy(Frozen):
    """The energy ``E(s) = -sum_mu F(xi^mu.s)``, an `EnergyFunction`.

    - polynomial: ``F(x) = x^degree``;
    - rectified: the same for x > 0, and 0 for x <= 0;
    - exponential: ``E(s) = -(1/beta) ln sum_mu exp(beta xi^mu . s)``, which falls with
      ``-sum_mu exp(beta xi^mu . s)`` and cannot overflow.

    Parameters
    ----------
    patterns : (P, N) of -1 and +1
        The memories xi.
    interaction : {"polynomial", "rectified", "exponential"}
        F.
    degree : int
        Of the polynomial, at least 1.
    beta : float
        The inverse temperature of the exponential, above 0 and at most 350.

    Raises
    ------
    InputError
        For an unknown interaction, or a number out of its range.

    Notes
    -----
    The polynomial of degree 2 is 2N times the energy of Hebb's rule, up to a constant.

    References
    ----------
    D. Krotov, J. J. Hopfield, NeurIPS 29 (2016), Eq. 2. M. Demircigil et al., J. Stat. Phys. 168,
    288 (2017).

    Examples
    --------
    >>> energy = DenseEnergy(np.array([[1, 1, 1], [1, -1, -1]]), degree=3)
    >>> energy.energy([1, 1, 1]), energy.flip_energy([1, 1, 1]).tolist()
    (-26.0, [52.0, 24.0, 24.0])
    """

    patterns: SpinArray
    interaction: str
    degree: int
    beta: float

    def __init__(
        self, patterns: Any, interaction: str = "polynomial", degree: int = 3, beta: float = 1.0
    ) -> None:
        check_choice("interaction", interaction, INTERACTIONS)
        rows = np.atleast_2d(as_array("patterns", patterns))
        spins = check_spins("patterns", rows, rows.shape[-1]).astype(np.int8)
        if not spins.size:
            raise InputError(f"patterns must hold at least one pattern, got shape {spins.shape}.")
        degree = check_integer("degree", degree, lowest=1)
        if degree * math.log(spins.shape[1] + 2) + math.log(len(spins)) > 700:
            raise InputError(
                f"degree must be at most {int(690 / math.log(spins.shape[1] + 2))} for "
                f"{spins.shape[1]} units, got {degree}. Take interaction='exponential'."
            )
        if not 0 < check_number("beta", beta) <= MOST_BETA:
            raise InputError(f"beta must be above 0 and at most {MOST_BETA:g}, got {beta}.")
        self._set(
            patterns=np.array(spins), interaction=interaction, degree=degree, beta=float(beta)
        )

    @property
    def num_spins(self) -> int:
        """The number of units N."""
        return int(self.patterns.shape[1])

    @property
    def relative(self) -> bool:
        """Whether terms are reckoned from the largest overlap, so that none overflows."""
        return self.interaction == "exponential"

    @property
    def reach(self) -> int:
        """How far below the largest overlap terms still count; -1 where all of them do.

        So far below, P terms do not matter even where a flip takes 2 off the largest overlap and
        adds 2 to theirs.
        """
        if not self.relative:
            return -1
        return math.ceil(math.log(len(self.patterns) / NEGLIGIBLE) / self.beta) + 4

    def terms(self, overlap: ArrayLike) -> FloatArray:
        """Return F of overlaps ``xi . s``; of the exponential, of their distance to the largest."""
        x = np.asarray(overlap, dtype=np.float64)
        if self.interaction == "exponential":
            return np.asarray(np.exp(self.beta * x))
        return np.asarray(
            (np.maximum(x, 0.0) if self.interaction == "rectified" else x) ** self.degree
        )

    def of_overlaps(self, overlap: ArrayLike) -> FloatArray:
        """Return the energies (R,) of states with the overlaps ``xi . s`` (R, P)."""
        x = np.asarray(overlap, dtype=np.float64)
        if not self.relative:
            return np.asarray(-self.terms(x).sum(axis=-1))
        top = x.max(axis=-1)
        total = self.terms(x - top[..., None]).sum(axis=-1)
        return np.asarray(-(top + np.log(total) / self.beta))

    def energy(self, states: ArrayLike) -> Any:
        """Return the energy of a state (N,) as a float, of states (R, N) as an array (R,)."""
        spins = check_spins("states", states, self.num_spins)
        total = blockwise(
            lambda s: self.of_overlaps(spin_products(s, self.patterns)),
            np.atleast_2d(spins),
            max(self.patterns.shape),
        )
        return float(total[0]) if spins.ndim == 1 else total

    def flip_energy(self, states: ArrayLike) -> FloatArray:
        """Return by how much a flip of each spin alone changes the energy, as `states`."""
        spins = check_spins("states", states, self.num_spins)
        width = 4 * max(self.patterns.shape)
        return blockwise(self._flips, np.atleast_2d(spins), width).reshape(spins.shape)

    def _flips(self, s: FloatArray) -> FloatArray:
        x = spin_products(s, self.patterns).astype(np.float64)
        patterns = self.patterns
        if self.relative:
            x -= x.max(axis=1, keepdims=True)
            counting = np.flatnonzero((x >= -self.reach).any(axis=0))
            x, patterns = x[:, counting], patterns[counting]
        on = (patterns > 0).astype(np.float64)
        # sums of what rises and of what falls apart: their difference may be 1e-16 of them
        less, more = self.terms(x - 2), self.terms(x + 2)
        after = np.where(s > 0, less @ on + more @ (1 - on), more @ on + less @ (1 - on))
        before = self.terms(x).sum(axis=1, keepdims=True)
        if self.relative:
            return np.asarray(-np.log(after / before) / self.beta)
        return np.asarray(before - after)

    def pull(self, known: SpinArray) -> FloatArray:
        """Return with which force known spins pull each unit on, in the shape of `known`.

            sum_mu F(x_mu + xi^mu_i) - F(x_mu - xi^mu_i),   x_mu the overlap of what is known

        Parameters
        ----------
        known : (R, N) of -1 and +1, and 0 where a spin is not known
            The spins.
        """
        x = known.astype(np.float64) @ self.patterns.T
        if self.relative:
            x -= x.max(axis=1, keepdims=True)
        return np.asarray((self.terms(x + 1) - self.terms(x - 1)) @ self.patterns)

    def __repr__(self) -> str:
        shape = f"{len(self.patterns)} patterns of {self.num_spins} units, {self.interaction}"
        detail = f"beta={self.beta:g}" if self.relative else f"degree={self.degree}"
        return f"DenseEnergy({shape}, {detail})"
