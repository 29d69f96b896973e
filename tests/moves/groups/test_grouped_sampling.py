"""With uniform proposals the moves that keep groups sample Boltzmann's law."""

import itertools

import numpy as np
import pytest
from scipy.stats import chi2

from hopfield_opt.couplings import Explicit, Factored
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot, Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.groups.grouped import GroupedLayout

METROPOLIS, HEAT_BATH = 0, 1


SAMPLED = {
    "free": list,
    "one-hot": lambda: [OneHot([0, 2, 4]), OneHot([1, 3])],
    "at most one": lambda: [AtMostOne([0, 1, 2]), AtMostOne([3, 4, 5])],
    "count": lambda: [Cardinality(range(6), 3, 3)],
    "range of counts": lambda: [Cardinality(range(5), 1, 3)],
    "permutation": lambda: [Permutation(np.arange(9).reshape(3, 3))],
    "allowed places": lambda: [
        Permutation(np.arange(16).reshape(4, 4), np.tri(4, k=1, dtype=bool))
    ],
    "cyclic places": lambda: [
        Permutation(np.arange(9).reshape(3, 3), np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]]) > 0)
    ],
    "knapsack": lambda: [Linear(range(6), [1, 2, 3, 4, 5, 6], 5, 9)],
    "matching": lambda: [
        Linear([0, 1, 2], [1, 1, 1], 0, 1),
        Linear([0, 3, 4], [1, 1, 1], 0, 1),
        Linear([1, 3, 5], [1, 1, 1], 0, 1),
        Linear([2, 4, 5], [1, 1, 1], 0, 1),
    ],
    "one-hot within a range": lambda: [
        OneHot([0, 1, 2]),
        OneHot([3, 4]),
        Linear([0, 3, 5], [1, 1, 1], 1, 2),
        Linear([1, 4, 6], [1, 1, -1], 0, 1),
    ],
    "count within a range": lambda: [
        Cardinality([0, 1, 2, 3], 1, 3),
        Linear([0, 1, 4, 5], [1, 2, 1, 1], 1, 3),
    ],
}


def sample(name, rule, sweeps, beta=0.7):
    """Return visits of the feasible states and their Boltzmann probabilities."""
    source = np.random.default_rng(5)
    groups = SAMPLED[name]()
    size = max([6, *(int(g.members.max()) + 1 for g in groups)])
    drawn = np.triu(source.normal(size=(size, size)), 1) / np.sqrt(size)
    row = Factored(source.normal(size=(1, size)), 0.1)
    hamiltonian = Hamiltonian(
        [Explicit(drawn + drawn.T), row], source.normal(size=size) / 2, 0.0, groups
    )
    states = np.array(list(itertools.product((-1, 1), repeat=size)), dtype=np.int8)
    states = states[sum(g.violation(states) for g in groups) == np.zeros(len(states))]
    weight = np.exp(-beta * hamiltonian.energy(states))
    layout = GroupedLayout.build(hamiltonian, uniform=True)
    rng = np.random.SeedSequence(11).generate_state(layout.rng_words(64), np.uint64)
    lanes = layout.allocate(states[source.integers(len(states), size=64)], rng)
    code = 2 ** np.arange(size)
    place = {int(c): k for k, c in enumerate((states > 0) @ code)}
    visits = np.zeros(len(states))
    layout.sweep_block(lanes, np.full((50, 1), beta), rng, rule)
    for _ in range(sweeps):
        layout.sweep_block(lanes, np.full((8, 1), beta), rng, rule)
        for c in (lanes.states > 0) @ code:
            visits[place[int(c)]] += 1
    return visits, weight / weight.sum()


def misfit(visits, probability):
    """Return the p-value of Pearson's chi-square, rare states taken together."""
    expected = probability * visits.sum()
    rare = expected < 8
    a = np.append(visits[~rare], visits[rare].sum())
    b = np.append(expected[~rare], expected[rare].sum())
    keep = b > 0
    return float(chi2.sf(((a - b)[keep] ** 2 / b[keep]).sum(), max(keep.sum() - 1, 1)))


@pytest.mark.parametrize("rule", [METROPOLIS, HEAT_BATH])
@pytest.mark.parametrize("name", SAMPLED)
def test_uniform_proposals_sample_the_boltzmann_distribution(name, rule):
    """With symmetric proposals visits follow exp(-beta E) over the states that are feasible."""
    assert misfit(*sample(name, rule, 400)) > 1e-3


@pytest.mark.parametrize("name", ["one-hot", "count", "matching", "permutation"])
def test_wrong_temperature_is_seen(name):
    """The check above fails when the visits belong to another temperature."""
    visits, _ = sample(name, METROPOLIS, 400, beta=1.0)
    _, probability = sample(name, METROPOLIS, 0, beta=0.7)
    assert misfit(visits, probability) < 1e-6
