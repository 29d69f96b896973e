"""0.6 of one memory and 0.4 of another: a linear memory mixes, a network decides (Hopfield 1982).

What to see: the linear map answers the confusing stimulus with the same mixture; the neurons of
the network, each of which is on or off, end in the memory that had the larger share.

    python examples/mixed_stimulus.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.plot.scripts import arguments, curve_axes, progress, save, strip, styled


def stimuli(first: np.ndarray, second: np.ndarray, share: float, count: int) -> np.ndarray:
    """Return stimuli that follow `first` in a share of the neurons and `second` in the others."""
    ranks = np.random.default_rng(0).random((count, len(first))).argsort(axis=1).argsort(axis=1)
    return np.where(ranks < share * len(first), first, second)


@styled
def main(words: list[str] | None = None) -> None:
    """Mix two letters, then random patterns in all proportions."""
    options = arguments(__doc__, __file__, words)
    size, count = (200, 20) if options.quick else (1000, 200)
    shares = np.linspace(0, 1, 11 if options.quick else 41)
    figure, (top, ax) = plt.subplots(
        2, 1, figsize=(8, 7.6), height_ratios=(1, 2.2), layout="constrained"
    )
    a, c = ho.data.letters("AC").reshape(2, 64)
    network = ho.AssociativeMemory([a, c], names="AC")
    cue = stimuli(a, c, 0.6, 1)[0]
    linear = network.hamiltonian.local_field(cue)
    end = network.recall(cue, seed=0)
    print(f"60 % A and 40 % C: {end.label}")
    names = ["60 % A, 40 % C", "linear memory", f"network: {end.label}"]
    strip(np.reshape([cue, linear, end.state], (3, 8, 8)), top, names)

    patterns = np.random.default_rng(1).choice([-1, 1], (10, size))
    memory = ho.AssociativeMemory(patterns)
    answers = []
    for share in progress(shares, "shares"):
        cues = stimuli(patterns[0], patterns[1], share, count)
        fields = memory.hamiltonian.local_field(cues)
        ends = memory.recall(cues, seed=0)
        linear = (fields @ patterns[0] / size).mean()
        answers.append([linear, ends.overlaps[:, 0].mean(), ends.overlaps[:, 1].mean()])
    names = "linear memory, first", "network, first", "network, second"
    for curve, style, name in zip(np.transpose(answers), ("k--", "o-", "s-"), names, strict=True):
        ax.plot(shares, curve, style, label=name)
    ax.set(
        xlabel="share of the first pattern in the stimulus",
        ylabel="overlap of the answer",
        title=f"N = {size}, 10 memories",
    )
    curve_axes(ax)
    save(figure, options)


if __name__ == "__main__":
    main()
