"""The shipped checks: every method passes, and broken ones are found."""

from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np
import pytest

from hopfield_opt.dynamics import available
from hopfield_opt.dynamics.asynchronous import Asynchronous
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.dynamics.glauber import Glauber
from hopfield_opt.dynamics.parts.thermal import Thermal
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


class Nameless(Dynamics):
    """Have no name."""

    def default_sweeps(self, network):
        """Return 1."""
        return 1

    def batch(self, network):
        """Return 1."""
        return 1

    def init(self, network, start, seed):
        """Never run."""

    def advance(self, state, sweeps, horizon):
        """Never run."""

    def finish(self, state):
        """Never run."""


@dataclass(frozen=True, eq=False)
class Declaring(Thermal):
    """A state with observables that do not fit."""

    declared: dict = field(default_factory=dict)

    @property
    def observables(self):
        """What the test declares."""
        return self.declared

    @property
    def one_spin(self):
        """The first spins of one replica."""
        return self.states()[0, :1].repeat(5)

    @property
    def growing(self):
        """More numbers from sweep to sweep."""
        return np.zeros((len(self.energies), self.sweeps))


@dataclass(frozen=True)
class Declares(Glauber):
    """Declare what cannot be recorded."""

    declared: dict = field(default_factory=dict)

    def init(self, network, start, seed):
        """Return a state that declares it."""
        state = super().init(network, start, seed)
        return Declaring(state.replicas, state.betas, self.declared)


@dataclass(frozen=True, eq=False)
class Forgetful(Thermal):
    """A state with an observable that pickle does not keep."""

    observables = {"shown": "shown"}  # noqa: RUF012

    @property
    def shown(self):
        """Whether this is a copy."""
        return np.full(len(self.energies), vars(self).get("copied", 0))

    def __setstate__(self, state):
        """Remember that this is a copy, for good."""
        vars(self).update(state)
        vars(self)["copied"] = 1


@dataclass(frozen=True)
class ForgetsWhatItShows(Glauber):
    """Show something that depends on whether the state was saved."""

    def init(self, network, start, seed):
        """Return such a state."""
        state = super().init(network, start, seed)
        return Forgetful(state.replicas, state.betas)

    def advance(self, state, sweeps, horizon):
        """Go on, a copy as a copy."""
        moved = super().advance(state, sweeps, horizon)
        vars(moved).update(copied=vars(state).get("copied", 0))
        return moved


@dataclass(frozen=True)
class EndsAs(Asynchronous):
    """Return an end of which one part is wrong."""

    part: str = ""

    def finish(self, state):
        """Spoil the part."""
        states = state.states()
        good = {"energies": state.energies, "states": lambda: states, "spins": state.spins}
        good |= {"sweeps": state.sweeps, "converged": state.converged}
        wrong = {
            "shape": {"states": lambda: states[:-1]},
            "dtype": {"states": lambda: states.astype(int)},
            "values": {"states": lambda: states * np.int8(2)},
            "order": {"spins": lambda replica: -states[replica]},
        }
        return SimpleNamespace(**good | wrong[self.part])


@dataclass(frozen=True)
class CountsOn(Asynchronous):
    """Count the sweeps that were asked for, however soon everything rests."""

    def advance(self, state, sweeps, horizon):
        """Go on, and miscount."""
        moved = super().advance(state, sweeps, horizon)
        return replace(moved, sweeps=state.sweeps + sweeps)


@dataclass(frozen=True)
class CountsDouble(Glauber):
    """Count each sweep twice."""

    def advance(self, state, sweeps, horizon):
        """Go on for longer."""
        return super().advance(state, 2 * sweeps, 2 * horizon)


@pytest.mark.parametrize(
    ("broken", "law"),
    [
        (SimpleNamespace(name="bare", keeps=frozenset()), "inherits hopfield_opt.dynamics.base"),
        (Nameless(), "has 'name'"),
        (Declares(declared={"height": "heights"}), "has 'heights', as it declares"),
        (Declares(declared={"energy": "energies"}), "a name that nothing else has, not 'energy'"),
        (Declares(declared={"sweeps": "sweeps"}), "a name that nothing else has, not 'sweeps'"),
        (
            Declares(declared={"first spin": "sweeps"}),
            "a name that nothing else has, not 'first spin'",
        ),
        (Declares(declared={"first": "one_spin"}), "'first' has a row for each replica"),
        (Declares(declared={"growing": "growing"}), "observables keep their shapes"),
        (ForgetsWhatItShows(), "saved with pickle, and so with 'shown'"),
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
        (CountsOn(), "split into calls, and so the count of sweeps"),
        (CountsDouble(), "sweeps counts those that were done"),
        (ClaimsToKeep(), "holds at the end"),
    ],
)
def test_broken_ones_are_found(broken, law):
    """Each broken law is named."""
    with pytest.raises(AssertionError, match=law):
        check_dynamics(broken)
