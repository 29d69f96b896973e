"""The random energy model: the simplest glass (Derrida 1981; Capriotti et al. 2026, Fig. 2).

What to see: if every one of 2^N states has an energy of its own, drawn with variance N / 2, no
state knows of its neighbours, and all is solvable. The free energy is -T ln 2 - 1 / (4 T) down to
T_c = 1 / (2 sqrt(ln 2)) = 0.60 and constant below: there a few states hold the whole weight, a part
1 - T / T_c of it on the average of their squares. The average landscape of Fig. 2 looks like this
model; a glass of pair couplings is another: states that differ in one spin have energies alike.

    python examples/random_energy_model.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import numpy as np
from scipy.special import logsumexp

from hopfield_opt.physics.enumeration import all_energies
from hopfield_opt.physics.spin_glass import sherrington_kirkpatrick
from hopfield_opt.plot.scripts import arguments, curve_axes, progress, save, styled
from hopfield_opt.plot.style import BLACK, VERMILION

CRITICAL = 1 / (2 * np.sqrt(np.log(2)))
GROUND = -np.sqrt(np.log(2))


def levels(size: int, seed: int) -> np.ndarray:
    """Return the energies of all states, independent of one another."""
    return np.random.default_rng(seed).normal(scale=np.sqrt(size / 2), size=2**size)


def free_energy(temperature: np.ndarray) -> np.ndarray:
    """Return the free energy per spin of infinitely many."""
    warm = np.maximum(temperature, CRITICAL)
    return -warm * np.log(2) - 1 / (4 * warm)


def neighbours(energies: np.ndarray, size: int) -> float:
    """Return the correlation of the energies of states that differ in one spin."""
    codes = np.arange(len(energies))
    pairs = [np.corrcoef(energies, energies[codes ^ (1 << k)])[0, 1] for k in range(size)]
    return float(np.mean(pairs))


@styled
def main(words: list[str] | None = None) -> None:
    """Draw free energies, the weight of the largest states, and what neighbours have in common."""
    options = arguments(__doc__, __file__, words)
    size, samples = (16, 40) if options.quick else (18, 60)
    temperatures = np.linspace(0.1, 1.4, 14 if options.quick else 27)
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(15, 4.4), layout="constrained")
    lowest = []
    free, weight = np.empty((2, samples, len(temperatures)))
    for sample in progress(range(samples), "samples"):
        energies = levels(size, sample)
        lowest.append(energies.min() / size)
        for k, t in enumerate(temperatures):
            total = logsumexp(-energies / t)
            free[sample, k] = -t * total / size
            weight[sample, k] = np.exp(logsumexp(-2 * energies / t) - 2 * total)
    left.plot(temperatures, free.mean(axis=0), "o", label=f"N = {size}, {samples} samples")
    left.plot(temperatures, free_energy(temperatures), color=BLACK, label="N to infinity")
    left.set(xlabel="temperature T", ylabel="free energy per spin", title="frozen below T_c")
    middle.plot(temperatures, weight.mean(axis=0), "o", label=f"N = {size}")
    middle.plot(temperatures, np.maximum(0, 1 - temperatures / CRITICAL), color=BLACK,
                label="1 - T / T_c")  # fmt: skip
    middle.set(xlabel="temperature T", ylabel="sum of the squares of all weights",
               title="a few states hold it all")  # fmt: skip
    for ax in (left, middle):
        ax.axvline(CRITICAL, color=VERMILION, linestyle="dotted", label=f"T_c = {CRITICAL:.3f}")

    sizes = (6, 8, 10, 12)
    kinds = {
        "random energies": [neighbours(levels(n, 1), n) for n in sizes],
        "pair couplings": [
            neighbours(all_energies(sherrington_kirkpatrick(n, seed=1)), n) for n in sizes
        ],
    }
    for marker, (name, values) in zip("os", kinds.items(), strict=True):
        right.plot(sizes, values, marker, label=name)
    right.plot(sizes, 1 - 4 / np.array(sizes), color=BLACK, label="1 - 4 / N")
    right.set(xlabel="N", ylabel="correlation of neighbours' energies", title="one flip away")
    print(f"T_c = {CRITICAL:.4f}, ground state {GROUND:.4f} per spin")
    # the mean of the least of 2^N Gaussian numbers, for large N
    shift = np.log(4 * np.pi * size * np.log(2)) / 2 - np.euler_gamma
    finite = GROUND + shift / (2 * np.sqrt(np.log(2)) * size)
    print(f"lowest energy per spin {np.mean(lowest):.4f}, expected of N = {size}: {finite:.4f}")
    print("neighbours:", {name: np.round(values, 3).tolist() for name, values in kinds.items()})
    curve_axes(left, middle, right)
    save(figure, options)


if __name__ == "__main__":
    main()
