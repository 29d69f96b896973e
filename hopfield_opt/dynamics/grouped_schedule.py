"""Temperatures that fit a network with groups: derived from the costs of moves, free of scale."""

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.dynamics.kernels.grouped import GroupedLayout
from hopfield_opt.dynamics.schedule import (
    FIELD_ROUNDING,
    HOT_ACCEPTANCE,
    MIN_SPINS,
    SMALL_QUANTILE,
    Schedule,
)
from hopfield_opt.errors import InputError

# So many proposals give quantiles to about 1 %.
SAMPLES = 2**16


def typical_costs(layout: GroupedLayout) -> NDArray[np.float64]:
    """Return ``|cost|`` of proposals at random states in which all groups hold, zeros left out.

    Always the same ones for a given network; empty if no start was found.
    """
    size = layout.hamiltonian.num_spins
    replicas = int(np.clip(SAMPLES // max(size, 1), 1, 16))
    spins = np.random.default_rng(0).choice(np.array([-1, 1], np.int8), (replicas, size))
    rng = np.random.SeedSequence(0).generate_state(layout.rng_words(replicas), np.uint64)
    try:
        lanes = layout.allocate(spins, rng)
    except InputError:
        return np.empty(0)
    costs = np.abs(layout.costs(lanes, rng))
    return np.asarray(costs[costs > FIELD_ROUNDING * np.nanmax(costs, initial=0.0)])


def grouped_schedule(layout: GroupedLayout, shape: str = "linear") -> Schedule:
    """Return the schedule that the costs of proposals ask for.

    As `default_schedule`, with the cost of a move in the place of a flip's ``2 |h|``:

        beta_hot  = ln(1 / HOT_ACCEPTANCE)  / rms cost
        beta_cold = ln(max(N, MIN_SPINS)) / quantile of the costs that are not 0

    Examples
    --------
    >>> from hopfield_opt.groups import OneHot
    >>> from hopfield_opt.hamiltonian import Hamiltonian
    >>> network = Hamiltonian(thresholds=[0.0, 2.0], groups=[OneHot([0, 1])])
    >>> schedule = grouped_schedule(GroupedLayout.build(network))
    >>> round(schedule.hot * 4, 6), round(schedule.cold * 4, 6)
    (0.693147, 4.60517)
    """
    costs = typical_costs(layout)
    if not len(costs):
        return Schedule(1.0, 1.0, shape)
    scale = costs.max()  # squares of very large or small costs stay in range
    hot = -np.log(HOT_ACCEPTANCE) / (scale * np.sqrt(np.mean((costs / scale) ** 2)))
    spins = max(layout.hamiltonian.num_spins, MIN_SPINS)
    cold = np.log(spins) / np.quantile(costs, SMALL_QUANTILE)
    return Schedule(float(hot), float(cold), shape)
