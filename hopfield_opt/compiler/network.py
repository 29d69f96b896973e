"""A network as a program: its energy, and as rows the groups that are not kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse

from hopfield_opt import deadline
from hopfield_opt.compiler.cost import Block, Cost, Pairs, Squares
from hopfield_opt.compiler.exact import unit
from hopfield_opt.compiler.extents import kept_extent
from hopfield_opt.compiler.program import Program, RuleInfo
from hopfield_opt.compiler.rows import Rows, stack_rows
from hopfield_opt.compiler.structure import Keepable
from hopfield_opt.couplings import Factored, Kronecker
from hopfield_opt.exactness import lowest_bits
from hopfield_opt.groups import Group, Linear, Permutation, overlapping_equalities
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model.nodes import Floats, Indices


@dataclass(frozen=True, eq=False)
class Energies:
    """What is known of the energies of a network without its groups, found when it is asked for."""

    cost: Cost

    @cached_property
    def extent(self) -> float:
        """The largest minus the smallest energy, at most."""
        return kept_extent(self.cost, ())

    @cached_property
    def unit(self) -> float:
        """A number that all differences of energies are multiples of; 0 where none is known."""
        # a flip changes an energy by 2 (theta - sum W s)
        common = None if self._is_structured else unit(2.0 * self._numbers)
        return 0.0 if common is None else float(common)

    @cached_property
    def last_bit(self) -> float:
        """An e where all terms are multiples of 2^e; -inf where none is known."""
        if self._is_structured:
            return -np.inf
        # energies are sums over W and W', and halved
        return float(lowest_bits(np.append(self._numbers, self.cost.constant)).min()) - 1.0

    @property
    def _is_structured(self) -> bool:
        return bool(self.cost.squares or self.cost.blocks)

    @property
    def _numbers(self) -> Floats:
        return np.concatenate([self.cost.linear, *(one.coefficients for one in self.cost.pairs)])


def reasons(groups: Sequence[Group], keepable: Keepable) -> list[str]:
    """Return why each group of a network is not kept; "" where it is."""
    found = []
    overlapping = set() if keepable.overlaps else set(map(id, overlapping_equalities(groups)))
    for group in groups:
        kind = type(group).__name__
        if type(group) not in keepable.kinds:
            found.append(f"{kind} groups, which the method does not keep")
        elif id(group) in overlapping:
            found.append("equalities that overlap, which the method does not keep")
        else:
            found.append("")
    return found


def program_of(hamiltonian: Hamiltonian, keepable: Keepable) -> Program:
    """Return the program of a network with the groups that are kept, the others being rows."""
    size = hamiltonian.num_spins
    cost = _cost(hamiltonian)
    rules: list[RuleInfo] = []
    rows: list[Rows] = []
    fixed = np.zeros(size, dtype=np.int8)
    unkept = reasons(hamiltonian.groups, keepable)
    for number, group in deadline.check_each(enumerate(hamiltonian.groups), 20):
        if unkept[number]:
            rows += list(_rows(group, len(rules), size))
            # what the method keeps of a user's network is what the user made a group
            name = f"{type(group).__name__}[{number}]"
            rules.append(RuleInfo(name, unkept=unkept[number]))
            if isinstance(group, Permutation) and group.allowed is not None:
                fixed[group.indices[~group.allowed]] = -1
    return Program(
        is_spin=np.ones(size, dtype=bool),
        cost=cost,
        objective=Energies(cost),
        rules=tuple(rules),
        rows=stack_rows(rows, size),
        polynomials=(),
        forbidden=(),
        soft=stack_rows([], size),
        fixed=fixed,
        groups=tuple(
            group for group, why in zip(hamiltonian.groups, unkept, strict=True) if not why
        ),
        notes=(f"network: {hamiltonian!r}",),
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
        for line in deadline.check_each((*group.indices, *group.indices.T), 20):
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
