"""`run`: watch a dynamics move, sweep by sweep or flip by flip."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hopfield_opt import rng
from hopfield_opt.arrays import check_integer, check_spins, check_truth
from hopfield_opt.driver import checks
from hopfield_opt.driver.choice import check_fit, find_dynamics
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.interrupt import Interruptible
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
from hopfield_opt.driver.search import Workers, usable_cpus
from hopfield_opt.driver.task import AsItIs
from hopfield_opt.dynamics.auto import Auto
from hopfield_opt.dynamics.base import Dynamics, State
from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import Hamiltonian, Network
from hopfield_opt.result import Result
from hopfield_opt.trace import Trajectory

# Without records, Ctrl-C is looked for this often.
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
    count = 1 if starts is None else len(starts)
    budget = _budget(moves, network, sweeps)
    plan = RunPlan(network, moves, budget, rng.check_seed(seed), count, starts)
    targets = plan.start(0)[:1] if patterns is None else patterns
    targets = np.atleast_2d(check_spins("patterns", targets, network.num_spins))
    progress = checks.optional(check_truth, "progress", progress)
    watch = _Watch(plan, budget, check_records(record), targets)
    if isinstance(every, str) and every == "flip":
        return watch.flip_by_flip()
    with ProgressBar(shows_progress(progress), type(network).__name__) as bar:
        return watch.sweep_by_sweep(check_interval(every), bar)


def _find_moves(dynamics: Dynamics | str, network: Hamiltonian | Network) -> Dynamics:
    moves = find_dynamics(dynamics)
    if isinstance(moves, Auto):
        raise InputError("dynamics must be one of the methods, got auto. solve picks one.")
    check_fit(network, moves)
    return moves


def _budget(moves: Dynamics, network: Hamiltonian | Network, sweeps: int | None) -> int:
    if sweeps is None:
        return moves.default_sweeps(network)
    return check_integer("sweeps", sweeps, lowest=0)


def _starts(network: Hamiltonian | Network, start: ArrayLike | None) -> NDArray[np.int8] | None:
    """Return the user's starts (R, N)."""
    if start is None:
        return None
    spins = np.atleast_2d(check_spins("start", start, network.num_spins)).astype(np.int8)
    if not len(spins):
        raise InputError("start must hold at least one state, got none.")
    return spins


@dataclass(frozen=True, eq=False)
class _Watch:
    """One call of `run`, its arguments checked."""

    plan: RunPlan
    sweeps: int
    names: tuple[str, ...]
    patterns: NDArray[Any]
    clock: Clock = field(default_factory=lambda: Clock(None))

    def sweep_by_sweep(self, every: int, bar: ProgressBar) -> Result:
        """Run, recording every so many sweeps."""
        recorder = Recorder(self.names, self.patterns)
        block = every if self.names else max(every, SWEEPS_BETWEEN_LOOKS)
        with Interruptible() as interrupt, Workers(usable_cpus()) as workers:
            states = workers.map(self.plan.begin, self.plan.groups)
            recorder.begin(states, self.sweeps // block + 2)
            done = 0
            while done < self.sweeps and not all(state.converged for state in states):
                if interrupt.requested:
                    break
                size, left = min(block, self.sweeps - done), self.sweeps - done
                advance = partial(self.plan.dynamics.advance, sweeps=size, horizon=left)
                states = workers.map(advance, states)
                done += size
                recorder.take(states)
                bar.update(self.clock.elapsed, done / self.sweeps, "not looked for")
            return self._result(states, recorder.trajectory(), interrupt.requested)

    def flip_by_flip(self) -> Result:
        """Run, recording every flip."""
        network, dynamics = self.plan.network, self.plan.dynamics
        check_flip_records(self.names)
        starts = self.plan.start(0) if self.plan.starts is None else self.plan.starts
        grouped = isinstance(network, Hamiltonian) and bool(network.groups)
        stream = self.plan.stream(0)
        followed = None if grouped else dynamics.flips(network, starts, self.sweeps, stream)
        if followed is None:
            raise InputError(
                f"every must be 'sweep' or a number of sweeps for {dynamics.name}"
                f"{' with groups' if grouped else ''}, got 'flip'. "
                "Only what moves one spin at a time has single flips."
            )
        end, flips = followed
        trace = replay(starts, flips, self.names, self.patterns, end.energies)
        return self._result([end], trace, interrupted=False)

    def _result(self, states: list[State], trace: Trajectory, interrupted: bool) -> Result:
        converged = all(state.converged for state in states)
        ends = np.concatenate([state.states() for state in states])
        energies = np.concatenate([state.energies for state in states])
        lowest = 0 if np.isnan(energies).all() else int(np.nanargmin(energies))
        network, reason = self.plan.network, "as asked"
        if isinstance(network, Network):
            reason = "as asked; a Network has no energy"
        seconds = {"jit": self.clock.jit, "total": self.clock.elapsed}
        return Result(
            status=Outcome(interrupted, feasible=True, converged=converged).status,
            best=AsItIs()(ends[lowest], float(energies[lowest])),
            sense="minimize",
            bound=None,
            states=ends,
            energies=energies,
            trace=trace,
            seed=self.plan.seed,
            seconds=seconds,
            sweeps=max(state.sweeps for state in states),
            method=self.plan.dynamics.name,
            reason=reason,
            problem=type(network).__name__,
            num_variables=network.num_spins,
            num_spins=network.num_spins,
            details=details_of(states),
            _judge=AsItIs(),
        )
