"""Kernels: blocks of sweeps over many replicas side by side."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

METROPOLIS, HEAT_BATH = 0, 1
RANDOM, SEQUENTIAL, STEEPEST = 0, 1, 2
LANES = 64
RNG_WORDS = 36


def rng_words(num_lanes: int) -> int:
    """Return the number of random 64-bit words that start the streams of so many lanes."""
    return RNG_WORDS * (num_lanes // LANES)


def allocate(states: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return states (R, N) as lanes (N, L), L the next multiple of 64; padding repeats states."""
    replicas = len(states)
    width = max(1, -(-replicas // LANES)) * LANES
    return np.ascontiguousarray(states[np.arange(width) % replicas].T)


def extract(lanes: NDArray[np.int8], replicas: int) -> NDArray[np.int8]:
    """Return the first `replicas` lanes as states (R, N)."""
    return np.ascontiguousarray(lanes[:, :replicas].T)


def prepare(network: Any, *, precise: bool = False) -> Any:
    """Return the layout of a Hamiltonian or a Network."""
    from hopfield_opt.dynamics.kernels.sparse import SparseLayout

    weights = network.weights
    return SparseLayout.build(
        weights, network.thresholds, symmetric=hasattr(network, "energy"), precise=precise
    )


def sweep_block(
    layout: Any,
    states: NDArray[np.int8],
    betas: NDArray[np.float64],
    rng: NDArray[np.uint64],
    rule: int = METROPOLIS,
    order: int = RANDOM,
) -> NDArray[np.float64]:
    """Sweep the lanes in place and return their energies without offset; nan for a Network."""
    return layout.sweep_block(states, betas, rng, rule, order)
