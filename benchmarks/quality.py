r"""How the cut improves over time, next to dwave-samplers and OpenJij: a table and a picture.

Everybody is run once for each budget, on one core, in turn: our `solve` with its defaults and a
time limit; the others with one read of as many sweeps as fit into it and a hand-set range of
temperatures that serves them better than their defaults. OpenJij reports its kernel alone.

    OMP_NUM_THREADS=1 taskset -c 0 python -m benchmarks.quality --data DIR \
        --instances G22 G55 G81 --plot docs/pictures/quality.png

DIR holds graphs in rudy format and best_known.csv, see `benchmarks.cuts`.
"""

import argparse
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np

import hopfield_opt as ho
from benchmarks.cuts import BETA_RANGE, best_known, dwave
from benchmarks.table import show
from hopfield_opt.problems import MaxCut

BUDGETS = (0.3, 1.0, 3.0, 10.0)


class Row(NamedTuple):
    """Median gaps below the best known cut, in percent, after some seconds."""

    instance: str
    seconds: float
    best_known: float
    ours: float
    dwave: float
    openjij: float


def openjij(problem: MaxCut, seconds: float, seed: int) -> float:
    """Return the cut that one read of OpenJij finds in about so many seconds of its kernel."""
    sampler: Any = import_module("openjij").SASampler()
    linear, upper, offset = ho.compile(problem).hamiltonian.to_ising()
    pairs = upper.tocoo()
    keys = zip(pairs.row.tolist(), pairs.col.tolist(), strict=True)
    couplings = dict(zip(keys, pairs.data.tolist(), strict=True))

    def sample(sweeps: int) -> tuple[float, float]:
        found = sampler.sample_ising(
            dict(enumerate(linear)),
            couplings,
            num_reads=1,
            num_sweeps=sweeps,
            beta_min=BETA_RANGE[0],
            beta_max=BETA_RANGE[1],
            seed=seed,
        )
        spent = 1e-6 * float(sum(found.info["list_exec_times"]))
        return spent, -float(found.record.energy.min()) - offset

    trial = 200
    return sample(max(1, int(trial / sample(trial)[0] * seconds)))[1]


def ours(problem: MaxCut, seconds: float, seed: int) -> float:
    """Return the cut that `solve` finds in so many seconds."""
    result = ho.solve(problem, time_limit=seconds, seed=seed, n_jobs=1)
    return float(result.value or 0.0)


def rows(options: argparse.Namespace) -> Iterator[Row]:
    """Yield a line for each graph and budget."""
    folder = Path(options.data)
    best = best_known(folder)
    sides: tuple[Callable[[MaxCut, float, int], float], ...] = (ours, dwave, openjij)
    for name in options.instances:
        problem = MaxCut.read(folder / name)
        ho.solve(problem, sweeps=2)  # compiles, or loads from numba's cache
        for seconds in BUDGETS:
            cuts = [
                float(np.median([side(problem, seconds, seed) for seed in range(options.seeds)]))
                for side in sides
            ]
            gaps = (round(100 * (1 - cut / best[name]), 3) for cut in cuts)
            yield Row(name, seconds, best[name], *gaps)


def draw(found: list[Row], path: str) -> None:
    """Draw the gaps over time, one panel for each graph."""
    mpl.use("Agg")
    plt: Any = import_module("matplotlib.pyplot")
    names = list(dict.fromkeys(row.instance for row in found))
    figure, axes = plt.subplots(
        1, len(names), figsize=(4 * len(names), 3.2), squeeze=False, layout="constrained"
    )
    styles = {
        "ours": ("hopfield-opt", "o-", "#0072B2"),
        "dwave": ("dwave-samplers", "s--", "#D55E00"),
    }
    styles["openjij"] = ("OpenJij", "^:", "#009E73")
    for ax, name in zip(axes[0], names, strict=True):
        block = [row for row in found if row.instance == name]
        for key, (label, style, color) in styles.items():
            gaps = [getattr(row, key) for row in block]
            ax.plot([row.seconds for row in block], gaps, style, color=color, label=label)
        ax.set_xscale("log")
        ax.set_yscale("symlog", linthresh=0.01)
        ax.set_ylim(bottom=0)
        ax.margins(y=0.05)
        ax.set(title=name, xlabel="seconds")
        ax.grid(alpha=0.3)
    axes[0, 0].set_ylabel("below the best known cut (%)")
    axes[0, -1].legend(frameon=False)
    figure.savefig(path, dpi=150)


def main() -> None:
    """Measure, print a Markdown table, and draw."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--data", required=True, help="folder of graphs in rudy format")
    parser.add_argument("--instances", nargs="*", default=["G22", "G55", "G81"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--plot", help="file for the picture")
    parser.add_argument("--csv", help="file for the numbers")
    options = parser.parse_args()
    found = list(rows(options))
    show(iter(found), options.csv)
    if options.plot:
        draw(found, options.plot)


if __name__ == "__main__":
    main()
