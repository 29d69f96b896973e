"""The knapsack against brute force, and what it says about what cannot be packed."""

import itertools
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

import hopfield_opt as ho
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.problems import Knapsack


@st.composite
def knapsacks(draw):
    """Return values, weights, capacities and counts (or None) of up to five items."""
    n, m = draw(st.integers(0, 5)), draw(st.integers(1, 2))
    values = draw(st.lists(st.integers(-3, 20), min_size=n, max_size=n))
    row = st.lists(st.integers(0, 12), min_size=m, max_size=m)
    weights = draw(st.lists(row, min_size=n, max_size=n))
    capacity = draw(st.lists(st.integers(0, 25), min_size=m, max_size=m))
    counts = draw(st.none() | st.lists(st.integers(0, 3), min_size=n, max_size=n))
    return values, np.array(weights).reshape(n, m), capacity, counts


def brute_force(values, weights, capacity, counts):
    """Return the largest value, choice by choice."""
    best = 0
    for taken in itertools.product(*(range(k + 1) for k in counts or [1] * len(values))):
        loads = [
            sum(t * row[k] for t, row in zip(taken, weights, strict=True))
            for k in range(2)
            if k < len(capacity)
        ]
        if all(load <= limit for load, limit in zip(loads, capacity, strict=True)):
            best = max(best, sum(t * v for t, v in zip(taken, values, strict=True)))
    return best


@given(knapsacks())
@settings(max_examples=25)
def test_against_brute_force(data):
    """The search and the exact baselines find the best choice, the greedy one is valid."""
    problem, best = Knapsack(*data), brute_force(*data)
    for baseline in problem.baselines():
        evaluation = problem.evaluate(baseline.run(0, None))
        assert evaluation.feasible
        assert evaluation.value <= best
        assert evaluation.value == best or not baseline.exact
    result = ho.solve(problem, sweeps=100, seed=0)
    assert (result.value, result.feasible) == (best, True)


@given(knapsacks(), st.integers(0, 2**32))
@settings(max_examples=25)
def test_evaluate_and_round_trip(data, seed):
    """Any choice is counted right, and encoding its decoding changes nothing."""
    values, weights, capacity, counts = data
    problem = Knapsack(*data)
    draws = np.random.default_rng(seed)
    taken = draws.integers(0, np.array(counts if counts else [1] * len(values)) + 1)
    answer = problem.decode({"taken": taken})
    assert (problem.encode(answer)["taken"] == taken).all()
    evaluation = problem.evaluate(answer)
    assert evaluation.value == sum(v * t for v, t in zip(values, taken, strict=True))
    excess = [
        sum(t * row[k] for t, row in zip(taken, weights, strict=True)) - limit
        for k, limit in enumerate(capacity)
    ]
    assert sorted(evaluation.violations.values()) == sorted(x for x in excess if x > 0)


@given(st.integers(2, 8), st.integers(0, 2**32), st.sampled_from([2, 7]))
@settings(max_examples=15)
def test_order_and_scale(n, seed, factor):
    """Another order of the items changes no optimum, nor do other units of weight."""
    draws = np.random.default_rng(seed)
    values, weights = draws.integers(1, 30, size=(2, n))
    capacity, order = int(weights.sum()) // 2, draws.permutation(n)

    def optimum(*data):
        problem = Knapsack(*data)
        return problem.evaluate(problem.baselines()[-1].run(0, None)).value

    expected = optimum(values, weights, capacity)
    assert optimum(values[order], weights[order], capacity) == expected
    assert optimum(values, factor * weights, factor * capacity) == expected
    assert optimum(factor * values, weights, capacity) == factor * expected


def test_the_polish_finds_what_single_exchanges_do_not():
    """Two items for three others: no exchange of one for one improves this choice."""
    problem = Knapsack([10, 10, 7, 7, 7], [6, 6, 4, 4, 4], 12)
    assert problem.polish({0, 1}, 0, None) == {2, 3, 4}
    # the deadline is over: the first rounds are made all the same
    assert problem.polish({0, 1}, 0, 0.0) == {2, 3, 4}
    several = Knapsack([10, 10, 11, 11], [[6, 1], [6, 1], [6, 1], [6, 1]], [12, 2])
    assert several.polish({0, 1}, 0, None) == {2, 3}


