"""The runs of a comparison: everybody in turn, or at once where an executor takes them."""

import contextlib
import math
import pickle
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace

from hopfield_opt.border import as_float
from hopfield_opt.bounds import Certificate
from hopfield_opt.comparison.bounding import certify
from hopfield_opt.comparison.contestants import Contestant
from hopfield_opt.comparison.runs import Run
from hopfield_opt.comparison.worker import Reply, Worker, call_copy
from hopfield_opt.driver import Incumbent, hooks, solve
from hopfield_opt.driver.errands import Errands
from hopfield_opt.driver.interrupt import Interruptible
from hopfield_opt.driver.progress import ProgressBar
from hopfield_opt.errors import show
from hopfield_opt.problems.base import Problem
from hopfield_opt.result import Status

# A baseline that does not look at its deadline is cut after so many times the limit.
PATIENCE = 10.0
# Kernels and modules are loaded by a run of this length, which nobody is charged for.
WARM_UP = 0.1
# Modules are imported there: it may take so long before it is ended.
LEAST_PATIENCE = 10.0
CUT = "cut after"  # how the note of a run that was ended begins

Contest = tuple[str, Problem, Contestant]
# a run with its seed, its limit, and after how many seconds it is ended
Play = Callable[[Run, float, float], Run]


@dataclass(frozen=True, eq=False)
class Row:
    """All runs of one contest as a job, ready to be pickled."""

    limit: float
    seeds: tuple[int, ...]
    n_jobs: int
    contest: Contest

    def __call__(self) -> list[Run]:
        """Run them."""
        match = Match(self.limit, self.seeds, self.n_jobs)
        try:
            return list(match.runs_of(*self.contest))
        finally:
            match.worker.close()


@dataclass(eq=False)
class Match:
    """The runs and bounds so far, under the same conditions for everybody."""

    limit: float
    seeds: tuple[int, ...]
    n_jobs: int
    runs: list[Run] = field(default_factory=list)
    certificates: dict[str, Certificate | None] = field(default_factory=dict)
    interrupted: bool = False
    worker: Worker = field(default_factory=Worker)

    def play(self, contests: list[Contest], shown: bool, executor: Executor | None) -> None:
        """Run everybody; Ctrl-C ends it."""
        started = time.monotonic()
        rows = self._rows(contests) if executor is None else self._sent(contests, executor)
        try:
            with Interruptible(raises=True) as interrupt, ProgressBar(shown, "compare") as bar:
                for place, run in rows:
                    self.runs.append(run)
                    share = (place + 0.5) / len(contests)
                    bar.update(time.monotonic() - started, share, run.algorithm)
                    if interrupt.requested:  # when the run was over
                        raise KeyboardInterrupt
        except KeyboardInterrupt:
            self.interrupted = True
        finally:
            rows.close()
            self.worker.close()

    def _rows(self, contests: list[Contest]) -> Generator[tuple[int, Run]]:
        """Yield the runs of each contest in turn, and its place."""
        for place, contest in enumerate(contests):
            title, problem, _ = contest
            self._certify(title, problem)
            for run in self.runs_of(*contest):
                yield place, run

    def _certify(self, title: str, problem: Problem) -> None:
        """Look for a bound on the values of a problem, once: no run pays for it."""
        if title in self.certificates:
            return
        self.certificates[title] = None
        with Interruptible() as interrupt:
            self.certificates[title] = certify(problem, self.limit, lambda: interrupt.requested)
        if interrupt.requested:
            raise KeyboardInterrupt

    def _sent(self, contests: list[Contest], executor: Executor) -> Generator[tuple[int, Run]]:
        """Yield the runs of each contest, all of which are jobs of an executor, in their order."""
        found: dict[int, list[Run]] = {}
        with Errands(executor, "rows") as errands:
            shared = (self.limit, self.seeds, self.n_jobs)
            errands.send({place: Row(*shared, each) for place, each in enumerate(contests)})
            for title, problem, _ in contests:  # here, while the others are on their way
                self._certify(title, problem)
            for place in range(len(contests)):
                while place not in found:
                    found |= errands.receive()
                for run in found[place]:
                    yield place, run

    def runs_of(self, title: str, problem: Problem, contestant: Contestant) -> Iterator[Run]:
        """Yield the runs of a contestant: one for each seed, or one if it tells everything."""
        prepare = self._method if contestant.kind == "method" else self._other
        play = prepare(problem, contestant)
        blank = Run(title, contestant.name, contestant.kind, self.seeds[0])
        patience = PATIENCE * self.limit
        warm = play(blank, min(WARM_UP, self.limit), max(patience, LEAST_PATIENCE))
        if warm.note.startswith(CUT):
            yield warm
            return
        for seed in self.seeds:
            run = play(replace(blank, seed=seed), self.limit, patience)
            yield run
            proven = run.optimal and contestant.kind == "baseline"
            if proven or contestant.kind == "relaxation" or run.note.startswith(CUT):
                return

    def _method(self, problem: Problem, contestant: Contestant) -> Play:
        """Return what runs one of our methods."""

        def play(blank: Run, limit: float, patience: float) -> Run:
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
                    bound="none",  # a race of searches: the bound is found beside them
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

        return play

    def _other(self, problem: Problem, contestant: Contestant) -> Play:
        """Return what runs a baseline or a relaxation: in the other process if it can go there."""
        payload: bytes | None = None
        with contextlib.suppress(Exception):  # whatever pickle stumbles over, a copy will do
            payload = pickle.dumps(contestant.run)

        def play(blank: Run, limit: float, patience: float) -> Run:
            reply = Reply("unloadable")
            if payload is not None:
                reply = self.worker.call(payload, blank.seed, limit, patience)
            if reply.kind == "unloadable":
                reply = call_copy(contestant.run, blank.seed, limit, patience)
            return _judge(problem, contestant, replace(blank, seconds=reply.seconds), reply, limit)

        return play


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
