"""Whether moves get around among the states in which all groups hold, for a line of the result."""

import numpy as np

from hopfield_opt.arrays import SpinArray
from hopfield_opt.groups import Linear
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves import layout_of
from hopfield_opt.rng import stream

# Fewer moves than this part of those that are tried, and the search stays about where it began.
LEAST = 0.01
# Four sweeps of one replica are looked at where a search had so many times as many.
WORTH = 100


def mobility_notes(network: Hamiltonian, state: SpinArray, sweeps: int) -> tuple[str, ...]:
    """Return a line where hardly any proposal keeps the groups, none else.

    Parameters
    ----------
    network : Hamiltonian
        With ranges: the disjoint kinds always let their moves through.
    state : (N,) int8
        A state in which all groups hold, such as the best that was met.
    sweeps : int
        Of all replicas of the search.
    """
    ranges = any(isinstance(group, Linear) for group in network.groups)
    if not ranges or sweeps < 4 * WORTH:
        return ()
    layout = layout_of(network, 1)
    words = stream(0, words=layout.rng_words(1))
    costs = layout.costs(layout.allocate(state[None], words), words)
    share = float(np.mean(~np.isnan(costs)))
    if share >= LEAST:
        return ()
    return (
        f"{100.0 * share:.1g} % of the moves keep the constraints, so that the search hardly "
        "gets around; add(..., keep=False) makes penalties of some",
    )
