"""A search: groups of replicas on their way, the best of which is kept."""

from collections.abc import Sequence
from functools import partial

from hopfield_opt.arrays import check_memory
from hopfield_opt.driver import stopping
from hopfield_opt.driver.blocks import Blocks
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.incumbents import Incumbents
from hopfield_opt.driver.loop import Look, Loop, Moment
from hopfield_opt.driver.plan import RunPlan
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.result import Status

# States are looked at after about this many spin updates: some 10 to 20 ms of a fast kernel.
UPDATES_BETWEEN_LOOKS = 20_000_000
# A run that has a target looks for it at least so often, however short it is.
LOOKS_FOR_TARGET = 32


def search(
    plan: RunPlan,
    incumbents: Incumbents,
    clock: Clock,
    looks: Sequence[Look] = (),
    *,
    groups: Sequence[int] | None = None,
    n_jobs: int | None = None,
) -> Loop:
    """Return the loop that runs groups of a plan in threads, None being all of them.

    Parameters
    ----------
    plan : RunPlan
        What is to be done.
    incumbents : Incumbents
        Where the best so far is kept.
    clock : Clock
        Time.
    looks : sequence of callables
        What else is told of each moment.
    groups : sequence of int, optional
        The numbers of the groups.
    n_jobs : int, optional
        Threads.
    """
    every = partial(_every, plan, incumbents.target)
    work = Blocks(plan, plan.groups if groups is None else groups, clock, every, n_jobs)
    limited = clock.time_limit is not None
    stops = stopping.stops_from_outside(incumbents) | {
        Status.CONVERGED: stopping.has_converged,
        Status.SWEEP_LIMIT: stopping.after_sweeps(plan.sweeps) if limited else stopping.is_done,
        Status.TIME_LIMIT: stopping.when_late(work.horizon),
    }
    return Loop(work, stops, (make_judge(incumbents, plan.dynamics.name), *looks), clock)


def make_judge(incumbents: Incumbents, by: str = "") -> Look:
    """Return what looks at the lowest states now and then, and at the ends as closely as needed.

    Bounds that the states know of all energies are `by` the method of that name.
    """

    def judge(moment: Moment) -> None:
        incumbents.note_bound(moment.states, by)
        if moment.last and moment.states:
            incumbents.look(moment.states, last=True)
            incumbents.look_deep(moment.states)
            incumbents.look_at_ties(moment.states)
        elif moment.due:
            incumbents.look(moment.states)
        incumbents.listener.flush()

    return judge


def _every(plan: RunPlan, target: float | None) -> int:
    """Return the sweeps between looks."""
    cost = plan.dynamics.proposal_cost(plan.network)
    updates = max(1.0, cost * plan.network.num_spins * plan.replicas)
    every = int(UPDATES_BETWEEN_LOOKS / updates)
    if target is not None:
        every = min(every, plan.budget // LOOKS_FOR_TARGET)
    return max(1, every)


def check_memory_of(dynamics: Dynamics, num_spins: int, replicas: int) -> None:
    """Raise SizeError if so many replicas would not fit into memory."""
    advice = f"Take fewer than {replicas} of {num_spins} spins"
    check_memory("replicas", dynamics.bytes_per_spin * num_spins * replicas, advice)
