"""What is kept of a network lives no longer than the network."""

import gc
import weakref

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.couplings import Factored, Kronecker
from hopfield_opt.groups import Cardinality, Linear, OneHot, Permutation

BLOCK = np.arange(9).reshape(3, 3)
RING = np.roll(np.eye(3), 1, axis=1)
COSTS = np.array([[0.0, 2.0, 3.0], [2.0, 0.0, 1.0], [3.0, 1.0, 0.0]])
WEIGHTS = np.ones((6, 6)) - np.eye(6)
NETWORKS = {
    "free": lambda: ho.Hamiltonian(WEIGHTS),
    "factored": lambda: ho.Hamiltonian([Factored(np.ones((2, 6)))]),
    "one-hots": lambda: ho.Hamiltonian(WEIGHTS, groups=[OneHot([0, 1, 2]), OneHot([3, 4, 5])]),
    "count": lambda: ho.Hamiltonian(WEIGHTS, groups=[Cardinality(range(6), 2, 3)]),
    "range": lambda: ho.Hamiltonian(WEIGHTS, groups=[Linear(range(6), [1, 2, 3, 1, 2, 3], 2, 7)]),
    "tour": lambda: ho.Hamiltonian([Kronecker(COSTS, RING, BLOCK)], groups=[Permutation(BLOCK)]),
    "swaps": lambda: ho.Hamiltonian([Kronecker(COSTS, COSTS, BLOCK)], groups=[Permutation(BLOCK)]),
}


@pytest.mark.parametrize("method", ["simulated-annealing", "tabu", "parallel-tempering", "auto"])
@pytest.mark.parametrize("kind", NETWORKS)
def test_a_network_that_nobody_holds_is_gone(kind, method):
    """Layouts, schedules and what searches share are freed with it: many solves fill no memory."""
    network = NETWORKS[kind]()
    ho.solve(network, method=method, sweeps=4, replicas=2, seed=0, n_jobs=1)
    watched = weakref.ref(network)
    del network
    gc.collect()
    assert watched() is None
