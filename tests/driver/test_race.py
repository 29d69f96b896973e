"""Ways to keep constraints race: the best goes on, and the result says what each brought."""

import threading
import time
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.driver.attempt import Attempt
from hopfield_opt.driver.limits import Limits
from hopfield_opt.driver.race import MOST_ROUNDS, ROUNDS, SHARE, WORK_PER_SECOND, Racer, race
from hopfield_opt.dynamics import SimulatedAnnealing
from hopfield_opt.result import Candidate

SOLVE: dict[str, Any] = {"seed": 0, "n_jobs": 1, "progress": False, "bound": "none"}


def roster(people: int = 8, days: int = 3) -> ho.Model:
    """Return a roster: an exact count for each shift, one shift a day, some pairs apart."""
    rng = np.random.default_rng(1)
    wish = rng.integers(0, 10, (people, 3 * days))
    m = ho.Model()
    x = m.binary((people, 3 * days), name="works")
    m.maximize((x * wish).sum())
    m.add(x.sum(axis=0) == 2, name="covered")
    m.add(x.reshape(people, days, 3).sum(axis=2) <= 1, name="one a day")
    m.add(x[0] + x[1] <= 1, name="apart")
    return m


def fake(way: str, dynamics: Any = None, usual: int = 640, cost: int = 1) -> Racer:
    """Return a racer that is never asked for its network."""
    dynamics = dynamics or SimpleNamespace(
        name="moves",
        default_sweeps=lambda network: usual,
        proposal_cost=lambda network: cost,
        batch=lambda network: 4,
    )
    compiled = SimpleNamespace(structure=way)
    network = SimpleNamespace(num_spins=100)
    task = SimpleNamespace(compiled=compiled, hamiltonian=network, sense="minimize")
    return Racer(Attempt(task, dynamics, "moves"))  # type: ignore[arg-type]


def run_race(values: dict[str, list[float | None]], stop_at: int = 99) -> tuple[Any, list[Any]]:
    """Return the winner of racers that find these values round by round, and all probes."""
    racers, probes = [fake(way) for way in values], []

    def probe(racer: Racer, sweeps: int, number: int) -> bool:
        value = values[racer.way][number]
        violations = {} if value is not None else {"rule": 1.0}
        found = Candidate(np.ones(1, np.int8), 0.0, {}, {}, value or 0.0, violations)
        racer.learn(found)
        probes.append((racer.way, sweeps, number))
        return len(probes) < stop_at

    return race(racers, Limits(), probe), probes


def test_who_is_clearly_behind_is_out() -> None:
    """After a round only those go on that are near the best; one alone is not probed again."""
    winner, probes = run_race({"all": [100.0], "counts": [50.0], "disjoint": [None]})
    assert winner.task.compiled.structure == "counts"
    assert probes == [("all", 10, 0), ("counts", 10, 0), ("disjoint", 10, 0)]
    wanted = "moves; kept: counts, best of probes (all 100, counts 50, disjoint infeasible)"
    assert winner.reason == wanted


def test_probes_of_who_is_near_grow() -> None:
    """Each round has twice the sweeps, and there are not more than a few."""
    winner, probes = run_race({"all": [100.0, 98.0, 97.0], "counts": [102.0, 97.0, 90.0]})
    assert [sweeps for _, sweeps, _ in probes] == [10, 10, 20, 20, 40, 40]
    assert len(probes) == 2 * ROUNDS
    assert winner.task.compiled.structure == "counts"


def test_a_tie_is_for_the_first() -> None:
    """What differs by less than probes can tell is taken in the order of the ways."""
    winner, _ = run_race({"all": [100.0] * 3, "counts": [99.5] * 3})
    assert winner.task.compiled.structure == "all"
    winner, _ = run_race({"all": [None] * 3, "counts": [None] * 3})
    assert winner.task.compiled.structure == "all"


def test_a_race_that_is_cut_short_goes_to_who_led_before() -> None:
    """Half a round decides nothing."""
    winner, _ = run_race({"all": [100.0] * 3, "counts": [104.0, 50.0, 50.0]}, stop_at=3)
    assert winner.task.compiled.structure == "all"
    winner, probes = run_race({"all": [100.0], "counts": [50.0]}, stop_at=1)
    assert winner.task.compiled.structure == "all"
    assert "counts" not in winner.reason
    assert len(probes) == 1


def test_who_leads_with_less_work_leads_in_half_a_round_too() -> None:
    """A later racer that is clearly ahead when time is over needs no rest of the round."""
    values: dict[str, list[float | None]] = {"all": [100.0], "counts": [50.0], "disjoint": [10.0]}
    winner, probes = run_race(values, stop_at=2)
    assert winner.task.compiled.structure == "counts"
    assert len(probes) == 2
    winner, _ = run_race({"all": [100.0, 40.0], "counts": [50.0, 50.0]}, stop_at=3)
    assert winner.task.compiled.structure == "counts"


def probes_of(limits: Limits, *racers: Racer) -> list[tuple[str, int]]:
    """Return the sweeps of all probes of racers that find nothing."""
    probes: list[tuple[str, int]] = []
    race(list(racers), limits, lambda one, sweeps, _: probes.append((one.way, sweeps)) is None)
    return probes


