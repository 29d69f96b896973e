"""Random numbers of kernels: the published generator, and numbers within their ranges."""

import numpy as np
import pytest

from hopfield_opt import rng, xoshiro
from tests.kernels import callable_part

# The first words from the state (1, 2, 3, 4), as in the tests of Rust's rand_xoshiro.
PUBLISHED = (41943041, 58720359, 3588806011781223, 3591011842654386, 9228616714210784205)
draw = callable_part(xoshiro.draw)


def stream():
    """Return a stream of its own."""
    return rng.stream(0, words=4)


def test_words_are_those_that_are_published():
    """The generator is xoshiro256++, and changes its state in place."""
    words = np.arange(1, 5, dtype=np.uint64)
    assert tuple(int(draw(words)) for _ in PUBLISHED) == PUBLISHED


@pytest.mark.parametrize(("bits", "number"), [(0, 0), (2**63, 5), (2**64 - 1, 9), (2**32 - 1, 0)])
def test_numbers_below_come_from_the_high_bits(bits, number):
    """Equal parts of the range of the high 32 bits give 0 to n - 1; the low ones are not used."""
    assert callable_part(xoshiro.below)(np.uint64(bits), 10) == number


@pytest.mark.parametrize(("kind", "shift"), [("uniform", 0.0), ("inner", 0.5)])
def test_fractions_are_the_high_53_bits(kind, shift):
    """A fraction is the next word's, on the lower end of its cell or in the middle."""
    words, same = stream(), stream()
    fraction = callable_part(getattr(xoshiro, kind))
    for _ in range(20):
        expected = ((int(draw(same)) >> 11) + shift) / 2**53
        assert fraction(words) == expected


def test_a_shuffle_gives_each_order_as_often():
    """All 6 orders of three items come up, and their counts fit equal chances (chi^2, p > 1e-4)."""
    words, counts = stream(), {}
    for _ in range(6000):
        items = np.arange(3)
        xoshiro.shuffle(items, words)
        counts[tuple(items)] = counts.get(tuple(items), 0) + 1
    assert len(counts) == 6
    assert sum((count - 1000) ** 2 / 1000 for count in counts.values()) < 25.7
