"""Three letters, and an end that is none of them (Capriotti et al. 2026, Fig. 7).

What to see: from copies with 20 % of the neurons flipped both dynamics find H, X and #. A start
between the three runs into a mixture of them, an attractor that nobody stored.

    python examples/memory_three_letters.py [--quick] [--output FILE.png]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.memory.noise import noisy
from hopfield_opt.physics.labels import mixture
from hopfield_opt.plot.scripts import arguments, save, styled


@styled
def main(words: list[str] | None = None) -> None:
    """Recall noisy letters and a mixture, in two ways."""
    options = arguments(__doc__, __file__, words)
    known = ho.data.letters("HX#", size=10).reshape(3, 100)
    memory = ho.AssociativeMemory(known, names="HX#")
    random = np.random.default_rng(4)
    between = noisy(mixture("mixture of 0, 1, 2", known)[None], 0.1, random)
    cues = np.concatenate([noisy(known, 0.2, random), between])

    figure, axes = plt.subplots(4, 1, figsize=(8, 11), layout="constrained")
    ho.plot.states(known, axes[0], labels="HX#")
    axes[0].set_title("A. stored")
    names = ["H, 20 % flipped", "X, 20 % flipped", "#, 20 % flipped", "a mixture, 10 % flipped"]
    ho.plot.states(cues, axes[1], labels=names)
    axes[1].set_title("B. starts")
    for ax, panel, dynamics in zip(axes[2:], "CD", ("asynchronous", "synchronous"), strict=True):
        recall = memory.recall(cues, dynamics, seed=0)
        ho.plot.states(recall.state, ax, labels=recall.label)
        ax.set_title(f"{panel}. ends, {dynamics}")
        for name, label, overlaps in zip(names, recall.label, recall.overlaps, strict=True):
            print(f"{dynamics}: {name} -> {label}, overlaps {overlaps}")
    save(figure, options)


if __name__ == "__main__":
    main()
