"""The shipped checks: every method passes, and broken ones are found."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from hopfield_opt.dynamics import available
from hopfield_opt.dynamics.asynchronous import Asynchronous
from hopfield_opt.dynamics.simulated_annealing import SimulatedAnnealing
from hopfield_opt.dynamics.synchronous import Synchronous
from hopfield_opt.testing import check_dynamics

METHODS = {name: kind for name, kind in available().items() if name != "auto"}


@pytest.mark.parametrize("name", METHODS)
def test_every_method_keeps_the_laws(name):
    """Each method of the registry passes with its defaults."""
    check_dynamics(METHODS[name]())


@dataclass(frozen=True)
class ChangesItsStart(Asynchronous):
    """Work in the caller's array."""

    def init(self, network, start, seed):
        """Negate the start in place."""
        start *= -1
        return super().init(network, start, seed)


@dataclass(frozen=True)
class ForgetsItsStream(SimulatedAnnealing):
    """Draw another number in each call."""

    def advance(self, state, sweeps, horizon):
        """Disturb the random numbers once a call."""
        state.replicas.stream[:] += np.uint64(1)
        return super().advance(state, sweeps, horizon)


@dataclass(frozen=True)
class StaleEnergies(SimulatedAnnealing):
    """Report energies that are not those of the states."""

    def finish(self, state):
        """Shift the energies."""
        end = super().finish(state)
        return replace(end, replicas=replace(end.replicas, energies=end.energies + 1))


@dataclass(frozen=True)
class HasAScale(SimulatedAnnealing):
    """Anneal between temperatures that do not come from the network."""

    beta_range: tuple[float, float] | None = (0.01, 2.0)


@dataclass(frozen=True)
class ClaimsToKeep(Synchronous):
    """Claim groups whose moves it does not have."""

    keeps = SimulatedAnnealing.keeps


@pytest.mark.parametrize(
    ("broken", "law"),
    [
        (ChangesItsStart(), "start is not changed"),
        (ForgetsItsStream(), "split into calls"),
        (StaleEnergies(), "energies are those"),
        (HasAScale(), "factor of 4"),
        (ClaimsToKeep(), "holds at the end"),
    ],
)
def test_broken_ones_are_found(broken, law):
    """Each broken law is named."""
    with pytest.raises(AssertionError, match=law):
        check_dynamics(broken)
