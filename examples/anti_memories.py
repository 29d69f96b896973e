"""Negatives are memories, too (Capriotti et al. 2026, problem A.2).

What to see: from a noisy negative the network finds the negative as often as it finds the letter
from a noisy letter, and below 40 % of noise never the letter. The energy of a state and of its
negative are the same; only thresholds would tell them apart.

    python examples/anti_memories.py [--quick] [--output FILE.png]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.dynamics import Asynchronous
from hopfield_opt.memory.experiments import basin_curve
from hopfield_opt.memory.noise import noisy
from hopfield_opt.plot.scripts import MARKERS, arguments, curve_axes, progress, save, styled

SHOWN = 0.2
# as in the paper, any neuron each time
DYNAMICS = Asynchronous(order="random-unit")


@styled
def main(words: list[str] | None = None) -> None:
    """Recall negatives, and compare with the letters."""
    options = arguments(__doc__, __file__, words)
    known = ho.data.letters("HX#", size=10).reshape(3, 100)
    memory = ho.AssociativeMemory(known, names="HX#")
    energies = memory.hamiltonian.energy(np.concatenate([known, -known])).round(2)
    print(f"energies of the letters {energies[:3]}, of the negatives {energies[3:]}")
    starts = noisy(-known, SHOWN, np.random.default_rng(0))
    recall = memory.recall(starts, seed=0)

    figure, axes = plt.subplot_mosaic(
        "AC;BC", figsize=(12, 5.4), width_ratios=(1, 1.2), layout="constrained"
    )
    ho.plot.states(starts, axes["A"], labels=[f"-{name}, {SHOWN:.0%} flipped" for name in "HX#"])
    axes["A"].set_title("A. starts")
    ho.plot.states(recall.state, axes["B"], labels=recall.label)
    axes["B"].set_title("B. ends")
    fractions = np.linspace(0, 0.5, 6 if options.quick else 11)
    runs = 100 if options.quick else 2000
    for k, name in progress(list(enumerate("HX#")), "letters"):
        # a part a of the negative flipped is a part 1 - a of the letter
        away = basin_curve(known, 1 - fractions, index=k, runs=runs, dynamics=DYNAMICS, seed=10 + k)
        near = basin_curve(known, fractions, index=k, runs=runs, dynamics=DYNAMICS, seed=k)
        look = {"color": f"C{k}", "marker": MARKERS[k]}
        axes["C"].plot(fractions, away.reversed, label=f"-{name} to -{name}", **look)
        axes["C"].plot(fractions, near.recalled, label=f"{name} to {name}", linestyle="none",
                       fillstyle="none", markersize=11, **look)  # fmt: skip
        axes["C"].plot(
            fractions, away.recalled, label=f"-{name} to {name}", linestyle="dotted", **look
        )
        print(f"-{name} from its noisy copies: {away.reversed.round(2)}")
    axes["C"].set(
        title="C. recalled", xlabel="fraction of flipped neurons", ylabel="part of the runs"
    )
    curve_axes(axes["C"])
    save(figure, options)


if __name__ == "__main__":
    main()
