"""Asynchronous descent: who is asked when."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.couplings import Factored
from hopfield_opt.dynamics.asynchronous import Asynchronous

PAIRS = 32


def rivals():
    """Return pairs (k, k + 32) of which only one can stay up: the one that is asked last."""
    inhibition = np.kron([[0, 1], [1, 0]], np.eye(PAIRS))
    return ho.Hamiltonian(-inhibition)


@pytest.mark.parametrize(
    ("order", "share"),
    [("random", 0.5), ("random-unit", 0.5), ("poisson", 0.5), ("sequential", 1.0)],
)
def test_whoever_is_asked_first_yields(order, share):
    """In a random order each of two rivals is asked first as often; in sequential order never."""
    start = np.ones((400, 2 * PAIRS), dtype=np.int8)
    end = ho.run(rivals(), Asynchronous(order), start, seed=0)
    first_fell = (end.states[:, :PAIRS] < 0).mean(axis=0)
    error = 4 * np.sqrt(0.25 / 400)  # of each pair: four standard errors
    np.testing.assert_allclose(first_fell, share, atol=error if share < 1 else 0)


def test_large_factored_weights_are_asked_in_a_full_shuffle(monkeypatch):
    """Factored weights run side by side, and their order is as random."""
    monkeypatch.setattr("hopfield_opt.moves.base.MOST_EXPANDED", 1)
    rows = np.concatenate([np.eye(PAIRS), np.eye(PAIRS)], axis=1)
    network = ho.Hamiltonian(Factored(rows, 0.5))  # (s_k + s_k+32)^2 / 2
    fell = []
    for seed in range(60):
        end = ho.run(network, Asynchronous(), np.ones((1, 2 * PAIRS), np.int8), seed=seed)
        fell.append(end.states[0, :PAIRS] < 0)
    np.testing.assert_allclose(np.mean(fell, axis=0), 0.5, atol=4 * np.sqrt(0.25 / 60))
    assert abs(np.mean(fell) - 0.5) < 4 * np.sqrt(0.25 / 60 / PAIRS)
