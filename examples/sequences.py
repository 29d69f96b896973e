"""Sequences: a memory that leads to the next one, A, B, C, D and again.

What to see: with weights from each pattern to the next, all neurons at once walk through the
cycle, up to P / N = 0.269; such weights are not symmetric and have no energy. With slow synapses
beside symmetric ones each pattern is held for a while before the next one comes.

    python examples/sequences.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.learning.sequence import sequence
from hopfield_opt.memory import DelayedSequence
from hopfield_opt.plot.scripts import MARKERS, arguments, curve_axes, progress, save, styled
from hopfield_opt.plot.style import BLACK


def walk(patterns: np.ndarray, steps: int) -> ho.Result:
    """Start in the first pattern and let all neurons follow their fields at once."""
    network = ho.Network(sequence(patterns))
    return ho.run(network, "synchronous", patterns[0], steps, record="overlap", patterns=patterns,
                  seed=0, progress=False)  # fmt: skip


@styled
def main(words: list[str] | None = None) -> None:
    """Walk with fast synapses, with slow ones, and with too many patterns."""
    options = arguments(__doc__, __file__, words)
    size = 500 if options.quick else 1000
    loads = (
        (0.1, 0.2, 0.25, 0.29, 0.35)
        if options.quick
        else (0.05, 0.1, 0.15, 0.2, 0.23, 0.25, 0.27, 0.29, 0.32)
    )
    random = np.random.default_rng(1)
    figure, (fast, slow, many) = plt.subplots(1, 3, figsize=(14, 4.4), layout="constrained")

    patterns = random.choice([-1, 1], (4, size))
    paths = (
        walk(patterns, 12).trace,
        DelayedSequence(patterns, delay=8).recall(patterns[0], 40, seed=0),
    )
    for ax, path in zip((fast, slow), paths, strict=True):
        for k, name in enumerate("ABCD"):
            ax.plot(path.sweeps, path.overlap[:, 0, k], MARKERS[k] + "-", label=name, markersize=4)
        ax.set(xlabel="sweeps", ylabel="overlap")
    fast.set_title("A to B to C to D, all at once")
    slow.set_title("slow synapses, delay of 8 sweeps")

    ends = []
    for load in progress(loads, "loads"):
        count = round(load * size)
        runs = [walk(random.choice([-1, 1], (count, size)), 60) for _ in range(3)]
        ends.append([run.trace.overlap[-1, 0, run.sweeps % count] for run in runs])
        print(f"P / N = {load}: overlap {np.mean(ends[-1]):.3f} after 60 steps")
    many.errorbar(loads, np.mean(ends, axis=1), np.std(ends, axis=1), marker="o", capsize=3)
    many.axvline(0.269, color=BLACK, linestyle="dotted", label="0.269, large N")
    many.set(
        xlabel="load P / N",
        ylabel="overlap with the right pattern",
        title=f"after 60 steps, N = {size}",
    )
    curve_axes(fast, slow, many)
    for ax in (fast, slow):
        ax.set_ylim(-0.15, 1.3)
        ax.legend(loc="upper center", ncols=4)
    save(figure, options)


if __name__ == "__main__":
    main()
