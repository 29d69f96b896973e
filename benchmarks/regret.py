"""How much is lost by leaving the method to `solve`: worst rows first.

From the root of the repository, on a core that does nothing else (some minutes by default):

    python -m benchmarks.regret
    python -m benchmarks.regret --families set tour --sizes 0.3 1 3 --limits 0.3 1 5 --seeds 0 1 2

For each instance of `benchmarks/regret_families.py`, the default is put beside every search that
accepts it and the problem's own baselines, each with the same time limit and in one thread. A row
has the medians of all seeds: the default's value, by how many percent the best of our methods and
of the baselines that prove nothing is better, who that is, and what the default says that it did.
A baseline that is done earlier, or later, is shown all the same. With --data DIR the public
instances of `benchmarks/quality.py` come in as families. --rivals none takes the default alone.
With --cpu all clocks, those of the solver too, count CPU seconds: what an idle core would show.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np

import hopfield_opt as ho
from benchmarks.quality import PUBLIC, load
from benchmarks.regret_families import FAMILIES
from hopfield_opt.errors import InputError

RIVALS = (
    "simulated-annealing", "tabu", "cluster-search", "parallel-tempering", "population-annealing",
    "multilevel", "alternating", "simulated-bifurcation", "mean-field-annealing",
)  # fmt: skip
DEFAULT = "auto"
HEAD = (
    f"{'family':<24}{'size':>6}{'limit':>7}{'value':>12}{'ours, %':>9}{'others, %':>10}  who; how"
)


class Line(NamedTuple):
    """One instance with one limit: what the default loses."""

    family: str
    size: float
    limit: float
    value: float
    ours: tuple[float, str]
    others: tuple[float, str]
    reason: str

    @property
    def regret(self) -> float:
        """The larger of both, in percent."""
        return max(self.ours[0], self.others[0])

    def __str__(self) -> str:
        names = ", ".join(name for gap, name in (self.ours, self.others) if gap > 0) or "nobody"
        head = f"{self.family:<24}{self.size:>6g}{self.limit:>7g}{self.value:>12.7g}"
        return f"{head}{self.ours[0]:>9.3g}{self.others[0]:>10.3g}  {names}; {self.reason}"


def solved(subject: Any, method: str, limit: float, seed: int) -> ho.Result:
    """Return what a method finds in a time."""
    options: dict[str, Any] = {"seed": seed, "n_jobs": 1, "progress": False}
    return ho.solve(subject, method=method, time_limit=limit, **options)


def value_of(result: ho.Result) -> float:
    """Return the value, nan without a feasible answer."""
    return result.value if result.feasible and result.value is not None else np.nan


def of_baseline(subject: Any, run: Callable[[int, float], Any], limit: float, seed: int) -> float:
    """Return the value of what a baseline finds in a time."""
    try:
        answer = run(seed, time.monotonic() + limit)
    except InputError:  # it takes no such instance
        return np.nan
    if answer is None:
        return np.nan
    found = subject.evaluate(answer)
    return found.value if found.feasible else np.nan


def middle(values: list[float], sign: int) -> float:
    """Return the median for minimisation, infinite where there is no answer."""
    return median(np.inf if np.isnan(value) else sign * value for value in values)


def found_by(
    subject: Any, limit: float, seeds: list[int], rivals: tuple[str, ...], sign: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the medians of our methods that accept a subject, and of its baselines."""
    ours, others = {}, {}
    for method in rivals:
        try:
            runs = [value_of(solved(subject, method, limit, seed)) for seed in seeds]
        except InputError:  # it does not keep what there is
            continue
        ours[method] = middle(runs, sign)
    for baseline in getattr(subject, "baselines", tuple)() if rivals else ():
        if not baseline.exact:
            runs = [of_baseline(subject, baseline.run, limit, seed) for seed in seeds]
            others[baseline.name] = middle(runs, sign)
    return ours, others


def lost(own: float, found: dict[str, float]) -> tuple[float, str]:
    """Return by how many percent the best of others is better than our own, and who it is."""
    if not found:
        return 0.0, ""
    name = min(found, key=lambda each: found[each])
    best = found[name]
    if not np.isfinite(best) or own <= best:
        return 0.0, name
    return 100.0 * (own - best) / max(abs(best), 1e-9 if best else 1.0), name


def measured(name: str, size: float, subject: Any, asked: argparse.Namespace) -> Iterator[Line]:
    """Yield a line for each limit."""
    rivals = () if asked.rivals == ["none"] else tuple(asked.rivals)
    # kernels are loaded, and compiled where this is the first time
    for method in (DEFAULT, *rivals):
        try:
            warm = solved(subject, method, 0.05, 0)
        except InputError:
            continue
    sign = -1 if warm.sense == "maximize" else 1
    for limit in asked.limits:
        runs = [solved(subject, DEFAULT, limit, seed) for seed in asked.seeds]
        own = middle([value_of(run) for run in runs], sign)
        ours, others = found_by(subject, limit, asked.seeds, rivals, sign)
        reason = f"{runs[0].method}, {runs[0].reason}"
        yield Line(name, size, limit, sign * own, lost(own, ours), lost(own, others), reason)


def subjects(asked: argparse.Namespace) -> Iterator[tuple[str, float, Any]]:
    """Yield the name, the size and the instance of all that is asked for."""
    for name, make in FAMILIES.items():
        if any(name.startswith(start) for start in asked.families):
            for size in asked.sizes:
                yield name, size, make(size, np.random.default_rng(asked.instance))
    for contest in PUBLIC if asked.data is not None else ():
        for name in contest.instances.split():
            yield f"{contest.problem} {name}", 1.0, load(contest, name, asked.data)[0]


def asked_for() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--families", nargs="*", default=[""], help="how their names begin")
    parser.add_argument("--sizes", nargs="+", type=float, default=[0.3], metavar="X")
    parser.add_argument("--limits", nargs="+", type=float, default=[0.3], metavar="S")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0], metavar="N")
    parser.add_argument("--rivals", nargs="+", choices=[*RIVALS, "none"], default=list(RIVALS))
    parser.add_argument("--instance", type=int, default=0, metavar="N", help="seed of instances")
    parser.add_argument("--data", type=Path, help="folder of public instances")
    parser.add_argument("--cpu", action="store_true", help="count CPU seconds")
    asked = parser.parse_args()
    if asked.cpu:
        time.monotonic = time.process_time
    return asked


def main() -> None:
    """Measure what the command line asks for."""
    asked, lines = asked_for(), []
    print(HEAD)
    for name, size, subject in subjects(asked):
        for line in measured(name, size, subject, asked):
            lines.append(line)
            print(line, flush=True)
    print("", f"{len(lines)} rows, worst first:", HEAD, sep="\n")
    for line in sorted(lines, key=lambda line: -line.regret):
        print(line)


if __name__ == "__main__":
    main()
