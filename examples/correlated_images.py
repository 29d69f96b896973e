"""Ten line drawings of 128 x 128 pixels: why a network for 2261 patterns is confused by ten.

What to see: drawings are mostly white, so that all are alike. With Hebb's rule all cues end in the
same spurious state, and with a cubic energy too; a higher degree, or the pseudo-inverse, tells them
apart. Even energies do not know a drawing from its negative, the rectified one does.

    python examples/correlated_images.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.plot.scripts import arguments, progress, save, strip, styled


def drawings(side: int) -> np.ndarray:
    """Return ten line drawings (10, side, side): +1 is ink."""
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    r, angle = np.hypot(x, y), np.arctan2(y, x)
    lines = (
        r - 0.7,
        np.maximum(abs(x), abs(y)) - 0.65,
        abs(x) + abs(y) - 0.8,
        np.minimum(abs(x), abs(y)) + 9 * (r > 0.8),
        np.minimum(abs(x - y), abs(x + y)) / 1.4 + 9 * (r > 0.85),
        y - 0.5 * np.sin(4 * x),
        r - 0.5 - 0.25 * np.cos(5 * angle),
        np.maximum(y - 0.6, 1.8 * abs(x) - 0.6 * y - 0.5) / 1.5,
        np.sin(12 * r - angle) / 12 + 9 * (r > 0.85),
        np.minimum(abs(r - 0.8), np.hypot(abs(x) - 0.3, y + 0.25) - 0.08)
        * np.where((y > 0.1) & (abs(r - 0.5) < 0.05), 0, 1),
    )
    return np.where(np.abs(lines) < 0.06, 1, -1)


@styled
def main(words: list[str] | None = None) -> None:
    """Recall the drawings from cues with a fifth of the pixels wrong, by three memories."""
    options = arguments(__doc__, __file__, words)
    images = drawings(48 if options.quick else 128)
    size = images[0].size
    noise = np.random.default_rng(0).random(images.shape) < 0.2
    cues = np.where(noise, -images, images)
    memories = {
        "Hebb": ho.AssociativeMemory(images),
        "pseudo-inverse": ho.AssociativeMemory(images, "pseudo-inverse"),
        "dense, n = 3": ho.DenseAssociativeMemory(images, "rectified", degree=3),
        "dense, n = 10": ho.DenseAssociativeMemory(images, "rectified", degree=10),
    }
    figure, axes = plt.subplots(5, 1, figsize=(9, 8.2), layout="constrained")
    shown = slice(None, None, 2)
    strip(cues[shown], axes[0], [""] * 5, "20 % flipped")
    for ax, (name, memory) in zip(axes[1:], progress(memories.items(), "memories"), strict=True):
        recall = memory.recall(cues, seed=0)
        right = sum(label == f"memory {k}" for k, label in enumerate(recall.label))
        different = len(np.unique(recall.state.reshape(10, -1), axis=0))
        print(f"{name}: {right} of 10 recalled, {different} different ends")
        strip(recall.state[shown], ax, recall.label[shown], name)
        drawing = images.reshape(10, size)[0]
        print(f"  E(drawing) = {memory.hamiltonian.energy(drawing):.4g}, "
              f"E(negative) = {memory.hamiltonian.energy(-drawing):.4g}")  # fmt: skip
    figure.suptitle(
        f"{size} neurons, 10 drawings, {np.mean(images > 0):.0%} of the pixels are ink; "
        f"0.138 N = {round(0.138 * size)}"
    )
    save(figure, options)


if __name__ == "__main__":
    main()
