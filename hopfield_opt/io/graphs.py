"""Any graph input, read once: labels and arrays that nobody changes any more."""

import math
import numbers
import warnings
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import ArrayLike, NDArray

from hopfield_opt.errors import HopfieldWarning, InputError

Ends = NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False)
class WeightedGraph:
    """An undirected weighted graph as labels and arrays.

    Each edge stands once, with `heads < tails`, sorted by head and then tail. Parallel edges
    given to the constructor are summed; self-loops are dropped with a warning.

    Parameters
    ----------
    labels : tuple of hashable
        The vertices in insertion order.
    heads, tails : (num_edges,) int64
        The positions in `labels` of the two ends of each edge.
    weights : (num_edges,) float64
        The weights.
    name : str
        What the graph is called in tables and titles.

    Raises
    ------
    InputError
        If an end is no position in `labels`, or if a weight or the sum of all absolute
        weights is not finite.

    Examples
    --------
    >>> graph = WeightedGraph(("a", "b", "c"), [0, 2, 1], [1, 1, 0], [1.0, 2.0, 0.5])
    >>> graph, graph.weights.tolist()
    (WeightedGraph(3 vertices, 2 edges), [1.5, 2.0])
    """

    labels: tuple[Hashable, ...]
    heads: Ends
    tails: Ends
    weights: NDArray[np.float64]
    name: str = ""

    def __init__(
        self,
        labels: Iterable[Hashable],
        heads: ArrayLike,
        tails: ArrayLike,
        weights: ArrayLike,
        name: str = "",
    ) -> None:
        object.__setattr__(self, "labels", tuple(labels))
        object.__setattr__(self, "name", name)
        ends = np.asarray(heads, dtype=np.int64), np.asarray(tails, dtype=np.int64)
        arrays = _merged(self.labels, *ends, np.array(weights, dtype=np.float64))
        for key, array in zip(("heads", "tails", "weights"), arrays, strict=True):
            array.flags.writeable = False
            object.__setattr__(self, key, array)

    def __reduce__(self) -> tuple[Any, ...]:
        # pickle forgets that arrays are read-only
        return WeightedGraph, (self.labels, self.heads, self.tails, self.weights, self.name)

    def __repr__(self) -> str:
        name = f"{self.name!r}, " if self.name else ""
        return f"WeightedGraph({name}{self.num_vertices} vertices, {self.num_edges} edges)"

    @property
    def num_vertices(self) -> int:
        """The number of vertices."""
        return len(self.labels)

    @property
    def num_edges(self) -> int:
        """The number of edges."""
        return len(self.weights)

    @cached_property
    def index(self) -> dict[Hashable, int]:
        """The position of each label."""
        return {label: position for position, label in enumerate(self.labels)}


def _merged(
    labels: Sequence[Hashable], heads: Ends, tails: Ends, weights: NDArray[np.float64]
) -> tuple[Ends, Ends, NDArray[np.float64]]:
    """Return the edges with head < tail, each once, sorted."""
    u, v, w = np.minimum(heads, tails), np.maximum(heads, tails), weights
    if len(u) and (u.min() < 0 or v.max() >= len(labels)):
        raise InputError(
            f"heads and tails must be positions below {len(labels)}, got {min(u)} to {max(v)}."
        )
    if not np.isfinite(w).all():
        bad = int(np.flatnonzero(~np.isfinite(w))[0])
        raise _weight_error((labels[heads[bad]], labels[tails[bad]]), float(w[bad]))
    if (loops := u == v).any():
        example = labels[u[loops.argmax()]]
        message = f"{loops.sum()} self-loop(s) ignored, the first at vertex {example!r}."
        warnings.warn(message, HopfieldWarning, stacklevel=4)
        u, v, w = u[~loops], v[~loops], w[~loops]
    key = u * len(labels) + v
    if (key[1:] <= key[:-1]).any():
        order = np.argsort(key, kind="stable")
        first = np.flatnonzero(np.diff(key[order], prepend=-1))
        w = np.add.reduceat(w[order], first)
        u, v = u[order[first]], v[order[first]]
    with np.errstate(over="ignore"):
        total = float(np.abs(w).sum())
    if not math.isfinite(total):
        raise InputError("weights must have a finite sum, got one above 1.8e308. Scale them.")
    return u, v, w


