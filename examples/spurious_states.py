"""Attractors that nobody stored (Capriotti et al. 2026, problem A.3).

What to see: one of six random starts ends in a mixture of the three letters, which lies higher
than H and X but below #. From noisy letters mixtures are met near one half of flipped neurons,
and starts put together from parts of letters find them at once.

    python examples/spurious_states.py [--quick] [--output FILE.png]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.dynamics import Asynchronous
from hopfield_opt.memory.attractors import census
from hopfield_opt.memory.experiments import basin_curve
from hopfield_opt.physics.labels import labels, with_names
from hopfield_opt.plot.scripts import MARKERS, arguments, curve_axes, progress, save, styled

# as in the paper, any neuron each time
DYNAMICS = Asynchronous(order="random-unit")


@styled
def main(words: list[str] | None = None) -> None:
    """Count ends of random starts, of noisy letters and of patchworks."""
    options = arguments(__doc__, __file__, words)
    known = ho.data.letters("HX#", size=10).reshape(3, 100)
    memory = ho.AssociativeMemory(known, names="HX#")
    runs = 500 if options.quick else 20_000
    found = census(memory.hamiltonian, known, runs=runs, dynamics=DYNAMICS, seed=0)
    figure, axes = plt.subplot_mosaic(
        "AA;BC", figsize=(11, 7), height_ratios=(1, 1.2), layout="constrained"
    )
    turned = found.states * np.where(found.overlaps.sum(axis=1) < 0, -1, 1)[:, None]
    names = []
    for k, label in enumerate(labels(turned, known)):
        kind = with_names(label, "HX#")
        share, energy = found.counts[k] / runs, found.energies[k]
        names.append(f"{kind}\n{share:.1%}, E = {energy:.2f}")
        print(f"{kind}: {share:.1%}, energy {energy:.2f}, overlaps {found.overlaps[k]}")
    ho.plot.states(turned[:5], axes["A"], labels=names[:5])
    axes["A"].set_title(f"A. where {runs} random starts end (or in the negatives)", pad=20)

    fractions = np.linspace(0, 1, 11)
    for k, name in progress(list(enumerate("HX#")), "letters"):
        curve = basin_curve(known, fractions, index=k, runs=runs // 10, dynamics=DYNAMICS, seed=k)
        # ends that are this letter or its negative; the rest is spurious or another letter
        rest = 1 - curve.recalled - curve.reversed
        axes["B"].plot(fractions, rest, marker=MARKERS[k], label=f"from {name}")
    axes["B"].set(title="B. neither the letter nor its negative", ylabel="part of the runs",
                  xlabel="fraction of flipped neurons")  # fmt: skip
    curve_axes(axes["B"])

    whole = known.reshape(3, 10, 10)
    patchwork = whole[0].copy()
    patchwork[:, 5:] = whole[1][:, 5:]
    majority = np.where(known.sum(axis=0) > 0, 1, -1)
    mixed = np.concatenate([[patchwork.ravel()], [majority]])
    recall = memory.recall(mixed, seed=0)
    print(f"half H, half X: {recall.label[0]}; majority of H, X, #: {recall.label[1]}")
    shown = [mixed[0], recall.state[0], mixed[1], recall.state[1]]
    ends = [f"end:\n{label.replace(' of', chr(10) + 'of')}" for label in recall.label]
    ends = ["half H, half X", ends[0], "majority", ends[1]]
    ho.plot.states(shown, axes["C"], labels=ends)
    axes["C"].set_title("C. starts put together from letters", pad=30)
    save(figure, options)


if __name__ == "__main__":
    main()
