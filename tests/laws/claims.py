"""What a result claims, and how it is held against what is known in fractions."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

import hopfield_opt as ho

# of a sum of floats, for each term
EPSILON = Fraction(1, 2**52)
# decimals: values that differ by less, relative to all terms, may be taken for the same
DECIMALS = 64 * EPSILON
# decimals: energies need only tell the values apart, and penalties take some of their digits
ENERGY = Fraction(1, 10**9)
# a whole number of so many units is a float
HELD = 2**53
# a network of so few spins is looked at as a whole
FEW_SPINS = 20


@dataclass(frozen=True)
class Claim:
    """What a result says; the fields are those of `Result`.

    `answer` is what `Known.places` names: the values of all variables, for instance; `status` the
    name of the status.
    """

    status: str
    answer: Hashable
    value: float | None
    feasible: bool
    violations: Mapping[str, float]
    bound: float | None
    gap: float | None
    energy: float | None
    num_spins: int = 0


def claim_of(result: ho.Result, answer: Hashable) -> Claim:
    """Return what a result says, its answer in the words of `Known`."""
    return Claim(
        result.status.name,
        answer,
        result.value,
        result.feasible,
        dict(result.violations),
        result.bound,
        result.gap,
        result.energy,
        result.num_spins,
    )


@dataclass(frozen=True)
class Known:
    """Everything about a problem, in fractions.

    Attributes
    ----------
    sign : int
        1 if values are to be small, -1 if large.
    places : dict of answer to int
        The number of each answer.
    values : list of Fraction
        Their values.
    clear, broken : (A,) bool
        Which are certainly feasible, and which certainly not; decimals at the very edge may be
        neither.
    size, unit : Fraction
        The sum of the sizes of all terms of a value, and what each value is a multiple of.
    terms : int
        How many terms there are.
    exact : bool
        Whether floats hold all numbers of the value.
    provable : bool
        Whether a method that looks at every state has to prove what it finds.
    lost : Fraction
        By how much the network says that its energies may be off.
    """

    sign: int
    places: Mapping[Hashable, int]
    values: list[Fraction]
    clear: np.ndarray
    broken: np.ndarray
    size: Fraction
    unit: Fraction
    terms: int
    exact: bool
    provable: bool = False
    lost: Fraction = Fraction(0)

    @property
    def rounding(self) -> Fraction:
        """How far a value may be off: not at all where floats hold all partial sums."""
        if self.exact and self.size <= HELD * self.unit:
            return Fraction(0)
        return EPSILON * (self.terms + 4) * self.size

    @property
    def tie(self) -> Fraction:
        """By how much the best may be missed: not at all where floats hold all partial sums."""
        return self.rounding if self.exact else DECIMALS * self.size

    @cached_property
    def best(self) -> Fraction | None:
        """The best value of what is certainly feasible; None if nothing is."""
        found = [value for value, clear in zip(self.values, self.clear, strict=True) if clear]
        if not found:
            return None
        return min(found) if self.sign == 1 else max(found)

    def beyond(self, value: Fraction) -> Fraction:
        """Return by how much a value is worse than the best; negative if it is better."""
        assert self.best is not None
        return self.sign * (value - self.best)


Check = Callable[[Known, Claim], str | None]


def faults(known: Known, claim: Claim) -> dict[str, str]:
    """Return what is wrong in a claim, by kind."""
    found = {name: check(known, claim) for name, check in CHECKS.items()}
    return {name: text for name, text in found.items() if text is not None}


def is_number(value: float | None) -> bool:
    """Whether there is a finite number."""
    return value is not None and bool(np.isfinite(value))


def _finite(known: Known, claim: Claim) -> str | None:
    numbers = [claim.value, claim.bound, claim.gap, claim.energy, *claim.violations.values()]
    wrong = [one for one in numbers if one is not None and not np.isfinite(one)]
    return f"got {wrong}" if wrong else None


def _answer(known: Known, claim: Claim) -> str | None:
    if claim.answer is None:
        claims = claim.feasible or claim.value is not None
        return "there is a value and no answer" if claims else None
    return None if claim.answer in known.places else f"{claim.answer} is none"


def _flag(known: Known, claim: Claim) -> str | None:
    place = known.places.get(claim.answer)
    if claim.feasible != (claim.answer is not None and not claim.violations):
        return f"feasible is {claim.feasible} with {claim.violations}"
    if place is None:
        return None
    if claim.feasible and known.broken[place]:
        return f"{claim.answer} is called feasible"
    if not claim.feasible and known.clear[place]:
        return f"{claim.answer} is called infeasible"
    return None


def _value(known: Known, claim: Claim) -> str | None:
    place = known.places.get(claim.answer)
    if place is None or not is_number(claim.value):
        return None
    right = known.values[place]
    if abs(Fraction(claim.value) - right) <= known.rounding:
        return None
    return f"got {claim.value!r}, right is {float(right)!r}"


def _status(known: Known, claim: Claim) -> str | None:
    if claim.status == "INFEASIBLE":
        return None if known.best is None else f"there is one of {float(known.best)!r}"
    if claim.status != "NO_FEASIBLE" and not claim.feasible:
        return f"{claim.status} without a feasible answer"
    if claim.status == "NO_FEASIBLE" and claim.feasible:
        return "NO_FEASIBLE with a feasible answer"
    place = known.places.get(claim.answer)
    if claim.status != "OPTIMAL" or place is None or known.best is None:
        return None
    if known.beyond(known.values[place]) <= known.tie:
        return None
    return f"OPTIMAL with {claim.value!r}, right is {float(known.best)!r}"


def _bound(known: Known, claim: Claim) -> str | None:
    if claim.status == "OPTIMAL" and claim.bound != claim.value:
        return f"OPTIMAL with {claim.value!r} and the bound {claim.bound!r}"
    if not is_number(claim.bound) or known.best is None:
        return None
    if known.beyond(Fraction(claim.bound)) <= max(known.rounding, known.tie):
        return None
    return f"got {claim.bound!r}, the best is {float(known.best)!r}"


def _gap(known: Known, claim: Claim) -> str | None:
    if claim.gap is None:
        return "there is none" if claim.feasible and claim.bound is not None else None
    if claim.value is None or claim.bound is None or not claim.feasible:
        return f"got {claim.gap!r} without value and bound"
    return None if (claim.gap == 0) == (claim.value == claim.bound) else f"got {claim.gap!r}"


def _energy(known: Known, claim: Claim) -> str | None:
    numbers = is_number(claim.value) and is_number(claim.energy)
    if claim.status != "OPTIMAL" or not numbers:
        return None
    off = abs(Fraction(claim.energy) - known.sign * Fraction(claim.value))
    # energies tell all values apart
    decimals = Fraction(0) if known.exact else ENERGY * known.size
    if off <= max(known.unit / 2, decimals, known.rounding, known.lost):
        return None
    return f"OPTIMAL of value {claim.value!r} with the energy {claim.energy!r}"


def _proof(known: Known, claim: Claim) -> str | None:
    looked_at = known.provable and claim.num_spins <= FEW_SPINS
    if not looked_at or claim.status in ("OPTIMAL", "INFEASIBLE"):
        return None
    return f"{claim.status} where every state can be looked at"


CHECKS: dict[str, Check] = {
    "nan": _finite,
    "answer": _answer,
    "flag": _flag,
    "value": _value,
    "status": _status,
    "bound": _bound,
    "gap": _gap,
    "energy": _energy,
    "proof": _proof,
}
