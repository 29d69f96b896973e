"""Boltzmann machines learn what Hopfield networks cannot: XOR, and a code of their own.

What to see: no couplings between three visible units make XOR, so that the divergence stays at
ln 2; one hidden unit is enough. The 4-2-4 encoder makes two groups of four units agree through two
hidden ones, which invent four different codes.

    python examples/boltzmann_machine.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import numpy as np

from hopfield_opt.learning.boltzmann import BoltzmannMachine
from hopfield_opt.plot.scripts import arguments, curve_axes, progress, save, styled
from hopfield_opt.plot.style import BLACK

XOR = np.array([[-1, -1, -1], [-1, 1, 1], [1, -1, 1], [1, 1, -1]])


def exclusive_or(ax: plt.Axes, steps: int) -> None:
    """Draw how the divergence falls with and without a hidden unit."""
    for hidden, style in ((0, "--"), (1, "-")):
        machine = BoltzmannMachine.random(3, hidden, scale=0.5, seed=2)
        path = [machine.divergence(XOR)]
        for _ in progress(range(steps), f"{hidden} hidden"):
            machine = machine.learned(XOR, 25)
            path.append(machine.divergence(XOR))
        print(f"XOR, {hidden} hidden units: divergence {path[0]:.3f} -> {path[-1]:.3f}")
        ax.plot(25 * np.arange(steps + 1), path, style, label=f"{hidden} hidden units")
    ax.axhline(np.log(2), color=BLACK, linestyle="dotted", label="ln 2")
    ax.set(xlabel="cycles", ylabel="divergence from the data", title="XOR")


def encoder(cycles: int) -> BoltzmannMachine:
    """Learn that two groups of four units have the same one on."""
    one_hot = 2 * np.eye(4, dtype=int) - 1
    connected = np.ones((10, 10), dtype=bool)
    connected[:4, 4:8] = connected[4:8, :4] = False
    machine = BoltzmannMachine.random(8, 2, scale=0.3, connected=connected, seed=1)
    return machine.learned(np.hstack([one_hot, one_hot]), cycles, rate=0.1)


@styled
def main(words: list[str] | None = None) -> None:
    """Learn both, draw the divergence, the code and what the encoder answers."""
    options = arguments(__doc__, __file__, words)
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 4.4), layout="constrained")
    exclusive_or(left, 10 if options.quick else 60)
    machine = encoder(100 if options.quick else 600)

    weights = machine.weights[8:, :4]
    for unit, place in enumerate(weights.T):
        middle.plot(*place, "o", markersize=14)
        middle.annotate(f"unit {unit}", place, (0, 12), textcoords="offset points", ha="center")
    for line in (middle.axhline, middle.axvline):
        line(0, color=BLACK, linewidth=0.6)
    middle.margins(0.25)
    middle.set(xlabel="weight to hidden unit 0", ylabel="weight to hidden unit 1")
    middle.set_title("4-2-4: the code")

    codes = 1 << np.arange(4)
    together = machine.probabilities().reshape(16, 16)  # second group, first group
    answers = together[np.ix_(codes, codes)] / together[:, codes].sum(axis=0)
    picture = right.imshow(answers, cmap="Blues", vmin=0, vmax=1)
    figure.colorbar(picture, ax=right, label="probability", shrink=0.8)
    right.set(xlabel="unit on in the first group", ylabel="unit on in the second", title="4-2-4")
    right.set(xticks=range(4), yticks=range(4))
    print("4-2-4: the second group agrees with probability", *np.diag(answers).round(3))
    curve_axes(left, middle)
    save(figure, options)


if __name__ == "__main__":
    main()
