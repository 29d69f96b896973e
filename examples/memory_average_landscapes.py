"""Memories under random couplings, averaged (Capriotti et al. 2026, Fig. 11).

What to see: noise averages out, memories do not. Of random couplings alone the mean landscape is
almost flat; with one memory its two wells stand out, and with more there are more levels and
shallower wells between. Sorted by wells, the states show it best.

    python examples/memory_average_landscapes.py [--quick] [--output FILE.png]
"""

import matplotlib.pyplot as plt
import numpy as np

from hopfield_opt import plot
from hopfield_opt.learning import hebb
from hopfield_opt.physics.enumeration import all_energies
from hopfield_opt.physics.landscapes import landscape
from hopfield_opt.physics.spin_glass import sherrington_kirkpatrick
from hopfield_opt.plot.scripts import arguments, save, styled
from hopfield_opt.plot.style import BLUE


@styled
def main(words: list[str] | None = None) -> None:
    """Average the energies of all states over many random couplings."""
    options = arguments(__doc__, __file__, words)
    size, runs = (10, 200) if options.quick else (10, 1000)
    # of variance 1, as in the paper
    noise = [np.sqrt(size) * sherrington_kirkpatrick(size, seed=k) for k in range(runs)]
    memories = np.random.default_rng(3).choice([-1, 1], (3, size))
    figure, axes = plt.subplots(2, 4, figsize=(15, 7), layout="constrained", sharey=True)
    for count in range(4):
        stored = hebb(memories[:count]) if count else np.zeros((size, size))
        mean = np.mean([all_energies(stored + random) for random in noise], axis=0)
        wells = landscape(mean)
        rest = (mean - all_energies(stored)).std()
        expected = np.sqrt(size * (size - 1) / 2 / runs)
        print(
            f"P = {count}: {wells.num_wells} wells, {rest:.3f} (expected {expected:.3f}) of noise"
        )
        axes[0, count].plot(mean, color=BLUE, linewidth=0.5)
        axes[0, count].set(title=f"{'ABCD'[count]}. P = {count}, unsorted", xlabel="state n")
        plot.landscape(wells, axes[1, count])
        if not count:  # ten shallow wells in a row: their names would cover each other
            for text in list(axes[1, 0].texts):
                text.remove()
        title = f"P = {count}, sorted: {wells.num_wells} wells"
        axes[1, count].set(title=title, ylabel="", xlabel="states, sorted")
    axes[0, 0].margins(y=0.3)
    for ax in axes[:, 0]:
        ax.set_ylabel(f"mean energy of {runs} networks")
    save(figure, options)


if __name__ == "__main__":
    main()
