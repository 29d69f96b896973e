"""Good first states where groups overlap: whether there are any, and which replicas have them."""

from contextlib import suppress
from dataclasses import replace

from hopfield_opt.deadline import OutOfTime
from hopfield_opt.driver.attempt import Attempt
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.plan import GUIDED, RunPlan
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves import find_first_states, has_start, start_at_hand

# The share of the time left in which starts are found, and that which a linear program may take.
# It needs a tenth of a second to be loaded: with less than LEAST_SECONDS left there is none.
START_SHARE, PROGRAM_SHARE, LEAST_SECONDS = 0.4, 0.2, 0.5


def finds_start(network: Hamiltonian, clock: Clock) -> bool:
    """Whether a state in which all groups hold is found in the share of the time for it."""
    try:
        with clock.part(START_SHARE).limits():
            return has_start(network)
    except OutOfTime:
        return False


def guide(plan: RunPlan, attempt: Attempt, clock: Clock) -> RunPlan:
    """Return a plan some replicas of which begin at good states; the attempt's reason says so.

    Where there is no start, and groups overlap: every other replica begins anywhere. The states
    are led by costs, and by a linear program where there is time for one; where none is found in
    the time for it, one is where a start was found before.

    Parameters
    ----------
    plan : RunPlan
        What is to be done.
    attempt : Attempt
        What it is to be done for.
    clock : Clock
        Of the call.
    """
    if plan.starts is not None or not plan.dynamics.needs_start:
        return plan
    left = clock.remaining
    seconds = PROGRAM_SHARE * left if left >= LEAST_SECONDS else None
    count = -(-plan.replicas // GUIDED)
    with suppress(OutOfTime), clock.part(START_SHARE).limits():
        found = find_first_states(plan.network, count, plan.seed, seconds)
        if found is not None:
            attempt.reason += "; some start from a linear program" if found.by_program else ""
            return replace(plan, guided=found.states)
    # one state was hard to find, perhaps: it is not looked for again
    known = start_at_hand(plan.network)
    return plan if known is None else replace(plan, guided=known[None])
