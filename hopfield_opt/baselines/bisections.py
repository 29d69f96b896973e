"""Bipartitions by networkx, by eigenvectors and by enumeration, and a semidefinite bound."""

import time
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import rng
from hopfield_opt.baselines.cuts import as_networkx, dense
from hopfield_opt.baselines.restarts import best_of_runs
from hopfield_opt.errors import InputError
from hopfield_opt.io.weighted_graph import Sides, WeightedGraph

Floats = NDArray[np.float64]

# a second or less by enumeration
MAX_VERTICES_EXACT = 20
# states that are looked at together: 4 MB of spins
BLOCK = 2**17
# small matrices are diagonalised as a whole
_SMALL = 200
# of the eigenvector, whose order is all that matters
_EIGEN_TOLERANCE = 1e-3


def kernighan_lin(
    graph: WeightedGraph, allowed: Sequence[int], seed: int, deadline: float | None = None
) -> Sides:
    """Return the best of `networkx.community.kernighan_lin_bisection` from random starts.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    allowed : sequence of int
        The sizes that a side may have; the runs have the one nearest to half of the vertices.
    seed : int
        The same seed gives the same runs.
    deadline : float or None
        A value of `time.monotonic()`; None makes one run. A run cannot be stopped.

    Returns
    -------
    pair of sets
        The two sides.
    """
    import networkx as nx

    network, n = as_networkx(graph), graph.num_vertices
    size = min(allowed, key=lambda count: abs(2 * count - n))
    draws = rng.generator(seed)

    def cut(number: int) -> tuple[float, Floats]:
        order = draws.permutation(n).tolist()
        first: Any = order[:size]
        if 0 < size < n:
            start, own = (set(first), set(order[size:])), int(draws.integers(2**31))
            first, _ = nx.community.kernighan_lin_bisection(
                network, start, seed=own, backend="networkx"
            )
        spins = np.ones(n)
        spins[list(first)] = -1
        return _weight_across(graph, spins), spins

    return graph.sides(best_of_runs(cut, deadline))


def spectral(
    graph: WeightedGraph, allowed: Sequence[int], seed: int, deadline: float | None = None
) -> Sides:
    """Return the best cut along the order of an eigenvector (Fiedler).

    The eigenvector is that of the least eigenvalue of the Laplacian among the vectors whose
    entries add up to 0; of a disconnected graph it may be any that tells its parts apart.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    allowed : sequence of int
        The sizes that a side may have.
    seed : int
        Of the start of the iteration.
    deadline : float or None
        Not used: the iteration cannot be stopped.

    Returns
    -------
    pair of sets
        The two sides.

    References
    ----------
    A. Pothen, H. D. Simon, K.-P. Liou, "Partitioning sparse matrices with eigenvectors of
    graphs", SIAM J. Matrix Anal. Appl. 11 (1990), section 3.
    """
    n = graph.num_vertices
    order = np.argsort(_least_vector(graph, rng.generator(seed)), kind="stable")
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    near, far = place[graph.heads], place[graph.tails]
    # an edge is cut by the sizes after the nearer of its ends and up to the farther one
    steps = np.bincount(np.minimum(near, far) + 1, graph.weights, n + 1)
    steps -= np.bincount(np.maximum(near, far) + 1, graph.weights, n + 1)
    across = np.cumsum(steps)
    size = min(allowed, key=lambda count: float(across[count]))
    return graph.sides(np.where(place < size, 1, -1))


def _least_vector(graph: WeightedGraph, draws: np.random.Generator) -> Floats:
    """Return the eigenvector of the least eigenvalue of the Laplacian off the constant vector."""
    import scipy.sparse
    from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

    n, heads, tails = graph.num_vertices, graph.heads, graph.tails
    scale = float(np.abs(graph.weights).max(initial=0.0))
    if scale == 0 or n < 2:
        return draws.standard_normal(n)
    weights = graph.weights / scale
    degrees = np.bincount(heads, weights, n) + np.bincount(tails, weights, n)
    sizes = np.bincount(heads, np.abs(weights), n) + np.bincount(tails, np.abs(weights), n)
    # the constant vector is moved above all others, the sum of which is within twice the sizes
    top = 4 * float(sizes.max())
    if n <= _SMALL:
        laplacian = np.diag(degrees) - dense(graph) / scale + top / n
        return np.asarray(np.linalg.eigh(laplacian)[1][:, 0])
    matrix = scipy.sparse.coo_array((weights, (heads, tails)), (n, n)).tocsr()
    matrix = matrix + matrix.T

    def product(vector: Floats) -> Floats:
        v = vector.ravel()
        return np.asarray(degrees * v - matrix @ v + top * v.mean())

    operator = LinearOperator((n, n), matvec=product, dtype=np.float64)
    start = draws.standard_normal(n)
    vectors: Any
    try:
        _, vectors = eigsh(operator, k=1, which="SA", v0=start, tol=_EIGEN_TOLERANCE, ncv=40)
    except ArpackNoConvergence as error:
        vectors = error.eigenvectors
    return np.asarray(vectors[:, 0] if vectors.shape[1] else start)


