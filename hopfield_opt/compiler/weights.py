"""The weights of penalties, each found by the arguments of `proofs`."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.compiler.cost import Cost
from hopfield_opt.compiler.extents import kept_extent
from hopfield_opt.compiler.forms import Forms
from hopfield_opt.compiler.permutations import find_permutations
from hopfield_opt.compiler.program import Forbidden, Products, Program
from hopfield_opt.compiler.proofs import (
    block_bound,
    flip_costs,
    kept_hurts,
    repair_bounds,
    repairable,
    sides,
    weights_above,
)
from hopfield_opt.errors import InputError
from hopfield_opt.model.nodes import Floats, Indices

# an adaptive penalty begins at this part of what could be proven, and never needs more
ADAPTIVE = 1.0 / 16.0

# rows of which the cheapest repairs are looked for together
ROWS_AT_ONCE = 1 << 16
# an adaptive penalty that was raised by this factor is as heavy as it will get
HEAVIEST = 1.0 / ADAPTIVE


@dataclass(eq=False)
class PenaltyWeights:
    """Finds the weights, the simplest arguments first.

    Attributes
    ----------
    given : (m,) float64
        The weight that the user gave each row, nan where none.
    strengths : (m,) float64
        The weight of each row: until it is settled, the one that is proven to be enough.
    arguments : (m,) object
        The name of its argument.
    weak : (m,) bool
        Whether the weight is less than what is proven.
    lambdas : list of float
        The weight of each forbidden function.
    reasons : list of str
        The names of their arguments.
    doubts : list of bool
        Whether their weights are less than what is proven.
    known : Cost
        The cost with all penalties whose weight is known.
    """

    program: Program
    forms: Forms
    known: Cost
    size: int
    penalty: str | float
    factors: dict[str, float]
    given: Floats = field(init=False)
    strengths: Floats = field(init=False)
    arguments: NDArray[Any] = field(init=False)
    weak: NDArray[np.bool_] = field(init=False)
    lambdas: list[float] = field(default_factory=list, init=False)
    reasons: list[str] = field(default_factory=list, init=False)
    doubts: list[bool] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.base = self.known
        rules = self.program.rules
        own = [self._given_weight(rule.name, rule.penalty) for rule in rules]
        given = np.array([np.nan if one is None else one for one in own], dtype=np.float64)
        self.given = given[self.forms.rows.owner]
        needed = len(self.given) or self.program.forbidden or self.program.products
        self.extent = self.program.objective.extent if needed else 0.0
        if needed and self.program.groups:
            # the cost holds the soft constraints, too
            self.extent = min(self.extent, kept_extent(self.base, self.program.groups))
        self.unit = self.program.objective.unit if needed else 0.0
        count = len(self.given)
        self.strengths = np.full(count, self._above(self.extent))
        self.arguments = np.full(count, "range", dtype=object)
        self.weak = np.zeros(count, dtype=bool)
        for forbidden in self.program.forbidden:
            self._weigh_forbidden(forbidden)

    def _above(self, bound: Any) -> Any:
        return weights_above(np.asarray(bound, dtype=np.float64), self.unit, self.extent)

    # forbidden functions -------------------------------------------------------------------

    def _weigh_forbidden(self, forbidden: Forbidden) -> None:
        rule = self.program.rules[forbidden.owner]
        given = self._given_weight(rule.name, rule.penalty)
        if forbidden.gap == 0.0 and given is None and self.penalty == "exact":
            raise InputError(
                f"coefficients must have a common denominator of at most 10^6 for an exact "
                f"penalty, got others at {rule.name!r}. Scale them, forbid pairs with ones, or "
                "use penalty='adaptive' or a number."
            )
        proven = float(self._above(self.extent)) / (forbidden.gap or 1.0)
        weight = proven * self._part(rule.name) if given is None else given
        self.lambdas.append(weight)
        self.doubts.append(forbidden.gap == 0.0 or weight < proven)
        unasked = "adaptive" if self.penalty == "adaptive" else "range"
        self.reasons.append(unasked if given is None else "given")

    def _given_weight(self, name: str, own: float | None) -> float | None:
        if own is not None:
            return own
        return None if isinstance(self.penalty, str) else float(self.penalty)

    def _part(self, name: str) -> float:
        """Return which part of the proven weight is used."""
        if self.penalty != "adaptive":
            return 1.0
        return min(1.0, ADAPTIVE * self.factors.get(name, 1.0))

    # rows ----------------------------------------------------------------------------------

    def find(self) -> None:
        """Weigh forbidden functions and rows; `known` has all their penalties in the end."""
        weighed = zip(self.lambdas, self.program.forbidden, strict=True)
        for weight, forbidden in deadline.check_each(weighed):
            self.known += forbidden.cost.scaled(weight)
        rows = self.forms.rows
        every = np.ones(len(rows), dtype=bool)
        if (self.given >= self.strengths).all():
            # each exceeds the whole range: there is nothing to be sharpened
            self._finish(every)
            return
        own = sides(rows)
        base = self._blocked_bits()
        alone = base | self._forbidden_hurts()
        free = repairable(rows, own, self._blocked_flips(own, every, alone))
        # flips of these hurt nothing else: only the cost itself counts, without forbidden parts
        self._repair(free, flip_costs(self.base.influence(self.size)))
        open_rows = ~free & repairable(rows, own, base[:, rows.matrix.indices])
        blocks = [
            (members, grid)
            for members, grid in find_permutations(rows, open_rows)
            if self._apart(own, open_rows, grid)
        ]
        second = open_rows & repairable(rows, own, self._blocked_flips(own, open_rows, base))
        later = second.copy()
        for members, _ in blocks:
            later[members] = True
        self._finish(~later)
        costs = flip_costs(self.known.influence(self.size))
        self._repair(second, costs)
        for members, grid in blocks:
            self._take(members, self._above(block_bound(costs, grid)), "block")
        self._finish(later)

    def _finish(self, chosen: NDArray[np.bool_]) -> None:
        """Settle the weights of rows and count their penalties as known."""
        given = ~np.isnan(self.given)
        parts = np.array([self._part(rule.name) for rule in self.program.rules])
        lighter = self.strengths * parts[self.forms.rows.owner]
        weights = np.where(given, self.given, lighter)
        self.weak |= chosen & ((weights < self.strengths) | ~self.forms.exact)
        self.strengths = np.where(chosen, weights, self.strengths)
        if self.penalty == "adaptive":
            self.arguments[chosen] = "adaptive"
        self.arguments[chosen & given] = "given"
        if chosen.any():
            self.known += self.forms.cost(self.strengths, chosen)

    def _repair(self, chosen: NDArray[np.bool_], costs: Floats) -> None:
        rows = np.flatnonzero(chosen)
        # part by part: what is looked up for each coefficient takes more memory than the rows
        for part in np.split(rows, range(ROWS_AT_ONCE, len(rows), ROWS_AT_ONCE)):
            deadline.check()
            bounds = repair_bounds(self.forms.rows.pick(part), costs)
            self._take(part, self._above(bounds), "repair")

    def _take(self, rows: Indices, weights: Floats, argument: str) -> None:
        better = np.flatnonzero(weights < self.strengths[rows])
        self.strengths[rows[better]] = np.broadcast_to(weights, rows.shape)[better]
        self.arguments[rows[better]] = argument

    def _blocked_bits(self) -> NDArray[np.bool_]:
        """Return (2, n): flips that a kept group or the definition of a product forbids."""
        found = kept_hurts(self.program)
        for products in self.program.products:
            found[:, products.factors.ravel()] = True
            found[:, products.first : products.first + len(products.factors)] = True
        return found

    def _forbidden_hurts(self) -> NDArray[np.bool_]:
        found = np.zeros((2, self.program.num_bits), dtype=bool)
        for forbidden in self.program.forbidden:
            found |= flip_costs(forbidden.cost.influence(self.program.num_bits)) > 0
        return found

    def _blocked_flips(
        self, own: Any, among: NDArray[np.bool_], base: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Return (2, nnz): flips that are blocked, or hurt another one of the rows `among`."""
        rows = self.forms.rows
        bits = rows.matrix.indices
        deadline.check(10 * len(bits))
        hurts = own.hurts & among[rows.row_of]
        counts = np.stack([np.bincount(bits, one, self.program.num_bits) for one in hurts])
        return np.asarray(base[:, bits] | (counts[:, bits] - hurts > 0))

    def _apart(self, own: Any, among: NDArray[np.bool_], grid: Indices) -> bool:
        """Whether flips in a block hurt none of the rows `among` but its own two lines."""
        rows = self.forms.rows
        hurts = own.hurts & among[rows.row_of]
        counts = [np.bincount(rows.matrix.indices, one, self.program.num_bits) for one in hurts]
        return all(bool((one[grid] == 2).all()) for one in counts)

    # products ------------------------------------------------------------------------------

    def definition(self, products: Products, total: Cost) -> Floats:
        """Return the weights of bits that stand for products, given all that uses them."""
        own = slice(products.first, products.first + len(products.factors))
        bounds = flip_costs(total.influence(self.size))[:, own].max(axis=0)
        # a bit whose value is forced cannot be turned right: the product is a constraint itself
        forced = self.program.fixed[own] != 0
        return np.asarray(self._above(np.where(forced, np.maximum(bounds, self.extent), bounds)))
