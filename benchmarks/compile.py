"""Seconds and memory from a model to its network, next to dimod and pyqubo."""

import importlib.util
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse

from benchmarks.base import OURS, Row, Section, Settings, Table, Unit, groups, spread
from hopfield_opt.compiler import compile
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model import Model

ABOUT = """\
CPU seconds of writing a model and compiling it to its network, medians with the range, and the
peak memory of the process. Each measurement has a process of its own, with a small run first:
imports and the loading of kernels are not counted. "expanded" adds the step to explicit
couplings, which the others always take: dimod from arrays that numpy made (the fast way), dimod
and pyqubo from symbols. `times ours` is how much longer another tool takes for the same explicit
couplings; the target is that none is faster. What stays factored or a Kronecker product is never
written out: this is how a tour of a thousand cities, a million spins with a thousand million
pairs, fits into memory at all."""

REPEATS = 3


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


def overlapping(n: int) -> Model:
    """Return n counts of six of n binaries: some exact, some at most two, some at least one."""
    rng = np.random.default_rng(0)
    heads = np.repeat(np.arange(n), 6)
    holds = scipy.sparse.csr_array((np.ones(6 * n), (heads, rng.integers(0, n, 6 * n))), (n, n))
    holds.data[:] = 1.0
    third = n // 3
    m = Model()
    x = m.binary(n, name="x")
    m.minimize((x * rng.integers(1, 9, n)).sum())
    m.add(holds[:third] @ x == 1, holds[third : 2 * third] @ x <= 2, holds[2 * third :] @ x >= 1)
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


EXPANDED = f"{OURS} expanded"
PENALTY = {"structure": "penalty"}
CASES: dict[str, list[tuple[str, Callable[..., Any], tuple[Any, ...], dict[str, Any]]]] = {
    "tsp-40": [
        (EXPANDED, ours, (tour, 40), {**PENALTY, "expanded": True}),
        ("dimod symbols", tour_symbols, (40,), {}),
        ("pyqubo", tour_pyqubo, (40,), {}),
    ],
    "tsp-100": [
        (OURS, ours, (tour, 100), PENALTY),
        (EXPANDED, ours, (tour, 100), {**PENALTY, "expanded": True}),
        ("dimod arrays", tour_arrays, (100,), {}),
    ],
    "tsp-1000": [(OURS, ours, (tour, 1000), {})],
    "qap-100": [(OURS, ours, (assignment, 100), {})],
    "queens-500": [(OURS, ours, (queens, 500), {})],
    "equality-100000": [(OURS, ours, (equality, 100000), PENALTY)],
    "overlapping-100000": [(OURS, ours, (overlapping, 100000), {})],
    "sparse-1e6": [
        (OURS, ours, (spins, 10**6), {}),
        ("dimod arrays", spins_arrays, (10**6,), {}),
    ],
    "sparse-1e7": [
        (OURS, ours, (spins, 10**7), {}),
        ("dimod arrays", spins_arrays, (10**7,), {}),
    ],
}


def measured(case: str, place: int) -> Row:
    """Return what one tool takes, measured in this process."""
    _, function, arguments, options = CASES[case][place]
    # a small run first: imports and compiled functions do not count
    small = (*arguments[:-1], 5 if case.startswith("tsp") else min(arguments[-1], 50))
    if "sparse" in case:
        from hopfield_opt.compiler.assemble import assemble

        assemble(*(np.zeros(0, np.int64),) * 2, np.zeros(0), 1)
    function(*small, **options)
    started = time.process_time()
    found = function(*arguments, **options)
    seconds = time.process_time() - started
    peak = peak_mb()
    if isinstance(found, Hamiltonian):
        spins = found.num_spins
        kinds = " + ".join(type(term).__name__ for term in found.couplings) or "none"
    else:
        spins, kinds = found.num_variables, str(found.num_interactions)
    return {"seconds": round(seconds, 4), "peak": peak, "spins": spins, "couplings": kinds}


def peak_mb() -> int:
    """Return the peak memory of this process: Linux's getrusage would tell of its parent's."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def measure(case: str, place: int, repeats: int) -> list[Row]:
    """Return what one tool takes, each time in a fresh process."""
    code = f"import json, benchmarks.compile as c; print(json.dumps(c.measured({case!r}, {place})))"
    call = [sys.executable, "-c", code]
    found = [
        json.loads(subprocess.run(call, check=True, capture_output=True, text=True).stdout)
        for _ in range(repeats)
    ]
    seconds = [row["seconds"] for row in found]
    return [{"case": case, "tool": CASES[case][place][0], **found[0], "seconds": seconds}]


def units(settings: Settings) -> Iterator[Unit]:
    """Yield one unit for each tool at each case."""
    for case in ("tsp-40",) if settings.quick else CASES:
        for place, (tool, *_) in enumerate(CASES[case]):
            if tool != "pyqubo" or importlib.util.find_spec("pyqubo"):
                repeats = 1 if settings.quick else REPEATS
                seconds = repeats * (20.0 if case == "sparse-1e7" else 3.0)
                yield Unit(f"{case} {tool}", seconds, partial(measure, case, place, repeats))


def times_ours(rows: list[Row]) -> dict[str, float]:
    """Return how much longer each other tool takes, at one case."""
    medians = {row["tool"]: float(np.median(row["seconds"])) for row in rows}
    own = medians.get(EXPANDED, medians.get(OURS, np.nan))
    return {tool: seconds / own for tool, seconds in medians.items() if not tool.startswith(OURS)}


def tables(rows: list[Row]) -> Iterator[Table]:
    """Yield the table."""
    columns = ("case", "tool", "seconds", "times ours", "peak, MB", "spins", "couplings", "reached")
    lines = []
    for block in groups(rows, "case").values():
        factors = times_ours(block)
        for row in block:
            factor = factors.get(row["tool"])
            lines.append(
                (
                    row["case"],
                    row["tool"],
                    spread(row["seconds"]),
                    None if factor is None else f"{factor:.3g}",
                    row["peak"],
                    row["spins"],
                    row["couplings"],
                    None if factor is None else "yes" if factor >= 1 else "no",
                )
            )
    yield Table(columns, lines)


def missed(rows: list[Row]) -> Iterator[str]:
    """Yield the tools that are faster than ours."""
    for (case,), block in groups(rows, "case").items():
        for tool, factor in times_ours(block).items():
            if factor < 1:
                yield f"{case}: {tool} takes {factor:.2f} times as long as ours"


SECTION = Section("compile", "From a model to its network", ABOUT, units, tables, missed)
