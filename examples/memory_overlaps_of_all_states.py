"""Overlaps of all states with a memory, and the energy (Capriotti et al. 2026, Fig. 4).

What to see: of 4096 states nearly all have little to do with the memory; the energy is an
inverted parabola of the overlap, so that only the memory and its negative lie at the bottom.

    python examples/memory_overlaps_of_all_states.py [--quick] [--output FILE.png]
"""

from math import comb

import matplotlib.pyplot as plt
import numpy as np

from hopfield_opt.learning import hebb
from hopfield_opt.physics.enumeration import all_energies, states_of
from hopfield_opt.physics.overlaps import overlaps
from hopfield_opt.plot import style
from hopfield_opt.plot.scripts import arguments, save, styled


@styled
def main(words: list[str] | None = None) -> None:
    """Enumerate, sort and draw."""
    options = arguments(__doc__, __file__, words)
    size = 8 if options.quick else 12
    memory = np.random.default_rng(0).choice([-1, 1], size)
    overlap = overlaps(states_of(np.arange(2**size), size), memory)
    energy = all_energies(hebb([memory])) - 0.5  # Eq. 10 counts the diagonal, P / 2
    assert np.allclose(energy, -size / 2 * overlap**2)

    figure, axes = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
    axes[0].plot(np.sort(overlap), color=style.BLUE, drawstyle="steps-mid")
    for k in range(size + 1):
        level, count = 1 - 2 * k / size, comb(size, k)
        # beside the step, on the side where the staircase leaves room
        place = np.searchsorted(np.sort(overlap), level + (1e-9 if level <= 0 else -1e-9))
        side, shift = ("left", 5) if level <= 0 else ("right", -5)
        look = {"textcoords": "offset points", "fontsize": 7, "ha": side, "va": "center"}
        axes[0].annotate(f"{count}", (place, level), (shift, 0), **look)
        print(f"overlap {level:6.3f}: {count} states")
    axes[0].set(title=f"A. all {2**size} states", xlabel="states, sorted", ylabel="overlap M")
    line = np.linspace(-1, 1, 201)
    axes[1].plot(line, -size / 2 * line**2, color=style.GREY, label=r"$-N M^2 / 2$")
    levels = np.unique(overlap.round(12))
    axes[1].scatter(levels, -size / 2 * levels**2, color=style.BLUE, zorder=3, label="states")
    for side in (-1, 1):
        for start in (0.3, 0.7):
            ends = [(side * m, -size / 2 * m**2 + size / 30) for m in (start + 0.15, start)]
            look = {"arrowstyle": "->", "color": style.VERMILION, "linewidth": 1.6}
            axes[1].annotate("", *ends, arrowprops=look)
    for m, name, side in ((-0.92, "anti-memory", "left"), (0.92, "memory", "right")):
        axes[1].text(m, -size / 2, name, ha=side, va="center")
    axes[1].set(title="B. the energy that is made of it", xlabel="overlap M", ylabel="energy")
    axes[1].legend(loc="upper right", fontsize="small")
    save(figure, options)


if __name__ == "__main__":
    main()
