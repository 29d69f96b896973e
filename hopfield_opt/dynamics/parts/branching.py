"""HiGHS at work on an integer program, in a thread of its own that waits to be let on.

HiGHS looks now and then at whether it is to stop. These looks are counted: up to which one it may
go is said from outside, so that what it has found by then depends on no clock.
"""

import atexit
import threading
import weakref
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hopfield_opt.arrays import FloatArray, SpinArray
from hopfield_opt.highs import silent_solver
from hopfield_opt.moves.integer_program import IntegerProgram

# a solver that is let on without end
ALWAYS = 2**62
# what HiGHS takes for an infinite coefficient
LARGEST = 1e15
# how long the end of the process waits for a solver that is asked to stop
PATIENCE = 5.0

_running: "weakref.WeakSet[_Work]" = weakref.WeakSet()


@dataclass(eq=False)
class _Work:
    """What the thread of the solver and its owner share."""

    program: IntegerProgram
    changed: threading.Condition = field(default_factory=threading.Condition)
    looks: int = 0
    allowed: int = 0
    stopped: bool = False
    ended: bool = False
    cut: bool = False  # by who stopped it
    known: FloatArray | None = None  # to be told to the solver
    best: SpinArray | None = None
    rank: tuple[bool, float] = (True, np.inf)
    bound: float = -np.inf
    closed: str = ""  # "optimal" or "infeasible" where the solver says so
    thread: threading.Thread | None = None

    def stop(self) -> None:
        with self.changed:
            self.stopped = True
            self.changed.notify_all()

    def end_empty(self) -> None:
        """End without a solver: there is nothing to decide, or what no solver reads."""
        self.ended = True
        if not len(self.program.costs):
            holds = ((self.program.lower <= 0) & (self.program.upper >= 0)).all()
            self.closed = "optimal" if holds else "infeasible"
            self.best, self.bound = np.empty(0, np.int8), 0.0

    # what HiGHS calls: an exception must not leave these

    def look(self, event: Any) -> None:
        with self.changed:
            self.looks += 1
            self.bound = max(self.bound, float(event.data_out.mip_dual_bound))
            self.changed.notify_all()
            while self.looks >= self.allowed and not self.stopped:
                self.changed.wait()
            if self.stopped:
                self.cut = True
                event.interrupt()

    def note(self, event: Any) -> None:
        with self.changed:
            self.take(event.data_out.mip_solution)

    def take(self, values: Any) -> None:
        """Keep a point if it is better than the best, rounded to whole numbers."""
        program = self.program
        on = np.asarray(values)[: program.num_binaries] > 0.5
        spins = np.where(on, 1, -1).astype(np.int8)
        rank = (not program.holds(spins), program.value(spins))
        if self.best is None or rank < self.rank:
            self.best, self.rank = spins, rank

    def tell(self, event: Any) -> None:
        with self.changed:
            known, self.known = self.known, None
        if known is not None:
            event.data_in.setSolution(known)


class Branching:
    """A branch-and-cut search for the least of an integer program.

    Parameters
    ----------
    program : IntegerProgram
        What is solved.
    seconds : float
        When it gives up, infinite where it does not. Until its first look nothing else stops it.
    """

    def __init__(self, program: IntegerProgram, seconds: float) -> None:
        self._work = work = _Work(program)
        sizes = np.abs(np.concatenate([program.matrix.data, program.costs]))
        if not len(program.costs) or not (sizes <= LARGEST).all():
            work.end_empty()
            return
        own: Any = {"target": _solve, "args": (work, seconds)}
        work.thread = threading.Thread(**own, name="branch and cut", daemon=True)
        weakref.finalize(self, work.stop)
        _running.add(work)
        work.thread.start()

    @property
    def looks(self) -> int:
        """How often it has looked, as far as it was let."""
        return min(self._work.looks, self._work.allowed)

    @property
    def ended(self) -> bool:
        """Whether it has ended by itself: there is nothing left to do."""
        return self._work.ended and not self._work.cut

    @property
    def best(self) -> SpinArray | None:
        """The binaries of the best point so far, as spins (N,)."""
        return self._work.best

    @property
    def bound(self) -> float:
        """What the program is at least, as the solver says, in units; minus infinity before."""
        return self._work.bound

    @property
    def closed(self) -> str:
        """What the solver claims in the end: "optimal", "infeasible", or "" for nothing."""
        return self._work.closed

    def let(self, looks: int) -> None:
        """Let it go on until it has looked so often."""
        with self._work.changed:
            self._work.allowed = max(self._work.allowed, looks)
            self._work.changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until it is as far as it was let, or ends; return whether it is."""
        work = self._work
        with work.changed:
            return work.changed.wait_for(lambda: work.ended or work.looks >= work.allowed, seconds)

    def tell(self, point: FloatArray) -> None:
        """Tell it of a feasible point that others have found."""
        with self._work.changed:
            self._work.known = point

    def stop(self) -> None:
        """Ask it to stop at its next look; nobody waits for that."""
        self._work.stop()


def _solve(work: _Work, seconds: float) -> None:
    try:
        _run(work, seconds)
    finally:
        with work.changed:
            work.ended = True
            work.changed.notify_all()


def _run(work: _Work, seconds: float) -> None:
    # imported here: it takes a tenth of a second
    import highspy

    program = work.program
    solver = silent_solver(
        time_limit=max(0.01, seconds),
        mip_rel_gap=0.0,
        mip_feasibility_tolerance=program.tolerance,
        primal_feasibility_tolerance=max(1e-10, 0.1 * program.tolerance),
        dual_feasibility_tolerance=max(1e-10, 0.1 * program.tolerance),
    )
    solver.passModel(_model(highspy, program))
    solver.cbMipInterrupt.subscribe(work.look)
    solver.cbMipImprovingSolution.subscribe(work.note)
    solver.cbMipUserSolution.subscribe(work.tell)
    solver.run()
    status, states = solver.getModelStatus(), highspy.HighsModelStatus
    with work.changed:
        if status == states.kOptimal:
            work.take(solver.getSolution().col_value)
            work.bound = max(work.bound, float(solver.getInfo().mip_dual_bound))
            work.closed = "optimal"
        elif status in (states.kInfeasible, states.kUnboundedOrInfeasible):
            work.closed = "infeasible"


def _model(highspy: Any, program: IntegerProgram) -> Any:
    rows, columns = program.matrix.shape
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_ = program.costs
    model.col_lower_, model.col_upper_ = np.zeros(columns), np.ones(columns)
    model.row_lower_, model.row_upper_ = program.lower, program.upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = program.matrix.indptr.astype(np.int32)
    model.a_matrix_.index_ = program.matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = program.matrix.data
    whole, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    binaries = program.num_binaries
    model.integrality_ = [whole] * binaries + [real] * (columns - binaries)
    return model


def _stop_all() -> None:
    """Stop all solvers before the interpreter goes away under them."""
    left = [work for work in _running if not work.ended]
    for work in left:
        work.stop()
    for work in left:
        if work.thread is not None:
            work.thread.join(PATIENCE)


atexit.register(_stop_all)
