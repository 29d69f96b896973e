"""Feed-forward or recurrent, all to all, and a ball that rolls into a valley.

What to see: the pictures with which the Nobel prize of 2024 was explained, the third one computed:
all states of ten neurons in the order of their valleys, and a recall that rolls down in the valley
in which its cue lies. (From the ridge between two valleys the order of the flips decides.)

    python examples/three_pictures.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import networkx as nx
import numpy as np

import hopfield_opt as ho
from hopfield_opt.physics.enumeration import all_energies
from hopfield_opt.physics.landscapes import landscape
from hopfield_opt.plot.scripts import arguments, curve_axes, save, styled
from hopfield_opt.plot.style import BLACK, BLUE, ORANGE, VERMILION

# where the cue differs from memory 0: it is far up, and still in its valley
FLIPPED = (0, 2, 3)


def network(ax: plt.Axes, links: list, places: dict, title: str) -> None:
    """Draw neurons and arrows, or lines both ways."""
    one_way = nx.DiGraph(links)
    style = {"node_color": BLUE, "node_size": 260, "edge_color": BLACK, "width": 0.9}
    nx.draw_networkx(one_way, places, ax=ax, with_labels=False, arrowsize=11, **style)
    ax.set(title=title, aspect="equal")
    ax.margins(0.12)
    ax.set_axis_off()


def ball(ax: plt.Axes) -> None:
    """Draw the landscape of two memories and the way of one recall."""
    patterns = np.random.default_rng(4).choice([-1, 1], (2, 10))
    memory = ho.AssociativeMemory(patterns)
    cue = np.where(np.isin(np.arange(10), FLIPPED), -patterns[0], patterns[0])
    recall = memory.recall(cue, ho.dynamics.Asynchronous("random-unit"), seed=0,
                           record=("energy", "states"), every="flip")  # fmt: skip
    wells = landscape(all_energies(memory.hamiltonian.to_dense()))
    place = np.argsort(wells.codes)
    codes = (recall.trace.states > 0) @ (1 << np.arange(10))
    ax.plot(wells.energies, color=BLUE, linewidth=1)
    ax.plot(place[codes], recall.trace.energy, "o--", color=VERMILION, label="recall, flip by flip")
    for k, (name, color) in enumerate((("memory 0", ORANGE), ("memory 1", BLACK))):
        for sign, kind in ((1, name), (-1, f"anti-{name}")):
            code = (sign * patterns[k] > 0) @ (1 << np.arange(10))
            energy = wells.energies[place[code]]
            ax.plot(place[code], energy, "v", color=color, markersize=9)
            ax.annotate(kind, (place[code], energy), (0, -16), textcoords="offset points",
                        ha="center", fontsize="small")  # fmt: skip
    ax.set(xlabel="states, sorted into valleys", ylabel="energy",
           title=f"a ball rolls down in its valley: {recall.label}")  # fmt: skip
    ax.margins(y=0.14)
    runs = memory.recall(np.tile(cue, (200, 1)), seed=0).label
    ridge = np.where(np.arange(10) < 4, -patterns[0], patterns[0])
    others = memory.recall(np.tile(ridge, (200, 1)), seed=0).label
    print(f"of 200 recalls {runs.count('memory 0')} end there; from the ridge, 4 flips away from "
          f"both memories, {others.count('memory 0')}")  # fmt: skip
    print(f"{len(codes) - 1} flips, energy {recall.trace.energy[0]:.1f} to {recall.energy:.1f}: "
          f"{recall.label}")  # fmt: skip


@styled
def main(words: list[str] | None = None) -> None:
    """Draw the three."""
    options = arguments(__doc__, __file__, words)
    figure, axes = plt.subplot_mosaic("frh;bbb", figsize=(11, 8), height_ratios=(1, 1.3),
                                      layout="constrained")  # fmt: skip
    layers = {(k, i): (k, i - size / 2) for k, size in enumerate((3, 4, 2)) for i in range(size)}
    forward = [(a, b) for a in layers for b in layers if b[0] == a[0] + 1]
    network(axes["f"], forward, layers, "feed-forward: one way")
    around = nx.circular_layout(range(5))
    ring = [(k, (k + 1) % 5) for k in range(5)] + [(2, 0), (4, 1)]
    network(axes["r"], ring, around, "recurrent: in circles")
    around = nx.circular_layout(range(7))
    both = [(a, b) for a in range(7) for b in range(7) if a != b]
    network(axes["h"], both, around, "Hopfield: all to all, both ways")
    ball(axes["b"])
    curve_axes(axes["b"])
    save(figure, options)


if __name__ == "__main__":
    main()
