"""Ten more memories at a time, until none is left (Capriotti et al. 2026, problem A.6).

What to see: with 10 memories in 100 neurons nearly every cue is mended, with 20 many drift away
from memories that are not even fixed points any more, and with 30 the overlaps fall like an
avalanche, although the energies fall as before: they find minima, but of other states.

    python examples/too_many_memories.py [--quick] [--output FILE.png]
"""

import warnings

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.memory.noise import noisy, random_spins
from hopfield_opt.plot.scripts import arguments, curve_axes, progress, save, styled
from hopfield_opt.plot.traces import COLORS

SIZE, FLIPPED = 100, 0.1


def overloaded(count: int, random: np.random.Generator) -> tuple[ho.AssociativeMemory, np.ndarray]:
    """Return a network with so many random memories, and a noisy cue for each."""
    patterns = random_spins(random, count, SIZE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the load is what this is about
        memory = ho.AssociativeMemory(patterns)
    return memory, noisy(patterns, FLIPPED, random)


@styled
def main(words: list[str] | None = None) -> None:
    """Draw some recalls at each load, then averages over many networks."""
    options = arguments(__doc__, __file__, words)
    random = np.random.default_rng(0)
    figure, axes = plt.subplot_mosaic(
        "ABCG;DEFG", figsize=(14, 6.2), width_ratios=(1, 1, 1, 1.5), layout="constrained"
    )
    for count, above, below in zip((10, 20, 30), "ABC", "DEF", strict=True):
        memory, cues = overloaded(count, random)
        recall = memory.recall(cues[:10], seed=0, record=("energy", "overlap"), every="flip")
        own = recall.trace.overlap[:, np.arange(10), np.arange(10)]
        for k in range(10):  # each cue in the colour that it has in the energies below
            look = {"color": COLORS[k % len(COLORS)], "drawstyle": "steps-post", "linewidth": 1.2}
            axes[above].plot(recall.trace.sweeps[:, k], own[:, k], **look)
        axes[above].set(
            title=f"P = {count}: 10 cues", ylim=(0, 1.05), ylabel="overlap with its own"
        )
        ho.plot.energy(recall, axes[below])
        axes[below].set_xlabel("sweeps")

    counts = (10, 20, 30, 50) if options.quick else range(5, 55, 5)
    networks = 5 if options.quick else 100
    rows = []
    for count in progress(counts, "loads"):
        stable, mended, overlap = [], [], []
        for _ in range(networks):
            memory, cues = overloaded(count, random)
            known = memory.patterns.spins
            stable.append((known * memory.hamiltonian.local_field(known) >= 0).all(axis=1).mean())
            score = memory.recall(cues, seed=0).score
            mended.append((score == 1).mean())
            overlap.append(score.mean())
        rows.append([np.mean(part) for part in (stable, mended, overlap)])
        print(f"P = {count}: stable {rows[-1][0]:.2f}, recalled {rows[-1][1]:.2f}, "
              f"mean overlap {rows[-1][2]:.3f}")  # fmt: skip
    names = ("memories that are stable", "recalled exactly", "mean overlap at the end")
    for name, values, marker in zip(names, np.transpose(rows), "os^", strict=True):
        axes["G"].plot(counts, values, marker=marker, label=name)
    axes["G"].axvline(0.138 * SIZE, color="black", linestyle="dotted", label="0.138 N")
    axes["G"].set(title=f"averages, {FLIPPED:.0%} of each cue flipped", xlabel="memories P")
    curve_axes(axes["G"])
    save(figure, options)


if __name__ == "__main__":
    main()
