"""Which layout serves a network: the table of all kinds of moves."""

from copy import copy
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from hopfield_opt.arrays import SpinArray, WordArray
from hopfield_opt.groups import Linear, OneHot, Permutation
from hopfield_opt.hamiltonian import Hamiltonian, Network
from hopfield_opt.moves import base
from hopfield_opt.moves.base import Layout, TabuEngine
from hopfield_opt.moves.single.free_spins import FreeSpins
from hopfield_opt.rng import stream

if TYPE_CHECKING:
    from hopfield_opt.moves.chains.guided import FirstStates
    from hopfield_opt.moves.conflicts.conflict_form import ConflictForm
    from hopfield_opt.moves.groups.grouped import GroupedLayout
    from hopfield_opt.moves.potts.potts_form import PottsForm

# First states descend for so many sweeps, and in all by so many proposals: a tenth of a second.
MOST_FIRST_SWEEPS, FIRST_PROPOSALS = 10, 20_000

_layouts: WeakKeyDictionary[Any, dict[bool, Layout]] = WeakKeyDictionary()
_starts: WeakKeyDictionary[Hamiltonian, SpinArray] = WeakKeyDictionary()
_lock = Lock()


def flips_alone(network: Hamiltonian | Network) -> bool:
    """Whether the fast kernels for single flips serve a network: no groups, few couplings."""
    return not getattr(network, "groups", ()) and not is_large(network)


def moves_by_chains(network: Hamiltonian | Network) -> bool:
    """Whether searches move by chains of flips: ranges overlap."""
    if not any(isinstance(group, Linear) for group in getattr(network, "groups", ())):
        return False
    from hopfield_opt.moves.chains import overlap

    assert isinstance(network, Hamiltonian)  # a Network has no groups
    return overlap.accepts(network)


def is_large(network: Hamiltonian | Network) -> bool:
    """Whether couplings that are kept as factors are too many to be expanded."""
    return any(
        isinstance(term, base.KEPT) and term.num_couplings() > base.MOST_EXPANDED
        for term in getattr(network, "couplings", ())
    )


def layout_of(
    network: Hamiltonian | Network,
    replicas: int,
    *,
    sampling: bool = False,
    in_order: bool = False,
) -> Layout:
    """Return the layout that serves so many replicas of a network.

    Without groups the kernels for single flips; for one permutation block the one that moves
    permutations; where ranges overlap, and nobody samples, chains of flips; for any other mix
    of groups the general one. Large networks of factors that nobody expands are swept block by
    block.

    Parameters
    ----------
    network : Hamiltonian or Network
        What is to be moved.
    replicas : int
        How many states side by side.
    sampling : bool
        Whether the states must follow Boltzmann's law: decisions then take 32 random bits
        instead of 16, and every proposal is as likely as its way back.
    in_order : bool
        Whether sequential sweeps must follow the numbers of the spins: single flips else follow
        numbers of their own on a large network.
    """
    if flips_alone(network):
        return FreeSpins.build(network, replicas, sampling=sampling, in_order=in_order)
    assert isinstance(network, Hamiltonian)  # a Network has neither groups nor implicit couplings
    with _lock:  # two threads that start together share one layout
        known = _layouts.setdefault(network, {})
        if sampling not in known:
            known[sampling] = _build(network, uniform=sampling)
        return known[sampling]


def _build(network: Hamiltonian, *, uniform: bool) -> Layout:
    # imported here: most networks have no groups, and these kernels take a while to load
    from hopfield_opt.moves.chains import overlap
    from hopfield_opt.moves.permutation import permuted as permutation
    from hopfield_opt.moves.single import factored_blocks

    if factored_blocks.accepts(network):
        return factored_blocks.FactoredBlocks.build(network)
    if permutation.accepts(network):
        return permutation.build(network, uniform=uniform)
    if not uniform and overlap.accepts(network):
        from hopfield_opt.moves.chains.chained import ChainLayout

        return ChainLayout.build(network)
    return _general(network, uniform=uniform)


def _general(network: Hamiltonian, *, uniform: bool = False) -> "GroupedLayout":
    """Return the layout for any mix of groups; starts that it does not find others do."""
    from hopfield_opt.moves.groups.grouped import GroupedLayout

    return GroupedLayout.build(network, uniform=uniform, repair=partial(_repair, copy(network)))


def _repair(network: Hamiltonian, states: SpinArray, words: WordArray) -> SpinArray | None:
    from hopfield_opt.moves.chains.repair import Repair
    from hopfield_opt.moves.chains.rows import RowTerms

    return Repair.of(RowTerms.of(network)).starts(states, words)


