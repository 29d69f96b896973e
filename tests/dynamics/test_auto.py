"""What the default picks, and whether it says why."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.couplings import Factored
from hopfield_opt.dynamics.auto import Auto
from hopfield_opt.groups import OneHot
from hopfield_opt.problems import MaxCut


@pytest.mark.parametrize(
    ("hamiltonian", "name", "reason"),
    [
        (ho.Hamiltonian(num_spins=0), "simulated-annealing", "small"),
        (ho.Hamiltonian(np.ones((5, 5)) - np.eye(5)), "simulated-annealing", "small"),
        (ho.Hamiltonian(np.ones((200, 200)) - np.eye(200)), "simulated-annealing", "dense"),
        (ho.compile(MaxCut.random(300, p=0.02, seed=1)).hamiltonian, "cluster-search", "sparse"),
        (ho.Hamiltonian(Factored(np.ones((1, 200)))), "simulated-annealing", "factors"),
        (ho.Hamiltonian(num_spins=3, groups=[OneHot([0, 1])]), "simulated-annealing", "keep"),
    ],
)
def test_pick(hamiltonian, name, reason):
    """Size, density and structure decide, and the reason names them."""
    dynamics, why = Auto().pick(hamiltonian)
    assert dynamics.name == name
    assert reason in why


def test_result_says_what_was_taken_and_why():
    """The method of a result is the dynamics that ran."""
    result = ho.solve(MaxCut.random(200, p=0.03, seed=1), sweeps=20, seed=0)
    assert result.method == "cluster-search"
    assert "sparse" in str(result)
