"""Small runs with a seed and a budget of sweeps, and the table of how they ended.

`python -m tests.golden.runs` writes the table anew, and prints what has changed. Do so where a
change of the answers is meant, and say in CHANGELOG.md which runs no longer repeat.

Methods that compute with real numbers all along are left out: between machines these may differ
in the last bit, and so, in the end, may the answers.
"""

import hashlib
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import hopfield_opt as ho
from hopfield_opt import problems

TABLE = Path(__file__).with_name("answers.toml")
HEAD = "# Made by `python -m tests.golden.runs`: how its runs end.\n\n"
PROBLEMS: dict[str, Callable[[], Any]] = {
    "cut": partial(problems.MaxCut.random, 60, 0.2, seed=1),
    "weighted cut": partial(problems.MaxCut.random, 40, 0.3, "signs", seed=3),
    "dense form": partial(problems.Qubo.random, 40, 0.5, seed=1),
    "tour": partial(problems.TravellingSalesman.random, 30, seed=2),
    "assignment": partial(problems.QuadraticAssignment.random, 9, seed=2),
    "bipartition": partial(problems.GraphBipartition.random, 50, 0.1, seed=2),
    "colouring": partial(problems.GraphColoring.random, 40, 0.5, seed=4),
    "queens": partial(problems.NQueens, 9),
    "matching": partial(problems.WeightedMatching.random, 14, seed=2),
    "cover": partial(problems.SetCover.random, 80, 60, seed=2),
    "knapsack": partial(problems.Knapsack.random, 30, 2, seed=2),
    "numbers": partial(problems.NumberPartition.random, 25, 1000, seed=2),
}
METHODS = (
    "alternating",
    "asynchronous",
    "cluster-search",
    "glauber",
    "heat-bath",
    "metropolis",
    "parallel-tempering",
    "population-annealing",
    "simulated-annealing",
    "synchronous",
    "tabu",
)
# one for each kind of moves
MOVED = ("tour", "assignment", "bipartition", "colouring", "knapsack")
SEARCHES = ("simulated-annealing", "tabu", "heat-bath")
LIMITS: dict[str, Any] = {"sweeps": 20, "replicas": 4, "seed": 3, "n_jobs": 1}
# a bound may end a run, if there is time for it
LIMITS |= {"polish": False, "bound": "none"}


def runs() -> Iterator[tuple[str, str]]:
    """Yield the problem and the method of each run."""
    yield from ((problem, "auto") for problem in PROBLEMS)
    yield from (("cut", method) for method in METHODS)
    yield from ((problem, method) for problem in MOVED for method in SEARCHES)


def end(problem: str, method: str) -> dict[str, Any]:
    """Return how a run ends: the value that is reached, and a digest of all replicas' states."""
    result = ho.solve(PROBLEMS[problem](), method=method, progress=False, **LIMITS)
    value = "none" if result.value is None else round(float(result.value), 6)
    digest = hashlib.sha256(result.states.astype("int8").tobytes()).hexdigest()
    return {"value": value, "feasible": result.feasible, "states": digest[:12]}


def table() -> dict[str, dict[str, Any]]:
    """Return the ends that the table holds."""
    return tomllib.loads(TABLE.read_text("utf-8")) if TABLE.exists() else {}


def line(name: str, ended: dict[str, Any]) -> str:
    """Return the line of a run."""
    texts = {str: '"{}"'.format, bool: lambda truth: str(truth).lower(), float: repr}
    fields = ", ".join(f"{key} = {texts[type(item)](item)}" for key, item in ended.items())
    return f'"{name}" = {{ {fields} }}\n'


def main() -> None:
    """Write the table anew."""
    before = table()
    after = {f"{problem}, {method}": end(problem, method) for problem, method in runs()}
    TABLE.write_text(HEAD + "".join(line(*item) for item in after.items()), "utf-8")
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            print(f"{name}: {before.get(name)} -> {after.get(name)}")


if __name__ == "__main__":
    main()
