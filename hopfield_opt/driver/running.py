"""`run`: watch a dynamics move, sweep by sweep or flip by flip."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hopfield_opt import rng
from hopfield_opt.arrays import SpinArray, check_spins, check_truth
from hopfield_opt.driver import checks, stopping
from hopfield_opt.driver.blocks import Blocks
from hopfield_opt.driver.choice import check_fit, find_dynamics
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.limits import Limits
from hopfield_opt.driver.loop import Loop
from hopfield_opt.driver.outcome import Outcome
from hopfield_opt.driver.plan import RunPlan
from hopfield_opt.driver.progress import ProgressBar, shows_progress
from hopfield_opt.driver.recording import (
    Recorder,
    check_flip_records,
    check_interval,
    check_records,
    details_of,
    replay,
)
from hopfield_opt.driver.task import AsItIs
from hopfield_opt.dynamics.auto import Auto
from hopfield_opt.dynamics.base import Dynamics, State
from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import Hamiltonian, Network
from hopfield_opt.result import Result, Status
from hopfield_opt.trace import Trajectory

# A block has so many sweeps or more, unless something is recorded before: beginning one may take
# as long as several sweeps (dense couplings), and without a limit nothing has to be met in time.
SWEEPS_BETWEEN_LOOKS = 32


def run(
    network: Hamiltonian | Network,
    dynamics: Dynamics | str,
    start: ArrayLike | None = None,
    sweeps: int | None = None,
    *,
    record: Sequence[str] | str = (),
    every: str | int = "sweep",
    patterns: ArrayLike | None = None,
    seed: int | None = None,
    progress: bool | None = None,
) -> Result:
    """Let a dynamics run from a start and record what happens: for teaching and for sampling.

    Unlike `solve` it shows the dynamics as it is: nothing is compiled, no descent is added at the
    end, and the answer is where the replicas are, not the best that was met.

    Parameters
    ----------
    network : Hamiltonian or Network
        What moves. A Network has no energy: its energies are nan.
    dynamics : Dynamics or str
        How it moves: an object with its parameters, or a name of `hopfield-opt methods`.
    start : (N,) or (R, N) of -1 and +1, optional
        Where the replicas begin; None is one random state.
    sweeps : int, optional
        At most so many; one sweep asks each spin once. None is the method's default.
    record : str or sequence of str
        Any of "energy", "overlap", "states", and of what the dynamics has of its own, such as
        "temperature" or the "outputs" of graded neurons. They become attributes of
        `result.trace`, a `Trajectory`; an unknown name is answered with all that there are.
    every : "sweep", "flip" or int
        When: after each sweep, after each flip (single-flip dynamics), or every so many sweeps.
    patterns : (N,) or (P, N) of -1 and +1, optional
        What overlaps are taken with; None is the start of the first replica.
    seed : int, optional
        None draws one, which the result carries.
    progress : bool, optional
        Show a progress bar; None does so on a terminal or in a notebook, after a second.

    Returns
    -------
    Result
        `states` (R, N) and `energies` are the ends, `state` the end with the lowest energy,
        `details` what the method knows besides (the `periods` of cycles).

    Raises
    ------
    InputError
        If something does not fit, or the method has no such record.

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> ring = ho.Hamiltonian([[0, 1, 1], [1, 0, 1], [1, 1, 0]])
    >>> end = run(ring, "asynchronous", [1, -1, 1], record="energy", every="flip", seed=0)
    >>> end.state.tolist(), end.trace.energy[:, 0].tolist()
    ([1, 1, 1], [1.0, -3.0])
    """
    if not isinstance(network, (Hamiltonian, Network)):
        raise InputError(
            f"network must be a Hamiltonian or a Network, got {type(network).__name__}. "
            "For a problem or a model use solve, or compile it first."
        )
    moves = _find_moves(dynamics, network)
    starts = _starts(network, start)
    limits = Limits(sweeps=sweeps, fewest=0)
    count = 1 if starts is None else len(starts)
    seed = rng.check_seed(seed)
    plan = RunPlan(network, moves, limits.sweeps, seed, count, starts, finishes=False)
    progress = checks.optional(check_truth, "progress", progress)
    return watch(plan, record, every, patterns, progress)


def watch(
    plan: RunPlan,
    record: Sequence[str] | str,
    every: str | int,
    patterns: ArrayLike | None,
    progress: bool | None = False,
) -> Result:
    """Carry out a plan as `run` does, on any network whose dynamics it has.

    Parameters
    ----------
    plan : RunPlan
        What is to be done.
    record, every, patterns, progress
        As in `run`.
    """
    targets = plan.start(0)[:1] if patterns is None else patterns
    targets = np.atleast_2d(check_spins("patterns", targets, plan.network.num_spins))
    names, clock = check_records(record), Clock(None)
    if isinstance(every, str) and every == "flip":
        end, trace = _flip_by_flip(plan, names, targets)
        return _result(plan, [end], trace, clock, interrupted=False)
    interval = check_interval(every)
    if not names:
        interval = max(1, plan.budget)
    recorder = Recorder(names, targets, plan.budget // interval + 2)
    bar = ProgressBar(shows_progress(progress), type(plan.network).__name__)
    work = Blocks(plan, plan.groups, clock, lambda: interval, fewest=SWEEPS_BETWEEN_LOOKS)
    stops = {Status.CONVERGED: stopping.has_converged, Status.SWEEP_LIMIT: stopping.is_done}
    loop = Loop(work, stops, (recorder, bar.make_look(clock, lambda: "not looked for")), clock)
    with bar:
        loop.run()
    interrupted = loop.ended is Status.INTERRUPTED
    return _result(plan, loop.moment.states, recorder.trajectory(), clock, interrupted)


def _find_moves(dynamics: Dynamics | str, network: Hamiltonian | Network) -> Dynamics:
    moves = find_dynamics(dynamics)
    if isinstance(moves, Auto):
        raise InputError("dynamics must be one of the methods, got auto. solve picks one.")
    check_fit(network, moves)
    return moves


def _starts(network: Hamiltonian | Network, start: ArrayLike | None) -> SpinArray | None:
    """Return the user's starts (R, N)."""
    if start is None:
        return None
    spins = np.atleast_2d(check_spins("start", start, network.num_spins)).astype(np.int8)
    if not len(spins):
        raise InputError("start must hold at least one state, got none.")
    return spins


