"""First pass: a model becomes a cost over spins and constraints over bits.

Powers vanish (x^2 = x, s^2 = 1), equal monomials are collected, zeros dropped. Constraints are
sorted by kind: linear rows, polynomials, and forbidden products `g == 0` with g >= 0.
"""

from dataclasses import dataclass, field

import numpy as np

from hopfield_opt import deadline
from hopfield_opt.compiler.cost import Cost
from hopfield_opt.compiler.encodings import Encoding
from hopfield_opt.compiler.exact import unit_of
from hopfield_opt.compiler.expand import expand
from hopfield_opt.compiler.interval import interval
from hopfield_opt.compiler.program import Forbidden, Objective, Polynomials, Program, RuleInfo
from hopfield_opt.compiler.quadratic import cost_of
from hopfield_opt.compiler.rows import Rows, stack_rows
from hopfield_opt.compiler.terms import Part, linear_rows, merge, reduce_powers
from hopfield_opt.errors import InputError
from hopfield_opt.exactness import need_no_rounding
from hopfield_opt.model.constraint import Constraint
from hopfield_opt.model.model import Model
from hopfield_opt.model.nodes import (
    Apply,
    Constant,
    Floats,
    Node,
    Product,
    Total,
    Variables,
    add,
    addends,
    degree,
)
from hopfield_opt.model.rule import Rule

# spins are written as 2 x - 1, and squares of rows have terms of 4 times their size
ROOM = 8.0


def normalise(model: Model, encoding: Encoding) -> Program:
    """Return the program of a model."""
    # the cost comes first: while it is made, no rows are in the way
    cost = cost_of_model(model, encoding)
    collector = _Collector(encoding, model.feasibility_tolerance)
    for rule in deadline.check_each(model.rules.values(), 20):
        collector.take(rule)
    for name, matrix, lower, upper in encoding.constraints():
        size = matrix.shape[0]
        owner = np.full(size, len(collector.rules), dtype=np.intp)
        collector.rules.append(RuleInfo(name))
        collector.whole.append(Rows(matrix, np.full(size, lower), np.full(size, upper), owner))
    objective = Objective(model.cost, *encoding.reach, collector.soft_extent)
    rows = collector.rows()
    soft = np.array([rule.soft for rule in collector.rules], dtype=bool)[rows.owner]
    return Program(
        is_spin=encoding.is_spin,
        cost=cost,
        objective=objective,
        rules=tuple(collector.rules),
        rows=rows.pick(~soft),
        soft=rows.pick(soft),
        polynomials=tuple(collector.polynomials),
        forbidden=tuple(collector.forbidden),
        fixed=np.zeros(encoding.num_bits, dtype=np.int8),
        notes=(_head(model, encoding),),
        tolerance=model.feasibility_tolerance,
    )


def cost_of_model(model: Model, encoding: Encoding) -> Cost:
    """Return the objective of a model, to be minimised."""
    sign = 1.0 if model.sense == "minimize" else -1.0
    return cost_of(model.cost, np.full((), sign), encoding)


def _head(model: Model, encoding: Encoding) -> str:
    """Return the first line of the report."""
    variables = f"{model.sense} over {model.num_variables} variables"
    bits = "" if encoding.is_identity else f", {encoding.num_bits} bits"
    return f"{variables}{bits}, {len(model.rules)} constraints"


