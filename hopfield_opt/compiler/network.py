"""A Hamiltonian as the subject: what is kept stays as it is, other groups become penalties."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse

from hopfield_opt import deadline
from hopfield_opt.compiler.compiled import Compiled
from hopfield_opt.compiler.cost import Block, Cost, Pairs, Squares
from hopfield_opt.compiler.exact import unit
from hopfield_opt.compiler.extents import kept_extent
from hopfield_opt.compiler.lowering import impossible, lower, without_fixed
from hopfield_opt.compiler.penalties import penalise
from hopfield_opt.compiler.program import Program, RuleInfo
from hopfield_opt.compiler.propagate import propagate
from hopfield_opt.compiler.report import describe
from hopfield_opt.compiler.rows import Rows, stacked
from hopfield_opt.compiler.spin_front import SpinFront
from hopfield_opt.compiler.undo import Auxiliaries, Undo
from hopfield_opt.couplings import Factored, Kronecker
from hopfield_opt.errors import InputError
from hopfield_opt.groups import Group, Linear, Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model.nodes import Indices


@dataclass(frozen=True)
class Known:
    """What is known of the energies without the groups: their range, and a unit of them."""

    extent: float
    unit: float


@dataclass(frozen=True, eq=False)
class Grouped:
    """A Hamiltonian whose groups are kept if their kinds are in `keeps`."""

    hamiltonian: Hamiltonian
    keeps: frozenset[type]
    penalty: str | float

    def remake(self, objective: Any, factors: dict[str, float]) -> Compiled:
        """Return the network with raised penalties; it has no other objective."""
        if objective is not None:
            raise InputError(
                "network must come from a Model to be made again, got a Hamiltonian. "
                "Change its weights instead."
            )
        return finish(self, factors)

    def without(self, kinds: frozenset[type], factors: dict[str, float]) -> Compiled:
        """Return the network with groups of some kinds turned into penalties."""
        return finish(replace(self, keeps=self.keeps - kinds), factors)


def compile_network(
    hamiltonian: Hamiltonian, keeps: frozenset[type], penalty: str | float
) -> Compiled:
    """Return a network whose groups are of kinds in `keeps`, the others being penalties."""
    return finish(Grouped(hamiltonian, keeps, penalty), {})


def finish(made: Grouped, factors: dict[str, float]) -> Compiled:
    """Return the network with penalties for the groups that are not kept."""
    hamiltonian, keeps = made.hamiltonian, made.keeps
    front = SpinFront(hamiltonian)
    if all(type(group) in keeps for group in hamiltonian.groups):
        return Compiled(hamiltonian, front, made, lines=(f"network: {hamiltonian!r}",))
    program = propagate(_program(hamiltonian, keeps))
    if program.infeasible is not None:
        program = program.without_constraints()
    penalised = penalise(program, made.penalty, factors)
    size = penalised.num_bits
    forms = (penalised.hard, penalised.soft)
    undos: tuple[Undo, ...] = (Auxiliaries(hamiltonian.num_spins, (), forms),)
    fixed = np.concatenate([program.fixed, np.zeros(size - program.num_bits, dtype=np.int8)])
    network, undo = without_fixed(lower(penalised.cost, program.groups, size), fixed)
    if program.infeasible is None and fixed.any():
        program = replace(program, infeasible=impossible(network.groups))
    return Compiled(
        hamiltonian=network,
        front=front,
        source=made,
        undos=undos + undo,
        infeasible=program.infeasible,
        num_auxiliaries=size - hamiltonian.num_spins,
        lines=program.notes + describe(program, penalised, network),
        unproven=penalised.unproven,
        factors=factors,
    )


def _program(hamiltonian: Hamiltonian, keeps: frozenset[type]) -> Program:
    size = hamiltonian.num_spins
    cost = _cost(hamiltonian)
    names: list[RuleInfo] = []
    rows: list[Rows] = []
    fixed = np.zeros(size, dtype=np.int8)
    for number, group in deadline.checked(enumerate(hamiltonian.groups), 20):
        if type(group) not in keeps:
            rows += list(_rows(group, len(names), size))
            names.append(RuleInfo(f"{type(group).__name__}[{number}]"))
            if isinstance(group, Permutation) and group.allowed is not None:
                fixed[group.indices[~group.allowed]] = -1
    explicit = not cost.squares and not cost.blocks
    numbers = [2.0 * cost.linear, *(2.0 * one.coefficients for one in cost.pairs)]
    common = unit(np.concatenate(numbers)) if explicit else None
    # a flip changes an energy by 2 (theta - sum W s): all differences are multiples
    known = Known(kept_extent(cost, ()), 0.0 if common is None else float(common))
    none = stacked([], size)
    kept = tuple(group for group in hamiltonian.groups if type(group) in keeps)
    return Program(
        is_spin=np.ones(size, dtype=bool),
        cost=cost,
        objective=known,
        rules=tuple(names),
        rows=stacked(rows, size),
        polynomials=(),
        forbidden=(),
        soft=none,
        fixed=fixed,
        groups=kept,
    )


def _cost(hamiltonian: Hamiltonian) -> Cost:
    pairs, squares, blocks = [], [], []
    offset = hamiltonian.offset
    for term in hamiltonian.couplings:
        if isinstance(term, Factored):
            squares.append(Squares(term.rows, np.zeros(term.rows.shape[0]), term.coefficients))
        elif isinstance(term, Kronecker):
            blocks.append(
                Block(term.left, term.right, term.indices, term.factors, term.coefficient)
            )
        else:
            deadline.check(5 * term.num_couplings())
            whole = term.expanded()
            upper = scipy.sparse.triu(scipy.sparse.coo_array(whole.matrix), 1).tocoo()
            heads, tails = (axis.astype(np.intp) for axis in upper.coords)
            pairs.append(Pairs(heads, tails, -upper.data))
            offset += whole.constant
    return Cost(offset, hamiltonian.thresholds, tuple(pairs), tuple(squares), tuple(blocks))


def _rows(group: Group, owner: int, size: int) -> Iterator[Rows]:
    """Yield the lines of a group as linear constraints."""
    if isinstance(group, Permutation):
        for line in deadline.checked((*group.indices, *group.indices.T), 20):
            yield _row(line, np.ones(len(line)), 1.0, 1.0, owner, size)
    elif isinstance(group, Linear):
        yield _row(group.indices, group.coefficients, group.lower, group.upper, owner, size)
    else:
        lower, upper = group.bounds
        yield _row(group.indices, np.ones(len(group.indices)), lower, upper, owner, size)


def _row(
    bits: Indices, coefficients: np.ndarray, lower: float, upper: float, owner: int, size: int
) -> Rows:
    matrix = scipy.sparse.csr_array((coefficients, bits, [0, len(bits)]), shape=(1, size))
    bounds = np.array([lower], dtype=np.float64), np.array([upper], dtype=np.float64)
    return Rows(matrix, *bounds, np.full(1, owner, dtype=np.intp))