def _weight_error(edge: tuple[Hashable, Hashable], value: object) -> InputError:
    return InputError(
        f"weight must be a finite number, got {value!r} at edge {edge!r}. "
        "Correct it or remove the edge."
    )


def as_graph(graph: Any, weight: str | None = "weight", name: str | None = None) -> WeightedGraph:
    """Return anything graph-like as one frozen graph.

    Parameters
    ----------
    graph : WeightedGraph, networkx graph, scipy sparse or numpy matrix, or iterable of edges
        Undirected. Matrices are square and symmetric, stored (dense: nonzero) entries are
        edges and the labels are 0, 1, ...; edges are `(u, v)` or `(u, v, weight)`, and the
        labels come in order of appearance. Parallel edges are summed.
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
    if isinstance(graph, WeightedGraph):
        return graph if weight is not None else _with_ones(graph)
    if hasattr(graph, "adjacency") and hasattr(graph, "is_directed"):
        return _from_networkx(graph, weight, name)
    if scipy.sparse.issparse(graph) or isinstance(graph, np.ndarray):
        return _from_matrix(graph, weight, name or "")
    if isinstance(graph, (str, bytes, Mapping)) or not isinstance(graph, Iterable):
        raise InputError(
            "graph must be a networkx graph, a square matrix or an iterable of edges, "
            f"got {type(graph).__name__}. A file is read by the problem's `read`."
        )
    return _from_edges(graph, weight, name or "")


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
    # the adjacency names each edge at both ends, and a self-loop once
    once = heads <= tails
    found = getattr(graph, "name", "") if name is None else name
    return WeightedGraph(labels, heads[once], tails[once], weights[once], str(found))


def _numbers(
    values: list[Any], labels: Sequence[Hashable], heads: Ends, tails: Ends
) -> NDArray[np.float64]:
    """Return weights as floats, naming the first that is no number."""
    try:
        array = np.array(values) if values else np.empty(0)
    except ValueError:  # a sequence among numbers
        array = np.empty(0, dtype=object)
    if array.ndim == 1 and array.dtype.kind in "biuf":
        return array.astype(np.float64)
    for position, value in enumerate(values):
        try:
            if isinstance(value, (numbers.Real, np.bool_, Decimal)) and math.isfinite(value):
                continue
        except OverflowError:  # an integer above the largest float
            pass
        raise _weight_error((labels[heads[position]], labels[tails[position]]), value)
    return np.array([float(value) for value in values])


def _from_matrix(matrix: Any, weight: str | None, name: str) -> WeightedGraph:
    """Read a symmetric matrix, naming the first entry that is wrong."""
    if len(matrix.shape) != 2 or matrix.shape[0] != matrix.shape[1]:
        raise InputError(
            f"graph must be a square matrix, got shape {tuple(matrix.shape)}. "
            "An array of edges becomes an edge list by `.tolist()`."
        )
    if matrix.dtype.kind not in "biuf":
        raise InputError(f"graph must be a matrix of real numbers, got dtype {matrix.dtype}.")
    csr = scipy.sparse.csr_array(matrix, dtype=np.float64)
    if not csr.has_canonical_format:
        csr = csr.copy()
        csr.sum_duplicates()
    _check_symmetric(csr)
    heads = np.repeat(np.arange(csr.shape[0]), np.diff(csr.indptr))
    once = heads <= csr.indices
    weights = csr.data[once] if weight is not None else np.ones(int(once.sum()))
    return WeightedGraph(range(csr.shape[0]), heads[once], csr.indices[once], weights, name)


def _check_symmetric(csr: Any) -> None:
    """Raise an error naming an entry that is not finite or differs from its mirror image."""
    if not np.isfinite(csr.data).all():
        entry = int(np.flatnonzero(~np.isfinite(csr.data))[0])
        row = int(np.searchsorted(csr.indptr, entry, side="right")) - 1
        raise _weight_error((row, int(csr.indices[entry])), float(csr.data[entry]))
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
        if isinstance(edge, (str, bytes)) or not isinstance(edge, Sequence | np.ndarray):
            raise _edge_error(edge, position)
        if not 2 <= len(edge) <= 3:
            raise _edge_error(edge, position)
        value = edge[2] if len(edge) == 3 else 1
        if isinstance(value, Mapping):
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
        f"edge must be (u, v) or (u, v, weight) with hashable ends, got {edge!r} "
        f"at position {position}."
    )
