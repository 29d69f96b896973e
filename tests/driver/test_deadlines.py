"""A time limit holds in every step of a call, and something complete is returned."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt import problems
from hopfield_opt.deadline import OutOfTime
from hopfield_opt.driver.at_hand import AtHand
from hopfield_opt.driver.clock import Clock
from hopfield_opt.dynamics.simulated_annealing import SimulatedAnnealing
from hopfield_opt.result import Status

P = ho.problems
INSTANCES = {
    "bipartition": lambda: P.GraphBipartition.random(130, p=0.05, seed=0),
    "clique": lambda: P.MaxClique.random(40, seed=0),
    "coloring": lambda: P.GraphColoring.random(30, seed=0),
    "image-restoration": lambda: P.ImageRestoration.random(8, seed=0),
    "independent-set": lambda: P.MaxIndependentSet.random(40, seed=0),
    "knapsack": lambda: P.Knapsack.random(40, seed=0),
    "matching": lambda: P.WeightedMatching.random(30, seed=0),
    "max-cut": lambda: P.MaxCut.random(40, seed=0),
    "memory": lambda: P.PatternMemory.random(40, seed=0),
    "number-partition": lambda: P.NumberPartition.random(40, seed=0),
    "qap": lambda: P.QuadraticAssignment.random(12, seed=0),
    "queens": lambda: P.NQueens(12),
    "qubo": lambda: P.Qubo.random(40, seed=0),
    "set-cover": lambda: P.SetCover.random(40, 20, seed=0),
    "tsp": lambda: P.TravellingSalesman.random(20, seed=0),
    "vertex-cover": lambda: P.MinVertexCover.random(40, seed=0),
}
# a search that has begun ends with the descent of each of two groups and some looks
MOST_LOOKS_AFTERWARDS = 40


class Looks:
    """Counts how often anybody asks for the time, of which there is none after so many."""

    def __init__(self, monkeypatch, end):
        self.count, self.end = 0, end
        monkeypatch.setattr(Clock, "remaining", property(self.remaining))

    def remaining(self, clock):
        """Return what is left: much, or less than any grace."""
        self.count += 1
        return 1.0 if self.count <= self.end else -1e9


def model():
    """Return a model with constraints of several kinds and an integer."""
    m = ho.Model()
    x, k = m.binary((5, 5), name="x"), m.integer((), 1, 6, name="k")
    m.minimize((x * np.arange(25).reshape(5, 5)).sum() + (k - 3) ** 2)
    m.add(x.sum(axis=0) == 1, x.sum(axis=1) == 1, 2 * x[0, 0] + 3 * x[1, 1] + k <= 7)
    return m


def check_judged(subject, result):
    """Check that a result holds an answer with its value from the user's data, or a proof."""
    if result.best is None:
        assert result.status is Status.INFEASIBLE
        return
    if isinstance(subject, ho.Model):
        known = subject.evaluate(result.assignment)
    elif not hasattr(subject, "evaluate"):
        assert result.assignment is not None
        return
    elif result.answer is None:
        assert result.value is None
        assert not result.feasible
        return
    else:
        known = subject.evaluate(result.answer)
    assert (result.value, result.violations) == (known.value, known.violations)
    assert len(result.states) == len(result.energies)
    assert result.top(2)[0].value == result.value
    assert str(result)


SUBJECTS = {
    **INSTANCES,
    "model": model,
    "compiled": lambda: ho.compile(model()),
    "hamiltonian": lambda: ho.compile(P.MaxCut.random(40, seed=0)).hamiltonian,
    "groups": lambda: ho.compile(P.GraphColoring.random(20, seed=0)).hamiltonian,
}


def test_every_problem_has_an_instance():
    """Nobody adds a problem without an instance here."""
    assert set(INSTANCES) == set(problems.available())


@pytest.mark.parametrize("name", sorted(SUBJECTS))
def test_wherever_the_time_ends_a_complete_result_comes_at_once(name, monkeypatch):
    """The time may end at any look: what is returned is judged, and little is done afterwards."""
    subject = SUBJECTS[name]()
    end, ended = 0, True
    while ended and end < 2_000:
        looks = Looks(monkeypatch, end)
        result = ho.solve(subject, time_limit=1.0, seed=0, n_jobs=1, sweeps=30)
        ended = looks.count > end
        assert looks.count - end <= MOST_LOOKS_AFTERWARDS, end
        check_judged(subject, result)
        if ended and result.feasible and result.bound is None:
            assert result.status in (Status.TIME_LIMIT, Status.CONVERGED, Status.SWEEP_LIMIT), end
        end += 1 + end // 3
    assert end > 1  # something looks


