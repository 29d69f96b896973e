"""The cut after equal time, next to dwave-samplers' simulated annealing at its best settings.

Both get the same seconds on one core, in turn, in one process: our `solve` with its defaults and
a time limit; dwave-samplers with one read whose number of sweeps is sized to the time by a short
run before, through beta 0.2 to 6 (a hand-set range that serves it better than its default).

    OMP_NUM_THREADS=1 taskset -c 0 python -m benchmarks.cuts --data DIR --instances G22 G55

DIR holds graphs in rudy format, for instance the G-set
(https://web.stanford.edu/~yyye/yyye/Gset/), and, for the gaps, best_known.csv with the columns
name and best_known. Without --data, generated graphs are cut.
"""

import argparse
import csv
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import hopfield_opt as ho
from benchmarks.table import show
from hopfield_opt.problems import MaxCut

GENERATED = {
    "random-800-dense": (800, 0.06),
    "random-2000": (2000, 0.01),
    "random-5000": (5000, 0.001),
}
BETA_RANGE = (0.2, 6.0)


class Row(NamedTuple):
    """Medians over the seeds, with the spread, for one graph."""

    instance: str
    vertices: int
    seconds: float
    best_known: float | str
    ours: float
    ours_range: str
    dwave: float
    dwave_range: str
    gap_ours_percent: float | str
    gap_dwave_percent: float | str


def dwave(problem: MaxCut, seconds: float, seed: int) -> float:
    """Return the cut that one read of dwave-samplers finds in about so many seconds."""
    samplers: Any = import_module("dwave.samplers")
    dimod: Any = import_module("dimod")
    linear, upper, offset = ho.compile(problem).hamiltonian.to_ising()
    pairs = upper.tocoo()
    model = dimod.BinaryQuadraticModel.from_numpy_vectors(
        linear, (pairs.row, pairs.col, pairs.data), offset, "SPIN"
    )

    def sample(sweeps: int) -> float:
        betas = np.linspace(*BETA_RANGE, sweeps)
        found = samplers.SimulatedAnnealingSampler().sample(
            model,
            num_reads=1,
            seed=seed,
            beta_schedule_type="custom",
            beta_schedule=betas,
            num_sweeps_per_beta=1,
        )
        return -float(found.record.energy.min())

    trial = 20
    before = time.process_time()
    sample(trial)
    rate = trial / (time.process_time() - before)
    return sample(max(1, int(rate * seconds)))


def measure(name: str, problem: MaxCut, best: float | None, options: argparse.Namespace) -> Row:
    """Return one line of the table."""
    ho.solve(problem, sweeps=2)  # compiles, or loads from numba's cache
    own, other = [], []
    for seed in range(options.seeds):
        result = ho.solve(
            problem, method=options.method, time_limit=options.seconds, seed=seed, n_jobs=1
        )
        own.append(float(result.value or 0.0))
        other.append(dwave(problem, options.seconds, seed))

    def gap(cuts: list[float]) -> float | str:
        return "" if best is None else round(100 * (best - float(np.median(cuts))) / best, 3)

    return Row(
        name,
        problem.graph.num_vertices,
        options.seconds,
        "" if best is None else best,
        float(np.median(own)),
        f"{min(own):g} to {max(own):g}",
        float(np.median(other)),
        f"{min(other):g} to {max(other):g}",
        gap(own),
        gap(other),
    )


def best_known(folder: Path) -> dict[str, float]:
    """Return the best known cut of each graph that best_known.csv names, if there is one."""
    if not (folder / "best_known.csv").exists():
        return {}
    with open(folder / "best_known.csv", encoding="utf-8") as file:
        return {row["name"]: float(row["best_known"]) for row in csv.DictReader(file)}


def rows(options: argparse.Namespace) -> Iterator[Row]:
    """Yield a line for each graph."""
    if options.data is None:
        for name in options.instances or GENERATED:
            size, density = GENERATED[name]
            yield measure(name, MaxCut.random(size, p=density, seed=1), None, options)
        return
    folder = Path(options.data)
    best = best_known(folder)
    for name in options.instances:
        yield measure(name, MaxCut.read(folder / name), best.get(name), options)


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--data", help="folder of graphs in rudy format")
    parser.add_argument("--instances", nargs="*", default=[], help="files in it, or generated")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--method", default="auto")
    parser.add_argument("--csv", help="file for the numbers")
    options = parser.parse_args()
    show(rows(options), options.csv)


if __name__ == "__main__":
    main()
