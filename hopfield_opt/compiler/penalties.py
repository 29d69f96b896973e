"""Constraints that are not kept become penalties, each with the weight that it needs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.compiler.cost import Cost, cost_of_terms
from hopfield_opt.compiler.forms import Forms, penalty_forms
from hopfield_opt.compiler.program import Products, Program
from hopfield_opt.compiler.propagate import (
    find_violable,
    fix_bits,
    integer_rows,
    saturate,
    sharpen,
)
from hopfield_opt.compiler.rows import Rows
from hopfield_opt.compiler.terms import Part
from hopfield_opt.compiler.weights import PenaltyWeights
from hopfield_opt.errors import InputError
from hopfield_opt.model.nodes import Floats

# what is no more than so many numbers off a whole one is off by rounding
STEPS = 4


@dataclass(frozen=True, eq=False)
class Penalised:
    """The penalties of a program, weighed.

    Attributes
    ----------
    hard, soft : Forms
        The rows as squares; the slack bits of `soft` come last.
    prices : (k,) float64
        The weight of each soft row.
    weights : Weights
        The weights of everything else, with their arguments.
    definitions : tuple of arrays
        The weights of the bits that stand for products, for each `Products`.
    cost : Cost
        The objective with all penalties.
    """

    hard: Forms
    soft: Forms
    prices: Floats
    weights: PenaltyWeights
    definitions: tuple[Floats, ...]
    cost: Cost

    @property
    def num_bits(self) -> int:
        """The number of bits, slacks included."""
        return self.soft.num_bits

    @property
    def unproven(self) -> tuple[str, ...]:
        """Why an infeasible state may lie at or below the best feasible one: rule by rule."""
        found, program = self.weights, self.weights.program
        rough = ~self.soft.exact & (np.diff(self.soft.starts) > 0)
        weak = [
            *zip(self.hard.rows.owner[found.weak], found.arguments[found.weak], strict=True),
            *(
                (forbidden.owner, reason)
                for forbidden, reason, doubt in zip(
                    program.forbidden, found.reasons, found.doubts, strict=True
                )
                if doubt
            ),
            *((owner, "without a common denominator") for owner in self.soft.rows.owner[rough]),
        ]
        return tuple(
            f"the weight of {program.rules[owner].name} is {reason}"
            for owner, reason in dict.fromkeys(weak)
        )


def penalise(program: Program, penalty: str | float, factors: dict[str, float]) -> Penalised:
    """Return the penalties of a program that is quadratic with linear constraints.

    Parameters
    ----------
    program : Program
        What is to be penalised.
    penalty : "exact", "adaptive" or float
        How weights are found.
    factors : dict of str to float
        By which adaptive weights were raised so far, by rule.
    """
    hard = _hard_forms(program, penalty)
    soft, prices = _soft_forms(program, hard.num_bits)
    cost = program.cost + soft.cost(prices)
    weights = PenaltyWeights(program, hard, cost, soft.num_bits, penalty, factors)
    weights.find()
    total = weights.known
    definitions = []
    for products in reversed(program.products):
        strengths = weights.definition(products, total)
        definitions.append(strengths)
        if products.defined:
            total += _definition_cost(products, strengths, soft.num_bits)
    return Penalised(hard, soft, prices, weights, tuple(reversed(definitions)), total)


def _hard_forms(program: Program, penalty: str | float) -> Forms:
    names = [rule.name for rule in program.rules]
    inside = fix_bits(program.rows, program.fixed)
    tight = saturate(sharpen(inside.pick(find_violable(inside))))
    rows, scales = integer_rows(tight, program.tolerance)
    exact = np.isfinite(scales)
    if penalty == "exact":
        _refuse_inexact(program, rows, exact)
    return penalty_forms(rows, program.num_bits, names, exact)


def _refuse_inexact(program: Program, rows: Rows, exact: NDArray[np.bool_]) -> None:
    for row in np.flatnonzero(~exact).tolist():
        rule = program.rules[rows.owner[row]]
        if rule.penalty is None:
            raise InputError(
                f"coefficients must have a common denominator of at most 10^6, and sums that "
                f"rounding leaves apart, for an exact penalty, got others at {rule.name!r}. "
                "Keep it as a range with structure='auto', or use penalty='adaptive' or a number."
            )


def _soft_forms(program: Program, first: int) -> tuple[Forms, Floats]:
    """Return the squares of soft rows and their weights, in the user's units."""
    names = [rule.name for rule in program.rules]
    before = fix_bits(program.soft, program.fixed)
    rows, scales = integer_rows(before, program.tolerance)
    exact = np.isfinite(scales)
    scales = np.where(exact, scales, 1.0)
    # a price is for the amount itself: bounds are not rounded to what can be reached
    rows = rows.with_bounds(
        _restore_integers(before.lower * scales), _restore_integers(before.upper * scales)
    )
    prices = np.array([rule.penalty or 0.0 for rule in program.rules])[rows.owner]
    return penalty_forms(rows, first, names, exact, soft=True), prices / scales**2


def _restore_integers(bounds: Floats) -> Floats:
    """Return bounds as they are, but for what scaling decimals has moved off a whole number."""
    finite = np.where(np.isfinite(bounds), bounds, 0.0)
    near = np.abs(finite - np.rint(finite)) <= STEPS * np.spacing(np.abs(finite))
    return np.where(near, np.rint(bounds), bounds)


def _definition_cost(products: Products, strengths: Floats, size: int) -> Cost:
    """Return `x y - 2 x w - 2 y w + 3 w` for each bit w that stands for x y."""
    x, y = products.factors.T
    w = np.arange(products.first, products.first + len(x))
    rows = np.zeros(3 * len(x), dtype=np.intp)
    pairs = np.stack([np.concatenate([x, x, y]), np.concatenate([y, w, w])], axis=1)
    terms = {
        1: Part(rows[: len(x)], w[:, None], 3.0 * strengths),
        2: Part(rows, pairs, np.concatenate([strengths, -2.0 * strengths, -2.0 * strengths])),
    }
    return cost_of_terms(terms, np.zeros(size, dtype=bool))
