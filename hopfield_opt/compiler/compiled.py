"""What the compiler hands over: a Hamiltonian, the way there and the way back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.compiler.components import components
from hopfield_opt.compiler.undo import Undo
from hopfield_opt.compiler.verify import Verification, verify
from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model.decoded import Decoded


class Front(Protocol):
    """The user's side of a compiled network: variables by name, and their worth."""

    @property
    def sense(self) -> Literal["minimize", "maximize"]:
        """Whether a larger or a smaller value is better."""

    @property
    def num_variables(self) -> int:
        """The number of variables, entries counted one by one."""

    def pack(self, assignment: Mapping[str, Any]) -> NDArray[np.float64]:
        """Return the values of all variables as one vector."""

    def unpack(self, values: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
        """Return the variables by name."""

    def judge(self, values: NDArray[np.float64]) -> tuple[float, dict[str, float]]:
        """Return the objective and the violations, from the user's data."""


@dataclass(frozen=True, eq=False, repr=False)
class Compiled:
    """A compiled problem: a Hamiltonian that carries its decoder.

    Attributes
    ----------
    hamiltonian : Hamiltonian
        Its energy is the objective (sign turned for "maximize") plus penalties.
    front : Model or alike
        The user's side: variables by name, objective and constraints.
    undos : tuple of Undo
        The passes, both ways, in their order.
    infeasible : str or None
        The proof that no assignment satisfies the constraints, where the compiler found one.
    num_auxiliaries : int
        Spins that stand for no variable of the user: slacks and products.
    lines : tuple of str
        The report.
    remake : callable or None
        Makes the network again, `remake(objective, factors)`; None for a plain Hamiltonian.
    factors : dict of str to float
        By which adaptive penalties were raised so far, by name of the constraint.
    unproven : tuple of str
        Why the state of lowest energy need not be the best feasible answer; empty where that is
        proven.
    """

    hamiltonian: Hamiltonian
    front: Front
    undos: tuple[Undo, ...] = ()
    infeasible: str | None = None
    num_auxiliaries: int = 0
    lines: tuple[str, ...] = ()
    remake: Callable[[Any, dict[str, float]], "Compiled"] | None = None
    factors: dict[str, float] = field(default_factory=dict)
    unproven: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return the report: the fields are the compiler's own."""
        return self.report()

    @property
    def sense(self) -> Literal["minimize", "maximize"]:
        """Whether a larger or a smaller value is better."""
        return self.front.sense

    def encode(self, assignment: Mapping[str, Any]) -> NDArray[np.int8]:
        """Return the spins of an assignment, slacks and products at their best."""
        values = self.front.pack(assignment)[None]
        for undo in self.undos:
            values = undo.encode(values)
        spins: NDArray[np.int8] = values[0].astype(np.int8)
        return spins

    def decode(self, states: Any) -> Any:
        """Return variables, value and violations of a state (N,), or a list for (R, N).

        All are computed from the model, never from the energy.
        """
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

    def update(self, objective: Any) -> "Compiled":
        """Return the network for another objective in the same variables and constraints.

        Structure is not looked for again; the weights of penalties are proven anew.
        """
        return self._remade(objective, self.factors)

    def raised(self, names: Iterable[str]) -> "Compiled":
        """Return the network with the adaptive penalties of some constraints doubled.

        A penalty never exceeds what is proven to be enough, so that raising ends.
        """
        factors = {**self.factors, **{name: 2.0 * self.factors.get(name, 1.0) for name in names}}
        return self._remade(None, factors)

    def _remade(self, objective: Any, factors: dict[str, float]) -> "Compiled":
        if self.remake is None:
            raise InputError(
                "network must come from a Model to be made again, got a Hamiltonian. "
                "Change its weights instead."
            )
        return self.remake(objective, factors)

    def verify(self) -> Verification:
        """Enumerate all states (at most 2^22) and try to falsify energies and penalties."""
        return verify(self)

    def report(self) -> str:
        """Return what each pass did, and each penalty with the argument that proves it."""
        if self.infeasible is not None:
            return "\n".join(self.lines)
        # counted here and not while compiling: it takes longer than a quick run
        parts = f"independent components: {components(self.hamiltonian)}"
        return "\n".join([*self.lines, parts])
