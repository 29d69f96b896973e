"""What a call of `solve` gives back, packed into a `Result`."""

import numpy as np

from hopfield_opt.driver.attempt import Attempt
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.incumbents import Incumbents
from hopfield_opt.driver.mobility import mobility_notes
from hopfield_opt.driver.outcome import Outcome
from hopfield_opt.driver.phases import tell
from hopfield_opt.driver.recording import details_of
from hopfield_opt.printing import number_text
from hopfield_opt.result import NOT_SEARCHED, Candidate, Result

_NO_SEARCH = "infeasible before any search"


def pack_result(
    owner: Attempt,
    incumbents: Incumbents,
    outcome: Outcome,
    clock: Clock,
    seed: int,
    sweeps: int,
    compile_seconds: float,
) -> Result:
    """Return the result of a call.

    Parameters
    ----------
    owner : Attempt
        The attempt that found the best.
    incumbents : Incumbents
        What was found.
    outcome : Outcome
        How it ended.
    clock : Clock
        Of the call.
    seed, sweeps : int
        As in `Result`.
    compile_seconds : float
        Seconds of all compilations.
    """
    task, search, best = owner.task, owner.search, incumbents.best
    size = task.hamiltonian.num_spins
    states = search.moment.states if search is not None else ()
    rows = [state.states() for state in states] or [np.empty((0, size), np.int8)]
    energies = [state.energies for state in states] or [np.empty(0)]
    judging, elapsed = incumbents.judging, clock.elapsed
    seconds = {"compile": compile_seconds, "solve": elapsed - compile_seconds - judging}
    bound, by = _bound(incumbents, outcome)
    told = (outcome.status.name, number_text(incumbents.value), elapsed)
    tell("ended: %s, value %s, %.2f s", *told)
    seconds |= {"decode": judging, "jit": clock.jit, "total": elapsed}
    return Result(
        status=outcome.status,
        best=best,
        sense=task.sense,
        bound=bound,
        certificate=None if outcome.infeasible else incumbents.bounds.certificate,
        bound_by=by,
        states=np.concatenate(rows),
        energies=np.concatenate(energies),
        trace=incumbents.trace(),
        seed=seed,
        seconds=seconds,
        sweeps=sweeps,
        method=NOT_SEARCHED if search is None else owner.dynamics.name,
        reason=_NO_SEARCH if search is None and outcome.infeasible else owner.reason,
        problem=task.title,
        num_variables=task.compiled.front.num_variables,
        num_spins=size,
        details=details_of(states) if states else {},
        feasibility_tolerance=task.compiled.front.feasibility_tolerance,
        notes=() if outcome.optimal or outcome.infeasible else _notes(owner, best),
        archive=incumbents.archive.states_of(task, size),
        _judge=task,
    )


def _notes(owner: Attempt, best: Candidate | None) -> tuple[str, ...]:
    """Return what a reader should know of what was kept, and of how the moves got around."""
    task, search = owner.task, owner.search
    if search is None or best is None:
        return task.compiled.notes
    replicas = sum(len(state.energies) for state in search.moment.states)
    done = search.moment.sweeps * replicas
    return task.compiled.notes + mobility_notes(task.hamiltonian, best.state, done)


def _bound(incumbents: Incumbents, outcome: Outcome) -> tuple[float | None, str]:
    """Return the best value where it is proven, else the best bound, if any; and what it is by."""
    best, bounds = incumbents.best, incumbents.bounds
    if outcome.infeasible:
        return None, ""
    bound = bounds.value
    if outcome.optimal:
        bound = None if best is None else best.value
    return bound, "" if bound is None else bounds.by(bound)
