"""Attempted spin updates per second, next to the annealing of dwave-samplers and OpenJij."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from benchmarks import pictures
from benchmarks.base import OURS, Row, Section, Settings, Table, Unit, groups, spread
from benchmarks.problems import read
from benchmarks.samplers import Anneal, beta_range, dwave, openjij
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves import single

ABOUT = """\
Nanoseconds of CPU time per attempted update, medians over the seeds with the range. All anneal
the same couplings through the same inverse temperatures, in turn, in one process and on one
core; ours 64 replicas side by side, or one. Of dwave-samplers the time of a call with one sweep
is taken off; of OpenJij the time is what its kernel reports, without the reading of the
couplings, which takes far longer. `ratio` compares the faster of the two with ours within a
seed. It is fair where the mean energies agree, so that the table shows them, too.

The target of the ratio is 40 for couplings of one size and up to 12 neighbours, 30 for 20, 15
for 48, 20 for dense ones, 10 for real couplings, and 2 for a single replica. OpenJij's dense
kernel is fast where a row of the couplings fits into the first cache: this is where dense real
couplings of 1000 spins fall short.

What did not help:

* One bit for a spin instead of a byte: the same speed with AVX-512 (LLVM turns masks into
  bytes), several times slower without; a little faster for real couplings only.
* A full shuffle in every sweep: slower by half or more, and more sweeps to the same energy,
  because two visits of a spin then lie between 0 and 2 sweeps apart.