def _weight_across(graph: WeightedGraph, spins: Floats) -> float:
    return float(graph.weights[spins[graph.heads] != spins[graph.tails]].sum())


def enumeration(
    graph: WeightedGraph, allowed: Sequence[int], seed: int, deadline: float | None = None
) -> Sides:
    """Return the least bipartition of a graph of at most 20 vertices.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    allowed : sequence of int
        The sizes that a side may have.
    seed : int
        Not used: the answer is always the same.
    deadline : float or None
        A value of `time.monotonic()` after which the best so far is returned.

    Returns
    -------
    pair of sets
        The two sides.
    """
    n = graph.num_vertices
    if n > MAX_VERTICES_EXACT:
        raise InputError(f"graph must have at most {MAX_VERTICES_EXACT} vertices, got {n}.")
    matrix = dense(graph)
    size = min(allowed, default=0)
    best, lowest = np.where(np.arange(n) < size, 1.0, -1.0), np.inf
    for begin in range(0, 2**n, BLOCK):
        codes = np.arange(begin, min(begin + BLOCK, 2**n))
        spins = 2.0 * (codes[:, None] >> np.arange(n) & 1) - 1
        spins = spins[np.isin((spins > 0).sum(axis=1), np.asarray(allowed))]
        values = -((spins @ matrix) * spins).sum(axis=1)
        if len(values) and values.min() < lowest:
            best, lowest = spins[values.argmin()], float(values.min())
        if deadline is not None and time.monotonic() >= deadline:
            break
    return graph.sides(best)


def bound(graph: WeightedGraph, allowed: Sequence[int], deadline: float | None = None) -> float:
    """Return a lower bound on the weight across of every bipartition.

    ``s'Ls/4`` with the Laplacian L is the weight across, and ``(sum s)^2 <= d^2`` with the
    largest allowed difference d of the sizes. For any numbers y, and z >= 0, that is at least
    ``sum(y) - z d^2 + n min(0, least eigenvalue of L/4 - diag(y) + z 11')``. The relaxation
    gives y and z; the bound holds however inaccurate the solver was.

    Parameters
    ----------
    graph : WeightedGraph
        A graph of at most a few hundred vertices.
    allowed : sequence of int
        The sizes that a side may have.
    deadline : float or None
        A value of `time.monotonic()` after which the solver stops; the bound is then weaker.

    Returns
    -------
    float
        The bound.

    Examples
    --------
    >>> round(bound(WeightedGraph(range(4), [0, 1, 2], [1, 2, 3], [1, 1, 1]), [2]), 2)
    1.0
    """
    n, scale = graph.num_vertices, float(np.abs(graph.weights).max(initial=0.0))
    if scale == 0:
        return 0.0
    matrix = dense(graph)
    quarter = (np.diag(matrix.sum(axis=1)) - matrix) / 4
    widest = float(max(abs(2 * count - n) for count in allowed) ** 2)
    duals, pull = _duals(quarter / scale, widest, deadline)
    duals, pull = scale * duals, scale * pull
    least = float(np.linalg.eigvalsh(quarter - np.diag(duals) + pull)[0])
    # eigenvalues have an error of about 1e-16 of the norm
    least -= 1e-13 * (float(np.abs(quarter).sum() + np.abs(duals).sum()) + n * n * pull)
    value = float(duals.sum()) - pull * widest + n * min(0.0, least)
    return max(value, float(graph.weights[graph.weights < 0].sum()))


def _duals(quarter: Floats, widest: float, deadline: float | None) -> tuple[Floats, float]:
    """Solve ``minimize <L, X>/4``, X with diagonal 1, sum <= d^2, and no negative eigenvalue."""
    import cvxpy

    n = len(quarter)
    products: Any = cvxpy.Variable((n, n), PSD=True)
    unit, count = cvxpy.diag(products) == 1, cvxpy.sum(products) <= widest
    problem = cvxpy.Problem(cvxpy.Minimize(cvxpy.trace(quarter @ products)), [unit, count])
    left = {} if deadline is None else {"time_limit_secs": max(0.01, deadline - time.monotonic())}
    with warnings.catch_warnings():
        # that it stopped at the deadline
        warnings.filterwarnings("ignore", message="Solution may be inaccurate")
        problem.solve(solver="SCS", eps=1e-6, **left)
    if unit.dual_value is None or count.dual_value is None:
        return np.zeros(n), 0.0
    # cvxpy adds the dual times the left side to the cost
    return -np.asarray(unit.dual_value), max(0.0, float(count.dual_value))
