"""Coupling terms: W is a sum of them, each one quadratic form that is kept as it came.

`base.py` says what a term is, and has the default for all that a kind need not do itself. The
other files hold one kind each. `Hamiltonian` is where users come in.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from hopfield_opt.arrays import check_integer, check_memory
from hopfield_opt.couplings.base import Coupling
from hopfield_opt.couplings.explicit import Explicit, sum_explicit
from hopfield_opt.couplings.factored import Factored
from hopfield_opt.couplings.kronecker import Kronecker
from hopfield_opt.errors import InputError

__all__ = [
    "Coupling",
    "Explicit",
    "Factored",
    "Kronecker",
    "as_terms",
    "check_size",
    "gather_terms",
]

# thresholds, and a second array as long while they are checked
BYTES_PER_SPIN = 16


def as_terms(weights: Any) -> tuple[Coupling, ...]:
    """Return a matrix, a term, a sequence of terms or None as a tuple of terms.

    Parameters
    ----------
    weights : matrix, term, sequence of terms or None
        What a Hamiltonian is made with.

    Raises
    ------
    InputError
        If it is none of these, or a sequence in which terms are mixed with anything else.
    """
    if weights is None:
        return ()
    if isinstance(weights, Coupling):
        return (weights,)
    if isinstance(weights, list | tuple):
        strangers = [k for k, term in enumerate(weights) if not isinstance(term, Coupling)]
        if not strangers:
            return tuple(weights)
        if len(strangers) < len(weights):
            raise InputError(
                f"weights must be a matrix or a sequence of coupling terms, got "
                f"{type(weights[strangers[0]]).__name__} at [{strangers[0]}]. "
                "Wrap matrices among terms in Explicit."
            )
    return (Explicit(weights),)


def check_size(terms: Sequence[Coupling], thresholds: Any, num_spins: int | None) -> int:
    """Return the number of spins: as given, or what terms or thresholds tell.

    An open-ended term, such as the block of a Kronecker one, tells the least number only.
    """
    if num_spins is not None:
        return check_fitting_size(check_integer("num_spins", num_spins, lowest=0))
    sizes = [term.num_spins for term in terms if not term.open_ended]
    if not sizes:
        sizes = [term.num_spins for term in terms]
        sizes += np.shape(thresholds) if np.ndim(thresholds) == 1 else ()
    if not sizes:
        raise InputError(
            "num_spins must be given where neither weights nor thresholds tell it, got None."
        )
    return check_fitting_size(max(sizes))


def check_fitting_size(num_spins: int) -> int:
    """Return a number of spins, of which not even the thresholds may need too much memory."""
    check_memory("num_spins", BYTES_PER_SPIN * num_spins, f"Take fewer spins than {num_spins}")
    return num_spins


def gather_terms(terms: Sequence[Coupling], num_spins: int) -> tuple[tuple[Coupling, ...], float]:
    """Return terms over `num_spins` spins with the explicit ones summed into the first.

    The second value is the constant of the explicit ones, which is taken out of them.

    Parameters
    ----------
    terms : sequence of terms
        Of one network.
    num_spins : int
        N, at least as many as each term speaks of.
    """
    explicit: list[Explicit] = []
    others: list[Coupling] = []
    for term in terms:
        if term.num_spins > num_spins or (term.num_spins < num_spins and not term.open_ended):
            raise InputError(f"weights must couple {num_spins} spins, got {term!r}.")
        if isinstance(term, Explicit):
            explicit.append(term)
        elif term.num_spins < num_spins:
            others.append(term.widened(num_spins))
        else:
            others.append(term)
    if not explicit:
        return tuple(others), 0.0
    whole, constant = sum_explicit(explicit)
    return (whole, *others), constant
