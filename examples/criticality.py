"""Two ways to lose order: a magnet that is heated, a memory that is filled.

What to see: the Ising magnet (64 x 64 spins, nearest neighbours) demagnetises at T = 2.269, as
Onsager's solution says; a Hopfield network forgets at P / N = 0.138, all at once. Crosstalk has
the width sqrt(P / N), not P / N as on the slides: the load plays the part of temperature. (The
overlap of 0.3 above it is what a glass remembers of its start; small networks, such as 200
neurons, remember much more.)

    python examples/criticality.py [--output FILE.png] [--quick]
"""

import warnings

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.physics.ising_2d import (
    CRITICAL_TEMPERATURE,
    onsager_magnetisation,
    square_lattice,
)
from hopfield_opt.physics.retrieval import retrieval_overlap
from hopfield_opt.plot.scripts import arguments, curve_axes, progress, save, strip, styled
from hopfield_opt.plot.style import BLACK, BLUE, VERMILION


def magnet(length: int, temperature: float, sweeps: int) -> ho.Result:
    """Heat a magnet that points up."""
    heat = ho.dynamics.HeatBath(temperature)
    up = np.ones((8, length**2), dtype=int)
    lattice = ho.Hamiltonian(square_lattice(length))
    return ho.run(lattice, heat, up, sweeps, record="overlap", every=10,
                  patterns=up[0], seed=0)  # fmt: skip


def memory(size: int, load: float) -> np.ndarray:
    """Return the overlaps that are left of patterns from which descents began."""
    patterns = np.random.default_rng(round(1000 * load)).choice([-1, 1], (round(load * size), size))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the load is what this is about
        return ho.AssociativeMemory(patterns).recall(patterns[:16], seed=0).score


def draw_magnet(ax: plt.Axes, length: int, temperatures: np.ndarray, sweeps: int) -> None:
    """Draw m(T), the mean over the second half of the sweeps."""
    means = []
    for t in progress(temperatures, "magnet"):
        overlap = magnet(length, t, sweeps).trace.overlap
        means.append(np.abs(overlap[len(overlap) // 2 :].mean(axis=0)).mean())
    fine = np.linspace(1.4, 3.4, 400)
    ax.plot(temperatures, means, "o", label=f"L = {length}, simulated")
    ax.plot(fine, onsager_magnetisation(fine), color=BLACK, label="Onsager, Yang")
    ax.set(xlabel="temperature T", ylabel="magnetisation", title="Ising magnet")
    exact = onsager_magnetisation(temperatures[0])
    print(f"m(T = {temperatures[0]:.1f}) = {means[0]:.3f}, exactly {exact:.3f}")


def draw_memory(ax: plt.Axes, size: int, loads: np.ndarray) -> None:
    """Draw m(P / N)."""
    left = [memory(size, load) for load in progress(loads, "memory")]
    ax.errorbar(loads, np.mean(left, axis=1), np.std(left, axis=1), color=BLUE, marker="o",
                linestyle="none", label=f"N = {size}, simulated")  # fmt: skip
    fine = np.linspace(0.02, 0.22, 400)
    ax.plot(fine, [retrieval_overlap(a) for a in fine], color=BLACK, label="Amit et al. 1985")
    ax.axvline(0.138, color=VERMILION, linestyle="dotted", label="0.138")
    ax.set(xlabel="load P / N", ylabel="overlap with the pattern", title="Hopfield network")


@styled
def main(words: list[str] | None = None) -> None:
    """Draw three magnets, m(T) of the magnet and m(P / N) of the memory."""
    options = arguments(__doc__, __file__, words)
    length, size, sweeps = (32, 2000, 200) if options.quick else (64, 2000, 2000)
    figure, axes = plt.subplot_mosaic(
        "ss;tp", figsize=(11, 6.6), height_ratios=(1, 1.5), layout="constrained"
    )
    shown = (1.8, CRITICAL_TEMPERATURE, 3.2)
    ends = [magnet(length, t, sweeps).states[0].reshape(length, length) for t in shown]
    strip(ends, axes["s"], [f"T = {t:.2f}" for t in shown])
    temperatures = (1.5, 1.9, 2.2, 2.4, 2.8, 3.4) if options.quick else np.arange(1.4, 3.41, 0.1)
    draw_magnet(axes["t"], length, temperatures, sweeps)
    draw_memory(
        axes["p"],
        size,
        (0.05, 0.1, 0.13, 0.15, 0.17, 0.2) if options.quick else np.arange(0.02, 0.221, 0.01),
    )
    curve_axes(axes["t"], axes["p"])
    axes["p"].legend(fontsize="small", loc="lower left")
    save(figure, options)


if __name__ == "__main__":
    main()
