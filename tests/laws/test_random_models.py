"""Nothing wrong is ever called right: random small models against all assignments in fractions.

The numbers are large, tiny, decimal, dyadic and mixed, the bounds stand at what is just reached or
just missed, and models are solved with every kind of penalty, encoding, structure and presolve.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

import hopfield_opt as ho

from .claims import DECIMALS, Claim, Known
from .judging import Verdict, judge, smaller
from .oracle import Oracle
from .recipes import recipe

SAMPLE = range(300)
# a bound ended these runs before slacks, codes and products were at their best
ENDED_BY_A_BOUND = (831, 1138, 3272, 4172, 7800, 16867)
CHUNK = 1000
# of the models may be refused, for numbers that floats or spins cannot hold
MOST_REFUSED = 0.05


def _check(seeds: Iterable[int]) -> None:
    """Judge the models of some numbers; show what is wrong with the first of each kind."""
    verdicts = {seed: judge(recipe(seed)) for seed in seeds}
    wrong = Counter(kind for verdict in verdicts.values() for kind in verdict.faults)
    texts = [f"{dict(wrong)} of {len(verdicts)} models"]
    for kind in wrong:
        seed = next(seed for seed, verdict in verdicts.items() if kind in verdict.faults)
        small = smaller(recipe(seed), kind)
        texts.append(f"--- {kind}, recipe({seed})\n{small.text}\n{judge(small).faults[kind]}")
    assert not wrong, "\n".join(texts)
    _check_refusals(verdicts)


def _check_refusals(verdicts: dict[int, Verdict]) -> None:
    refused = {seed: one.refusal for seed, one in verdicts.items() if one.refusal}
    print(f"{len(refused)} of {len(verdicts)} models refused")
    assert len(refused) <= MOST_REFUSED * len(verdicts), refused


def test_no_claim_about_a_random_model_is_wrong():
    """Flags, values, violations, statuses, bounds and energies are those of exact arithmetic."""
    _check(SAMPLE)


def test_energies_are_right_where_a_bound_ends_a_run():
    """The energy is the value, though no search has settled what the network adds."""
    _check(ENDED_BY_A_BOUND)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(20))
def test_no_claim_about_20000_random_models_is_wrong(chunk: int):
    """The same for 20000 models."""
    _check(range(chunk * CHUNK, (chunk + 1) * CHUNK))


# the negative control: the judge itself notices what is wrong -------------------------------


def _claim(known: Known, place: int, status: str = "OPTIMAL", feasible: bool = True) -> Claim:
    """Return the claim that an answer is feasible, or even the best."""
    value = float(known.values[place])
    bound, gap = (value, 0.0) if status == "OPTIMAL" else (None, None)
    answer = list(known.places)[place]
    return Claim(status, answer, value, feasible, {}, bound, gap, known.sign * value)


def _truth(seed: int) -> tuple[Oracle, Claim] | None:
    """Return the right claim about the best answer of a recipe, None where there is none."""
    oracle = Oracle(recipe(seed))
    known = oracle.known
    if known.best is None or not known.size:
        return None
    places = np.flatnonzero(known.clear).tolist()
    place = next(k for k in places if known.values[k] == known.best)
    return oracle, _claim(known, place)


def _worse(known: Known, value: float) -> float:
    """Return a value that is worse by a little more than what is forgiven."""
    forgiven = max(10 * DECIMALS * known.size, 2 * known.rounding)
    return float(Fraction(value) + known.sign * forgiven)


def _runner_up(oracle: Oracle, claim: Claim) -> Claim | None:
    """Return the claim that the second best value is optimal."""
    known = oracle.known
    worse = [
        (known.sign * known.values[k], k)
        for k in np.flatnonzero(known.clear).tolist()
        if known.beyond(known.values[k]) > 2 * max(known.tie, known.rounding)
    ]
    return _claim(known, min(worse)[1]) if worse else None


def _break(oracle: Oracle, claim: Claim) -> Claim | None:
    """Return the claim that an infeasible answer is feasible."""
    places = np.flatnonzero(oracle.known.broken).tolist()
    return _claim(oracle.known, places[0], "SWEEP_LIMIT") if places else None


def _drop_proof(oracle: Oracle, claim: Claim) -> Claim | None:
    """Return the claim without its proof, where there must be one."""
    return replace(claim, status="SWEEP_LIMIT") if oracle.known.provable else None


def _with(**changes: object) -> Callable[[Oracle, Claim], Claim]:
    return lambda oracle, claim: replace(claim, **changes)


PLANTED: dict[str, tuple[str, Callable[[Oracle, Claim], Claim | None]]] = {
    "a feasible answer is called infeasible": ("flag", _with(feasible=False, gap=None)),
    "an infeasible answer is called feasible": ("flag", _break),
    "a violation is not told": ("violations", _break),
    "a violation is told that is none": ("violations", _with(violations={"c0": 0.5})),
    "the value is off": ("value", lambda o, c: replace(c, value=_worse(o.known, c.value))),
    "the bound is not the value": ("bound", _with(bound=1e300)),
    "the bound is beyond the best": (
        "bound",
        lambda o, c: replace(c, status="SWEEP_LIMIT", bound=_worse(o.known, c.value)),
    ),
    "the second best is called optimal": ("status", _runner_up),
    "the second best is the bound": ("bound", _runner_up),
    "it is called infeasible": ("status", _with(status="INFEASIBLE")),
    "none is said to be found": ("status", _with(status="NO_FEASIBLE")),
    "the gap is not 0": ("gap", _with(gap=0.25)),
    "the energy is off": (
        "energy",
        lambda o, c: replace(c, energy=c.energy + float(o.known.size)),
    ),
    "the value is no number": ("nan", _with(value=float("nan"))),
    "what can be proven is not": ("proof", _drop_proof),
    "the answer is out of range": (
        "answer",
        lambda o, c: replace(c, answer=tuple(7 for _ in c.answer)),
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_wrong_is_noticed(name: str):
    """Claims that are right pass, and those with one fault are found to have it."""
    kind, plant = PLANTED[name]
    tried = 0
    for oracle, claim in filter(None, map(_truth, range(60))):
        assert not oracle.faults(claim)
        planted = plant(oracle, claim)
        if planted is not None:
            tried += 1
            assert kind in oracle.faults(planted), (planted, oracle.recipe.text)
    assert tried >= 8


def test_a_tolerance_that_is_too_wide_is_noticed(monkeypatch: pytest.MonkeyPatch):
    """A solver that forgives 1e-9 of a bound is caught by a few models."""
    strict = ho.Model.judge

    def lenient(self: ho.Model, values):
        value, violations = strict(self, values)
        bounds = {name: abs(rule.constraint.bound).max() for name, rule in self.rules.items()}
        return value, {k: v for k, v in violations.items() if v > 1e-9 * max(1.0, bounds[k])}

    monkeypatch.setattr(ho.Model, "judge", lenient)
    assert any("flag" in judge(recipe(seed)).faults for seed in range(150))


def test_a_recipe_is_what_its_text_says():
    """The value of the model is that of the polynomials, at every assignment."""
    for seed in range(40):
        one = recipe(seed)
        known, model = Oracle(one).known, one.model()
        for row, place in list(known.places.items())[::7]:
            found = model.judge(np.array(row, dtype=float))[0]
            assert abs(Fraction(found) - known.values[place]) <= Fraction(1, 10**12) * known.size