def test_too_heavy_items_are_fixed():
    """An item heavier than the knapsack is no variable of the network; it is refused by name."""
    problem = Knapsack({"anvil": 100, "pen": 1, "cup": 2}, {"anvil": 50, "pen": 1, "cup": 2}, 3)
    assert ho.compile(problem).hamiltonian.num_spins <= 2
    result = ho.solve(problem, seed=0)
    assert result.answer == {"pen", "cup"}
    assert problem.evaluate({"anvil"}).violations == {"capacity": 47}


@pytest.mark.parametrize("excess", [1, 0.5, 1e-6])
def test_a_little_too_heavy(excess):
    """Even a small excess is a violation, by its amount; rounding is none."""
    problem = Knapsack([1, 1], [1, 2 + excess], 3)
    assert problem.evaluate({0, 1}).violations == {"capacity": pytest.approx(excess)}
    assert Knapsack([1, 1, 1], [0.1, 0.1, 0.1], 0.3).evaluate({0, 1, 2}).feasible


def test_no_slack():
    """The capacity is kept by the moves: one neuron an item, and a range."""
    problem = Knapsack.random(20, seed=1)
    compiled = ho.compile(problem)
    assert compiled.num_auxiliaries == 0
    assert compiled.hamiltonian.num_spins == 20
    assert [type(group).__name__ for group in compiled.hamiltonian.groups] == ["Linear"]


def test_hundred_items():
    """A hundred items are packed as dynamic programming packs them."""
    problem = Knapsack.random(100, seed=3)
    table = problem.baselines()[-1]
    assert table.name == "dynamic programming"
    best = problem.evaluate(table.run(0, None)).value
    assert ho.solve(problem, sweeps=200, seed=0).value == best


def test_answers():
    """Items have the names of the data; with counts the answer says how many."""
    values, weights = {"z": 3, "a": 2}, {"a": 1, "z": 1}
    assert ho.solve(Knapsack(values, weights, 2), seed=0).answer == {"z", "a"}
    problem = Knapsack(values, weights, 5, {"a": 9, "z": 2})
    assert ho.solve(problem, seed=0).answer == {"z": 2, "a": 3}
    assert list(problem.listed({"a": 3, "z": 2})) == ["z", "a"]
    assert Knapsack(values, weights, 2).listed({"a", "z"}) == ["z", "a"]
    wrong = problem.evaluate({"z": 3, "b": 1})
    assert wrong.violations == {"not in stock: 'z'": 1, "unknown: 'b'": 1}
    with pytest.raises(InputError, match="choice of items, got not in stock: 'z'"):
        problem.encode({"z": 3})


@pytest.mark.parametrize("answer", [None, 3, "za", [[1]]])
def test_what_is_no_answer(answer):
    """What is no collection of hashable things is refused."""
    with pytest.raises(InputError, match="answer must be a collection of items"):
        Knapsack([1], [1], 1).evaluate(answer)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, np.nan], [1, 1], 1), "values must be finite"),
        (([1, 2], [1, -1], 1), "weights must be at least 0, got -1 at 1"),
        (([1, 2], [1, 1], -1), "capacity must be at least 0"),
        (([1, 2], [1], 1), "weights must be given for each of 2 items"),
        (([1, 2], [1, 2], [1, 2]), r"weights must have shape \(2, 2\)"),
        (([1, 2], [[1, 2], [1, 2]], 1), r"weights must have shape \(2, 1\)"),
        (({"a": 1}, {"b": 1}, 1), "weights must be given for each item and no other, got 'a'"),
        (({"a": 1}, {"a": 1, "b": 1}, 1), "got 'b' too many"),
        (([1, 2], [1, 1], 1, -1), "counts must be at least 0"),
        (([1, 2], [1, 1], 1, [1, 0.5]), "counts must be a whole number"),
        (([1, 2], [1, 1], 1, "x"), "counts must be an integer"),
        (([[1, 2]], [1], 1), "values must be one number for each item"),
        (("ab", [1, 2], 1), "values must be an array of real numbers"),
    ],
)
def test_bad_input(arguments, message):
    """Each bad argument is named."""
    with pytest.raises(InputError, match=message):
        Knapsack(*arguments)


