"""Cut Zachary's karate club in two, next to networkx, and draw both cuts.

What to see: the largest cut separates almost every pair of friends; the greedy exchange of
networkx gets stuck a little below it.

    python examples/karate_cut.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import networkx as nx

import hopfield_opt as ho
from hopfield_opt.plot.scripts import arguments, save, styled


@styled
def main(words: list[str] | None = None) -> None:
    """Solve, compare and draw."""
    options = arguments(__doc__, __file__, words)
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
    save(figure, options)


if __name__ == "__main__":
    main()
