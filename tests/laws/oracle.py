"""Every assignment of a recipe in fractions."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

import hopfield_opt as ho

from .claims import EPSILON, Claim, Known, claim_of, faults, is_number
from .exact import common_unit
from .polynomials import Polynomial, add
from .recipes import Recipe, Rule

# decimals: where a bound is missed by less than twice the documented tolerance, relative to the
# terms of the row, feasible and infeasible are both right
MARGIN = Fraction(2, 10**12)
# up to so many units of whole and dyadic numbers, what can be looked at is proven
SAFE = 2**20


@dataclass(frozen=True)
class Amounts:
    """By how much the entries of a rule are violated, at each assignment, times `common`.

    `clear` tells where the rule certainly holds, `broken` where it certainly does not; `size` is
    that of all its terms, `unit` what each amount is a multiple of.
    """

    total: np.ndarray
    common: int
    clear: np.ndarray
    broken: np.ndarray
    size: Fraction
    unit: Fraction


class Oracle:
    """A recipe, judged at all its assignments."""

    def __init__(self, recipe: Recipe, lost: Fraction = Fraction(0)) -> None:
        self.recipe = recipe
        self.lost = lost
        self.space = recipe.space
        self.rules = {f"c{k}": self._amounts(rule) for k, rule in enumerate(recipe.rules)}

    def faults(self, claim: Claim) -> dict[str, str]:
        """Return what is wrong in a claim, by kind."""
        wrong = self._violations(claim)
        own = {} if wrong is None else {"violations": wrong}
        return {**faults(self.known, claim), **own}

    def claimed(self, result: ho.Result) -> Claim:
        """Return what a result says."""
        if result.answer is None:
            return claim_of(result, None)
        flat = [np.ravel(result.answer[array.name]).tolist() for array in self.recipe.arrays]
        return claim_of(result, tuple(value for part in flat for value in part))

    @cached_property
    def known(self) -> Known:
        """What is right."""
        hard = [amounts for rule, amounts in self._each if not rule.soft]
        soft = [(rule, amounts) for rule, amounts in self._each if rule.soft]
        every = np.ones(len(self.space.table), dtype=bool)
        objective = add(piece.polynomials[0] for piece in self.recipe.objective)
        units = [rule.penalty.value * amounts.unit**2 for rule, amounts in soft]
        sizes = [rule.penalty.value * amounts.size**2 for rule, amounts in soft]
        return Known(
            1 if self.recipe.sense == "minimize" else -1,
            {tuple(row): k for k, row in enumerate(self.space.table.tolist())},
            self._values(objective),
            np.logical_and.reduce([every, *(one.clear for one in hard)]),
            np.logical_or.reduce([~every, *(one.broken for one in hard)]),
            self.space.size_of(objective) + sum(sizes, Fraction(0)),
            common_unit([*objective.values(), *units]),
            len(objective) + sum(16 * len(rule.piece.polynomials) for rule, _ in soft),
            all(piece.exact for piece in self.recipe.objective)
            and all(rule.exact and rule.penalty.exact for rule, _ in soft),
            self._provable(objective),
            self.lost,
        )

    @property
    def _each(self) -> Iterator[tuple[Rule, Amounts]]:
        return zip(self.recipe.rules, self.rules.values(), strict=True)

    def _values(self, objective: Polynomial) -> list[Fraction]:
        plain, common = self.space.values(objective)
        found = [Fraction(int(one), common) for one in plain]
        sign = 1 if self.recipe.sense == "minimize" else -1
        for rule, amounts in self._each:
            if rule.soft:
                price = sign * rule.penalty.value / amounts.common
                found = [a + price * int(b) for a, b in zip(found, amounts.total, strict=True)]
        return found

    def _provable(self, objective: Polynomial) -> bool:
        options = self.recipe.options
        if options.get("method", "auto") not in ("auto", "exhaustive"):
            return False
        given = any(rule.penalty and not rule.soft for rule in self.recipe.rules)
        if options.get("penalty", "exact") != "exact" or given:
            return False
        pieces = [*self.recipe.objective, *self.recipe.rules]
        units = [self.space.size_of(objective) / (common_unit(objective.values()) or 1)]
        for rule, amounts in self._each:
            units.append(amounts.size / (amounts.unit or 1))
            units += [units[-1] ** 2, rule.penalty.value] if rule.soft else []
        return all(piece.exact for piece in pieces) and max(units) <= SAFE

    # rules ---------------------------------------------------------------------------------

    def _amounts(self, rule: Rule) -> Amounts:
        pairs = zip(rule.piece.polynomials, rule.bounds, strict=True)
        parts = [self._entry(rule, *one) for one in pairs]
        common = int(np.lcm.reduce([part.common for part in parts], dtype=object))
        power = 2 if rule.soft else 1
        total = sum(part.total**power * (common // part.common) ** power for part in parts)
        return Amounts(
            np.asarray(total, dtype=object),
            common**power,
            np.logical_and.reduce([part.clear for part in parts]),
            np.logical_or.reduce([part.broken for part in parts]),
            sum((part.size for part in parts), Fraction(0)),
            common_unit(part.unit for part in parts),
        )

    def _entry(self, rule: Rule, polynomial: Polynomial, bound: Fraction) -> Amounts:
        excess, common = self.space.values(add([polynomial, {(): -bound}]))
        if rule.sign == "==":
            excess = np.abs(excess)
        elif rule.sign == ">=":
            excess = -excess
        amount = np.maximum(excess, 0)
        size = self.space.size_of(polynomial) + abs(bound)
        allowed = 0 if rule.exact else int(MARGIN * size * common)
        clear, broken = (amount <= 0).astype(bool), (amount > allowed).astype(bool)
        unit = common_unit([*polynomial.values(), bound])
        return Amounts(amount, common, clear, broken, size, unit)

    def _violations(self, claim: Claim) -> str | None:
        place = self.known.places.get(claim.answer)
        if place is None:
            return None
        for name, (rule, amounts) in zip(self.rules, self._each, strict=True):
            said = claim.violations.get(name, 0.0)
            amount = Fraction(int(amounts.total[place]), amounts.common)
            if rule.soft or amounts.clear[place]:
                wrong = said != 0
            else:
                off = 64 * EPSILON * amounts.size
                near = is_number(said) and abs(Fraction(said) - amount) <= off
                wrong = not near and (said != 0 or bool(amounts.broken[place]))
            if wrong:
                return f"{name} by {said!r}, right is {float(amount)!r}"
        strange = set(claim.violations) - set(self.rules)
        return f"{strange} are no rules" if strange else None
