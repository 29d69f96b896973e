"""Energy landscapes, states sorted around their attractors (Capriotti et al. 2026, Fig. 5).

What to see: numbered as they come, states show no valleys (A, E); grouped around the local
minima they do. Random couplings make many unasked ones, each time others (B to D); one memory
makes two, itself and its negative (F); more memories make more (G, H).

    python examples/memory_landscapes.py [--quick] [--output FILE.png]
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from hopfield_opt import plot
from hopfield_opt.learning import hebb
from hopfield_opt.physics.enumeration import all_energies
from hopfield_opt.physics.landscapes import landscape
from hopfield_opt.physics.spin_glass import sherrington_kirkpatrick
from hopfield_opt.plot import style
from hopfield_opt.plot.scripts import arguments, save, styled


def draw_row(axes: list[Axes], networks: list[tuple[str, np.ndarray]], panels: str) -> None:
    """Draw the first network unsorted, and all of them sorted."""
    energies = [all_energies(weights) for _, weights in networks]
    axes[0].plot(energies[0], color=style.BLUE, linewidth=0.5)
    axes[0].set(title=f"{panels[0]}. {networks[0][0]}, unsorted", xlabel="state n")
    axes[0].set_ylabel("energy")
    for ax, panel, (name, _), own in zip(axes[1:], panels[1:], networks, energies, strict=True):
        wells = landscape(own)
        plot.landscape(wells, ax)
        ax.set(
            title=f"{panel}. {name}: {wells.num_wells} wells", ylabel="", xlabel="states, sorted"
        )
        bottoms = [round(float(own[codes[0]]), 2) for codes in wells.bottoms]
        print(f"{name}: wells at energies {bottoms}")


@styled
def main(words: list[str] | None = None) -> None:
    """Draw random networks above, memories below."""
    options = arguments(__doc__, __file__, words)
    size = 10
    glasses = [(f"random {k + 1}", sherrington_kirkpatrick(size, seed=k)) for k in range(3)]
    memories = np.random.default_rng(3).choice([-1, 1], (3, size))
    stored = [(f"P = {count}", hebb(memories[:count])) for count in (1, 2, 3)]
    figure, axes = plt.subplots(2, 4, figsize=(15, 7), layout="constrained")
    draw_row(list(axes[0]), glasses, "ABCD")
    draw_row(list(axes[1]), stored, "EFGH")
    save(figure, options)


if __name__ == "__main__":
    main()
