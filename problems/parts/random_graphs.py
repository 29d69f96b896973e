"""Seeded random graphs for the `random` of graph problems."""

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import rng
from hopfield_opt.arrays import check_integer, check_memory, check_number
from hopfield_opt.errors import InputError, check_choice
from hopfield_opt.io.weighted_graph import WeightedGraph

# what they take here, and as much in the network
BYTES_PER_EDGE, BYTES_PER_VERTEX = 80, 80
WEIGHTS = ("ones", "signs", "normal", "uniform")


def random_graph(n: int, p: float, weights: str = "ones", seed: int | None = None) -> WeightedGraph:
    """Return a graph with vertices 0 ... n - 1 in which each edge is there with probability p.

    Parameters
    ----------
    n : int
        The number of vertices.
    p : float
        The probability of each edge.
    weights : {"ones", "signs", "normal", "uniform"}
        All 1, or -1 and +1 with equal probability, or from the standard normal law, or between
        0 and 1.
    seed : int or None
        The same seed gives the same graph.

    Raises
    ------
    InputError
        If an argument is out of its range.
    SizeError
        If the graph would not fit into memory.

    Examples
    --------
    >>> random_graph(4, p=1.0)
    WeightedGraph('random', 4 vertices, 6 edges)
    """
    n, p = check_integer("n", n, lowest=0), check_number("p", p)
    if not 0 <= p <= 1:
        raise InputError(f"p must be a probability from 0 to 1, got {p}.")
    check_choice("weights", weights, WEIGHTS)
    check_memory("graph", int(BYTES_PER_EDGE * p * n * (n - 1) / 2 + BYTES_PER_VERTEX * n))
    draws = rng.generator(rng.check_seed(seed))
    heads, tails = _pairs(n, _successes(n * (n - 1) // 2, p, draws))
    values: NDArray[np.float64] = np.ones(len(heads))
    if weights == "signs":
        values = np.where(draws.random(len(heads)) < 0.5, -1.0, 1.0)
    elif weights == "normal":
        values = draws.standard_normal(len(heads))
    elif weights == "uniform":
        values = draws.random(len(heads))
    return WeightedGraph(range(n), heads, tails, values, "random")


def _successes(trials: int, p: float, draws: np.random.Generator) -> NDArray[np.int64]:
    """Return which of independent trials succeed, in time proportional to their number."""
    if p == 0:
        return np.empty(0, dtype=np.int64)
    found = [np.array([-1])]
    while found[-1][-1] < trials - 1:
        # the gaps between successes are geometric; a batch is enough more often than not
        left = (trials - found[-1][-1]) * p
        gaps = draws.geometric(p, size=int(left + 3 * np.sqrt(left)) + 10)
        gaps = np.minimum(gaps, trials + 1)  # longer ones would overflow the sum
        found.append(found[-1][-1] + np.cumsum(gaps))
    successes = np.concatenate(found[1:] or [np.empty(0, dtype=np.int64)])
    return successes[successes < trials]


def _pairs(n: int, codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs u < v with the given places in the order (0, 1), (0, 2), ... (1, 2), ..."""
    vertices = np.arange(n, dtype=np.int64)
    starts = vertices * (2 * n - vertices - 1) // 2
    heads = np.searchsorted(starts, codes, side="right") - 1
    # the last vertices start where there is no pair any more: step back to the one that has
    heads = np.minimum(heads, max(n - 2, 0))
    return heads, codes - starts[heads] + heads + 1
