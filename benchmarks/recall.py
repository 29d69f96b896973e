"""Recall of patterns, next to the code of a lecture and to the package hopfieldnetwork."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

import hopfield_opt as ho
from benchmarks.base import Row, Section, Settings, Table, Unit, spread
from hopfield_opt.learning import hebb
from hopfield_opt.memory.experiments import capacity_curve

Spins = NDArray[np.int8]
Floats = NDArray[np.float64]


ABOUT = """\
CPU seconds on one core, ours as the median of five with the range; next to targets that are set
by hand.

- **The lecture** is the code of Appendix A in Capriotti et al. (2026), "Learning about
  learning", with its `break` where it belongs, after the sweep. With traces it takes, as its
  repository does, the energy from all N^2 weights and the overlap with each pattern after every
  update; we know both from what a flip changes. With traces its time is counted up from two
  cues.
- **hopfieldnetwork** records nothing: it stands next to every row, but is to be compared with
  the first. Storing is counted up from ten patterns, the lecture's too.
- **right** is the share of the 100 cues, a tenth of each flipped, that end exactly in their
  pattern: ours, the lecture's, hopfieldnetwork's. At P / N = 0.1 half of the attractors differ
  from their pattern in a neuron or more.
- **factors**: above 2000 neurons `AssociativeMemory` keeps P x N numbers instead of N x N. The
  row "a matrix" is `hopfield_opt.learning.hebb`.
- The capacity curve is the slides': N = 100, 30 % of each cue flipped, 25 networks with 20 cues
  each at a point."""

REPEATS, PROBES, TRACED = 5, 100, 2


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


def seconds_of(call: Callable[[], Any], repeats: int = 1) -> tuple[list[float], Any]:
    """Return the CPU times of some calls, and what the last one returned."""
    times = []
    for _ in range(repeats):
        begin = time.process_time()
        result = call()
        times.append(time.process_time() - begin)
    return times, result


def cued(size: int, count: int, cues: int) -> tuple[Spins, Spins, Spins]:
    """Return random patterns, cues with a tenth flipped, and the pattern of each."""
    random = np.random.default_rng(0)
    patterns = random.choice(np.array([-1, 1], np.int8), (count, size))
    targets = patterns[random.integers(0, count, cues)]
    noise = random.random(targets.shape).argsort(axis=1).argsort(axis=1) < size // 10
    return patterns, np.where(noise, -targets, targets), targets


def row(task: str, ours: list[float], target: float | None, *others: float, right: str = "") -> Row:
    """Return the row of a task; the others may not have been measured."""
    lecture, package = others or (None, None)
    return {
        "task": task,
        "seconds": [float(f"{each:.4g}") for each in ours],
        "target": target,
        "lecture": lecture,
        "hopfieldnetwork": package,
        "right": right,
    }


def recalls(size: int, count: int, probes: int) -> list[Row]:
    """Return the rows of 100 recalls."""
    patterns, cues, targets = cued(size, count, 100)
    weights, network = store_patterns(patterns), packaged(patterns)
    memory = ho.AssociativeMemory(patterns)

    def slow(some: int, recall: Callable[[Spins], Any]) -> tuple[float, float]:
        seconds, ends = seconds_of(lambda: [recall(cue) for cue in cues[:some]])
        return 100 * seconds[0] / some, float((ends == targets[:some]).all(axis=1).mean())

    package, package_right = slow(probes, lambda cue: recall_packaged(network, cue))
    plain, right = slow(probes, lambda cue: get_memory_async(weights, cue))
    full, _ = slow(TRACED, lambda cue: get_memory_async(weights, cue, patterns))
    both = ("energy", "overlap")
    rows = []
    for name, record, every, target, lecture in (
        ("without traces", (), "sweep", None, plain),
        ("traces per sweep", both, "sweep", 0.05, full),
        ("traces per flip", both, "flip", 0.06, full),
    ):
        recall = partial(memory.recall, cues, record=record, every=every, seed=0)
        recall()
        seconds, end = seconds_of(recall, REPEATS)
        mine = (end.state == targets)[:probes].all(axis=1).mean()
        shares = f"{mine:.2f} / {right:.2f} / {package_right:.2f}"
        task = f"100 recalls, N = {size}, P = {count}, {name}"
        rows.append(row(task, seconds, target, lecture, package, right=shares))
    return rows


def factored() -> list[Row]:
    """Return the row of recalls in a network that is kept as factors."""
    patterns, cues, targets = cued(10_000, 500, 100)
    memory = ho.AssociativeMemory(patterns)
    memory.recall(cues, seed=0)
    seconds, end = seconds_of(lambda: memory.recall(cues, seed=0), REPEATS)
    right = f"{(end.state == targets).all(axis=1).mean():.2f}"
    return [row("100 recalls, N = 10000, P = 500, factors", seconds, 1.0, right=right)]


def storing() -> list[Row]:
    """Return the rows of storing."""
    patterns, _, _ = cued(5000, 1000, 1)
    lecture = 100 * seconds_of(lambda: store_patterns(patterns[:10]))[0][0]
    package = 100 * seconds_of(lambda: packaged(patterns[:10]))[0][0]
    matrix, _ = seconds_of(lambda: hebb(patterns), REPEATS)
    factors, _ = seconds_of(lambda: ho.AssociativeMemory(patterns).hamiltonian, REPEATS)
    task = "storing P = 1000, N = 5000"
    return [
        row(f"{task}, a matrix", matrix, 1.0, lecture, package),
        row(f"{task}, factors", factors, 1.0, lecture, package),
    ]


def capacity() -> list[Row]:
    """Return the row of a capacity curve."""
    counts = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20)
    seconds, curve = seconds_of(lambda: capacity_curve(100, counts, flipped=0.3, seed=0), REPEATS)
    task = f"capacity curve, N = 100, {len(counts)} points, {curve.runs} runs each"
    return [row(task, seconds, 1.5)]


def units(settings: Settings) -> Iterator[Unit]:
    """Yield the units."""
    if settings.quick:
        yield Unit("recall", 2.0, partial(recalls, 100, 10, 5))
        return
    yield Unit("recall", 12.0, partial(recalls, 1000, 100, PROBES))
    yield Unit("factors", 15.0, factored)
    yield Unit("storing", 15.0, storing)
    yield Unit("capacity", 5.0, capacity)


def reached(found: Row) -> str | None:
    """Return whether the median meets the target, None if there is none."""
    if found["target"] is None:
        return None
    return "yes" if np.median(found["seconds"]) <= found["target"] else "no"


def tables(rows: list[Row]) -> Iterator[Table]:
    """Yield the table."""
    columns = ("task", "ours, s", "target, s", "reached", "lecture, s", "times ours",
               "hopfieldnetwork, s", "times ours", "right")  # fmt: skip
    lines = []
    for found in rows:
        cells = [found["task"], spread(found["seconds"]), found["target"], reached(found)]
        for other in (found["lecture"], found["hopfieldnetwork"]):
            times = None if other is None else other / float(np.median(found["seconds"]))
            cells += [None if each is None else f"{each:.3g}" for each in (other, times)]
        lines.append((*cells, found["right"]))
    yield Table(columns, lines)


def missed(rows: list[Row]) -> Iterator[str]:
    """Yield the tasks that take too long."""
    for found in rows:
        if reached(found) == "no":
            seconds = np.median(found["seconds"])
            yield f"{found['task']}: {seconds:.3g} s instead of {found['target']:g} s"


SECTION = Section("recall", "Recall of patterns", ABOUT, units, tables, missed)
