"""From graded outputs to spins: the descent at the end of an anneal of graded neurons."""

from dataclasses import replace

import numpy as np

from hopfield_opt.arrays import SpinArray
from hopfield_opt.dynamics.parts.replicas import Replicas
from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import Hamiltonian


def descend(replicas: Replicas, states: SpinArray) -> Replicas:
    """Return the local minima below states (R, N)."""
    lanes = replicas.layout.allocate(states, replicas.stream)
    # no energy equals nan: the first sweep of the descent is never taken for the last
    unknown = np.full(len(states), np.nan)
    return replace(replicas, lanes=lanes, energies=unknown).descend()


def check_energy(name: str, network: object) -> None:
    """Raise for a network without an energy."""
    if not isinstance(network, Hamiltonian):
        raise InputError(
            f"network must be a Hamiltonian for {name}, got {network!r}, which has no energy. "
            "Use hopfield-tank, which needs only the local field."
        )
