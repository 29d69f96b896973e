"""One memory in a field: a live proof (Capriotti et al. 2026, problem B.1).

What to see: at the memory every neuron feels xi_i + H, which has the sign of xi_i while |H| < 1.
That holds with the self-couplings W_ii = 1/N; without them the margin is 1 - 1/N (ten
neurons are so few that it shows). Beyond it one half of the neurons flips at once. At the margin
itself h = 0 keeps the state here; with F(0) = +1, as in the paper, H = 1 loses the memory.

    python examples/memory_in_a_field.py [--quick] [--output FILE.png]
"""

import matplotlib.pyplot as plt
import numpy as np

import hopfield_opt as ho
from hopfield_opt.learning import hebb
from hopfield_opt.physics.overlaps import overlaps
from hopfield_opt.plot.scripts import arguments, curve_axes, save, styled
from hopfield_opt.plot.style import BLUE, GREY, VERMILION


def stays(memory: np.ndarray, fields: np.ndarray, diagonal: bool) -> np.ndarray:
    """Return the overlap with the memory where asynchronous descent ends, for each field."""
    weights = hebb([memory], diagonal=diagonal)
    networks = [ho.Network(weights, np.full(len(memory), -field)) for field in fields]
    ends = [ho.run(network, "asynchronous", memory, seed=0).state for network in networks]
    return overlaps(np.array(ends), memory)


@styled
def main(words: list[str] | None = None) -> None:
    """Check h = xi + H, then look where the memory is lost."""
    options = arguments(__doc__, __file__, words)
    random = np.random.default_rng(0)
    size = 10
    memory = np.repeat([-1, 1], size // 2)
    field = random.uniform(-1, 1, size)
    local = ho.Network(hebb([memory], diagonal=True), -field).local_field(memory)
    print("h = W xi + H = (1/N) xi xi'xi + H = xi + H, since xi'xi = N")
    print(f"  largest error of h = xi + H: {np.abs(local - memory - field).max():.1e}")
    assert (np.sign(local) == memory).all()
    print("  the sign of h is xi in every neuron, for a random H_i in (-1, 1) each")

    figure, axes = plt.subplots(1, 2, figsize=(11, 4.4), layout="constrained")
    fields = np.linspace(-1.3, 1.3, 27 if options.quick else 105)
    for value, color in ((1, BLUE), (-1, VERMILION)):
        look = {"color": color}
        axes[0].plot(fields, value + fields, label=rf"$\xi_i = {value:+d}$, self-coupled", **look)
        without = value * (1 - 1 / size) + fields
        axes[0].plot(fields, without, linestyle="dashed", label=rf"$\xi_i = {value:+d}$", **look)
        axes[0].fill_between(fields, 0, without, where=value * without < 0, alpha=0.25, **look)
    axes[0].axhline(0, color=GREY)
    axes[0].set(title=f"A. at the memory, N = {size} (filled: wrong sign)", ylabel="local field h")
    for diagonal, marker, name in ((True, "s", "self-coupled"), (False, "o", r"$W_{ii} = 0$")):
        end = stays(memory, fields, diagonal)
        axes[1].plot(fields, end, marker=marker, markersize=4, label=name)
        kept = fields[end == 1]
        print(f"  {name}: the memory stays from H = {kept.min():.3f} to {kept.max():.3f}")
    for edge in (-1 + 1 / size, 1 - 1 / size):
        axes[1].axvline(edge, color=GREY, linestyle="dashed")
    axes[1].set(title="B. where descent from the memory ends", ylabel="overlap M with the memory")
    for ax in axes:
        ax.set_xlabel("field H, the same for all neurons")
    curve_axes(*axes)
    save(figure, options)


if __name__ == "__main__":
    main()
