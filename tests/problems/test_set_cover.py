"""Set covers against brute force, and elements that nothing covers."""

import itertools
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

import hopfield_opt as ho
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.problems import SetCover


@st.composite
def covers(draw):
    """Return up to six named sets of up to five elements, and weights."""
    content = st.sets(st.integers(0, 4))
    sets = draw(st.dictionaries(st.sampled_from("abcdef"), content, max_size=6))
    return sets, {name: draw(st.integers(0, 9)) for name in sets}


def brute_force(sets, weights):
    """Return the least weight of sets that hold everything that is in some set."""
    everything = set().union(*sets.values())
    return min(
        sum(weights[name] for name in chosen)
        for size in range(len(sets) + 1)
        for chosen in itertools.combinations(sets, size)
        if set().union(*(sets[name] for name in chosen)) == everything
    )


@given(covers())
@settings(max_examples=25)
def test_against_brute_force(data):
    """The search and HiGHS find the lightest cover, the greedy one is valid."""
    problem, best = SetCover(*data), brute_force(*data)
    for baseline in problem.baselines():
        evaluation = problem.evaluate(baseline.run(0, None))
        assert evaluation.feasible
        assert evaluation.value >= best
        assert evaluation.value == best or not baseline.exact
    result = ho.solve(problem, sweeps=100, seed=0)
    assert (result.value, result.feasible) == (best, True)


@given(covers(), st.sets(st.sampled_from("abcdef")))
def test_evaluate_and_round_trip(data, chosen):
    """Any choice is counted right, and encoding and decoding changes nothing."""
    sets, weights = data
    problem, chosen = SetCover(*data), chosen & set(sets)
    assert problem.decode(problem.encode(chosen)) == chosen
    evaluation = problem.evaluate(chosen)
    assert evaluation.value == sum(weights[name] for name in chosen)
    left = set().union(*sets.values()) - set().union(*(sets[name] for name in chosen))
    assert sum(evaluation.violations.values()) == len(left)
    assert evaluation.feasible == (not left)


@given(covers(), st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_order_and_scale(data, chance):
    """Another order of the sets changes no optimum, a factor multiplies it."""
    sets, weights = data
    names = list(sets)
    chance.shuffle(names)

    def optimum(sets, weights):
        problem = SetCover(sets, weights)
        return problem.evaluate(problem.baselines()[-1].run(0, None)).value

    expected = optimum(sets, weights)
    assert optimum({name: sets[name] for name in names}, weights) == expected
    assert optimum(sets, {name: 3 * w for name, w in weights.items()}) == 3 * expected


def test_an_element_in_no_set():
    """What cannot be covered makes the problem infeasible, which is said at once."""
    problem = SetCover({"a": [1], "b": [2]}, universe=[1, 2, "x"])
    result = ho.solve(problem, seed=0)
    assert (result.status.name, result.feasible) == ("INFEASIBLE", False)
    for baseline in problem.baselines():
        assert problem.evaluate(baseline.run(0, None)).violations == {"not covered: 'x'": 1}


def test_universe_and_names():
    """Elements outside the universe need no set; sets without names are 0, 1, ...."""
    problem = SetCover([[1, 2], [3], [2, 3]], universe=[2, 3])
    result = ho.solve(problem, seed=0)
    assert (result.answer, result.value) == ({2}, 1)
    assert problem.listed({2, 0}) == [0, 2]
    assert problem.evaluate({0, "x"}).violations == {"unknown: 'x'": 1, "not covered: 3": 1}
    with pytest.raises(InputError, match="names of sets, got unknown: 'x'"):
        problem.encode({"x"})


def test_the_polish_drops_what_is_not_needed():
    """The heaviest set whose elements are all in others goes."""
    problem = SetCover([[1, 2], [2, 3], [1, 3]], [1, 5, 2])
    assert problem.polish({0, 1, 2}, 0, None) == {0, 2}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((3,), "sets must be collections"),
        (("abc",), "sets must be collections"),
        ((["abc"],), "sets must be collections of elements, got 'abc' at 0"),
        (([3],), "sets must be collections"),
        (([[[1]]],), "sets must be collections"),
        (([[1]], [-1]), "weights must be a number >= 0 for each set, got -1"),
        (([[1]], [1, 2]), "weights must be given for each of 1"),
        (([[1]], [np.inf]), "weights must be finite"),
        (({"a": [1]}, {"b": 1}), "got 'a' without one"),
    ],
)
def test_bad_input(arguments, message):
    """Each bad argument is named."""
    with pytest.raises(InputError, match=message):
        SetCover(*arguments)


@pytest.mark.parametrize("p", [-0.1, 1.5])
def test_random_needs_a_probability(p):
    """What is no probability is refused before anything is drawn."""
    with pytest.raises(InputError, match="p must be a probability from 0 to 1, got"):
        SetCover.random(4, p=p)


@pytest.mark.parametrize("sets", [[], [[]], [[1]], {"a": [1, 1, 1]}])
def test_degenerate_covers(sets):
    """No set, an empty set, one set: there is an answer, and a picture of it."""
    problem = SetCover(sets)
    result = ho.solve(problem, seed=0)
    assert result.feasible
    assert result.value == len(problem.elements)
    for baseline in problem.baselines():
        assert problem.evaluate(baseline.run(0, None)).value == result.value
    assert "covered" in problem.plot(result.answer, Figure().add_subplot()).get_title()


def test_read_and_write(tmp_path):
    """A problem reads back as it was written, under numbers from 1."""
    problem = SetCover.random(12, 6, p=0.3, seed=1)
    problem.write(tmp_path / "c.scp")
    back = SetCover.read(tmp_path / "c.scp")
    assert (back.labels, back.elements) == (tuple(range(1, 13)), tuple(range(1, 7)))
    assert (back.instance.weights == problem.instance.weights).all()
    assert (back.instance.incidence != problem.instance.incidence).nnz == 0
    (tmp_path / "c.scp").write_text("2 2\n1 -1\n1 1\n1 2\n")
    with pytest.raises(InputError, match="weights must be a number >= 0"):
        SetCover.read(tmp_path / "c.scp")
    (tmp_path / "c.scp").write_text("2 2\n1 1\n1 1\n")
    with pytest.raises(ReadError, match="cut off"):
        SetCover.read(tmp_path / "c.scp")


def test_baselines_can_be_pickled():
    """Baselines travel to other processes."""
    for baseline in SetCover([[1], [1, 2]]).baselines():
        assert pickle.loads(pickle.dumps(baseline)).run(0, None) == {1}
