"""The semidefinite relaxation of Max-Cut: a bound, and cuts by random hyperplanes."""

import time
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import rng
from hopfield_opt.baselines.cuts import dense
from hopfield_opt.io.weighted_graph import Sides, WeightedGraph

Floats = NDArray[np.float64]

# the relaxation has n^2 variables: less than a second at 100 vertices, minutes at 1000
MAX_VERTICES = 100
# the best of so many hyperplanes is stable, and takes milliseconds
NUM_HYPERPLANES = 1000


@dataclass(frozen=True, eq=False)
class _Relaxed:
    """The relaxed spins as a matrix of scalar products, and the dual variables, one a vertex."""

    products: Floats
    duals: Floats


def cut_bound(graph: WeightedGraph, deadline: float | None = None) -> float:
    """Return an upper bound on the weight of every cut.

    ``s'Ls/4`` with the Laplacian L is the weight of a cut, and for any numbers y it is at most
    ``sum(y) + n max(0, largest eigenvalue of L/4 - diag(y))``. The relaxation gives y; the bound
    holds however inaccurate the solver was.

    Parameters
    ----------
    graph : WeightedGraph
        A graph of at most a few hundred vertices.
    deadline : float or None
        A value of `time.monotonic()` after which the solver stops; the bound is then weaker.

    Returns
    -------
    float
        The bound.

    Examples
    --------
    A cut of the ring of five has four edges:

    >>> ring = WeightedGraph(range(5), [0, 1, 2, 3, 4], [1, 2, 3, 4, 0], [1, 1, 1, 1, 1])
    >>> round(cut_bound(ring), 3)
    4.523
    """
    if graph.num_edges == 0:
        return 0.0
    quarter = _laplacian(graph) / 4
    duals = _solve_relaxation(graph, deadline).duals
    excess = float(np.linalg.eigvalsh(quarter - np.diag(duals))[-1])
    # eigenvalues have an error of about 1e-16 of the norm
    excess += 1e-13 * (float(np.abs(quarter).sum()) + float(np.abs(duals).sum()))
    bound = float(duals.sum()) + graph.num_vertices * max(0.0, excess)
    return min(bound, float(graph.weights[graph.weights > 0].sum()))


def rounded_cut(graph: WeightedGraph, seed: int, deadline: float | None = None) -> Sides:
    """Return the best of 1000 cuts of the relaxed spins by random hyperplanes.

    For weights >= 0 a random hyperplane cuts, on average, at least 0.878 of the optimum [1]_.

    Parameters
    ----------
    graph : WeightedGraph
        A graph of at most a few hundred vertices.
    seed : int
        The same seed gives the same hyperplanes.
    deadline : float or None
        A value of `time.monotonic()` after which the solver stops.

    Returns
    -------
    pair of sets
        The two sides.

    References
    ----------
    .. [1] M. X. Goemans, D. P. Williamson, "Improved approximation algorithms for maximum cut
       and satisfiability problems using semidefinite programming", J. ACM 42 (1995), theorem 3.1.
    """
    if graph.num_edges == 0:
        return graph.sides(np.ones(graph.num_vertices))
    values, vectors = np.linalg.eigh(_solve_relaxation(graph, deadline).products)
    relaxed_spins = vectors * np.sqrt(np.clip(values, 0, None))
    normals = rng.generator(seed).standard_normal((graph.num_vertices, NUM_HYPERPLANES))
    spins = np.where(relaxed_spins @ normals >= 0, 1.0, -1.0)
    cuts = (spins * (_laplacian(graph) @ spins)).sum(axis=0) / 4
    return graph.sides(spins[:, int(cuts.argmax())])


def _laplacian(graph: WeightedGraph) -> Floats:
    matrix = dense(graph)
    return np.diag(matrix.sum(axis=1)) - matrix


def _solve_relaxation(graph: WeightedGraph, deadline: float | None) -> _Relaxed:
    """Solve ``maximize <L, X>/4`` over X with diagonal 1 and no negative eigenvalue."""
    import cvxpy

    size, scale = graph.num_vertices, float(np.abs(graph.weights).max())
    if scale == 0:
        return _Relaxed(np.eye(size), np.zeros(size))
    products: Any = cvxpy.Variable((size, size), PSD=True)
    unit = cvxpy.diag(products) == 1
    objective = cvxpy.trace(_laplacian(graph) / (4 * scale) @ products)
    left = {} if deadline is None else {"time_limit_secs": max(0.01, deadline - time.monotonic())}
    with warnings.catch_warnings():
        # that it stopped at the deadline
        warnings.filterwarnings("ignore", message="Solution may be inaccurate")
        cvxpy.Problem(cvxpy.Maximize(objective), [unit]).solve(solver="SCS", eps=1e-6, **left)
    if products.value is None or unit.dual_value is None:
        # nothing yet: independent random spins, and no dual
        return _Relaxed(np.eye(size), np.zeros(size))
    return _Relaxed(np.asarray(products.value), scale * np.asarray(unit.dual_value))
