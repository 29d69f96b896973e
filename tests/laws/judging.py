"""Solve a recipe, judge what comes back, and make what is wrong small."""

import traceback
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import hopfield_opt as ho
from hopfield_opt.errors import InputError, SizeError

from .oracle import Oracle
from .recipes import Recipe

COMPILED = ("structure", "penalty", "presolve", "encoding")


@dataclass(frozen=True)
class Verdict:
    """What came of one recipe: what is wrong by kind, or why it was refused."""

    faults: dict[str, str]
    refusal: str | None = None
    status: str | None = None


def energies_off(subject: Any, options: Mapping[str, Any]) -> Fraction:
    """Return by how much the network of a subject says that its energies may be off."""
    own = {name: options[name] for name in COMPILED if name in options}
    # adaptive weights are doubled four times at the most
    raised = 16 if own.get("penalty") == "adaptive" else 1
    return raised * Fraction(ho.compile(subject, **own).rounding)


def judge(recipe: Recipe) -> Verdict:
    """Solve a recipe and judge the result against all assignments in fractions."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = ho.solve(recipe.model(), **recipe.options)
            lost = energies_off(recipe.model(), recipe.options)
    except (InputError, SizeError) as error:
        return Verdict({}, refusal=str(error))
    except Exception:
        return Verdict({"crash": traceback.format_exc(limit=-3)})
    oracle = Oracle(recipe, lost)
    claim = oracle.claimed(result)
    return Verdict(oracle.faults(claim), status=claim.status)


def smaller(recipe: Recipe, kind: str) -> Recipe:
    """Return a part of a recipe that is wrong in the same way, of which nothing can be left out."""
    found = True
    while found:
        found = False
        for part in _parts(recipe):
            if kind in judge(part).faults:
                recipe, found = part, True
                break
    return recipe


def _parts(recipe: Recipe) -> Iterator[Recipe]:
    for k in range(len(recipe.rules)):
        yield replace(recipe, rules=recipe.rules[:k] + recipe.rules[k + 1 :])
    for k in range(len(recipe.objective)):
        yield replace(recipe, objective=recipe.objective[:k] + recipe.objective[k + 1 :])
    for name in ("encoding", "presolve", "structure", "penalty", "method"):
        if name in recipe.options:
            options = {key: value for key, value in recipe.options.items() if key != name}
            yield replace(recipe, options=options)
