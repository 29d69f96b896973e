"""The default: look at the network and pick a dynamics, with the reason."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from hopfield_opt import deadline
from hopfield_opt.arrays import check_truth
from hopfield_opt.couplings import Explicit
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.dynamics.cluster_search import ClusterSearch
from hopfield_opt.dynamics.exhaustive import Exhaustive
from hopfield_opt.dynamics.parts.parameters import keep
from hopfield_opt.dynamics.parts.replicas import LARGE
from hopfield_opt.dynamics.separable import Separable
from hopfield_opt.dynamics.simulated_annealing import SimulatedAnnealing
from hopfield_opt.dynamics.tabu import TabuSearch
from hopfield_opt.groups import (
    ALL_KINDS,
    AtMostOne,
    Cardinality,
    Group,
    Linear,
    OneHot,
    Permutation,
    overlapping_equalities,
)
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves import (
    conflicts_of,
    is_partitioned,
    is_tour,
    knows_all_swaps,
    potts_of,
)
from hopfield_opt.moves.all_states import num_states

# So many states (20 free spins) are looked at in milliseconds, and the answer is proven.
FEW_STATES = 2**20
# Smaller networks are solved by any anneal, and each replica of it is a read of its own.
SMALL = 100
# Beyond this mean degree replicas differ in one single cluster: nothing to recombine.
MANY_NEIGHBOURS = 64
ROUNDING = 1e-9
# A network counts as biased from this ratio on of thresholds to rows of weights (root mean
# squares; a random QUBO has 1 and more, a spin glass 0), and as dense from this share of pairs on.
# There one-flip tabu search meets the best known of all bqp1000 within .05 to .5 s, at which time
# annealing is some 1e-3 % off; without a bias annealing wins: -67790 against -67270 on dense +-1
# with 2000 spins in 2.5 s, and no difference up to 300.
BIASED, DENSE = 0.5, 0.05
NAMES: dict[type[Group], str] = {
    Permutation: "permutations",
    OneHot: "one-hots",
    AtMostOne: "at-most-ones",
    Cardinality: "counts",
    Linear: "rows that may overlap",
}


@dataclass(frozen=True)
class Auto:
    """Pick the dynamics that suits a network; the result says which, and why.

    Parameters
    ----------
    milp : bool
        Whether branch and cut may go beside the search where a model is linear.

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> Auto().pick(ho.Hamiltonian([[0, 1], [1, 0]]))[0].name
    'exhaustive'
    """

    name: ClassVar[str] = "auto"
    summary: ClassVar[str] = "pick one of the others by size and structure"
    keeps: ClassVar[frozenset[type[Group]]] = ALL_KINDS
    keeps_overlaps: ClassVar[bool] = True
    keeps_all_rows: ClassVar[bool] = False
    milp: bool = True

    def __post_init__(self) -> None:
        keep(self, check_truth, "milp")

    def pick(self, hamiltonian: Hamiltonian) -> tuple[Dynamics, str]:
        """Return the dynamics that usually suits a network best, and why."""
        candidates, reason = self.candidates(hamiltonian)
        return candidates[0], reason

    def candidates(self, hamiltonian: Hamiltonian) -> tuple[tuple[Dynamics, ...], str]:
        """Return the dynamics that may suit a network, the usual one first, and why it is that.

        One alone has no rival; of several short searches tell which it is.
        """
        states = num_states(hamiltonian)
        if states <= FEW_STATES:
            return (Exhaustive(),), f"all {states} states can be looked at"
        if not Separable().misfit(hamiltonian):
            return (Separable(),), "no couplings: the cheapest of each group"
        found, why = _for_groups(hamiltonian) if hamiltonian.groups else _for_flips(hamiltonian)
        if overlapping_equalities(hamiltonian.groups):
            found = tuple(dynamics for dynamics in found if dynamics.keeps_overlaps)
        return found[: 1 if hamiltonian.num_spins <= SMALL else None], why


def _for_flips(hamiltonian: Hamiltonian) -> tuple[tuple[Dynamics, ...], str]:
    """Return the dynamics for a network of single spins, the usual one first, and why."""
    if not all(isinstance(term, Explicit) for term in hamiltonian.couplings):
        return (SimulatedAnnealing(),), "couplings kept as factors"
    pairs = sum(term.num_couplings() for term in hamiltonian.couplings)
    size = hamiltonian.num_spins
    degree = pairs / size
    annealing, tabu, clusters = SimulatedAnnealing(), TabuSearch(), ClusterSearch()
    if conflicts_of(hamiltonian) is not None:
        return (tabu, annealing), "conflicts between pairs: whoever is in the way of one goes"
    if degree > DENSE * size and _bias(hamiltonian) > BIASED:
        return (tabu, annealing), f"{degree:.0f} couplings a spin and thresholds: a dense QUBO"
    if size <= SMALL:
        return (annealing,), "a small network"
    if size > LARGE:
        return (annealing,), "so large a network that one anneal fills the time"
    if degree > MANY_NEIGHBOURS:
        return (annealing, tabu), f"{degree:.0f} couplings a spin: dense"
    return (clusters, tabu, annealing), f"{degree:.0f} couplings a spin: sparse"


def _for_groups(hamiltonian: Hamiltonian) -> tuple[tuple[Dynamics, ...], str]:
    """Return the dynamics for a network with groups, the usual one first, and why.

    In one second tabu search was level or ahead on five of five one-hot networks (a colouring of
    450 vertices in .3 s, annealing has 3 conflicts left after 5 s), annealing on five of five with
    counts and ranges. On permutations tabu search was ahead on three of six kinds in two seconds,
    by .1 to .8 %, level on two, and behind by 2.8 % on clustered places whose flows span orders of
    magnitude (1.3 % with rounds as short as today's): both are raced. On tours and paths annealing
    moves whole parts, tabu search single cities: level up to 25, and behind on 60 (7.1 against 5.9
    in the plane, 3.9 against 1.7 at random distances, after half a second).
    """
    kinds = {type(group) for group in hamiltonian.groups}
    annealing, tabu = SimulatedAnnealing(), TabuSearch()
    if kinds == {Permutation}:
        if knows_all_swaps(hamiltonian):
            return (tabu, annealing), "a permutation, all of whose swaps are known"
        if is_tour(hamiltonian):
            return (annealing,), "a tour or a path: annealing turns and moves parts of it"
    # kernels take milliseconds to load: those are imported that the kinds may need
    if kinds == {OneHot}:
        known = potts_of(hamiltonian) is not None or is_partitioned(hamiltonian)
        if known and not _has_preferences(hamiltonian):
            return (tabu, annealing), "one-hot groups: tabu search moves what is in conflict"
    if kinds == {Cardinality} and _is_cut(hamiltonian):
        from hopfield_opt.dynamics.multilevel import MultilevelSearch

        return (MultilevelSearch(), annealing, tabu), "a balanced cut: contract, refine, recombine"
    if kinds == {OneHot, Linear} and _is_partition(hamiltonian):
        from hopfield_opt.dynamics.multilevel import MultilevelSearch

        why = "a balanced partition: contract, refine, recombine"
        return (MultilevelSearch(), annealing, tabu), why
    return (annealing, tabu), f"its moves keep {_names(kinds)}"


def _names(kinds: set[type[Group]]) -> str:
    """Return what kinds of groups are called, one after another."""
    names = [name for kind, name in NAMES.items() if kind in kinds]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _has_preferences(hamiltonian: Hamiltonian) -> bool:
    """Whether a one-hot group would choose among its members by itself, without any other.

    A colouring has no preferences, and its conflicts lead tabu search; labels of pixels have.
    """
    if (potts := potts_of(hamiltonian)) is not None:
        return potts.has_preferences
    # of E as a function of binaries, the linear part: thresholds and sums of weights
    sums = hamiltonian.local_field(np.ones(hamiltonian.num_spins)) + hamiltonian.thresholds
    linear = hamiltonian.thresholds + sums
    scale = float(np.abs(hamiltonian.thresholds).max(initial=0.0))
    return any(
        float(np.ptp(linear[group.indices])) > ROUNDING * scale
        for group in deadline.check_each(hamiltonian.groups, 100)
        if isinstance(group, OneHot)
    )


def _is_cut(hamiltonian: Hamiltonian) -> bool:
    """Whether the network is a large graph, mostly of bonds that want to stay whole."""
    size, terms = hamiltonian.num_spins, hamiltonian.couplings
    if len(hamiltonian.groups) != 1 or size <= SMALL or len(terms) != 1:
        return False
    if not isinstance(terms[0], Explicit):
        return False
    weights: Any = hamiltonian.weights
    return bool(weights.sum() > 0.5 * abs(weights).sum())


def _is_partition(hamiltonian: Hamiltonian) -> bool:
    """Whether parts of bounded weight are asked for, mostly with bonds that want to stay whole."""
    from hopfield_opt.moves.multilevel.partition import PartitionNetwork

    found = PartitionNetwork.of(hamiltonian)
    if found is None:
        return False
    bonds = found.finest.graph.weights
    return bool(bonds.sum() > 0.5 * abs(bonds).sum())


def _bias(hamiltonian: Hamiltonian) -> float:
    """Return how large the thresholds are, next to what random neighbours add to a field.

    Some spins have neighbours.
    """
    weights: Any = hamiltonian.weights
    numbers = weights if isinstance(weights, np.ndarray) else weights.data
    scale = float(max(numbers.max(), -numbers.min()))
    pushes = float(np.linalg.norm(numbers / scale))  # squares stay in range
    return float(np.linalg.norm(hamiltonian.thresholds / scale) / pushes)
