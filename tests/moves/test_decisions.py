"""The rules of acceptance, against their formulas and the same random numbers."""

import math

import numpy as np
import pytest

from hopfield_opt import rng, xoshiro
from hopfield_opt.moves import decisions
from tests.kernels import callable_part

accepts_move = callable_part(decisions.accepts_move)
DRAWS = {"flip": callable_part(xoshiro.uniform), "swap": callable_part(xoshiro.inner)}


def accepts_exact_move(change, beta, heat_bath, words):
    """Ask with exact sums."""
    return accepts_move(change, beta, heat_bath, 0.0, words)


RULES = {
    "flip": callable_part(decisions.accepts_flip),
    "swap": callable_part(decisions.accepts_swap),
    "move": accepts_exact_move,
}


@pytest.mark.parametrize("heat_bath", [False, True])
@pytest.mark.parametrize("rule", RULES)
def test_a_change_is_accepted_with_its_probability(rule, heat_bath):
    """Accepted is what the number drawn allows: Metropolis' probability, or the heat bath's."""
    words, draw = rng.stream(1, words=4), DRAWS["flip" if rule == "flip" else "swap"]
    accepted = 0
    for change in np.linspace(-3.0, 6.0, 200):
        u = draw(words.copy())
        chance = 1 / (1 + math.exp(1.3 * change)) if heat_bath else math.exp(-1.3 * change)
        assert RULES[rule](change, 1.3, int(heat_bath), words) == (u < chance)
        accepted += u < chance
    assert 40 < accepted < 160


@pytest.mark.parametrize("rule", ["swap", "move"])
@pytest.mark.parametrize(("change", "accepted"), [(-1.0, True), (0.0, False), (1.0, False)])
def test_without_temperature_only_what_lowers_the_energy_is_accepted(rule, change, accepted):
    """At an infinite beta nothing is drawn, and a change of nothing is refused."""
    words = rng.stream(2, words=4)
    before = words.copy()
    assert RULES[rule](change, np.inf, 0, words) == accepted
    np.testing.assert_array_equal(words, before)


def test_a_gain_within_rounding_is_none():
    """A change that may be rounding, and nothing else, is no gain."""
    words = rng.stream(3, words=4)
    assert not accepts_move(-1e-12, np.inf, False, 1e-9, words)
    assert accepts_move(-1e-8, np.inf, False, 1e-9, words)
