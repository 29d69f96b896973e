"""Degrees above 2 are brought down by bits that stand for products.

A negative monomial needs one bit, whatever its degree d: `-c x1 ... xd` is the minimum over w
of `-c w (x1 + ... + xd - (d - 1))`. For the others the pair that most monomials share becomes
a bit `w = x y`, again and again, kept by the penalty `x y - 2 x w - 2 y w + 3 w` (0 if w = x y,
else 1 or 3), whose weight is proven with those of the constraints. In constraints every product
becomes a bit, so that they are linear in the end.
"""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.compiler.cost import Cost, cost_of_terms
from hopfield_opt.compiler.program import Polynomials, Products, Program
from hopfield_opt.compiler.rows import Rows, stack_rows
from hopfield_opt.compiler.terms import Part, Terms, linear_rows, merge, reduce_powers
from hopfield_opt.model.nodes import Indices


def quadratise(program: Program) -> Program:
    """Return the program with a quadratic cost and linear constraints."""
    table = _Table(program.num_bits, [])
    linear = [table.lower(over_bits(one.terms, program.is_spin), 1) for one in program.polynomials]
    lowered = [
        _lower(cost, program.is_spin, table)
        for cost in (program.cost, *(one.cost for one in program.forbidden))
    ]
    costs = [table.with_minima(cost, negative) for cost, negative in lowered]
    count = table.size - program.num_bits
    grown = program.add_bits(count)
    rows = [
        _rows(one, terms, table.size)
        for one, terms in zip(program.polynomials, linear, strict=True)
    ]
    soft = [bool(len(one) and program.rules[one.owner[0]].soft) for one in rows]
    hard_rows = [one for one, is_soft in zip(rows, soft, strict=True) if not is_soft]
    soft_rows = [one for one, is_soft in zip(rows, soft, strict=True) if is_soft]
    grown = replace(
        grown,
        cost=costs[0],
        forbidden=tuple(
            replace(one, cost=cost) for one, cost in zip(program.forbidden, costs[1:], strict=True)
        ),
        rows=stack_rows([grown.rows, *hard_rows], table.size),
        soft=stack_rows([grown.soft, *soft_rows], table.size),
        polynomials=(),
        products=tuple(table.products),
    )
    return grown.add_notes(f"{count} bits stand for products of others") if count else grown


def over_bits(terms: Terms, is_spin: NDArray[np.bool_]) -> Terms:
    """Return polynomials with every spin s written as 2 x - 1."""
    parts = []
    for degree, part in terms.items():
        spin = is_spin[part.factors]
        for kept in product((True, False), repeat=degree):
            stay = np.array(kept, dtype=bool)
            own = np.flatnonzero(spin[:, ~stay].all(axis=1))
            factor = 2.0 ** spin[own][:, stay].sum(axis=1) * (-1.0) ** int((~stay).sum())
            parts.append(
                Part(part.rows[own], part.factors[own][:, stay], part.coefficients[own] * factor)
            )
    return reduce_powers(merge(parts), np.zeros(len(is_spin), dtype=bool))


def _lower(cost: Cost, is_spin: NDArray[np.bool_], table: "_Table") -> tuple[Cost, list[Part]]:
    """Return a cost of degree 2, and the negative monomials that were left out of it."""
    if not cost.higher:
        return cost, []
    terms = over_bits(cost.higher, is_spin)
    negative = [part.pick(part.coefficients < 0) for degree, part in terms.items() if degree > 2]
    others = [
        part if degree <= 2 else part.pick(part.coefficients > 0) for degree, part in terms.items()
    ]
    low = table.lower(merge(others), 2)
    binary = np.zeros(table.size, dtype=bool)
    return replace(cost, higher={}) + cost_of_terms(low, binary), negative


def _rows(one: Polynomials, terms: Terms, width: int) -> Rows:
    matrix, shift = linear_rows(terms, len(one.owner), width)
    return Rows(matrix, one.lower - shift, one.upper - shift, one.owner, one.slack)


@dataclass(eq=False)
class _Table:
    """The product bits made so far."""

    size: int
    products: list[Products]

    def lower(self, terms: Terms, degree: int) -> Terms:
        """Return polynomials in 0-1 bits with monomials of at most `degree` factors."""
        low = [part for d, part in terms.items() if d <= degree]
        high: Terms = {d: part for d, part in terms.items() if d > degree}
        while high:
            deadline.check(10 * sum(len(part.rows) for part in high.values()))
            high = merge(self._one_down(part, high) for part in high.values())
            low += [part for d, part in high.items() if d <= degree]
            high = {d: part for d, part in high.items() if d > degree}
        return merge(low)

    def _one_down(self, part: Part, all_parts: Terms) -> Part:
        """Return monomials of one factor less: the pair that most of them share is one bit."""
        d = part.factors.shape[1]
        first, second = np.triu_indices(d, 1)
        # pairs of each monomial as one number, and how many monomials have each
        codes = part.factors[:, first] * self.size + part.factors[:, second]
        distinct, inverse, counts = np.unique(codes, return_inverse=True, return_counts=True)
        inverse = inverse.reshape(codes.shape)
        best = np.argmax(counts[inverse], axis=1)
        lines = np.arange(len(best))
        chosen, which = np.unique(inverse[lines, best], return_inverse=True)
        pairs = np.stack(np.divmod(distinct[chosen], self.size), axis=1)
        new = self._bits(pairs)[which]
        keep = np.ones(part.factors.shape, dtype=bool)
        keep[lines, first[best]] = keep[lines, second[best]] = False
        rest = part.factors[keep].reshape(len(best), d - 2)
        return Part(part.rows, np.sort(np.column_stack([rest, new]), axis=1), part.coefficients)

    def _bits(self, pairs: Indices) -> Indices:
        """Return the bits of products of two, made where they do not exist yet."""
        known = {
            tuple(pair): known.first + k
            for known in self.products
            for k, pair in enumerate(known.factors.tolist())
        }
        fresh = [pair for pair in map(tuple, pairs.tolist()) if pair not in known]
        if fresh:
            self.products.append(Products(self.size, np.array(fresh, dtype=np.intp), True))
            known |= {pair: self.size + k for k, pair in enumerate(fresh)}
            self.size += len(fresh)
        return np.array([known[pair] for pair in map(tuple, pairs.tolist())], dtype=np.intp)

    def with_minima(self, cost: Cost, negative: list[Part]) -> Cost:
        """Return a cost plus negative monomials, each as the minimum over a bit of its own."""
        for part in negative:
            count, degree = part.factors.shape
            new = np.arange(self.size, self.size + count)
            self.products.append(Products(self.size, part.factors, False))
            self.size += count
            rows = np.zeros(count * degree, dtype=np.intp)
            pairs = np.stack([part.factors.ravel(), np.repeat(new, degree)], axis=1)
            terms = {
                1: Part(rows[:count], new[:, None], (1.0 - degree) * part.coefficients),
                2: Part(rows, pairs, np.repeat(part.coefficients, degree)),
            }
            cost += cost_of_terms(terms, np.zeros(self.size, dtype=bool))
        return cost
