"""`run`: what is recorded agrees with what is recomputed, sweep by sweep and flip by flip."""

import copy
import json
import pickle
from dataclasses import dataclass, replace
from types import MappingProxyType, SimpleNamespace

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.dynamics import available
from hopfield_opt.dynamics.asynchronous import ORDERS, Asynchronous
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.dynamics.glauber import Glauber
from hopfield_opt.dynamics.parts.thermal import Thermal
from hopfield_opt.dynamics.simulated_annealing import SimulatedAnnealing
from hopfield_opt.errors import InputError, SizeError
from hopfield_opt.groups import OneHot


def glass(size=40, seed=0):
    """Return a dense spin glass with thresholds."""
    g = np.random.default_rng(seed)
    weights = g.normal(size=(size, size))
    return ho.Hamiltonian(weights + weights.T - 2 * np.diag(np.diag(weights)), g.normal(size=size))


def starts(count=3, size=40):
    """Return random states."""
    return np.random.default_rng(9).choice(np.array([-1, 1], np.int8), (count, size))


@pytest.mark.parametrize("order", list(ORDERS))
@pytest.mark.parametrize("every", ["sweep", "flip", 2])
def test_records_agree_with_the_recorded_states(order, every):
    """Energies and overlaps are those of the states of the same moment, and never rise."""
    network, patterns = glass(), starts(2)
    end = ho.run(
        network,
        Asynchronous(order),
        starts(),
        record=("energy", "overlap", "states"),
        every=every,
        patterns=patterns,
        seed=4,
    )
    trace = end.trace
    assert end.status is ho.Status.CONVERGED
    np.testing.assert_allclose(
        trace.energy, network.energy(trace.states.reshape(-1, 40)).reshape(-1, 3)
    )
    np.testing.assert_allclose(trace.overlap, trace.states @ patterns.T / 40)
    np.testing.assert_array_equal(trace.states[0], starts())
    np.testing.assert_array_equal(trace.states[-1], end.states)
    assert (np.diff(trace.energy, axis=0) <= 1e-12).all()
    if every == "flip":
        assert (np.abs(np.diff(trace.states.astype(int), axis=0)).sum(axis=2) <= 2).all()


def test_a_flip_is_a_moment_of_its_own():
    """Flip by flip the moments are those of the flips; a replica that has stopped has none."""
    end = ho.run(glass(), Asynchronous(), starts(), record="energy", every="flip", seed=1)
    sweeps = end.trace.sweeps
    assert sweeps.shape == end.trace.energy.shape
    assert (sweeps[0] == 0).all()
    flips = np.isfinite(sweeps).sum(axis=0) - 1
    assert flips.max() == len(sweeps) - 1
    for r, count in enumerate(flips):
        assert (np.diff(sweeps[: count + 1, r]) >= 0).all()
        assert (np.diff(end.trace.energy[: count + 1, r]) < 0).all()


@pytest.mark.parametrize("method", ["glauber", "metropolis", "heat-bath"])
def test_samplers_can_be_followed_flip_by_flip(method):
    """Flips at a temperature go up and down; the log's energies are those of its states."""
    end = ho.run(glass(), method, starts(), 5, record=("energy", "states"), every="flip", seed=0)
    states = end.trace.states.reshape(-1, 40)
    np.testing.assert_allclose(end.trace.energy, glass().energy(states).reshape(-1, 3))
    changes = np.diff(end.trace.energy, axis=0)
    assert (changes > 0).any()
    assert (changes < 0).any()


def test_a_network_has_no_energy():
    """Weights that are not symmetric run, and the result invents no energy."""
    network = ho.Network([[0, 1], [-1, 0]])
    for method in ("asynchronous", "synchronous", "glauber", "heat-bath", "hopfield-tank"):
        end = ho.run(network, method, [1, 1], sweeps=3, record=("energy", "states"), seed=0)
        assert end.energy is None
        assert end.value is None
        assert np.isnan(end.energies).all()
        assert np.isnan(end.trace.energy).all()
    assert "no energy" in str(end)


def test_a_run_as_json_holds_the_best_state():
    """The answer of a network is a state: that of the lowest energy among the replicas."""
    end = ho.run(glass(), "asynchronous", starts(), seed=0)
    report = json.loads(end.to_json())
    assert report["answer"] == end.states[np.argmin(end.energies)].tolist()
    assert report["energy"] == report["value"] == end.energies.min()


