"""Networks without couplings, solved outright: what is cheapest in each group, and a proof."""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.random import SeedSequence
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.arrays import FloatArray, SpinArray
from hopfield_opt.dynamics.parts.proving import Proving
from hopfield_opt.errors import InputError
from hopfield_opt.exactness import EPS, last_bits, need_no_rounding
from hopfield_opt.groups import ALL_KINDS, Group, Linear, Permutation
from hopfield_opt.hamiltonian import Hamiltonian, Network

Indices = NDArray[np.intp]

# All replicas are one state: what comes out is what is lowest, not where each began.
REPLICAS = 2**20
# How far the second best permutation lies above the best takes n^3 steps, here half a second.
# It is asked for only where sums of the costs are rounded.
MOST_COMPARED = 500
# An assignment of n rows is found in some n^2.5 steps, which cannot be left half done.
STEPS_OF_ASSIGNMENT = 0.2


class Solved(NamedTuple):
    """The lowest state of a network without couplings."""

    network: Hamiltonian
    spins_: SpinArray
    gap: float  # half of what every other state is higher by, at the least
    error: float  # half of what energies may differ by that are equal
    sweeps: int = 0

    @property
    def energies(self) -> FloatArray:
        """(1,) the lowest energy."""
        return np.asarray(self.network.energy(self.spins_[None]), np.float64)

    @property
    def converged(self) -> bool:
        """Whether nothing can move any more: that is so from the first."""
        return True

    @property
    def proven(self) -> bool:
        """Whether the state is the lowest: not where rounding might have put it before another."""
        return self.error == 0.0 or self.gap > self.error

    def spins(self, replica: int) -> SpinArray:
        """Return the (N,) lowest state, which is all that there is."""
        return np.array(self.states()[replica])

    def states(self) -> SpinArray:
        """Return the (1, N) lowest state."""
        return self.spins_[None].copy()


@dataclass(frozen=True)
class Separable(Proving):
    """Take what is cheapest in each group of a network without couplings: no search, but a proof.

    The energy of such a network is a sum over spins, and its groups, which share no spin, are
    independent: of a one-hot the cheapest member is on, of a count as many of the cheapest as its
    range allows, of a permutation the cheapest assignment (Crouse 2016). A spin in no group turns
    to where its threshold wants it. Of equal members those with lower numbers are on.

    Parameters
    ----------
    tolerance : float
        Energies that differ by no more may be equal: only a state that is alone is then proven.

    References
    ----------
    D. F. Crouse, "On implementing 2D rectangular assignment algorithms", IEEE Transactions on
    Aerospace and Electronic Systems 52 (2016) 1679.

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> two_of_four = ho.groups.Cardinality([0, 1, 2, 3], 2, 2)
    >>> network = ho.Hamiltonian(thresholds=[4.0, 1.0, 3.0, 2.0], groups=[two_of_four])
    >>> ho.solve(network, method="separable").state.tolist()
    [-1, 1, -1, 1]
    """

    name: ClassVar[str] = "separable"
    summary: ClassVar[str] = "no couplings: the cheapest of each group, a proof"
    keeps: ClassVar[frozenset[type[Group]]] = ALL_KINDS - {Linear}

    def misfit(self, network: Hamiltonian | Network) -> str:
        """Return what a network must be without, as it binds groups together; "" if it is."""
        if isinstance(network, Network) or any(term.num_couplings() for term in network.couplings):
            return "no couplings"
        return "no Linear groups" if _has_ranges(network) else ""

    def default_sweeps(self, network: Hamiltonian) -> int:
        """Return 1: there is nothing to repeat."""
        return 1

    def batch(self, network: Hamiltonian) -> int:
        """Return how many replicas share a state: as many as there are."""
        return REPLICAS

    def default_replicas(self, network: Hamiltonian) -> int:
        """Return 1: there is only one result."""
        return 1

    def init(self, network: Hamiltonian, start: SpinArray, seed: SeedSequence) -> Solved:
        """Return the lowest state; the start (R, N) need not be a state that it shows.

        Raises
        ------
        InputError
            If a group can never hold.
        """
        # half of E(on) - E(off)
        costs, error = network.thresholds, self.tolerance / 2.0
        spins = np.full(network.num_spins, -1, np.int8)
        with np.errstate(over="ignore"):
            gap = _choose_counts(network, costs, spins)
            for group in network.groups:
                if isinstance(group, Permutation):
                    own_gap, own_error = _choose_places(group, costs, spins, self.tolerance)
                    gap, error = min(gap, own_gap), error + own_error
        return Solved(network, spins, gap, error)

    def advance(self, state: Solved, sweeps: int, horizon: int) -> Solved:
        """Return the state as it is."""
        return state._replace(sweeps=state.sweeps + sweeps)

    def finish(self, state: Solved) -> Solved:
        """Return the state as it is."""
        return state