def test_where_time_is_the_limit_probes_do_the_same_work() -> None:
    """Whatever is usual, dear sweeps are so much fewer; the first rounds fill the race's share."""
    cheap, dear = fake("disjoint", usual=64, cost=1), fake("all", usual=10**9, cost=2000)
    probes = probes_of(Limits(time_limit=10.0), dear, cheap)
    for (_, few), (_, many) in zip(probes[::2], probes[1::2], strict=True):
        assert 0 <= many - 2000 * few < 2000
    work = sum(sweeps * 400 * (1 if way == "disjoint" else 2000) for way, sweeps in probes[:6])
    assert 0.9 < work / (SHARE * 10.0 * WORK_PER_SECOND) <= 1.0
    assert len(probes) == 2 * MOST_ROUNDS


def test_no_probe_is_longer_than_a_usual_run_asks_for() -> None:
    """However much time there is; of a number of sweeps, or a usual run, all have one share."""
    racers = fake("disjoint", usual=64, cost=1), fake("all", usual=640, cost=20)
    assert probes_of(Limits(time_limit=1e6), *racers)[:2] == [("disjoint", 200), ("all", 10)]
    assert probes_of(Limits(time_limit=1e6, replicas=1), *racers)[:2] == [
        ("disjoint", 200),
        ("all", 10),
    ]
    assert probes_of(Limits(), *racers)[:2] == [("disjoint", 1), ("all", 10)]
    assert probes_of(Limits(sweeps=128), *racers)[:2] == [("disjoint", 1), ("all", 2)]
    assert probes_of(Limits(sweeps=128, time_limit=1.0), *racers)[:2] == [
        ("disjoint", 1),
        ("all", 2),
    ]


def test_who_proves_is_not_probed() -> None:
    """An enumeration in one of the networks ends the race before it begins."""
    racers = [fake("all"), fake("disjoint", ho.dynamics.Exhaustive())]
    assert race(racers, Limits(), lambda *_: pytest.fail("probed")) is racers[1].attempt


def test_the_result_says_what_was_kept_and_what_each_way_brought() -> None:
    """In its reason, and so in print(result); the budget of sweeps holds for all of it."""
    result = ho.solve(roster(), sweeps=200, **SOLVE)
    assert result.feasible
    assert "; kept: " in result.reason
    for way in ("all", "counts", "disjoint"):
        assert f"{way} " in result.reason.partition("best of probes")[2]
    assert all(part in str(result) for part in result.reason.split("; "))
    assert result.sweeps == 200
    again = ho.solve(roster(), sweeps=200, **SOLVE)
    assert (again.value, again.reason) == (result.value, result.reason)
    assert np.array_equal(again.states, result.states)
    other = ho.solve(roster(), sweeps=200, **SOLVE | {"n_jobs": 2})
    assert np.array_equal(other.states, result.states)


@pytest.mark.parametrize("structure", ["auto", "all", "counts", "disjoint", "penalty"])
def test_a_structure_that_is_asked_for_is_not_probed(structure: str) -> None:
    """Nor one that was compiled."""
    subjects = [roster(), ho.compile(roster(), structure)]
    for subject in subjects[structure == "auto" :]:
        result = ho.solve(subject, sweeps=80, structure=structure, **SOLVE)
        assert "probes" not in result.reason
        assert result.sweeps == 80


def test_sampling_methods_race_with_what_they_keep() -> None:
    """Equalities that overlap are kept by annealing and not by a method that samples."""
    result = ho.solve(roster(), method="metropolis", sweeps=100, **SOLVE)
    assert "all" not in result.reason.partition("best of probes")[2]
    result = ho.solve(roster(), method=SimulatedAnnealing(), sweeps=100, **SOLVE)
    assert "all" in result.reason.partition("best of probes")[2]


def test_a_race_keeps_a_time_limit() -> None:
    """Also one that is too short for all probes."""
    ho.solve(roster(), sweeps=100, **SOLVE)  # loads the kernels
    for limit in (0.02, 0.3):
        begin = time.monotonic()
        result = ho.solve(roster(30, 20), time_limit=limit, **SOLVE)
        assert time.monotonic() - begin - result.seconds["jit"] < limit + 0.5


def test_a_callback_may_stop_a_race() -> None:
    """What a probe has found is the result, with its states and its network."""
    result = ho.solve(roster(), callback=lambda found: found.feasible, **SOLVE)
    assert result.status is ho.Status.STOPPED
    assert result.feasible
    assert result.states.shape[1] == len(result.state)


def test_an_error_in_a_race_carries_the_best() -> None:
    """As everywhere else."""

    def fails(found: Any) -> None:
        if found.feasible:
            raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine") as caught:
        ho.solve(roster(), callback=fails, **SOLVE)
    assert caught.value.result.feasible  # type: ignore[attr-defined]


def test_a_race_is_the_same_in_any_thread() -> None:
    """Nothing of it depends on the main thread."""
    found = []
    thread = threading.Thread(target=lambda: found.append(ho.solve(roster(), sweeps=80, **SOLVE)))
    thread.start()
    thread.join()
    assert found[0].value == ho.solve(roster(), sweeps=80, **SOLVE).value
