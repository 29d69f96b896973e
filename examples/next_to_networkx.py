"""Cut one random graph with networkx and with hopfield-opt, for the same time.

What to see: repeating the heuristics of networkx does not make up for annealing.

    python examples/next_to_networkx.py [--seconds S] [--seeds N] [--quick]
"""

import argparse
import time

import numpy as np

import hopfield_opt as ho


def main() -> None:
    """Run everybody for the same time and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="a smaller graph, for a moment")
    options = parser.parse_args()
    size, seconds, seeds = 150, options.seconds, options.seeds
    if options.quick:
        size, seconds, seeds = 50, 0.2, 1

    problem = ho.problems.MaxCut.random(size, p=0.1, weights="normal", seed=1)
    print(f"{problem.graph.num_vertices} nodes, {len(problem.graph.weights)} edges")
    ho.solve(problem, sweeps=1)  # kernels are compiled, or loaded
    cuts: dict[str, list[float]] = {}
    for seed in range(seeds):
        for baseline in problem.baselines():
            if baseline.name.startswith("networkx"):
                answer = baseline.run(seed, time.monotonic() + seconds)
                cuts.setdefault(baseline.name, []).append(problem.evaluate(answer).value)
        result = ho.solve(problem, time_limit=seconds, seed=seed, n_jobs=1)
        cuts.setdefault("hopfield-opt", []).append(result.value)

    print(f"| algorithm | cut after {seconds:g} s | best | worst |\n|---|---|---|---|")
    for name, found in cuts.items():
        print(f"| {name} | {np.median(found):g} | {max(found):g} | {min(found):g} |")


if __name__ == "__main__":
    main()
