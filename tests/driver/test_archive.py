"""States that a search has passed by, and answers that are far from each other."""

import itertools

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.driver import archive
from hopfield_opt.driver.archive import Archive
from hopfield_opt.errors import InputError

P = ho.problems


def state(number, size=8):
    """Return the bits of a number as spins."""
    return np.array([1 if number >> k & 1 else -1 for k in range(size)], dtype=np.int8)


def test_the_lowest_of_each_stretch_is_kept(monkeypatch):
    """Stretches become twice as long when there are too many, and the lower of two stays."""
    monkeypatch.setattr(archive, "MOST", 4)
    kept, energies = Archive(), [5, 3, 9, 7, 8, 2, 6, 6, 1, 4]
    for number, energy in enumerate(energies):
        kept.offer("a", state(number), float(energy))
    states, found = kept.states_of("a", 8)
    # of 0 and 1, of 2 and 3, ... and then of twice as many
    assert found.tolist() == [3.0, 2.0, 1.0]
    assert (states == [state(1), state(5), state(8)]).all()


def test_networks_have_archives_of_their_own():
    """And one that was never offered has an empty one."""
    kept = Archive()
    own = state(3)
    kept.offer("a", own, 1.0)
    own[:] = 1  # what is kept is a copy
    assert (kept.states_of("a", 8)[0] == [state(3)]).all()
    assert kept.states_of("b", 5)[0].shape == (0, 5)


def test_large_states_take_little_memory(monkeypatch):
    """However many are offered."""
    monkeypatch.setattr(archive, "MOST_BYTES", 20)
    kept = Archive()
    for number in range(100):
        kept.offer("a", state(number), float(number))
    assert len(kept.states_of("a", 8)[0]) <= 2


def distance(one, other, problem):
    """Return in how many variables two answers differ, mirror images being the same."""
    codes = [
        np.concatenate([np.ravel(part) for part in problem.encode(found.answer).values()])
        for found in (one, other)
    ]
    return int((codes[0] != codes[1]).sum())


@pytest.mark.parametrize("least", [1, 5, 12])
@pytest.mark.parametrize(
    "problem",
    [P.MaxCut.random(40, seed=2), P.MaxIndependentSet.random(40, p=0.2, seed=1)],
    ids=["cut", "set"],
)
def test_diverse_answers_are_far_from_each_other(problem, least):
    """Best first, each feasible, each judged, and no two nearer than was asked for."""
    result = ho.solve(problem, method="simulated-annealing", sweeps=300, seed=0)
    found = result.diverse(6, min_distance=least)
    assert found[0].value == result.value
    ranks = [one.rank(result.sense) for one in found]
    assert ranks == sorted(ranks)
    assert len(found) > 1
    for one, other in itertools.combinations(found, 2):
        assert distance(one, other, problem) >= least
    for one in found:
        assert problem.evaluate(one.answer).value == one.value
        assert one.feasible


def test_what_was_passed_by_counts():
    """One replica that ends in one state has met others."""
    problem = P.MaxCut.random(60, seed=2)
    # what has a target looks for it often
    options = {"sweeps": 4000, "replicas": 1, "target": 10_000}
    result = ho.solve(problem, method="simulated-annealing", seed=0, **options)
    assert len(result.states) == 1
    assert len(result.archive[0]) > 1
    assert len(result.diverse(3)) == 3
    assert len(result.top(3)) <= 2  # of the end and the best alone


def test_the_archive_depends_on_the_seed_alone():
    """Whatever the number of threads."""
    ends = [
        ho.solve(P.MaxCut.random(60, seed=2), sweeps=500, seed=4, n_jobs=jobs) for jobs in (1, 2)
    ]
    assert (ends[0].archive[0] == ends[1].archive[0]).all()


def test_models_and_their_answers():
    """The distance is one of variables, integers included."""
    m = ho.Model()
    x = m.integer(3, 0, 5, name="x")
    m.maximize(x.sum())
    m.add(x.sum() <= 4)
    found = ho.solve(m, seed=0).diverse(4, min_distance=2)
    assert len(found) > 1
    for one, other in itertools.combinations(found, 2):
        assert (one.answer["x"] != other.answer["x"]).sum() >= 2


def test_wrong_numbers_are_refused():
    """And none is found where there is none."""
    result = ho.solve(P.MaxCut([(0, 1)]), seed=0)
    assert result.diverse(0) == []
    with pytest.raises(InputError, match="min_distance must be"):
        result.diverse(2, min_distance=0)
    with pytest.raises(InputError, match="k must be"):
        result.diverse(-1)
