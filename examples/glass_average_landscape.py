"""The energies of a spin glass, averaged over its couplings (Capriotti et al. 2026, Fig. 2).

What to see: averaged energies are Gaussian noise around 0, the same for a state and its mirror
image. Eq. 6 of the paper divides couplings of variance 1 by N; panel C shows that only
1 / sqrt(N) gives each spin an energy that neither vanishes nor grows with N.

    python examples/glass_average_landscape.py [--quick] [--output FILE.png]
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from hopfield_opt.physics.enumeration import all_energies, ground_states
from hopfield_opt.physics.spin_glass import GROUND_STATE_ENERGY, sherrington_kirkpatrick
from hopfield_opt.plot import style
from hopfield_opt.plot.scripts import arguments, save, styled

SIZE, GLASSES = 10, 100


def draw_scales(ax: Axes, sizes: range, glasses: int) -> None:
    """Draw ground state energies per spin for three scales of the couplings."""
    per_spin = np.zeros(len(sizes))
    for k, n in enumerate(sizes):
        found = [ground_states(sherrington_kirkpatrick(n, seed=s)).energy for s in range(glasses)]
        per_spin[k] = np.mean(found) / n
        print(f"N = {n}: ground state energy per spin {per_spin[k]:.3f}")
    n = np.array(sizes)
    for name, factor, color, marker in (
        (r"$J / N$ (printed)", n**-0.5, style.ORANGE, "^"),
        (r"$J / \sqrt{N}$", n**0.0, style.BLUE, "o"),
        (r"$J$ (unscaled)", n**0.5, style.VERMILION, "s"),
    ):
        ax.plot(n, per_spin * factor, color=color, marker=marker, label=name)
    ax.axhline(GROUND_STATE_ENERGY, color=style.BLUE, linestyle="dotted")
    ax.text(n[-1], GROUND_STATE_ENERGY, r"$N \to \infty$", ha="right", va="top", color=style.BLUE)
    ax.set(title="C. lowest energy per spin", xlabel="number of spins N", ylabel="energy / N")
    ax.legend(fontsize="small", loc="lower left")


@styled
def main(words: list[str] | None = None) -> None:
    """Average, compare with the Gaussian, and compare the scales."""
    options = arguments(__doc__, __file__, words)
    glasses = [all_energies(sherrington_kirkpatrick(SIZE, seed=k)) for k in range(GLASSES)]
    mean = np.mean(glasses, axis=0)
    assert np.allclose(mean, mean[::-1])  # the mirror image of state n is 2^N - 1 - n
    expected = np.sqrt(SIZE * (SIZE - 1) / 2 / SIZE / GLASSES)
    print(f"standard deviation {mean.std():.3f}, expected {expected:.3f}")

    figure, axes = plt.subplots(
        1, 3, figsize=(13, 4), width_ratios=(2, 1, 1.4), layout="constrained"
    )
    axes[0].plot(mean, color=style.BLUE, linewidth=0.6)
    axes[0].axvline(2 ** (SIZE - 1), color=style.BLACK, linestyle="dashed", label="mirror")
    axes[0].set(title=f"A. mean of {GLASSES} glasses of {SIZE} spins", xlabel="state n")
    axes[0].set_ylabel("mean energy")
    axes[0].legend(loc="upper right")
    axes[1].hist(mean, bins=30, density=True, orientation="horizontal", color=style.GREY)
    energy = np.linspace(mean.min(), mean.max(), 100)
    gauss = np.exp(-((energy / expected) ** 2) / 2) / expected / np.sqrt(2 * np.pi)
    axes[1].plot(gauss, energy, color=style.VERMILION, label="Gaussian expected")
    axes[1].set(title="B. their distribution", xlabel="density", ylim=axes[0].get_ylim())
    axes[1].legend(fontsize="small", loc="upper right")
    quick = options.quick
    draw_scales(axes[2], range(4, 11 if quick else 17, 2), 10 if quick else 200)
    save(figure, options)


if __name__ == "__main__":
    main()
