"""Dense associative memories: steeper energies have narrower wells, and many more of them.

What to see: at higher degrees the well of a memory is narrower: it is half as deep after 14, 10 and
4 of 100 flips, averaged over directions. So the wells of many memories do not touch, and 500
patterns are recalled from cues with 30 % of noise. (The slides' sum of exp(beta xi.s) overflows at
beta = 10: here its logarithm is the energy.)

    python examples/dense_memory.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.memory.noise import noisy
from hopfield_opt.plot.scripts import MARKERS, arguments, curve_axes, progress, save, styled

KINDS = {
    "n = 2": {"interaction": "rectified", "degree": 2},
    "n = 3": {"interaction": "rectified", "degree": 3},
    "n = 8": {"interaction": "rectified", "degree": 8},
    "exp, beta = 10": {"interaction": "exponential", "beta": 10.0},
}


def recalled(count: int, cues: int, kind: dict) -> float:
    """Return the share of noisy cues from which the right one of `count` patterns comes back."""
    random = np.random.default_rng(count)
    patterns = random.choice([-1, 1], (count, 100)).astype(np.int8)
    which = random.integers(0, count, cues)
    memory = ho.DenseAssociativeMemory(patterns, **kind)
    recall = memory.recall(noisy(patterns[which], 0.3, random), seed=count)
    return float((recall.state == patterns[which]).all(axis=1).mean())


@styled
def main(words: list[str] | None = None) -> None:
    """Draw the well of a memory, and capacities."""
    options = arguments(__doc__, __file__, words)
    counts = (
        (2, 7, 20, 60, 200)
        if options.quick
        else (2, 3, 5, 7, 10, 14, 20, 35, 60, 100, 200, 350, 500)
    )
    cues = 20 if options.quick else 300
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.6), layout="constrained")

    patterns = np.random.default_rng(3).choice([-1, 1], (40, 100))
    random = np.random.default_rng(4)
    away = np.arange(0, 51, 2)
    states = np.tile(patterns[0], (cues, len(away), 1))
    for rows in states:
        order = random.permutation(100)
        for row, count in zip(rows, away, strict=True):
            row[order[:count]] *= -1
    for marker, (name, kind) in zip(MARKERS, progress(KINDS.items(), "degrees"), strict=False):
        if "degree" in kind:
            network = ho.DenseAssociativeMemory(patterns, **kind).hamiltonian
            energy = network.energy(states.reshape(-1, 100)).reshape(cues, -1).mean(axis=0)
            depth = (energy - energy[-1]) / (energy[-1] - energy[0])
            left.plot(away, depth, marker=marker, markevery=3, label=name)
            print(f"{name}: half as deep after {np.interp(-0.5, depth, away):.0f} flips")
        shares = [recalled(count, cues, kind) for count in counts]
        right.plot(counts, shares, marker=marker, label=name)
        print(name, dict(zip(counts, shares, strict=True)))
    left.set(
        xlabel="neurons flipped, from a memory on",
        ylabel="mean energy (memory -1, far away 0)",
        title="N = 100, 40 memories: the well of one",
    )
    right.set(
        xscale="log",
        xlabel="number of patterns",
        ylabel="recalled exactly",
        title="N = 100, 30 % of each cue flipped",
    )
    curve_axes(left, right)
    save(figure, options)


if __name__ == "__main__":
    main()
