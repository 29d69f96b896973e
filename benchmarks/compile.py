"""Seconds and memory from a model to its network, next to dimod and pyqubo.

Each case runs in a process of its own: CPU time of writing and compiling, imports not counted,
and the peak of its memory. "expanded" adds the step to explicit couplings, which the others
always take: dimod from arrays that numpy made (the fast way), dimod and pyqubo from symbols.

    OMP_NUM_THREADS=1 python -m benchmarks.compile [--cases tsp-100 queens-500] [--csv FILE]

pyqubo is left out where it is not installed.
"""

import argparse
import importlib.util
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from benchmarks.table import show
from hopfield_opt.compiler import compile
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model import Model


class Row(NamedTuple):
    """One tool at one case."""

    case: str
    tool: str
    seconds: str
    peak_mb: int
    spins: int
    couplings: str


def distances(n: int) -> np.ndarray:
    """Return random integer distances."""
    return np.random.default_rng(0).integers(1, 100, (n, n)).astype(float)


def tour(n: int) -> Model:
    """Return a tour of n cities."""
    m = Model()
    x = m.binary((n, n), name="x")
    m.minimize((x * (distances(n) @ x.roll(-1, axis=1))).sum())
    m.add(x.sum(axis=0) == 1, x.sum(axis=1) == 1)
    return m


def assignment(n: int) -> Model:
    """Return a quadratic assignment of n facilities."""
    m = Model()
    x = m.binary((n, n), name="x")
    m.minimize((x * (distances(n) @ x @ distances(n).T)).sum())
    m.add(x.sum(axis=0) == 1, x.sum(axis=1) == 1)
    return m


def queens(n: int) -> Model:
    """Return n queens, each diagonal a constraint."""
    m = Model()
    x = m.binary((n, n), name="x")
    m.add(x.sum(axis=0) == 1, x.sum(axis=1) == 1)
    for board in (x, x[:, ::-1]):
        for k in range(2 - n, n - 1):
            m.add(board.diagonal(k).sum() <= 1)
    return m