def test_every_counts_sweeps():
    """With an integer every so many sweeps are recorded, the start and the end included."""
    end = ho.run(
        ho.Hamiltonian(None, num_spins=4),
        "simulated-annealing",
        None,
        10,
        record="states",
        every=4,
        seed=0,
    )
    assert end.trace.sweeps.tolist() == [0, 4, 8, 10]


def test_the_same_seed_repeats_and_the_start_stays():
    """Two runs with one seed agree; the user's array is not changed."""
    start = starts()
    kept = start.copy()
    first, second = (ho.run(glass(), Asynchronous("poisson"), start, seed=3) for _ in range(2))
    np.testing.assert_array_equal(first.states, second.states)
    np.testing.assert_array_equal(start, kept)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"record": "energie"}, "energy"),
        ({"record": "outputs"}, "record must be one of energy, overlap, states, got 'outputs'"),
        (
            {"record": "temperatur", "dynamics": "hopfield-tank"},
            "one of energy, lyapunov, outputs, overlap, states",
        ),
        ({"record": [["energy"]]}, "record must be one of"),
        ({"record": 3}, "record must be a name or several"),
        ({"record": "outputs", "every": "flip"}, "energy, overlap or states for each flip"),
        ({"every": "flips"}, "flip"),
        ({"every": 0}, "every must be"),
        ({"dynamics": "simulated-annealing", "every": "flip"}, "every must be 'sweep'"),
        ({"dynamics": "auto"}, "solve picks"),
        ({"dynamics": SimpleNamespace(keeps=())}, r"inherits dynamics\.base\.Dynamics"),
        ({"dynamics": Asynchronous}, r"Make one with Asynchronous\(\)"),
        ({"start": [1, 1]}, "start must"),
        ({"start": np.ones((0, 40))}, "at least one"),
        ({"patterns": [1, 1]}, "patterns must"),
        ({"sweeps": -1}, "sweeps must be"),
        ({"network": [[0, 1], [1, 0]]}, "network must be"),
        (
            {"network": ho.Network(np.eye(40)), "dynamics": "simulated-annealing"},
            "must have an energy",
        ),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    """Every argument that cannot be used is named."""
    arguments = {"network": glass(), "dynamics": "asynchronous", "start": starts(), **change}
    with pytest.raises(InputError, match=message):
        ho.run(**arguments)


@dataclass(frozen=True, eq=False)
class Followed(Thermal):
    """Replicas that know more of themselves."""

    observables = MappingProxyType({"mean": "means", "first": "firsts", "age": "sweeps"})

    @property
    def means(self):
        """(R,) mean spins."""
        return self.states().mean(axis=1)

    @property
    def firsts(self):
        """(R, 2) the first spins."""
        return self.states()[:, :2]


@dataclass(frozen=True)
class FollowedGlauber(Glauber):
    """Glauber's dynamics with such states."""

    def init(self, network, start, seed):
        """Return the replicas at their starts (R, N)."""
        state = super().init(network, start, seed)
        return Followed(state.replicas, state.betas)


def test_a_dynamics_records_something_of_its_own():
    """What a state declares is recorded for each replica of each group, and stands in the end."""
    names = ("states", "mean", "first", "age")
    end = ho.run(glass(), FollowedGlauber(2.0), starts(130), 6, record=names, every=2, seed=0)
    trace = end.trace
    np.testing.assert_array_equal(trace.mean, trace.states.mean(axis=2))
    np.testing.assert_array_equal(trace.first, trace.states[:, :, :2])
    np.testing.assert_array_equal(trace.age, np.array([[0], [2], [4], [6]]).repeat(130, 1))
    assert set(end.details) == {"means", "firsts", "sweeps"}
    np.testing.assert_array_equal(end.details["means"], end.states.mean(axis=1))
    np.testing.assert_array_equal(end.details["sweeps"], np.full(130, 6))
    assert repr(trace).endswith("mean (4, 130), first (4, 130, 2), age (4, 130))")


@dataclass(frozen=True, eq=False)
class Counter:
    """States that stay, and numbers that are changed in place."""

    rows: np.ndarray
    energies: np.ndarray
    counts: np.ndarray
    sweeps: int = 0
    converged = False
    observables = MappingProxyType({"count": "counts"})

    def spins(self, replica):
        """Return the (N,) state of one replica."""
        return self.rows[replica]

    def states(self):
        """Return the (R, N) states."""
        return self.rows


