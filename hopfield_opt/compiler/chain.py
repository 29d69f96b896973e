"""The chain of passes from a model to a compiled network."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hopfield_opt.compiler.compiled import Compiled
from hopfield_opt.compiler.encodings import encode_integers
from hopfield_opt.compiler.lowering import lower
from hopfield_opt.compiler.normalise import normalise
from hopfield_opt.compiler.penalties import penalise
from hopfield_opt.compiler.program import Program
from hopfield_opt.compiler.propagate import propagate
from hopfield_opt.compiler.quadratise import quadratise
from hopfield_opt.compiler.structure import see_structure
from hopfield_opt.compiler.undo import Auxiliaries, Fixed, Spins, Undo
from hopfield_opt.groups import Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model.model import Model


@dataclass(frozen=True)
class Options:
    """How a model is compiled."""

    keeps: frozenset[type]
    penalty: str | float
    presolve: str
    encoding: str | Mapping[str, str] | None


def compile_model(model: Model, options: Options) -> Compiled:
    """Return the compiled network of a model."""
    encoding = encode_integers(model, options.encoding)
    program = propagate(normalise(model, encoding))
    if program.infeasible is None:
        program = see_structure(program, options.keeps)
    if program.infeasible is None and (program.polynomials or program.forbidden):
        program = propagate(quadratise(program))
    if program.infeasible is not None:
        program = program.without_constraints()
    if program.cost.higher:
        program = quadratise(program)
    return assemble(model, program, encoding, options)


def assemble(model: Model, program: Program, encoding: Undo, options: Options) -> Compiled:
    """Return the compiled network of a program: the part that an update repeats."""
    penalised = penalise(program, options.penalty, {})
    size = penalised.num_bits
    hamiltonian = lower(penalised.cost, program.groups, size)
    undos: tuple[Undo, ...] = (
        encoding,
        Spins(program.is_spin[: _own(program)]),
        Auxiliaries(_own(program), program.products, (penalised.hard, penalised.soft)),
    )
    fixed = np.concatenate([program.fixed, np.zeros(size - program.num_bits, dtype=np.int8)])
    if fixed.any():
        hamiltonian, undo = _without_fixed(hamiltonian, fixed)
        undos += (undo,)
    return Compiled(
        hamiltonian=hamiltonian,
        front=model,
        undos=undos,
        infeasible=program.infeasible,
        num_auxiliaries=size - _own(program),
        lines=program.notes,
    )


def _own(program: Program) -> int:
    """Return the number of bits that are no products."""
    return program.products[0].first if program.products else program.num_bits


def _without_fixed(hamiltonian: Hamiltonian, fixed: np.ndarray) -> tuple[Hamiltonian, Fixed]:
    free = fixed == 0
    for group in hamiltonian.groups:
        if isinstance(group, Permutation):
            free[group.members] = True
    pins = {int(i): int(fixed[i]) for i in np.flatnonzero(fixed)}
    return hamiltonian.fixed(pins), Fixed(np.flatnonzero(free), fixed)
