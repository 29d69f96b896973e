"""Quadratic assignment against brute force, and what is said about answers that are none."""

import itertools
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.errors import InputError
from hopfield_opt.problems import QuadraticAssignment


@st.composite
def instances(draw, largest=5):
    """Return flows, distances and costs of up to five facilities, costs maybe None."""
    n = draw(st.integers(0, largest))

    def matrix():
        rows = st.lists(st.integers(-9, 9), min_size=n, max_size=n)
        return np.array(draw(st.lists(rows, min_size=n, max_size=n)), float).reshape(n, n)

    return matrix(), matrix(), matrix() if draw(st.booleans()) else None


def cost(flows, distances, costs, places):
    """Return the cost summed pair by pair."""
    pairs = itertools.product(range(len(places)), repeat=2)
    total = sum(flows[i, j] * distances[places[i], places[j]] for i, j in pairs)
    return total + (0 if costs is None else sum(costs[i, p] for i, p in enumerate(places)))


@settings(max_examples=60)
@given(instances(), st.integers(0, 1))
def test_values(instance, first):
    """Value, model and encoding of every order agree with the sum over pairs; the best is found."""
    problem = QuadraticAssignment(*instance, first=first)
    values = {}
    for places in itertools.permutations(range(len(instance[0]))):
        answer = [place + first for place in places]
        expected = cost(*instance, places)
        evaluation = problem.evaluate(answer)
        assert evaluation.feasible
        assert evaluation.value == expected
        assert problem.model().evaluate(problem.encode(answer)).value == expected
        assert problem.decode(problem.encode(answer)) == answer
        values[places] = expected
    exact = problem.baselines()[-1]
    assert exact.exact
    assert problem.evaluate(exact.run(0, None)).value == min(values.values())


@settings(max_examples=12)
@given(instances(largest=4))
def test_ground_state(instance):
    """The lowest state of the network with penalties is the cheapest assignment."""
    problem = QuadraticAssignment(*instance)
    compiled = ho.compile(problem, structure="penalty")
    size = compiled.hamiltonian.num_spins
    codes = np.arange(2**size, dtype=np.int64)[:, None]
    states = (2 * (codes >> np.arange(size) & 1) - 1).astype(np.int8)
    ground = states[int(np.argmin(compiled.hamiltonian.energy(states)))]
    answer = problem.decode(compiled.decode(ground).assignment)
    places = itertools.permutations(range(len(instance[0])))
    assert problem.evaluate(answer).value == min(cost(*instance, p) for p in places)


@settings(max_examples=30)
@given(instances(), st.integers(-5, 5), st.randoms(use_true_random=False))
def test_metamorphic(instance, constant, shuffle):
    """Facilities may be renamed, and a constant on all distances shifts by the sum of flows."""
    flows, distances, costs = instance
    n = len(flows)
    order = list(range(n))
    shuffle.shuffle(order)
    places = list(range(n))
    shuffle.shuffle(places)
    value = QuadraticAssignment(flows, distances, costs).evaluate(places).value
    renamed = QuadraticAssignment(
        flows[np.ix_(order, order)], distances, None if costs is None else costs[order]
    )
    assert renamed.evaluate([places[k] for k in order]).value == value
    shifted = QuadraticAssignment(flows, distances + constant, costs)
    assert shifted.evaluate(places).value == value + constant * flows.sum()


@settings(max_examples=15)
@given(instances())
def test_solve(instance):
    """A short search finds the optimum of small instances."""
    problem = QuadraticAssignment(*instance)
    result = ho.solve(problem, sweeps=200, seed=0, n_jobs=1)
    assert result.feasible
    assert result.value == problem.evaluate(problem.baselines()[-1].run(0, None)).value


def test_the_network_keeps_the_structure():
    """The network is one permutation block with one Kronecker term, and no penalty."""
    hamiltonian = ho.compile(QuadraticAssignment.random(6, seed=1)).hamiltonian
    assert [type(group).__name__ for group in hamiltonian.groups] == ["Permutation"]
    assert [type(term).__name__ for term in hamiltonian.couplings] == ["Kronecker"]


