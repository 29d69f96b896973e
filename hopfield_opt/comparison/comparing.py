"""`compare`: run everybody for the same time, and evaluate every answer by the problem."""

from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from typing import Any

from hopfield_opt.arrays import check_integer, check_truth
from hopfield_opt.comparison.contestants import baselines_of, check_names, methods_of
from hopfield_opt.comparison.match import Match
from hopfield_opt.comparison.model_problem import ModelProblem
from hopfield_opt.comparison.results import Comparison
from hopfield_opt.driver import checks
from hopfield_opt.driver.progress import shows_progress
from hopfield_opt.driver.task import is_problem
from hopfield_opt.errors import InputError
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Problem
from hopfield_opt.rng import check_seed


def compare(
    problems: Any,
    methods: Any = ("auto",),
    baselines: Any = "all",
    *,
    time_limit: float = 1.0,
    seeds: int | Iterable[int] = 5,
    n_jobs: int = 1,
    executor: Executor | None = None,
    progress: bool | None = None,
) -> Comparison:
    """Run methods and baselines for the same time and put their answers side by side.

    Everybody is run once before the clock starts, so that nobody pays for compiling or
    importing. Every value is the problem's own `evaluate` of the answer. A bound on all values is
    looked for once for each problem, beside the runs and for as long as one of them.

    Parameters
    ----------
    problems : Problem, Model, iterable of these, or dict of title to one
        What to solve. The baselines of a model are HiGHS, and CP-SAT where ortools is installed.
    methods : iterable of str or Dynamics
        Ours.
    baselines : "all", iterable of str, or dict of str to callable
        The baselines and relaxations of each problem, all or by name; or your own. A callable
        returns an answer. It takes `problem`, `seed` and `deadline` (a `time.monotonic()`), or
        some of these by name; under other names one parameter is the problem, two are seed
        and deadline, three are all.
    time_limit : float
        Seconds for each run. A baseline that cannot be stopped shows the seconds that it took,
        and is ended after ten times the limit.
    seeds : int or iterable of int
        How many runs, with the seeds 0, 1, ...; or the seeds themselves. What is proven to be
        optimal is not run again.
    n_jobs : int
        The threads of our methods; the baselines take what they take.
    executor : concurrent.futures.Executor, optional
        Where each row is run, all its seeds one after another: as many rows at a time as it has
        workers, so give each of these cores of its own. A baseline must then be one that can be
        pickled.
    progress : bool, optional
        Show a progress bar; None does so on a terminal or in a notebook.

    Returns
    -------
    Comparison
        Ctrl-C returns what there is so far.

    Raises
    ------
    InputError
        For a limit, a seed, a name or a callable that cannot be used.

    Notes
    -----
    Baselines run in another process. One that cannot be sent there (a lambda, a function of
    the main script) runs in a copy of this one, made for each run: what it changes stays there.
    Where the system makes no copies of processes, it is not run, and its row says so.

    Examples
    --------
    >>> from hopfield_opt.problems import MaxCut
    >>> square = MaxCut([(0, 1), (1, 2), (2, 3), (3, 0)])
    >>> mine = {"all on one side": lambda problem: ({0, 1, 2, 3}, set())}
    >>> table = compare(square, baselines=mine, time_limit=0.1, seeds=1)
    >>> [(row.algorithm, row.value, row.gap) for row in table.rows]
    [('auto', 4.0, 0.0), ('all on one side', 0.0, 1.0)]
    """
    titled = _make_titles(problems)
    limit = checks.seconds("time_limit", time_limit)
    n_jobs = checks.count("n_jobs", n_jobs)
    progress = checks.optional(check_truth, "progress", progress)
    given = range(check_integer("seeds", seeds, lowest=1)) if _is_count(seeds) else seeds
    chosen_seeds = tuple(check_seed(seed) for seed in given)  # type: ignore[union-attr]
    if not chosen_seeds:
        raise InputError("seeds must be at least one, got none.")
    check_names(titled.values(), baselines)
    ours = methods_of(methods)
    contests = [
        (title, problem, contestant)
        for title, problem in titled.items()
        for contestant in (*ours, *baselines_of(problem, baselines))
    ]
    checks.optional(checks.executor, "executor", executor)
    match = Match(limit, chosen_seeds, n_jobs)
    match.play(contests, shows_progress(progress), executor)
    return Comparison(
        runs=tuple(match.runs),
        senses={title: problem.sense for title, problem in titled.items()},
        certificates={title: one for title, one in match.certificates.items() if one is not None},
        time_limit=limit,
        seeds=chosen_seeds,
        interrupted=match.interrupted,
    )


def _is_count(seeds: Any) -> bool:
    return not isinstance(seeds, Iterable)


def _make_titles(problems: Any) -> dict[str, Problem]:
    """Return the problems by title: their names, numbered where there are several of a name."""
    if isinstance(problems, Mapping):
        titled = {str(title): problem for title, problem in problems.items()}
    else:
        one = is_problem(problems) or isinstance(problems, Model)
        several = isinstance(problems, Iterable) and not one
        items = list(problems) if several else [problems]
        names = [str(getattr(item, "name", type(item).__name__)) for item in items]
        titled = {
            name if names.count(name) == 1 else f"{name} {names[: k + 1].count(name)}": item
            for k, (name, item) in enumerate(zip(names, items, strict=True))
        }
    titled = {
        title: ModelProblem(item) if isinstance(item, Model) else item
        for title, item in titled.items()
    }
    for item in titled.values():
        if isinstance(item, type) or not is_problem(item):
            raise InputError(
                f"problems must be a Problem, a Model or several, got {checks.kind_of(item)}. "
                "What is compared has answers that it can evaluate."
            )
    if not titled:
        raise InputError("problems must be at least one, got none.")
    return titled
