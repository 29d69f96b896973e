"""The two directions of the passes, for batches (R, n) of values."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.compiler.forms import Forms
from hopfield_opt.compiler.program import Products
from hopfield_opt.model.nodes import Floats, Indices


class Undo(Protocol):
    """What a pass did, both ways."""

    def encode(self, values: Floats) -> Floats:
        """Return the values after the pass; what the pass added stands at its best."""

    def decode(self, values: Floats) -> Floats:
        """Return the values before the pass."""


@dataclass(frozen=True, eq=False)
class BitsToSpins:
    """Bits of 0 and 1 become spins, bits that are spins stay."""

    is_spin: NDArray[np.bool_]

    def encode(self, values: Floats) -> Floats:
        """Return spins."""
        return np.where(self.is_spin, values, 2.0 * values - 1.0)

    def decode(self, values: Floats) -> Floats:
        """Return bits in their own domain."""
        bits = 0.5 * (1.0 + values)
        return np.where(self.is_spin, values, bits) if self.is_spin.any() else bits


@dataclass(frozen=True, eq=False)
class Auxiliaries:
    """Spins for products and slacks stand behind those of the model."""

    num_bits: int
    products: tuple[Products, ...]
    forms: tuple[Forms, ...]

    def encode(self, values: Floats) -> Floats:
        """Return the spins with products and slacks at their best."""
        bits = (1.0 + values) / 2.0
        for products in self.products:
            bits = np.hstack([bits, bits[:, products.factors].prod(axis=2)])
        for forms in self.forms:
            bits = np.hstack([bits, forms.best_slack(bits)])
        return 2.0 * bits - 1.0

    def decode(self, values: Floats) -> Floats:
        """Return the spins of the model."""
        return values[:, : self.num_bits]


@dataclass(frozen=True, eq=False)
class Fixed:
    """Some spins are left out, since their value is known."""

    keep: Indices
    fixed: NDArray[np.int8]

    def encode(self, values: Floats) -> Floats:
        """Return the spins that are left."""
        return values[:, self.keep]

    def decode(self, values: Floats) -> Floats:
        """Return all spins."""
        full = np.tile(self.fixed.astype(np.float64), (len(values), 1))
        full[:, self.keep] = values
        return full
