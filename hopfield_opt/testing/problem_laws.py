"""The laws that every problem keeps."""

import pickle
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from hopfield_opt.bounds import bound
from hopfield_opt.compiler import compile
from hopfield_opt.driver import solve
from hopfield_opt.testing.assertions import need_assertions
from hopfield_opt.testing.problem_parts import check_parts
from hopfield_opt.testing.space import MAX_SPINS, Point, Space, close, ground_points, worse_by

# so many feasible answers are encoded and looked at once more
MOST = 200


def check_problem(
    problem: Any,
    *,
    energy: Literal["value", "order"] = "value",
    settings: Mapping[str, Any] | None = None,
) -> None:
    """Check the laws that every problem keeps, on one small instance, by enumeration.

    - The attributes of the protocol are there; the problem can be pickled.
    - Every assignment that the model allows, and whose answer `evaluate` calls feasible, has its
      value in the model and as the energy of the network, turned for "maximize".
    - Encoding an answer and decoding it gives an answer that is no worse; both leave it as it is.
    - The ground states, with groups and with penalties, and `solve` with no option reach the best
      value of all answers.
    - Baselines give feasible answers or None, never better than that, exact ones as good;
      relaxations bound it.
    - `listed` has no sets left, `random` repeats with its seed, files hold the instance,
      `polish` makes nothing worse, `plot` returns Axes; where there are such.

    Parameters
    ----------
    problem : Problem
        An instance that compiles to at most 16 spins.
    energy : "value" or "order"
        Whether the energy is the value itself, or only puts the answers in the same order, as
        the square of a distance does. Of a problem with `tighten` neither is asked for.
    settings : dict of str to object, optional
        What `read` has to be told because files do not hold it.

    Raises
    ------
    AssertionError
        With the law that was broken.
    InputError
        If the instance is too large, or under ``python -O``, which skips assertions.

    Examples
    --------
    >>> from hopfield_opt.problems import MaxCut
    >>> check_problem(MaxCut.random(5, seed=1))
    """
    need_assertions()
    _check_protocol(problem)
    name = problem.name
    copy = pickle.loads(pickle.dumps(problem))
    space = Space.of(problem)
    ordered = not hasattr(problem, "tighten")
    exact = ordered and energy == "value"
    for point in space.points:
        _check_point(problem, point, exact)
    if ordered:
        _check_order(problem, space)
    allowed = [point for point in space.points if not point.broken]
    some = not allowed or any(point.answer is not None for point in allowed)
    assert some, f"{name}: what the model allows decodes to an answer"
    feasible = [point for point in space.points if point.feasible]
    chosen = np.linspace(0, len(feasible) - 1, min(MOST, len(feasible))).astype(int)
    for k in chosen.tolist():
        _check_round_trip(problem, space, feasible[k], exact)
        same = copy.evaluate(feasible[k].answer) == feasible[k].evaluation
        assert same, f"{name}: a pickled copy evaluates as the problem itself"
    _check_ground_states(problem, space, ordered)
    _check_solve(problem, space)
    _check_bound(problem, feasible)
    answers = [feasible[k].answer for k in chosen.tolist()]
    check_parts(problem, space, answers, settings or {})


def _check_protocol(problem: Any) -> None:
    """Check that everything is there and of the right kind."""
    kind = type(problem).__name__
    name = getattr(problem, "name", None)
    assert isinstance(name, str), f"{kind}: a problem has a name, got {name!r}"
    sense = getattr(problem, "sense", None)
    assert sense in ("minimize", "maximize"), f"{name}: sense is minimize or maximize"
    for attribute in ("encode", "decode", "evaluate", "baselines"):
        has = callable(getattr(problem, attribute, None))
        assert has, f"{name}: a problem has the method {attribute}"
    makes = any(callable(getattr(problem, maker, None)) for maker in ("model", "hamiltonian"))
    assert makes, f"{name}: a problem has the method model, or hamiltonian"
    try:
        pickle.loads(pickle.dumps(problem))
    except Exception as error:
        raise AssertionError(f"{name}: a problem can be pickled, got {error!r}") from error


