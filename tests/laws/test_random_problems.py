"""Nothing wrong is ever called right: random small problems against all answers in fractions."""

import traceback
import warnings
from collections.abc import Iterable
from fractions import Fraction

import pytest

import hopfield_opt as ho
from hopfield_opt.errors import InputError, SizeError
from hopfield_opt.problems.base import Problem

from .claims import claim_of, faults
from .instances import Instance, instance
from .judging import energies_off

SAMPLE = range(330)
CHUNK = 1100
MOST_REFUSED = 0.05


def _wrong(one: Instance) -> dict[str, str] | None:
    """Return what is wrong in the result of a problem, by kind; None where it was refused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            problem = one.problem()
            result = ho.solve(problem, **one.options)
            found = _evaluate(one, problem)
            lost = energies_off(problem, one.options)
    except (InputError, SizeError):
        return None
    except Exception:
        return {"crash": traceback.format_exc(limit=-3)}
    answer = None if result.answer is None else one.key(result.answer)
    wrong = {**faults(one.known(lost), claim_of(result, answer)), **found}
    if not one.is_energy:
        wrong.pop("energy", None)
    return wrong


def _evaluate(one: Instance, problem: Problem) -> dict[str, str]:
    """Return what `evaluate` says wrong of some answers."""
    known = one.known()
    for key, place in list(known.places.items())[::5]:
        found = problem.evaluate(_give(one, key))
        right = known.values[place]
        if abs(Fraction(found.value) - right) > known.rounding:
            return {"evaluate": f"{key} is worth {found.value!r}, right is {float(right)!r}"}
        if found.feasible and known.broken[place]:
            return {"evaluate": f"{key} is feasible"}
        if not found.feasible and known.clear[place]:
            return {"evaluate": f"{key} is not feasible: {found.violations}"}
    return {}


def _give(one: Instance, key: object) -> object:
    """Return the answer of a key as the user gives it."""
    name = one.text.split("(")[0]
    if name in ("NumberPartition", "MaxCut", "GraphBipartition"):
        every = frozenset().union(*one.answers)
        return set(key), set(every - key)
    return [tuple(pair) for pair in key] if name == "WeightedMatching" else key


def _check(seeds: Iterable[int]) -> None:
    verdicts = {seed: _wrong(instance(seed)) for seed in seeds}
    refused = [seed for seed, wrong in verdicts.items() if wrong is None]
    print(f"{len(refused)} of {len(verdicts)} problems refused")
    texts = [
        f"instance({seed}): {instance(seed).text}\n{instance(seed).options}\n{wrong}"
        for seed, wrong in verdicts.items()
        if wrong
    ]
    assert not texts, "\n".join([f"{len(texts)} of {len(verdicts)}", *texts[:5]])
    assert len(refused) <= MOST_REFUSED * len(verdicts), refused


def test_no_claim_about_a_random_problem_is_wrong():
    """Flags, values, statuses, bounds and energies are those of exact arithmetic."""
    _check(SAMPLE)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(10))
def test_no_claim_about_11000_random_problems_is_wrong(chunk: int):
    """The same for 11000 problems."""
    _check(range(chunk * CHUNK, (chunk + 1) * CHUNK))
