"""Temperatures that fit the network."""

import networkx as nx
import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.dynamics.parts.schedule import Schedule, default_schedule
from hopfield_opt.errors import InputError
from hopfield_opt.problems import MaxCut


def test_shapes_meet_both_ends():
    """Both shapes run from the hot to the cold inverse temperature, then only ties move."""
    for shape in ("linear", "geometric"):
        betas = Schedule(0.5, 8.0, shape).betas(np.array([0.0, 0.9, 0.95, 1.0]))
        assert betas.tolist() == [0.5, 8.0, 80.0, 80.0]


def test_unknown_shape_is_an_error():
    """A shape that does not exist is named, with the nearest."""
    with pytest.raises(InputError, match="Did you mean 'linear'"):
        Schedule(1.0, 2.0, "liner")


def test_random_regular_graph_by_hand():
    """On a 3-regular +-1 network the fields are 1 and 3: rms sqrt(3), small ones 1."""
    graph = nx.random_regular_graph(3, 2000, seed=0)
    weights = nx.to_scipy_sparse_array(graph, dtype=float)
    schedule = default_schedule(ho.Hamiltonian(weights))
    assert schedule.hot == pytest.approx(np.log(2) / (2 * np.sqrt(3)), rel=0.02)
    assert schedule.cold == pytest.approx(np.log(2000) / 2, rel=1e-9)


@pytest.mark.parametrize("factor", [1e-12, 3.0, 1e12])
def test_scale_of_the_couplings_drops_out(factor):
    """Couplings times c: inverse temperatures divided by c."""
    hamiltonian = ho.compile(MaxCut.random(60, p=0.2, seed=1)).hamiltonian
    one, other = default_schedule(hamiltonian), default_schedule(hamiltonian.scaled(factor))
    assert other.hot * factor == pytest.approx(one.hot, rel=1e-12)
    assert other.cold * factor == pytest.approx(one.cold, rel=1e-12)


def test_network_without_couplings_has_a_schedule():
    """Where nothing depends on the state any temperature will do."""
    assert default_schedule(ho.Hamiltonian(np.zeros((3, 3)))).hot == 1.0
    assert default_schedule(ho.Hamiltonian(num_spins=0)).cold == 1.0


@pytest.mark.parametrize("beta_range", [(2.0, 1.0), (0.0, 1.0), (1.0, np.inf), (-1.0, 2.0)])
def test_range_of_betas_must_rise(beta_range):
    """Hot before cold, both positive and finite."""
    with pytest.raises(InputError, match="beta_range must"):
        ho.dynamics.SimulatedAnnealing(beta_range=beta_range)
