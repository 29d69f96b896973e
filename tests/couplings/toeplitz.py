"""A kind of coupling that the package does not know: a Toeplitz matrix."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from hopfield_opt.couplings import Coupling


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Toeplitz(Coupling):
    """The term ``E(s) = -1/2 sum_ij values[|i - j|] x_i x_j`` with ``x = factors * s``."""

    values: np.ndarray
    factors: np.ndarray

    arguments: ClassVar = {"values": ("f", 1), "factors": ("f", 1)}

    def __init__(self, values, factors=None):
        values = np.array(values, float)
        ones = np.ones(len(values))
        self._set(values=values, factors=ones if factors is None else np.array(factors, float))

    @property
    def num_spins(self):
        """N."""
        return len(self.values)

    @property
    def constant(self):
        """What the diagonal adds."""
        return float(-0.5 * self.values[:1].sum() * (self.factors**2).sum())

    def local_field(self, states):
        """Add up one lag after another: W is not formed."""
        x = self.factors * states
        field = np.zeros(x.shape)
        for lag in np.flatnonzero(self.values[1:]) + 1:
            field[:, lag:] += self.values[lag] * x[:, :-lag]
            field[:, :-lag] += self.values[lag] * x[:, lag:]
        return self.factors * field

    def scaled(self, factor):
        """Scale the values."""
        return Toeplitz(self.values * factor, self.factors)

    def gauge(self, signs):
        """Turn the factors: the only other thing that stays Toeplitz."""
        return Toeplitz(self.values, self.factors * signs)

    def coupled_spins(self):
        """Those with a factor."""
        return self.factors != 0


def weights_of(values, factors=None):
    """Return W of the definition, and what its diagonal adds to every energy."""
    n = len(values)
    f = np.ones(n) if factors is None else np.array(factors, float)
    w = np.array([[values[abs(i - j)] * f[i] * f[j] for j in range(n)] for i in range(n)])
    w = w.reshape(n, n)
    constant = -0.5 * float(np.trace(w))
    np.fill_diagonal(w, 0.0)
    return w, constant
