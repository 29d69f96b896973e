"""The letters demo of the slides: seven letters of 8 x 8 pixels, pairwise and dense.

What to see: while only A, B and C are stored, every memory completes three covered rows. With A to
G, letters that are alike (B and E share 54 of 64 pixels) leave Hebb's rule one stable letter; the
pseudo-inverse and the rectified cubic energy hold all seven, and the latter completes nearly all.
(The letters are our own, with 32 pixels on each as in the demo, whose pixels the slides do not
show; of the demo's, Hebb's rule keeps A, B and E. The energies that the demo shows are off: it
keeps most of W's diagonal and stores letters twice.)

    python examples/letters_demo.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.plot.scripts import arguments, save, strip, styled


def memories(names: str) -> dict:
    """Store letters in each way."""
    letters = ho.data.letters(names)
    dense = {
        f"rectified, n = {n}": ho.DenseAssociativeMemory(letters, "rectified", n, names=names)
        for n in (2, 3)
    }
    return {
        "Hebb": ho.AssociativeMemory(letters, names=names),
        "pseudo-inverse": ho.AssociativeMemory(letters, "pseudo-inverse", names=names),
        **dense,
    }


@styled
def main(words: list[str] | None = None) -> None:
    """Cover three rows, recall, and count which letters are stable."""
    options = arguments(__doc__, __file__, words)
    figure, axes = plt.subplots(8, 1, figsize=(8.6, 11), layout="constrained")
    rows = iter(axes)
    for names in ("ABC", "ABCDEFG"):
        letters = ho.data.letters(names)
        cues = letters.copy()
        cues[:, 5:] = -1
        strip(cues, next(rows), [""] * len(names), "three rows covered")
        for name, memory in memories(names).items():
            stable = (memory.recall(letters, seed=0).state == letters).all(axis=(1, 2))
            held = "".join(np.array(list(names))[stable])
            energy = memory.hamiltonian.energy(letters[0].ravel())
            print(f"{names}, {name}: stable {held or 'none'}, E(A) = {energy:g}")
            if name != "rectified, n = 2":
                recall = memory.recall(cues, seed=0)
                labels = [label.split(" of")[0] for label in recall.label]
                strip(recall.state, next(rows), labels, name)
    figure.suptitle("A to C stored, then A to G: where each memory ends")
    save(figure, options)


if __name__ == "__main__":
    main()
