"""The laws of what a problem may have besides its formulation: baselines, files, pictures."""

import inspect
import io
import json
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from hopfield_opt.compiler import compile
from hopfield_opt.errors import InputError
from hopfield_opt.printing import as_json
from hopfield_opt.problems.base import Evaluation
from hopfield_opt.testing.space import Space, close, worse_by

# an anytime algorithm goes on until its deadline
BASELINE_SECONDS = 0.1
# answers that are polished
MOST_POLISHED = 10
# the size of the random instances
SIZE = 4


def check_parts(
    problem: Any, space: Space, answers: list[Any], settings: Mapping[str, Any]
) -> None:
    """Check all parts that are there, on some feasible answers."""
    _check_baselines(problem, space.best)
    _check_random(problem)
    if hasattr(problem, "first_answer") and (first := problem.first_answer()) is not None:
        problem.evaluate(first)  # an answer, whether it is feasible or not
    if not answers:
        return
    _check_listed(problem, answers[0])
    if hasattr(problem, "polish"):
        for answer in answers[:MOST_POLISHED]:
            _check_polish(problem, answer)
    if hasattr(problem, "plot"):
        _check_plot(problem, answers[0])
    for format in getattr(problem, "formats", ()):
        if hasattr(problem, "write") and hasattr(problem, "read"):
            _check_format(problem, space, format, settings)


def _check_baselines(problem: Any, best: float | None) -> None:
    """Check that baselines are feasible and no better than the optimum, relaxations bound it."""
    for baseline in problem.baselines():
        case = f"{problem.name}, baseline {baseline.name}"
        deadline = None if baseline.exact else time.monotonic() + BASELINE_SECONDS
        answer = baseline.run(0, deadline)
        if best is None or answer is None:
            lost = best is not None and baseline.exact
            assert not lost, f"{case}: exact, but finds no answer of value {best}"
            continue
        evaluation: Evaluation = problem.evaluate(answer)
        good = evaluation.feasible
        assert good, f"{case}: its answer is feasible, but violates {evaluation.violations}"
        worse = worse_by(problem, evaluation.value, best)
        value = evaluation.value
        assert worse >= 0, f"{case}: its value {value} is not better than the best, {best}"
        optimal = worse == 0 or not baseline.exact
        assert optimal, f"{case}: exact, but its value {value} is not the best, {best}"
    for relaxation in getattr(problem, "relaxations", tuple)():
        bound = float(relaxation.run(None))
        # interior point methods stop at about 1e-6
        slack = 1e-5 * max(1.0, abs(bound))
        holds = best is None or worse_by(problem, best, bound) >= -slack
        assert holds, f"{problem.name}: {relaxation.name} {bound} bounds the best value, {best}"


def _check_random(problem: Any) -> None:
    """Check that the same seed makes the same instance, if only `n` must be given."""
    if not hasattr(problem, "random"):
        return
    parameters = inspect.signature(problem.random).parameters
    assert "seed" in parameters, f"{problem.name}: random takes a seed"
    needed = [name for name, p in parameters.items() if p.default is p.empty]
    if needed not in (["n"], []):
        return
    size = {"n": SIZE} if needed else {}
    one, other = (compile(problem.random(**size, seed=3), presolve="off") for _ in range(2))
    same = (one.infeasible is None) == (other.infeasible is None)
    if same and one.infeasible is None:
        first, second = one.hamiltonian, other.hamiltonian
        same = first.num_spins == second.num_spins
        spins = np.random.default_rng(0).choice([-1, 1], (20, first.num_spins))
        same = same and np.array_equal(first.energy(spins), second.energy(spins))
    assert same, f"{problem.name}: random with the same seed makes the same instance"


def _check_listed(problem: Any, answer: Any) -> None:
    """Check that an answer for JSON holds no sets, whose order is nobody's."""
    listed = problem.listed(answer) if hasattr(problem, "listed") else answer
    json.dumps(as_json(listed))
    assert not any(_sets(listed)), f"{problem.name}: listed leaves no sets, got {listed!r}"


def _sets(value: Any) -> Iterator[bool]:
    """Yield whether each part of a value is a set."""
    yield isinstance(value, (set, frozenset))
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _sets(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _sets(item)


def _check_polish(problem: Any, answer: Any) -> None:
    before = problem.evaluate(answer)
    after = problem.evaluate(problem.polish(answer, 0, time.monotonic() + BASELINE_SECONDS))
    case = f"{problem.name} at {answer!r}"
    assert after.feasible, f"{case}: polish keeps it feasible, but violates {after.violations}"
    worse = worse_by(problem, after.value, before.value)
    assert worse <= 0, f"{case}: polish makes {before.value} no worse, got {after.value}"


def _check_plot(problem: Any, answer: Any) -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    ax = figure.add_subplot()
    drawn = problem.plot(answer, ax=ax)
    assert drawn is ax, f"{problem.name}: plot returns the Axes that it is given, got {drawn!r}"
    figure.savefig(io.BytesIO())


def _check_format(problem: Any, space: Space, format: str, settings: Mapping[str, Any]) -> None:
    """Check that an instance comes back from a file as good as it was."""
    case = f"{problem.name}, format {format}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "instance"
        try:
            problem.write(path, format=format)
        except InputError:
            return  # the format cannot hold this instance, and says so
        back = Space.of(type(problem).read(path, format=format, **settings))
    # vertices may have other names or another order, the values remain
    kept = len(back.values) == len(space.values) and all(map(close, back.values, space.values))
    assert kept, f"{case}: what was read has the same values as what was written"
