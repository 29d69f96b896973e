"""Cut one random graph with networkx and with hopfield-opt, for the same time.

What to see: repeating the heuristics of networkx does not make up for annealing.

    python examples/next_to_networkx.py [--seconds S] [--seeds N] [--output FILE.png] [--quick]
"""

import argparse

import matplotlib

import hopfield_opt as ho

matplotlib.use("Agg")


def main() -> None:
    """Compare everybody, print a Markdown table and draw quality over time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--output", default="next_to_networkx.png")
    parser.add_argument("--quick", action="store_true", help="a smaller graph, for a moment")
    options = parser.parse_args()
    size, seconds, seeds = 150, options.seconds, options.seeds
    if options.quick:
        size, seconds, seeds = 50, 0.2, 1

    problem = ho.problems.MaxCut.random(size, p=0.1, weights="normal", seed=1)
    print(f"{problem.graph.num_vertices} nodes, {len(problem.graph.weights)} edges")
    table = ho.compare(problem, time_limit=seconds, seeds=seeds)
    print(table.to_markdown())
    table.plot().figure.savefig(options.output, dpi=150)
    print(f"wrote {options.output}")


if __name__ == "__main__":
    main()
