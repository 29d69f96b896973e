"""What an update costs, and what a spin takes, as networks of a few neighbours grow."""

import time
import tracemalloc
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from benchmarks import pictures
from benchmarks.base import Row, Section, Settings, Table, Unit, groups, none_missed
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves import layout_of

ABOUT = """\
Nanoseconds of CPU time per attempted update of an anneal, over the number of spins, for one
replica and for 64 side by side; seconds to build the layout, and the most bytes a spin that the
layout, the states and the sweeps take, all replicas together. Labels are shuffled but for those
of the torus. The aim is a curve without a cliff: 5 ns an update with one replica of a million
spins of 3 neighbours, 3 ns with 64."""

SIZES = (1_000, 10_000, 100_000, 1_000_000)
KINDS = ("3-regular", "torus", "cubic", "power-law")
REPLICAS = (1, 64)
# Attempted updates of a measurement, in visits of 64 spins or of 64 replicas.
VISITS = 40_000_000
SHOWN = {"ns an update": "ns", "layout, s": "layout", "bytes a spin": "bytes"}


def pairs(kind: str, size: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """Return the ends of the couplings of about so many spins."""
    if kind == "3-regular":
        ends = np.array([rng.permutation(size // 2 * 2).reshape(-1, 2) for _ in range(3)])
        return ends[..., 0].ravel(), ends[..., 1].ravel()
    if kind == "power-law":
        total = np.cumsum((np.arange(size) + 10.0) ** -0.5)
        labels, draws = rng.permutation(size), rng.random(2 * size) * total[-1]
        return labels[np.searchsorted(total, draws) % size], rng.integers(0, size, 2 * size)
    dimensions = 2 if kind == "torus" else 3
    side = round(size ** (1 / dimensions))
    nodes = np.arange(side**dimensions)
    lattice = (nodes if kind == "torus" else rng.permutation(nodes)).reshape((side,) * dimensions)
    others = [np.roll(lattice, 1, axis).ravel() for axis in range(dimensions)]
    return np.tile(lattice.ravel(), dimensions), np.concatenate(others)


def network(kind: str, size: int) -> Hamiltonian:
    """Return a spin glass with couplings of one size, always the same."""
    rng = np.random.default_rng(1)
    heads, tails = pairs(kind, size, rng)
    apart = heads != tails
    heads, tails = heads[apart], tails[apart]
    count, signs = int(max(heads.max(), tails.max())) + 1, rng.choice([-1.0, 1.0], len(heads))
    upper = scipy.sparse.coo_array((signs, (heads, tails)), shape=(count, count)).tocsr()
    return Hamiltonian(upper + upper.T)


def anneal(hamiltonian: Hamiltonian, replicas: int, sweeps: int) -> tuple[float, float]:
    """Return the CPU seconds of the layout, and those of an anneal."""
    begin = time.process_time()
    layout = layout_of(hamiltonian, replicas)
    built = time.process_time()
    rng = np.random.default_rng(0)
    start: NDArray[np.int8] = rng.integers(0, 2, (replicas, hamiltonian.num_spins), dtype=np.int8)
    words = rng.integers(0, 2**64, layout.rng_words(replicas), dtype=np.uint64)
    lanes = layout.allocate(2 * start - 1, words)
    first = time.process_time()
    layout.sweep_block(lanes, np.linspace(0.1, 3.0, sweeps)[:, None], words)
    return built - begin, time.process_time() - first


def measure(kind: str, size: int, replicas: int) -> list[Row]:
    """Return what one network costs."""
    anneal(network(kind, size), replicas, 1)  # compiles, or loads from numba's cache
    hamiltonian = network(kind, size)
    spins, lanes = hamiltonian.num_spins, 1 if replicas == 1 else 4
    sweeps = max(4, VISITS // (lanes * spins))
    layout, seconds = anneal(hamiltonian, replicas, sweeps)
    again = network(kind, size)  # whose layout nobody has built yet
    tracemalloc.start()
    anneal(again, replicas, 1)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return [
        {
            "network": kind,
            "spins": spins,
            "replicas": replicas,
            "ns": round(1e9 * seconds / (spins * sweeps * replicas), 4),
            "layout": round(layout, 3),
            "bytes": round(most / spins, 1),
        }
    ]


def units(settings: Settings) -> Iterator[Unit]:
    """Yield one unit for each network and number of replicas."""
    for kind in KINDS[:1] if settings.quick else KINDS:
        for size in SIZES[:1] if settings.quick else SIZES:
            for replicas in REPLICAS:
                run = partial(measure, kind, size, replicas)
                yield Unit(f"{kind} {size} x {replicas}", 1.0 + size / 1e5, run)


def tables(rows: list[Row]) -> Iterator[Table]:
    """Yield one table, a line for each network and size."""
    columns = ("network", "spins", *(f"{what}, x {r}" for r in REPLICAS for what in SHOWN))
    lines = []
    for (kind, spins), block in groups(rows, "network", "spins").items():
        by_replicas = {row["replicas"]: row for row in block}
        found = [by_replicas.get(r, {}).get(key) for r in REPLICAS for key in SHOWN.values()]
        lines.append((kind, spins, *found))
    yield Table(columns, lines)


def draw(rows: list[Row]) -> Any:
    """Draw the nanoseconds over the number of spins."""
    return pictures.growth(rows)


SECTION = Section("scale", "Scale", ABOUT, units, tables, none_missed, {"scale": draw})
