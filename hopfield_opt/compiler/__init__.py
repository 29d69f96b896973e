"""From a cost function to weights and thresholds, and back."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from hopfield_opt.border import as_float
from hopfield_opt.compiler.chain import Options, compile_model
from hopfield_opt.compiler.compiled import Compiled as Compiled
from hopfield_opt.compiler.network import compile_network
from hopfield_opt.compiler.structure import ALL_KINDS
from hopfield_opt.errors import InputError, shown, unknown
from hopfield_opt.exactness import FEASIBILITY_TOLERANCE, checked_tolerance
from hopfield_opt.hamiltonian import Hamiltonian, Network
from hopfield_opt.model import Decoded as Decoded
from hopfield_opt.model import Model
from hopfield_opt.model.variable import ENCODINGS

__all__ = ["Compiled", "Decoded", "compile", "formulated"]

STRUCTURES = ("auto", "penalty")
PRESOLVES = ("safe", "off")
PENALTIES = ("exact", "adaptive")


def compile(
    problem: Any,
    structure: str = "auto",
    penalty: str | float = "exact",
    presolve: str = "safe",
    encoding: str | Mapping[str, str] | None = None,
    keeps: Iterable[type] | None = None,
    feasibility_tolerance: float = FEASIBILITY_TOLERANCE,
) -> Compiled:
    """Return the Hopfield network of a problem, a model or a Hamiltonian.

    Parameters
    ----------
    problem : Problem, Model or Hamiltonian
        What is to be solved. A Hamiltonian is taken as it is, but for groups that are not kept:
        its one variable is "spins".
    structure : "auto" or "penalty"
        Whether constraints that moves can keep become groups; "penalty" makes all of them
        penalties, as in the classical network.
    penalty : "exact", "adaptive" or float
        Weights that are proven to be large enough, or that start low and are raised where
        constraints are violated, or one number for all, taken as given.
    presolve : "safe" or "off"
        Whether neurons whose best value is certain are left out.
    encoding : str or dict of str to str, optional
        How integers become bits, for all or by name of the variable: "binary" (the default),
        "one-hot", "unary" or "domain-wall".
    keeps : iterable of group classes, optional
        The kinds of groups that the method keeps; by default all.
    feasibility_tolerance : float
        The part of the sum of its |terms|, bound included, by which a constraint with decimals
        may be missed. Whole numbers, and those of few digits in binary, are judged exactly.

    Returns
    -------
    Compiled
        The network, and the way back to the variables.

    Examples
    --------
    >>> m = Model()
    >>> x = m.binary(3, name="x")
    >>> m.maximize((x * [2, 3, 4]).sum())
    >>> m.add((x * [1, 2, 3]).sum() <= 4)
    >>> compiled = compile(m, structure="penalty")
    >>> compiled.hamiltonian.energy(compiled.encode({"x": [1, 0, 1]}))
    -6.0
    >>> compiled.decode(compiled.encode({"x": [0, 1, 1]})).violations
    {'c0': 1.0}
    """
    _check_options(structure, penalty, presolve, encoding)
    kinds = ALL_KINDS if keeps is None else frozenset(keeps)
    if structure == "penalty":
        kinds = frozenset()
    subject = formulated(problem)
    if isinstance(subject, Hamiltonian):
        return compile_network(subject, kinds, penalty)
    tolerance = checked_tolerance(feasibility_tolerance)
    # what overflows is refused when all is known
    with np.errstate(over="ignore", invalid="ignore"):
        return compile_model(subject, Options(kinds, penalty, presolve, encoding, tolerance))


def formulated(problem: Any) -> Model | Hamiltonian:
    """Return the model of a problem, or its network; what is one is returned as it is.

    Raises
    ------
    InputError
        If it is neither a Problem nor a Model nor a Hamiltonian.
    """
    if isinstance(problem, type):
        raise InputError(
            f"problem must be an object, got the class {problem.__name__}. "
            f"Give it its data: {problem.__name__}(...)."
        )
    subject = problem
    if not isinstance(subject, (Model, Hamiltonian)):
        for maker in ("model", "hamiltonian"):
            if hasattr(subject, maker):
                subject = getattr(subject, maker)()
                break
    if not isinstance(subject, (Model, Hamiltonian)):
        raise InputError(
            f"problem must be a Problem, a Model or a Hamiltonian, got {type(problem).__name__}. "
            f"{_hint(problem)}"
        )
    return subject


def _hint(subject: Any) -> str:
    """Return what to do with a subject that cannot be compiled."""
    if isinstance(subject, Network):
        return "A Network has no energy to be minimised; symmetric weights go into a Hamiltonian."
    if hasattr(subject, "edges") or hasattr(subject, "shape") or isinstance(subject, list):
        return "Say what is asked of it: hopfield_opt.problems.MaxCut(graph), for instance."
    return "Write a Model, or hand over weights in a Hamiltonian."


def _check_options(structure: Any, penalty: Any, presolve: Any, encoding: Any) -> None:
    if structure not in STRUCTURES:
        raise unknown("structure", structure, STRUCTURES)
    if presolve not in PRESOLVES:
        raise unknown("presolve", presolve, PRESOLVES)
    if isinstance(penalty, str) and penalty not in PENALTIES:
        raise unknown("penalty", penalty, PENALTIES)
    weight = None if isinstance(penalty, (bool, np.bool_)) else as_float(penalty)
    if not isinstance(penalty, str) and not (weight and 0 < weight < float("inf")):
        raise InputError(
            f"penalty must be 'exact', 'adaptive' or a finite number > 0, got {shown(penalty)}. "
            "Use 'exact' for proven weights."
        )
    names = encoding.values() if isinstance(encoding, Mapping) else [encoding]
    for name in names:
        if name is not None and name not in ENCODINGS:
            raise unknown("encoding", name, ENCODINGS)
