"""Recall of patterns, next to the code of a lecture and to the package hopfieldnetwork.

The lecture's code is the one of Appendix A in Capriotti et al. (2026), "Learning about learning",
with its `break` where it belongs, after the sweep. Its repository takes the energy and the overlap
with each pattern after every update, and so do the rows with traces. It and the package recall one
cue after another: some are timed and counted up. The time is CPU time, on one core:

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 taskset -c 0 python -m benchmarks.recall

Each row is the median of `--repeats` measurements of ours after one that loads kernels. "right" is
the share of cues that end in their pattern, ours / theirs: fair where it agrees.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from importlib import import_module, metadata
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import hopfield_opt as ho
from benchmarks.table import show
from hopfield_opt.learning import hebb
from hopfield_opt.memory.experiments import capacity_curve

Spins = NDArray[np.int8]
Floats = NDArray[np.float64]


class Row(NamedTuple):
    """One task: our median, what it shall be, and the others."""

    task: str
    ours_s: float
    shall_be: float
    lecture_s: float
    ratio: float
    hopfieldnetwork_s: float
    ratio_: float
    right: str


def store_patterns(patterns: Spins) -> Floats:
    """Store as in Appendix A."""
    size = len(patterns[0])
    weights = np.zeros((size, size))
    for xi in patterns:
        weights += np.outer(xi, xi) / size
    np.fill_diagonal(weights, 0)
    return weights


def get_memory_async(weights: Floats, cue: Spins, patterns: Spins | None = None) -> Floats:
    """Recall as in Appendix A; with patterns, take energy and overlaps after each update."""
    size = len(cue)
    indices = np.arange(size)
    s = cue.copy().astype(float)
    energies, overlaps = [], []
    for _ in range(100):
        np.random.shuffle(indices)  # noqa: NPY002
        state_changed = False
        for i in indices:
            new = 1.0 if np.dot(weights[i, :], s) >= 0 else -1.0
            if new != s[i]:
                s[i] = new
                state_changed = True
            if patterns is not None:
                energies.append(-0.5 * s @ weights @ s)
                overlaps.append([np.dot(xi, s) / size for xi in patterns])
        if not state_changed:
            break
    return s


def packaged(patterns: Spins) -> Any:
    """Return the patterns in a network of hopfieldnetwork."""
    network = import_module("hopfieldnetwork").HopfieldNetwork(N=patterns.shape[1])
    network.train_pattern(patterns.T.astype(float))
    return network


def recall_packaged(network: Any, cue: Spins) -> Spins:
    """Recall with hopfieldnetwork until nothing moves."""
    network.set_initial_neurons_state(cue.copy())
    network.update_neurons(1, "async", run_max=True)
    return np.asarray(network.S)


def seconds_of(call: Callable[[], Any], repeats: int = 1) -> tuple[float, Any]:
    """Return the median CPU time of some calls, and what the last one returned."""
    times = []
    for _ in range(repeats):
        begin = time.process_time()
        result = call()
        times.append(time.process_time() - begin)
    return float(np.median(times)), result


def cued(size: int, count: int, cues: int) -> tuple[Spins, Spins, Spins]:
    """Return random patterns, cues with a tenth flipped, and the pattern of each."""
    random = np.random.default_rng(0)
    patterns = random.choice(np.array([-1, 1], np.int8), (count, size))
    targets = patterns[random.integers(0, count, cues)]
    noise = random.random(targets.shape).argsort(axis=1).argsort(axis=1) < size // 10
    return patterns, np.where(noise, -targets, targets), targets


def row(task: str, ours: float, shall_be: float, *others: float, right: str = "") -> Row:
    """Return a line of the table; others not measured are nan."""
    lecture, package = others if others else (np.nan, np.nan)
    numbers = [ours, shall_be, lecture, lecture / ours, package, package / ours]
    return Row(task, *(float(f"{number:.3g}") for number in numbers), right)


def recalls(repeats: int, probes: int, traced: int) -> Iterator[Row]:
    """Yield the rows of 100 recalls with 1000 neurons and 100 patterns."""
    patterns, cues, targets = cued(1000, 100, 100)
    weights, network = store_patterns(patterns), packaged(patterns)
    memory = ho.AssociativeMemory(patterns)

    def slow(some: int, recall: Callable[[Spins], Any]) -> tuple[float, float]:
        seconds, ends = seconds_of(lambda: [recall(cue) for cue in cues[:some]])
        return 100 * seconds / some, float((ends == targets[:some]).all(axis=1).mean())

    package, package_right = slow(probes, lambda cue: recall_packaged(network, cue))
    plain, right = slow(probes, lambda cue: get_memory_async(weights, cue))
    full, _ = slow(traced, lambda cue: get_memory_async(weights, cue, patterns))
    both = ("energy", "overlap")
    for name, record, every, shall_be, lecture in (
        ("without traces", (), "sweep", np.nan, plain),
        ("traces per sweep", both, "sweep", 0.05, full),
        ("traces per flip", both, "flip", 0.06, full),
    ):

        def ours(record: Any = record, every: str = every) -> Any:
            return memory.recall(cues, record=record, every=every, seed=0)

        ours()
        seconds, end = seconds_of(ours, repeats)
        mine = (end.state == targets)[:probes].all(axis=1).mean()
        yield row(
            f"100 recalls, N = 1000, P = 100, {name}",
            seconds,
            shall_be,
            lecture,
            package,
            right=f"{mine:.2f} / {right:.2f} / {package_right:.2f}",
        )


def large(repeats: int) -> Iterator[Row]:
    """Yield the rows of a factored recall, of storing, and of a capacity curve."""
    patterns, cues, targets = cued(10_000, 500, 100)
    memory = ho.AssociativeMemory(patterns)
    memory.recall(cues, seed=0)
    seconds, end = seconds_of(lambda: memory.recall(cues, seed=0), repeats)
    right = f"{(end.state == targets).all(axis=1).mean():.2f}"
    yield row("100 recalls, N = 10000, P = 500, factors", seconds, 1.0, right=right)

    patterns, _, _ = cued(5000, 1000, 1)
    seconds, _ = seconds_of(lambda: hebb(patterns), repeats)
    lecture, _ = seconds_of(lambda: store_patterns(patterns[:10]))
    package, _ = seconds_of(lambda: packaged(patterns[:10]))
    yield row("storing P = 1000, N = 5000, a matrix", seconds, 1.0, 100 * lecture, 100 * package)
    seconds, _ = seconds_of(lambda: ho.AssociativeMemory(patterns).hamiltonian, repeats)
    yield row("storing P = 1000, N = 5000, factors", seconds, 1.0, 100 * lecture, 100 * package)

    counts = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20)
    seconds, curve = seconds_of(lambda: capacity_curve(100, counts, flipped=0.3, seed=0), repeats)
    yield row(f"capacity curve, N = 100, 15 points, {curve.runs} runs each", seconds, 1.5)


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--probes", type=int, default=100, help="cues for the others")
    parser.add_argument("--traced", type=int, default=2, help="cues for the lecture with traces")
    parser.add_argument("--csv", help="file for the numbers")
    options = parser.parse_args()
    names = ("hopfieldnetwork", "numpy", "numba")
    versions = (f"{name} {metadata.version(name)}" for name in names)
    print(f"hopfield-opt {ho.__version__}, " + ", ".join(versions), end="\n\n")

    def rows() -> Iterator[Row]:
        yield from recalls(options.repeats, options.probes, options.traced)
        yield from large(options.repeats)

    show(rows(), options.csv)


if __name__ == "__main__":
    main()
