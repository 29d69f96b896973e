"""One-flip tabu search: the compiled kernel against a plain one, and its books."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt import rng
from hopfield_opt.moves.single import flip_tabu_kernel as kernel
from hopfield_opt.moves.single.flip_tabu import FlipTabu
from tests.kernels import callable_part

MASK = 2**64 - 1


def network(size, density, seed, *, even=False, real=False):
    """Return a random network."""
    generator = np.random.default_rng(seed)
    upper = np.triu(generator.integers(-4, 5, (size, size)), 1).astype(float)
    upper *= generator.random((size, size)) < density
    if real:
        upper *= generator.random((size, size))
    thresholds = generator.integers(-3, 4, size) * (0.0 if even else 1.0)
    return ho.Hamiltonian(upper + upper.T, thresholds, offset=0.5)


def start(hamiltonian, replicas=1, seed=0):
    """Return the layout, a state and its streams."""
    layout = FlipTabu.build(hamiltonian)
    words = rng.stream(seed, words=4 * replicas).reshape(-1, 4)
    starts = np.random.default_rng(seed).choice(
        np.array([-1, 1], np.int8), (replicas, hamiltonian.num_spins)
    )
    return layout, layout.start(starts, words), words


class Plain:
    """The search of one round, written plainly, with numbers of any size."""

    def __init__(self, weights, thresholds, spins, words):
        self.weights, self.thresholds, self.s = weights, thresholds, spins.astype(np.int64)
        self.words = [int(word) for word in words]
        self.until = np.zeros(len(spins), np.int64)
        self.best = self.level()
        self.found = self.s.copy()

    def level(self):
        """Return the energy in units."""
        return int(-(self.s @ self.weights @ self.s) // 2 + self.thresholds @ self.s)

    def below(self, n):
        """Return a random number below n (xoshiro256++)."""

        def turned(x, k):
            return (x << k | x >> (64 - k)) & MASK

        w = self.words
        result = (turned((w[0] + w[3]) & MASK, 23) + w[0]) & MASK
        t = w[1] << 17 & MASK
        w[2] ^= w[0]
        w[3] ^= w[1]
        w[1] ^= w[2]
        w[0] ^= w[3]
        w[2] ^= t
        w[3] = turned(w[3], 45)
        return (result >> 32) * n >> 32

    def flip(self, now):
        """Make the best flip that is free or leads below the best."""
        size = len(self.s)
        cost = self.s * (self.weights @ self.s - self.thresholds)
        level, free = self.level(), self.until <= now
        if cost.min() >= 0 and level < self.best:
            self.best, self.found = level, self.s.copy()
        if level + 2 * cost.min() < self.best or not free.any():
            ties = np.flatnonzero(cost == cost.min())
        else:
            ties = np.flatnonzero(free & (cost == cost[free].min()))
        k = ties[self.below(len(ties)) if len(ties) > 1 else 0]
        spread = min(kernel.TENURE_SPREAD, 1 + size // 4)
        self.until[k] = now + 2 + size // kernel.TENURE_SHARE + self.below(spread)
        self.s[k] *= -1


@settings(max_examples=25)
@given(st.integers(1, 70), st.sampled_from([0.02, 0.5]), st.booleans(), st.integers(0, 10**6))
def test_flips_are_those_of_the_plain_search(size, density, even, seed):
    """Flip for flip the kernel does what the definition says, for rows and for lists."""
    hamiltonian = network(size, density, seed, even=even)
    layout, state, words = start(hamiltonian, seed=seed)
    weights = np.rint(hamiltonian.to_dense() / layout.unit).astype(np.int64)
    thresholds = np.rint(hamiltonian.thresholds / layout.unit).astype(np.int64)
    plain = Plain(weights, thresholds, state.s[0, :size], words[0])
    for now in range(min(60, kernel.FLIPS_PER_SPIN * size - 1)):
        layout.search(state, words, 1)
        plain.flip(now)
        assert np.array_equal(state.s[0, :size], plain.s)
        assert state.lowest[0, kernel.ROUND] == plain.best
        assert np.array_equal(state.found[0, kernel.ROUND], plain.found)
        assert [int(word) for word in words[0]] == plain.words


@settings(max_examples=25)
@given(
    st.integers(1, 40),
    st.sampled_from([0.04, 0.6]),
    st.booleans(),
    st.booleans(),
    st.integers(0, 10**6),
)
def test_books_are_kept_through_rounds(size, density, even, real, seed):
    """After many rounds fields and levels are those of the states, and so are all the best."""
    hamiltonian = network(size, density, seed, even=even, real=real)
    layout, state, words = start(hamiltonian, 2, seed)
    layout.search(state, words, 17 * kernel.FLIPS_PER_SPIN * size + 3)
    spins = state.s[:, :size].astype(np.int8)
    energies = [
        (spins, state.book[:, kernel.LEVEL]),
        (state.found[:, kernel.RUN], state.lowest[:, kernel.RUN]),
        *((state.elite[:, e], state.levels[:, e]) for e in range(state.book[:, kernel.SIZE].min())),
    ]
    scale = np.abs(hamiltonian.to_dense()).sum() + np.abs(hamiltonian.thresholds).sum() + 1
    for states, levels in energies:
        expected = hamiltonian.energy(states) - hamiltonian.offset
        assert np.abs(levels * layout.unit - expected).max() < 1e-12 * scale
    fields = hamiltonian.local_field(spins)
    assert np.abs(state.h[:, :size] * layout.unit - fields).max() < 1e-12 * scale
    for r in range(2):
        members = state.elite[r, : state.book[r, kernel.SIZE]]
        assert len(np.unique(members, axis=0)) == len(members)
    if not real:
        best = state.found[:, kernel.RUN]
        assert (best * hamiltonian.local_field(best) >= 0).all()


@pytest.mark.parametrize(("density", "real"), [(0.6, False), (0.03, False), (0.6, True)])
def test_splits_do_not_matter(density, real):
    """The flips in one call, or in many across the ends of rounds, lead to the same state."""
    hamiltonian = network(30, density, 4, real=real)
    layout, whole, one = start(hamiltonian, 2)
    _, parts, two = start(hamiltonian, 2)
    layout.search(whole, one, 3000)
    for flips in (1, 148, 2, 149, 1200, 1500):
        layout.search(parts, two, flips)
    assert all(np.array_equal(a, b) for a, b in zip(whole, parts, strict=True))
    assert np.array_equal(one, two)


def test_the_walk_leads_to_the_goal_and_keeps_its_level():
    """A walk ends between a third and two thirds of the way, at the level of its state."""
    hamiltonian = network(40, 0.5, 2)
    layout, state, _ = start(hamiltonian)
    s, h = state.s[0], state.h[0]
    goal = np.random.default_rng(5).choice(np.array([-1, 1], np.int8), 40)
    begin = s[:40].copy()
    distance = int((begin != goal).sum())
    level = callable_part(kernel.walk)(
        layout.rows, layout.lists, 40, False, s, h, goal, state.book[0, 1], np.empty(40, np.int64)
    )
    moved = s[:40] != begin
    assert (s[:40][moved] == goal[moved]).all()
    assert distance // 3 < moved.sum() <= max(distance // 3 + 1, 2 * distance // 3)
    spins = s[:40].astype(np.int8)
    assert level * layout.unit == hamiltonian.energy(spins) - hamiltonian.offset


def test_huge_and_tiny_weights():
    """Weights of 1e300 or 1e-300 neither overflow nor vanish."""
    hamiltonian = network(20, 0.7, 1)
    for factor in (2.0**990, 2.0**-990):
        scaled = hamiltonian.scaled(factor)
        (one, a, w), (other, b, v) = start(hamiltonian), start(scaled)
        one.search(a, w, 500)
        other.search(b, v, 500)
        assert np.array_equal(a.s, b.s)
