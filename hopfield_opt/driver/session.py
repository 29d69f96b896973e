"""One call of `solve`: attempts in one network after another, and the best of all of them."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hopfield_opt.compiler import Compiled, compile
from hopfield_opt.driver.choice import picked
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.incumbents import Incumbent, Incumbents
from hopfield_opt.driver.interrupt import Interruptible
from hopfield_opt.driver.islands import scatter
from hopfield_opt.driver.plan import Plan
from hopfield_opt.driver.progress import ProgressBar, wanted
from hopfield_opt.driver.recording import details_of
from hopfield_opt.driver.search import Search, check_memory_of, usable_cpus
from hopfield_opt.driver.task import Task
from hopfield_opt.dynamics.auto import Auto
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.dynamics.layouts import has_start
from hopfield_opt.groups import Linear
from hopfield_opt.problems.base import Problem
from hopfield_opt.result import Result, Status

# Adaptive penalties are doubled until the answer is feasible; each is capped at its proven weight.
MOST_RAISES = 20
# Where any feasible answer will do, the first round is so much shorter than a usual run, and with
# a time limit the last so long that no limit is left.
SHORTER = 256
LONGEST = 2**40
# Why a search ends that was not told to stop.
ENDED = (Status.CONVERGED, Status.OPTIMAL, Status.TIME_LIMIT, Status.SWEEP_LIMIT)


@dataclass(eq=False)
class Attempt:
    """A search in one network."""

    task: Task
    dynamics: Dynamics
    reason: str
    search: Search | None = None


@dataclass(eq=False)
class Session:
    """The arguments of one call of `solve`, and what was found so far."""

    subject: Any
    method: Dynamics | Auto
    clock: Clock
    compile_options: Mapping[str, Any]
    sweeps: int | None
    replicas: int | None
    target: float | None
    seed: int
    n_jobs: int | None
    executor: Executor | None
    callback: Callable[[Incumbent], object] | None
    progress: bool | None
    polish: bool
    status: Status = Status.SWEEP_LIMIT
    done: int = 0  # sweeps of all attempts
    raises: int = 0
    compile_seconds: float = 0.0
    interrupt: Interruptible = field(default_factory=Interruptible)
    incumbents: Incumbents = field(init=False)
    owner: Attempt = field(init=False)  # the attempt that found the best

    def run(self, start: Any) -> Result:
        """Search until nothing better is to be expected, and return the best."""
        attempt: Attempt | None = self._prepared(None)
        assert attempt is not None
        self.owner = attempt
        sense = attempt.task.sense
        self.incumbents = Incumbents(sense, self.clock, self.target, self.callback)
        # whatever goes wrong, what was found is not lost
        with self.interrupt:
            try:
                with Interruptible(raises=True):
                    while attempt is not None:
                        self._search(attempt, start)
                        attempt, start = self._next(attempt), None
            except KeyboardInterrupt:
                if self.interrupt.presses > 1 or self.incumbents.best is None:
                    raise
                self.status = Status.INTERRUPTED
            except Exception as error:
                self.status = Status.STOPPED
                error.result = self._result()  # type: ignore[attr-defined]
                raise
            return self._result()

    def _prepared(self, tighter: Problem | None) -> Attempt:
        """Compile the subject, or a tighter problem, for what the method keeps."""
        before = self.clock.elapsed
        subject: Any = self.subject if tighter is None else tighter
        keeps = self.method.keeps
        compiled = subject
        if not isinstance(subject, Compiled):
            compiled = compile(subject, keeps=keeps, **self.compile_options)
        if compiled.infeasible is None and not has_start(compiled.hamiltonian):
            # no state within all ranges is at hand: let the search look for one
            compiled = compiled.without({Linear})
        attempt = self._attempt(Task(compiled, self.subject, tighter))
        self.compile_seconds += self.clock.elapsed - before
        return attempt

    def _attempt(self, task: Task) -> Attempt:
        dynamics, reason = picked(self.method, task.hamiltonian)
        return Attempt(task, dynamics, reason)

    def _search(self, attempt: Attempt, start: Any) -> None:
        """Search in one network; keep the best and why the search ended."""
        task, network = attempt.task, attempt.task.hamiltonian
        spins = task.start(start)
        if task.compiled.infeasible is not None:
            self.status = Status.INFEASIBLE
            return
        best = self.incumbents.best
        replicas = self.replicas or attempt.dynamics.default_replicas(network)
        check_memory_of(network.num_spins, replicas)
        try:
            for number, sweeps in enumerate(self._budgets(attempt)):
                self.incumbents.begin(task, self.done, any_will_do=task.tightens)
                share = task.polish_share if self.polish else 0.0
                self._round(attempt, spins, replicas, sweeps, number, share)
                if share and self.status is Status.TIME_LIMIT and not self._has_answer:
                    # there is nothing to polish: the time kept for it is for the search
                    self._round(attempt, spins, replicas, sweeps, number + 1, 0.0)
                if self.status not in (Status.SWEEP_LIMIT, Status.CONVERGED):
                    break
        finally:
            if self.incumbents.best is not best:
                self.owner = attempt

    def _budgets(self, attempt: Attempt) -> list[int | None]:
        """Return the sweeps of each round.

        Where any feasible answer will do, short anneals come first, and twice as long ones after.
        """
        if self.sweeps is not None or not attempt.task.tightens:
            return [self.sweeps]
        default = attempt.dynamics.default_sweeps(attempt.task.hamiltonian)
        budgets: list[int | None] = []
        sweeps = max(1, default // SHORTER)
        while sweeps < default or (self.clock.time_limit is not None and sweeps < LONGEST):
            budgets.append(sweeps)
            sweeps *= 2
        return [*budgets, max(sweeps, default)]

    def _round(
        self,
        attempt: Attempt,
        spins: Any,
        replicas: int,
        sweeps: int | None,
        number: int,
        share: float,
    ) -> None:
        """Search once, and polish in the `share` of the time limit that is kept for it."""
        task, network = attempt.task, attempt.task.hamiltonian
        starts = None if spins is None else spins[None]
        plan = Plan(network, attempt.dynamics, sweeps, self.seed, replicas, starts, number)
        clock = self.clock.shortened(1.0 - share)
        search = attempt.search = Search(plan, self.incumbents, clock)
        try:
            if spins is not None:
                self.incumbents.offer(spins, float(network.energy(spins)), 0)
            with ProgressBar(wanted(self.progress), task.title) as bar:
                if self.executor is not None:
                    self.status = scatter(search, self.executor, bar)
                else:
                    self.status = search.run(plan.groups, self.n_jobs or usable_cpus(), bar)
            if self.incumbents.found and task.tightens and self.status in ENDED:
                self.status = Status.TARGET  # it came with the last look
            if self.interrupt.requested:
                self.status = Status.INTERRUPTED
            elif self.polish:
                # an answer of a looser problem is none of a tighter one
                known = self.incumbents.best if task.tighter is None else self.incumbents.own
                polished = task.polish(known, self.seed, self.clock.deadline)
                if polished is not None:
                    self.incumbents.offer(polished, float(network.energy(polished)), search.done)
        finally:
            self.done += search.done

    def _next(self, attempt: Attempt) -> Attempt | None:
        """Return the next attempt, or None and set why there is none."""
        best, task = self.incumbents.best, attempt.task
        if self.status in (Status.INTERRUPTED, Status.STOPPED) or self.incumbents.reached:
            return None
        if best is None or (task.tighter is not None and self.status is Status.INFEASIBLE):
            # a tighter problem is proven to have no answer: what was found is the optimum
            self.status = Status.INFEASIBLE if best is None else Status.OPTIMAL
            return None
        if self.status is Status.OPTIMAL:
            self.status = self._proven(attempt)
        if (heavier := self._heavier(attempt)) is not None:
            return heavier
        if not task.tightens or self.status is not Status.TARGET:
            return None
        tighter = task.problem.tighten(best.answer)  # type: ignore[union-attr]
        if tighter is None:
            self.status = Status.OPTIMAL
            return None
        if self.clock.remaining <= 0:
            self.status = Status.TIME_LIMIT
            return None
        return self._prepared(tighter)

    @property
    def _has_answer(self) -> bool:
        best = self.incumbents.best
        return best is not None and best.feasible

    def _proven(self, attempt: Attempt) -> Status:
        """Return what it means that every state of a network was looked at."""
        lowest = self.incumbents.own
        proven = None if lowest is None else attempt.task.proven(lowest)
        if proven is None:
            return Status.CONVERGED
        if not self._has_answer:
            return Status.INFEASIBLE
        # with nothing feasible in a tighter problem what was found is the optimum
        expected = attempt.task.tighter is None
        return Status.OPTIMAL if proven is expected else Status.CONVERGED

    def _heavier(self, attempt: Attempt) -> Attempt | None:
        """Return the attempt with heavier penalties on what the last one broke, if asked for."""
        own, task = self.incumbents.own, attempt.task
        done = task.tighter is not None and self._has_answer
        if done or own is None or self.raises == MOST_RAISES or self.clock.remaining <= 0:
            return None
        before = self.clock.elapsed
        heavier = task.raised(own)
        if heavier is None:
            return None
        self.raises += 1
        raised = self._attempt(heavier)
        self.compile_seconds += self.clock.elapsed - before
        return raised

    def _result(self) -> Result:
        task, search, best = self.owner.task, self.owner.search, self.incumbents.best
        status = self.status
        if status in ENDED and not (best is not None and best.feasible):
            status = Status.NO_FEASIBLE
        size = task.hamiltonian.num_spins
        states = search.states if search is not None else []
        rows = [state.states() for state in states] or [np.empty((0, size), np.int8)]
        energies = [state.energies for state in states] or [np.empty(0)]
        judging, elapsed = self.incumbents.judging, self.clock.elapsed
        seconds = {
            "compile": self.compile_seconds,
            "solve": elapsed - self.compile_seconds - judging,
            "decode": judging,
            "jit": self.clock.jit,
            "total": elapsed,
        }
        return Result(
            status=status,
            best=best,
            sense=task.sense,
            bound=best.value if status is Status.OPTIMAL and best is not None else None,
            states=np.concatenate(rows),
            energies=np.concatenate(energies),
            trace=self.incumbents.trace(),
            seed=self.seed,
            seconds=seconds,
            sweeps=self.done,
            method=self.owner.dynamics.name,
            reason=self.owner.reason,
            problem=task.title,
            num_variables=task.compiled.front.num_variables,
            num_spins=size,
            details=details_of(states) if states else {},
            _judge=task,
        )
