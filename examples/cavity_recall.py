"""Atoms in a cavity recall greedily: steepest descent next to random order.

What to see: in a cavity of many modes the flip that lowers the energy most comes first. Above the
capacity of the Hebbian network this finds the cued pattern more often than random order does; in
small networks (the experiment has 16 spins) that counts, in large ones it hardly does.

    python examples/cavity_recall.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.memory.experiments import capacity_curve
from hopfield_opt.plot.scripts import MARKERS, arguments, curve_axes, progress, save, styled
from hopfield_opt.plot.style import BLACK


@styled
def main(words: list[str] | None = None) -> None:
    """Recall by both rules, more and more patterns."""
    options = arguments(__doc__, __file__, words)
    networks, cues = (3, 5) if options.quick else (60, 10)
    loads = np.array([0.1, 0.25]) if options.quick else np.arange(0.05, 0.41, 0.05)
    figure, axes = plt.subplots(1, 2, figsize=(11, 4.6), sharey=True, layout="constrained")
    for ax, size in zip(axes, progress((100, 300), "sizes"), strict=True):
        counts = [round(load * size) for load in loads]
        for marker, order in zip(MARKERS, ("random", "steepest"), strict=False):
            curve = capacity_curve(
                size,
                counts,
                flipped=0.1,
                tolerance=0.1,
                networks=networks,
                cues=cues,
                dynamics=ho.dynamics.Asynchronous(order),
                seed=0,
            )
            print(f"N = {size}, {order}:", *curve.recalled.round(2))
            ax.errorbar(
                curve.values / size, curve.recalled, 2 * curve.error, marker=marker, label=order
            )
        ax.axvline(0.138, color=BLACK, linestyle="dotted", label="0.138, large N")
        ax.set(xlabel="load P / N", title=f"N = {size}, 10 % of each cue flipped")
    axes[0].set_ylabel("recalled with at most 10 % wrong")
    curve_axes(*axes)
    save(figure, options)


if __name__ == "__main__":
    main()
