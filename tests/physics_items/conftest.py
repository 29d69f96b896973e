"""What the tests of the sources' physics share: the letters of the lecture, and noise."""

import numpy as np
import pytest

H = """
..........
..#....#..
..#....#..
..#....#..
..#....#..
..######..
..#....#..
..#....#..
..#....#..
..........
"""
HASH = """
...#..#...
...#..#...
...#..#...
##########
...#..#...
...#..#...
##########
...#..#...
...#..#...
...#..#...
"""


def _spins(text):
    return np.array([1 if cell == "#" else -1 for cell in "".join(text.split())], dtype=np.int8)


@pytest.fixture(scope="session")
def lattice():
    """Return the 10 x 10 pictures H, X, # and + of the lecture as rows of -1 and +1."""
    diagonal = np.eye(10) + np.eye(10)[::-1] > 0
    plus = np.zeros((10, 10), dtype=bool)
    plus[4:6] = plus[:, 4:6] = True
    return {
        "H": _spins(H),
        "X": np.where(diagonal, 1, -1).astype(np.int8).ravel(),
        "#": _spins(HASH),
        "+": np.where(plus, 1, -1).astype(np.int8).ravel(),
    }


@pytest.fixture(scope="session")
def random_patterns():
    """Return a function that draws patterns (count, size) of -1 and +1."""

    def draw(count, size, seed=0):
        g = np.random.default_rng(seed)
        return g.choice(np.array([-1, 1], np.int8), (count, size))

    return draw


@pytest.fixture(scope="session")
def noisy():
    """Return a function that flips exactly a fraction of the units of each row."""

    def flip(rows, fraction, seed=0):
        g = np.random.default_rng(seed)
        cues = np.array(rows, dtype=np.int8)
        order = np.argsort(g.random(cues.shape), axis=1)
        chosen = order[:, : round(fraction * cues.shape[1])]
        np.put_along_axis(cues, chosen, -np.take_along_axis(cues, chosen, axis=1), axis=1)
        return cues

    return flip
