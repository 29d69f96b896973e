"""The page of benchmarks says what its results say, and a run goes on where it stopped."""

import doctest
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hopfield_opt.problems import MaxCut

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what imports a module of benchmarks/, which is not installed."""
    monkeypatch.syspath_prepend(str(ROOT))
    return lambda name: importlib.import_module(f"benchmarks.{name}")


def line(section: str, *rows: dict[str, Any], unit: str = "one") -> dict[str, Any]:
    """Return a line of the results."""
    return {
        "section": section,
        "unit": unit,
        "quick": False,
        "rows": list(rows),
        "took": 1.0,
        "time": "2026-01-31 10:00:00",
        "load": 0.5,
        "machine": "a machine",
        "versions": "some versions",
    }


def updates(ours: list[float]) -> dict[str, Any]:
    """Return a row of the section on updates, next to others that take 20 ns."""
    others = [20.0] * len(ours)
    ns = {"hopfield-opt": ours, "dwave-samplers": others, "OpenJij": others}
    return {
        "network": "ring",
        "spins": 10,
        "degree": 2.0,
        "kernel": "sparse int8",
        "replicas": 64,
        "target": 40,
        "ns": ns,
        "energy": {name: [-10.0] for name in ns},
    }


def quality(side: str, *values: float | None, budget: float = 1.0) -> dict[str, Any]:
    """Return a row of the section on quality: cuts of a graph whose best cut is 100."""
    return {
        "problem": "max-cut",
        "instance": "G0",
        "side": side,
        "budget": budget,
        "best": 100.0,
        "larger": True,
        "values": list(values),
        "seconds": [1.0] * len(values),
        "cpu": [0.5] * len(values),
    }


def test_the_page_is_what_the_results_say(module: Any) -> None:
    """The committed page is the one that the committed results make."""
    run_all, results = module("run_all"), module("results")
    expected = module("page").page(results.read(run_all.RESULTS), run_all.SECTIONS)
    assert run_all.PAGE.read_text("utf-8") == expected


def test_what_is_not_reached_stands_first(module: Any) -> None:
    """A ratio below its target is in the list at the top and marked in its row."""
    make, sections = module("page").page, module("run_all").SECTIONS
    good, bad = (make([line("updates", updates(ns))], sections) for ns in ([0.4], [1.0, 2.0, 4.0]))
    assert "Nothing: every target is reached." in good
    assert "| 50 | 40 | yes |" in good
    assert "ring with 64 replicas: 10 times instead of 40" in bad.partition("## Spin updates")[0]
    assert "| 2 (1 to 4) | 20 | 20 | 10 (5 to 20) | 40 | no |" in bad


def test_a_side_that_is_better_is_listed(module: Any) -> None:
    """Gaps are in percent, and where another side's median is better the list says so."""
    rows = [
        quality("hopfield-opt", 99.0, 99.0, 97.0),
        quality("other", 99.5, 98.0, 100.0),
        quality("nobody", None, 98.0, 98.0),
    ]
    made = module("page").page([line("quality", *rows)], module("run_all").SECTIONS)
    assert "max-cut G0: other is better after 1 s" in made.partition("## Quality")[0]
    assert "| G0 | hopfield-opt | 1 (1 to 3) | no: 1 s |" in made
    assert "| G0 | nobody | answers in 2 of 3 |" in made
    assert "Ours got 50 % of its core" in made


def test_a_side_that_is_run_once_counts_once_it_has_finished(module: Any) -> None:
    """An answer after half a second is not in the column of 0.3 s, but in all later ones."""
    contest = module("quality")
    once = contest.with_gaps([quality("once", 98.0, budget=0.0)])
    assert [contest.after(once, budget) for budget in (0.3, 1.0, 3.0)] == [None, [2.0], [2.0]]


def regret(family: str, limit: float, ours: float, others: float) -> dict[str, Any]:
    """Return a row of the section on the choice of a method."""
    gaps = {"ours": [ours, "tabu"], "others": [others, "greedy"]}
    return {"family": family, "size": 1.0, "limit": limit, "value": 7.0, **gaps, "reason": "why"}


