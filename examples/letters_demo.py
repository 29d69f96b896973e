"""The letters demo of the slides: seven letters of 8 x 8 pixels, pairwise and dense.

What to see: while only A, B and C are stored, every memory completes three covered rows. With A to
G, letters that are alike (B and E share 54 of 64 pixels) leave Hebb's rule one stable letter; the
pseudo-inverse and the rectified cubic energy hold all seven, and the latter completes nearly all.
(The energies that the demo shows are off: it keeps most of W's diagonal and stores letters twice.)

    python examples/letters_demo.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import numpy as np
from _common import alphabet, arguments, save, strip

import hopfield_opt as ho


def memories(letters: np.ndarray) -> dict:
    """Store letters in each way."""
    return {
        "Hebb": ho.AssociativeMemory(letters),
        "pseudo-inverse": ho.AssociativeMemory(letters, "pseudo-inverse"),
        "rectified, n = 2": ho.DenseAssociativeMemory(letters, "rectified", degree=2),
        "rectified, n = 3": ho.DenseAssociativeMemory(letters, "rectified", degree=3),
    }


def named(label: str) -> str:
    """Return "C" for "memory 2"."""
    return "ABCDEFG"[int(label[-1])] if label.startswith("memory") else label.split(" of")[0]


def main() -> None:
    """Cover three rows, recall, and count which letters are stable."""
    options = arguments(__doc__, __file__)
    figure, axes = plt.subplots(8, 1, figsize=(8.6, 11), layout="constrained")
    rows = iter(axes)
    for count in (3, 7):
        letters = alphabet(count)
        cues = letters.copy()
        cues[:, 5:] = -1
        strip(cues, next(rows), [""] * count, "three rows covered")
        for name, memory in memories(letters).items():
            stable = (memory.recall(letters, seed=0).state == letters).all(axis=(1, 2))
            held = "".join(np.array(list("ABCDEFG"))[:count][stable])
            energy = memory.hamiltonian.energy(letters[0].ravel())
            print(f"A-{'ABCDEFG'[count - 1]}, {name}: stable {held or 'none'}, E(A) = {energy:g}")
            if name != "rectified, n = 2":
                recall = memory.recall(cues, seed=0)
                strip(recall.state, next(rows), map(named, recall.label), name)
    figure.suptitle("A to C stored, then A to G: where each memory ends")
    save(figure, options)


if __name__ == "__main__":
    main()
