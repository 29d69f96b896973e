"""Graphs, matrices and frames as cities with distances."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import scipy.sparse

from hopfield_opt.arrays import check_memory
from hopfield_opt.border import as_float, check_digits, real_array, widen
from hopfield_opt.errors import InputError, show
from hopfield_opt.frames import square_frame
from hopfield_opt.io.cities import Cities
from hopfield_opt.io.weighted_graph import WeightedGraph, as_stored, check_attribute, weight_error


def as_cities(cities: Any, weight: str | None = "weight") -> Cities:
    """Return anything that has distances as one frozen table.

    Parameters
    ----------
    cities : Cities, networkx graph, WeightedGraph, scipy sparse matrix or (n, n) array
        A directed graph has roads in one direction; of parallel edges the shortest counts,
        self-loops do not. The labels of a graph are kept, and those of a DataFrame, whose
        columns follow its rows; those of a matrix are 0, 1, ... A stored entry of a sparse
        matrix is a road; in an array what is inf or masked is none.
    weight : str or None
        The edge attribute that holds the distance, 1 where it is missing. None: all are 1.

    Raises
    ------
    InputError
        If the input is none of these, or a distance is no number.

    Examples
    --------
    >>> import networkx as nx
    >>> as_cities(nx.path_graph("abc")).distances
    array([[ 0.,  1., inf],
           [ 1.,  0.,  1.],
           [inf,  1.,  0.]])
    """
    check_attribute(weight)
    if isinstance(cities, Cities):
        return cities
    if isinstance(cities, WeightedGraph):
        return _from_graph(cities, weight)
    if hasattr(cities, "adjacency") and hasattr(cities, "is_directed"):
        return _from_networkx(cities, weight)
    if scipy.sparse.issparse(cities):
        return _from_sparse(cities)
    if isinstance(cities, (str, bytes, Mapping)) or not np.iterable(cities):
        raise InputError(
            "cities must be a networkx graph or a square matrix, "
            f"got {type(cities).__name__}. A file is read by the problem's `read`."
        )
    # three of them are edges (u, v, weight) as well as a matrix
    if (
        isinstance(cities, list | tuple)
        and [type(row) for row in cities] == [tuple] * 3
        and all(len(row) == 3 for row in cities)
    ):
        raise InputError(
            f"cities must be a matrix or a graph, got {show(cities)}, which may be either. "
            "Write numpy.array(...) for distances; edges become a graph by networkx."
        )
    labels, square = square_frame("distances", cities)
    array = square if isinstance(square, np.ndarray) else real_array("distances", square)
    array = array.reshape(0, 0) if array.size == 0 else array
    return Cities(range(len(array)) if labels is None else labels, array)


def _from_sparse(matrix: Any) -> Cities:
    if matrix.ndim != 2 or matrix.dtype.kind not in "biuf":
        raise InputError(
            f"distances must be a real matrix, got shape {matrix.shape}, dtype {matrix.dtype}. "
            "Convert it."
        )
    entries = scipy.sparse.coo_array(as_stored(widen("distances", matrix), matrix))
    entries.sum_duplicates()
    rows, columns = entries.shape
    check_memory("distances", 16 * rows * columns)
    distances = np.full((rows, columns), np.inf)
    distances[entries.row, entries.col] = entries.data
    return Cities(range(rows), distances)


def _from_graph(graph: WeightedGraph, weight: str | None) -> Cities:
    size = graph.num_vertices
    check_memory("distances", 32 * size**2)
    matrix = np.full((size, size), np.inf)
    matrix[graph.heads, graph.tails] = 1.0 if weight is None else graph.weights
    matrix[graph.tails, graph.heads] = matrix[graph.heads, graph.tails]
    return Cities(graph.labels, matrix, None, graph.name)


def _from_networkx(graph: Any, weight: str | None) -> Cities:
    labels = tuple(graph)
    index = {label: position for position, label in enumerate(labels)}
    check_memory("distances", 16 * len(labels) ** 2)
    matrix = np.full((len(labels), len(labels)), np.inf)
    for u, v, data in graph.edges(data=True):
        value = 1.0 if weight is None else data.get(weight, 1.0)
        length = as_float(value)
        if length is None or not np.isfinite(length):
            raise weight_error((u, v), value)
        check_digits("weights", value)
        i, j = index[u], index[v]
        matrix[i, j] = min(matrix[i, j], length)
        if not graph.is_directed():
            matrix[j, i] = matrix[i, j]
    places = [graph.nodes[label].get("pos") for label in labels]
    drawn = labels and all(isinstance(p, (tuple, list, np.ndarray)) and len(p) == 2 for p in places)
    name = str(getattr(graph, "name", "") or "")
    return Cities(labels, matrix, np.array(places, dtype=float) if drawn else None, name)