def _flip_by_flip(
    plan: RunPlan, names: tuple[str, ...], patterns: NDArray[Any]
) -> tuple[State, Trajectory]:
    """Run in one go; return the end, and the records before the first flip and after each one."""
    network, dynamics = plan.network, plan.dynamics
    check_flip_records(names)
    starts = plan.start(0) if plan.starts is None else plan.starts
    grouped = isinstance(network, Hamiltonian) and bool(network.groups)
    stream = plan.stream(0)
    followed = None if grouped else dynamics.flips(network, starts, plan.budget, stream)
    if followed is None:
        raise InputError(
            f"every must be 'sweep' or a number of sweeps for {dynamics.name}"
            f"{' with groups' if grouped else ''}, got 'flip'. "
            "Only what moves one spin at a time has single flips."
        )
    end, flips = followed
    return end, replay(starts, flips, names, patterns, end.energies)


def _result(
    plan: RunPlan, states: Sequence[State], trace: Trajectory, clock: Clock, interrupted: bool
) -> Result:
    converged = all(state.converged for state in states)
    ends = np.concatenate([state.states() for state in states])
    energies = np.concatenate([state.energies for state in states])
    lowest = 0 if np.isnan(energies).all() else int(np.nanargmin(energies))
    blind = isinstance(plan.network, Network)
    return Result(
        status=Outcome(interrupted, feasible=True, converged=converged).status,
        best=AsItIs()(ends[lowest], float(energies[lowest])),
        sense="minimize",
        bound=None,
        states=ends,
        energies=energies,
        trace=trace,
        seed=plan.seed,
        seconds={"jit": clock.jit, "total": clock.elapsed},
        sweeps=max(state.sweeps for state in states),
        method=plan.dynamics.name,
        reason="as asked; a Network has no energy" if blind else "as asked",
        problem=type(plan.network).__name__,
        num_variables=plan.network.num_spins,
        num_spins=plan.network.num_spins,
        details=details_of(states),
        _judge=AsItIs(),
    )
