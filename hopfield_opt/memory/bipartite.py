"""Dense memories with pair interactions only: visible units, and a hidden one for each pattern."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt.arrays import FloatArray, Frozen, check_array, check_integer
from hopfield_opt.errors import InputError, check_choice
from hopfield_opt.memory.continuous import check_beta, softmax

# how many times faster than the visible units the hidden ones are in `step`
FAST = 10.0
HIDDEN = ("power", "softmax")


@dataclass(frozen=True, eq=False, init=False)
class BipartiteMemory(Frozen):
    """Visible units g and hidden units f, coupled by the patterns X (P, N) in both directions.

    ``E = [v.g - L_v] + [h.f - L_h] - f.X g`` falls while ``dv/dt = X'f - v`` and
    ``dh/dt = X g - h``. Hidden units at rest, ``h = X g``, leave a dense memory of the visible:

    - power: ``f = n h_+^(n-1)``, ``L_h = sum h_+^n`` and visible signs, ``g = sign(v)``, give
      ``E = -sum_mu F(x^mu . g)``, the rectified `DenseEnergy` of degree n;
    - softmax: ``f = softmax(beta h)``, ``L_h = ln(sum exp(beta h)) / beta`` and linear visible
      units, ``g = v``, give the energy and the update of a `ContinuousMemory`.

    Parameters
    ----------
    patterns : (P, N) array
        X.
    hidden : {"power", "softmax"}
        The hidden units.
    degree : int
        n of the power, at least 2.
    beta : float
        Of the softmax.

    Raises
    ------
    InputError
        If a parameter is out of its range.

    References
    ----------
    D. Krotov, J. J. Hopfield, "Large associative memory problem in neurobiology and machine
    learning", ICLR 2021; models A and B.

    Examples
    --------
    >>> memory = BipartiteMemory([[1, 1, 1], [1, -1, -1]], "power", degree=3)
    >>> float(memory.energy([1, 1, 1]))
    -27.0
    """

    patterns: FloatArray
    hidden: str
    degree: int
    beta: float

    def __init__(
        self, patterns: ArrayLike, hidden: str = "softmax", degree: int = 3, beta: float = 1.0
    ) -> None:
        rows = check_array("patterns", patterns)
        if rows.ndim != 2 or not rows.size:
            raise InputError(f"patterns must be a (P, N) array, got shape {rows.shape}.")
        check_choice("hidden", hidden, HIDDEN)
        degree = check_integer("degree", degree, lowest=2)
        self._set(patterns=rows, hidden=hidden, degree=degree, beta=check_beta(beta))

    def drive(self, visible: ArrayLike) -> FloatArray:
        """Return the input ``X g`` of the hidden units: what h comes to if they are fast."""
        return np.asarray(self._outputs(self._check(visible)) @ self.patterns.T)

    def hidden_outputs(self, hidden: ArrayLike) -> FloatArray:
        """Return f of the hidden units' h (..., P)."""
        h = check_array("hidden", hidden)
        if self.hidden == "softmax":
            return softmax(self.beta * h)
        return np.asarray(self.degree * np.maximum(h, 0.0) ** (self.degree - 1))

    def energy(self, visible: ArrayLike, hidden: ArrayLike | None = None) -> Any:
        """Return the energy of v (..., N) and h (..., P); hidden units at rest if None."""
        v = self._check(visible)
        h = self.drive(v) if hidden is None else check_array("hidden", hidden)
        g, f = self._outputs(v), self.hidden_outputs(h)
        own = (v * g).sum(axis=-1) - self._visible_potential(v)
        return own + (h * f).sum(axis=-1) - self._hidden_potential(h) - (f * self.drive(v)).sum(-1)

    def step(
        self, visible: ArrayLike, hidden: ArrayLike, dt: float
    ) -> tuple[FloatArray, FloatArray]:
        """Return v and h after the time `dt`, by Euler's rule.

        Parameters
        ----------
        visible, hidden : array
            v (..., N) and h (..., P).
        dt : float
            In units of the visible time constant, FAST times that of the hidden units; well
            below ``1 / FAST``.
        """
        v, h = self._check(visible), check_array("hidden", hidden)
        pull = self.hidden_outputs(h) @ self.patterns
        return v + dt * (pull - v), h + FAST * dt * (self.drive(v) - h)

    def _outputs(self, v: FloatArray) -> FloatArray:
        return v if self.hidden == "softmax" else np.where(v >= 0, 1.0, -1.0)

    def _visible_potential(self, v: FloatArray) -> FloatArray:
        """Return L_v, whose gradient is g."""
        each = v**2 / 2 if self.hidden == "softmax" else np.abs(v)
        return np.asarray(each.sum(axis=-1))

    def _hidden_potential(self, h: FloatArray) -> FloatArray:
        """Return L_h, whose gradient is f."""
        if self.hidden == "power":
            return np.asarray((np.maximum(h, 0.0) ** self.degree).sum(axis=-1))
        x = self.beta * h
        top = x.max(axis=-1)
        return np.asarray((top + np.log(np.exp(x - top[..., None]).sum(axis=-1))) / self.beta)

    def _check(self, visible: ArrayLike) -> FloatArray:
        v = check_array("visible", visible)
        if not v.ndim or v.shape[-1] != self.patterns.shape[1]:
            raise InputError(
                f"visible must have {self.patterns.shape[1]} values each, got shape {v.shape}."
            )
        return v
