"""Energies while a network recalls (Capriotti et al. 2026, Fig. 10).

What to see: one neuron at a time, the energy only falls. Two memories have equal energies whatever
they look like, -N/2 (1 + M^2) + 1; of three, each has its own, since overlaps count. (The paper
says: equal because as many neurons are active.) All at once, the energy need not fall.

    python examples/memory_energy_over_time.py [--quick] [--output FILE.png]
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

import hopfield_opt as ho
from hopfield_opt.memory.noise import noisy
from hopfield_opt.physics.labels import mixture
from hopfield_opt.plot.scripts import arguments, save, styled
from hopfield_opt.plot.traces import COLORS

DASHES = ("solid", "dashed", "dashdot", "dotted")


def draw(ax: Axes, memory: ho.AssociativeMemory, starts: np.ndarray, names: list[str]) -> None:
    """Draw the energies from some starts, flip by flip."""
    for k, (start, name) in enumerate(zip(starts, names, strict=True)):
        recall = memory.recall(start, seed=0, record="energy", every="flip")
        assert (np.diff(recall.trace.energy) < 1e-9).all()
        ho.plot.energy(recall, ax)
        label = f"{name}: {recall.label}, {recall.energy:.2f}"
        ax.lines[-1].set(color=COLORS[k], linestyle=DASHES[k], label=label)
        ends = recall.trace.sweeps, recall.trace.energy
        ax.plot(ends[0][-1], ends[1][-1], "o", color=COLORS[k])
        print(label)


@styled
def main(words: list[str] | None = None) -> None:
    """Record from starts in a network of two letters, and of three."""
    options = arguments(__doc__, __file__, words)
    known = ho.data.letters("HX#", size=10).reshape(3, 100)
    random = np.random.default_rng(4)
    figure, axes = plt.subplots(1, 2, figsize=(12, 4.8), layout="constrained", sharey=True)

    two = ho.AssociativeMemory(known[:2], names="HX")
    targets = np.concatenate([known[:2], -known[1:2]])
    draw(axes[0], two, noisy(targets, 0.3, random), ["H", "X", "-X"])
    between = known[0].copy()
    between[np.flatnonzero(known[0] != known[1])[::2]] *= -1
    recall = two.recall(between, "synchronous", seed=0, record="energy", sweeps=5)
    ho.plot.energy(recall, axes[0])
    label = f"half H, half X, all at once: {recall.label}, {recall.energy:.2f}"
    axes[0].lines[-1].set(color=COLORS[4], marker="x", linestyle="dotted", label=label)
    print(label)
    axes[0].set(title="A. two letters, 30 % flipped", ylim=(-63, 2))

    three = ho.AssociativeMemory(known, names="HX#")
    spurious = noisy(mixture("mixture of 0, 1, 2", known)[None], 0.1, random)
    starts = np.concatenate([noisy(known, 0.2, random), spurious])
    draw(axes[1], three, starts, ["H", "X", "#", "all mixed"])
    axes[1].set(title="B. three letters, 20 % flipped", ylabel="")
    for ax in axes:
        ax.legend(fontsize="small", loc="upper right")
        ax.set(xlabel="sweeps (steps are single flips)", xlim=(-0.05, 1.3))
    save(figure, options)


if __name__ == "__main__":
    main()
