"""Neurons with graded outputs, in continuous time (Capriotti et al. 2026, Eqs. 24 and 25).

What to see: rates (Eq. 24) and fields (Eq. 25) go to the same ends, with h = W sigma + H, and an
energy falls on the way. With tanh an overlap m = tanh(beta m) is left, with x / (1 + |x|) only
1 - 1 / beta; below beta = 1 nothing is. The logistic function is tanh for neurons of 0 and 1.

    python examples/graded_neurons.py [--output FILE.png] [--quick]
"""

from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.learning import hebb
from hopfield_opt.memory.noise import noisy
from hopfield_opt.physics.curie_weiss import magnetisation
from hopfield_opt.plot.scripts import MARKERS, arguments, curve_axes, progress, save, strip, styled
from hopfield_opt.plot.style import BLACK

STEP = 0.05  # of the time constant tau

# F(x) at gain beta, and the integral of its inverse from 0 to sigma, which the energy has
Pair = tuple[Callable, Callable]
KINDS: dict[str, Pair] = {
    "tanh": (
        lambda x: np.tanh(x),
        lambda s: s * np.arctanh(s) + np.log1p(-(s**2)) / 2,
    ),
    "logistic": (
        lambda x: 2 / (1 + np.exp(-2 * x)) - 1,  # 2 x - 1 of 1 / (1 + exp(-2 h)) in (0, 1)
        lambda s: s * np.arctanh(s) + np.log1p(-(s**2)) / 2,
    ),
    "x / (1 + |x|)": (
        lambda x: x / (1 + np.abs(x)),
        lambda s: -np.abs(s) - np.log1p(-np.abs(s)),
    ),
}


def relax(weights: np.ndarray, start: np.ndarray, kind: str, beta: float, steps: int) -> tuple:
    """Return outputs over time by Eq. 24 and by Eq. 25, from one state; H = 0."""
    transfer = KINDS[kind][0]
    rates, field = start.astype(float), weights @ start
    by_rates, by_fields = [rates], [transfer(beta * field)]
    for _ in range(steps):
        rates = rates + STEP * (transfer(beta * (weights @ rates)) - rates)
        field = field + STEP * (weights @ transfer(beta * field) - field)
        by_rates.append(rates)
        by_fields.append(transfer(beta * field))
    return np.array(by_rates), np.array(by_fields)


def energy(weights: np.ndarray, outputs: np.ndarray, kind: str, beta: float) -> np.ndarray:
    """Return -1/2 s'Ws + (1 / beta) sum of the integrals of F's inverse (Hopfield 1984)."""
    pairs = -0.5 * np.einsum("ti,ij,tj->t", outputs, weights, outputs)
    return pairs + KINDS[kind][1](np.clip(outputs, -1 + 1e-12, 1 - 1e-12)).sum(axis=1) / beta


@styled
def main(words: list[str] | None = None) -> None:
    """Draw m(beta) of one memory, then a recall by both equations."""
    options = arguments(__doc__, __file__, words)
    figure, axes = plt.subplot_mosaic("soe;ppp", figsize=(14, 7), height_ratios=(1.6, 1),
                                      layout="constrained")  # fmt: skip
    pattern = np.random.default_rng(0).choice([-1, 1], (1, 40))
    # with the diagonal, as in the paper: then W sigma = m xi
    single = hebb(pattern, diagonal=True)
    betas = np.array([0.5, 0.8, 1.2, 1.5, 2, 3, 5])
    if not options.quick:
        betas = np.concatenate([np.arange(0.4, 2, 0.1), np.arange(2, 6.1, 0.25)])
    for marker, kind in zip(MARKERS, progress(KINDS, "transfer functions"), strict=False):
        ends = [relax(single, 0.9 * pattern[0], kind, beta, 4000) for beta in betas]
        left = [[path[-1] @ pattern[0] / 40 for path in both] for both in ends]
        axes["s"].plot(betas, np.array(left)[:, 0], marker, label=f"{kind}, Eq. 24")
        print(f"{kind}: m =", *np.round(left, 4)[:, 0],
              f"by Eq. 24; Eq. 25 differs by {np.ptp(left, axis=1).max():.1e}")  # fmt: skip
    fine = np.linspace(0.4, 6, 300)
    axes["s"].plot(
        fine, [magnetisation(1 / b) for b in fine], color=BLACK, label="m = tanh(beta m)"
    )
    axes["s"].plot(fine, np.maximum(0, 1 - 1 / fine), color=BLACK, linestyle="dashed",
                   label="1 - 1 / beta")  # fmt: skip
    axes["s"].set(xlabel="gain beta", ylabel="overlap at the end", title="one memory")

    known = ho.data.letters("HX#", size=10).reshape(3, 100)
    weights = hebb(known)
    cue = noisy(known[:1], 0.2, np.random.default_rng(1))[0]
    shown, names = [cue], ["cue"]
    for kind in ("tanh", "x / (1 + |x|)"):
        both = relax(weights, 0.5 * cue, kind, 4.0, 300)
        for path, look, name in zip(both, ("-", "--"), ("Eq. 24", "Eq. 25"), strict=True):
            times = STEP * np.arange(len(path))
            axes["o"].plot(times, path @ known[0] / 100, look, label=f"{kind}, {name}")
        times = STEP * np.arange(len(both[1]))
        axes["e"].plot(times, energy(weights, both[1], kind, 4.0), label=f"{kind}, Eq. 25")
        shown.append(both[0][-1])
        names.append(f"{kind}")
    axes["o"].set(xlabel="time / tau", ylabel="overlap with H", title="H, 20 % flipped; beta = 4")
    axes["e"].set(xlabel="time / tau", ylabel="energy", title="an energy falls")
    strip(np.reshape(shown, (3, 10, 10)), axes["p"], names, "graded ends")
    curve_axes(axes["s"], axes["o"], axes["e"])
    save(figure, options)


if __name__ == "__main__":
    main()
