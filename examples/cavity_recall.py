"""Atoms in a cavity: the memories are the minima of a spin glass itself (Marsh et al. 2025).

What to see: nothing is stored by Hebb's rule. The couplings are those of a random glass, and the
memories are its own minima. In a cavity of many modes the flip that lowers the energy most comes
first: from a state one flip away this leads back to more of the minima than 0.138 N, while
a random order loses nearly all of them. (A minimum counts as held if nine of ten such cues return.)

    python examples/cavity_recall.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.memory.noise import noisy
from hopfield_opt.physics.enumeration import all_energies, states_of
from hopfield_opt.physics.landscapes import landscape
from hopfield_opt.physics.spin_glass import sherrington_kirkpatrick
from hopfield_opt.plot.scripts import MARKERS, arguments, curve_axes, progress, save, styled
from hopfield_opt.plot.style import BLACK

ORDERS = ("steepest", "random")
REPEATS = 4


def minima(glass: ho.Hamiltonian) -> np.ndarray:
    """Return the minima of a glass, one of each mirrored pair, the deepest first."""
    size = glass.num_spins
    bottoms = landscape(all_energies(glass.to_dense())).bottoms
    states = states_of(np.concatenate(bottoms), size)
    return states[states[:, 0] > 0]


def returning(glass: ho.Hamiltonian, states: np.ndarray, flips: int, order: str) -> np.ndarray:
    """Return for each state which part of its cues, so many flips away, leads back."""
    count, size = states.shape
    targets = np.repeat(states, REPEATS * size, axis=0)
    if flips == 1:
        cues = targets * np.tile(1 - 2 * np.eye(size, dtype=np.int8), (REPEATS * count, 1))
    else:
        cues = noisy(targets, flips / size, np.random.default_rng(0))
    ends = ho.run(glass, ho.dynamics.Asynchronous(order), cues, seed=0, progress=False).states
    return (ends == targets).all(axis=1).reshape(count, -1).mean(axis=1)


@styled
def main(words: list[str] | None = None) -> None:
    """Count the minima that are held, and follow how recall fails with the noise."""
    options = arguments(__doc__, __file__, words)
    sizes = (8, 12, 16) if options.quick else (6, 8, 10, 12, 14, 16)
    glasses = 8 if options.quick else 60
    flips = (1, 2, 3, 4, 6)
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.6), layout="constrained")
    held, shares, known = {order: [] for order in ORDERS}, {order: [] for order in ORDERS}, []
    for size in progress(sizes, "sizes"):
        found = [ho.Hamiltonian(sherrington_kirkpatrick(size, seed=k)) for k in range(glasses)]
        own = [minima(glass) for glass in found]
        known.append(np.mean([len(states) for states in own]))
        for order in ORDERS:
            back = [
                returning(glass, states, 1, order) for glass, states in zip(found, own, strict=True)
            ]
            held[order].append(np.mean([(part >= 0.9).sum() for part in back]))
            if size == sizes[-1]:
                shares[order] = [
                    np.mean([returning(glass, states[:1], k, order)[0]
                             for glass, states in zip(found, own, strict=True)])
                    for k in flips
                ]  # fmt: skip
        print(f"N = {size}: {known[-1]:.1f} pairs of minima; held: "
              + ", ".join(f"{order} {held[order][-1]:.2f}" for order in ORDERS))  # fmt: skip
    for order, marker in zip(ORDERS, MARKERS, strict=False):
        left.plot(sizes, held[order], marker + "-", label=order)
        right.plot(flips, shares[order], marker + "-", label=order)
    left.plot(sizes, 0.138 * np.array(sizes), color=BLACK, linestyle="dotted", label="0.138 N")
    left.set(xlabel="spins N", ylabel="pairs of minima that are held",
             title=f"minima held, mean of {glasses} glasses")  # fmt: skip
    right.set(xlabel="flips between cue and minimum", ylabel="part of the cues that lead back",
              title=f"the deepest minimum, N = {sizes[-1]}")  # fmt: skip
    curve_axes(left, right)
    save(figure, options)


if __name__ == "__main__":
    main()
