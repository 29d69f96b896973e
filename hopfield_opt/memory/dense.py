"""Dense associative memories: interactions of more than two units, and many more memories."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from hopfield_opt import rng
from hopfield_opt.driver.limits import Limits
from hopfield_opt.driver.plan import RunPlan
from hopfield_opt.driver.running import watch
from hopfield_opt.dynamics import Asynchronous
from hopfield_opt.errors import InputError, check_choice
from hopfield_opt.learning import Patterns, check_cues, check_patterns
from hopfield_opt.memory import dense_walk
from hopfield_opt.memory.dense_energy import DenseEnergy
from hopfield_opt.memory.dense_recall import DenseDescent
from hopfield_opt.memory.html import SHOWN, memory_table
from hopfield_opt.memory.masks import fill, mask
from hopfield_opt.memory.recall import Recall

ORDERS = {"random": dense_walk.RANDOM, "sequential": dense_walk.SEQUENTIAL}


class DenseAssociativeMemory:
    """Store patterns in an energy ``-sum_mu F(xi^mu.s)`` that is steeper than a square.

    With F(x) = x^n about ``N^(n-1) / (2 (2n-3)!! ln N)`` random patterns are stable, with an
    exponential F exponentially many. Recall, labels and records are those of the pairwise memory.

    Parameters
    ----------
    patterns : (P, ...) array or sequence of P arrays
        All -1 and +1, or all 0 and 1, or truth values; vectors or images of one shape.
    interaction : {"polynomial", "rectified", "exponential"}
        F(x): ``x^degree``; the same for x > 0 only, so that negatives are no memories; or
        ``exp(beta x)``.
    degree : int
        Of the polynomial. 2 is Hebb's rule.
    beta : float
        Of the exponential: large ones recall the nearest pattern, small ones averages.
    names : str or sequence of P str, optional
        What the patterns are called in labels and pictures; "ABC" are three names. "memory 0",
        "memory 1", ... if None.

    Attributes
    ----------
    patterns : Patterns
        What is stored now.
    hamiltonian : DenseEnergy
        The energy, an `EnergyFunction`: it has no weights.

    Raises
    ------
    InputError
        For patterns that cannot be used, an unknown interaction, or a number out of its range.

    References
    ----------
    D. Krotov, J. J. Hopfield, "Dense associative memory for pattern recognition", NeurIPS 29
    (2016), Eq. 2 and 3.

    Examples
    --------
    >>> patterns = [[1, 1, 1, 1, 1, 1], [1, -1, 1, -1, 1, -1], [1, 1, 1, -1, -1, -1]]
    >>> memory = DenseAssociativeMemory(patterns, "exponential", beta=2.0)
    >>> memory.recall([-1, 1, 1, 1, 1, 1], seed=0).label
    'memory 0'
    """

    patterns: Patterns
    hamiltonian: DenseEnergy

    def __init__(
        self,
        patterns: Any,
        interaction: str = "polynomial",
        degree: int = 3,
        beta: float = 1.0,
        *,
        names: Sequence[str] | None = None,
    ) -> None:
        self.interaction = interaction
        self.degree = degree
        self.beta = beta
        self._learn(check_patterns(patterns, names))

    def _learn(self, patterns: Patterns) -> None:
        energy = DenseEnergy(patterns.spins, self.interaction, self.degree, self.beta)
        self.patterns = patterns
        self.hamiltonian = energy

    def store(self, patterns: Any, names: Sequence[str] | None = None) -> Self:
        """Store more patterns, numbered after those there are, and return the memory."""
        self._learn(self.patterns.append(patterns, names))
        return self

    def forget(self, pattern: Any) -> Self:
        """Forget a pattern, given by its number, its name or itself, and return the memory.

        The numbers after it move up.

        Raises
        ------
        InputError
            If it is not stored, or is the last one.
        """
        self._learn(self.patterns.remove(self.patterns.index(pattern)))
        return self

    def recall(
        self,
        cues: Any,
        dynamics: Any = None,
        seed: int | None = None,
        record: Sequence[str] | str = (),
        every: str | int = "sweep",
        *,
        sweeps: int | None = None,
        tolerance: float = 0.0,
        known: Any = None,
    ) -> Recall:
        """Let one unit after another lower the energy, from one cue or each of several.

        Parameters
        ----------
        cues : (N,), the shape of a pattern, or (C, ...) array
            Two-valued, coded as patterns may be.
        dynamics : Asynchronous, optional
            In "random" (the default) or "sequential" order, until nothing moves.
        seed : int, optional
            None draws one, which the recall carries.
        record : str or sequence of str
            Any of "energy", "overlap", "states".
        every : "sweep", "flip" or int
            When: after each sweep, each flip, or so many sweeps.
        sweeps : int, optional
            At most so many; 10000 if None.
        tolerance : float
            The Hamming distance, as a fraction of N, up to which an end state counts as a memory or
            mixture.
        known : array of truth values, optional
            In the shape of one cue or of all: False where a pixel is unknown, and what the cue
            says there does not count. Such a unit begins where the known ones pull it (a coin, by
            the seed, where they do not), and then moves like the others.

        Raises
        ------
        InputError
            If a cue does not fit, or the dynamics, or a record.
        """
        given = mask(check_cues("cue", cues, self.patterns), known)
        descent, limits = DenseDescent(_order(dynamics)), Limits(sweeps=sweeps, fewest=0)
        seed = rng.check_seed(seed)
        starts = given.spins
        if known is not None:
            starts = fill(starts, self.hamiltonian.pull(starts), seed)
        plan = RunPlan(
            self.hamiltonian, descent, limits.sweeps, seed, len(starts), starts, finishes=False
        )
        end = watch(plan, record, every, self.patterns.spins)
        trace: Any = end.trace
        return Recall.of(
            self.hamiltonian,
            self.patterns,
            given,
            end.states,
            energies=end.energies,
            trace=trace,
            seed=seed,
            sweeps=end.sweeps,
            periods=None,
            tolerance=tolerance,
        )

    def _repr_html_(self) -> str:
        costs = self.hamiltonian.flip_energy(self.patterns.spins[:SHOWN])
        stable = np.all(costs >= 0, axis=1)
        return memory_table(repr(self), self.patterns.names, self.patterns.images, stable)

    def __repr__(self) -> str:
        return f"DenseAssociativeMemory({self.hamiltonian!r})"


def _order(dynamics: Any) -> int:
    """Return the order of an asynchronous dynamics."""
    if dynamics is None or dynamics == "asynchronous":
        return dense_walk.RANDOM
    if not isinstance(dynamics, Asynchronous):
        raise InputError(
            f"dynamics must be Asynchronous for a dense memory, got {dynamics!r}. "
            "Its energy has no weights; leave dynamics out."
        )
    check_choice("order", dynamics.order, ORDERS)
    return ORDERS[dynamics.order]
