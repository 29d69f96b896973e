"""From a cost function to weights and thresholds, and back: one chain of passes.

Whatever comes in is read as a `Program`, a cost and constraints over bits. Each pass makes another
of it, and the last ones a network; what a pass did to the variables is undone in `undo.py`.

=================  ================================================================================
`read`             a model's integers become bits, its constraints rows (`encodings`, `normalise`);
                   of a network the groups that are not kept become rows (`network`)
`propagate`        rows are sharpened, and followed to what they fix, or to a contradiction
`ways_to_keep`     rows that moves can keep become groups, in one way or several
`quadratise`       products of more than two bits become bits
`penalise`         the other rows become squares with slack, each with the weight that it needs
`energy_rounding`  how far energies may be off
`lower`            the cost becomes weights, thresholds and an offset
`drop_fixed`    spins are left out that constraints fix
`presolve`         spins are left out that the energy fixes, in networks that come from a model
`describe`         the report
=================  ================================================================================

`chain.py` calls them in this order.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from hopfield_opt.compiler.chain import compile_subject
from hopfield_opt.compiler.compiled import Compiled as Compiled
from hopfield_opt.compiler.options import CompileOptions
from hopfield_opt.compiler.structure import ALL_KINDS
from hopfield_opt.errors import InputError
from hopfield_opt.exactness import FEASIBILITY_TOLERANCE
from hopfield_opt.hamiltonian import Hamiltonian, Network
from hopfield_opt.model import Decoded as Decoded
from hopfield_opt.model import Model

__all__ = ["CompileOptions", "Compiled", "Decoded", "compile", "compile_with", "formulate"]


def compile(
    problem: Any,
    structure: str = "auto",
    penalty: str | float = "exact",
    presolve: str = "safe",
    encoding: str | Mapping[str, str] | None = None,
    keeps: Iterable[type] | None = None,
    keeps_overlaps: bool = True,
    feasibility_tolerance: float = FEASIBILITY_TOLERANCE,
) -> Compiled:
    """Return the Hopfield network of a problem, a model or a Hamiltonian.

    Parameters
    ----------
    problem : Problem, Model or Hamiltonian
        What is to be solved. A Hamiltonian is taken as it is, but for groups that are not kept:
        its one variable is "spins".
    structure : "auto", "all", "counts", "disjoint" or "penalty"
        Which constraints become groups that the moves keep: "all" that few flips can mend,
        however they overlap; "disjoint" ones first, in the order one-hots, at-most-ones, counts,
        then ranges, which may overlap; the same with "counts" before at-most-ones; none, as in
        the classical network, with "penalty". Where these differ, "auto" is the first that the
        method can keep, and `solve` tries them.
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
    keeps_overlaps : bool
        Whether the method keeps equalities that overlap, too.
    feasibility_tolerance : float
        The part of the sum of its ``|terms|``, bound included, by which a constraint with decimals
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
    kinds = ALL_KINDS if keeps is None else keeps
    options = CompileOptions(
        structure, penalty, presolve, encoding, kinds, keeps_overlaps,
        feasibility_tolerance=feasibility_tolerance,
    )  # fmt: skip
    return compile_with(problem, options)


def compile_with(problem: Any, options: CompileOptions) -> Compiled:
    """Return the Hopfield network of a problem, a model or a Hamiltonian, as the options ask."""
    # what overflows is refused when all is known
    with np.errstate(over="ignore", invalid="ignore"):
        return compile_subject(formulate(problem), options)


def formulate(problem: Any) -> Model | Hamiltonian:
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
