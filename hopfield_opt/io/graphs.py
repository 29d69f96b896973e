"""Any graph input, read once into labels and arrays."""

import contextlib
import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.arrays import warn
from hopfield_opt.border import DIGITS, as_float, check_digits, real_array, widen
from hopfield_opt.errors import InputError, show
from hopfield_opt.frames import is_labelled, num_axes, square_frame
from hopfield_opt.io.weighted_graph import (
    Ends,
    WeightedGraph,
    as_stored,
    check_attribute,
    weight_error,
)


def as_graph(graph: Any, weight: str | None = "weight", name: str | None = None) -> WeightedGraph:
    """Return anything graph-like as one frozen graph.

    Parameters
    ----------
    graph : WeightedGraph, networkx graph, scipy sparse or numpy matrix, or iterable of edges
        Undirected. Matrices are square and symmetric, stored (dense: nonzero) entries are
        edges and the labels are 0, 1, ...; a masked entry is no edge, and a DataFrame has the
        labels of its rows, which its columns follow. Edges are `(u, v)` or `(u, v, weight)`,
        and the labels come in order of appearance. Parallel edges are summed.
    weight : str or None
        The edge attribute that holds the weight, 1 where it is missing. None: all edges
        weigh 1, also those of a matrix or edge list.
    name : str or None
        What the graph is called; None takes the name of a networkx graph.

    Returns
    -------
    WeightedGraph
        The graph, with nothing shared with the input.

    Raises
    ------
    InputError
        If the input is directed, not square, not symmetric, or has a weight that is no
        finite number.

    Examples
    --------
    >>> as_graph([("a", "b"), ("b", "c", 2.5)]).labels
    ('a', 'b', 'c')
    >>> import numpy as np
    >>> as_graph(np.array([[0, 3], [3, 0]])).weights
    array([3.])
    """
    check_attribute(weight)
    if isinstance(graph, WeightedGraph):
        return graph if weight is not None else _with_ones(graph)
    if hasattr(graph, "adjacency") and hasattr(graph, "is_directed"):
        return _from_networkx(graph, weight, name)
    labels = None
    if is_labelled(graph) and num_axes(graph) == 2:
        labels, graph = square_frame("graph", graph)
    if scipy.sparse.issparse(graph) or isinstance(graph, np.ndarray):
        return _from_matrix(graph, labels, weight, name or "")
    if isinstance(graph, (str, bytes, Mapping)) or not isinstance(graph, Iterable):
        raise InputError(
            "graph must be a networkx graph, a square matrix or an iterable of edges, "
            f"got {type(graph).__name__}. A file is read by the problem's `read`, "
            "a dict of neighbours by networkx.Graph."
        )
    return _from_edges(_check_edges(graph), weight, name or "")


def _check_edges(graph: Iterable[Any]) -> Iterable[Any]:
    """Return edges, or say that lists of two or three rows may be a matrix as well."""
    if isinstance(graph, list) and 2 <= len(graph) <= 3:
        rows = [row for row in graph if isinstance(row, list) and len(row) == len(graph)]
        mirrored = [list(row) for row in zip(*rows, strict=True)]
        if len(rows) == len(graph) and mirrored == rows and not any(rows[k][k] for k in range(2)):
            raise InputError(
                f"graph must be a matrix or edges, got {show(graph)}, which may be either. "
                "Write numpy.array(...) for a matrix, and edges as tuples."
            )
    return graph


def _with_ones(graph: WeightedGraph) -> WeightedGraph:
    ones = np.ones(graph.num_edges)
    return WeightedGraph(graph.labels, graph.heads, graph.tails, ones, graph.name)


def _from_networkx(graph: Any, weight: str | None, name: str | None) -> WeightedGraph:
    """Read a networkx graph through its adjacency, which is faster than through its edges."""
    if graph.is_directed():
        raise InputError(
            f"graph must be undirected, got a {type(graph).__name__}. Use graph.to_undirected()."
        )
    index = {label: position for position, label in enumerate(graph)}
    counts: list[int] = []
    ends: list[int] = []
    values: list[Any] = []
    for _, neighbours in graph.adjacency():
        if graph.is_multigraph():
            # one entry for each of the parallel edges
            parallel = [(v, data) for v, keys in neighbours.items() for data in keys.values()]
            neighbours_of, attributes = [v for v, _ in parallel], [data for _, data in parallel]
        else:
            neighbours_of, attributes = list(neighbours), list(neighbours.values())
        counts.append(len(neighbours_of))
        ends.extend(map(index.__getitem__, neighbours_of))
        if weight is not None:
            values.extend([data.get(weight, 1) for data in attributes])
    heads = np.repeat(np.arange(len(index)), np.array(counts, dtype=np.int64))
    tails = np.array(ends, dtype=np.int64)
    labels = tuple(index)
    weights = np.ones(len(tails))
    if weight is not None:
        weights = _numbers(values, labels, heads, tails)
        if weight != "weight" and not any(weight in data for _, _, data in graph.edges(data=True)):
            warn(f"no edge has the attribute {weight!r}: all edges weigh 1.")
    # the adjacency names each edge at both ends, and a self-loop once
    once = heads <= tails
    found = getattr(graph, "name", "") if name is None else name
    return WeightedGraph(labels, heads[once], tails[once], weights[once], str(found))


