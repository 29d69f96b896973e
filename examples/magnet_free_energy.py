"""The free energy of a magnet in mean field (Capriotti et al. 2026, Fig. 1).

What to see: the one minimum at m = 0 splits in two when the temperature falls below the
coupling, or when the coupling grows above the temperature. A network that chooses its couplings
chooses its minima.

    python examples/magnet_free_energy.py [--quick] [--output FILE.png]
"""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from hopfield_opt.physics.curie_weiss import free_energy, magnetisations
from hopfield_opt.plot import style
from hopfield_opt.plot.scripts import arguments, save, styled


def draw(ax: Axes, curves: Sequence[tuple[float, float, str]], points: int) -> None:
    """Draw g(m) - g(0) for each (temperature, coupling, name), and mark the minima."""
    m = np.linspace(-1, 1, points)
    shades = plt.get_cmap("cividis")(np.linspace(0, 0.9, len(curves)))
    for (temperature, coupling, name), shade in zip(curves, shades, strict=True):
        zero = free_energy(0.0, temperature, coupling)
        ax.plot(m, free_energy(m, temperature, coupling) - zero, color=shade, label=name)
        roots = magnetisations(temperature, coupling)
        minima = roots if len(roots) == 1 else roots[[0, -1]]  # m = 0 lies between the two
        height = free_energy(minima, temperature, coupling) - zero
        ax.scatter(minima, height, color=shade, edgecolor="black", zorder=3)
        print(f"{name}: minima at m = {np.round(minima, 5)}")
    ax.axhline(0, color=style.GREY, linewidth=0.8, zorder=0)
    ax.set(xlabel="magnetisation m", ylabel="free energy g(m) - g(0)", ylim=(-0.2, 0.2))
    ax.legend(fontsize="small", loc="upper center", ncols=2)


@styled
def main(words: list[str] | None = None) -> None:
    """Draw both ways to break the symmetry."""
    options = arguments(__doc__, __file__, words)
    figure, axes = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
    values = (0.6, 0.8, 1.0, 1.2, 1.4)
    points = 51 if options.quick else 401
    draw(axes[0], [(t, 1.0, f"T = {t}") for t in values], points)
    axes[0].set_title("A. cooling at J = 1")
    draw(axes[1], [(1.0, j, f"J = {j}") for j in reversed(values)], points)
    axes[1].set_title("B. stronger coupling at T = 1")
    save(figure, options)


if __name__ == "__main__":
    main()
