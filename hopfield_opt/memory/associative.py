"""The pairwise associative memory: a Hopfield network whose weights are learnt from patterns."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt import rng
from hopfield_opt.arrays import FloatArray, SpinArray
from hopfield_opt.border import as_array
from hopfield_opt.couplings import Coupling, Explicit
from hopfield_opt.driver import run
from hopfield_opt.dynamics import Asynchronous, HeatBath
from hopfield_opt.hamiltonian import Hamiltonian, Network
from hopfield_opt.learning import (
    RULES,
    Patterns,
    check_cues,
    check_patterns,
    couplings,
    hebb_added,
    hebb_forgotten,
    network,
    storkey,
)
from hopfield_opt.learning.rules import is_factored, warn_of_load
from hopfield_opt.memory.html import SHOWN, memory_table
from hopfield_opt.memory.masks import fill, mask
from hopfield_opt.memory.recall import Recall
from hopfield_opt.result import Result
from hopfield_opt.trace import Trajectory

# sweeps at a temperature, where none are asked for: a state of a few hundred units has then
# left its start, but for the slow drift between glassy states
WARM = 100


class AssociativeMemory:
    """Store patterns in the weights of a Hopfield network, and recall them from cues.

    A recall lets the network run from the cue until nothing moves, and says what the end is:
    networks also end in negatives and mixtures of memories and in other spurious states.

    Parameters
    ----------
    patterns : (P, ...) array or sequence of P arrays
        All -1 and +1, or all 0 and 1, or truth values; vectors or images of one shape.
    rule : {"hebb", "pseudo-inverse", "storkey"}
        How the weights are learnt. Hebb's rule stores up to 0.138 N random patterns, Storkey's
        more, the pseudo-inverse up to N, however much they are alike.
    thresholds : (N,) array or float, optional
        Of the units, 0 if None: unit i turns on where ``sum_j W_ij s_j`` exceeds its threshold.
    diagonal : bool
        Whether units keep the self-coupling W_ii that the rule gives them. Then states are more
        stable, and the energy of recall still falls.
    names : str or sequence of P str, optional
        What the patterns are called in labels and pictures; "ABC" are three names. "memory 0",
        "memory 1", ... if None.

    Attributes
    ----------
    patterns : Patterns
        What is stored now.

    Raises
    ------
    InputError
        If there is no pattern, shapes differ, a value is neither of two, the rule is unknown, or
        the patterns are too many for it.

    Notes
    -----
    Above 2000 units the weights of Hebb's rule and the pseudo-inverse stay factors, P x N numbers
    instead of N x N, unless there are more patterns than N / 2.

    References
    ----------
    J. J. Hopfield, Proc. Natl. Acad. Sci. USA 79, 2554 (1982).

    Examples
    --------
    >>> memory = AssociativeMemory([[1, 1, 1, 1, -1, -1, -1, -1], [1, -1, 1, -1, 1, -1, 1, -1]])
    >>> recall = memory.recall([-1, 1, 1, 1, -1, -1, -1, -1], seed=0)
    >>> recall.label, recall.overlaps.tolist(), recall.energy
    ('memory 0', [1.0, 0.0], -3.0)
    """

    patterns: Patterns

    def __init__(
        self,
        patterns: Any,
        rule: str = "hebb",
        *,
        thresholds: ArrayLike | None = None,
        diagonal: bool = False,
        names: Sequence[str] | None = None,
    ) -> None:
        self.rule = rule
        # a copy: what is stored later is learnt with the same ones
        self.thresholds = (
            None if thresholds is None else np.array(as_array("thresholds", thresholds))
        )
        self.diagonal = diagonal
        known = check_patterns(patterns, names)
        self._learn(known, couplings(known, rule))

    def _learn(self, patterns: Patterns, terms: Coupling) -> None:
        warn_of_load(patterns, self.rule)
        self.patterns = patterns
        self._couplings = terms
        for name in ("hamiltonian", "network"):
            self.__dict__.pop(name, None)

    @cached_property
    def hamiltonian(self) -> Hamiltonian:
        """The network with its energy ``-1/2 sum_{i != j} W_ij s_i s_j + thresholds . s``."""
        return network(self._couplings, self.thresholds)

    @cached_property
    def network(self) -> Hamiltonian | Network:
        """What recall moves: the Hamiltonian, or with a kept diagonal a Network."""
        if not self.diagonal:
            return self.hamiltonian
        return Network(RULES[self.rule](self.patterns, diagonal=True), self.thresholds)

    def store(self, patterns: Any, names: Sequence[str] | None = None) -> Self:
        """Store more patterns, numbered after those there are, and return the memory.

        With Hebb's and Storkey's rules a pattern costs O(N^2), however many are stored.

        Parameters
        ----------
        patterns : (N,), the shape of a pattern, or (P, ...) array
            Two-valued.
        names : str or sequence of str, optional
            What the new ones are called; their numbers if None.

        Examples
        --------
        >>> memory = AssociativeMemory([[1, 1, 1, -1, -1, -1]]).store([1, -1, 1, -1, 1, -1])
        >>> len(memory.patterns)
        2
        """
        together = self.patterns.append(patterns, names)
        new = Patterns(together.spins[len(self.patterns) :])
        terms = self._couplings
        if isinstance(terms, Explicit) and not is_factored(self.rule, together):
            if self.rule == "hebb":
                terms = Explicit(hebb_added(self._matrix, new))
            elif self.rule == "storkey":
                terms = Explicit(storkey(new, weights=self._matrix))
            else:
                terms = couplings(together, self.rule)
        else:
            terms = couplings(together, self.rule)
        self._learn(together, terms)
        return self

    def forget(self, pattern: Any) -> Self:
        """Forget a pattern and return the memory; the numbers after it move up.

        Hebb's rule subtracts it; the other rules learn the rest anew.

        Parameters
        ----------
        pattern : int, str or array
            Its number, its name, or the pattern itself.

        Raises
        ------
        InputError
            If it is not stored, or is the last one.
        """
        index = self.patterns.index(pattern)
        rest = self.patterns.remove(index)
        if self.rule == "hebb" and isinstance(self._couplings, Explicit):
            gone = self.patterns.spins[index]
            self._learn(rest, Explicit(hebb_forgotten(self._matrix, gone)))
        else:
            self._learn(rest, couplings(rest, self.rule))
        return self

    @property
    def _matrix(self) -> FloatArray:
        return self._couplings.to_dense()

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
        temperature: float = 0.0,
    ) -> Recall:
        """Let the network run from one cue, or from each of several.

        Parameters
        ----------
        cues : (N,), the shape of a pattern, or (C, ...) array
            Two-valued, coded as patterns may be.
        dynamics : Dynamics or str, optional
            None is ``Asynchronous(order="random")``, until nothing moves.
        seed : int, optional
            None draws one, which the recall carries. Where the weights are kept as factors, up
            to 64 cues share their random orders: there repeats of one cue take other seeds.
        record : str or sequence of str
            Any of "energy", "overlap", "states", and what the dynamics has of its own.
        every : "sweep", "flip" or int
            When: after each sweep, each flip, or so many sweeps.
        sweeps : int, optional
            At most so many; None is the default of the dynamics. At a temperature: so many warm
            ones.
        tolerance : float
            The Hamming distance, as a fraction of N, up to which an end state counts as a memory or
            mixture.
        known : array of truth values, optional
            In the shape of one cue or of all: False where a pixel is unknown, and what the cue
            says there does not count. Such a unit begins where the known ones pull it (a coin, by
            the seed, where they do not), and then moves like the others.
        temperature : float
            Above 0 the units first move by the heat bath at this temperature, for so many sweeps
            (100 if None), which is what is recorded, and then by the dynamics until nothing
            moves: the label is that of the attractor below.

        Raises
        ------
        InputError
            If a cue does not fit, or the dynamics, or a record.
        """
        given = mask(check_cues("cue", cues, self.patterns), known)
        seed, names = rng.check_seed(seed), (record,) if isinstance(record, str) else tuple(record)
        # a network with self-couplings has no energy of its own: it is added from the states
        added = ("states",) if self.diagonal and "energy" in names else ()
        asked: dict[str, Any] = {"record": tuple(dict.fromkeys(names + added)), "every": every}
        asked |= {"patterns": self.patterns.spins, "seed": seed}
        moves = Asynchronous() if dynamics is None else dynamics
        starts = fill(given.spins, self._pull(given.spins), seed)
        if temperature:
            warm = run(self.network, HeatBath(temperature), starts, sweeps or WARM, **asked)
            end = run(self.network, moves, warm.states, seed=seed)
            energies, trace = self._energies(end, warm.trace, names)
        else:
            end = run(self.network, moves, starts, sweeps, **asked)
            energies, trace = self._energies(end, end.trace, names)
        return Recall.of(
            self.network,
            self.patterns,
            given,
            end.states,
            energies=energies,
            trace=trace,
            seed=end.seed,
            sweeps=end.sweeps,
            periods=end.details.get("periods"),
            tolerance=tolerance,
        )

    def _pull(self, known: SpinArray) -> FloatArray:
        """Return the fields (C, N) of spins that are known; those that are 0 have no part in it."""
        if known.all():
            return np.zeros(known.shape)
        # fields are linear: of the two ways of filling the unknown ones the mean leaves them out
        fills = (np.where(known == 0, filling, known) for filling in (-1, 1))
        one, other = (self.network.local_field(states) for states in fills)
        return np.asarray(0.5 * (one + other))

    def _energies(
        self, end: Result, trace: Any, names: tuple[str, ...]
    ) -> tuple[FloatArray, Trajectory]:
        """Return the energies of the end and the trace, with energies also for a Network."""
        if not self.diagonal:
            return end.energies, trace
        if "energy" in names:
            moments = trace.states.reshape(-1, self.patterns.num_spins)
            energy = self.hamiltonian.energy(moments).reshape(trace.states.shape[:2])
            records = {**trace.records, "energy": energy}
            trace = Trajectory(trace.sweeps, **{name: records[name] for name in names})
        return self.hamiltonian.energy(end.states), trace

    def _repr_html_(self) -> str:
        shown = self.patterns.spins[:SHOWN]
        stable = np.all(shown * self.network.local_field(shown) >= 0, axis=1)
        return memory_table(repr(self), self.patterns.names, self.patterns.images, stable)

    def __repr__(self) -> str:
        return (
            f"AssociativeMemory({len(self.patterns)} patterns of {self.patterns.num_spins} units, "
            f"rule={self.rule!r})"
        )
