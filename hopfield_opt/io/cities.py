"""The frozen table of distances that readers, baselines and problems of tours share."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import ArrayLike

from hopfield_opt.arrays import FloatArray, Frozen, check_array, check_memory
from hopfield_opt.border import as_float, as_mapping, check_digits, real_array, widen
from hopfield_opt.errors import InputError, show
from hopfield_opt.frames import square_frame
from hopfield_opt.io.distances import check_distances, check_roads
from hopfield_opt.io.weighted_graph import WeightedGraph, as_stored, check_attribute, weight_error


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Cities(Frozen):
    """Cities with the distances between them, and maybe where they lie.

    Parameters
    ----------
    labels : iterable of hashable
        The cities, each once.
    distances : (n, n) array
        From each city (row) to each (column); infinite or masked where there is no road. What
        the diagonal holds other than 0, inf and nan is ignored with a warning.
    coordinates : (n, 2) array or None
        Where the cities lie in a picture; distances need not agree.
    name : str
        What the instance is called in tables and titles.
    fixed : iterable of pairs of labels
        The roads that every tour must take, in this direction where the distances are not
        symmetric.

    Raises
    ------
    InputError
        If a label stands twice, a distance is neither finite nor +inf, or a fixed road does not
        join two cities.

    Examples
    --------
    >>> cities = Cities("ab", [[0, 3], [4, 0]])
    >>> cities, cities.symmetric
    (Cities(2 cities), False)
    """

    labels: tuple[Hashable, ...]
    distances: FloatArray
    coordinates: FloatArray | None
    name: str
    fixed: tuple[tuple[Hashable, Hashable], ...]

    def __init__(
        self,
        labels: Iterable[Hashable],
        distances: Any,
        coordinates: ArrayLike | None = None,
        name: str = "",
        fixed: Iterable[tuple[Hashable, Hashable]] = (),
    ) -> None:
        names = tuple(labels)
        seen: set[Hashable] = set()
        for label in names:
            if label in seen:
                raise InputError(f"labels must be distinct, got {label!r} twice.")
            seen.add(label)
        own = check_distances(distances, names)
        places = None
        if coordinates is not None:
            places = check_array("coordinates", coordinates, (len(names), 2))
        roads = check_roads(fixed, seen, bool((own == own.T).all()))
        self._set(labels=names, distances=own, coordinates=places, name=name, fixed=roads)

    def __repr__(self) -> str:
        name = f"{self.name!r}, " if self.name else ""
        return f"Cities({name}{self.size} {'city' if self.size == 1 else 'cities'})"

    @property
    def size(self) -> int:
        """The number of cities n."""
        return len(self.labels)

    @cached_property
    def index(self) -> dict[Hashable, int]:
        """The position of each label."""
        return {label: position for position, label in enumerate(self.labels)}

    def holds(self, label: object) -> bool:
        """Return whether a label is that of a city."""
        try:
            return label in self.index
        except TypeError:  # not hashable
            return False

    @cached_property
    def symmetric(self) -> bool:
        """Whether all roads are as long forth as back."""
        return bool((self.distances == self.distances.T).all())

    @cached_property
    def complete(self) -> bool:
        """Whether there is a road from each city to each other one."""
        return bool(np.isfinite(self.distances).all())

    def skipped(self, steps: Iterable[tuple[Hashable, Hashable]]) -> list[Any]:
        """Return the fixed roads that some steps do not take."""
        taken = set(steps)
        if self.symmetric:
            taken |= {(v, u) for u, v in taken}
        return [road for road in self.fixed if road not in taken]

    @property
    def gain(self) -> float:
        """How much shorter each fixed road is in `fill_missing`."""
        if not self.fixed or (self.symmetric and self.size <= 2):
            return 0.0  # a tour of two cities takes its only road twice
        return self._most_and_spread()[1] * (self.size + 1)

    def _most_and_spread(self) -> tuple[float, float]:
        roads = np.isfinite(self.distances)
        np.fill_diagonal(roads, False)
        known = self.distances[roads]
        if not known.size:
            return 0.0, 1.0
        most, least = float(known.max()), float(known.min())
        return most, (most - least) or abs(most) or 1.0

    def fill_missing(self) -> FloatArray:
        """Return the distances with a finite one in place of each missing road.

        It is so long that a tour (or path) with a missing road is longer than any without:
        ``max + (n + 1) (max - min)`` or more over the roads there are. A fixed road is shorter
        by `gain`, so that a tour that takes all of them is shorter than any that does not.
        """
        if self.complete and not self.fixed:
            return self.distances
        most, spread = self._most_and_spread()
        own = np.where(np.isfinite(self.distances), self.distances, most + (self.size + 1) * spread)
        np.fill_diagonal(own, 0.0)
        index, gain = self.index, self.gain
        for u, v in self.fixed:
            own[index[u], index[v]] -= gain
            if self.symmetric:
                own[index[v], index[u]] = own[index[u], index[v]]
        return np.asarray(own)


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


def cities_at(places: ArrayLike | Mapping[Hashable, Sequence[float]], name: str = "") -> Cities:
    """Return cities with the Euclidean distances of their places, not rounded.

    Parameters
    ----------
    places : (n, d) array, or dict of label to d numbers
        Where the cities lie; the labels of a dict are kept, those of an array are 0, 1, ...
    name : str
        What the instance is called.

    Raises
    ------
    InputError
        If the places are no rows of finite numbers.

    Examples
    --------
    >>> cities_at({"a": (0, 0), "b": (3, 4)}).distances
    array([[0., 5.],
           [5., 0.]])
    """
    named = as_mapping("places", places, rows=True)
    own = check_array("places", places if named is None else list(named.values()))
    if own.size == 0:
        own = own.reshape(0, 2)
    if own.ndim != 2:
        raise InputError(f"places must be rows of coordinates, got shape {own.shape}.")
    check_memory("distances", 8 * (2 * own.shape[1] + 2) * len(own) ** 2)
    distances = np.sqrt(((own[:, None] - own) ** 2).sum(axis=2))
    labels = range(len(own)) if named is None else tuple(named)
    return Cities(labels, distances, own if own.shape[1] == 2 else None, name)
