"""Two patterns that their energies cannot tell apart (Capriotti et al. 2026, problem A.5).

What to see: two stripes are enough to recall all ten, and both energies fall from -1 to -49. They
end equal since of two memories only the overlap M between them counts, -N/2 (1 + M^2) + 1, and
not, as the paper says, because as many neurons are active. Any two memories do; three need not.

    python examples/stripes.py [--quick] [--output FILE.png]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.plot.scripts import arguments, save, styled
from hopfield_opt.plot.traces import COLORS

COLUMNS = np.tile([-1, 1], 5)


@styled
def main(words: list[str] | None = None) -> None:
    """Recall vertical and horizontal stripes from two of them."""
    options = arguments(__doc__, __file__, words)
    vertical = np.tile(COLUMNS, (10, 1))
    horizontal = -vertical.T
    kinds = ("vertical", "horizontal")
    memory = ho.AssociativeMemory([vertical, horizontal], names=kinds)
    starts = np.array([np.full((10, 10), -1), np.full((10, 10), 1)])
    starts[0][:, :2] = vertical[:, :2]
    starts[1][:2] = horizontal[:2]

    figure, axes = plt.subplot_mosaic(
        "AC;BC", figsize=(12, 5.4), width_ratios=(1, 1.3), layout="constrained"
    )
    names = ["memory", "start", "end"]
    for k, (panel, kind) in enumerate(zip("AB", kinds, strict=True)):
        recall = memory.recall(starts[k], seed=k, record=("energy", "overlap"), every="flip")
        print(f"{kind}: {recall.label}, energy {recall.trace.energy[0]:.2f} to {recall.energy:.2f}")
        three = [memory.patterns.spins[k], starts[k].ravel(), recall.state.ravel()]
        ho.plot.states(three, axes[panel], labels=[*names[:2], f"end: {recall.label}"])
        axes[panel].set_title(f"{panel}. {kind} stripes")
        ho.plot.energy(recall, axes["C"])
        look = {"color": COLORS[k], "linestyle": ("solid", "dashed")[k]}
        axes["C"].lines[-1].set(label=f"{kind}: {recall.energy:.2f} at the end", **look)
    runs = 20 if options.quick else 200
    many = memory.recall(np.repeat(starts, runs, axis=0), seed=0).label
    own = [many[:runs].count("vertical"), many[runs:].count("horizontal")]
    print(f"of {runs} runs each, {own} ended at their own stripes")
    axes["C"].set(title=f"C. energies; {sum(own)} of {2 * runs} further runs end the same way")
    axes["C"].legend()
    save(figure, options)


if __name__ == "__main__":
    main()