def test_the_worst_choice_stands_first(module: Any) -> None:
    """Rows are sorted by what is lost, and what is beyond a target is listed, with who is ahead."""
    rows = [
        regret("good", 1.0, 4.0, 0.25),
        regret("bad", 5.0, 3.0, 0.0),
        regret("short", 0.3, 50.0, 0.0),
        regret("none", 1.0, 0.0, float("inf")),
    ]
    made = module("page").page([line("regret", *rows)], module("run_all").SECTIONS)
    listed, _, table = made.partition("## The choice of a method")
    assert "bad, size 1, 5 s: 3 (tabu) instead of 2 %" in listed
    assert "none, size 1, 1 s: no answer (greedy) instead of 0.5 %" in listed
    assert "good" not in listed
    assert "short" not in listed
    order = [table.index(f"| {family} |") for family in ("none", "short", "good", "bad")]
    assert order == sorted(order)
    assert "| good | 1 | 1 | 4 (tabu) | 0.25 (greedy) |" in table


def test_a_choice_is_measured(module: Any) -> None:
    """A row for each limit, of the default next to the methods that accept the instance."""
    table = module("regret_table")
    (row,) = table.measure("set, random", 0.05, (0.05,))
    assert row["value"] > 0
    assert row["ours"][0] >= 0
    assert module("page").page([line("regret", row)], module("run_all").SECTIONS)


def test_pictures_are_drawn(module: Any, tmp_path: Path) -> None:
    """Each section with pictures draws them from its rows, also where an answer is missing."""
    rows = [quality("hopfield-opt", 100.0), quality("other", None)]
    lines = [
        line("quality", *rows, *({**row, "problem": "qubo"} for row in rows)),
        line("updates", updates([0.4])),
    ]
    module("page").draw(lines, module("run_all").SECTIONS, tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["quality_cuts.png", "quality_others.png", "updates.png"]


def test_a_run_goes_on_where_it_stopped(module: Any, tmp_path: Path) -> None:
    """What is there is not measured again, a line that was cut off is, and a failure is counted."""
    base, run_all, results = module("base"), module("run_all"), module("results")
    path, calls = tmp_path / "results.jsonl", []
    first = json.dumps(line("updates", unit="first"))
    path.write_text(f"{first}\n" + json.dumps(line("updates", unit="second"))[:40], "utf-8")

    def unit(name: str) -> Any:
        return base.Unit(name, 1.0, lambda: calls.append(name) or [{"name": name}])

    broken = base.Unit("broken", 1.0, lambda: 1 / 0)
    section = next(one for one in run_all.SECTIONS if one.name == "updates")
    todo = [(section, one) for one in (unit("first"), broken, unit("second"))]
    assert run_all.measure(todo, base.Settings(None, quick=False), path) == 1
    assert calls == ["second"]
    assert [found["unit"] for found in results.read(path)] == ["first", "second"]
    with pytest.raises(SystemExit, match="all quick or all not"):
        run_all.measure(todo, base.Settings(None, quick=True), path)


@pytest.mark.parametrize("quick", [True, False])
def test_units_are_told_apart(module: Any, quick: bool) -> None:
    """No two units of a section have the same name, so that none passes for another."""
    settings = module("base").Settings(None, quick)
    units = module("run_all").wanted(settings, [])
    names = [(section.name, unit.name) for section, unit in units]
    assert len(set(names)) == len(names) > 10


def test_instances_and_their_best_values(module: Any, tmp_path: Path) -> None:
    """A file is found by its name in any folder below, and a bisection's value is of even sides."""
    problems = module("problems")
    folder = tmp_path / "partition"
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "path.graph").write_text("3 2\n2\n1 3\n2\n", "utf-8")
    table = "name,best_known,imbalance_percent\npath,7,3\npath,1,0\n"
    (folder / "best_known.csv").write_text(table, "utf-8")
    assert problems.read("bipartition", tmp_path, "path").graph.num_edges == 2
    assert problems.best_known("bipartition", tmp_path, "path") == 1.0
    for find in (problems.read, problems.best_known):
        with pytest.raises(SystemExit, match="must .* other of bipartition, got no"):
            find("bipartition", tmp_path, "other")