@dataclass(eq=False)
class _Collector:
    """Sorts the rules of a model by kind."""

    encoding: Encoding
    tolerance: float
    rules: list[RuleInfo] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    bounds: list[tuple[Floats, Floats, Floats, int]] = field(default_factory=list)
    whole: list[Rows] = field(default_factory=list)
    polynomials: list[Polynomials] = field(default_factory=list)
    forbidden: list[Forbidden] = field(default_factory=list)
    soft_extent: float = 0.0
    count: int = 0

    def take(self, rule: Rule) -> None:
        """Sort one rule in."""
        constraint = rule.constraint
        deadline.check(5.0 * constraint.bound.size)
        number = len(self.rules)
        unkept = "a weight was given" if rule.penalty is not None else ""
        unkept = "keep=False" if rule.keep is False else unkept
        info = RuleInfo(rule.name, rule.penalty, rule.soft, rule.keep, unkept, rule.call)
        self.rules.append(info)
        if rule.soft:
            self._weigh_soft(rule)
        bound = constraint.bound.ravel()
        lower = bound if constraint.sign != "<=" else np.full(bound.shape, -np.inf)
        upper = bound if constraint.sign != ">=" else np.full(bound.shape, np.inf)
        slack = self._slack(rule).ravel()
        if degree(constraint.node) <= 1:
            self._linear(constraint.node, lower, upper, slack, number)
            return
        hard = not rule.soft and constraint.sign != ">="
        if hard and _is_sharp(constraint, slack) and self._forbids(constraint, number):
            return
        terms = reduce_powers(expand(constraint.node, self.encoding), self.encoding.is_spin)
        self.polynomials.append(
            Polynomials(terms, lower, upper, np.full(bound.size, number, dtype=np.intp), slack)
        )

    def _slack(self, rule: Rule) -> Floats:
        """Return by how much entries may be missed, and by how much their rows may be off."""
        constraint = rule.constraint
        largest = np.maximum(*(np.abs(end) for end in self.encoding.reach))
        sizes = constraint.sizes_at(largest)
        if not np.isfinite(sizes).all():
            raise InputError(
                f"coefficients must add up to less than 1.8e308, got more at {rule.name!r}. "
                "Scale both sides."
            )
        decimals = constraint.last == -np.inf
        allowed = np.where(decimals, self.tolerance * sizes, 0.0)
        rounds = ~need_no_rounding(constraint.last, ROOM * sizes)
        # twice: a value that is compared, and the row that it is compared with
        return np.where(rounds, allowed + 2.0 * constraint.precision.errors(sizes), 0.0)

    def _linear(self, node: Node, lower: Floats, upper: Floats, slack: Floats, number: int) -> None:
        for part in expand(node, self.encoding).values():
            self.parts.append(Part(part.rows + self.count, part.factors, part.coefficients))
        self.bounds.append((lower, upper, slack, number))
        self.count += lower.size

    def _forbids(self, constraint: Constraint, number: int) -> bool:
        """Take a rule g == 0 with g >= 0 by its form; tell whether it is one."""
        encoding = self.encoding
        low, _ = interval(constraint.node, *encoding.reach)
        if (low != constraint.bound).any():
            return False
        pairs = _pairs(constraint.node)
        if pairs is not None and not constraint.bound.any() and self._are_binary(pairs):
            # both cannot be on: a row each, so that every pair gets a weight of its own
            size = pairs.left.shape
            both = add(pairs.left, pairs.right)
            count = int(np.prod(size))
            none = np.zeros(count)
            self._linear(both, none - np.inf, np.ones(count), none, number)
            return True
        cost = cost_of(constraint.node, np.broadcast_to(1.0, constraint.shape), encoding)
        shifted = cost + Cost(-float(constraint.bound.sum()), np.zeros(encoding.num_bits))
        self.forbidden.append(Forbidden(shifted, _gap(constraint), number))
        return True

    def _are_binary(self, pairs: Product) -> bool:
        for side in (pairs.left, pairs.right):
            index = side.index if isinstance(side, Variables) else np.empty(0, np.intp)
            encoding = self.encoding
            one_bit = np.diff(encoding.starts)[index] == 1
            if not one_bit.all() or encoding.lower[index].any() or encoding.is_spin.any():
                return False
        return True

    def _weigh_soft(self, rule: Rule) -> None:
        constraint = rule.constraint
        low, high = interval(constraint.node, *self.encoding.reach)
        below = np.maximum(constraint.bound - low, 0.0) if constraint.sign != "<=" else 0.0 * low
        above = np.maximum(high - constraint.bound, 0.0) if constraint.sign != ">=" else 0.0 * low
        worst = np.maximum(below, above)
        self.soft_extent += float(rule.penalty or 0.0) * float((worst**2).sum())

    def rows(self) -> Rows:
        """Return all linear rules over x = 0 or 1."""
        encoding = self.encoding
        matrix, shift = linear_rows(merge(self.parts), self.count, encoding.num_bits)
        empty = np.empty(0)
        lower = np.concatenate([empty, *(one[0] for one in self.bounds)]) - shift
        upper = np.concatenate([empty, *(one[1] for one in self.bounds)]) - shift
        owner = np.concatenate(
            [empty.astype(np.intp), *(np.full(one[0].size, one[3]) for one in self.bounds)]
        )
        slack = np.concatenate([empty, *(one[2] for one in self.bounds)])
        if encoding.is_spin.any():
            # s = 2 x - 1
            spin = encoding.is_spin[matrix.indices]
            ones = np.bincount(
                np.repeat(np.arange(self.count), np.diff(matrix.indptr)),
                np.where(spin, matrix.data, 0.0),
                self.count,
            )
            matrix.data = np.where(spin, 2.0, 1.0) * matrix.data
            lower, upper = lower + ones, upper + ones
        return stack_rows(
            [Rows(matrix, lower, upper, owner, slack), *self.whole], encoding.num_bits
        )


def _is_sharp(constraint: Constraint, slack: Floats) -> bool:
    """Whether no tolerance lets in a value that is not 0, as far as values are known."""
    return not slack.any() or not 0.0 < _gap(constraint) <= 2.0 * float(slack.max())


def _gap(constraint: Constraint) -> float:
    """Return a number below no positive value of `node - bound`, 0 where none is known."""
    unit = unit_of(add(constraint.node, Constant(constraint.bound)))
    if unit is None:
        return 0.0
    # only 0 is a multiple of 0: the rule is always kept
    return float(unit) or 1.0


def _pairs(node: Node) -> Product | None:
    """Return the product of two arrays of variables whose entries a node lists or adds up."""
    terms = list(addends(node))
    if len(terms) != 1:
        return None
    term = terms[0]
    if isinstance(term, Apply) and isinstance(term.operator, Total):
        return _pairs(term.child)
    plain = isinstance(term, Product) and all(
        isinstance(side, Variables) for side in (term.left, term.right)
    )
    return term if plain and isinstance(term, Product) else None
