"""Rows, tables and curves of a comparison, from runs made by hand."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest

from hopfield_opt import plot
from hopfield_opt.bounds import Certificate
from hopfield_opt.comparison import Comparison, Run
from hopfield_opt.comparison.rows import distance


def run(algorithm, seed, value, **more):
    """Return a feasible run that met its value after `seed + 1` seconds."""
    moments = more.pop("moments", (float(seed + 1),))
    values = more.pop("values", (value,))
    known = {"kind": "method", "feasible": True, "seconds": 4.0, "problem": "p", **more}
    return Run(algorithm=algorithm, seed=seed, value=value, moments=moments, values=values, **known)


RUNS = (
    run("ours", 0, 10.0, moments=(0.5, 2.0), values=(4.0, 10.0)),
    run("ours", 1, 8.0, moments=(1.0,), values=(8.0,)),
    run("ours", 2, 9.0, moments=(3.0,), values=(9.0,)),
    run("theirs", 0, 5.0, kind="baseline"),
    run(
        "theirs",
        1,
        60.0,
        kind="baseline",
        feasible=False,
        moments=(),
        values=(),
        note="not feasible",
    ),
    run("theirs", 2, 4.0, kind="baseline"),
    run("bound", 0, 12.5, kind="relaxation", feasible=False, moments=(), values=()),
)
TABLE = Comparison(RUNS, {"p": "maximize"}, 4.0, (0, 1, 2))


def test_rows_aggregate_the_feasible_runs():
    """Median, best and worst are those of feasible answers; gaps are to the table's best."""
    ours, theirs, bound = TABLE.rows
    assert (ours.value, ours.best, ours.worst, ours.feasible) == (9.0, 10.0, 8.0, 1.0)
    assert (ours.gap, ours.seconds_to_best) == (pytest.approx(0.1), 2.0)
    assert ours.gap_to_bound == pytest.approx(3.5 / 12.5)
    assert (theirs.value, theirs.best, theirs.worst) == (4.0, 5.0, 4.0)
    assert (theirs.feasible, theirs.remark) == (pytest.approx(2 / 3), "not feasible (1 of 3)")
    assert (bound.value, bound.best, bound.feasible, bound.remark) == (12.5, None, None, "bound")


def test_proofs_are_believed_until_they_are_beaten():
    """An optimum is a bound too; one that another run beats is called a claim."""
    exact = run("exact", 0, 10.0, kind="baseline", optimal=True)
    rows = Comparison((*RUNS[:6], exact), {"p": "maximize"}, 4.0, (0, 1, 2)).rows
    assert (rows[2].remark, rows[2].gap_to_bound, rows[0].gap_to_bound) == ("optimal", 0.0, 0.1)
    false = run("exact", 0, 9.5, kind="baseline", optimal=True)
    rows = Comparison((*RUNS[:6], false), {"p": "maximize"}, 4.0, (0, 1, 2)).rows
    assert rows[2].remark == "claims an optimum that was beaten"
    assert rows[0].gap_to_bound is None


def test_distance_is_relative_and_forgives_rounding():
    """Zero where values are equal but for rounding, also at zero; 2 at the most."""
    assert distance(1.0, 1.0 + 1e-12) == 0.0
    assert distance(0.0, 0.0) == 0.0
    assert distance(-1.0, 1.0) == 2.0


def test_curves_are_the_median_best_so_far():
    """The median exists once half of the runs have an answer; of an even number the worse."""
    ours, theirs, bound = TABLE.curves
    assert ours.seconds.tolist() == [1.0, 2.0, 3.0]
    assert ours.values.tolist() == [4.0, 8.0, 9.0]
    assert (theirs.seconds.tolist(), theirs.values.tolist()) == ([3.0], [4.0])
    assert bound.values.tolist() == [12.5]


