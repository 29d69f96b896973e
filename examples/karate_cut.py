"""Cut Zachary's karate club in two, next to networkx, and draw both cuts.

What to see: the largest cut separates almost every pair of friends; the greedy exchange of
networkx gets stuck a little below it.

    python examples/karate_cut.py [--output FILE.png] [--quick]
"""

import argparse

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import networkx as nx

import hopfield_opt as ho


def main() -> None:
    """Solve, compare and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", default="karate_cut.png", help="where the picture goes")
    parser.add_argument("--quick", action="store_true", help="a smaller budget")
    options = parser.parse_args()

    graph = nx.karate_club_graph()
    problem = ho.problems.MaxCut(graph)
    result = ho.solve(problem, seed=0, sweeps=200 if options.quick else None)
    greedy_value, greedy = nx.approximation.one_exchange(graph, weight="weight", seed=0)
    print(result)
    print(f"networkx one_exchange: {greedy_value}")

    figure, axes = plt.subplots(1, 2, figsize=(11, 5), layout="constrained")
    for ax, name, cut in (
        (axes[0], "networkx one_exchange", greedy),
        (axes[1], "hopfield-opt", result.answer),
    ):
        problem.plot(cut, ax=ax)
        ax.set_title(f"{name}: cut {problem.evaluate(cut).value:g}")
    figure.savefig(options.output, dpi=120)
    print(f"picture: {options.output}")


if __name__ == "__main__":
    main()
