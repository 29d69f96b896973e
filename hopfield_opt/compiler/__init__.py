"""From a cost function to weights and thresholds, and back."""

from typing import Any

from hopfield_opt.compiler.compiled import Compiled as Compiled
from hopfield_opt.compiler.compiled import Decoded as Decoded
from hopfield_opt.compiler.spins import SpinFront
from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import Hamiltonian

__all__ = ["Compiled", "Decoded", "compile"]


def compile(  # noqa: A001
    problem: Any,
    structure: str = "auto",
    penalty: str | float = "exact",
    presolve: str = "safe",
    encoding: str | None = None,
    keeps: Any = None,
) -> Compiled:
    """Compile a problem, a model or a Hamiltonian."""
    subject = problem
    if not isinstance(subject, Hamiltonian) and hasattr(subject, "hamiltonian"):
        subject = subject.hamiltonian()
    if isinstance(subject, Hamiltonian):
        return Compiled(subject, SpinFront(subject))
    raise InputError(
        f"problem must be a problem, a model or a Hamiltonian, got {type(problem).__name__}. "
        "Write a Model, or hand over weights in a Hamiltonian."
    )
