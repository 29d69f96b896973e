"""First states that costs and a linear program lead to: all groups hold, and they are good."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.groups import Linear
from hopfield_opt.moves import find_first_states
from hopfield_opt.moves.chains import guided, repair
from hopfield_opt.moves.chains.relaxation import relax
from hopfield_opt.moves.chains.rows import RowTerms
from hopfield_opt.physics.enumeration import states_of

ALWAYS = float("inf")


def random_network(seed, size=9):
    """Return a small network with ranges that overlap, and few couplings, or none."""
    source = np.random.default_rng(seed)
    planted = source.integers(0, 2, size)
    groups = []
    for _ in range(source.integers(1, 5)):
        members = source.permutation(size)[: source.integers(2, size)]
        scale = source.integers(1, 5, len(members)) if source.random() < 0.5 else np.ones(1)
        scale = np.broadcast_to(scale, len(members))
        total = float(scale @ planted[members])
        lower, upper = total - source.integers(3), total + source.integers(3)
        groups.append(Linear(members, scale, lower, upper))
    weights = np.triu(source.integers(-3, 4, (size, size)), 1) * (source.random() < 0.5)
    thresholds = source.integers(-9, 10, size)
    return ho.Hamiltonian(weights + weights.T, thresholds, groups=groups)


def feasible_energies(network):
    """Return the energies of all states in which the groups hold."""
    states = states_of(np.arange(2**network.num_spins), network.num_spins)
    for group in network.groups:
        states = states[group.violation(states) == 0]
    return np.asarray(network.energy(states))


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6))
def test_states_hold_and_are_sorted(seed):
    """All groups hold in all states, the first is the lowest, and a seed repeats them."""
    network = random_network(seed)
    first = find_first_states(network, 6, seed, ALWAYS)
    states = first.states
    assert 1 <= len(states) <= 6
    assert not any(group.violation(states).any() for group in network.groups)
    assert (np.diff(network.energy(states)) >= 0).all()
    assert np.array_equal(states, find_first_states(network, 6, seed, ALWAYS).states)


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6))
def test_a_relaxation_is_no_higher_than_any_state(seed):
    """The value of a linear program is a bound, and where it is whole a state of that energy."""
    network = random_network(seed)
    some = find_first_states(network, 4, 0, None).states
    program = relax(network, RowTerms.of(network), some, ALWAYS)
    lowest = feasible_energies(network).min()
    if program is None:  # all states cost the same
        assert not np.asarray(network.to_dense()).any()
        return
    base = network.energy(np.full(network.num_spins, -1, np.int8))
    assert ((program.values >= 0) & (program.values <= 1)).all()
    if not np.asarray(network.to_dense()).any():
        bound = base + program.costs @ program.values
        assert bound <= lowest + 1e-6
        if program.is_whole:
            assert find_first_states(network, 4, 0, ALWAYS).states.shape[0] >= 1
            assert np.isclose(bound, lowest)


def roster(people=20, days=5, seed=0):
    """Return the model of a roster, and what is wished for."""
    source = np.random.default_rng(seed)
    wish = source.integers(0, 11, (people, 6 * days))
    model = ho.Model()
    x = model.binary(wish.shape, name="works")
    model.maximize((x * wish).sum())
    model.add(x.sum(axis=0) == np.resize([2, 3, 4], 6 * days))
    model.add(x.reshape(people, days, 6).sum(axis=2) <= 1, x.sum(axis=1) <= 5)
    return model


def optimum(model):
    """Return what HiGHS proves to be the least energy of a network without couplings."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    network = ho.compile(model, structure="all").hamiltonian
    rows = RowTerms.of(network)
    matrix = np.zeros((len(rows.lower), network.num_spins))
    matrix[np.repeat(np.arange(len(rows.lower)), np.diff(rows.start)), rows.spin] = rows.coefficient
    limits = LinearConstraint(matrix, rows.lower, rows.upper)
    costs = 2 * network.thresholds
    found = milp(costs, constraints=limits, integrality=np.ones(len(costs)), bounds=Bounds(0, 1))
    return network, found.fun + network.energy(np.full(len(costs), -1, np.int8))


def test_a_roster_is_solved_by_its_program():
    """The linear program of a roster has whole values: the first state is the best of all."""
    network, best = optimum(roster())
    with_program = find_first_states(network, 2, 0, ALWAYS)
    without = guided.first_states(network, 2, 0, None)  # the descent after it may get there, too
    assert (with_program.by_program, without.by_program) == (True, False)
    assert network.energy(with_program.states[0]) == pytest.approx(best)
    assert network.energy(without.states[0]) > best


def test_products_are_relaxed_where_they_are_few():
    """With a cost on pairs the program sees the pairs: it beats what looks at spins alone."""
    source = np.random.default_rng(1)
    model = ho.Model()
    x = model.binary((8, 8), name="x")
    flat = x.reshape(-1)
    one, other = source.integers(0, 64, (2, 90))
    apart = one != other
    pairs = source.integers(-9, 10, apart.sum()) * flat[one[apart]] * flat[other[apart]]
    model.minimize((source.integers(1, 20, (8, 8)) * x).sum() + pairs.sum())
    model.add(x.sum(axis=1) == 1, x.sum(axis=0) <= 2)
    network = ho.compile(model).hamiltonian
    assert len(network.couplings)
    energies = [network.energy(find_first_states(network, 8, 0, s).states[0]) for s in (None, 1.0)]
    assert energies[1] < energies[0]


@pytest.mark.parametrize(
    "network",
    [
        ho.Hamiltonian(num_spins=4),
        ho.Hamiltonian(num_spins=4, groups=[ho.groups.OneHot([0, 1, 2])]),
    ],
)
def test_any_state_will_do_without_ranges(network):
    """Without ranges nothing is looked for."""
    assert find_first_states(network, 4, 0, ALWAYS) is None


def test_no_state_is_none():
    """Where rows contradict each other there is nothing, with and without a program."""
    groups = [Linear([0, 1, 2], [1, 1, 1], 2, 2), Linear([0, 1, 2], [2, 2, 2], 2, 2)]
    network = ho.Hamiltonian(None, [1.0, 2.0, 3.0], groups=groups)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repair, "MOST_WORK", 300_000)
        assert find_first_states(network, 4, 0, ALWAYS) is None
        assert find_first_states(network, 4, 0, None) is None


def test_results_say_that_a_program_led_to_starts():
    """`solve` meets the program's state at once, and the reason names it."""
    model = roster()
    result = ho.solve(model, sweeps=1, seed=0)
    _, best = optimum(model)
    assert result.feasible
    assert result.value == pytest.approx(-best)
    assert "linear program" in result.reason
    assert ho.solve(model, sweeps=1, seed=0).value == result.value
