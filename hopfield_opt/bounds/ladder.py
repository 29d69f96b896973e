"""Bounds from cheap to dear: the best of them that there is time for."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from hopfield_opt import deadline
from hopfield_opt.border import as_float, is_truth
from hopfield_opt.bounds import lawler, odd_cycles, one_trees
from hopfield_opt.bounds.assignments import AssignmentInstance
from hopfield_opt.bounds.certificate import (
    Certificate,
    in_exact_numbers,
    read_subject,
    tolerance_of,
)
from hopfield_opt.bounds.faces import faces_of
from hopfield_opt.bounds.instance import Bounded, Instance
from hopfield_opt.bounds.joins import join_faces
from hopfield_opt.bounds.linear import multipliers_of
from hopfield_opt.bounds.linearised import Linearised
from hopfield_opt.bounds.odd_cycles import pack_cycles
from hopfield_opt.bounds.roof import roof_flow
from hopfield_opt.bounds.semidefinite import find_diagonal, load_kernel
from hopfield_opt.bounds.signed_graph import SignedGraph
from hopfield_opt.bounds.spin_form import SpinForm
from hopfield_opt.bounds.tours import TourInstance
from hopfield_opt.deadline import OutOfTime
from hopfield_opt.errors import InputError, SizeError, show
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model import Model

# Without a limit a linear program may take so long.
LONG = 1e6
# Products that get inequalities of their own; more make a program that nothing solves soon.
MOST_PRODUCTS = 20_000
# Terms among whose cycles a packing is looked for.
MOST_TERMS = 100_000
# Up to so many couplings and fields of a spin a network is sparse.
SPARSE = 4


def bound(subject: Any, time_limit: float | None = None) -> Certificate | None:
    """Return the best bound on all values that is found in time, with its proof.

    Parameters
    ----------
    subject : Problem, Model, Compiled or Hamiltonian
        What is bounded.
    time_limit : float, optional
        Seconds.

    Returns
    -------
    Certificate or None
        None where a problem does not say that its model's objective is its value, and where
        there was no time, or too much to be reckoned exactly.

    Raises
    ------
    InputError
        If it is none of these, or the limit is no positive number.

    Examples
    --------
    >>> print(bound(Hamiltonian([[0, 1, -1], [1, 0, -1], [-1, -1, 0]], [0, 1, 0])))
    Certificate(at least -4, by the sum of the parts)
    """
    limit = LONG if time_limit is None else as_float(time_limit)
    if limit is None or is_truth(time_limit) or not limit > 0:
        raise InputError(
            f"time_limit must be a positive number of seconds, got {show(time_limit)}."
        )
    found = read_subject(subject)
    if found is None:
        return None
    return best_bound(found, tolerance_of(subject), limit)


def best_bound(
    subject: Model | Hamiltonian | Bounded,
    tolerance: float,
    seconds: float,
    now: Callable[[], float] = time.monotonic,
) -> Certificate | None:
    """Return the best bound on what `read_subject` returns, within some seconds of a clock."""
    _load(subject)
    end = now() + seconds
    best: Certificate | None = None
    with deadline.within(lambda: end - now()), suppress(OutOfTime, SizeError):
        instance = in_exact_numbers(subject, tolerance)
        for kind, proof in _proofs(instance, lambda: end - now()):
            found = Certificate.of(instance, tolerance, kind, proof)
            if best is None or found.is_tighter(best):
                best = found
    return best


def _load(subject: Model | Hamiltonian | Bounded) -> None:
    """Load what finds proofs of a subject, which takes longer than many a bound."""
    if isinstance(subject, TourInstance):
        one_trees.load_kernel()
    elif isinstance(subject, AssignmentInstance):
        lawler.load_kernel()
    elif _has_rows(subject):
        import scipy.optimize  # noqa: F401
    else:
        load_kernel()
        odd_cycles.load_kernel()


def _has_rows(subject: Model | Hamiltonian | Bounded) -> bool:
    """Whether there are constraints."""
    if isinstance(subject, Hamiltonian):
        return bool(subject.groups)
    return isinstance(subject, Model) and bool(subject.rules)


def _proofs(
    instance: Bounded, remaining: Callable[[], float]
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield proofs, the cheapest first."""
    if isinstance(instance, TourInstance):
        yield from one_trees.one_trees(instance, remaining)
    elif isinstance(instance, AssignmentInstance):
        yield from lawler.lawler(instance, remaining)
    elif isinstance(instance, Instance):
        yield from _proofs_of_polynomials(instance, remaining)


def _proofs_of_polynomials(
    instance: Instance, remaining: Callable[[], float]
) -> Iterator[tuple[Any, dict[str, Any]]]:
    yield "trivial", {}
    products = sum(len(key) > 1 for key in instance.objective)
    products += sum(len(key) > 1 for row in instance.rows for key in row.terms)
    if not instance.rows and products:
        form = instance.derive(SpinForm.of)
        if form is not None:
            yield from _spin_proofs(instance, form, remaining)
            return
    if (not products and not instance.rows) or products > MOST_PRODUCTS:
        return
    program = instance.derive(Linearised.of)
    multipliers = multipliers_of(program, remaining())
    if multipliers is not None:
        yield "linear program", {"multipliers": multipliers}


def _spin_proofs(
    instance: Instance, form: SpinForm, remaining: Callable[[], float]
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield proofs of an objective over spins alone, where a linear program has nothing to add.

    Cycles tell more of sparse networks, where most are short, and a diagonal more of dense ones.
    """
    if (flow := roof_flow(form)) is not None:
        yield "roof duality", flow
    graph = instance.derive(SignedGraph.of)
    assert graph is not None
    faces = None
    with suppress(OutOfTime):  # for a large graph; others may still find something
        faces = faces_of(graph) if len(graph.sizes) <= MOST_TERMS else None
    if faces is not None and (packing := join_faces(graph, faces, remaining)) is not None:
        yield "frustrated cycles", packing._asdict()
        if faces.closes:
            return  # it is the least value
    kinds = [_diagonals(form, remaining), _packings(graph, remaining)]
    sparse = len(graph.sizes) <= SPARSE * graph.num_vertices
    for kind in reversed(kinds) if sparse else kinds:
        yield from kind


def _diagonals(form: SpinForm, remaining: Callable[[], float]) -> Iterator[tuple[Any, Any]]:
    diagonal = None
    with suppress(OutOfTime):  # for a large factorisation; others may still find something
        diagonal = find_diagonal(form, remaining)
    if diagonal is not None:
        yield "semidefinite program", diagonal


def _packings(graph: SignedGraph, remaining: Callable[[], float]) -> Iterator[tuple[Any, Any]]:
    few = len(graph.sizes) <= MOST_TERMS
    if few and (packing := pack_cycles(graph, remaining)) is not None:
        yield "frustrated cycles", packing._asdict()
