"""Small overlaps keep memories stable: a live proof (Capriotti et al. 2026, problem B.2).

What to see: at memory nu the field is xi + kappa, and no |kappa_i| exceeds the sum of the overlaps
with the others. So memories whose overlaps add up to less than 1 are stable: there is no cross
left of the line in panel B. The bound is strict; most memories right of it are stable, too.

    python examples/crosstalk_and_stability.py [--quick] [--output FILE.png]
"""

import matplotlib.pyplot as plt
import numpy as np
from scipy.linalg import hadamard

import hopfield_opt as ho
from hopfield_opt.learning import hebb
from hopfield_opt.memory.noise import random_spins
from hopfield_opt.physics.crosstalk import crosstalk
from hopfield_opt.physics.overlaps import overlaps
from hopfield_opt.plot.scripts import MARKERS, arguments, curve_axes, save, styled
from hopfield_opt.plot.style import BLUE, GREY, VERMILION


def worst(patterns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each memory the sum of its overlaps with the others, and its largest C_i."""
    between = np.abs(overlaps(patterns, patterns)).sum(axis=1) - 1
    against = -patterns * crosstalk(patterns, diagonal=True)
    return between, against.max(axis=1)


@styled
def main(words: list[str] | None = None) -> None:
    """Check the identity, then the bound on letters, random and orthogonal memories."""
    options = arguments(__doc__, __file__, words)
    known = ho.data.letters("HX#", size=10).reshape(3, 100)
    kappa = crosstalk(known, diagonal=True)
    field = known @ hebb(known, diagonal=True)
    print("h = W xi^nu = xi^nu + sum_mu xi^mu M(mu, nu) = xi^nu + kappa^nu")
    print(f"  largest error for H, X, #: {np.abs(field - known - kappa).max():.1e}")
    orthogonal = hadamard(64)[1:9]
    print(f"  largest kappa of orthogonal memories: {np.abs(worst(orthogonal)[1]).max():.1e}")

    figure, axes = plt.subplots(1, 2, figsize=(11, 4.6), layout="constrained")
    for k, name in enumerate("HX#"):
        levels, counts = np.unique((-known * kappa)[k].round(9), return_counts=True)
        places = levels + 0.01 * (k - 1)  # side by side where levels are the same
        axes[0].vlines(places, 0, counts, color=f"C{k}", linewidth=3)
        axes[0].plot(places, counts, MARKERS[k], color=f"C{k}", label=name)
    axes[0].axvline(1, color=GREY, linestyle="dashed")
    axes[0].set(title=r"A. crosstalk of the letters: unstable where $C_i > 1$",
                xlabel=r"$C_i = -\xi_i \kappa_i$", ylabel="neurons", ylim=(0, 45))  # fmt: skip
    random = np.random.default_rng(0)
    draws = 20 if options.quick else 200
    points = [worst(random_spins(random, count, 100)) for count in (3, 6, 12, 24) * draws]
    bound, most = np.concatenate(points, axis=1)
    assert (most <= bound + 1e-12).all()
    stable = most <= 1
    print(f"  of {len(bound)} random memories {stable.mean():.0%} are stable, "
          f"and all {np.sum(bound < 1)} of those with a sum below 1")  # fmt: skip
    for kind, marker, color, name in (
        (stable, ".", BLUE, "stable"),
        (~stable, "x", VERMILION, "unstable"),
    ):
        look = {"color": color, "label": f"random, {name}", "rasterized": True}
        axes[1].plot(bound[kind], most[kind], marker, markersize=5, alpha=0.6, **look)
    axes[1].plot(*worst(known), "D", color="black", label="H, X, #")
    line = np.linspace(0, bound.max(), 2)
    axes[1].plot(line, line, color=GREY, label="the bound")
    for draw in (axes[1].axvline, axes[1].axhline):
        draw(1, color=GREY, linestyle="dashed")
    axes[1].set(title=r"B. $\max\,C_i$ is at most $\Sigma_\mu |M(\mu, \nu)|$",
                xlabel="sum of overlaps with the others", ylabel=r"$\max\,C_i$")  # fmt: skip
    curve_axes(*axes)
    axes[0].legend(loc="upper right")
    save(figure, options)


if __name__ == "__main__":
    main()
