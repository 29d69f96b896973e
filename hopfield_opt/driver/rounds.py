"""The searches of one call, one after another: in one clock, and the best of all of them kept."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.deadline import OutOfTime
from hopfield_opt.driver.attempt import Attempt
from hopfield_opt.driver.beside import BesideSearch
from hopfield_opt.driver.bounding import BoundSearch
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.incumbents import Incumbents
from hopfield_opt.driver.interrupt import Interruptible
from hopfield_opt.driver.islands import Returned, scatter
from hopfield_opt.driver.loop import Look, Loop, Moment
from hopfield_opt.driver.outcome import Outcome
from hopfield_opt.driver.phases import tell
from hopfield_opt.driver.plan import RunPlan
from hopfield_opt.driver.progress import Progress, ProgressBar, shows_progress
from hopfield_opt.driver.prover import Prover
from hopfield_opt.driver.race import PROBES, Racer
from hopfield_opt.driver.request import Request
from hopfield_opt.driver.search import check_memory_of, search
from hopfield_opt.driver.task import Task
from hopfield_opt.printing import number_text


@dataclass(eq=False)
class Rounds:
    """What searches, probes and polishes for one call of `solve`.

    Attributes
    ----------
    asked : Request
        What is asked for.
    clock : Clock
        Of the call.
    interrupt : Interruptible
        Of the call, too.
    incumbents : Incumbents
        The best so far.
    provers : sequence of Prover
        What was begun before the searches, and may go on meanwhile.
    done, probed : int
        Sweeps of all searches, and those of probes.
    """

    asked: Request
    clock: Clock
    interrupt: Interruptible
    incumbents: Incumbents
    provers: Sequence[Prover] = ()
    done: int = 0
    probed: int = 0

    @property
    def is_over(self) -> bool:
        """Whether neither another round nor another attempt is wanted."""
        return self.interrupt.requested or self.incumbents.over

    @property
    def sweeps(self) -> int | None:
        """The sweeps that an attempt may do, if they are limited."""
        whole = self.asked.limits.sweeps
        return None if whole is None else max(1, whole - self.probed)

    def begin_provers(self, first: Attempt, subject: Any) -> None:
        """Begin what may prove something, and has something to do."""
        beside = BesideSearch.of(first, self.asked, subject, self.incumbents, self.clock)
        bound = BoundSearch(first, self.asked.bound, self.incumbents, self.clock)
        self.provers = [bound] if beside is None else [beside, bound]
        for prover in self.provers:
            prover.begin()

    def close(self) -> None:
        """End what goes on beside, and tell the callback of what it has not heard of."""
        for prover in self.provers:
            prover.close()
        self.incumbents.listener.flush(last=True)

    def credit(self, owner: Attempt) -> Attempt:
        """Return who stands for the call: who has proven that there is no answer, or else `owner`.

        The reason of the owner says who has proven that its best is the best of all.
        """
        for prover in self.provers:
            if prover.attempt is not None and prover.infeasible:
                return prover.attempt
            if prover.attempt is not None and prover.optimal and owner is not prover.attempt:
                owner.reason += f"; proven by {prover.attempt.dynamics.name} beside"
        return owner

    def may_adopt(self, task: Task) -> bool:
        """Whether the best is an answer of a task, too: its own, a prover's, or proven the best."""
        by = self.incumbents.by
        if by is not None and (by.task is task or any(by is one.attempt for one in self.provers)):
            return True
        return self.incumbents.closed

    def add_to(self, outcome: Outcome) -> Outcome:
        """Return what is known now, the best and Ctrl-C included."""
        best = self.incumbents.best
        closed = self.incumbents.closed or any(prover.optimal for prover in self.provers)
        none = any(prover.infeasible for prover in self.provers)
        return replace(
            outcome,
            interrupted=outcome.interrupted or self.interrupt.requested,
            stopped=outcome.stopped or self.incumbents.told_to_stop,
            infeasible=outcome.infeasible or none,
            optimal=outcome.optimal or closed,
            reached=self.incumbents.reached,
            feasible=best is not None and best.feasible,
        )

    def plan(self, attempt: Attempt, spins: NDArray[np.int8] | None) -> RunPlan:
        """Return what an attempt is to do from a start (N,), None being anywhere."""
        network, dynamics = attempt.task.hamiltonian, attempt.dynamics
        replicas = self.asked.limits.replicas or dynamics.default_replicas(network)
        check_memory_of(dynamics, network.num_spins, replicas)
        starts = None if spins is None else spins[None]
        return RunPlan(network, dynamics, None, self.asked.seed, replicas, starts)

    def begin_at(self, plan: RunPlan, known: NDArray[np.int8] | None) -> RunPlan:
        """Return the plan in which the first replica begins at the best that is known, if any is.

        Who asked for a method sees it from where it begins by itself.
        """
        return plan if known is None or not self.asked.any_will_do else plan.with_first(known)

    def probe(self, racer: Racer, sweeps: int, number: int, clock: Clock) -> bool:
        """Search for a while in a network that races; return whether to go on."""
        whole = racer.plan
        assert whole is not None
        plan = replace(whole, sweeps=sweeps, replicas=whole.size(0), round=PROBES + number)
        self.incumbents.begin(racer.attempt.task, self.done, by=racer.attempt)
        looks = self._looks()
        loop = racer.attempt.search = search(plan, self.incumbents, clock, looks, n_jobs=1)
        try:
            loop.run()
            return not (loop.is_late or self.is_over)
        finally:
            racer.learn(self.incumbents.own)
            self.done += loop.moment.sweeps
            self.probed += loop.moment.sweeps

    def search(self, attempt: Attempt, plan: RunPlan, share: float) -> Loop:
        """Search once, and polish in the `share` of the time limit that is kept for it."""
        task = attempt.task
        bar = ProgressBar(shows_progress(self.asked.progress), task.title)
        # the local search has time enough for what comes after the last sweeps
        judging = 0.0 if share else self.incumbents.longest
        loop = attempt.search = self._loop(plan, self.clock.shorten(1.0 - share, judging), bar)
        spins, method = plan.network.num_spins, plan.dynamics.name
        tell("search by %s: %d spins, %d replicas", method, spins, plan.replicas)
        try:
            known = plan.guided if plan.starts is None else plan.starts
            if known is not None:
                energy = float(task.hamiltonian.energy(known[0]))
                self.incumbents.offer(known[0], energy, 0)
                if self.is_over:  # no replica leaves the start
                    loop.moment = Moment([Returned.at(known[0], plan.replicas, energy)])
                    return loop
            with bar:
                loop.run()
            if self.asked.polish and not self.is_over:
                self._polish(task, loop.moment.sweeps)
            return loop
        finally:
            self.done += loop.moment.sweeps
            best = number_text(self.incumbents.value)
            tell("search ended after %d sweeps, %s", loop.moment.sweeps, f"best {best}")

    def _loop(self, plan: RunPlan, clock: Clock, bar: ProgressBar) -> Loop:
        """Return the search of a plan, in threads or by the executor."""
        found, asked = self.incumbents, self.asked
        looks: tuple[Look, ...] = (bar.make_look(self.clock, lambda: number_text(found.value)),)
        looks = (*looks, *self._looks())
        if asked.executor is not None:
            return scatter(plan, found, clock, looks, asked.executor)
        return search(plan, found, clock, looks, n_jobs=asked.limits.n_jobs)

    def _looks(self) -> tuple[Look, ...]:
        """Return what looks at each search and probe."""
        looks = tuple(prover.look for prover in self.provers)
        return (*looks, self._show) if callable(self.asked.progress) else looks

    def _show(self, moment: Moment) -> None:
        """Tell who wants to know how far the call is."""
        limit, seconds = self.clock.time_limit, self.clock.elapsed
        share = moment.share if limit is None else min(1.0, seconds / limit)
        sweeps, found = self.done + moment.sweeps, self.incumbents
        assert callable(self.asked.progress)
        self.asked.progress(Progress(seconds, share, sweeps, found.value, found.bounds.value))

    def _polish(self, task: Task, done: int) -> None:
        # an answer of a looser problem is none of a tighter one
        known = self.incumbents.best if task.tighter is None else self.incumbents.own
        clock = self.clock.shorten(1.0, 2.0 * self.incumbents.longest)  # encoded and decoded
        with clock.limits(grace=True), suppress(OutOfTime):
            polished = task.polish(known, self.asked.seed, clock.deadline)
            if polished is not None:
                self.incumbents.offer(polished, float(task.hamiltonian.energy(polished)), done)
