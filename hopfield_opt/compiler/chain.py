"""The chain of passes, the same for whatever comes in, and the way to go through it again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hopfield_opt.compiler.compiled import Compiled
from hopfield_opt.compiler.encodings import Encoding
from hopfield_opt.compiler.kept import equality_notes
from hopfield_opt.compiler.lowering import drop_fixed, impossible, lower
from hopfield_opt.compiler.options import CompileOptions
from hopfield_opt.compiler.penalties import penalise
from hopfield_opt.compiler.presolve import presolve
from hopfield_opt.compiler.program import Program
from hopfield_opt.compiler.propagate import propagate
from hopfield_opt.compiler.quadratise import quadratise
from hopfield_opt.compiler.report import describe
from hopfield_opt.compiler.rounding import energy_rounding
from hopfield_opt.compiler.sources import ModelSource, Source, source_of
from hopfield_opt.compiler.structure import ways_to_keep
from hopfield_opt.compiler.undo import Auxiliaries, BitsToSpins, Undo
from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model.model import Model


@dataclass(frozen=True, eq=False)
class Structured:
    """A subject after the passes that an update need not repeat.

    Attributes
    ----------
    encoding : Encoding
        Its variables as bits.
    programs : dict of str to Program
        Normalised, followed to its consequences, with groups: in each way that keeps others, by
        its name as a `structure`, the one to begin with first.
    """

    encoding: Encoding
    programs: Mapping[str, Program]

    @property
    def program(self) -> Program:
        """The program in the first way."""
        return next(iter(self.programs.values()))


@dataclass(frozen=True, eq=False)
class Recipe:
    """How a network was made, to make it again.

    Attributes
    ----------
    source : Source
        What came in.
    options : CompileOptions
        How it is compiled.
    structured : Structured or None
        Half of the way; None where there is no way to go.
    """

    source: Source
    options: CompileOptions
    structured: Structured | None

    @classmethod
    def of(cls, source: Source, options: CompileOptions) -> "Recipe":
        """Return the recipe of what came in."""
        as_it_is = source.network(options.keepable) is not None
        return cls(source, options, None if as_it_is else structure(source, options))

    def make(self, factors: Mapping[str, float]) -> Compiled:
        """Return the network, adaptive penalties raised by these factors."""
        if self.structured is not None:
            return finish(self, self.structured, dict(factors))
        network = self.source.network(self.options.keepable)
        assert network is not None
        return Compiled(network, self.source.front, self, lines=(f"network: {network!r}",))

    def with_objective(self, objective: Any) -> "Recipe":
        """Return the recipe with another objective; structure is not looked for again.

        Raises
        ------
        InputError
            If it is none, or what came in is no model.
        """
        if not isinstance(self.source, ModelSource) or self.structured is None:
            raise InputError(
                "network must come from a Model to be made again, got a Hamiltonian. "
                "Change its weights instead."
            )
        source = self.source.with_objective(objective)
        encoding, programs = self.structured.encoding, self.structured.programs
        programs = {name: source.with_cost(one, encoding) for name, one in programs.items()}
        return replace(self, source=source, structured=Structured(encoding, programs))

    @property
    def ways(self) -> tuple[str, ...]:
        """The names of the ways that keep different constraints."""
        return () if self.structured is None else tuple(self.structured.programs)

    def way(self, name: str) -> "Recipe":
        """Return the recipe with one of its `ways`."""
        if self.structured is None or len(self.ways) == 1:
            return self
        one = Structured(self.structured.encoding, {name: self.structured.programs[name]})
        return replace(self, options=replace(self.options, structure=name), structured=one)

    def drop_groups(self, kinds: Iterable[type], penalty: str | float) -> "Recipe":
        """Return the recipe with groups of some kinds turned into penalties."""
        keeps = frozenset(self.options.keeps) - frozenset(kinds)
        return Recipe.of(self.source, replace(self.options, keeps=keeps, penalty=penalty))


def compile_subject(subject: Model | Hamiltonian, options: CompileOptions) -> Compiled:
    """Return the compiled network of a model or of a network."""
    return Recipe.of(source_of(subject, options), options).make({})


def structure(source: Source, options: CompileOptions) -> Structured:
    """Return what came in as a program with groups: the passes that come first."""
    encoding, program = source.read(options)
    program = propagate(program)
    if program.infeasible is not None:
        return Structured(encoding, {options.structure: program})
    return Structured(encoding, ways_to_keep(program, options.structure, options.keepable))


def finish(recipe: Recipe, structured: Structured, factors: dict[str, float]) -> Compiled:
    """Return the network of a structured program: the passes that come after."""
    options, encoding = recipe.options, structured.encoding
    program = _quadratic(structured.program)
    penalised = penalise(program, options.penalty, factors)
    rounding = energy_rounding(program, penalised)
    hamiltonian = lower(penalised.cost, program.groups, penalised.num_bits)
    forms = (penalised.hard, penalised.soft)
    undos: tuple[Undo, ...] = (
        encoding,
        BitsToSpins(encoding.is_spin),
        Auxiliaries(encoding.num_bits, program.products, forms),
    )
    slack = np.zeros(penalised.num_bits - program.num_bits, dtype=np.int8)
    fixed = np.concatenate([program.fixed, slack])
    hamiltonian, undo = drop_fixed(hamiltonian, fixed)
    if program.infeasible is None and fixed.any():
        program = replace(program, infeasible=impossible(hamiltonian.groups))
    undos, lines = undos + undo, program.notes
    notes = () if options.structure == "penalty" else equality_notes(program, penalised.hard.rows)
    if options.presolve == "safe" and recipe.source.may_shrink:
        hamiltonian, undo, found = presolve(hamiltonian, rounding)
        undos, lines = undos + undo, lines + found
    return Compiled(
        hamiltonian=hamiltonian,
        front=recipe.source.front,
        recipe=recipe,
        undos=undos,
        infeasible=program.infeasible,
        num_auxiliaries=penalised.num_bits - encoding.num_bits,
        lines=lines + describe(program, penalised, hamiltonian),
        unproven=penalised.unproven,
        factors=factors,
        loose=program.loose,
        rounding=rounding,
        notes=notes,
    )


def _quadratic(program: Program) -> Program:
    """Return the program of degree 2; of one that nothing satisfies only the objective."""
    if program.infeasible is None and (program.polynomials or program.forbidden):
        program = propagate(quadratise(program))
    if program.infeasible is not None:
        program = program.drop_constraints()
    return quadratise(program) if program.cost.higher else program
