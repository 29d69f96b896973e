"""Hopfield and Tank's ten cities of 1985: what the network found, and what it takes.

What to see: with the parameters of the paper one run in six ends in a tour at all, the other ends
visit cities twice or never; with those of Talavan and Yanez (2002) every run ends in a tour. Moves
that keep the permutation find the shortest, 2.691, in a moment.

    python examples/hopfield_tank_1985.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.plot.scripts import arguments, progress, save, styled
from hopfield_opt.plot.style import BLACK, BLUE
from hopfield_opt.problems import TravellingSalesman

PLACES = [(.4000, .4439), (.2439, .1463), (.1707, .2293), (.2293, .7610), (.5171, .9414),
          (.8732, .6536), (.6878, .5219), (.8488, .3609), (.6683, .2536),
          (.6195, .2634)]  # fmt: skip
CITIES = TravellingSalesman.from_coordinates(PLACES)


def ends_of(kind: str, runs: int, quick: bool) -> np.ndarray:
    """Return the assignments x[city, step] (R, 10, 10) in which the network ends."""
    starts = np.random.default_rng(0).choice([-1, 1], (runs, 100))
    if kind == "1985":
        # outputs run from -1 to 1: 0.01 is the paper's 0.02
        neurons = ho.dynamics.HopfieldTank(u0=0.01, step=1e-5, start_output=-0.8)
        network, sweeps = CITIES.hopfield_tank_1985(as_network=True), 4000
    else:
        neurons = ho.dynamics.HopfieldTank(u0=0.15, decay=False, start_output=-0.8, start_size=1e-5)
        network, sweeps = CITIES.talavan_yanez(0.1, as_network=True), 20_000
    if quick:
        sweeps //= 2
    end = ho.run(network, neurons, starts, sweeps, seed=0)
    return (end.states.reshape(-1, 10, 10) + 1) // 2


def show(kind: str, ends: np.ndarray, best: float, axes: list) -> None:
    """Draw one end, its tour if it is one, and the lengths of all tours."""
    tours = [CITIES.decode({"x": x}) for x in ends]
    lengths = [CITIES.evaluate(tour).value for tour in tours if tour is not None]
    print(f"{kind}: {len(lengths)} of {len(ends)} runs end in a tour"
          + (f", mean length {np.mean(lengths):.3f}" if lengths else ""))  # fmt: skip
    bad = next((k for k, tour in enumerate(tours) if tour is None), 0)
    axes[0].imshow(ends[bad], cmap="Blues", vmin=0, vmax=1)
    is_tour = "a tour" if tours[bad] is not None else "no tour"
    axes[0].set(xlabel="step", ylabel="city", title=f"{kind}: one end, {is_tour}")
    axes[0].set(xticks=range(10), yticks=range(10))
    if lengths:
        good = min((t for t in tours if t is not None), key=lambda t: CITIES.evaluate(t).value)
        ho.plot.tour(CITIES.cities, good, ax=axes[1])
    axes[1].set_title(f"its best tour: {min(lengths, default=np.nan):.3f}")
    axes[2].hist(lengths, bins=best + 0.1 * np.arange(25), color=BLUE)
    axes[2].axvline(best, color=BLACK, linestyle="dotted", label=f"shortest, {best:.3f}")
    axes[2].set(xlabel="length", ylabel="runs")
    axes[2].set_title(f"{len(lengths)} of {len(ends)} runs end in a tour")
    axes[2].legend()


@styled
def main(words: list[str] | None = None) -> None:
    """Run both networks many times, and solve the cities."""
    options = arguments(__doc__, __file__, words)
    best = ho.solve(CITIES, seed=0, sweeps=200 if options.quick else None)
    print(f"moves that keep the permutation: {best.value:.4f}")
    figure, axes = plt.subplots(2, 3, figsize=(14, 8), layout="constrained")
    kinds = ("1985", "Talavan and Yanez")
    for row, kind in zip(axes, progress(kinds, "networks"), strict=True):
        ends = ends_of(kind, 16 if options.quick else 200, options.quick)
        show(kind, ends, best.value, row)
    save(figure, options)


if __name__ == "__main__":
    main()
