"""What the compiler hands over: a Hamiltonian, the way there and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, overload

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import Hamiltonian

Sense = Literal["minimize", "maximize"]
Assignment = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Decoded:
    """An assignment of the user's variables, with what it is worth.

    Parameters
    ----------
    assignment : dict of str to array
        The variables by name.
    value : float
        The objective in the user's sense, computed from the model, never from the energy.
    violations : dict of str to float
        The amount (> 0) of each violated constraint, by name.
    """

    assignment: Assignment
    value: float
    violations: dict[str, float] = field(default_factory=dict)

    @property
    def feasible(self) -> bool:
        """Whether nothing is violated."""
        return not self.violations


class Front(Protocol):
    """The user's side of a compiled network: variables by name, and their worth."""

    @property
    def sense(self) -> Sense:
        """Whether a larger or a smaller value is better."""

    def pack(self, assignment: Mapping[str, Any]) -> NDArray[np.float64]:
        """Return the values of all variables as one vector."""

    def unpack(self, values: NDArray[np.float64]) -> Assignment:
        """Return the variables by name."""

    def judge(self, values: NDArray[np.float64]) -> tuple[float, dict[str, float]]:
        """Return the objective and the violations, from the user's data."""


class Undo(Protocol):
    """The two directions of one pass, for batches (R, n) of values."""

    def encode(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values after the pass; what the pass added stands at its best."""

    def decode(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values before the pass."""


@dataclass(frozen=True, eq=False)
class Compiled:
    """A compiled problem: a Hamiltonian that carries its decoder.

    Attributes
    ----------
    hamiltonian : Hamiltonian
        Its energy is the objective (sign turned for "maximize") plus penalties.
    infeasible : str or None
        The proof that no assignment satisfies the constraints, where the compiler found one.
    num_auxiliaries : int
        Spins that stand for no variable of the user: slacks and products.
    """

    hamiltonian: Hamiltonian
    front: Front
    undos: tuple[Undo, ...] = ()
    infeasible: str | None = None
    num_auxiliaries: int = 0
    lines: tuple[str, ...] = ()

    @property
    def sense(self) -> Sense:
        """Whether a larger or a smaller value is better."""
        return self.front.sense

    def encode(self, assignment: Mapping[str, Any]) -> NDArray[np.int8]:
        """Return the spins of an assignment, slacks and auxiliaries at their best."""
        values = self.front.pack(assignment)[None]
        for undo in self.undos:
            values = undo.encode(values)
        spins: NDArray[np.int8] = values[0].astype(np.int8)
        return spins

    @overload
    def decode(self, states: NDArray[np.int8]) -> Decoded: ...

    @overload
    def decode(self, states: list[NDArray[np.int8]]) -> list[Decoded]: ...

    def decode(self, states: Any) -> Any:
        """Return variables, value and violations of a state (N,), or a list for (R, N)."""
        spins = np.asarray(states)
        if spins.ndim not in (1, 2) or spins.shape[-1] != self.hamiltonian.num_spins:
            raise InputError(
                f"states must be (N,) or (R, N) with N = {self.hamiltonian.num_spins}, "
                f"got shape {spins.shape}. Take them from this network's own runs."
            )
        values = np.atleast_2d(spins).astype(np.float64)
        for undo in reversed(self.undos):
            values = undo.decode(values)
        decoded = [Decoded(self.front.unpack(row), *self.front.judge(row)) for row in values]
        return decoded[0] if spins.ndim == 1 else decoded

    def report(self) -> str:
        """Return what each pass did, and each penalty with the argument that proves it."""
        return "\n".join(self.lines)
