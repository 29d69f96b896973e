"""Five costs of your own, under ten lines each, and what the compiler makes of them.

What to see: constraints become groups that the moves keep wherever they can, the report names
each, and every answer is checked against the model and never read off the energy.

    python examples/costs_of_your_own.py [--quick]
"""

import argparse

import networkx as nx
import numpy as np

import hopfield_opt as ho


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


def main() -> None:
    """Solve each, and show what the compiler did."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smaller budget")
    sweeps = 100 if parser.parse_args().quick else None
    for make in (vertex_cover, knapsack, tour, set_cover, cubic):
        model = make()
        result = ho.solve(model, seed=0, sweeps=sweeps)
        print(f"--- {make.__name__}: {result.value:g}, feasible: {result.feasible}")
        print(ho.compile(model).report(), end="\n\n")


if __name__ == "__main__":
    main()