def _numbers(
    values: list[Any], labels: Sequence[Hashable], heads: Ends, tails: Ends
) -> NDArray[np.float64]:
    """Return weights as floats, naming the first that is no number."""
    if set(map(type, values)) <= {int, float, np.float64, np.int64}:
        with contextlib.suppress(OverflowError):  # an integer above the largest float
            plain = np.array(values, dtype=np.float64)
            if np.abs(plain).max(initial=0.0) < 2**DIGITS:
                return plain
    array = np.empty(len(values))
    for position, value in enumerate(values):
        number = as_float(value)
        if number is None or not math.isfinite(number):
            raise weight_error((labels[heads[position]], labels[tails[position]]), value)
        check_digits("weights", value)
        array[position] = number
    return array


def _from_matrix(
    matrix: Any, labels: Sequence[Hashable] | None, weight: str | None, name: str
) -> WeightedGraph:
    """Read a symmetric matrix, naming the first entry that is wrong."""
    if isinstance(matrix, np.ma.MaskedArray):
        matrix = matrix.filled(0)
    if len(matrix.shape) != 2 or matrix.shape[0] != matrix.shape[1]:
        raise InputError(
            f"graph must be a square matrix, got shape {tuple(matrix.shape)}. "
            "An array of edges becomes an edge list by `.tolist()`."
        )
    if isinstance(matrix, np.ndarray):
        matrix = real_array("graph", matrix)
    if matrix.dtype.kind not in "biuf":
        raise InputError(
            f"graph must be a matrix of real numbers, got dtype {matrix.dtype}. "
            "Convert its entries."
        )
    if not isinstance(matrix, np.ndarray):
        matrix = widen("graph", matrix)
    csr = as_stored(scipy.sparse.csr_array(matrix, dtype=np.float64), matrix)
    if not csr.has_canonical_format:
        csr = csr.copy()
        csr.sum_duplicates()
    _check_symmetric(csr)
    heads = np.repeat(np.arange(csr.shape[0]), np.diff(csr.indptr))
    once = heads <= csr.indices
    weights = csr.data[once] if weight is not None else np.ones(int(once.sum()))
    names = range(csr.shape[0]) if labels is None else labels
    return WeightedGraph(names, heads[once], csr.indices[once], weights, name)


def _check_symmetric(csr: Any) -> None:
    """Raise an error naming an entry that is not finite or differs from its mirror image."""
    if not np.isfinite(csr.data).all():
        entry = int(np.flatnonzero(~np.isfinite(csr.data))[0])
        row = int(np.searchsorted(csr.indptr, entry, side="right")) - 1
        raise weight_error((row, int(csr.indices[entry])), float(csr.data[entry]))
    if (found := asymmetric_entry(csr)) is not None:
        u, v = found
        raise InputError(
            f"graph must be a symmetric matrix, got {csr[u, v]:g} and {csr[v, u]:g} "
            f"at [{u}, {v}] and [{v}, {u}]. Use (A + A.T) / 2, or an edge list."
        )


def asymmetric_entry(csr: Any) -> tuple[int, int] | None:
    """Return the first entry of a canonical CSR array that differs from its mirror image."""
    # the columns of a symmetric matrix are its rows, so that the three arrays are the same
    mirror = csr.tocsc()
    parts = ("indptr", "indices", "data")
    if all(np.array_equal(getattr(csr, part), getattr(mirror, part)) for part in parts):
        return None
    rows, columns = (csr != csr.T).nonzero()
    # none where the two differ in stored zeros only
    return min(zip(rows.tolist(), columns.tolist(), strict=True), default=None)


def _from_edges(edges: Iterable[Any], weight: str | None, name: str) -> WeightedGraph:
    """Read (u, v), (u, v, weight) and networkx's (u, v, attributes)."""
    index: dict[Hashable, int] = {}
    heads, tails, values = [], [], []
    for position, edge in enumerate(edges):
        if isinstance(edge, (str, bytes)) or not isinstance(edge, Sequence):
            raise _edge_error(edge, position)
        if not 2 <= len(edge) <= 3:
            raise _edge_error(edge, position)
        value = edge[2] if len(edge) == 3 else 1
        if isinstance(value, dict) and not scipy.sparse.issparse(value):
            value = value.get(weight, 1)
        try:
            heads.append(index.setdefault(edge[0], len(index)))
            tails.append(index.setdefault(edge[1], len(index)))
        except TypeError as error:  # not hashable
            raise _edge_error(edge, position) from error
        values.append(value if weight is not None else 1)
    ends = np.array(heads, dtype=np.int64), np.array(tails, dtype=np.int64)
    labels = tuple(index)
    return WeightedGraph(labels, *ends, _numbers(values, labels, *ends), name)


def _edge_error(edge: object, position: int) -> InputError:
    return InputError(
        f"edge must be (u, v) or (u, v, weight) with hashable ends, got {show(edge)} "
        f"at position {position}. Write a list of such tuples."
    )
