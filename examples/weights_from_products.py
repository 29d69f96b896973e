"""Weights as a sum of outer products: a live proof (Capriotti et al. 2026, problem C.1).

What to see: each memory adds the table of its own products, and the sum is symmetric since
products commute. Columns and rows belong to neurons; where all memories agree, colours are full.

    python examples/weights_from_products.py [--quick] [--output FILE.png]
"""

import matplotlib.pyplot as plt
import numpy as np

from hopfield_opt import plot
from hopfield_opt.learning import hebb, hebb_added, hebb_forgotten
from hopfield_opt.physics.overlaps import overlaps
from hopfield_opt.plot.scripts import arguments, save, styled


@styled
def main(words: list[str] | None = None) -> None:
    """Check Eq. 28 entry by entry, and draw the tables."""
    options = arguments(__doc__, __file__, words)
    size = 8 if options.quick else 12
    memories = np.random.default_rng(5).choice([-1, 1], (3, size))
    weights = hebb(memories, diagonal=True)
    entries = [[sum(xi[i] * xi[j] for xi in memories) / size for j in range(size)]
               for i in range(size)]  # fmt: skip
    products = [np.outer(xi, xi) / size for xi in memories]
    print("W_ij = (1/N) sum_mu xi_i xi_j = ((1/N) sum_mu xi xi')_ij")
    print(f"  largest difference: {np.abs(weights - entries).max():.1e} from Eq. 11, "
          f"{np.abs(weights - sum(products)).max():.1e} from Eq. 28")  # fmt: skip
    assert (weights == weights.T).all()
    print("  symmetric, exactly")
    state = np.random.default_rng(0).choice([-1, 1], size)
    parabola = -size / 2 * (overlaps(state, memories) ** 2).sum()
    print(f"  -s'Ws/2 = {-state @ weights @ state / 2:.6f} = -N/2 sum M^2 = {parabola:.6f}")
    changed = hebb_forgotten(hebb_added(weights, state, diagonal=True), state, diagonal=True)
    print(f"  a memory added and forgotten leaves {np.abs(changed - weights).max():.1e}")

    figure, axes = plt.subplots(2, 2, figsize=(9.4, 8.4), layout="constrained")
    for k, product in enumerate(products):
        plot.weights(product, axes.flat[k])
        axes.flat[k].set(title=rf"$\xi\,\xi^T / N$ of memory {k}")
    plot.weights(weights, axes[1, 1])
    axes[1, 1].set(title="W, their sum")
    for ax in axes.flat:
        ax.set(xticks=range(0, size, 2), yticks=range(0, size, 2), xlabel="neuron j")
        ax.set_ylabel("neuron i")
    save(figure, options)


if __name__ == "__main__":
    main()