def equality(n: int) -> Model:
    """Return one equality over n binaries."""
    m = Model()
    x = m.binary(n, name="x")
    m.minimize((x * np.random.default_rng(0).integers(1, 9, n)).sum())
    m.add(x.sum() == n // 2)
    return m


def pairs(count: int) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    """Return the size and the coordinates of random sparse couplings, five to a spin."""
    rng = np.random.default_rng(0)
    n = count // 5
    heads = rng.integers(0, n, count)
    tails = (heads + rng.integers(1, n, count)) % n
    return n, heads, tails, rng.choice([-1.0, 1.0], count)


def spins(count: int) -> Model:
    """Return random sparse couplings as a model over spins."""
    n, heads, tails, strength = pairs(count)
    m = Model()
    s = m.spin(n, name="s")
    m.minimize((strength * s[heads] * s[tails]).sum())
    return m


def ours(make: Callable[[int], Model], n: int, expanded: bool = False, **options: Any) -> Any:
    """Return our network."""
    hamiltonian = compile(make(n), **options).hamiltonian
    if expanded:
        return Hamiltonian(hamiltonian.to_sparse(), hamiltonian.thresholds, hamiltonian.offset)
    return hamiltonian


def tour_arrays(n: int) -> Any:
    """Return dimod's model of a tour from coordinates."""
    import dimod

    city, other, step = (axis.ravel() for axis in np.indices((n, n, n)))
    number = np.arange(n * n).reshape(n, n)
    penalty = 200.0 * n
    # x[c, t] x[d, t + 1], then pairs in a row, then pairs in a column
    heads = [number[city, step], number[city, step], number[step, city]]
    tails = [number[other, (step + 1) % n], number[city, other], number[other, city]]
    values = [distances(n)[city, other], *[np.full(n**3, penalty)] * 2]
    linear = np.full(n * n, -2 * penalty)
    keep = [first != second for first, second in zip(heads, tails, strict=True)]
    quadratic = [
        np.concatenate([one[k] for one, k in zip(part, keep, strict=True)])
        for part in (heads, tails, values)
    ]
    return dimod.BinaryQuadraticModel.from_numpy_vectors(
        linear, quadratic, 2 * n * penalty, dimod.BINARY
    )


def tour_symbols(n: int) -> Any:
    """Return dimod's model of a tour written with its symbols."""
    import dimod

    x = np.array([[dimod.Binary(f"x{i},{t}") for t in range(n)] for i in range(n)])
    length = distances(n)
    cost = dimod.quicksum(
        length[i, j] * x[i, t] * x[j, (t + 1) % n]
        for i in range(n)
        for j in range(n)
        if i != j
        for t in range(n)
    )
    lines = [dimod.quicksum(line) - 1 for line in (*x, *x.T)]
    return cost + dimod.quicksum(200 * n * line * line for line in lines)


def tour_pyqubo(n: int) -> Any:
    """Return pyqubo's model of a tour."""
    import pyqubo

    x = pyqubo.Array.create("x", (n, n), "BINARY")
    length = distances(n)
    cost = sum(
        length[i, j] * x[i, t] * x[j, (t + 1) % n]
        for i in range(n)
        for j in range(n)
        if i != j
        for t in range(n)
    )
    for k in range(n):
        cost += 200 * n * (sum(x[k, t] for t in range(n)) - 1) ** 2
        cost += 200 * n * (sum(x[i, k] for i in range(n)) - 1) ** 2
    return cost.compile().to_bqm()


def spins_arrays(count: int) -> Any:
    """Return dimod's model of random sparse couplings from coordinates."""
    import dimod

    n, heads, tails, strength = pairs(count)
    return dimod.BinaryQuadraticModel.from_numpy_vectors(
        np.zeros(n), (heads, tails, strength), 0.0, dimod.SPIN
    )


PENALTY = {"structure": "penalty"}
CASES: dict[str, list[tuple[str, Callable[..., Any], tuple[Any, ...], dict[str, Any]]]] = {
    "tsp-40": [
        ("hopfield-opt expanded", ours, (tour, 40), {**PENALTY, "expanded": True}),
        ("dimod symbols", tour_symbols, (40,), {}),
        ("pyqubo", tour_pyqubo, (40,), {}),
    ],
    "tsp-100": [
        ("hopfield-opt", ours, (tour, 100), PENALTY),
        ("hopfield-opt expanded", ours, (tour, 100), {**PENALTY, "expanded": True}),
        ("dimod arrays", tour_arrays, (100,), {}),
    ],
    "tsp-1000": [("hopfield-opt", ours, (tour, 1000), {})],
    "qap-100": [("hopfield-opt", ours, (assignment, 100), {})],
    "queens-500": [("hopfield-opt", ours, (queens, 500), {})],
    "equality-100000": [("hopfield-opt", ours, (equality, 100000), PENALTY)],
    "sparse-1e6": [
        ("hopfield-opt", ours, (spins, 10**6), {}),
        ("dimod arrays", spins_arrays, (10**6,), {}),
    ],
    "sparse-1e7": [
        ("hopfield-opt", ours, (spins, 10**7), {}),
        ("dimod arrays", spins_arrays, (10**7,), {}),
    ],
}


def measure(case: str, place: int) -> Row:
    """Return the row of one tool, measured in this process."""
    tool, function, arguments, options = CASES[case][place]
    # a small run first: imports and compiled functions do not count
    small = (*arguments[:-1], 5 if case.startswith("tsp") else min(arguments[-1], 50))
    if "sparse" in case:
        from hopfield_opt.compiler.assemble import assemble

        assemble(*(np.zeros(0, np.int64),) * 2, np.zeros(0), 1)
    function(*small, **options)
    started = time.process_time()
    found = function(*arguments, **options)
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if isinstance(found, Hamiltonian):
        kinds = " + ".join(type(term).__name__ for term in found.couplings) or "none"
        return Row(case, tool, f"{seconds:.3f}", peak, found.num_spins, kinds)
    return Row(case, tool, f"{seconds:.3f}", peak, found.num_variables, str(found.num_interactions))


def rows(cases: list[str]) -> Iterator[Row]:
    """Yield all rows, each measured in a fresh process."""
    context = multiprocessing.get_context("spawn")
    for case in cases:
        for place, (tool, *_) in enumerate(CASES[case]):
            if tool == "pyqubo" and importlib.util.find_spec("pyqubo") is None:
                continue
            with context.Pool(1) as pool:
                yield pool.apply(measure, (case, place))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", nargs="+", choices=list(CASES), default=list(CASES))
    parser.add_argument("--csv", help="write the table to this file, too")
    arguments = parser.parse_args()
    show(rows(arguments.cases), arguments.csv)


if __name__ == "__main__":
    main()
