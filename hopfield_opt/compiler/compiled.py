"""What the compiler hands over: a Hamiltonian, the way there and the way back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.border import as_array
from hopfield_opt.compiler.components import components
from hopfield_opt.compiler.encodings import Encoding
from hopfield_opt.compiler.options import CompileOptions
from hopfield_opt.compiler.undo import Undo
from hopfield_opt.compiler.verify import Verification, verify
from hopfield_opt.compiler.weights import HEAVIEST
from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model.decoded import Decoded

if TYPE_CHECKING:
    from hopfield_opt.compiler.chain import Recipe


class Front(Protocol):
    """The user's side of a compiled network: variables by name, and their worth."""

    @property
    def sense(self) -> Literal["minimize", "maximize"]:
        """Whether a larger or a smaller value is better."""

    @property
    def num_variables(self) -> int:
        """The number of variables, entries counted one by one."""

    @property
    def feasibility_tolerance(self) -> float:
        """The part of ``sum |terms|`` by which a constraint with decimals may be missed."""

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
    recipe : Recipe
        How the network was made, to make it again.
    undos : tuple of Undo
        The passes, both ways, in their order.
    infeasible : str or None
        The proof that no assignment satisfies the constraints, where the compiler found one.
    num_auxiliaries : int
        Spins that stand for no variable of the user: slacks and products.
    lines : tuple of str
        The report.
    unproven : tuple of str
        Why the lowest states of this network prove nothing of the user's problem: weights that
        were given or are still adaptive, energies that are not what they should be. Empty if
        whatever violates a constraint lies strictly above the best that does not.
    factors : dict of str to float
        By which adaptive penalties were raised so far, by name of the constraint.
    loose : tuple of str
        Rules that states of the network may violate, by little, without a penalty: only the model
        can tell, as rounding decides.
    rounding : float
        By how much energies may be off by rounding; 0 where they tell all values apart. The value
        of an answer comes from the model and is not affected.
    notes : tuple of str
        What a reader of a result should know: equalities that became penalties.
    """

    hamiltonian: Hamiltonian
    front: Front
    recipe: "Recipe"
    undos: tuple[Undo, ...] = ()
    infeasible: str | None = None
    num_auxiliaries: int = 0
    lines: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    rounding: float = 0.0
    factors: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return the report: the fields are the compiler's own."""
        return self.report()

    @property
    def options(self) -> CompileOptions:
        """How it was compiled."""
        return self.recipe.options

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
        values = self._values(states)
        decoded = [Decoded(self.front.unpack(row), *self.front.judge(row)) for row in values]
        return decoded[0] if np.ndim(states) == 1 else decoded

    def assignment(self, state: NDArray[np.int8]) -> dict[str, NDArray[Any]]:
        """Return the variables by name of a state (N,), unjudged."""
        return self.front.unpack(self._values(state)[0])

    def _values(self, states: Any) -> NDArray[np.float64]:
        """Return the values (R, n) of the variables in states (N,) or (R, N)."""
        spins = as_array("states", states)
        if spins.ndim not in (1, 2) or spins.shape[-1] != self.hamiltonian.num_spins:
            raise InputError(
                f"states must be (N,) or (R, N) with N = {self.hamiltonian.num_spins}, "
                f"got shape {spins.shape}. Take them from this network's own runs."
            )
        values = np.atleast_2d(spins).astype(np.float64)
        for undo in reversed(self.undos):
            values = undo.decode(values)
        return values

    def update(self, objective: Any) -> "Compiled":
        """Return the network for another objective in the same variables and constraints.

        Structure is not looked for again; the weights of penalties are proven anew.
        """
        return self.recipe.with_objective(objective).make(self.factors)

    def raise_penalties(self, names: Iterable[str]) -> "Compiled":
        """Return the network with the adaptive penalties of some constraints doubled.

        A penalty never exceeds what is proven to be enough, so that raising ends: with the network
        itself, as where weights are not adaptive.
        """
        if self.options.penalty != "adaptive":
            return self
        heavier = {name: min(HEAVIEST, 2.0 * self.factors.get(name, 1.0)) for name in names}
        factors = {**self.factors, **heavier}
        return self if factors == self.factors else self.recipe.make(factors)

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways to keep constraints that differ here, as a `structure`; this is the first."""
        return self.recipe.ways

    @property
    def structure(self) -> str:
        """The way in which constraints are kept here, as a `structure`."""
        return self.ways[0] if self.ways else self.options.structure

    def way(self, name: str) -> "Compiled":
        """Return the network in one of its `ways`."""
        return self if name == self.ways[0] else self.recipe.way(name).make(self.factors)

    def drop_groups(self, kinds: Iterable[type]) -> "Compiled":
        """Return the network with groups of some kinds turned into penalties.

        Where coefficients admit none that is proven, penalties are raised as need be.
        """
        penalty = self.options.penalty
        try:
            return self.recipe.drop_groups(kinds, penalty).make(self.factors)
        except InputError:
            if penalty != "exact":
                raise
            return self.recipe.drop_groups(kinds, "adaptive").make(self.factors)

    def find_violated(self, state: NDArray[np.int8]) -> tuple[str, ...]:
        """Return what penalties should have kept from a state (N,).

        These are the constraints that it violates, and the codes of integers that it leaves for
        numbers out of range: decoded they violate nothing, but their energy is not their value.
        """
        values = np.asarray(state, dtype=np.float64)[None]
        found: tuple[str, ...] = ()
        for undo in reversed(self.undos):
            if isinstance(undo, Encoding):
                found = undo.find_overrun(values)
            values = undo.decode(values)
        return (*self.front.judge(values[0])[1], *found)

    def verify(self) -> Verification:
        """Enumerate all states (at most 2^22) and try to falsify energies and penalties."""
        return verify(self)

    def report(self) -> str:
        """Return what each pass did, and each penalty with the argument that proves it."""
        if self.infeasible is not None:
            return "\n".join(self.lines)
        # counted here and not while compiling: it takes longer than a quick run
        parts = f"independent components: {components(self.hamiltonian)}"
        doubts = (f"its lowest states prove nothing: {reason}" for reason in self.unproven)
        return "\n".join([*self.lines, *doubts, parts])
