"""Whether methods that race are judged by what they bring, and never below a first answer."""

import numpy as np

import hopfield_opt as ho
from hopfield_opt.problems import MaxCut, MaxIndependentSet
from hopfield_opt.result import Status


def dense_pairs():
    """Return a form on which cluster search is far behind: a set problem, and a pair of friends."""
    graph = MaxIndependentSet.random(600, p=0.04, seed=5).graph
    model = ho.Model()
    x = model.binary(600, name="x")
    conflicts = 2 * (x[graph.heads] * x[graph.tails]).sum()
    model.maximize(x.sum() - conflicts + x[0] * x[1])
    return model


def test_a_rival_that_is_clearly_ahead_takes_the_place_of_the_usual_method():
    """The reason names the usual method, who was taken, and what each brought."""
    result = ho.solve(dense_pairs(), seed=0, n_jobs=1)
    assert result.method == "tabu"
    assert "usually cluster-search" in result.reason
    assert "tabu, best of probes (cluster-search " in result.reason
    assert all(part in str(result) for part in result.reason.split("; "))


def test_the_usual_method_is_kept_where_it_is_level():
    """A sparse cut is solved by cluster search, as it was without rivals."""
    result = ho.solve(MaxCut.random(300, p=0.02, seed=1), seed=0, n_jobs=1)
    assert result.method == "cluster-search"
    assert "cluster-search, best of probes (cluster-search " in result.reason


def test_a_race_counts_sweeps():
    """The same seed and sweeps give the same race, within the sweeps that were asked for."""
    one, other = (ho.solve(dense_pairs(), seed=3, sweeps=400, n_jobs=jobs) for jobs in (1, 2))
    assert "best of probes" in one.reason
    assert one.reason == other.reason
    assert np.array_equal(one.states, other.states)
    assert one.sweeps <= 400


def test_a_budget_of_few_sweeps_has_no_race():
    """What is asked for is not spent on probes that could tell nothing."""
    assert "probes" not in ho.solve(dense_pairs(), seed=3, sweeps=20, n_jobs=1).reason


def test_no_answer_is_worse_than_the_first_one():
    """One sweep of any search returns at least what the problem makes by itself, and says so."""
    problem = MaxIndependentSet.random(2000, p=0.003, seed=1)
    greedy = problem.evaluate(problem.first_answer()).value
    result = ho.solve(problem, sweeps=1, replicas=1, seed=0, n_jobs=1)
    assert result.value >= greedy
    assert result.reason.endswith("greedy, not improved") == (result.value == greedy)


def test_a_method_that_is_named_is_seen_alone():
    """What a descent finds by itself is its own answer, however much better greedy is."""
    problem = MaxIndependentSet.random(2000, p=0.003, seed=1)
    greedy = problem.evaluate(problem.first_answer()).value
    result = ho.solve(problem, method="asynchronous", sweeps=1, replicas=1, seed=0, n_jobs=1)
    assert result.value < greedy
    assert "greedy" not in result.reason


def test_what_is_proven_needs_no_such_word():
    """An optimum that the greedy rule met is an optimum."""
    result = ho.solve(MaxIndependentSet([(0, 1), (1, 2)]), seed=0)
    assert result.status is Status.OPTIMAL
    assert "greedy" not in result.reason
