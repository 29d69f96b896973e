"""Temperature destroys recall, and helps it (Capriotti et al. 2026, Secs. III.E and IV.D).

What to see: at a load of 0.05 the overlap falls with temperature as mean-field theory says, and is
gone above T_M = 0.54. A little temperature helps: a mixture of three memories holds a cold network
for ever, and a warm one leaves it for a memory, well below T_M. On the right, recall over loads and
temperatures, below the line of Amit, Gutfreund and Sompolinsky.

    python examples/temperature_and_recall.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.memory.experiments import phase_map
from hopfield_opt.memory.noise import random_spins
from hopfield_opt.physics.labels import mixture
from hopfield_opt.physics.retrieval import (
    CAPACITY,
    melting_temperature,
    retrieval_state,
    transition_temperature,
)
from hopfield_opt.plot.scripts import arguments, curve_axes, progress, save, styled
from hopfield_opt.plot.style import BLACK, VERMILION

LOAD = 0.05


def escaped(size: int, temperature: float, runs: int) -> float:
    """Return which part of warm recalls from a mixture of three memories ends in one of them."""
    memory = ho.AssociativeMemory(random_spins(np.random.default_rng(0), 3, size))
    start = mixture("mixture of 0, 1, 2", memory.patterns.spins)
    ends = memory.recall(np.tile(start, (runs, 1)), temperature=temperature, seed=0)
    return float(np.mean([label.startswith("memory") for label in ends.label]))


@styled
def main(words: list[str] | None = None) -> None:
    """Draw m(T) with its theory, the escape from mixtures, and the map m(P / N, T)."""
    options = arguments(__doc__, __file__, words)
    size, runs = (500, 20) if options.quick else (1000, 60)
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(15, 4.6), layout="constrained")

    temperatures = np.array([0.1, 0.3, 0.4, 0.5, 0.65, 0.9] if options.quick
                            else np.arange(0.05, 1.01, 0.05))  # fmt: skip
    found = phase_map(size, [LOAD], temperatures, replicas=8, sweeps=200, seed=0)[0]
    fine = np.linspace(0.02, 1, 60 if options.quick else 200)
    theory = [retrieval_state(LOAD, t).overlap for t in fine]
    melting = melting_temperature(LOAD)
    left.plot(temperatures, found, "o", label=f"N = {size}, simulated")
    left.plot(fine, theory, color=BLACK, label="mean field")
    left.axvline(melting, color=VERMILION, linestyle="dotted", label=f"T_M = {melting:.2f}")
    left.set(xlabel="temperature T", ylabel="overlap m", title=f"heat destroys: P / N = {LOAD}")
    print("T:", *temperatures.round(2), "\nm:", *found.round(3))

    warm = np.array(
        [0.05, 0.2, 0.3, 0.4, 0.5, 0.6] if options.quick else np.arange(0.05, 0.9, 0.05)
    )
    shares = [escaped(300, t, runs) for t in progress(warm, "mixtures")]
    middle.plot(warm, shares, "s-", label="N = 300, 100 sweeps")
    middle.axvline(0.461, color=VERMILION, linestyle="dotted", label="mixtures unstable, large N")
    middle.set(xlabel="temperature T", ylabel="part that ends in a memory",
               title="heat helps: out of a mixture of three")  # fmt: skip
    print("escaped:", *np.round(shares, 2))

    loads = np.array([0.02, 0.06, 0.1, 0.16] if options.quick else np.arange(0.01, 0.19, 0.015))
    heats = np.array([0.05, 0.3, 0.6, 0.9] if options.quick else np.arange(0.0, 1.01, 0.08))
    overlap = phase_map(500, loads, heats, sweeps=100, seed=1)
    picture = right.pcolormesh(loads, heats, overlap.T, cmap="cividis", vmin=0, vmax=1)
    figure.colorbar(picture, ax=right, label="overlap, N = 500")
    lines = np.linspace(0.002, CAPACITY - 0.001, 8 if options.quick else 40)
    right.plot(lines, [melting_temperature(a) for a in lines], color="white", label="T_M")
    cold = lines[lines < 0.053]
    right.plot(cold, [transition_temperature(a) for a in cold], "--", color="white", label="T_c")
    right.set(
        xlabel="load P / N",
        ylabel="temperature T",
        title="where memories are recalled",
        ylim=(0, None),
    )
    curve_axes(left, middle)
    right.legend(facecolor="grey", labelcolor="white", fontsize="small")
    save(figure, options)


if __name__ == "__main__":
    main()
