"""What a bound is a bound of: an objective and rows in exact numbers, the same for all proofs."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, Protocol, TypeVar

import numpy as np
import scipy.sparse

from hopfield_opt import deadline
from hopfield_opt.bounds.attainable import Grid
from hopfield_opt.bounds.polynomials import (
    MOST_MONOMIALS,
    Expansion,
    Monomial,
    Number,
    Polynomial,
    drop_zeros,
)
from hopfield_opt.bounds.ranges import ends_of, ends_of_polynomial, has_squares
from hopfield_opt.errors import SizeError
from hopfield_opt.exactness import EPS, exact_numbers, finite
from hopfield_opt.groups import Linear, Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model import Model
from hopfield_opt.model.nodes import Node
from hopfield_opt.model.rule import Rule

T = TypeVar("T")

# sizes of terms are sums in floating point: more than they can be off by
SAFE = 1.0 + 1e-6


class Bounded(Protocol):
    """What a bound is one of, in exact numbers: an `Instance`, or data of which more is known."""

    @property
    def sense(self) -> Literal["minimize", "maximize"]:
        """The user's sense."""

    @property
    def sign(self) -> int:
        """1 where the user minimises, -1 where the value is maximised."""

    @property
    def grid(self) -> Grid:
        """Where the values lie, of which a lower bound is proven."""

    @property
    def digest(self) -> str:
        """A hash of everything in exact numbers."""

    @property
    def formula(self) -> str:
        """What the user would read."""


@dataclass(frozen=True, eq=False)
class Row:
    """A constraint ``lower <= terms <= upper`` that every feasible answer satisfies."""

    name: str
    terms: Polynomial  # without a constant
    lower: Number | None
    upper: Number | None


@dataclass(frozen=True, eq=False)
class Instance:
    """An objective to be minimised over whole numbers in ranges, and what holds of them.

    Attributes
    ----------
    sense : {"minimize", "maximize"}
        The user's sense.
    lower, upper : list of int
        The range of each variable; 0 and 1 for a bit, which stands for a spin, too.
    is_bit : list of bool
        Which variables are bits.
    objective : Polynomial
        What is minimised: of a value that is maximised, its opposite.
    rows : list of Row
        The hard constraints, as far as a feasible answer may miss them.
    formula : str
        What the user would read.
    floor : number or None
        What the objective is at least where squares are not multiplied out, if it has some.
    """

    sense: Literal["minimize", "maximize"]
    lower: list[int]
    upper: list[int]
    is_bit: list[bool]
    objective: Polynomial
    rows: list[Row]
    formula: str
    floor: Number | None = None
    _derived: dict[Any, Any] = field(default_factory=dict, repr=False)

    def derive(self, make: "Callable[[Instance], T]") -> T:
        """Return what is made of this, made once: several proofs start from the same form."""
        if make not in self._derived:
            self._derived[make] = make(self)
        found: T = self._derived[make]
        return found

    @property
    def sign(self) -> int:
        """1 where the user minimises, -1 where the value is maximised."""
        return 1 if self.sense == "minimize" else -1

    @property
    def constant(self) -> Number:
        """The part of the objective that is the same for all answers."""
        return self.objective.get((), 0)

    def extent(self, key: Monomial) -> tuple[int, int]:
        """Return the least and the largest value of a product of variables."""
        low = high = 1
        for number in dict.fromkeys(key):
            power = key.count(number)
            ends = [self.lower[number] ** power, self.upper[number] ** power]
            if power % 2 == 0 and self.lower[number] < 0 < self.upper[number]:
                ends.append(0)
            corners = [a * b for a in (low, high) for b in (min(ends), max(ends))]
            low, high = min(corners), max(corners)
        return low, high

    @cached_property
    def grid(self) -> Grid:
        """Where the values of the objective lie."""
        extents = ((value, self.extent(key)) for key, value in self.objective.items() if key)
        return Grid.of(self.constant, ((value, max(-low, high)) for value, (low, high) in extents))

    @cached_property
    def digest(self) -> str:
        """A hash of everything here, the order of terms left out."""
        whole = hashlib.sha256()
        head = (self.sense, self.lower, self.upper, self.is_bit, self.formula)
        whole.update(repr(head).encode())
        whole.update(repr(sorted(self.objective.items())).encode())
        for row in self.rows:
            terms = sorted(row.terms.items())
            whole.update(repr((row.name, terms, row.lower, row.upper)).encode())
        return whole.hexdigest()


def instance_of(subject: Model | Hamiltonian, tolerance: float) -> Instance:
    """Return a model or a network in exact numbers.

    Parameters
    ----------
    subject : Model or Hamiltonian
        What a bound is asked of.
    tolerance : float
        The part of its terms by which a constraint with decimals may be missed.

    Raises
    ------
    SizeError
        If it has too many terms for that.
    """
    if isinstance(subject, Hamiltonian):
        return _of_network(subject)
    return _of_model(subject, tolerance)


