"""The simulated annealing of dwave-samplers and of OpenJij, called in the same way.

An `Anneal` takes inverse temperatures, a number of reads and a seed. Its time is that of the
sweeps: of dwave-samplers the CPU time of a call less that of a call with one sweep; of OpenJij,
which takes far longer to read couplings, what it reports for its kernel, by the share of its core
that the call got.
"""

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.hamiltonian import Hamiltonian

# a read is sized by one that takes so long
TRIAL_SECONDS = 0.1


class Annealed(NamedTuple):
    """CPU seconds of the sweeps, and the energy and the spins of each read."""

    seconds: float
    energies: NDArray[np.float64]
    spins: NDArray[np.int8]


Anneal = Callable[[NDArray[np.float64], int, int], Annealed]


def beta_range(hamiltonian: Hamiltonian) -> tuple[float, float]:
    """Return inverse temperatures that serve the samplers well, and better than their own.

    For few couplings a neuron 0.1 to 3 over the size of a coupling: of eight ranges and shapes
    the best or as good as the best on G22 and G55, and not far from it on G81. For many 0.2 to 5
    over the size of a local field.
    """
    weights = hamiltonian.to_sparse()
    total, size = float((weights.data**2).sum()), hamiltonian.num_spins
    if weights.nnz > 100 * size:
        field = np.sqrt(total / size)
        return 0.2 / field, 5.0 / field
    coupling = np.sqrt(total / weights.nnz)
    return 0.1 / coupling, 3.0 / coupling


def upper_couplings(hamiltonian: Hamiltonian) -> Any:
    """Return the couplings above the diagonal in the others' sign, as coordinates."""
    return -scipy.sparse.triu(hamiltonian.to_sparse(), 1).tocoo()


def dimod_model(hamiltonian: Hamiltonian) -> Any:
    """Return the network as dwave-samplers take it."""
    upper = upper_couplings(hamiltonian)
    return import_module("dimod").BinaryQuadraticModel.from_numpy_vectors(
        hamiltonian.thresholds, (upper.row, upper.col, upper.data), hamiltonian.offset, "SPIN"
    )


def sorted_spins(found: Any) -> NDArray[np.int8]:
    """Return the spins (reads, N) of what a sampler found, in the order of the neurons."""
    return np.asarray(found.record.sample[:, np.argsort(found.variables)], dtype=np.int8)


def dwave(hamiltonian: Hamiltonian) -> Anneal:
    """Return the annealing of dwave-samplers on a network."""
    sampler: Any = import_module("dwave.samplers").SimulatedAnnealingSampler()
    model = dimod_model(hamiltonian)

    def call(betas: NDArray[np.float64], reads: int, seed: int) -> tuple[float, Any]:
        begin = time.process_time()
        found = sampler.sample(
            model,
            num_reads=reads,
            seed=seed,
            beta_schedule_type="custom",
            beta_schedule=betas,
            num_sweeps_per_beta=1,
        )
        return time.process_time() - begin, found

    def anneal(betas: NDArray[np.float64], reads: int, seed: int) -> Annealed:
        once = min(call(betas[:1], reads, seed)[0] for _ in range(3))
        seconds, found = call(betas, reads, seed)
        scale = len(betas) / max(1, len(betas) - 1)
        kept = max(0.0, seconds - once) * scale
        return Annealed(kept, found.record.energy, sorted_spins(found))

    return anneal


def openjij(hamiltonian: Hamiltonian) -> Anneal:
    """Return the annealing of OpenJij on a network."""
    sampler: Any = import_module("openjij").SASampler()
    upper = upper_couplings(hamiltonian)
    pairs = zip(upper.row.tolist(), upper.col.tolist(), strict=True)
    couplings = dict(zip(pairs, upper.data.tolist(), strict=True))
    fields = dict(enumerate(hamiltonian.thresholds.tolist()))

    def anneal(betas: NDArray[np.float64], reads: int, seed: int) -> Annealed:
        wall, cpu = time.monotonic(), time.process_time()
        found = sampler.sample_ising(
            fields,
            couplings,
            num_reads=reads,
            schedule=[[beta, 1] for beta in betas.tolist()],
            seed=seed,
            sparse=upper.nnz < 0.1 * len(fields) ** 2,
        )
        share = (time.process_time() - cpu) / (time.monotonic() - wall)
        seconds = min(1.0, share) * 1e-6 * float(sum(found.info["list_exec_times"]))
        return Annealed(seconds, found.record.energy + hamiltonian.offset, sorted_spins(found))

    return anneal


def sweeps_per_second(anneal: Anneal, hot: float, cold: float) -> float:
    """Return how many sweeps of one read fit into a second."""
    sweeps = 8
    while (seconds := anneal(np.linspace(hot, cold, sweeps), 1, 0).seconds) < TRIAL_SECONDS:
        sweeps *= 4
    return sweeps / seconds
