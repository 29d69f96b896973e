"""The best so far: feasible before infeasible, then value."""

from types import SimpleNamespace

import numpy as np
import pytest

from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.incumbents import Incumbents
from hopfield_opt.driver.listening import Listener
from hopfield_opt.result import Candidate


def judge(state, energy):
    """Judge a one-spin state by its energy; energies below -10 are infeasible."""
    violations = {"too deep": -10 - energy} if energy < -10 else {}
    return Candidate(state, energy, {}, "answer", -energy, violations)


def group(*energies, sweeps=0):
    """Return the state of a group of replicas with these energies."""
    return SimpleNamespace(
        energies=np.array(energies), sweeps=sweeps, spins=lambda replica: np.array([1], np.int8)
    )


def incumbents(**options):
    """Return a fresh record of a maximisation."""
    defaults = {"target": None}
    kept = Incumbents("maximize", Clock(None), **{**defaults, **options})
    kept.begin(judge)
    return kept


def test_lowest_energy_of_all_groups_is_kept():
    """The lowest of all replicas in all groups becomes the best."""
    kept = incumbents()
    kept.look([group(-1.0, -3.0), group(-2.0)])
    assert kept.best.energy == -3.0


def test_of_one_value_the_state_of_least_energy_is_kept():
    """Slacks and products at their best make the energy the value; nobody is told of it."""
    seen = []
    kept = incumbents(listener=Listener(seen.append))
    kept.begin(lambda state, energy: Candidate(state, energy, {}, "answer", 5.0, {}))
    for energy in (-2.0, -5.0, -5.0 - 1e-13, -4.0):
        kept.offer(np.array([1], np.int8), energy, 0)
    assert (kept.best.energy, kept.own.energy, len(seen)) == (-5.0, -5.0, 1)


def test_of_two_infeasible_states_the_first_is_kept():
    """Less energy is no reason to prefer one of two answers that violate as much."""
    kept = incumbents()
    kept.begin(lambda state, energy: Candidate(state, energy, {}, "answer", 5.0, {"c": 1.0}))
    for energy in (-2.0, -5.0):
        kept.offer(np.array([1], np.int8), energy, 0)
    assert kept.best.energy == -2.0


def test_infeasible_never_replaces_feasible():
    """A lower energy that violates a constraint does not replace a feasible answer."""
    kept = incumbents()
    kept.look([group(-1.0)])
    kept.look([group(-20.0)])
    assert kept.best.energy == -1.0


def test_feasible_is_looked_for_behind_infeasible_ones():
    """Where the lowest energies are infeasible, the lowest feasible one is found."""
    kept = incumbents()
    states = [group(-20.0, -4.0), group(-15.0, -5.0)]
    kept.look(states)
    kept.look_deep(states)
    assert kept.best.energy == -5.0


def test_of_very_many_end_states_the_lowest_are_judged():
    """Where not all end states can be judged, the lowest ones are."""
    kept = incumbents()
    kept.look_deep([group(*[-1.0] * 400, -5.0, *[-20.0] * 100)])
    assert kept.best.energy == -5.0


def test_least_violated_is_kept_where_nothing_is_feasible():
    """Without a feasible state the least violated one is the answer."""
    kept = incumbents()
    states = [group(-20.0, -12.0)]
    kept.look(states)
    kept.look_deep(states)
    assert kept.best.energy == -12.0


@pytest.mark.parametrize(
    "sense, short, enough", [("maximize", -2.0, -3.0), ("minimize", -4.0, -3.0)]
)
def test_target_is_in_the_users_sense(sense, short, enough):
    """A maximisation reaches its target from below, a minimisation from above."""
    kept = Incumbents(sense, Clock(None), 3.0)
    kept.begin(judge)
    for energy in (short, enough):
        kept.offer(np.array([1], np.int8), energy, 0)
        assert kept.reached == (energy == enough)


def test_what_is_infeasible_reaches_no_target():
    """However good its value, an answer that violates a constraint is not what was asked for."""
    kept = incumbents(target=3.0)
    kept.look([group(-20.0)])
    assert kept.best.value == 20.0
    assert not kept.reached


def test_callback_sees_improvements_only_and_stops():
    """The callback gets each better incumbent once, and a true return stops."""
    seen = []
    kept = incumbents(listener=Listener(lambda one: seen.append(one.value) or len(seen) == 2))
    for energy in (-1.0, -1.0, -2.0):
        kept.look([group(energy)])
    assert seen == [1.0, 2.0]
    assert kept.over
    assert not kept.reached


def test_an_equal_answer_is_no_news():
    """What a later attempt finds again is neither told nor recorded."""
    seen = []
    kept = incumbents(listener=Listener(lambda one: seen.append(one.value)))
    kept.look([group(-1.0)])
    kept.begin(judge, 5)
    kept.look([group(-1.0)])
    assert seen == [1.0]
    assert len(kept.trace().energy) == 1
    assert not kept.found


def test_another_network_is_judged_anew():
    """Neither energies nor sweeps of an earlier attempt keep a state from being looked at."""
    kept = incumbents()
    kept.look([group(-9.0, sweeps=10**6)])
    kept.begin(lambda state, energy: judge(state, energy - 9.0), 10**6)
    kept.look([group(-0.5, sweeps=1)])
    assert kept.best.value == 9.5
    assert kept.trace().sweeps.tolist() == [10**6, 10**6 + 1]


def test_the_best_is_of_the_attempt_that_found_it():
    """Who finds as good a one later has it once it is adopted; who finds a better one at once."""
    kept = incumbents()
    kept.begin(judge, by="one")
    kept.look([group(-1.0)])
    kept.begin(judge, by="two")
    kept.look([group(-1.0)])
    assert kept.by == "one"
    kept.adopt()
    assert kept.by == "two"
    kept.meet(judge(np.array([-1], np.int8), -0.5), "beside")
    assert kept.by == "two"
    kept.meet(judge(np.array([-1], np.int8), -2.0), "beside")
    assert kept.by == "beside"
    kept.begin(judge, by="three")
    kept.look([group(-3.0)])
    assert kept.by == "three"


def test_looks_are_spaced_by_sweeps_not_seconds():
    """After a look at s sweeps the next one is due at s (1 + N / 10^5) sweeps."""
    kept = incumbents()
    kept.look([group(-1.0, sweeps=10**6)])
    kept.look([group(-2.0, sweeps=10**6 + 9)])
    assert kept.best.energy == -1.0
    kept.look([group(-2.0, sweeps=10**6 + 10)])
    assert kept.best.energy == -2.0
    kept.look([group(-3.0, sweeps=10**6 + 11)], last=True)
    assert kept.best.energy == -3.0


def test_trace_tells_when_the_best_improved():
    """The trace holds energy, value and sweeps of every improvement."""
    kept = incumbents()
    kept.look([group(-1.0, sweeps=1)])
    kept.look([group(-4.0, sweeps=2)])
    trace = kept.trace()
    assert trace.energy.tolist() == [-1.0, -4.0]
    assert trace.value.tolist() == [1.0, 4.0]
    assert trace.sweeps.tolist() == [1, 2]
    assert trace.seconds[0] <= trace.seconds[1]


@pytest.mark.parametrize("sense, better", [("minimize", 1.0), ("maximize", 2.0)])
def test_rank_follows_the_sense(sense, better):
    """Candidates sort best first in the user's sense."""
    spins = np.array([1], np.int8)
    both = [Candidate(spins, 0.0, {}, "a", value, {}) for value in (1.0, 2.0)]
    assert min(both, key=lambda c: c.rank(sense)).value == better
