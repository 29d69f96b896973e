"""How good `solve` with its defaults is: each instance with its own time limit and target."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

import hopfield_opt as ho
from benchmarks.base import Row, Section, Settings, Table, Unit, cell, spread
from benchmarks.problems import best_known, read
from hopfield_opt import problems
from hopfield_opt.result import Result

ABOUT = """\
`solve` with its defaults under the time limit of each instance, on one thread; a run ends where
it meets the best value known (a polish at the end of the time does not look at it, so that the
seconds may be the whole time). The target is that value with the slack that the table says; for
bipartitions, whose sides differ by one vertex at most, it is what a prototype met in five
seconds; for generated instances it is the value of an exact algorithm. A row is reached if all
answers are feasible and the median is as good as the target, and late if a run took longer than
its limit by more than 0.2 s and a tenth. The limit is on the wall clock: `load` says how busy
the machine was.

The public files are from TSPLIB, QAPLIB, Walshaw's partition archive, the DIMACS challenges, the
OR-Library and Biq Mac."""

# problem, seconds, slack in percent, names
PUBLIC = (
    ("tsp", 0.3, 0.0, "burma14 ulysses16 gr17 fri26 bayg29"),
    ("tsp", 1.0, 0.0, "att48 eil51 berlin52 st70 eil76"),
    ("tsp", 2.0, 0.0, "kroA100 lin105 ch130"),
    ("tsp", 5.0, 0.3, "kroA200 a280"),
    ("tsp", 10.0, 0.9, "pr1002"),
    ("qap", 0.3, 0.0, "nug12 nug15 chr12a had20 esc16a tai12a"),
    ("qap", 1.0, 0.0, "nug30 kra30a"),
    ("qap", 3.0, 0.0, "tai30a"),
    ("qap", 5.0, 0.0, "bur26a"),
    ("qap", 10.0, 0.0, "sko42"),
    ("qap", 10.0, 1.0, "tai50a"),
    ("coloring", 0.5, 0.0, "myciel3 myciel5 queen8_8 miles250 anna DSJC125.1"),
    ("coloring", 5.0, 0.0, "le450_15b"),
    ("clique", 1.0, 0.0, "C125.9 hamming8-4 keller4 p_hat300-1 brock200_2"),
    ("qubo", 0.2, 0.0, " ".join(f"bqp50-{k}" for k in range(1, 11))),
    ("qubo", 0.2, 0.0, " ".join(f"bqp250-{k}" for k in range(1, 11))),
    ("qubo", 0.2, 0.0, "gka10b gka1f gka3a gka4b gka5c gka6d"),
    ("qubo", 0.2, 0.0, "be100.1 be150.3.1 be200.8.1 be250.1"),
    ("qubo", 1.5, 0.0, " ".join(f"bqp1000-{k}" for k in range(1, 11))),
)
# some of the best known values take hours; these are what a prototype met
CUTS = {"add20": 618, "data": 189, "3elt": 90, "uk": 20, "add32": 11, "4elt": 140, "crack": 184}
CUT_SECONDS = 5.0
SEEDS = 3
# for the integer programs whose optimum is the target
EXACT_SECONDS = 20.0
# of sums in another order
ROUNDING = 1e-9
# a time limit is kept to within so many seconds, or a tenth of it
GRACE = 0.2


@dataclass(frozen=True)
class Case:
    """What is to be solved, in which time, and how good the median is to be.

    Attributes
    ----------
    problem, instance : str
        What it is called.
    seconds : float
        The time limit.
    make : callable
        Returns the problem.
    best : callable
        Returns its best known value, at which a run ends.
    slack : float
        How many percent worse than that the median may be.
    value : callable or None
        What counts of a result instead of its value, the more the better; the run goes on to
        its usual end.
    """

    problem: str
    instance: str
    seconds: float
    make: Callable[[], Any]
    best: Callable[[Any], float]
    slack: float = 0.0
    value: Callable[[Result], float] | None = None


def public(settings: Settings) -> Iterator[Case]:
    """Yield the cases whose instances are files."""
    if (data := settings.data) is None:
        return
    for problem, seconds, slack, names in PUBLIC:
        for name in names.split():
            best = partial(_always, best_known(problem, data, name))
            yield Case(problem, name, seconds, partial(read, problem, data, name), best, slack)
    for name, cut in CUTS.items():
        make = partial(read, "bipartition", data, name)
        yield Case("bipartition", name, CUT_SECONDS, make, partial(_always, float(cut)))


def _always(value: float, problem: Any) -> float:
    return value


def generated(settings: Settings) -> Iterator[Case]:
    """Yield the cases whose instances are made here."""
    for n, seconds in ((8, 0.1), (100, 0.1), (500, 0.5)):
        make = partial(problems.NQueens, n)
        yield Case("queens", str(n), seconds, make, partial(_always, 0.0))
    make = partial(problems.NQueens, 8)
    yield Case("queens", "8, all solutions", 1.0, make, partial(_always, 92.0), 0.0, solutions)
    matching, knapsack = problems.WeightedMatching.random, problems.Knapsack.random
    cover, image = problems.SetCover.random, problems.ImageRestoration.random
    for n in (10, 20, 30):
        for seed in (1, 2):
            make = partial(matching, n, seed=seed)
            yield Case("matching", f"n={n} seed={seed}", 1.0, make, optimum)
    yield Case("matching", "n=200 p=0.1", 5.0, partial(matching, 200, p=0.1, seed=1), optimum, 0.5)
    make = partial(matching, 100, perfect=True, seed=1)
    yield Case("matching", "n=100 perfect", 5.0, make, optimum, 1.0)
    for seed in (1, 2, 3):
        make = partial(knapsack, 100, seed=seed)
        yield Case("knapsack", f"n=100 seed={seed}", 2.0, make, optimum)
        make = partial(knapsack, 100, capacities=5, seed=seed)
        yield Case("knapsack", f"n=100 capacities=5 seed={seed}", 2.0, make, optimum)
    for n in (100, 400):
        yield Case("set-cover", f"n={n}", 2.0, partial(cover, n, seed=1), optimum)
    yield Case("image-restoration", "n=64", 2.0, partial(image, 64, seed=1), optimum)


def solutions(result: Result) -> float:
    """Return how many different placements of the queens a result holds."""
    found = [candidate.answer for candidate in result.top(1000) if candidate.feasible]
    return float(len({str(answer) for answer in found}))


def optimum(problem: Any) -> float:
    """Return the value of the best exact baseline, after some seconds at most."""
    deadline = time.monotonic() + EXACT_SECONDS
    answers = [b.run(0, deadline) for b in problem.baselines() if b.exact]
    values = [problem.evaluate(answer).value for answer in answers if answer is not None]
    return float(max(values) if problem.sense == "maximize" else min(values))


def measure(case: Case, seeds: Iterable[int]) -> list[Row]:
    """Return what was found for each seed."""
    problem = case.make()
    best = case.best(problem)
    larger = case.value is not None or problem.sense == "maximize"
    rounding = (-ROUNDING if larger else ROUNDING) * abs(best)
    ho.solve(problem, time_limit=min(case.seconds, 0.3), seed=0, n_jobs=1)  # loads the kernels
    values, to_best, totals = [], [], []
    for seed in seeds:
        target = best + rounding if case.value is None else None
        result = ho.solve(problem, time_limit=case.seconds, target=target, seed=seed, n_jobs=1)
        own = result.value if case.value is None else case.value(result)
        values.append(own if result.feasible else None)
        to_best.append(float(result.trace.seconds[-1]) if len(result.trace.seconds) else 0.0)
        totals.append(result.seconds["total"])
    slack = (-case.slack if larger else case.slack) / 100 * abs(best)
    row = {
        "problem": case.problem,
        "instance": case.instance,
        "limit": case.seconds,
        "slack": case.slack,
        "target": best + slack + rounding,
        "larger": larger,
        "values": values,
        "to_best": [round(seconds, 3) for seconds in to_best],
        "seconds": [round(seconds, 3) for seconds in totals],
        "load": round(os.getloadavg()[0], 1),
    }
    return [row]


def units(settings: Settings) -> Iterator[Unit]:
    """Yield one unit for each case."""
    cases = [*public(settings), *generated(settings)]
    seeds = 1 if settings.quick else SEEDS
    for case in cases[:3] if settings.quick else cases:
        run = partial(measure, case, range(seeds))
        name = f"{case.problem} {case.instance} {case.seconds:g} s"
        yield Unit(name, 1.0 + 0.9 * seeds * case.seconds, run)


def reached(row: Row) -> str:
    """Return whether the median is as good as the target, and in time."""
    if None in row["values"]:
        return "no"
    middle, goal = median(row["values"]), row["target"]
    late = max(row["seconds"]) > row["limit"] + max(0.1 * row["limit"], GRACE)
    if middle < goal if row["larger"] else middle > goal:
        return "no"
    return "yes, late" if late else "yes"


def missed(rows: list[Row]) -> Iterator[str]:
    """Yield the instances whose target is not reached, or not in time."""
    for row in rows:
        if (verdict := reached(row)) != "yes":
            which = f"{row['problem']} {row['instance']} in {row['limit']:g} s"
            if verdict == "no":
                found = ", ".join("no answer" if v is None else cell(v) for v in row["values"])
                yield f"{which}: {found} instead of {cell(_shown(row))}"
            else:
                yield f"{which}: late, after {max(row['seconds']):.2g} s"


def _shown(row: Row) -> float:
    return round(row["target"], 4 if abs(row["target"]) < 100 else 1)


def tables(rows: list[Row]) -> Iterator[Table]:
    """Yield the table of all cases."""
    columns = ("problem", "instance", "limit, s", "slack, %", "target", "median (range)",
               "feasible", "seconds to it", "longest, s", "load", "reached")  # fmt: skip
    lines = []
    for row in rows:
        found = [value for value in row["values"] if value is not None]
        lines.append(
            (
                row["problem"],
                row["instance"],
                row["limit"],
                row["slack"],
                _shown(row),
                spread(found, 8) if found else None,
                f"{len(found)} of {len(row['values'])}",
                spread(row["to_best"], 2),
                max(row["seconds"]),
                row["load"],
                reached(row),
            )
        )
    yield Table(columns, lines)


SECTION = Section("targets", "Public and generated instances", ABOUT, units, tables, missed)