* Asking for rows ahead (prefetch): little at a million spins, nothing below.
* `u < exp(-beta dE)` with a polynomial for exp: slower than a random limit -log2(u).
* Kept fields for 64 replicas of a sparse network: twenty times slower."""

SAMPLERS = {"dwave-samplers": dwave, "OpenJij": openjij}


class Case(NamedTuple):
    """A network with its replicas, the work, the target of the ratio, and how long it takes."""

    network: str
    replicas: int
    sweeps: int
    reads: int
    target: float
    seconds: float


PUBLIC = (
    Case("G1", 64, 1000, 4, 15, 4),
    Case("G14", 64, 1000, 4, 40, 3),
    Case("G22", 64, 1000, 4, 30, 5),
    Case("G32", 64, 1000, 4, 40, 5),
    Case("G55", 64, 1000, 4, 40, 7),
    Case("G81", 64, 1000, 4, 40, 20),
    Case("G1", 1, 1000, 4, 2, 4),
    Case("G22", 1, 1000, 4, 2, 5),
    Case("G55", 1, 1000, 4, 2, 7),
    Case("G81", 1, 1000, 4, 2, 20),
)
GENERATED = (
    Case("3-regular-10000", 64, 1000, 4, 40, 10),
    Case("torus-real-5000", 64, 1000, 4, 10, 7),
    Case("random-real-5000", 64, 1000, 4, 10, 7),
    Case("dense-signs-2000", 64, 500, 2, 20, 60),
    Case("dense-real-1000", 64, 1000, 2, 10, 25),
    Case("dense-real-2500", 64, 200, 2, 10, 80),
    Case("3-regular-10000", 1, 1000, 4, 2, 10),
    Case("torus-real-5000", 1, 1000, 4, 2, 7),
    Case("dense-real-1000", 1, 1000, 2, 2, 20),
)
QUICK = (Case("3-regular-500", 64, 50, 2, 40, 1), Case("dense-real-100", 64, 50, 2, 10, 1))
SEEDS = 3


def generated(name: str) -> Hamiltonian:
    """Return a generated network by its name, always the same."""
    kind, *_, size = name.split("-")
    n = int(size)
    rng = np.random.default_rng(1)
    if kind == "dense":
        draw = rng.choice([-1.0, 1.0], (n, n)) if "signs" in name else rng.standard_normal((n, n))
        weights = np.triu(draw, k=1)
        return Hamiltonian(weights + weights.T)
    if kind == "torus":
        side = int(n**0.5)
        n, nodes = side * side, np.arange(side * side).reshape(side, side)
        ends = [(nodes, np.roll(nodes, 1, axis)) for axis in (0, 1)]
        u, v = (np.concatenate([pair[k].ravel() for pair in ends]) for k in (0, 1))
    elif kind == "3":
        u, v = np.tile(np.arange(n), 3), np.concatenate([_matching(rng, n) for _ in range(3)])
        u, v = u[u < v], v[u < v]
    else:
        u, v = rng.integers(0, n, (2, 5 * n // 2))
        u, v = u[u != v], v[u != v]
    values = rng.standard_normal(len(u)) if "real" in name else np.full(len(u), -0.5)
    return _sparse(values, u, v, n)


def _matching(rng: np.random.Generator, n: int) -> NDArray[np.int64]:
    """Return the partner of each node in a random perfect matching."""
    order = rng.permutation(n)
    partner = np.empty(n, dtype=np.int64)
    partner[order[::2]], partner[order[1::2]] = order[1::2], order[::2]
    return partner


def _sparse(values: Any, u: Any, v: Any, n: int) -> Hamiltonian:
    upper = scipy.sparse.coo_array((values, (u, v)), shape=(n, n))
    return Hamiltonian((upper + upper.T).tocsr())


def network_of(name: str, data: Path | None) -> Hamiltonian:
    """Return a generated network, or the Max-Cut network of a graph: W = -w / 2."""
    if "-" in name or data is None:
        return generated(name)
    graph = read("max-cut", data, name).graph
    return _sparse(-0.5 * graph.weights, graph.heads, graph.tails, graph.num_vertices)


def ours(
    hamiltonian: Hamiltonian, betas: NDArray[np.float64], replicas: int, seed: int
) -> tuple[float, NDArray[np.float64]]:
    """Return the CPU seconds for the sweeps, and the final energies."""
    layout = single.prepare(hamiltonian, replicas=replicas)
    rng = np.random.default_rng(seed)
    start = rng.choice(np.array([-1, 1], dtype=np.int8), (replicas, hamiltonian.num_spins))
    lanes = single.allocate(start)
    words = rng.integers(0, 2**64, single.rng_words(lanes.shape[1]), dtype=np.uint64)
    begin = time.process_time()
    energies = single.sweep_block(layout, lanes, betas[:, None], words, replicas=replicas)
    seconds = time.process_time() - begin
    return seconds, energies[:replicas] + hamiltonian.offset


def measure(case: Case, data: Path | None) -> list[Row]:
    """Return nanoseconds and mean energies of everybody on one network, for each seed."""
    hamiltonian = network_of(case.network, data)
    betas = np.linspace(*beta_range(hamiltonian), case.sweeps)
    ours(hamiltonian, betas[:2], case.replicas, 0)  # compiles, or loads from numba's cache
    others: dict[str, Anneal] = {name: load(hamiltonian) for name, load in SAMPLERS.items()}
    ns: dict[str, list[float]] = {name: [] for name in (OURS, *others)}
    energy: dict[str, list[float]] = {name: [] for name in ns}
    for seed in range(SEEDS):
        for name, found in ns.items():
            if name == OURS:
                seconds, energies = ours(hamiltonian, betas, case.replicas, seed)
            else:
                seconds, energies, _ = others[name](betas, case.reads, seed)
            updates = hamiltonian.num_spins * case.sweeps * len(energies)
            found.append(round(1e9 * seconds / updates, 4))
            energy[name].append(round(float(energies.mean()), 1))
    layout = single.prepare(hamiltonian, replicas=case.replicas)
    row = {
        "network": case.network,
        "spins": hamiltonian.num_spins,
        "degree": round(hamiltonian.to_sparse().nnz / hamiltonian.num_spins, 1),
        "kernel": f"{type(layout).__name__.removesuffix('Layout').lower()} {layout.kind}",
        "replicas": case.replicas,
        "target": case.target,
        "ns": ns,
        "energy": energy,
    }
    return [row]


def units(settings: Settings) -> Iterator[Unit]:
    """Yield one unit for each network."""
    cases = (*(PUBLIC if settings.data else ()), *GENERATED)
    for case in QUICK if settings.quick else cases:
        run = partial(measure, case, settings.data)
        yield Unit(f"{case.network} x {case.replicas}", case.seconds, run)


def ratios(row: Row) -> NDArray[np.float64]:
    """Return how many times longer the faster of the others takes, for each seed."""
    times = {name: np.array(found) for name, found in row["ns"].items()}
    return np.min([times[name] for name in SAMPLERS], axis=0) / times[OURS]


def reached(row: Row) -> bool:
    """Return whether the median of the ratios meets the target."""
    return bool(np.median(ratios(row)) >= row["target"])


def tables(rows: list[Row]) -> Iterator[Table]:
    """Yield a table for each number of replicas."""
    for (replicas,), block in groups(rows, "replicas").items():
        times = [f"{name}, ns" for name in block[0]["ns"]]
        judged = ("ratio", "target", "reached", "energies")
        columns = ("network", "spins", "degree", "kernel", *times, *judged)
        lines = [
            (
                *(row[key] for key in ("network", "spins", "degree", "kernel")),
                *(spread(found) for found in row["ns"].values()),
                spread(list(ratios(row))),
                row["target"],
                "yes" if reached(row) else "no",
                " / ".join(f"{np.mean(found):.6g}" for found in row["energy"].values()),
            )
            for row in block
        ]
        count = "one replica" if replicas == 1 else f"{replicas} replicas"
        yield Table(
            columns,
            lines,
            f"**{count[0].upper()}{count[1:]}**, energies in the order of the columns:",
        )


def missed(rows: list[Row]) -> Iterator[str]:
    """Yield the networks whose ratio is below the target."""
    for row in rows:
        if not reached(row):
            found = f"{np.median(ratios(row)):.3g} times instead of {row['target']:g}"
            yield f"{row['network']} with {row['replicas']} replicas: {found}"


def draw(rows: list[Row]) -> Any:
    """Draw the nanoseconds of 64 replicas."""
    return pictures.bars([row for row in rows if row["replicas"] > 1])


SECTION = Section(
    "updates", "Spin updates per second", ABOUT, units, tables, missed, {"updates": draw}
)
