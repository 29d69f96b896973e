"""Memories that are too much alike: the close pairs of Hopfield 1982.

What to see: of eight memories of 100 neurons two differ in only d of them. At d = 30 both are
usually stable, at 20 usually distinct but displaced, at 10 often fused to one minimum, as Hopfield
found.

    python examples/close_pairs.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.plot.scripts import arguments, progress, save, styled
from hopfield_opt.plot.style import BLUE, GREY, ORANGE, VERMILION


def fate(distance: int, seed: int) -> str:
    """Store seven random patterns and one near the last; say what becomes of the two."""
    random = np.random.default_rng([seed, distance])
    patterns = random.choice([-1, 1], (8, 100))
    patterns[7] = patterns[6]
    patterns[7, random.permutation(100)[:distance]] *= -1
    ends = ho.AssociativeMemory(patterns).recall(patterns[6:], seed=seed).state
    if (ends == patterns[6:]).all():
        return "both stable"
    return "fused" if (ends[0] == ends[1]).all() else "displaced"


@styled
def main(words: list[str] | None = None) -> None:
    """Count the fates of many pairs at each distance."""
    options = arguments(__doc__, __file__, words)
    distances = (5, 10, 20, 30, 50) if options.quick else range(2, 52, 4)
    runs = 40 if options.quick else 200
    names = ("both stable", "displaced", "fused")
    shares = []
    for distance in progress(distances, "distances"):
        fates = [fate(distance, seed) for seed in range(runs)]
        shares.append([fates.count(name) / runs for name in names])
        print(distance, dict(zip(names, shares[-1], strict=True)))

    figure, ax = plt.subplots(figsize=(8, 4.8), layout="constrained")
    ax.stackplot(
        distances, np.transpose(shares), labels=names, colors=(BLUE, ORANGE, VERMILION), alpha=0.85
    )
    for distance in (10, 20, 30):
        ax.axvline(distance, color="white", linestyle="dashed")
    ax.axvspan(45, 50, color=GREY, alpha=0.5, label="random pairs")
    ax.set(
        xlabel="Hamming distance d of the pair",
        ylabel="share of the pairs",
        title="N = 100, P = 8: what becomes of two memories at a distance d",
        xlim=(min(distances), max(distances)),
        ylim=(0, 1),
    )
    ax.legend(loc="center right")
    save(figure, options)


if __name__ == "__main__":
    main()
