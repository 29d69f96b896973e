"""Memory of spiking neurons: the leaky integrate-and-fire network of the slides.

What to see: 30 neurons with noise hold three patterns in their synapses. A cue of 50 ms, with a
tenth of it wrong, selects the pattern; afterwards the rates stay there, and correlate with no
other. The cue starts nothing: the drive alone brings the network into some pattern, or the
negative of one, each time another.

    python examples/spiking_memory.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import numpy as np

from hopfield_opt.memory import SpikingMemory
from hopfield_opt.memory.spiking import firing_rate, rate_overlaps
from hopfield_opt.plot.scripts import MARKERS, arguments, curve_axes, progress, save, styled
from hopfield_opt.plot.style import BLACK, GREY

# three orthogonal patterns of 30 neurons, each with half of them on
PATTERNS = np.tile([[1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]], 8)[:, :30]


def cue(seed: int) -> np.ndarray:
    """Return pattern 0 with three neurons flipped."""
    wrong = np.random.default_rng(seed).permutation(30)[:3]
    return np.where(np.isin(np.arange(30), wrong), -PATTERNS[0], PATTERNS[0])


@styled
def main(words: list[str] | None = None) -> None:
    """Recall once with a picture, then with many seeds."""
    options = arguments(__doc__, __file__, words)
    memory = SpikingMemory(PATTERNS)
    duration, seeds = 400, 20 if options.quick else 50
    trains = memory.recall(cue(0), duration, seed=0)
    figure, axes = plt.subplot_mosaic("rf;oc", figsize=(12, 6.4), width_ratios=(1.7, 1),
                                      layout="constrained")  # fmt: skip
    order = np.argsort(-PATTERNS[0], kind="stable")
    steps, rows = np.nonzero(trains.spikes[:, order])
    axes["r"].scatter(trains.times[steps], rows, marker="|", s=14, color=BLACK)
    axes["r"].axhline((PATTERNS[0] > 0).sum() - 0.5, color=GREY, linestyle="dashed")
    axes["r"].axvspan(0, 50, color=GREY, alpha=0.3)
    axes["r"].set(ylabel="neuron (below the line: on)", title="spikes; the cue is on in the grey")

    ends = np.arange(40, duration + 1, 20)
    found = [rate_overlaps(trains.rates(end - 40, end), PATTERNS) for end in ends]
    for k, curve in enumerate(np.transpose(found)):
        axes["o"].plot(ends, curve, MARKERS[k] + "-", label=f"pattern {k}")
    axes["o"].axvspan(0, 50, color=GREY, alpha=0.3)
    axes["o"].set(xlabel="time / ms", ylabel="correlation with rates", ylim=(-0.6, 1.1))

    drive = np.linspace(0, 5, 300)
    for style, pause in (("-", 0.0), ("--", 5.0)):
        rates = 1000 * firing_rate(drive, refractory=pause)
        axes["f"].plot(drive, rates, style, label=f"{pause:g} ms refractory")
    axes["f"].set(xlabel="drive / threshold", ylabel="spikes per second", title="one neuron")

    kinds = {"cued": {}, "no cue": {"cue_strength": 0.0}}
    for place, (kind, how) in enumerate(progress(kinds.items(), "with and without a cue")):
        ends = [
            rate_overlaps(
                memory.recall(cue(seed), duration, seed=seed, **how).rates(first=duration / 2),
                PATTERNS,
            )
            for seed in range(seeds)
        ]
        sharp = np.abs(ends) > 0.9
        good = int((np.array(ends)[:, 0] > 0.9).sum())
        print(f"{kind}: {good} of {seeds} runs keep pattern 0, "
              f"{int(sharp.any(axis=1).sum())} some pattern or negative")  # fmt: skip
        for k, (marker, own) in enumerate(zip(MARKERS, np.transpose(ends), strict=False)):
            across = place + 0.22 * (k - 1) + np.linspace(-0.07, 0.07, seeds)
            axes["c"].plot(across, own, marker, color=f"C{k}", markersize=4,
                           label=f"pattern {k}" if not place else None)  # fmt: skip
    axes["c"].set_xticks(range(2), kinds)
    axes["c"].set(ylabel="correlation at the end", title=f"{seeds} runs: the cue selects")
    curve_axes(axes["o"], axes["f"], axes["c"])
    save(figure, options)


if __name__ == "__main__":
    main()
