"""Overlaps while a network recalls (Capriotti et al. 2026, Fig. 9 and problem A.4).

What to see: an overlap of 1 is a memory, -1 its negative, and anything between is spurious. Each
curve begins with the start, at t = 0 (the paper's curves begin with an unset number); in the last
panel all neurons move at once, and the two overlaps stand still while 28 neurons flip for ever.

    python examples/memory_overlaps_over_time.py [--quick] [--output FILE.png]
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

import hopfield_opt as ho
from hopfield_opt.memory.noise import noisy
from hopfield_opt.physics.labels import mixture
from hopfield_opt.plot.scripts import arguments, save, styled
from hopfield_opt.plot.traces import COLORS


def draw(ax: Axes, start: str, recall: ho.memory.Recall) -> None:
    """Draw the overlaps, mark the last ones, and write the label above."""
    ends = recall.overlaps.round(2) + 0.0
    names = [f"{name}: {end:.2f} at the end" for name, end in zip("HX#", ends, strict=False)]
    ho.plot.overlaps(recall, ax, labels=names)
    for k, end in enumerate(ends):
        # rings, the first the largest: ends at one place do not hide each other
        ax.plot(recall.trace.sweeps[-1], end, "o", color=COLORS[k], fillstyle="none",
                markersize=12 - 3 * k, markeredgewidth=1.6)  # fmt: skip
    ax.set(title=f"{start}:\n{recall.label}")
    print(f"{start}: {recall.label}, overlaps {ends}")


@styled
def main(words: list[str] | None = None) -> None:
    """Record every flip from six starts."""
    options = arguments(__doc__, __file__, words)
    known = ho.data.letters("HX#", size=10).reshape(3, 100)
    memory = ho.AssociativeMemory(known, names="HX#")
    random = np.random.default_rng(4)
    between = noisy(mixture("mixture of 0, 1, 2", known)[None], 0.1, random)[0]
    starts = [*noisy(np.concatenate([known, -known[1:2]]), 0.2, random), between]
    titles = ["H, 20 % flipped", "X, 20 % flipped", "#, 20 % flipped", "-X, 20 % flipped",
              "H, X and # mixed, 10 % flipped"]  # fmt: skip

    figure, axes = plt.subplots(2, 3, figsize=(13, 7), layout="constrained", sharey=True)
    for ax, start, title in zip(axes.flat, starts, titles, strict=False):
        recall = memory.recall(start, seed=0, record="overlap", every="flip")
        draw(ax, title, recall)
    differ = np.flatnonzero(known[0] != known[1])
    start = known[0].copy()
    start[differ[::2]] *= -1
    recall = ho.AssociativeMemory(known[:2], names="HX").recall(
        start, "synchronous", seed=0, record="overlap", sweeps=10
    )
    draw(axes[1, 2], "half H, half X, no # stored, all at once", recall)
    save(figure, options)


if __name__ == "__main__":
    main()
