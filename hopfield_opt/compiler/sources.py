"""What comes in, a model or a network: how it is read as a program, and what is known of it."""

import copy
from dataclasses import dataclass, replace
from typing import Any, Protocol

from hopfield_opt.compiler.compiled import Front
from hopfield_opt.compiler.encodings import Encoding, encode_integers, plain
from hopfield_opt.compiler.network import program_of, reasons
from hopfield_opt.compiler.normalise import cost_of_model, normalise
from hopfield_opt.compiler.options import CompileOptions
from hopfield_opt.compiler.program import Objective, Program
from hopfield_opt.compiler.spin_front import SpinFront
from hopfield_opt.compiler.structure import Keepable
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model.model import Model


class Source(Protocol):
    """What the passes ask of something that comes in."""

    @property
    def front(self) -> Front:
        """The user's side of it."""

    @property
    def may_shrink(self) -> bool:
        """Whether spins may be left out that nothing but the energy fixes."""

    def network(self, keepable: Keepable) -> Hamiltonian | None:
        """Return the network if it is one already, all of whose groups can be kept."""

    def read(self, options: CompileOptions) -> tuple[Encoding, Program]:
        """Return its variables as bits, and the program over them."""


@dataclass(frozen=True, eq=False)
class ModelSource:
    """A model.

    Attributes
    ----------
    owner : Model
        The user's, in whose variables new objectives are written.
    front : Model
        Its state when it was compiled.
    """

    owner: Model
    front: Model
    may_shrink = True

    def network(self, keepable: Keepable) -> None:
        """Return None: it is to be compiled."""

    def read(self, options: CompileOptions) -> tuple[Encoding, Program]:
        """Return integers as bits, and objective and constraints in normal form."""
        encoding = encode_integers(self.front, options.encoding)
        return encoding, normalise(self.front, encoding)

    def with_objective(self, objective: Any) -> "ModelSource":
        """Return the model with another objective, in the variables of the user's."""
        front = copy.copy(self.front)
        front.cost = self.owner.as_cost(objective)
        return replace(self, front=front)

    def with_cost(self, program: Program, encoding: Encoding) -> Program:
        """Return a program of this model with its objective."""
        assert isinstance(program.objective, Objective)
        known = replace(program.objective, node=self.front.cost)
        return replace(program, cost=cost_of_model(self.front, encoding), objective=known)


@dataclass(frozen=True, eq=False)
class NetworkSource:
    """A network that was handed over: it is taken as it is, but for groups that are not kept."""

    front: SpinFront
    may_shrink = False

    def network(self, keepable: Keepable) -> Hamiltonian | None:
        """Return the network if all its groups are kept."""
        groups = self.front.hamiltonian.groups
        return self.front.hamiltonian if not any(reasons(groups, keepable)) else None

    def read(self, options: CompileOptions) -> tuple[Encoding, Program]:
        """Return its spins, and its energy with the groups that are not kept as rows."""
        size = self.front.num_variables
        encoding = plain(size, True, ((0, (size,)),))
        return encoding, program_of(self.front.hamiltonian, options.keepable)


def source_of(subject: Model | Hamiltonian, options: CompileOptions) -> Source:
    """Return what came in."""
    if isinstance(subject, Hamiltonian):
        return NetworkSource(SpinFront(subject))
    front = copy.copy(subject)
    front.rules = dict(subject.rules)
    front.feasibility_tolerance = options.feasibility_tolerance
    return ModelSource(subject, front)
