"""What may stand in a table of distances."""

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np

from hopfield_opt.arrays import FloatArray, warn
from hopfield_opt.border import real_array
from hopfield_opt.errors import InputError


def check_roads(
    roads: Iterable[tuple[Hashable, Hashable]], labels: set[Hashable], symmetric: bool
) -> tuple[tuple[Hashable, Hashable], ...]:
    """Return each road once, in one direction where that means nothing."""
    found: dict[tuple[Hashable, Hashable], None] = {}
    for u, v in roads:
        if u == v or u not in labels or v not in labels:
            raise InputError(f"fixed road must join two of the cities, got {(u, v)!r}.")
        if not (symmetric and (v, u) in found):
            found[u, v] = None
    return tuple(found)


def check_distances(distances: Any, labels: tuple[Hashable, ...]) -> FloatArray:
    """Return an own copy with a zero diagonal, naming the entry that is wrong."""
    own = _square_of_numbers(distances)
    if len(labels) != len(own):
        raise InputError(f"labels must be {len(own)} as the distances, got {len(labels)}.")
    diagonal = np.array(own.diagonal())
    lost = np.isfinite(diagonal) & (diagonal != 0)
    if lost.any():
        k = int(lost.argmax())
        warn(
            f"distances should have a zero diagonal, got {diagonal[k]:g} at [{k}, {k}]. No tour "
            "stays where it is: the diagonal is ignored."
        )
    np.fill_diagonal(own, 0.0)
    wrong = np.isnan(own) | np.isneginf(own)
    if wrong.any():
        u, v = np.unravel_index(int(wrong.argmax()), own.shape)
        raise InputError(
            f"distance must be a finite number, or inf for no road, got {own[u, v]} "
            f"at [{u}, {v}]. Correct it."
        )
    with np.errstate(over="ignore"):
        if not np.isfinite(np.abs(own[np.isfinite(own)]).sum()):
            raise InputError("distances must have a finite sum, got one above 1.8e308. Scale them.")
    return own


def _square_of_numbers(distances: Any) -> FloatArray:
    """Return an own copy of a square matrix, infinite where it is masked."""
    if isinstance(distances, np.ma.MaskedArray) and distances.dtype.kind in "biuf":
        distances = np.where(np.ma.getmaskarray(distances), np.inf, distances.data)
    given = real_array("distances", distances)
    if given.ndim != 2 or given.shape[0] != given.shape[1]:
        hint = "Edges become a graph by networkx, with add_weighted_edges_from."
        if given.shape[1:] == (2,):
            hint = "Places become distances by `from_coordinates`."
        raise InputError(f"distances must be a square matrix, got shape {given.shape}. {hint}")
    with np.errstate(over="ignore"):  # of a longer float than float64
        return np.array(given, dtype=np.float64, order="C")
