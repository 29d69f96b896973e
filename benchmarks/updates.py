"""Attempted spin updates per second, next to the simulated annealing of dwave-samplers and OpenJij.

All anneal the same couplings through the same inverse temperatures, in turn, in one process and
on one core. The time is CPU time of everything between couplings and energies, for OpenJij what
it reports for its kernel alone (it takes far longer to read couplings). The ratio is to the faster
of the two; it is fair where the mean energies agree, so that the table shows them, too.

    OMP_NUM_THREADS=1 taskset -c 0 python -m benchmarks.updates --data DIR --instances G22 G55

DIR holds graphs in rudy format, for instance the G-set
(https://web.stanford.edu/~yyye/yyye/Gset/). Without --data, generated networks are measured.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from benchmarks.table import show
from hopfield_opt.dynamics import kernels
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.io import rudy

GENERATED = ("3-regular-10000", "torus-real-5000", "random-real-5000", "dense-signs-2000",
             "dense-real-1000", "dense-real-2500")  # fmt: skip


class Instance(NamedTuple):
    """A network to be annealed, and the range of inverse temperatures that suits it."""

    name: str
    hamiltonian: Hamiltonian
    hot: float
    cold: float


class Row(NamedTuple):
    """Medians over the seeds, with the spread of the ratio, for one network."""

    instance: str
    spins: int
    degree: float
    kernel: str
    replicas: int
    ours_ns: float
    dwave_ns: float
    openjij_ns: float
    ratio: float
    least_ratio: float
    largest_ratio: float
    energy: float
    dwave_energy: float
    openjij_energy: float


def generated(name: str) -> Instance:
    """Return a generated network by its name, always the same."""
    kind, *_, size = name.split("-")
    n = int(size)
    rng = np.random.default_rng(1)
    if kind == "dense":
        draw = rng.choice([-1.0, 1.0], (n, n)) if "signs" in name else rng.standard_normal((n, n))
        weights = np.triu(draw, k=1)
        sigma = np.sqrt(n)
        return Instance(name, Hamiltonian(weights + weights.T), 0.2 / sigma, 5.0 / sigma)
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
    upper = scipy.sparse.coo_array((values, (u, v)), shape=(n, n))
    return Instance(name, Hamiltonian((upper + upper.T).tocsr()), 0.1, 3.0)


def _matching(rng: np.random.Generator, n: int) -> NDArray[np.int64]:
    """Return the partner of each node in a random perfect matching."""
    order = rng.permutation(n)
    partner = np.empty(n, dtype=np.int64)
    partner[order[::2]], partner[order[1::2]] = order[1::2], order[::2]
    return partner


def from_file(path: Path) -> Instance:
    """Return the Max-Cut network of a graph: W = -w / 2."""
    graph = rudy.read(path)
    size = graph.num_vertices
    upper = scipy.sparse.coo_array(
        (-0.5 * graph.weights, (graph.heads, graph.tails)), shape=(size, size)
    )
    return Instance(path.stem, Hamiltonian((upper + upper.T).tocsr()), 0.1, 3.0)


def cpu_seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    """Return the CPU time of a call, and what it returns."""
    begin = time.process_time()
    result = call()
    return time.process_time() - begin, result


def ours(
    instance: Instance, betas: NDArray[np.float64], replicas: int, seed: int
) -> tuple[float, NDArray[np.float64]]:
    """Return the seconds for the sweeps, and the final energies."""
    layout = kernels.prepare(instance.hamiltonian, replicas=replicas)
    rng = np.random.default_rng(seed)
    size = instance.hamiltonian.num_spins
    start = rng.choice(np.array([-1, 1], dtype=np.int8), (replicas, size))
    lanes = kernels.allocate(start)
    words = rng.integers(0, 2**64, kernels.rng_words(lanes.shape[1]), dtype=np.uint64)
    seconds, energies = cpu_seconds(
        lambda: kernels.sweep_block(layout, lanes, betas[:, None], words, replicas=replicas)
    )
    return seconds, energies[:replicas] + instance.hamiltonian.offset


def dwave(
    instance: Instance, betas: NDArray[np.float64], reads: int, seed: int
) -> tuple[float, NDArray[np.float64]]:
    """Return the seconds for the sweeps, without what a call needs besides, and energies."""
    samplers: Any = import_module("dwave.samplers")
    dimod: Any = import_module("dimod")
    matrix = scipy.sparse.triu(scipy.sparse.csr_array(instance.hamiltonian.weights), 1).tocoo()
    couplings = (matrix.row, matrix.col, -matrix.data)
    model = dimod.BinaryQuadraticModel.from_numpy_vectors(
        instance.hamiltonian.thresholds, couplings, instance.hamiltonian.offset, "SPIN"
    )

    def sample(schedule: NDArray[np.float64]) -> Any:
        return samplers.SimulatedAnnealingSampler().sample(
            model,
            num_reads=reads,
            seed=seed,
            beta_schedule_type="custom",
            beta_schedule=schedule,
            num_sweeps_per_beta=1,
        )

    overhead, _ = cpu_seconds(lambda: sample(betas[:1]))
    seconds, result = cpu_seconds(lambda: sample(betas))
    return (seconds - overhead) * len(betas) / (len(betas) - 1), result.record.energy


def openjij(
    instance: Instance, betas: NDArray[np.float64], reads: int, seed: int
) -> tuple[float, NDArray[np.float64]]:
    """Return the seconds that its kernel reports, and energies."""
    sampler: Any = import_module("openjij").SASampler()
    matrix = scipy.sparse.triu(scipy.sparse.csr_array(instance.hamiltonian.weights), 1).tocoo()
    pairs = zip(matrix.row.tolist(), matrix.col.tolist(), strict=True)
    size = instance.hamiltonian.num_spins
    result = sampler.sample_ising(
        dict(enumerate(instance.hamiltonian.thresholds)),
        dict(zip(pairs, (-matrix.data).tolist(), strict=True)),
        num_reads=reads,
        schedule=[[beta, 1] for beta in betas],
        seed=seed,
        sparse=matrix.nnz < 0.1 * size**2,
    )
    return 1e-6 * sum(result.info["list_exec_times"]), result.record.energy


def measure(instance: Instance, sweeps: int, replicas: int, reads: int, seeds: int) -> Row:
    """Return one line of the table."""
    betas = np.linspace(instance.hot, instance.cold, sweeps)
    ours(instance, betas[:2], replicas, 0)  # compiles, or loads from numba's cache
    size = instance.hamiltonian.num_spins
    runs: dict[Any, list[tuple[float, NDArray[np.float64]]]] = {ours: [], dwave: [], openjij: []}
    for seed in range(seeds):
        for sampler, done in runs.items():
            done.append(sampler(instance, betas, replicas if sampler is ours else reads, seed))
    updates = size * sweeps
    ns = {
        sampler: np.array([1e9 * seconds / (updates * len(energies)) for seconds, energies in done])
        for sampler, done in runs.items()
    }
    energy = {
        sampler: round(float(np.mean([energies.mean() for _, energies in done])), 1)
        for sampler, done in runs.items()
    }
    ratios = np.minimum(ns[dwave], ns[openjij]) / ns[ours]
    layout = kernels.prepare(instance.hamiltonian, replicas=replicas)
    weights: Any = scipy.sparse.csr_array(instance.hamiltonian.weights)
    return Row(
        instance.name,
        size,
        round(weights.nnz / size, 1),
        f"{type(layout).__name__.removesuffix('Layout').lower()} {layout.kind}",
        replicas,
        round(float(np.median(ns[ours])), 3),
        round(float(np.median(ns[dwave])), 1),
        round(float(np.median(ns[openjij])), 1),
        round(float(np.median(ratios)), 1),
        round(float(ratios.min()), 1),
        round(float(ratios.max()), 1),
        energy[ours],
        energy[dwave],
        energy[openjij],
    )


def instances(arguments: argparse.Namespace) -> Iterator[Instance]:
    """Yield the networks that are asked for."""
    for name in arguments.instances or (() if arguments.data else GENERATED):
        if name in GENERATED:
            yield generated(name)
        elif arguments.data is None:
            known = ", ".join(GENERATED)
            sys.exit(f"--instances must be among {known} without --data, got {name}.")
        else:
            yield from_file(Path(arguments.data) / name)


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--data", help="folder of graphs in rudy format")
    parser.add_argument("--instances", nargs="*", help="files in it, or generated networks")
    parser.add_argument("--sweeps", type=int, default=1000)
    parser.add_argument("--replicas", type=int, default=64)
    parser.add_argument("--reads", type=int, default=4, help="of the other samplers, for each seed")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--csv", help="file for the numbers")
    arguments = parser.parse_args()
    show(
        (
            measure(one, arguments.sweeps, arguments.replicas, arguments.reads, arguments.seeds)
            for one in instances(arguments)
        ),
        arguments.csv,
    )


if __name__ == "__main__":
    main()
