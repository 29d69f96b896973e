"""Attention is recall: the modern Hopfield network on letters, cold and hot.

What to see: one update from half a letter. A small beta averages over all letters ("creative"), a
large one retrieves the nearest; the update is the attention of transformers to 1e-12. Below: errors
of one update with 1000 random memories, and the energy of the network of visible and hidden units,
pair interactions only, that falls to the same state.

    python examples/attention.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.memory import BipartiteMemory, ContinuousMemory, attention
from hopfield_opt.plot.scripts import arguments, curve_axes, save, strip, styled

COLD_TO_HOT = (1.0, 0.2, 0.1, 0.05, 0.01)


def one_step(ax: plt.Axes, queries: int) -> None:
    """Draw the error of one update and the entropy of attention over beta."""
    random = np.random.default_rng(0)
    keys = random.normal(size=(1000, 64))
    keys /= np.linalg.norm(keys, axis=1, keepdims=True)
    noise = random.normal(size=(queries, 64))
    noise *= 0.8 / np.linalg.norm(noise, axis=1, keepdims=True)
    betas = 2.0 ** np.arange(0, 7)
    known, errors, entropies = keys[:queries], [], []
    for beta in betas:
        memory = ContinuousMemory(keys, beta)
        errors.append(np.linalg.norm(memory.update(known + noise) - known, axis=1).mean())
        entropies.append(memory.entropy(known + noise).mean() / np.log(1000))
    print(
        "error of one update:", dict(zip(betas.tolist(), np.round(errors, 3).tolist(), strict=True))
    )
    ax.plot(betas, errors, "o-", label="error after one update (0.8 before)")
    ax.plot(betas, entropies, "s--", label="entropy of attention / ln 1000")
    ax.set(xscale="log", xlabel="beta", title="1000 unit vectors in 64 dimensions")
    ax.set_xticks(betas, [f"{beta:g}" for beta in betas])


def hidden_units(ax: plt.Axes, letters: np.ndarray, cue: np.ndarray) -> None:
    """Draw the energy of visible and hidden units on their way."""
    for beta, style in ((0.2, "-"), (0.05, "--")):
        network = BipartiteMemory(letters, "softmax", beta=beta)
        v, h = cue.astype(float), network.drive(cue)
        energies = [network.energy(v, h)]
        for _ in range(600):
            v, h = network.step(v, h, dt=0.01)
            energies.append(network.energy(v, h))
        end = ContinuousMemory(letters, beta).recall(cue)
        print(f"beta = {beta}: hidden units end {np.abs(v - end).max():.3f} from the recall")
        ax.plot(0.01 * np.arange(601), energies, style, label=f"beta = {beta}")
    ax.set(xlabel="time / visible time constant", ylabel="energy", title="visible and hidden units")


@styled
def main(words: list[str] | None = None) -> None:
    """Recall half a letter at many temperatures; draw errors, entropies and an energy."""
    options = arguments(__doc__, __file__, words)
    letters = ho.data.letters("ABCDEFG").reshape(7, 64).astype(float)
    cue = letters[3].copy()
    cue[32:] = 0.0
    figure, axes = plt.subplot_mosaic(
        "ss;eh", figsize=(11, 6.4), height_ratios=(1, 1.7), layout="constrained"
    )
    ends = [ContinuousMemory(letters, beta).update(cue) for beta in COLD_TO_HOT]
    names = [f"beta = {beta:g}" for beta in COLD_TO_HOT]
    strip(np.reshape([cue, *ends], (-1, 8, 8)), axes["s"], ["upper half of D", *names])
    same = attention(cue[None], letters, letters, beta=0.05) - ends[3]
    print(f"update and attention differ by {np.abs(same).max():.1e}")
    one_step(axes["e"], 20 if options.quick else 1000)
    hidden_units(axes["h"], letters, cue)
    curve_axes(axes["e"], axes["h"])
    save(figure, options)


if __name__ == "__main__":
    main()
