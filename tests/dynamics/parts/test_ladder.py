"""Exchange of temperatures between neighbours, and where the temperatures go."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopfield_opt.dynamics.parts.ladder import FIRST_ROUND, ROUNDS, Ladder

ENERGIES = st.lists(st.floats(-20, 20), min_size=2, max_size=2)


@given(ENERGIES, st.floats(0.1, 2), st.floats(0, 2))
def test_exchange_has_detailed_balance(energies, beta, gap):
    """Weight times probability is the same for an exchange and for its way back."""
    betas = np.array([beta, beta + gap])

    def weight_and_probability(first, second):
        ladder = Ladder.of(betas, 2, 0)
        ladder = ladder.exchange(np.array([first, second]), np.ones((1, 1)))
        return -(betas @ [first, second]), np.log(np.maximum(ladder.accepted[0], 1e-300))

    there = weight_and_probability(*energies)
    back = weight_and_probability(*energies[::-1])
    assert sum(there) == pytest.approx(sum(back), abs=1e-9)
    assert max(there[1], back[1]) == 0.0


def test_exchange_happens_below_the_probability():
    """Replicas change places exactly where the random number is below the probability."""
    betas, energies = np.array([1.0, 2.0]), np.array([-1.0, 0.0])
    # exp((2 - 1) (0 - -1)) > 1: the colder one is higher, always
    assert Ladder.of(betas, 2, 0).exchange(energies, np.array([[0.999]])).holders.tolist() == [
        [1, 0]
    ]
    chance = np.exp(-1.0)
    for draw, expected in ((chance - 0.01, [[1, 0]]), (chance + 0.01, [[0, 1]])):
        ladder = Ladder.of(betas, 2, 0).exchange(-energies, np.array([[draw]]))
        assert ladder.holders.tolist() == expected
    assert ladder.by_replica().tolist() == [1.0, 2.0]


def test_even_and_odd_pairs_take_turns_and_ladders_stay_apart():
    """Pairs 0-1, 2-3 first, then 1-2, 3-4; nobody crosses to the other ladder."""
    ladder = Ladder.of(np.ones(5), 10, 0)
    first = ladder.exchange(np.zeros(10), np.zeros((2, 4)))
    assert first.holders.tolist() == [[1, 0, 3, 2, 4], [6, 5, 8, 7, 9]]
    second = first.exchange(np.zeros(10), np.zeros((2, 4)))
    assert second.holders.tolist() == [[1, 3, 0, 4, 2], [6, 8, 5, 9, 7]]
    assert second.asked.tolist() == [2, 2, 2, 2]


def test_temperatures_move_until_all_pairs_exchange_alike():
    """Energies that fluctuate most at one place draw the temperatures there; the ends stay."""
    rng = np.random.default_rng(0)
    ladder = Ladder.of(np.linspace(0.0, 10.0, 16), 64, ROUNDS)

    def spread(beta):
        return np.where(np.abs(beta - 3) < 1, 6.0, 1.0)

    def mean(beta):  # d<E>/dbeta = -sigma^2
        return -np.interp(beta, [0, 2, 4, 10], [0, 2, 74, 80])

    while ladder.rounds:
        betas = ladder.by_replica()
        energies = mean(betas) + spread(betas) * rng.standard_normal(64)
        ladder = ladder.exchange(energies, rng.random((4, 15)))
        if (after := ladder.adapt()) is not ladder:
            # what was counted at other temperatures says nothing about these
            assert not after.asked.any()
            assert not after.accepted.any()
        ladder = after
    assert ladder.exchanges == FIRST_ROUND * (2**ROUNDS - 1)
    assert ladder.betas[[0, -1]].tolist() == [0.0, 10.0]
    assert (np.diff(ladder.betas) > 0).all()
    rates = []
    for _ in range(600):
        betas = ladder.by_replica()
        energies = mean(betas) + spread(betas) * rng.standard_normal(64)
        ladder = ladder.exchange(energies, rng.random((4, 15)))
        assert ladder.adapt() is ladder
    rates = ladder.accepted / ladder.asked
    assert rates.min() > 0.5 * rates.max()
    assert np.count_nonzero(np.abs(ladder.betas - 3) < 1) >= 7  # of 16; evenly spaced: 3
