"""`compare`: run everybody for the same time, and evaluate every answer by the problem."""

import contextlib
import math
import pickle
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hopfield_opt.arrays import check_integer, check_truth
from hopfield_opt.border import as_float
from hopfield_opt.comparison.contestants import Contestant, baselines_of, check_names, methods_of
from hopfield_opt.comparison.model_problem import ModelProblem
from hopfield_opt.comparison.results import Comparison
from hopfield_opt.comparison.runs import Run
from hopfield_opt.comparison.worker import Reply, Worker, call_copy
from hopfield_opt.driver import Incumbent, checks, hooks, solve
from hopfield_opt.driver.interrupt import Interruptible
from hopfield_opt.driver.progress import ProgressBar, shows_progress
from hopfield_opt.driver.task import is_problem
from hopfield_opt.errors import InputError, show
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Problem
from hopfield_opt.result import Status
from hopfield_opt.rng import check_seed

# A baseline that does not look at its deadline is cut after so many times the limit.
PATIENCE = 10.0
# Kernels and modules are loaded by a run of this length, which nobody is charged for.
WARM_UP = 0.1
# Modules are imported there: it may take so long before it is ended.
LEAST_PATIENCE = 10.0
CUT = "cut after"  # how the note of a run that was ended begins

# a run with its seed, its limit, and after how many seconds it is ended
Attempt = Callable[[Run, float, float], Run]


def compare(
    problems: Any,
    methods: Any = ("auto",),
    baselines: Any = "all",
    *,
    time_limit: float = 1.0,
    seeds: int | Iterable[int] = 5,
    n_jobs: int = 1,
    progress: bool | None = None,
) -> Comparison:
    """Run methods and baselines for the same time and put their answers side by side.

    Everybody is run once before the clock starts, so that nobody pays for compiling or
    importing. Every value is the problem's own `evaluate` of the answer.

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
    match = Match(limit, chosen_seeds, n_jobs)
    match.play(contests, shows_progress(progress))
    return Comparison(
        runs=tuple(match.runs),
        senses={title: problem.sense for title, problem in titled.items()},
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


@dataclass(eq=False)
class Match:
    """The runs so far, under the same conditions for everybody."""

    limit: float
    seeds: tuple[int, ...]
    n_jobs: int
    runs: list[Run] = field(default_factory=list)
    interrupted: bool = False
    worker: Worker = field(default_factory=Worker)

    def play(self, contests: list[tuple[str, Problem, Contestant]], shown: bool) -> None:
        """Run everybody; Ctrl-C ends it."""
        started = time.monotonic()
        try:
            with Interruptible(raises=True) as interrupt, ProgressBar(shown, "compare") as bar:
                for done, (title, problem, contestant) in enumerate(contests):
                    for run in self._runs_of(title, problem, contestant):
                        self.runs.append(run)
                        share = (done + 0.5) / len(contests)
                        bar.update(time.monotonic() - started, share, contestant.name)
                        if interrupt.requested:  # when the run was over
                            raise KeyboardInterrupt
        except KeyboardInterrupt:
            self.interrupted = True
        finally:
            self.worker.close()

    def _runs_of(self, title: str, problem: Problem, contestant: Contestant) -> Iterator[Run]:
        """Yield the runs of a contestant: one for each seed, or one if it tells everything."""
        play = self._method if contestant.kind == "method" else self._other
        attempt = play(problem, contestant)
        blank = Run(title, contestant.name, contestant.kind, self.seeds[0])
        patience = PATIENCE * self.limit
        warm = attempt(blank, min(WARM_UP, self.limit), max(patience, LEAST_PATIENCE))
        if warm.note.startswith(CUT):
            yield warm
            return
        for seed in self.seeds:
            run = attempt(replace(blank, seed=seed), self.limit, patience)
            yield run
            proven = run.optimal and contestant.kind == "baseline"
            if proven or contestant.kind == "relaxation" or run.note.startswith(CUT):
                return

    def _method(self, problem: Problem, contestant: Contestant) -> Attempt:
        """Return what runs one of our methods."""

        def attempt(blank: Run, limit: float, patience: float) -> Run:
            met: list[tuple[float, float]] = []

            def note(incumbent: Incumbent) -> None:
                # the trace of a Result does not say which of its answers are feasible
                if incumbent.feasible and incumbent.value is not None:
                    met.append((incumbent.seconds, incumbent.value))

            try:
                result = solve(
                    problem,
                    method=contestant.run,
                    time_limit=limit,
                    seed=blank.seed,
                    n_jobs=self.n_jobs,
                    callback=note,
                    progress=False,
                    bound="none",  # a race of searches, and bounds have no row
                )
            except Exception as error:
                return replace(blank, note=f"{type(error).__name__}: {error}")
            if result.status is Status.INTERRUPTED:
                raise KeyboardInterrupt
            return replace(
                blank,
                value=result.value,
                feasible=result.feasible,
                seconds=result.seconds["total"],
                optimal=result.status is Status.OPTIMAL,
                moments=tuple(moment for moment, _ in met),
                values=tuple(value for _, value in met),
                note=_why_none(result.feasible, result.status is Status.INFEASIBLE),
            )

        return attempt

    def _other(self, problem: Problem, contestant: Contestant) -> Attempt:
        """Return what runs a baseline or a relaxation: in the other process if it can go there."""
        payload: bytes | None = None
        with contextlib.suppress(Exception):  # whatever pickle stumbles over, a copy will do
            payload = pickle.dumps(contestant.run)

        def attempt(blank: Run, limit: float, patience: float) -> Run:
            reply = Reply("unloadable")
            if payload is not None:
                reply = self.worker.call(payload, blank.seed, limit, patience)
            if reply.kind == "unloadable":
                reply = call_copy(contestant.run, blank.seed, limit, patience)
            return _judge(problem, contestant, replace(blank, seconds=reply.seconds), reply, limit)

        return attempt


def _judge(problem: Problem, contestant: Contestant, blank: Run, reply: Reply, limit: float) -> Run:
    """Return the run with the answer of a reply, evaluated by the problem."""
    if reply.kind == "cut":
        return replace(blank, note=f"{CUT} {reply.seconds:g} s")
    if reply.kind == "error":
        return replace(blank, note=str(reply.content))
    in_time = reply.seconds < limit
    if contestant.kind == "relaxation":
        bound = as_float(reply.content)
        if bound is None or math.isnan(bound):
            return replace(blank, note=f"its bound is none: {show(reply.content)}")
        return replace(blank, value=bound if math.isfinite(bound) else None)
    if reply.content is None:
        return replace(blank, note="no answer" + (", proven" if contestant.exact * in_time else ""))
    try:
        evaluation = hooks.evaluate(problem, reply.content)
    except Exception as error:
        return replace(blank, note=f"its answer is none: {error}")
    feasible = evaluation.feasible
    return replace(
        blank,
        value=evaluation.value,
        feasible=feasible,
        optimal=contestant.exact and in_time and feasible,
        moments=(reply.seconds,) if feasible else (),
        values=(evaluation.value,) if feasible else (),
        note="not finished" if contestant.exact and not in_time else _why_none(feasible, False),
    )


def _why_none(feasible: bool, proven: bool) -> str:
    """Return what is to be said of an answer that is not feasible."""
    if feasible:
        return ""
    return "proven infeasible" if proven else "not feasible"