def _of_model(model: Model, tolerance: float) -> Instance:
    expansion = Expansion.of(model.variables)
    sign = 1 if model.sense == "minimize" else -1
    (cost,) = expansion.expand(model.cost)
    ends = [
        np.concatenate([np.empty(0), *(one.ravel() for one in arrays)]).astype(np.int64).tolist()
        for arrays in ([v.lower for v in model.variables], [v.upper for v in model.variables])
    ]
    sizes = np.maximum(*(np.abs(np.asarray(one, dtype=np.float64)) for one in ends))
    lower = [0 if bit else one for bit, one in zip(expansion.is_bit, ends[0], strict=True)]
    # what is soft costs something or nothing: without it the bound holds all the more
    hard = [rule for rule in model.rules.values() if not rule.soft]
    rows = [row for rule in hard for row in _rows(rule, expansion, sizes, tolerance)]
    objective = {key: sign * value for key, value in cost.items()}
    found = Instance(model.sense, lower, ends[1], expansion.is_bit, objective, rows, str(model))
    return replace(found, floor=_floor(model, found)) if has_squares(model.cost) else found


def _floor(model: Model, instance: Instance) -> Number | None:
    """Return what the objective is at least, squares taken for what they are."""
    expansion = Expansion.of(model.variables)

    def affine(node: Node) -> list[tuple[Number, Number]]:
        return [ends_of_polynomial(one, instance.extent) for one in expansion.expand(node)]

    try:
        low, high = (end.item() for end in ends_of(model.cost, affine))
    except SizeError:
        return None
    found: Number = low if instance.sign > 0 else -high
    return found


def _rows(rule: Rule, expansion: Expansion, sizes: Any, tolerance: float) -> Iterator[Row]:
    one = rule.constraint
    decimal = (np.isneginf(one.last)).ravel()
    allowed, part = one.sizes_at(sizes).ravel(), Fraction(SAFE) * Fraction(tolerance)
    limits = exact_numbers(one.bound).ravel()
    for place, terms in enumerate(expansion.expand(one.node)):
        slack = part * Fraction(finite(allowed[place])) if decimal[place] else 0
        limit = limits[place] - terms.pop((), 0)
        lower = limit - slack if one.sign in (">=", "==") else None
        upper = limit + slack if one.sign in ("<=", "==") else None
        yield Row(f"{rule.name}[{place}]", terms, lower, upper)


def _of_network(network: Hamiltonian) -> Instance:
    couplings = sum(term.num_couplings() for term in network.couplings)
    if couplings > MOST_MONOMIALS:
        raise SizeError(
            f"network must have at most {MOST_MONOMIALS} couplings to be expanded exactly, "
            f"got {couplings}. Take a smaller one."
        )
    deadline.check(30 * couplings)
    size = network.num_spins
    upper = scipy.sparse.coo_array(scipy.sparse.triu(network.to_sparse(), 1))
    # s s' = 4 x x' - 2 x - 2 x' + 1
    values, thresholds = exact_numbers(upper.data), exact_numbers(network.thresholds)
    linear = 2 * thresholds
    heads, tails = (one.tolist() for one in upper.coords)
    objective: Polynomial = {}
    constant: Number = exact_numbers(network.offset).item() - sum(thresholds) - sum(values)
    for i, j, value in zip(heads, tails, values, strict=True):
        objective[i, j] = -4 * value
        linear[i] += 2 * value
        linear[j] += 2 * value
    objective |= {(k,): value for k, value in enumerate(linear)} | {(): constant}
    zeros, ones, bits = [0] * size, [1] * size, [True] * size
    rows = list(_group_rows(network))
    return Instance("minimize", zeros, ones, bits, drop_zeros(objective), rows, repr(network))


def _group_rows(network: Hamiltonian) -> Iterator[Row]:
    for number, group in enumerate(network.groups):
        name = f"{type(group).__name__}[{number}]"
        if isinstance(group, Permutation):
            lines = [*group.indices.tolist(), *group.indices.T.tolist()]
            for place, line in enumerate(lines):
                yield Row(f"{name}[{place}]", dict.fromkeys(((k,) for k in line), 1), 1, 1)
            if group.allowed is not None:
                for k in group.indices[~group.allowed].tolist():
                    yield Row(f"{name}: {k}", {(k,): 1}, 0, 0)
        elif isinstance(group, Linear):
            spins: list[Monomial] = [(k,) for k in group.indices.tolist()]
            terms: Polynomial = dict(zip(spins, exact_numbers(group.coefficients), strict=True))
            slack = exact_numbers((1.0 + EPS) * 2.0 * group.tolerance).item()
            low, high = (
                exact_numbers(end).item() if np.isfinite(end) else None
                for end in (group.lower, group.upper)
            )
            low, high = low if low is None else low - slack, high if high is None else high + slack
            yield Row(f"{name}[0]", drop_zeros(terms), low, high)
        else:
            low, high = group.bounds
            members = ((k,) for k in group.indices.tolist())
            yield Row(f"{name}[0]", dict.fromkeys(members, 1), int(low), int(high))
