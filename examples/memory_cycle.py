"""A hallucination that is a cycle, and an anti-memory (Capriotti et al. 2026, Fig. 8).

What to see: half way between H and X all neurons at once never settle: the sites in which the two
differ flip in every sweep. The paper shows one moment of this and calls it a spurious attractor;
it is a 2-cycle. One neuron at a time, the same start runs into a letter.

    python examples/memory_cycle.py [--quick] [--output FILE.png]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.memory.noise import noisy
from hopfield_opt.plot.scripts import arguments, save, styled
from hopfield_opt.plot.style import VERMILION


@styled
def main(words: list[str] | None = None) -> None:
    """Show the cycle, sweep by sweep, and the recall of a negative."""
    options = arguments(__doc__, __file__, words)
    known = ho.data.letters("HX#", size=10).reshape(3, 100)[:2]
    memory = ho.AssociativeMemory(known, names="HX")
    differ = np.flatnonzero(known[0] != known[1])
    between = known[0].copy()
    between[differ[::2]] *= -1  # half of the differences as in X: equally far from both

    both = memory.recall(between, "synchronous", record="states", seed=0, sweeps=16)
    path = both.trace.states
    settled = memory.recall(between, "asynchronous", seed=0)
    negative = noisy(-known[1:], 0.3, np.random.default_rng(0))
    ends = [memory.recall(negative, kind, seed=0) for kind in ("synchronous", "asynchronous")]
    print(f"sites that differ: {len(differ)}, all at once: {both.label}, "
          f"overlaps {both.overlaps}, energy {both.energy:.2f}")  # fmt: skip
    print(f"one at a time: {settled.label}; the negative of X: {[end.label[0] for end in ends]}")

    figure, axes = plt.subplots(3, 1, figsize=(9, 8.6), layout="constrained")
    flips = np.where(known[0] != known[1], 1, -1)
    rows = [*known, flips]
    ho.plot.states(rows, axes[0], labels=["H", "X", f"{len(differ)} differences"])
    axes[0].set_title("A. stored, and where the two differ")
    swinging = list(path[1:4])
    names = ["start", *(f"sweep {k}" for k in (1, 2, 3))]
    names[-1] += f":\n{both.label}"
    names.append(f"one at a time:\n{settled.label}")
    ho.plot.states([between, *swinging, settled.state], axes[1], labels=names)
    for k, (before, now) in enumerate(zip([between, *swinging], swinging, strict=False), start=1):
        rows, columns = np.divmod(np.flatnonzero(before != now), 10)
        axes[1].plot(11 * k + columns + 0.5, rows + 0.5, ".", color=VERMILION, markersize=4)
    axes[1].set_title("B. a start between H and X; dots: what has flipped", pad=18)
    states = [negative[0], *(end.state[0] for end in ends)]
    kinds = ["all at once", "one at a time"]
    names = [f"{kind}:\n{end.label[0]}" for kind, end in zip(kinds, ends, strict=True)]
    ho.plot.states(states, axes[2], labels=["-X, 30 % flipped", *names])
    axes[2].set_title("C. a start near the negative of X", pad=18)
    save(figure, options)


if __name__ == "__main__":
    main()
