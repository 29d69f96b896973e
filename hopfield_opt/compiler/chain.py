"""The chain of passes from a model to a compiled network."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hopfield_opt.compiler.compiled import Compiled
from hopfield_opt.compiler.encodings import Encoding, encode_integers
from hopfield_opt.compiler.lowering import impossible, lower, without_fixed
from hopfield_opt.compiler.normalise import normalise, objective_of
from hopfield_opt.compiler.penalties import penalise
from hopfield_opt.compiler.presolve import presolve
from hopfield_opt.compiler.program import Program
from hopfield_opt.compiler.propagate import propagate
from hopfield_opt.compiler.quadratise import quadratise
from hopfield_opt.compiler.report import describe
from hopfield_opt.compiler.rounding import energy_rounding
from hopfield_opt.compiler.structure import see_structure
from hopfield_opt.compiler.undo import Auxiliaries, Spins, Undo
from hopfield_opt.model.model import Model


@dataclass(frozen=True)
class Options:
    """How a model is compiled."""

    keeps: frozenset[type]
    penalty: str | float
    presolve: str
    encoding: str | Mapping[str, str] | None
    feasibility_tolerance: float


@dataclass(frozen=True, eq=False)
class Structured:
    """A model after the passes that an update need not repeat.

    Attributes
    ----------
    owner : Model
        The user's model, in whose variables new objectives are written.
    front : Model
        Its state when it was compiled.
    encoding : Encoding
        Its integers as bits.
    program : Program
        Normalised, followed to its consequences, with groups.
    soft : float
        The most that soft constraints can cost.
    options : Options
        How to go on.
    """

    owner: Model
    front: Model
    encoding: Encoding
    program: Program
    soft: float
    options: Options

    @property
    def penalty(self) -> str | float:
        """How the weights of penalties are found."""
        return self.options.penalty

    def remake(self, objective: Any, factors: dict[str, float]) -> Compiled:
        """Return the network with another objective (None: the same) and raised penalties."""
        if objective is None:
            return finish(self, factors)
        front = copy.copy(self.front)
        front.cost = self.owner.as_cost(objective)
        cost, known = objective_of(front, self.encoding, self.soft)
        program = replace(self.program, cost=cost, objective=known)
        return finish(replace(self, front=front, program=program), factors)

    def without(self, kinds: frozenset[type], factors: dict[str, float]) -> Compiled:
        """Return the network with groups of some kinds turned into penalties."""
        options = replace(self.options, keeps=self.options.keeps - kinds)
        return finish(structured(self.owner, self.front, options), factors)


def compile_model(model: Model, options: Options) -> Compiled:
    """Return the compiled network of a model."""
    front = copy.copy(model)
    front.rules = dict(model.rules)
    front.feasibility_tolerance = options.feasibility_tolerance
    return finish(structured(model, front, options), {})


def structured(owner: Model, front: Model, options: Options) -> Structured:
    """Return a model after the passes that an update need not repeat."""
    encoding = encode_integers(front, options.encoding)
    program, soft = normalise(front, encoding)
    program = propagate(program)
    if program.infeasible is None:
        program = see_structure(program, options.keeps)
    return Structured(owner, front, encoding, program, soft, options)


def finish(made: Structured, factors: dict[str, float]) -> Compiled:
    """Return the network of a structured model: products, penalties, presolve, lowering."""
    program, encoding = made.program, made.encoding
    if program.infeasible is None and (program.polynomials or program.forbidden):
        program = propagate(quadratise(program))
    if program.infeasible is not None:
        program = program.without_constraints()
    if program.cost.higher:
        program = quadratise(program)
    penalised = penalise(program, made.options.penalty, factors)
    size, own = penalised.num_bits, encoding.num_bits
    rounding = energy_rounding(program, penalised, made.front.cost)
    hamiltonian = lower(penalised.cost, program.groups, size)
    forms = (penalised.hard, penalised.soft)
    undos: tuple[Undo, ...] = (
        encoding,
        Spins(encoding.is_spin),
        Auxiliaries(own, program.products, forms),
    )
    lines = _head(made.front, encoding) + program.notes
    fixed = np.concatenate([program.fixed, np.zeros(size - program.num_bits, dtype=np.int8)])
    hamiltonian, undo = without_fixed(hamiltonian, fixed)
    if program.infeasible is None and fixed.any():
        program = replace(program, infeasible=impossible(hamiltonian.groups))
    if made.options.presolve == "safe":
        hamiltonian, more, found = presolve(hamiltonian, rounding)
        undo, lines = undo + more, lines + found
    return Compiled(
        hamiltonian=hamiltonian,
        front=made.front,
        source=made,
        undos=undos + undo,
        infeasible=program.infeasible,
        num_auxiliaries=size - own,
        lines=lines + describe(program, penalised, hamiltonian),
        unproven=penalised.unproven,
        factors=factors,
        loose=program.loose,
        rounding=rounding,
    )


def _head(model: Model, encoding: Encoding) -> tuple[str, ...]:
    variables = f"{model.sense} over {model.num_variables} variables"
    bits = "" if encoding.is_identity else f", {encoding.num_bits} bits"
    return (f"{variables}{bits}, {len(model.rules)} constraints",)
