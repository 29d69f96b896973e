"""Sequences with two kinds of synapses: fast ones hold a pattern, slow ones go on to the next."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt import rng
from hopfield_opt.arrays import (
    FloatArray,
    Frozen,
    SpinArray,
    check_integer,
    check_number,
    check_spins,
)
from hopfield_opt.errors import InputError
from hopfield_opt.learning.hebb import hebb
from hopfield_opt.learning.patterns import Patterns, check_patterns
from hopfield_opt.learning.sequence import sequence
from hopfield_opt.physics.overlaps import overlaps
from hopfield_opt.trace import Trajectory


@dataclass(frozen=True, eq=False, init=False)
class DelayedSequence(Frozen):
    """Patterns that follow one another, each held for the delay of the slow synapses.

    ``h_i(t) = sum_j W_ij s_j(t) + strength sum_j V_ij s_j(t - delay)``, with Hebb weights W,
    symmetric and fast, and V from each pattern to the next, asymmetric and slow. In pattern mu,
    W holds it; once it has been there for the delay, V pulls to mu + 1 and wins if
    ``strength > 1``. Neurons are asked one at a time in random order.

    Parameters
    ----------
    patterns : (P, ...) array
        Two-valued, in the order of the sequence.
    delay : int
        In sweeps, at least 1.
    strength : float
        Of the slow synapses. Below about 1 the first pattern stays.
    cyclic : bool
        Whether the last pattern leads back to the first.

    References
    ----------
    H. Sompolinsky, I. Kanter, Phys. Rev. Lett. 57, 2861 (1986);
    D. Kleinfeld, Proc. Natl. Acad. Sci. USA 83, 9469 (1986).

    Examples
    --------
    >>> patterns = [[1, 1, 1, 1, -1, -1, -1, -1], [1, 1, -1, -1, 1, 1, -1, -1]]
    >>> trace = DelayedSequence(patterns, delay=3, strength=2.0).recall(patterns[0], 7, seed=0)
    >>> trace.overlap[:, 0, 0].tolist()
    [1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0]
    """

    patterns: Patterns
    delay: int
    strength: float
    fast: FloatArray
    slow: FloatArray

    def __init__(
        self, patterns: Any, *, delay: int = 5, strength: float = 2.0, cyclic: bool = True
    ) -> None:
        known = check_patterns(patterns)
        if check_number("strength", strength) < 0:
            raise InputError(f"strength must not be negative, got {strength}.")
        self._set(
            patterns=known,
            delay=check_integer("delay", delay, lowest=1),
            strength=float(strength),
            fast=hebb(known),
            slow=sequence(known, cyclic=cyclic),
        )

    def recall(self, cue: ArrayLike, sweeps: int, seed: int | None = None) -> Trajectory:
        """Return overlaps and states after each sweep, the start included.

        Parameters
        ----------
        cue : (N,) or (R, N) of -1 and +1
            Where the network is, and has been for the delay.
        sweeps : int
            How many; in one each neuron is asked once.
        seed : int, optional
            Of the orders of the neurons; None draws one.
        """
        count = check_integer("sweeps", sweeps, lowest=0)
        rows = np.atleast_2d(check_spins("cue", cue, self.patterns.num_spins)).astype(np.int8)
        random = rng.generator(rng.check_seed(seed))
        states = [rows]
        for t in range(1, count + 1):
            # what was there `delay` sweeps before the end of this one
            past = states[max(0, t - self.delay)]
            states.append(self._sweep(states[-1], past, random))
        path = np.stack(states)
        flat = overlaps(path.reshape(-1, path.shape[2]), self.patterns.spins)
        shape = (*path.shape[:2], len(self.patterns))
        return Trajectory(np.arange(count + 1.0), overlap=flat.reshape(shape), states=path)

    def _sweep(self, rows: SpinArray, past: SpinArray, random: np.random.Generator) -> SpinArray:
        """Return the states after each neuron has been asked once."""
        pull = self.strength * (past @ self.slow.T)
        now = rows.astype(np.float64)
        for i in random.permutation(now.shape[1]):
            field = now @ self.fast[i] + pull[:, i]
            now[:, i] = np.where(field == 0, now[:, i], np.sign(field))
        return now.astype(np.int8)