class Counting(Dynamics):
    """Count sweeps."""

    name = "counting"

    def default_sweeps(self, network):
        """Return 3."""
        return 3

    def batch(self, network):
        """Return 2."""
        return 2

    def init(self, network, start, seed):
        """Return states that have counted nothing."""
        return Counter(start, network.energy(start), np.zeros(len(start), int))

    def advance(self, state, sweeps, horizon):
        """Count on in the same array."""
        state.counts[:] += sweeps
        return replace(state, sweeps=state.sweeps + sweeps)

    def finish(self, state):
        """Return the state as it is."""
        return state


def test_a_record_stays_as_it_was():
    """A dynamics may go on in the arrays that it has shown; its default replicas are two groups."""
    trace = ho.run(glass(), Counting(), record="count", seed=0).trace
    assert trace.count.tolist() == [[0], [1], [2], [3]]
    result = ho.solve(glass(), method=Counting(), sweeps=3, seed=0)
    assert (result.sweeps, len(result.energies)) == (3, 4)


# "separable" takes no couplings, and declares nothing
@pytest.mark.parametrize("name", sorted(available().keys() - {"auto", "separable"}))
def test_what_a_method_declares_is_recorded(name):
    """Each method records all that its states declare; the last moment is the end's."""
    state = available()[name]().init(glass(12), starts(2, 12), np.random.SeedSequence(0))
    declared = dict(getattr(state, "observables", {}))
    end = ho.run(glass(12), name, starts(2, 12), 5, record=tuple(declared), seed=0)
    assert set(end.details) == set(declared.values())
    for record, attribute in declared.items():
        rows = getattr(end.trace, record)
        assert rows.shape[:2] == (len(end.trace.sweeps), 2)
        np.testing.assert_array_equal(rows[-1], end.details[attribute])


def test_a_run_adds_no_descent():
    """A hot anneal ends where its last sweep left it, with records or without."""
    hot = SimulatedAnnealing(beta_range=(0.01, 0.02))
    network = glass(40)
    watched = ho.run(network, hot, starts(4, 40), 40, record="energy", seed=1)
    alone = ho.run(network, hot, starts(4, 40), 40, seed=1)
    np.testing.assert_array_equal(watched.trace.energy[-1], watched.energies)
    np.testing.assert_array_equal(alone.states, watched.states)
    signs = watched.states
    np.testing.assert_allclose(network.energy(signs), watched.energies)
    assert np.any(signs * network.local_field(signs) < 0)  # no minima


def test_what_was_not_recorded_is_named():
    """Energy, overlap and states are None; anything else says how it is recorded."""
    trace = ho.run(glass(), "glauber", sweeps=2, record="temperature", seed=0).trace
    assert trace.energy is trace.overlap is trace.states is None
    for same in (trace, pickle.loads(pickle.dumps(trace)), copy.deepcopy(trace)):
        assert same.temperature.tolist() == [[1.0]] * 3
        with pytest.raises(AttributeError, match="'outputs', got temperature. Use run"):
            _ = same.outputs


def test_states_that_come_and_go_have_no_records():
    """An enumeration shows now more states, now fewer: it says so."""
    signs = np.sign(glass(24).to_dense())
    with pytest.raises(InputError, match="now more states, now fewer, got 'energy'"):
        ho.run(ho.Hamiltonian(signs), "exhaustive", record="energy", seed=0)


def test_groups_need_moves_that_keep_them():
    """A single-flip dynamics on a network with groups is refused, flip by flip as well."""
    network = ho.Hamiltonian(np.zeros((3, 3)), groups=[OneHot([0, 1, 2])])
    with pytest.raises(InputError, match="OneHot"):
        ho.run(network, "asynchronous", [1, -1, -1])


def test_too_much_to_record_is_refused():
    """The memory of the records is predicted."""
    for method, record in (("synchronous", "states"), ("hopfield-tank", "outputs")):
        with pytest.raises(SizeError, match="GiB"):
            ho.run(glass(), method, starts(100), 10**7, record=record)


def test_a_run_goes_on_until_every_replica_rests():
    """Groups of replicas that begin at rest do not end the run of the others."""
    network = glass()
    rest = ho.run(network, "asynchronous", starts(1), seed=0).states
    end = ho.run(network, "asynchronous", np.concatenate([np.repeat(rest, 64, 0), starts(64)]))
    assert end.status is ho.Status.CONVERGED
    assert (network.flip_energy(end.states) >= 0).all()


def test_without_temperature_a_tie_stays():
    """No flip is made that changes no energy."""
    start = starts(2, 6)
    end = ho.run(ho.Hamiltonian(None, num_spins=6), "asynchronous", start, every="flip", seed=0)
    np.testing.assert_array_equal(end.states, start)
    assert len(end.trace.sweeps) == 1
