"""Two letters are stored, and recalled from noisy copies (Capriotti et al. 2026, Fig. 3).

What to see: 100 neurons shown as a 10 x 10 lattice; a third of them starts wrong, and each copy
still runs into the letter that it came from.

    python examples/memory_retrieval.py [--quick] [--output FILE.png]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.memory.noise import noisy
from hopfield_opt.plot.scripts import arguments, save, styled

FLIPPED = 0.3


@styled
def main(words: list[str] | None = None) -> None:
    """Store, spoil, recall, draw."""
    options = arguments(__doc__, __file__, words)
    known = ho.data.letters("HX#", size=10).reshape(3, 100)[:2]
    memory = ho.AssociativeMemory(known, names="HX")
    random = np.random.default_rng(1)
    cues = noisy(known, FLIPPED, random)
    recall = memory.recall(cues, seed=0)
    print(f"labels: {recall.label}")

    figure, axes = plt.subplot_mosaic("AABBBB;CCCDDD", figsize=(10, 7.4), layout="constrained")
    some = random.choice([-1, 1], 100)
    ho.plot.states(some, axes["A"], numbers=True, labels=["blue: +1, white: -1"])
    axes["A"].set_title("A. a state; numbers of the neurons")
    ho.plot.states(known, axes["B"], numbers=True, labels="HX")
    axes["B"].set_title("B. the stored letters")
    for k, panel in enumerate("CD"):
        ends = ["start", f"end: {recall.label[k]}"]
        ho.plot.states([cues[k], recall.state[k]], axes[panel], labels=ends)
        axes[panel].set_title(f"{panel}. {'HX'[k]} with {FLIPPED:.0%} of the neurons flipped")
    save(figure, options)


if __name__ == "__main__":
    main()
