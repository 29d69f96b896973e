"""How much noise recall survives (Capriotti et al. 2026, problem A.1).

What to see: up to 20 % of flipped neurons each letter is recalled for certain; beyond, # holds out
longest, for its overlaps with the others are smallest. All three fall to one half near 43 %, and
beyond one half the negative of the letter takes over.

    python examples/noise_and_recall.py [--quick] [--output FILE.png]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.dynamics import Asynchronous
from hopfield_opt.memory.experiments import RecallCurve, basin_curve
from hopfield_opt.plot.scripts import MARKERS, arguments, curve_axes, progress, save, styled
from hopfield_opt.plot.style import GREY

RELIABLE = 0.95
# as in the paper, any neuron each time
DYNAMICS = Asynchronous(order="random-unit")


def crossing(curve: RecallCurve, level: float) -> float:
    """Return the first fraction at which recall falls below a level, between the points."""
    k = int(np.argmax(curve.recalled < level))
    x, y = curve.values[k - 1 : k + 1], curve.recalled[k - 1 : k + 1]
    return float(x[0] + (y[0] - level) / (y[0] - y[1]) * (x[1] - x[0]))


@styled
def main(words: list[str] | None = None) -> None:
    """Recall each letter from more and more noise."""
    options = arguments(__doc__, __file__, words)
    known = ho.data.letters("HX#", size=10).reshape(3, 100)
    fractions = np.linspace(0, 1, 11)
    runs = 100 if options.quick else 5000
    figure, axes = plt.subplots(1, 2, figsize=(12, 4.6), layout="constrained")
    for k, name in progress(list(enumerate("HX#")), "letters"):
        curve = basin_curve(known, fractions, index=k, runs=runs, dynamics=DYNAMICS, seed=k)
        print(f"{name}: alpha_c {crossing(curve, RELIABLE):.2f} (95 %), "
              f"{crossing(curve, 0.5):.2f} (50 %); {curve.recalled[3]:.2f} at 0.3, "
              f"{curve.recalled[4]:.2f} at 0.4")  # fmt: skip
        look = {"color": f"C{k}", "marker": MARKERS[k]}
        axes[0].errorbar(fractions, curve.recalled, 2 * curve.error, label=name, **look)
        axes[0].plot(fractions, curve.reversed, linestyle="dotted", label=f"-{name}", **look)
        axes[1].plot(fractions, curve.overlap, label=name, **look)
    axes[0].axhline(RELIABLE, color=GREY, linestyle="dashed")
    axes[0].text(1, RELIABLE, "95 %", ha="right", va="top", color="grey")
    axes[0].set(title="A. recalled", ylabel="part of the runs")
    axes[1].axhline(0, color=GREY)
    axes[1].set(title="B. overlap of the end with the letter", ylabel="mean overlap")
    for ax in axes:
        ax.set(xlabel=r"fraction $\alpha$ of flipped neurons", xticks=fractions[::2])
    curve_axes(*axes)
    save(figure, options)


if __name__ == "__main__":
    main()
