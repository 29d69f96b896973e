"""How good `solve` with its defaults is, on public instances and on generated ones.

Each case is solved under its own time limit on one core, once for each seed; a run ends early
where it meets the best known value. The target is that value with some slack, or a number from a
prototype; it is reached if all answers are feasible and the median is as good,
and late where a run took longer than it was to.

    OMP_NUM_THREADS=1 taskset -c 0 python -m benchmarks.problems --data DIR --only tsp qap

DIR has the folders `tsplib`, `qaplib`, `partition`, `dimacs` (with `coloring` and `clique`) and
`qubo`, each with its files and best_known.csv, whose columns `name` and `best_known` count here.
Without --data, only generated instances are solved.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import hopfield_opt as ho
from benchmarks.cuts import best_known
from benchmarks.table import show
from hopfield_opt import problems
from hopfield_opt.result import Result

# problem, folder below --data, seconds, slack in percent, names
PUBLIC = (
    ("tsp", "tsplib", 0.3, 0.0, "burma14 ulysses16 gr17 fri26 bayg29"),
    ("tsp", "tsplib", 1.0, 0.0, "att48 eil51 berlin52 st70 eil76"),
    ("tsp", "tsplib", 2.0, 0.0, "kroA100 lin105 ch130"),
    ("tsp", "tsplib", 5.0, 0.3, "kroA200 a280"),
    ("tsp", "tsplib", 10.0, 1.5, "pr1002"),
    ("tsp", "tsplib", 60.0, 0.9, "pr1002"),
    ("qap", "qaplib", 0.3, 0.0, "nug12 nug15 chr12a had20 esc16a tai12a"),
    ("qap", "qaplib", 1.0, 0.0, "nug30 kra30a"),
    ("qap", "qaplib", 3.0, 0.0, "tai30a"),
    ("qap", "qaplib", 5.0, 0.0, "bur26a"),
    ("qap", "qaplib", 10.0, 0.0, "sko42"),
    ("qap", "qaplib", 10.0, 1.0, "tai50a"),
    ("coloring", "dimacs/coloring", 0.5, 0.0, "myciel3 myciel5 queen8_8 miles250 anna DSJC125.1"),
    ("coloring", "dimacs/coloring", 5.0, 0.0, "le450_15b"),
    ("clique", "dimacs/clique", 1.0, 0.0, "C125.9 hamming8-4 keller4 p_hat300-1 brock200_2"),
    ("qubo", "qubo", 0.2, 0.0, " ".join(f"bqp50-{k}" for k in range(1, 11))),
    ("qubo", "qubo", 0.2, 0.0, " ".join(f"bqp250-{k}" for k in range(1, 11))),
    ("qubo", "qubo", 0.2, 0.0, "gka10b gka1f gka3a gka4b gka5c gka6d"),
    ("qubo", "qubo", 0.2, 0.0, "be100.1 be150.3.1 be200.8.1 be250.1"),
    ("qubo", "qubo", 1.5, 0.0, " ".join(f"bqp1000-{k}" for k in range(1, 11))),
)
# Sides that differ by at most one vertex. Some of the best known values take hours; these are
# what a prototype met in 5 s.
CUTS = {"add20": 618, "data": 189, "3elt": 90, "uk": 20, "add32": 11, "4elt": 140, "crack": 184}
CUT_SECONDS = 5.0
# for the integer programs whose optimum is the target
EXACT_SECONDS = 20.0
# of sums in another order
ROUNDING = 1e-9
# a time limit is kept to within so many seconds, or a tenth of it
GRACE = 0.2


class Row(NamedTuple):
    """One instance: medians over the seeds, and the worst of them."""

    problem: str
    instance: str
    seconds: float
    target: float
    median: float
    worst: float
    feasible_percent: int
    seconds_to_best: float
    longest_seconds: float
    reached: str
    load: float


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


def public(data: Path) -> Iterator[Case]:
    """Yield the cases whose instances are files."""
    for problem, folder, seconds, slack, names in PUBLIC:
        best = best_known(data / folder)
        for name in names.split():
            make = partial(read, problem, data / folder, name)
            yield Case(problem, name, seconds, make, partial(_always, best[name]), slack)
    for name, cut in CUTS.items():
        make = partial(read, "bipartition", data / "partition", name)
        yield Case("bipartition", name, CUT_SECONDS, make, partial(_always, float(cut)))


def read(problem: str, folder: Path, name: str) -> Any:
    """Return the problem of the file with a name, or of the k-th instance in it for `name-k`."""
    stem, dash, index = name.rpartition("-")
    files = sorted(folder.rglob(f"{name}.*"))
    if files:
        return problems.named(problem).read(files[0])
    if not dash or not (files := sorted(folder.rglob(f"{stem}.*"))):
        raise SystemExit(f"{folder} must hold {name}, got no such file")
    return problems.named(problem).read(files[0], index=int(index))


def _always(value: float, problem: Any) -> float:
    return value


def generated() -> Iterator[Case]:
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


def measure(case: Case, seeds: Iterable[int]) -> Row:
    """Return one line of the table."""
    problem = case.make()
    best = case.best(problem)
    larger = case.value is not None or problem.sense == "maximize"
    rounding = (-ROUNDING if larger else ROUNDING) * abs(best)
    ho.solve(problem, time_limit=min(case.seconds, 0.3), seed=0, n_jobs=1)  # loads the kernels
    values, feasible, to_best, totals = [], [], [], []
    for seed in seeds:
        target = best + rounding if case.value is None else None
        result = ho.solve(problem, time_limit=case.seconds, target=target, seed=seed, n_jobs=1)
        own = result.value if case.value is None else case.value(result)
        # no answer at all counts as the worst there is
        values.append((float("-inf") if larger else float("inf")) if own is None else own)
        feasible.append(result.feasible)
        to_best.append(float(result.trace.seconds[-1]) if len(result.trace.seconds) else 0.0)
        totals.append(result.seconds["total"])
    slack = (-case.slack if larger else case.slack) / 100 * abs(best)
    middle, goal = float(median(values)), best + slack + rounding
    good = all(feasible) and (middle >= goal if larger else middle <= goal)
    late = max(totals) > case.seconds + max(0.1 * case.seconds, GRACE)
    return Row(
        case.problem,
        case.instance,
        case.seconds,
        round(best + slack, 4),
        round(middle, 4),
        round(min(values) if larger else max(values), 4),
        round(100 * sum(feasible) / len(feasible)),
        round(median(to_best), 3),
        round(max(totals), 2),
        ("yes, late" if late else "yes") if good else "no",
        round(os.getloadavg()[0], 1),
    )


def rows(options: argparse.Namespace) -> Iterator[Row]:
    """Yield a line for each case that is wanted."""
    cases = list(generated())
    if options.data is not None:
        cases = [*public(Path(options.data)), *cases]
    for case in cases:
        if not options.only or {case.problem, case.instance} & set(options.only):
            yield measure(case, range(options.seeds))


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--data", help="folder with tsplib, qaplib, partition, dimacs and qubo")
    parser.add_argument("--only", nargs="*", default=[], help="names of problems or instances")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--csv", help="file for the numbers")
    options = parser.parse_args()
    show(rows(options), options.csv)


if __name__ == "__main__":
    main()
