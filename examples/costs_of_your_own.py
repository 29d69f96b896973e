"""Five costs of your own, under ten lines each, and what the compiler makes of them.

What to see: constraints become groups that the moves keep wherever they can, the report names
each, and every answer is checked against the model and never read off the energy.

    python examples/costs_of_your_own.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import networkx as nx
import numpy as np

import hopfield_opt as ho
from hopfield_opt.plot.scripts import arguments, save, styled


def vertex_cover() -> ho.Model:
    """Ask for the fewest vertices that touch every edge."""
    edges = np.array(nx.karate_club_graph().edges)
    model = ho.Model()
    x = model.binary(34, name="in the cover")
    model.minimize(x.sum())
    model.add(x[edges[:, 0]] + x[edges[:, 1]] >= 1, name="edges")
    return model


def knapsack() -> ho.Model:
    """Ask for the most valuable things that are not too heavy."""
    rng = np.random.default_rng(0)
    value, weight = rng.integers(1, 50, (2, 30))
    model = ho.Model()
    x = model.binary(30, name="packed")
    model.maximize((value * x).sum())
    model.add((weight * x).sum() <= 200, name="capacity")
    return model


def tour() -> ho.Model:
    """Ask for the shortest tour: x[city, step]."""
    places = np.random.default_rng(1).random((12, 2))
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)
    model = ho.Model()
    x = model.binary((12, 12), name="visit")
    model.minimize((x * (distances @ x.roll(-1, axis=1))).sum())
    model.add(x.sum(axis=0) == 1, x.sum(axis=1) == 1, name="once")
    return model


def set_cover() -> ho.Model:
    """Ask for the fewest sets that hold every element."""
    holds = (np.random.default_rng(2).random((25, 15)) < 0.25).astype(int)
    holds[np.arange(25), np.arange(25) % 15] = 1
    model = ho.Model()
    x = model.binary(15, name="taken")
    model.minimize(x.sum())
    model.add(holds @ x >= 1, name="elements")
    return model


def cubic() -> ho.Model:
    """Ask for spins whose triples have a positive product: a cost of degree three."""
    model = ho.Model()
    s = model.spin(12, name="s")
    model.maximize((s * s.roll(1) * s.roll(3)).sum())
    return model


@styled
def main(words: list[str] | None = None) -> None:
    """Solve each, show what the compiler did, and draw the couplings of each network."""
    options = arguments(__doc__, __file__, words)
    sweeps = 100 if options.quick else None
    makes = (vertex_cover, knapsack, tour, set_cover, cubic)
    rows = []
    for make in makes:
        model = make()
        result = ho.solve(model, seed=0, sweeps=sweeps)
        compiled = ho.compile(model)
        network = compiled.hamiltonian
        couplings = np.count_nonzero(np.triu(network.to_dense()))
        rows.append((model.num_variables, network.num_spins, couplings, len(network.groups)))
        print(f"--- {make.__name__}: {result.value:g}, feasible: {result.feasible}")
        print(compiled.report(), end="\n\n")

    figure, ax = plt.subplots(figsize=(8, 4.6), layout="constrained")
    kinds = ("variables of the model", "spins of the network", "couplings", "groups kept")
    for k, (kind, counts) in enumerate(zip(kinds, np.transpose(rows), strict=True)):
        bars = ax.barh(np.arange(len(makes)) + 0.2 * (k - 1.5), counts, 0.18, label=kind)
        ax.bar_label(bars, padding=3, fontsize="small")
    ax.set_yticks(range(len(makes)), [make.__name__.replace("_", " ") for make in makes])
    ax.set(xscale="symlog", xlabel="how many", title="what the compiler makes of a cost")
    ax.invert_yaxis()
    ax.margins(x=0.12)
    ax.legend(fontsize="small", loc="lower right")
    save(figure, options)


if __name__ == "__main__":
    main()
