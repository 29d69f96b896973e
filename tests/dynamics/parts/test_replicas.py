"""The state of a group of replicas, whatever kernel serves them."""

import numpy as np
import pytest

from hopfield_opt.dynamics.parts.replicas import Replicas
from hopfield_opt.physics.statistics import autocorrelation

KINDS = ("signs", "reals", "one-hot", "cardinality", "linear", "product", "chain", "swap")


def begin(boltzmann, kind, replicas, *, sampling=False):
    """Return a network and replicas on it."""
    free = kind in ("signs", "reals")
    network = boltzmann.free(kind) if free else boltzmann.grouped_network(kind)
    start = boltzmann.start(network, replicas)
    state = Replicas.init(network, start, np.random.SeedSequence(1), sampling=sampling)
    return network, state


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("replicas", [5, 70])
def test_selected_replicas_go_on_from_their_parents(boltzmann, kind, replicas):
    """States and energies are those of the parents, and stay right in the sweeps that follow."""
    network, state = begin(boltzmann, kind, replicas)
    state = state.sweep(np.full((3, 1), 0.2))
    before, energies = state.states(), state.energies
    parents = np.random.default_rng(0).integers(0, replicas, replicas)
    state = state.select(parents)
    assert np.array_equal(state.states(), before[parents])
    assert np.array_equal(state.energies, energies[parents])
    state = state.sweep(np.full((2, 1), 0.2))
    assert state.energies == pytest.approx(network.energy(state.states()), abs=1e-9)
    for group in network.groups:
        assert not group.violation(state.states()).any()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("replicas", [5, 70])
def test_each_replica_has_its_own_temperature(boltzmann, kind, replicas):
    """At infinite beta replicas only descend; the others go on moving."""
    _, state = begin(boltzmann, kind, replicas)
    cold = np.arange(replicas) % 3 == 0
    betas = np.where(cold, np.inf, 0.0)[None]
    state = state.sweep(np.repeat(betas, 60, axis=0))
    before = state.states()
    moved = np.zeros(replicas, dtype=bool)
    for _ in range(12):
        state = state.sweep(betas)
        moved |= (state.states() != before).any(axis=1)
    assert not moved[cold].any()
    assert moved[~cold].all()


def test_sampling_layouts_are_others_than_those_of_searches(boltzmann):
    """More random bits for a decision, and proposals that are as likely as their way back."""
    for kind, what in (("signs", "kernel.precise"), ("one-hot", "options")):
        layouts = []
        for sampling in (False, True):
            _, state = begin(boltzmann, kind, 4, sampling=sampling)
            layouts.append(state.layout)
        search, sample = layouts
        if kind == "signs":
            assert (search.kernel.precise, sample.kernel.precise) == (False, True), what
        else:
            assert (search.options[0], sample.options[0]) == (False, True)


def test_replicas_forget(boltzmann):
    """At a high temperature energies are uncorrelated from sweep to sweep."""
    _, state = begin(boltzmann, "reals", 640, sampling=True)
    series = []
    for _ in range(30):
        state = state.sweep(np.full((1, 1), 0.01), rule=1)
        series.append(state.energies)
    assert abs(autocorrelation(np.array(series)[5:])[1]) < 0.05
