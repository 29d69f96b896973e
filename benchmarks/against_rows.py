"""What `benchmarks.against` measures: rows of requests to a side, or of code of a fresh process."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import scipy.sparse

from benchmarks import updates
from benchmarks.base import Settings
from benchmarks.problems import file_of
from benchmarks.samplers import beta_range
from benchmarks.startup import ANSWER

SECTIONS = ("updates", "methods", "proposals", "quality", "start", "cold")
METHODS = (
    "asynchronous", "synchronous", "alternating", "metropolis", "glauber", "heat-bath",
    "simulated-annealing", "parallel-tempering", "population-annealing", "cluster-search", "tabu",
    "hopfield-tank", "mean-field-annealing", "simulated-bifurcation",
)  # fmt: skip
METHODS_NETWORK, METHODS_REPLICAS = "3-regular-2000", 16
PROPOSALS: tuple[tuple[str, int, dict[str, Any], str], ...] = (
    ("tsp", 30, {}, "simulated-annealing"),
    ("tsp", 200, {}, "simulated-annealing"),
    ("qap", 30, {}, "simulated-annealing"),
    ("coloring", 200, {"p": 0.1}, "simulated-annealing"),
    ("coloring", 200, {"p": 0.1}, "tabu"),
    ("bipartition", 500, {"p": 0.02}, "simulated-annealing"),
    ("bipartition", 500, {"p": 0.02}, "tabu"),
    ("knapsack", 100, {"capacities": 5}, "simulated-annealing"),
    ("set-cover", 100, {}, "simulated-annealing"),
    ("max-cut", 500, {"p": 0.02}, "simulated-annealing"),
)
QUALITY = (
    ("max-cut", "G22"),
    ("max-cut", "G55"),
    ("tsp", "a280"),
    ("qap", "tai30a"),
    ("bipartition", "4elt"),
    ("coloring", "le450_15b"),
)
QUALITY_SECONDS = 1.0
SOLVE = "import hopfield_opt as ho; ho.solve({}, sweeps=100, seed=0)"
RANGES = """\
import numpy as np, hopfield_opt as ho
model, numbers = ho.Model(), np.random.default_rng(0)
x = model.binary(100, name="x")
weights, worth = numbers.integers(1, 100, (2, 100))
model.maximize((x * worth).sum())
model.add((x * weights).sum() <= int(weights.sum() // 2), x.sum() <= 50)
ho.solve(model, sweeps=100, seed=0)"""
FIRST = {
    "cut": ANSWER,
    "colouring": SOLVE.format("ho.problems.GraphColoring.random(100, p=0.1, seed=0)"),
    "bipartition": SOLVE.format("ho.problems.GraphBipartition.random(100, p=0.1, seed=0)"),
    "ranges": RANGES,
    "tour": SOLVE.format("ho.problems.TravellingSalesman.random(100, seed=0)"),
}


class Row(NamedTuple):
    """What is measured.

    Attributes
    ----------
    section, name : str
        Where it stands.
    larger : bool
        Whether more is better.
    request : dict
        What a side is asked, see `benchmarks/against_side.py`; empty for a row of fresh processes.
    code : str
        What a fresh process does.
    """

    section: str
    name: str
    larger: bool
    request: dict[str, Any]
    code: str = ""


def rows(settings: Settings, folder: Path, only: list[str]) -> Iterator[Row]:
    """Yield what is measured, after writing the couplings that it needs into a folder."""
    if "updates" in only:
        yield from rows_of_updates(settings, folder)
    if "methods" in only:
        path = written(METHODS_NETWORK, settings, folder)
        for method in METHODS:
            asked = {"call": "moving", "path": path, "replicas": METHODS_REPLICAS}
            yield Row("methods", method, True, {"ask": "rate", "method": method, **asked})
    if "proposals" in only:
        for kind, size, options, method in PROPOSALS:
            asked = {"call": "solving", "kind": kind, "size": size, "method": method}
            asked |= {"ask": "rate", "options": json.dumps(options)}
            yield Row("proposals", f"{kind} {size}, {method}", True, asked)
    if "quality" in only and settings.data is not None:
        for kind, name in QUALITY:
            path = str(file_of(kind, settings.data, name)[0])
            asked = {"ask": "quality", "kind": kind, "path": path, "seconds": QUALITY_SECONDS}
            yield Row("quality", f"{kind} {name}", kind == "max-cut", asked)
    if "start" in only:
        yield Row("start", "import", False, {}, "import hopfield_opt")
    for section in ("start", "cold"):
        if section in only:
            for name, code in FIRST.items():
                yield Row(section, f"first {name}", False, {}, code)


def rows_of_updates(settings: Settings, folder: Path) -> Iterator[Row]:
    """Yield the rows of the page's section on updates."""
    cases = (*(updates.PUBLIC if settings.data else ()), *updates.GENERATED)
    for case in updates.QUICK if settings.quick else cases:
        path = written(case.network, settings, folder)
        betas = beta_range(updates.network_of(case.network, settings.data))
        asked = {"ask": "rate", "call": "annealing", "path": path, "replicas": case.replicas}
        yield Row("updates", f"{case.network} x {case.replicas}", True, {**asked, "betas": betas})


def written(name: str, settings: Settings, folder: Path) -> str:
    """Return the file of a network's couplings."""
    path = folder / f"{name}.npz"
    if not path.exists():
        couplings = updates.network_of(name, settings.data).to_sparse()
        scipy.sparse.save_npz(path, couplings, compressed=False)
    return str(path)
