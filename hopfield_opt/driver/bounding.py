"""The bound that goes with a search: found before it, in a small part of the time."""

import time
from dataclasses import dataclass
from typing import Literal

from hopfield_opt.bounds import Certificate, best_bound, read_subject
from hopfield_opt.bounds.instance import Bounded
from hopfield_opt.driver.at_hand import AtHand
from hopfield_opt.driver.attempt import Attempt
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.incumbents import Incumbents
from hopfield_opt.driver.interrupt import Interruptible
from hopfield_opt.driver.phases import tell
from hopfield_opt.driver.prover import Prover
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model import Model

Effort = Literal["auto", "none", "strong"]
EFFORTS: tuple[str, ...] = ("auto", "none", "strong")
# the share of a time limit, and the seconds where there is none
SHARES = {"auto": 0.1, "strong": 0.5}
SECONDS = {"auto": 0.2, "strong": 3600.0}
# in less nothing is found
LEAST = 0.001
# reading a network in exact numbers takes about so long for each coupling and each spin
SECONDS_A_TERM = 2e-5
# what a clock shows when all time is over
NO_TIME_LEFT = 1e300


@dataclass(frozen=True, eq=False)
class BoundSearch(Prover):
    """The bound of a call: all of it is found before the searches.

    Parameters
    ----------
    first : Attempt
        The first one.
    effort : {"auto", "none", "strong"}
        How much time it may take.
    incumbents : Incumbents
        Who is told of it.
    clock : Clock
        Of the call.
    """

    first: Attempt
    effort: str
    incumbents: Incumbents
    clock: Clock

    def begin(self) -> None:
        """Find a bound, and keep it with its certificate."""
        found = find_bound(self.first, self.effort, self.clock)
        self.incumbents.bounds.certify(found, self.clock.elapsed)


def find_bound(attempt: Attempt, effort: str, clock: Clock) -> Certificate | None:
    """Return a bound on all values of what an attempt is to solve, None where there is none.

    Parameters
    ----------
    attempt : Attempt
        The first one.
    effort : {"auto", "none", "strong"}
        How much time it may take; "auto" leaves alone what a search of all states proves.
    clock : Clock
        Of the call. Ctrl-C leaves time for no more than an answer.
    """
    task = attempt.task
    known = task.problem is None or getattr(task.problem, "bounded_by_model", False)
    if effort == "none" or not known:
        return None
    compiled = task.compiled
    proves = attempt.is_exact and not (compiled.unproven or compiled.loose)
    if compiled.infeasible is not None or (effort == "auto" and proves):
        return None
    seconds = SECONDS[effort]
    if clock.time_limit is not None:
        seconds = min(SHARES[effort] * clock.time_limit, clock.remaining)
    subject = _readable(attempt, seconds) if seconds >= LEAST else None
    if subject is None:
        return None
    # of the processor, where nobody waits for a clock: what is found depends less on others
    now = time.thread_time if clock.time_limit is None else time.monotonic
    with Interruptible() as interrupt:  # a flag: an exception may come where it is swallowed
        found = best_bound(
            subject,
            compiled.front.feasibility_tolerance,
            seconds,
            lambda: NO_TIME_LEFT if interrupt.requested or clock.is_stopped else now(),
        )
    if interrupt.requested:
        clock.end_soon()
    tell("bound: %s", "none was found" if found is None else f"{found.bound:.10g} by {found.by}")
    return found


def _readable(attempt: Attempt, seconds: float) -> Model | Hamiltonian | Bounded | None:
    """Return what a bound is found of, None where reading it would take too long."""
    task = attempt.task
    make = getattr(task.problem, "bounded_data", None)
    data: Bounded | None = None if make is None else make()
    if data is not None:
        return data
    if isinstance(task, AtHand):
        return None
    # what was compiled is the model of the problem
    network = task.compiled.hamiltonian
    terms = network.num_spins + sum(term.num_couplings() for term in network.couplings)
    return read_subject(task.compiled) if seconds >= SECONDS_A_TERM * terms else None
