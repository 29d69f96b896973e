"""Branch and cut over the binaries of a network, by HiGHS."""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.random import SeedSequence

from hopfield_opt import deadline
from hopfield_opt.arrays import FloatArray, SpinArray
from hopfield_opt.dynamics.parts.branching import Branching
from hopfield_opt.dynamics.parts.cycle_rows import with_cycles
from hopfield_opt.dynamics.parts.proving import Proving
from hopfield_opt.exactness import EPS, are_exact
from hopfield_opt.groups import ALL_KINDS, Group
from hopfield_opt.hamiltonian import Hamiltonian, Network
from hopfield_opt.moves.integer_program import MOST_PRODUCTS, SCALE, SURE, IntegerProgram
from hopfield_opt.moves.repair import repair_groups

# All replicas are one search.
REPLICAS = 2**20
# A run without a limit goes on to the end.
TO_THE_END = 2**40
# It is looked at each time that it has looked up.
EVERY_LOOK = 2**60
# Nobody waits longer at once, in seconds: there may be a limit, or Ctrl-C.
SLICE = 0.02


class Branched(NamedTuple):
    """Where a branch-and-cut search is.

    Attributes
    ----------
    search : Branching
        The search, which has gone on from here once `sweeps` is less than its looks.
    network : Hamiltonian
        What is minimised.
    program : IntegerProgram
        The same as a program.
    start : (N,) int8
        What is shown before there is anything better.
    best : (N,) int8 or None
        The best so far.
    least : float
        What the program is at least, in units, as HiGHS says; minus infinity before.
    sweeps : int
        How often HiGHS has looked up.
    waiting : bool
        Whether it is still at the sweeps that were asked for.
    closed : str or None
        How it ended: "optimal", "infeasible", "" where it gave up; None before.
    tolerance : float
        Energies that differ by no more may be equal.
    finished : bool
        Whether the start is shown with its energy where there is nothing better.
    """

    search: Branching
    network: Hamiltonian
    program: IntegerProgram
    start: SpinArray
    tolerance: float
    best: SpinArray | None = None
    least: float = -np.inf
    sweeps: int = 0
    waiting: bool = False
    closed: str | None = None
    finished: bool = False

    @property
    def energies(self) -> FloatArray:
        """(1,) the energy of the best so far; infinite while there is none."""
        if self.best is None and not self.finished:
            return np.array([np.inf])  # not judged before anything better
        return np.asarray(self.network.energy(self.states()), np.float64)

    @property
    def converged(self) -> bool:
        """Whether HiGHS has ended."""
        return self.closed is not None

    @property
    def proven(self) -> bool:
        """Whether no state has less energy, and none has any where none is shown that keeps all.

        HiGHS reckons in floating point, within a tolerance that tells whole sums apart. Its bound
        is believed where the next lower energy would lie below it by more than half a unit.
        """
        if not self.program.is_safe:
            return False
        if self.closed == "infeasible":
            return self.best is None
        told_apart = self.tolerance < SURE * self.program.scale
        if self.closed != "optimal" or self.best is None or not self.program.is_whole:
            return False
        kept = not any(group.violation(self.states()).any() for group in self.network.groups)
        least = self.program.value(self.best)
        return told_apart and kept and least - 1.0 < self.least - 2.0 * SURE

    @property
    def bound(self) -> float:
        """What the energy is at least, if HiGHS is right within its tolerance."""
        if not self.program.is_safe or not np.isfinite(self.least):
            return -np.inf
        if self.program.is_whole:
            units = np.ceil(self.least - SURE)
        else:
            units = self.least - self.program.tolerance * max(SCALE, abs(self.least))
        energy = self.program.energy(float(units))
        rounded = not (self.program.is_whole and are_exact([self.program.base, self.program.scale]))
        return energy - self.tolerance - (4.0 * EPS * abs(energy) if rounded else 0.0)

    def spins(self, replica: int) -> SpinArray:
        """Return the (N,) best state so far."""
        return np.array(self.start if self.best is None else self.best)

    def states(self) -> SpinArray:
        """Return the (1, N) best state so far."""
        return self.spins(0)[None]

    def __reduce__(self) -> Any:
        """Begin anew and go as far as it was: a solver cannot be sent away."""
        return _again, (self.network, self.start, self.tolerance, self.sweeps, self.finished)