def _check_point(problem: Any, point: Point, exact: bool) -> None:
    """Check that the problem agrees with its model about one assignment."""
    if exact and point.feasible and not point.broken and hasattr(problem, "model"):
        value = problem.model().evaluate(point.assignment).value
        same = close(value, point.value)
        shown = f"{problem.name} at {_show(point)}"
        assert same, f"{shown}: the model's value {value} is that of evaluate, {point.value}"


def _check_order(problem: Any, space: Space) -> None:
    """Check that lower energies are better values."""
    sign = -1.0 if problem.sense == "maximize" else 1.0
    network = space.compiled.hamiltonian
    pairs = []
    for point in space.points:
        if point.feasible and not point.broken:
            spins = space.compiled.encode(point.assignment)
            pairs.append((float(network.energy(spins)), sign * point.value))
    scale = max((abs(energy) for energy, _ in pairs), default=1.0)
    pairs.sort()
    for (low, better), (high, worse) in pairwise(pairs):
        same = close(low, high, scale)
        right = close(better, worse) if same else better <= worse or close(better, worse)
        assert right, (
            f"{problem.name}: a lower energy is a better value, but {low} and {high} "
            f"have the values {sign * better} and {sign * worse}"
        )


def _check_round_trip(problem: Any, space: Space, point: Point, exact: bool) -> None:
    """Check one feasible answer there and back, and its energy."""
    shown = f"{problem.name} at the answer {point.answer!r}"
    before = pickle.dumps(point.answer)
    assignment = problem.encode(point.answer)
    assert pickle.dumps(point.answer) == before, f"{shown}: encode leaves its argument as it is"
    back = problem.decode(assignment)
    assert back is not None, f"{shown}: an encoded answer decodes"
    again = problem.evaluate(back)
    worse = worse_by(problem, again.value, point.value)
    kept = again.feasible and worse <= 0
    assert kept, f"{shown}: encoded and decoded it is no worse, but got {back!r}, {again}"
    spins = space.compiled.encode(assignment)
    broken = space.compiled.decode(spins).violations
    assert not broken, f"{shown}: an encoded feasible answer keeps the model, but not {broken}"
    if exact:
        sign = -1.0 if problem.sense == "maximize" else 1.0
        energy = float(space.compiled.hamiltonian.energy(spins))
        scale = abs(space.compiled.hamiltonian.offset)
        same = close(sign * energy, again.value, scale)
        assert same, f"{shown}: its energy {energy} is {sign:g} times its value {again.value}"


def _check_ground_states(problem: Any, space: Space, ordered: bool) -> None:
    """Check that the lowest energies belong to the best answers."""
    for structure in ("auto", "penalty"):
        compiled = compile(problem, structure=structure)
        case = f'{problem.name} with structure="{structure}"'
        if compiled.infeasible is not None:
            assert space.best is None, f"{case}: infeasible, but {space.best} can be had"
            continue
        if space.best is None or compiled.hamiltonian.num_spins > MAX_SPINS:
            continue
        grounds = ground_points(problem, compiled)
        assert grounds, f"{case}: some state keeps all groups"
        for point in grounds:
            shown = f"{case}, ground state {_show(point)}"
            assert point.feasible, f"{shown}: it is feasible, but got {point.evaluation}"
            if ordered:
                best = close(point.value, space.best)
                assert best, f"{shown}: its value {point.value} is the best, {space.best}"


def _check_solve(problem: Any, space: Space) -> None:
    """Check that `solve` with no option finds the best value, or says that there is none."""
    result = solve(problem, seed=0, progress=False)
    if space.best is None:
        assert not result.feasible, f"{problem.name}: solve calls {result.answer!r} feasible"
        return
    assert result.feasible, f"{problem.name}: solve gives a feasible answer, got {result.status}"
    assert result.value is not None
    best = close(result.value, space.best)
    assert best, f"{problem.name}: solve gives {result.value}, the best value is {space.best}"


def _check_bound(problem: Any, feasible: list[Point]) -> None:
    """Check that no answer is better than the bound on the model, if the problem says so."""
    certificate = bound(problem)
    for point in feasible if certificate is not None else ():
        assert certificate is not None
        shown = f"{problem.name} at the answer {point.answer!r}, which has the value {point.value}"
        assert certificate.allows(point.value), f"{shown}: no answer beats {certificate!r}"


def _show(point: Point) -> str:
    return str({name: np.asarray(values).tolist() for name, values in point.assignment.items()})