def _has_ranges(network: Hamiltonian) -> bool:
    return any(isinstance(group, Linear) for group in network.groups)


def _choose_counts(network: Hamiltonian, costs: FloatArray, spins: SpinArray) -> float:
    """Turn on the cheapest of each count, and free spins as they want; return the gap.

    What comes next differs in one spin or in two: in a count, the last that is on gives way to the
    first that is off, or one of the two is turned.
    """
    counts: list[Any] = [g for g in network.groups if not isinstance(g, Permutation)]
    free = np.ones(len(costs), np.bool_)
    for group in network.groups:
        free[group.members] = False
    # a free spin is a count of one that may be 0 or 1
    alone = np.flatnonzero(free)
    members = np.concatenate([*(group.members for group in counts), alone]).astype(np.intp)
    sizes = np.array([*(len(g.members) for g in counts), *np.ones(len(alone), np.intp)], np.intp)
    ranges = [group.bounds for group in counts]
    lower = np.array([*(low for low, _ in ranges), *np.zeros(len(alone), np.intp)], np.intp)
    upper = np.array([*(high for _, high in ranges), *np.ones(len(alone), np.intp)], np.intp)
    lower, upper = np.maximum(lower, 0), np.minimum(upper, sizes)
    for row in np.flatnonzero(lower > upper)[:1]:
        raise _impossible(counts[row])
    deadline.check(20 * len(members))
    owner = np.repeat(np.arange(len(sizes)), sizes)
    members = members[np.lexsort((costs[members], owner))]
    ends = np.cumsum(sizes)
    rank = np.arange(len(members)) - np.repeat(ends - sizes, sizes)
    wanted = np.bincount(owner, costs[members] < 0, len(sizes)).astype(np.intp)
    number = np.clip(wanted, lower, upper)
    spins[members[rank < number[owner]]] = 1
    # the dearest that is on and the cheapest that is off, where there are such
    sorted_costs = np.concatenate([costs[members], [np.inf]])
    on = np.where(number > 0, sorted_costs[ends - sizes + number - 1], -np.inf)
    off = np.where(number < sizes, sorted_costs[ends - sizes + number], np.inf)
    one_less = np.where(number > lower, -on, np.inf)
    one_more = np.where(number < upper, off, np.inf)
    return float(np.minimum(off - on, np.minimum(one_less, one_more)).min(initial=np.inf))


def _choose_places(
    group: Permutation, costs: FloatArray, spins: SpinArray, tolerance: float
) -> tuple[float, float]:
    """Turn on the cheapest permutation; return the gap, and the error where sums are rounded."""
    # imported here: most networks have no permutation
    from scipy.optimize import linear_sum_assignment

    grid = costs[group.indices]
    size, largest = len(grid), float(np.abs(grid).max(initial=0.0))
    deadline.check(STEPS_OF_ASSIGNMENT * size**2.5)
    closed = np.where(group.allowed_places, grid, np.inf)
    try:
        column = linear_sum_assignment(closed)[1]
    except ValueError:  # no permutation of allowed places
        raise _impossible(group) from None
    spins[group.indices[np.arange(size), column]] = 1
    # prices of rows and columns are sums of so many costs at the most
    sizes = np.asarray(4.0 * size * largest)
    whole = need_no_rounding(np.asarray(last_bits(grid).min(initial=np.inf)), sizes)
    error = 0.0 if whole else float(size * EPS * sizes)
    if error + tolerance == 0.0:
        return np.inf, 0.0
    return _gap_of_places(closed, column), error


def _gap_of_places(costs: FloatArray, column: Indices) -> float:
    """Return by how much every other permutation is dearer, 0 where that takes too long to tell.

    Another permutation differs in cycles of rows, each of which takes the place of the next; the
    cheapest cycle is found by shortest paths (Floyd, Warshall).
    """
    size = len(costs)
    if size > MOST_COMPARED:
        return 0.0
    # what it costs if row i takes the place of row j
    path = costs[:, column] - costs[np.arange(size), column][:, None]
    np.fill_diagonal(path, np.inf)
    for k in range(size):
        if deadline.has_passed():
            return 0.0
        np.minimum(path, path[:, k, None] + path[None, k], out=path)
    return float(np.diag(path).min(initial=np.inf))


def _impossible(group: Group) -> InputError:
    return InputError(
        f"groups must have a state in which all of them hold, got none for {group!r}. "
        "Check its bounds, or turn it into a penalty."
    )
