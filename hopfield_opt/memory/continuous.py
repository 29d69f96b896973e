"""The modern Hopfield network with real states: one update is the attention of transformers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt.arrays import FloatArray, Frozen, check_array, check_integer, check_number
from hopfield_opt.errors import InputError


@dataclass(frozen=True, eq=False, init=False)
class ContinuousMemory(Frozen):
    """Real patterns, recalled by ``xi <- X' softmax(beta X xi)``, X holding a pattern in each row.

    Each update lowers ``E = -ln(sum_mu exp(beta x^mu . xi)) / beta + xi.xi / 2 + C`` with
    ``C = ln(P) / beta + M^2 / 2``, M the largest norm of a pattern. Large beta recall the nearest
    pattern, small ones averages.

    Parameters
    ----------
    patterns : (P, d) array
        The patterns X.
    beta : float
        The inverse temperature, above 0.

    Raises
    ------
    InputError
        If the patterns are no finite matrix, or beta is not above 0.

    References
    ----------
    H. Ramsauer et al., "Hopfield networks is all you need", ICLR 2021, Eq. 2 and 3.

    Examples
    --------
    >>> memory = ContinuousMemory([[1.0, 0.0], [0.0, 1.0]], beta=10)
    >>> memory.update([0.8, 0.3]).round(3).tolist()
    [0.993, 0.007]
    """

    patterns: FloatArray
    beta: float

    def __init__(self, patterns: ArrayLike, beta: float = 1.0) -> None:
        rows = check_array("patterns", patterns)
        if rows.ndim != 2 or not rows.size:
            raise InputError(f"patterns must be a (P, d) array, got shape {rows.shape}.")
        self._set(patterns=rows, beta=check_beta(beta))

    def attention(self, states: ArrayLike) -> FloatArray:
        """Return the weights ``softmax(beta X xi)`` of the patterns, (P,) or (R, P)."""
        return softmax(self.beta * (self._check(states) @ self.patterns.T))

    def entropy(self, states: ArrayLike) -> FloatArray:
        """Return the entropy of these weights: 0 for one pattern, ln(P) for the mean of all."""
        weights = self.attention(states)
        logs = np.log(weights, out=np.zeros_like(weights), where=weights > 0)
        return np.asarray(-(weights * logs).sum(axis=-1))

    def update(self, states: ArrayLike) -> FloatArray:
        """Return the states (d,) or (R, d) after one update."""
        return np.asarray(self.attention(states) @ self.patterns)

    def energy(self, states: ArrayLike) -> Any:
        """Return the energy of a state (d,), or the energies of states (R, d)."""
        given = self._check(states)
        x = self.beta * (given @ self.patterns.T)
        top = x.max(axis=-1)
        soft = top + np.log(np.exp(x - top[..., None]).sum(axis=-1))
        largest = (self.patterns**2).sum(axis=1).max()
        constant = np.log(len(self.patterns)) / self.beta + largest / 2
        return constant - soft / self.beta + (given**2).sum(axis=-1) / 2

    def recall(self, cues: ArrayLike, tolerance: float = 1e-9, updates: int = 1000) -> FloatArray:
        """Return where cues (d,) or (R, d) lead.

        Parameters
        ----------
        cues : array
            The states to begin from.
        tolerance : float
            Stop when no component changes by more.
        updates : int
            At most so many.
        """
        state = self._check(cues)
        for _ in range(check_integer("updates", updates, lowest=0)):
            before, state = state, self.update(state)
            if np.abs(state - before).max(initial=0.0) <= tolerance:
                break
        return state

    def _check(self, states: ArrayLike) -> FloatArray:
        given = check_array("states", states)
        size = self.patterns.shape[1]
        if given.ndim not in (1, 2) or given.shape[-1] != size:
            raise InputError(f"states must have shape ({size},) or (R, {size}), got {given.shape}.")
        return given


def attention(
    queries: ArrayLike, keys: ArrayLike, values: ArrayLike, beta: float | None = None
) -> FloatArray:
    """Return scaled dot-product attention ``softmax(beta Q K') V``.

    With K = V = X it is one update of a `ContinuousMemory`.

    Parameters
    ----------
    queries : (R, d) array
        Q.
    keys : (P, d) array
        K.
    values : (P, v) array
        V.
    beta : float, optional
        ``1 / sqrt(d)`` if None.

    References
    ----------
    A. Vaswani et al., "Attention is all you need", NeurIPS 30 (2017), Eq. 1.

    Examples
    --------
    >>> attention([[1.0, 0.0]], [[9.0, 0.0], [0.0, 9.0]], [[1.0], [2.0]]).round(3).tolist()
    [[1.002]]
    """
    q, k, v = (
        check_array(name, given)
        for name, given in (("queries", queries), ("keys", keys), ("values", values))
    )
    fits = q.ndim == k.ndim == v.ndim == 2 and q.shape[1] == k.shape[1] and len(k) == len(v)
    if not fits or not k.size:
        raise InputError(
            f"queries, keys and values must have shapes (R, d), (P, d), (P, v), got {q.shape}, "
            f"{k.shape}, {v.shape}."
        )
    scale = 1 / np.sqrt(k.shape[1]) if beta is None else check_beta(beta)
    return np.asarray(softmax(scale * (q @ k.T)) @ v)


def softmax(x: FloatArray) -> FloatArray:
    """Return ``exp(x_k) / sum exp(x)`` along the last axis, without overflow."""
    grown = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=-1, keepdims=True))


def check_beta(beta: float) -> float:
    """Return an inverse temperature above 0."""
    if check_number("beta", beta) <= 0:
        raise InputError(f"beta must be above 0, got {beta}.")
    return float(beta)
