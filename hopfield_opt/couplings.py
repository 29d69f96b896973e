"""Coupling terms: each is one quadratic form, kept as it came."""

from typing import Any, Protocol, TypeAlias

from numpy.typing import NDArray
from scipy.sparse import csr_array

from hopfield_opt.arrays import FloatArray, IntArray
from hopfield_opt.explicit import Explicit
from hopfield_opt.factored import Factored
from hopfield_opt.kronecker import Kronecker

__all__ = ["Coupling", "Explicit", "Factored", "Kronecker"]


Coupling: TypeAlias = Explicit | Factored | Kronecker