@pytest.mark.parametrize("name", sorted(INSTANCES))
def test_a_limit_changes_nothing_where_it_is_not_met(name):
    """With a budget of sweeps the answer is the same with a limit that is far away as without."""
    make = INSTANCES[name]
    one, other = (
        ho.solve(make(), sweeps=20, seed=3, time_limit=limit, polish=False) for limit in (None, 1e6)
    )
    assert one.value == other.value
    assert np.array_equal(one.states, other.states)


def test_what_is_at_hand_is_polished_in_what_is_left():
    """Without time for a network the first tour is improved, and that one is the result."""

    class Slow(P.TravellingSalesman):
        def model(self):
            raise OutOfTime

    cities = Slow.random(20, seed=0)
    result = ho.solve(cities, time_limit=0.3, seed=0, bound="none")
    assert result.value < cities.evaluate(cities.first_answer()).value
    assert result.top(1)[0].value == result.value
    assert result.status is Status.TIME_LIMIT


class Timed(P.MaxCut):
    """A problem that notes what is asked of it, and in what order."""

    def __init__(self, *args):
        super().__init__(*args)
        object.__setattr__(self, "asked", [])

    def first_answer(self):
        """Return everybody on one side."""
        self.asked.append("first answer")
        return set(self.graph.labels), set()

    def model(self):
        """Return the model."""
        self.asked.append("model")
        return super().model()

    def evaluate(self, answer):
        """Return the value."""
        self.asked.append("value")
        return super().evaluate(answer)


def test_the_first_answer_is_judged_before_time_is_spent_on_a_network():
    """It is made and judged once, first of all, and the search is never worse."""

    class Slow(Timed):
        def model(self):
            super().model()
            raise OutOfTime

    edges = [(0, 1), (1, 2), (2, 0)]
    slow = Slow(edges)
    result = ho.solve(slow, time_limit=5.0, seed=0)
    assert slow.asked == ["first answer", "value", "model"]
    assert result.value == 0.0
    timed = Timed(edges)
    assert ho.solve(timed, seed=0).value == 2.0
    assert timed.asked[:3] == ["first answer", "value", "model"]
    assert timed.asked.count("first answer") == 1


def test_no_answer_is_worse_than_the_one_at_hand_where_time_was_short():
    """What the search met in too short a time gives way to what was known before it."""

    class Known(P.MaxCut):
        def first_answer(self):
            return self.graph.labels[:2], self.graph.labels[2:]

        def evaluate(self, answer):
            known = {0, 1} in map(set, answer)
            return type(super().evaluate(answer))(7.0 if known else 0.0)

    known = Known([(k, (k + 1) % 9) for k in range(9)])
    result = ho.solve(known, time_limit=0.05, seed=0, method="simulated-annealing")
    assert result.value == 7.0
    assert result.status is Status.TIME_LIMIT
    assert ho.solve(known, sweeps=1, seed=0, time_limit=60.0).value in (0.0, 7.0)


class Late(SimulatedAnnealing):
    """A dynamics for which the time is always over before its sweeps are."""

    def advance(self, state, sweeps, horizon):
        """Leave the state as it was."""
        raise OutOfTime


def test_a_search_that_is_left_in_a_sweep_still_ends_in_local_minima():
    """The states stay where they were before that sweep, and are finished like any others."""
    problem = P.MaxCut.random(40, seed=0)
    result = ho.solve(problem, method=Late(), sweeps=3, replicas=130, seed=0, n_jobs=2)
    assert len(result.energies) == 130
    assert (ho.compile(problem).hamiltonian.flip_energy(result.states) >= 0).all()
    assert result.method == Late.name


def test_what_was_not_searched_names_no_method_and_counts_nothing():
    """Neither where there was no time for a network, nor where it was seen to be infeasible."""

    class Slow(P.MaxCut):
        def model(self):
            raise OutOfTime

    late = ho.solve(Slow([(0, 1)]), time_limit=0.5, seed=0)
    assert str(late).splitlines()[0] == "max-cut"
    assert late.method == "none"
    assert "none (no time for a search: it was still being compiled)" in str(late)
    m = ho.Model()
    x = m.binary(3)
    m.add(x.sum() >= 4)
    infeasible = ho.solve(m, seed=0)
    assert infeasible.status is Status.INFEASIBLE
    assert "none (infeasible before any search)" in str(infeasible)
    assert "3 variables" in str(infeasible)


def test_an_answer_without_a_search_is_judged_with_the_tolerance_that_was_asked_for():
    """It is told, and the user's own model keeps its own."""
    model = ho.Model()
    x = model.spin(3, name="x")
    model.maximize(x.sum())
    model.add((0.1 * x).sum() >= -0.1)
    own = model.feasibility_tolerance
    for tolerance, feasible in ((1.0, True), (own, False)):
        task = AtHand.of(model, model, None, None, tolerance)
        assert task.candidate is not None
        assert task.candidate.feasible is feasible
        assert task.compiled.front.feasibility_tolerance == tolerance
    assert model.feasibility_tolerance == own
