"""Kernels: blocks of sweeps over many replicas side by side.

Per spin the states of all replicas are contiguous: *lanes*, an int8 array (N, L), L a multiple
of 64. Each group of 64 lanes has a random stream and a visiting order of its own, so that it
gives the same answer alone or among others. Energies leave out the offset.
"""

from dataclasses import replace
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import scipy.sparse

from hopfield_opt.arrays import FloatArray, SpinArray, WordArray
from hopfield_opt.moves.plans import HEAT_BATH, METROPOLIS, RANDOM, RNG_WORDS, SEQUENTIAL
from hopfield_opt.moves.single.kept import KeptLayout
from hopfield_opt.moves.single.numbering import number_by_locality, renumber
from hopfield_opt.moves.single.sparse import SparseLayout
from hopfield_opt.moves.single.vectors import LANES

__all__ = [
    "HEAT_BATH",
    "LANES",
    "METROPOLIS",
    "RANDOM",
    "SEQUENTIAL",
    "Kernel",
    "allocate",
    "extract",
    "prepare",
    "rng_words",
    "sweep_block",
]


Kernel = SparseLayout | KeptLayout

_layouts: WeakKeyDictionary[Any, dict[tuple[str | int, bool, bool], Kernel]] = WeakKeyDictionary()
_asked: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
_lock = Lock()


def rng_words(num_lanes: int) -> int:
    """Return how many random 64-bit words start the streams of so many lanes."""
    return RNG_WORDS * (num_lanes // LANES)


def allocate(states: SpinArray, layout: Kernel | None = None) -> SpinArray:
    """Return states (R, N), R >= 1, as lanes (N, L); padding repeats the states.

    With a layout the spins come in its order, and there is padding only if it wants some.

    Examples
    --------
    >>> allocate(np.ones((3, 5), dtype=np.int8)).shape
    (5, 64)
    """
    width = len(states) if isinstance(layout, KeptLayout) else -(-len(states) // LANES) * LANES
    lanes = np.ascontiguousarray(states[np.arange(width) % len(states)].T)
    return lanes if layout is None or layout.numbers is None else lanes[layout.numbers]


def extract(lanes: SpinArray, replicas: int, layout: Kernel | None = None) -> SpinArray:
    """Return the first `replicas` lanes as states (R, N), in the order of the network."""
    states = np.ascontiguousarray(lanes[:, :replicas].T)
    if layout is None or layout.numbers is None:
        return states
    ordered = np.empty_like(states)
    ordered[:, layout.numbers] = states
    return ordered


def prepare(
    network: Any,
    *,
    precise: bool = False,
    replicas: int = LANES,
    kernel: str | None = None,
    in_order: bool = False,
) -> Kernel:
    """Return the layout of a Hamiltonian or Network; the same one if it is asked for again.

    Parameters
    ----------
    network : Hamiltonian or Network
        A network without `energy` gets energies of nan.
    precise : bool
        For sampling: 32 random bits for each decision instead of 16, and exact or 64-bit
        fields. Searches need neither.
    replicas : int
        How many will be swept together: a few have other layouts than 64.
    kernel : {"neighbours", "lists", "rows"}, optional
        What serves the network from now on, however many replicas; by default the cheapest.
    in_order : bool
        Whether the spins must keep their numbers, because they shall be visited by them; by
        default those of a large network are numbered anew, see `numbering`.
    """
    with _lock:  # two threads that start together share one layout
        if kernel is not None:
            _asked[network] = kernel
            _layouts.pop(network, None)
        known = _layouts.setdefault(network, {})
        asked = (replicas, precise, in_order)
        if asked not in known:
            weights: Any = network.weights
            is_sparse: Any = scipy.sparse.issparse(weights)
            size = max(1, len(network.thresholds))
            count = weights.nnz if is_sparse else np.count_nonzero(weights)
            name = _asked.get(network) or _cheapest(size, count / size, replicas)
            built = (name, precise, in_order)
            if built not in known:
                known[built] = _build(network, weights, name, precise, in_order)
            known[asked] = known[built]
        return known[asked]


def _build(network: Any, weights: Any, name: str, precise: bool, in_order: bool) -> Kernel:
    if name != "rows":
        weights = scipy.sparse.csr_array(weights)
    elif not isinstance(weights, np.ndarray):
        weights = weights.toarray()
    build = SparseLayout.build if name == "neighbours" else KeptLayout.build
    symmetric = hasattr(network, "energy")
    numbers = None if in_order else number_by_locality(weights)
    thresholds = network.thresholds
    if numbers is not None:
        weights, thresholds = renumber(weights, numbers), thresholds[numbers]
    layout = build(weights, thresholds, symmetric=symmetric, precise=precise)
    return replace(layout, numbers=numbers)


def _cheapest(size: int, degree: float, replicas: int) -> str:
    """Return where a visit of one spin in so many replicas costs least.

    Rounded nanoseconds per replica, as measured: `SparseLayout` adds rows of neighbours for 64
    replicas, however many there are; `KeptLayout` pays for flips, some of the proposals.
    """
    costs = {
        "neighbours": 64 * (0.4 + 0.04 * degree) * -(-replicas // LANES),
        "lists": replicas * (2.0 + 0.2 * degree),
        "rows": replicas * (5.0 + 0.008 * size),
    }
    return min(costs, key=lambda name: costs[name])


def sweep_block(
    layout: Kernel,
    states: SpinArray,
    betas: FloatArray,
    rng: WordArray,
    rule: int = METROPOLIS,
    order: int = RANDOM,
    replicas: int | None = None,
) -> FloatArray:
    """Sweep all lanes once at each inverse temperature and return their energies.

    The result does not depend on how the sweeps are split into calls, nor on how groups of 64
    lanes are.

    Parameters
    ----------
    layout : Kernel
        From `prepare`.
    states : (N, L) int8, C-contiguous
        -1 and +1; changed in place.
    betas : (S, 1) or (S, L) float64
        Inverse temperatures, for all lanes or for each. An infinite one is the deterministic
        rule: flip if the energy falls. No sweep (S = 0) only computes energies.
    rng : uint64, C-contiguous
        ``rng_words(L)`` words; changed in place.
    rule : int
        METROPOLIS (a flip that costs nothing is always made) or HEAT_BATH.
    order : int
        RANDOM (fresh in each sweep, see `layout.random_plan`) or SEQUENTIAL.
    replicas : int, optional
        Only so many lanes matter (the others are padding): dense kernels then skip the rest.

    Returns
    -------
    (L,) float64
        Energies of weights and thresholds, recomputed exactly, without the Hamiltonian's
        offset; nan for a network without energy.
    """
    betas = np.ascontiguousarray(betas, dtype=np.float64)
    count = states.shape[1] if replicas is None else replicas
    energies: FloatArray = layout.sweep_block(states, betas, rng, rule, order, count)
    return energies