def _again(
    network: Hamiltonian, start: SpinArray, tolerance: float, sweeps: int, finished: bool
) -> Branched:
    rule = Milp(tolerance)
    state = rule.init(network, start[None], SeedSequence(0))
    while sweeps and (state.waiting or state.sweeps < sweeps) and not state.converged:
        state = rule.advance(state, sweeps, sweeps)
    return state._replace(finished=finished)


@dataclass(frozen=True)
class Milp(Proving):
    """Branch and cut, a mixed-integer linear program solved by HiGHS.

    The binaries ``x = (1 + s) / 2`` of all spins are its columns, groups its rows; each product
    in the energy becomes a column of its own, at most 20000. What `solve` compiles for it has all
    constraints as rows; without any, the tightest frustrated cycles are (Barahona & Mahjoub 1986).
    A sweep is what HiGHS does between two looks at whether it is to stop.

    HiGHS works in floating point. That its answer is the lowest is taken as proven where energies
    are whole multiples of a unit, and sums of coefficients differ by more than its tolerance.

    Parameters
    ----------
    tolerance : float
        Energies that differ by no more may be equal.

    References
    ----------
    Q. Huangfu, J. A. J. Hall, "Parallelizing the dual revised simplex method", Mathematical
    Programming Computation 10 (2018) 119; https://highs.dev.

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> m = ho.Model()
    >>> x = m.binary(4, name="x")
    >>> m.maximize((x * [6, 5, 4, 3]).sum())
    >>> m.add((x * [5, 4, 3, 2]).sum() <= 9)
    >>> result = ho.solve(m, method="milp")
    >>> result.value, result.status.name
    (12.0, 'OPTIMAL')
    """

    name: ClassVar[str] = "milp"
    summary: ClassVar[str] = "branch and cut by HiGHS, for linear models: a proof"
    keeps: ClassVar[frozenset[type[Group]]] = ALL_KINDS
    keeps_overlaps: ClassVar[bool] = True
    keeps_all_rows: ClassVar[bool] = True
    needs_start: ClassVar[bool] = False

    def misfit(self, network: Hamiltonian | Network) -> str:
        """Return that there are too many products; "" if there are not."""
        terms = () if isinstance(network, Network) else network.couplings
        many = sum(term.num_couplings() for term in terms) > MOST_PRODUCTS
        return f"at most {MOST_PRODUCTS} couplings" if many else ""

    def default_sweeps(self, network: Hamiltonian) -> int:
        """Return more than there are: a run without a limit goes on to the end."""
        return TO_THE_END

    def proposal_cost(self, network: Hamiltonian) -> int:
        """Return so much that the best is looked at after each sweep."""
        return EVERY_LOOK

    def batch(self, network: Hamiltonian) -> int:
        """Return how many replicas share a state: as many as there are."""
        return REPLICAS

    def default_replicas(self, network: Hamiltonian) -> int:
        """Return 1: there is only one search."""
        return 1

    def init(self, network: Hamiltonian, start: SpinArray, seed: SeedSequence) -> Branched:
        """Return a search that shows the first start (R, N), repaired, until it finds a state."""
        program = with_cycles(IntegerProgram.of(network), network)
        own = start[0].copy()
        if any(group.violation(own[None]).any() for group in network.groups):
            repair_groups(network, own, np.random.default_rng(seed))
        # no start is told: with one, HiGHS 1.16 may return it in the place of the optimum
        search = Branching(program, deadline.remaining())
        return Branched(search, network, program, own, self.tolerance)

    def advance(self, state: Branched, sweeps: int, horizon: int) -> Branched:
        """Return the state after so many more looks, or where the search is after 20 ms."""
        search = state.search
        if not state.waiting:
            search.let(state.sweeps + sweeps)
        through = search.wait(SLICE)
        if not through:
            deadline.check()
        return _look(state, waiting=not through)

    def peek(self, state: Branched) -> Branched:
        """Return the state as the search is now, which goes on by itself."""
        return _look(state)

    def finish(self, state: Branched) -> Branched:
        """Return the state with the last that was found; the search is over."""
        state.search.stop()
        return _look(state)._replace(finished=True, waiting=False)


def _look(state: Branched, waiting: bool = False) -> Branched:
    """Return a state as the search is now."""
    search = state.search
    ended = search.ended
    return state._replace(
        best=search.best,
        least=search.bound,
        sweeps=search.looks,
        waiting=waiting and not ended,
        closed=search.closed if ended else None,
    )
