"""How many patterns a network of 100 neurons holds: the capacity curve of the slides.

What to see: with 30 % of each cue wrong, Hebb's rule begins to fail far below 0.138 N, up to which
large networks have an attractor near each pattern; other rules hold more. On the right, 800
neurons lose exact recall long before recall with a few wrong pixels.

    python examples/capacity_curve.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import numpy as np

from hopfield_opt.memory.experiments import capacity_curve
from hopfield_opt.plot.scripts import MARKERS, arguments, curve_axes, progress, save, styled
from hopfield_opt.plot.style import BLACK


@styled
def main(words: list[str] | None = None) -> None:
    """Recall noisy patterns, more and more of them."""
    options = arguments(__doc__, __file__, words)
    counts = (
        (2, 5, 8, 11, 14, 20)
        if options.quick
        else (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 25, 30)
    )
    groups = 5 if options.quick else 50
    large, loads = (
        (400, (0.05, 0.08, 0.11, 0.138, 0.17))
        if options.quick
        else (800, np.linspace(0.05, 0.19, 8))
    )
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.6), layout="constrained", sharey=True)

    rules = ("hebb", "storkey", "pseudo-inverse")
    for marker, rule in zip(MARKERS, progress(rules, "rules"), strict=False):
        curve = capacity_curve(100, counts, networks=groups, cues=10, rule=rule, seed=0)
        left.errorbar(curve.values, curve.recalled, 2 * curve.error, marker=marker, label=rule)
        print(rule, dict(zip(counts, curve.recalled.round(2).tolist(), strict=True)))
    left.axvline(13.8, color=BLACK, linestyle="dotted", label="0.138 N")
    left.set(xlabel="number of patterns P", ylabel="recalled", title="N = 100, 30 % flipped")

    counts = [round(load * large) for load in loads]
    for marker, allowed, name in (("o", 0, "exactly"), ("s", 0.025, "m > 0.95")):
        curve = capacity_curve(
            large,
            counts,
            flipped=0.2,
            tolerance=allowed,
            networks=max(2, groups // 5),
            seed=0,
        )
        right.errorbar(
            curve.values / large, curve.recalled, 2 * curve.error, marker=marker, label=name
        )
    right.axvline(0.138, color=BLACK, linestyle="dotted", label="0.138")
    right.set(xlabel="load P / N", title=f"N = {large}, 20 % flipped, Hebb")
    curve_axes(left, right)
    save(figure, options)


if __name__ == "__main__":
    main()
