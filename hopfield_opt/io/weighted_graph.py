"""The frozen weighted graph that readers and problems share."""

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from hopfield_opt.arrays import Frozen, warn
from hopfield_opt.errors import InputError, show

Ends = NDArray[np.int64]
Sides = tuple[set[Hashable], set[Hashable]]


@dataclass(frozen=True, eq=False, init=False, repr=False)
class WeightedGraph(Frozen):
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
        names = tuple(labels)
        ends = np.asarray(heads, dtype=np.int64), np.asarray(tails, dtype=np.int64)
        u, v, w = _merge(names, *ends, np.array(weights, dtype=np.float64))
        self._set(labels=names, heads=u, tails=v, weights=w, name=name)

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

    @property
    def index(self) -> dict[Hashable, int]:
        """The position of each label."""
        return {label: position for position, label in enumerate(self.labels)}

    def sides(self, spins: NDArray[Any]) -> Sides:
        """Return the vertices with the spin of the first vertex, and the others.

        Examples
        --------
        >>> graph = WeightedGraph((1, 2, 3), [0, 1], [1, 2], [1, 1])
        >>> graph.sides(np.array([-1, 1, -1]))
        ({1, 3}, {2})
        """
        first = spins == spins[:1]
        return set(compress(self.labels, first)), set(compress(self.labels, ~first))


def _merge(
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
        raise weight_error((labels[heads[bad]], labels[tails[bad]]), float(w[bad]))
    if (loops := u == v).any():
        at = show(labels[u[loops.argmax()]])
        warn(f"{loops.sum()} self-loop(s) ignored, the first at {at}.")
        u, v, w = u[~loops], v[~loops], w[~loops]
    key = u * len(labels) + v
    with np.errstate(over="ignore", invalid="ignore"):
        if (key[1:] <= key[:-1]).any():
            order = np.argsort(key, kind="stable")
            first = np.flatnonzero(np.diff(key[order], prepend=-1))
            w = np.add.reduceat(w[order], first)
            u, v = u[order[first]], v[order[first]]
        total = float(np.abs(w).sum())
    if not math.isfinite(total):
        raise InputError("weights must have a finite sum, got one above 1.8e308. Scale them.")
    return u, v, w


def as_stored(entries: Any, matrix: Any) -> Any:
    """Return the entries of a matrix without zeros that its format alone has stored."""
    if getattr(matrix, "format", "") not in ("bsr", "dia"):
        return entries
    own = csr_array(entries)
    own.eliminate_zeros()
    return own


def check_attribute(weight: Any) -> None:
    """Refuse what is no name of an attribute of edges."""
    if weight is not None and not isinstance(weight, str):
        raise InputError(
            f"weight must be the name of an edge attribute, or None, got {show(weight)}. "
            "Numbers are put on the edges themselves."
        )


def weight_error(edge: tuple[Hashable, Hashable], value: object) -> InputError:
    """Return the error for a weight that is no finite number."""
    return InputError(
        f"weight must be a finite number, got {show(value)} at edge {show(edge)}. "
        "Correct it or remove the edge."
    )