@pytest.mark.parametrize(
    ("arguments", "value"),
    [(([], [], 5), 0), (([3], [1], 1), 3), (([3], [2], 1), 0), (([3, 0], [0, 0], 0), 3),
     (([-1, -2], [1, 1], 5), 0), (([3], [1], 5, 0), 0)],
)  # fmt: skip
def test_degenerate_knapsacks(arguments, value):
    """Nothing to take, one item, nothing that fits, no capacity: there is an answer."""
    problem = Knapsack(*arguments)
    result = ho.solve(problem, seed=0)
    assert (result.value, result.feasible) == (value, True)
    for baseline in problem.baselines():
        assert problem.evaluate(baseline.run(0, None)).value == value
    assert (
        problem.plot(result.answer, Figure().add_subplot()).get_title().startswith(f"value {value}")
    )


def test_read_and_write(tmp_path):
    """A problem reads back as it was written; items are numbered from 1."""
    for capacities in (1, 3):
        problem = Knapsack.random(5, capacities, seed=2)
        problem.write(tmp_path / "k")
        back = Knapsack.read(tmp_path / "k")
        assert back.labels == (1, 2, 3, 4, 5)
        for ours, theirs in zip(problem.items, back.items, strict=True):
            assert (ours == theirs).all()
    assert Knapsack.read(tmp_path / "k", counts=4).most.tolist() == [4] * 5
    (tmp_path / "k").write_text("10\n1 2\n3 -4\n")
    with pytest.raises(InputError, match="weights must be at least 0, got -4 at 2"):
        Knapsack.read(tmp_path / "k")
    (tmp_path / "k").write_text("10\n1 2\n3\n")
    with pytest.raises(ReadError, match="k:3: line must be 'value weight'"):
        Knapsack.read(tmp_path / "k")


def test_baselines():
    """Dynamic programming is for whole weights of one capacity; all travel to processes."""
    assert len(Knapsack([1], [0.5], 1).baselines()) == 2
    assert len(Knapsack([1], [1], 1e12).baselines()) == 3
    assert len(Knapsack([1, 1], [1e12, 1e12], 1.5e12).baselines()) == 2
    for baseline in Knapsack([1, 5], [1, 1], 1).baselines():
        assert pickle.loads(pickle.dumps(baseline)).run(0, None) == {1}


@given(st.data())
def test_the_greedy_rule_is_the_same_for_one_capacity_as_for_two_alike(data):
    """The short way for one capacity takes what the general one does."""
    size = data.draw(st.integers(1, 8))
    numbers = st.lists(
        st.integers(0, 9) | st.sampled_from([0.1, 0.3, 2.5]), min_size=size, max_size=size
    )
    values, weights = data.draw(numbers), data.draw(numbers)
    capacity = data.draw(st.sampled_from([0, 3, 7.5, 12, 0.3]))
    counts = data.draw(st.lists(st.integers(0, 3), min_size=size, max_size=size))
    one = Knapsack(values, weights, capacity, counts=counts)
    two = Knapsack(values, [[w, w] for w in weights], [capacity, capacity], counts=counts)
    assert one.start == two.start


def test_of_a_weight_next_to_nothing_as_many_are_taken_as_there_are():
    """How often it fits is beyond the largest float, and no error."""
    problem = Knapsack([2, 3], [1e-300, 1.0], 1e9, counts=[7, 1])
    assert problem.start == {0: 7, 1: 1}
