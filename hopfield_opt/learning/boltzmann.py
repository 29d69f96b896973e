"""The Boltzmann machine: a network learns the distribution of its visible units."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt import rng
from hopfield_opt.arrays import (
    BoolArray,
    FloatArray,
    Frozen,
    SpinArray,
    check_array,
    check_integer,
    check_number,
    check_spins,
    check_vector,
)
from hopfield_opt.border import as_array
from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.physics.enumeration import all_energies, states_of

Sampler: TypeAlias = Callable[[Hamiltonian, SpinArray, int], SpinArray]
"""Takes a network, starts (R, N) and a seed; returns samples (S, N) at temperature 1."""

# 2^16 states of all units in each cycle of exact learning
MAX_SPINS = 16
# the part of the last step that goes on in the next one, the customary value
MOMENTUM = 0.9


class Gradient(NamedTuple):
    """How the mean log-likelihood rises with the weights (N, N) and the thresholds (N,)."""

    weights: FloatArray
    thresholds: FloatArray


@dataclass(frozen=True, eq=False, init=False)
class BoltzmannMachine(Frozen):
    """Units with ``P(s) = exp(-E(s)) / Z``, the first of them visible, the rest hidden.

    ``E(s) = -1/2 s'Ws + thresholds.s`` at temperature 1, as everywhere. The log-likelihood of
    visible data rises with ``dW_ij = <s_i s_j>+ - <s_i s_j>-``, where + is the average with the
    visible units clamped to the data and - the one of the free network.

    Parameters
    ----------
    weights : (N, N) array
        W, symmetric with a zero diagonal.
    thresholds : (N,) array or float
        The thresholds.
    num_visible : int
        How many units are visible, 1 to N.
    connected : (N, N) array of bool, optional
        Which couplings may differ from 0; all if None.

    Raises
    ------
    InputError
        If shapes do not fit, W is not symmetric, or N > 16.

    References
    ----------
    D. H. Ackley, G. E. Hinton, T. J. Sejnowski, Cogn. Sci. 9, 147 (1985).

    Examples
    --------
    >>> machine = BoltzmannMachine([[0, 1], [1, 0]], 0.0, num_visible=2)
    >>> machine.probabilities().round(3)
    array([0.44, 0.06, 0.06, 0.44])
    """

    weights: FloatArray
    thresholds: FloatArray
    num_visible: int
    connected: BoolArray

    def __init__(
        self,
        weights: ArrayLike,
        thresholds: ArrayLike,
        num_visible: int,
        connected: ArrayLike | None = None,
    ) -> None:
        own = check_array("weights", weights)
        if own.ndim != 2 or own.shape[0] != own.shape[1] or not 1 <= len(own) <= MAX_SPINS:
            raise InputError(
                f"weights must be square, of 1 to {MAX_SPINS} units, got shape {own.shape}."
            )
        if not np.array_equal(own, own.T) or own.diagonal().any():
            raise InputError("weights must be symmetric with a zero diagonal, got others.")
        visible = check_integer("num_visible", num_visible, lowest=1)
        if visible > len(own):
            raise InputError(f"num_visible must be at most {len(own)}, got {visible}.")
        links = ~np.eye(len(own), dtype=bool)
        if connected is not None:
            given = check_array("connected", connected, own.shape) != 0
            links &= given & given.T
        self._set(
            weights=own * links,
            thresholds=check_vector("thresholds", thresholds, len(own)),
            num_visible=visible,
            connected=links,
        )

    @classmethod
    def random(
        cls,
        num_visible: int,
        num_hidden: int = 0,
        *,
        scale: float = 0.1,
        connected: ArrayLike | None = None,
        seed: int | None = None,
    ) -> "BoltzmannMachine":
        """Return a machine with small normal weights of width `scale`, and no thresholds."""
        size = check_integer("num_visible", num_visible, lowest=1)
        size += check_integer("num_hidden", num_hidden, lowest=0)
        width = check_number("scale", scale)
        normal = rng.generator(rng.check_seed(seed)).normal(0.0, abs(width), (size, size))
        upper = np.triu(normal, 1)
        return cls(upper + upper.T, 0.0, num_visible, connected)

    @property
    def hamiltonian(self) -> Hamiltonian:
        """The network; sample it at temperature 1."""
        return Hamiltonian(self.weights, self.thresholds)

    def probabilities(self) -> FloatArray:
        """Return P of all visible states (2^V,), by code (`states_of`)."""
        return np.asarray(self._joint().sum(axis=0))

    def _joint(self) -> FloatArray:
        """Return P (2^H, 2^V): the visible units are the low bits of a code."""
        energies = all_energies(self.weights, self.thresholds)
        factors = np.exp(energies.min() - energies).reshape(-1, 2**self.num_visible)
        return np.asarray(factors / factors.sum())

    def divergence(self, data: ArrayLike) -> float:
        """Return ``KL(q || P) = sum_v q(v) ln(q(v) / P(v))`` of a target distribution q.

        Parameters
        ----------
        data : (2^V,) or (D, V)
            Probabilities of all visible states by code, or examples of -1 and +1.
        """
        target = self._target(data)
        seen = target > 0
        return float(target[seen] @ np.log(target[seen] / self.probabilities()[seen]))

    def _target(self, data: ArrayLike) -> FloatArray:
        given = as_array("data", data)
        states = 2**self.num_visible
        if given.ndim == 2:
            rows = check_spins("data", given, self.num_visible)
            codes = (rows > 0) @ (1 << np.arange(self.num_visible))
            return np.bincount(codes, minlength=states) / max(1, len(rows))
        target = check_array("data", given, (states,))
        if (target < 0).any() or abs(target.sum() - 1) > 1e-9:
            raise InputError(
                f"data must be probabilities that add up to 1, got the sum {target.sum():g}."
            )
        return target

    def gradient(self, data: ArrayLike) -> Gradient:
        """Return the exact gradient of ``sum_v q(v) ln P(v)``, by enumeration.

        Parameters
        ----------
        data : (2^V,) or (D, V)
            As for `divergence`.
        """
        joint = self._joint()
        hidden = joint / joint.sum(axis=0)
        states = states_of(np.arange(joint.size), len(self.weights)).astype(np.float64)
        excess = (hidden * self._target(data) - joint).ravel()
        return self._mask(states.T @ (excess[:, None] * states), -(excess @ states))

    def sampled_gradient(self, data: ArrayLike, sampler: Sampler, seed: int) -> Gradient:
        """Return an estimate of the gradient from samples.

        Parameters
        ----------
        data : (D, V) of -1 and +1
            Examples; the hidden units of each are sampled with its visible ones clamped.
        sampler : callable
            ``sampler(hamiltonian, starts, seed)`` returns samples at temperature 1.
        seed : int
            Of the starts and of the sampler.
        """
        rows = check_spins("data", np.atleast_2d(as_array("data", data)), self.num_visible)
        size, visible = len(self.weights), self.num_visible
        random = rng.generator(seed, 0)
        starts = (2 * random.integers(0, 2, (len(rows), size)) - 1).astype(np.int8)
        free = sampler(self.hamiltonian, starts, seed).astype(np.float64)
        clamped = np.zeros((size, size))
        means = np.zeros(size)
        distinct, counts = np.unique(rows.astype(np.int8), axis=0, return_counts=True)
        for k, (row, count) in enumerate(zip(distinct, counts, strict=True)):
            states = row[None].astype(np.float64)
            if visible < size:
                pinned = self.hamiltonian.fixed(dict(enumerate(row.tolist())))
                hidden = sampler(pinned, starts[:, visible:], seed + k + 1)
                states = np.column_stack([np.tile(row, (len(hidden), 1)), hidden]).astype(float)
            clamped += count / len(rows) * (states.T @ states) / len(states)
            means += count / len(rows) * states.mean(axis=0)
        weights = clamped - free.T @ free / len(free)
        return self._mask(weights, free.mean(axis=0) - means)

    def _mask(self, weights: FloatArray, thresholds: FloatArray) -> Gradient:
        symmetric = 0.5 * (weights + weights.T) * self.connected
        return Gradient(symmetric, np.asarray(thresholds))

    def learned(
        self,
        data: ArrayLike,
        cycles: int,
        *,
        rate: float = 0.1,
        decay: float = 0.0,
        sampler: Sampler | None = None,
        seed: int | None = None,
    ) -> "BoltzmannMachine":
        """Return the machine after some cycles of gradient ascent on the log-likelihood.

        Parameters
        ----------
        data : (2^V,) or (D, V)
            As for `divergence`; examples where there is a sampler.
        cycles : int
            How many.
        rate : float
            The step along the gradient, to which MOMENTUM of the last one is added.
        decay : float
            By which part of themselves the weights shrink in each cycle: without it, weights
            that stand for a probability of 0 grow for ever.
        sampler : callable, optional
            Estimates the gradient; None takes the exact one.
        seed : int, optional
            Of the sampler; None draws one.
        """
        seed = rng.check_seed(seed)
        machine, step_w, step_t = self, 0.0 * self.weights, 0.0 * self.thresholds
        for cycle in range(check_integer("cycles", cycles, lowest=0)):
            if sampler is None:
                slope = machine.gradient(data)
            else:
                part = int(rng.stream(seed, cycle, words=1)[0] >> np.uint64(32))
                slope = machine.sampled_gradient(data, sampler, part)
            step_w = MOMENTUM * step_w + rate * slope.weights
            step_t = MOMENTUM * step_t + rate * slope.thresholds
            values: dict[str, Any] = {
                "weights": (1 - decay) * machine.weights + step_w,
                "thresholds": (1 - decay) * machine.thresholds + step_t,
            }
            machine = machine._replace_fields(**values)
        return machine
