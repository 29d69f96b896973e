"""The shipped checks: every method passes, and broken ones are found."""

from dataclasses import dataclass, replace
from types import SimpleNamespace

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


@dataclass(frozen=True)
class NoDefault(Asynchronous):
    """Do not know what to do with a network that has no spins."""

    def default_sweeps(self, network):
        """Divide by the number of spins."""
        return 1000 // network.num_spins


@dataclass(frozen=True)
class NoSweeps(Asynchronous):
    """Do nothing by default."""

    def default_sweeps(self, network):
        """Return 0."""
        return 0


class Counted:
    """What is kept outside states, where it does not belong."""

    runs = 0
    latest = None


@dataclass(frozen=True)
class IgnoresItsSeed(Asynchronous):
    """Start from random numbers of its own."""

    def init(self, network, start, seed):
        """Take another seed in each run."""
        Counted.runs += 1
        return super().init(network, start, np.random.SeedSequence(Counted.runs))


@dataclass(frozen=True)
class KnowsItsStates(SimulatedAnnealing):
    """Go on well only from the very object that it returned."""

    def init(self, network, start, seed):
        """Remember the state."""
        Counted.latest = super().init(network, start, seed)
        return Counted.latest

    def advance(self, state, sweeps, horizon):
        """Disturb the random numbers of a state that was never seen."""
        if state is not Counted.latest:
            state.replicas.stream[:] += np.uint64(1)
        Counted.latest = super().advance(state, sweeps, horizon)
        return Counted.latest


@dataclass(frozen=True)
class FeelsTheOffset(Asynchronous):
    """Take the offset for a property of the landscape."""

    def init(self, network, start, seed):
        """Seed with the offset."""
        return super().init(network, start, np.random.SeedSequence(int(10 + network.offset)))


@dataclass(frozen=True)
class EndsAs(Asynchronous):
    """Return an end of which one part is wrong."""

    part: str = ""

    def finish(self, state):
        """Spoil the part."""
        states = state.states()
        good = {"energies": state.energies, "states": lambda: states, "spins": state.spins}
        wrong = {
            "shape": {"states": lambda: states[:-1]},
            "dtype": {"states": lambda: states.astype(int)},
            "values": {"states": lambda: states * np.int8(2)},
            "order": {"spins": lambda replica: -states[replica]},
        }
        return SimpleNamespace(**good | wrong[self.part])


@pytest.mark.parametrize(
    ("broken", "law"),
    [
        (SimpleNamespace(name="bare", keeps=frozenset()), "has 'default_sweeps'"),
        (NoDefault(), "no spins: the defaults raise ZeroDivisionError"),
        (NoSweeps(), "defaults are positive"),
        (IgnoresItsSeed(), "same seed repeats"),
        (KnowsItsStates(), "saved with pickle"),
        (FeelsTheOffset(), "offset changes no state"),
        (EndsAs(part="shape"), "states have the shape"),
        (EndsAs(part="dtype"), "states are int8"),
        (EndsAs(part="values"), "spins are -1 and"),
        (EndsAs(part="order"), "row r of states"),
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