@pytest.mark.parametrize(
    ("answer", "value", "violations"),
    [
        ([1, 2, 3], 8.0, {}),
        ([1, 1, 2], 4.0, {"empty locations: 3": 1.0, "taken twice: 1": 1.0}),
        ([1, 2], 2.0, {"empty locations: 3": 1.0}),
        ([1, 2, 0], 2.0, {"empty locations: 3": 1.0, "unknown: 0": 1.0}),
        ([1, 2, 3, 4], 8.0, {"unknown: 4": 1.0, "more than the facilities: 4": 1.0}),
    ],
)
def test_violations_are_named(answer, value, violations):
    """Each broken rule is named with the locations that break it."""
    distances = np.abs(np.subtract.outer(range(3), range(3)))
    problem = QuadraticAssignment(1 - np.eye(3), distances, first=1)
    evaluation = problem.evaluate(answer)
    assert (evaluation.value, evaluation.violations) == (value, violations)
    if violations:
        with pytest.raises(InputError, match="one location for each facility, got"):
            problem.encode(answer)


@pytest.mark.parametrize(
    "matrix", [np.zeros((2, 2)), np.ones((2, 2)), [[1, 1], [0, 0]], [[1, 0], [1, 0]]]
)
def test_what_is_no_permutation_has_no_answer(matrix):
    """A facility nowhere or twice, or two at one location, is no assignment."""
    problem = QuadraticAssignment(np.ones((2, 2)), np.ones((2, 2)))
    assert problem.decode({"x": np.array(matrix)}) is None
    assert problem.decode({"x": np.eye(2)}) == [0, 1]


@pytest.mark.parametrize("answer", [None, 3, ["a"], [1.5, 0], [[0, 1]]])
def test_what_is_no_answer(answer):
    """What is no list of whole numbers is refused."""
    with pytest.raises(InputError, match="answer must be a list of whole numbers"):
        QuadraticAssignment(np.ones((2, 2)), np.ones((2, 2))).evaluate(answer)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.ones((2, 3)), np.ones((2, 2))), "flows must be square"),
        ((np.ones((2, 2)), np.ones((3, 3))), "distances must have shape .* as the flows"),
        ((np.ones((2, 2)), [[0, np.nan], [0, 0]]), r"distances must be finite, got nan at \[0, 1"),
        ((np.ones((2, 2)), np.ones((2, 2)), np.ones((1, 1))), "costs must have shape"),
        ((np.ones((2, 2)),), "distances must be a square matrix, got None"),
        ((np.ones((2, 2)), np.ones((2, 2)), None, 0.5), "first must be an integer"),
    ],
)
def test_bad_input(arguments, message):
    """Matrices that do not fit are refused by name."""
    with pytest.raises(InputError, match=message):
        QuadraticAssignment(*arguments)


def test_files(tmp_path):
    """Locations of a file are numbered from 1."""
    problem = QuadraticAssignment.random(4, seed=2)
    problem.write(tmp_path / "four.dat")
    back = QuadraticAssignment.read(tmp_path / "four.dat")
    assert back.evaluate([2, 1, 4, 3]).value == problem.evaluate([1, 0, 3, 2]).value
    assert sorted(ho.solve(back, seed=0, sweeps=50).answer) == [1, 2, 3, 4]


def test_baselines():
    """Baselines can be pickled, and scipy is left out where there are costs."""
    names = [
        pickle.loads(pickle.dumps(found)).name
        for found in QuadraticAssignment.random(9, seed=0).baselines()
    ]
    assert names == ["scipy faq", "scipy 2opt"]
    costly = QuadraticAssignment(np.ones((2, 2)), np.ones((2, 2)), np.eye(2))
    assert [found.name for found in costly.baselines()] == ["enumeration"]