def tabu_of(network: Hamiltonian) -> TabuEngine:
    """Return what searches a network: exchanges, classes, one-hot moves, flips, swaps, or any."""
    if (form := conflicts_of(network)) is not None:
        from hopfield_opt.moves.conflicts.conflict_tabu import ConflictTabu

        return ConflictTabu(form)
    if (potts := potts_of(network)) is not None:
        from hopfield_opt.moves.potts.class_tabu import ClassTabu

        return ClassTabu(potts)
    if is_partitioned(network):
        from hopfield_opt.moves.potts.potts_tabu import PottsTabu

        return PottsTabu.build(network)
    if flips_alone(network):
        from hopfield_opt.moves.single.flip_tabu import FlipTabu

        return FlipTabu.build(network)
    from hopfield_opt.moves.groups.grouped import GroupedLayout
    from hopfield_opt.moves.permutation.permuted import PermutationLayout
    from hopfield_opt.moves.rounds import group_rounds, permutation_rounds

    layout = layout_of(network, 1)
    if isinstance(layout, PermutationLayout) and layout.has_tabu:
        return permutation_rounds(layout)
    if not isinstance(layout, GroupedLayout):  # it alone knows all moves of any network
        layout = _general(network)
    return group_rounds(layout)


def potts_of(network: Hamiltonian) -> "PottsForm | None":
    """Return a network as a Potts model, sites in classes, or None where it is something else."""
    groups = getattr(network, "groups", ())
    if not groups or not isinstance(groups[0], OneHot):
        return None
    from hopfield_opt.moves.potts.potts_form import PottsForm

    return PottsForm.of(network)


def is_partitioned(network: Hamiltonian | Network) -> bool:
    """Whether tabu search keeps a table of all moves within one-hot groups, as of all flips."""
    groups = getattr(network, "groups", ())
    if not groups or not isinstance(groups[0], OneHot):
        return False
    from hopfield_opt.moves.potts.potts_tabu import PottsTabu

    assert isinstance(network, Hamiltonian)  # a Network has no groups
    return PottsTabu.accepts(network)


def conflicts_of(network: Hamiltonian) -> "ConflictForm | None":
    """Return a network as conflicts between pairs, or None where it is something else."""
    from hopfield_opt.moves.conflicts.conflict_form import ConflictForm

    return ConflictForm.of(network)


def tabu_effort(network: Hamiltonian) -> int:
    """Return how many flips of a fast kernel take about as long as a move of tabu search."""
    form = conflicts_of(network) or potts_of(network)
    return max(1, network.num_spins) if form is None else form.effort


def knows_all_swaps(network: Hamiltonian | Network) -> bool:
    """Whether the tabu search of a network looks at all swaps of one permutation at once."""
    groups: tuple[Any, ...] = getattr(network, "groups", ())
    if len(groups) != 1 or not isinstance(groups[0], Permutation):
        return False
    from hopfield_opt.moves.permutation.permuted import PermutationLayout

    layout = layout_of(network, 1)
    return isinstance(layout, PermutationLayout) and layout.has_tabu


def is_tour(network: Hamiltonian) -> bool:
    """Whether the energy of a network is the length of a tour or a path."""
    from hopfield_opt.moves.permutation.permuted import TourLayout

    return isinstance(layout_of(network, 1), TourLayout)


def find_first_states(
    network: Hamiltonian, count: int, seed: int, seconds: float | None
) -> "FirstStates | None":
    """Return good states in which all groups hold, or None where any state will do.

    Parameters
    ----------
    network : Hamiltonian
        With groups or without.
    count : int
        How many states at the most.
    seed : int
        Of all that is random.
    seconds : float or None
        For a linear program; None is for none.
    """
    if not any(isinstance(group, Linear) for group in network.groups):
        return None
    from hopfield_opt.moves.chains.guided import first_states

    found = first_states(network, count, seed, seconds)
    return None if found is None else found._replace(states=_descend(network, found.states, seed))


def _descend(network: Hamiltonian, states: SpinArray, seed: int) -> SpinArray:
    """Return states (K, N) after a short descent, the lowest first."""
    sweeps = min(MOST_FIRST_SWEEPS, FIRST_PROPOSALS // max(1, states.size))
    if sweeps:
        layout = layout_of(network, len(states))
        words = stream(seed, words=layout.rng_words(len(states)))
        lanes = layout.allocate(states, words)
        layout.sweep_block(lanes, np.full((sweeps, 1), np.inf), words)
        states = layout.extract(lanes, len(states))
    return states[np.argsort(network.energy(states), kind="stable")]


def has_start(hamiltonian: Hamiltonian) -> bool:
    """Whether a state in which all groups hold is found at once."""
    if not any(isinstance(group, Linear) for group in hamiltonian.groups):
        return True  # the disjoint kinds are repaired in one pass
    from hopfield_opt.moves.multilevel.partition import PartitionNetwork

    partition = PartitionNetwork.of(hamiltonian)
    if partition is not None and partition.holds(partition.first()):
        return True
    layout = layout_of(hamiltonian, 1)
    state = np.full((1, hamiltonian.num_spins), -1, dtype=np.int8)
    found = layout.feasible_start(state, stream(0, words=layout.rng_words(1)))
    if found is not None:
        with _lock:
            _starts[hamiltonian] = found[0]
    return found is not None


def start_at_hand(hamiltonian: Hamiltonian) -> SpinArray | None:
    """Return the state (N,) that `has_start` has found, None if it found or needed none."""
    with _lock:
        return _starts.get(hamiltonian)