@pytest.mark.parametrize(("sense", "worse"), [("maximize", 8.0), ("minimize", 10.0)])
def test_the_median_of_two_is_the_worse(sense, worse):
    """In the curve and in the row, whichever way is better."""
    two = [run("ours", seed, value, moments=(1.0,)) for seed, value in enumerate((10.0, 8.0))]
    table = Comparison(tuple(two), {"p": sense}, 4.0, (0, 1))
    assert table.curves[0].values[-1] == table.rows[0].value == worse


def test_the_tightest_bound_counts():
    """Of two relaxations the gap to the bound is that to the nearer one."""
    nearer = run("nearer", 0, 11.0, kind="relaxation", feasible=False, moments=(), values=())
    rows = Comparison((*RUNS, nearer), {"p": "maximize"}, 4.0, (0, 1, 2)).rows
    assert rows[0].gap_to_bound == pytest.approx(2 / 11)


def certificate(bound, sense, rounding=0.0):
    """Return what claims a bound."""
    return Certificate(bound, sense, "trivial", rounding, 0.0, "", "", {})


@pytest.mark.parametrize(
    ("own", "rounding", "shown"),
    [
        (11.0, 0.0, (11.0, "the sum of the parts")),  # nearer than the relaxation
        (12.5, 0.0, (12.5, "the sum of the parts")),  # of equal ones that with a proof
        (20.0, 0.0, (12.5, "bound")),
        (9.5, 0.0, (12.5, "bound")),  # an answer of 10 beats it: it is none
        (9.5, 0.5, (9.5, "the sum of the parts")),  # or it is met, up to rounding
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_the_bound_is_the_tightest_that_nobody_has_beaten(own, rounding, shown, sign):
    """A certificate's or a relaxation's, in the text, the rows, CSV and JSON, in both senses."""
    sense = "maximize" if sign > 0 else "minimize"
    runs = tuple(replace(one, value=sign * one.value) for one in RUNS)
    given = {"p": certificate(sign * own, sense, rounding)}
    table = Comparison(runs, {"p": sense}, 4.0, (0, 1, 2), certificates=given)
    value, by = shown
    assert (table.bounds["p"].value, table.bounds["p"].by) == (sign * value, by)
    head = f"p ({sense}), 3 seeds, 4 s each; bound {sign * value:g} by {by}"
    assert str(table).splitlines()[0] == head
    assert head in table.to_markdown()
    assert {row.bound for row in table.rows} == {sign * value}
    gap = 0.0 if rounding else (value - 9) / value
    assert table.rows[0].gap_to_bound == pytest.approx(gap)
    (first, *_) = csv.DictReader(io.StringIO(table.to_csv()))
    assert float(first["bound"]) == sign * value
    kept = {"value": sign * value, "by": by, "rounding": rounding}
    assert json.loads(json.dumps(table.to_dict()))["bounds"] == {"p": kept}


def test_a_relaxation_that_is_beaten_is_no_bound():
    """It is called a claim, and no distance to it is shown."""
    false = run("bound", 0, 9.5, kind="relaxation", feasible=False, moments=(), values=())
    table = Comparison((*RUNS[:6], false), {"p": "maximize"}, 4.0, (0, 1, 2))
    assert table.bounds == {}
    assert (table.rows[0].bound, table.rows[0].gap_to_bound) == (None, None)
    assert table.rows[2].remark == "claims a bound that was beaten"
    assert "; bound" not in str(table)


def test_several_problems_have_a_summary():
    """The summary counts where nobody is better, and means the gaps if all are known."""
    second = (
        run("ours", 0, 7.0, problem="q"),
        run("theirs", 0, 6.0, problem="q", kind="baseline"),
        run("failing", 0, None, problem="q", feasible=False, moments=(), values=()),
        run("failing", 0, 5.0),
    )
    table = Comparison((*RUNS, *second), {"p": "maximize", "q": "minimize"}, 4.0, (0, 1, 2))
    ours, theirs, failing = table.summary
    assert (ours.first, ours.problems, ours.mean_gap) == (1, 2, pytest.approx((0.1 + 1 / 7) / 2))
    assert (theirs.first, theirs.problems) == (1, 2)
    assert (failing.first, failing.problems, failing.mean_gap) == (0, 2, None)
    assert "over all problems" in str(table)
    assert "1 of 2" in table.to_markdown()
    ours, theirs = table.curves
    assert ours.values[-1] == pytest.approx((0.1 + 1 / 7) / 2)


def test_text_is_aligned_and_markdown_is_a_table():
    """Lines are of one width, pipes inside cells are escaped, empty columns are left out."""
    lines = str(TABLE).splitlines()
    assert lines[0] == "p (maximize), 3 seeds, 4 s each; bound 12.5 by bound"
    assert lines[1].split() == [
        *("algorithm", "median", "best", "worst", "gap", "to", "bound", "feasible"),
        *("to", "best", "seconds", "remark"),
    ]
    assert lines[2].split() == [
        *("hopfield-opt", "ours", "9", "10", "8", "10.00%", "28.00%", "100%", "2.00", "4.00")
    ]
    assert len({line.rindex("4.00") for line in lines[2:]}) == 1
    odd = run("a|b", 0, None, feasible=False, moments=(), values=(), note="x|y\nz")
    rows = Comparison((odd,), {"p": "minimize"}, 1.0, (0,)).to_markdown().splitlines()
    assert rows[2] == "| algorithm | feasible | seconds | remark |"
    assert rows[4] == "| hopfield-opt a\\|b | 0% | 4.00 | x\\|y z |"


def test_csv_json_and_html_hold_every_row(tmp_path):
    """The CSV reads back, JSON is JSON, and HTML escapes what a name may hold."""
    text = TABLE.to_csv(tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_text() == text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["algorithm"] for row in rows] == ["ours", "theirs", "bound"]
    assert (float(rows[0]["value"]), rows[2]["best"]) == (9.0, "")
    report = json.loads(json.dumps(TABLE.to_dict()))
    assert report["rows"][0]["value"] == 9.0
    assert report["senses"] == {"p": "maximize"}
    odd = Comparison((run("<b>", 0, 1.0),), {"p": "minimize"}, 1.0, (0,))
    assert "&lt;b&gt;" in odd._repr_html_()


def test_picture_shows_lines_points_and_bounds():
    """A method is a step line to the limit, a baseline a point, a bound a level."""
    ax = plot.comparison(TABLE)
    labels = [line.get_label() for line in ax.lines][:3]
    assert labels == ["hopfield-opt ours", "theirs", "bound"]
    assert ax.lines[0].get_xydata()[-1].tolist() == [4.0, 9.0]
    assert ax.lines[1].get_xydata().tolist() == [[3.0, 4.0]]
    assert np.all(np.asarray(ax.lines[2].get_ydata()) == 12.5)
    assert ax.get_ylabel() == "value (larger is better)"


def test_picture_of_several_problems_shows_the_mean_distance_to_the_best():
    """One line for each method over all problems; a level of one problem means nothing there."""
    runs = (
        run("ours", 0, 10.0, moments=(1.0,), values=(10.0,)),
        run("ours", 0, 4.0, moments=(2.0,), values=(4.0,), problem="q"),
        run("theirs", 0, 8.0, moments=(3.0,), values=(8.0,), kind="baseline"),
        run("theirs", 0, 5.0, moments=(3.0,), values=(5.0,), kind="baseline", problem="q"),
        run("bound", 0, 12.5, kind="relaxation", feasible=False, moments=(), values=()),
    )
    ax = plot.comparison(Comparison(runs, {"p": "maximize", "q": "minimize"}, 4.0, (0,)))
    shown = [line.get_label() for line in ax.lines if not line.get_label().startswith("_")]
    assert shown == ["hopfield-opt ours", "theirs"]
    assert ax.lines[0].get_xydata().tolist() == [[2.0, 0.0], [4.0, 0.0]]
    assert ax.lines[1].get_xydata().tolist() == [[3.0, pytest.approx(0.2)]]
    assert ax.get_title() == "2 problems: median of 1 run"
    assert ax.get_ylabel() == "mean distance to the best value"
    assert ax.yaxis.get_major_formatter()(0.125, 0) == "12.50%"