def test_an_attempt_without_a_feasible_answer(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has no end is cut, and an answer that breaks a rule counts as none."""
    sides = module("sides")
    monkeypatch.setattr(sides, "LEAST_PATIENCE", 0.05)
    square = MaxCut([(0, 1), (1, 2), (2, 3), (3, 0)])

    def endless(seconds: float, seed: int) -> Any:
        while True:
            pass

    attempts = (endless, lambda *_: None, lambda *_: ({0}, {1}), lambda *_: ({0, 2}, {1, 3}))
    found = [sides.timed(attempt, square, 0.01, 0).value for attempt in attempts]
    assert found == [None, None, None, 4.0]


def test_a_row_of_two_states_says_which_is_worse(module: Any) -> None:
    """Rates may fall by 3 %, values and seconds are judged by their own sense."""
    against = module("against")

    def line_of(section: str, larger: bool, *pairs: tuple[float | None, float | None]) -> str:
        row = against.Row(section, "a row", larger, {})
        return str(against.line(row, [[against.Measured(x) for x in pair] for pair in pairs]))

    steady, slow = line_of("updates", True, (100, 98)), line_of("updates", True, (100, 96))
    assert not steady.endswith("WORSE")
    assert slow.endswith("WORSE")
    assert not line_of("quality", False, (10, 9), (10, 9), (10, 12)).endswith("WORSE")
    assert line_of("quality", True, (10, 9)).endswith("WORSE")
    assert line_of("quality", True, (10, None)).endswith("WORSE")
    assert not line_of("quality", True, (None, 10)).endswith("WORSE")
    assert line_of("start", False, (1.0, 1.2)).endswith("WORSE")


def test_both_sides_give_the_same_answers(module: Any, tmp_path: Path) -> None:
    """A process measures the rows that it is asked for, and tells where the answers differ."""
    against, base = module("against"), module("base")
    settings = base.Settings(None, quick=True)
    side = against.Side(sys.executable)
    try:
        assert "hopfield_opt" in side.ask(ask="where")["package"]
        dense = list(against.rows(settings, tmp_path, ["updates"]))[-1]
        row = dense._replace(request={**dense.request, "sweeps": 2})
        pair = against.measure(row, [side, side], [], 0)
    finally:
        side.close()
    assert pair[0].answer == pair[1].answer < 0 < pair[0].number
    assert " same" in against.line(row, [pair])
    other = pair[1]._replace(answer=0.0)
    assert "OTHER" in against.line(row, [[pair[0], other]])


def test_rows_of_two_states_are_told_apart(module: Any, tmp_path: Path) -> None:
    """No two rows have the same name, and each is a request or code that Python reads."""
    against, base = module("against"), module("base")
    todo = list(against.rows(base.Settings(None, quick=True), tmp_path, against.SECTIONS))
    assert {row.section for row in todo} == set(against.SECTIONS) - {"quality"}
    assert len({(row.section, row.name) for row in todo}) == len(todo)
    for row in todo:
        assert bool(row.code) != bool(row.request)
        compile(row.code, row.name, "exec")


def test_examples_of_cells(module: Any) -> None:
    """The examples in benchmarks/base.py hold."""
    assert doctest.testmod(module("base")).failed == 0


def test_models_and_their_data_agree(module: Any) -> None:
    """What HiGHS finds in the data is feasible in the model and worth as much there."""
    kinds, models = module("model_kinds"), module("models")
    for kind in kinds.KINDS:
        model, data = kinds.made(kind, 0.001 if kind == "count" else 0.25, seed=1)
        data.known, known = None, data.known
        if kind == "grid-parts":
            continue
        found = models.solved(data, 5.0)
        judged = model.evaluate(model.unpack(np.rint(found.x)))
        assert judged.feasible, kind
        assert judged.value == pytest.approx(data.sense * found.fun)
        assert known is None or known == judged.value
