"""Cut one random graph with networkx and with hopfield-opt, for the same time.

What to see: repeating the heuristics of networkx does not make up for annealing.

    python examples/next_to_networkx.py [--seconds S] [--seeds N] [--output FILE.png] [--quick]
"""

import hopfield_opt as ho
from hopfield_opt.plot.scripts import arguments, save, styled


@styled
def main(words: list[str] | None = None) -> None:
    """Compare everybody, print a Markdown table and draw quality over time."""
    options = arguments(__doc__, __file__, words, seconds=2.0, seeds=5)
    size, seconds, seeds = 150, options.seconds, options.seeds
    if options.quick:
        size, seconds, seeds = 50, 0.2, 1

    problem = ho.problems.MaxCut.random(size, p=0.1, weights="normal", seed=1)
    print(f"{problem.graph.num_vertices} nodes, {len(problem.graph.weights)} edges")
    table = ho.compare(problem, time_limit=seconds, seeds=seeds)
    print(table.to_markdown())
    save(table.plot().figure, options)


if __name__ == "__main__":
    main()
