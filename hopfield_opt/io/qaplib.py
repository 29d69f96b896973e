"""QAPLIB: `n`, then the n x n matrices A and B, all separated by white space.

R. E. Burkard, S. E. Karisch, F. Rendl, "QAPLIB - a quadratic assignment problem library",
J. Global Optimization 10 (1997): minimise ``sum_ij a_ij b_p(i)p(j)``.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hopfield_opt.arrays import FloatArray, Frozen, check_square, dense
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.frames import Labels, in_order_of, square_frame
from hopfield_opt.io import text


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Assignments(Frozen):
    """The data of a quadratic assignment: flows between facilities, distances of locations.

    Parameters
    ----------
    flows, distances : (n, n) array, finite
        The matrices A and B.
    costs : (n, n) array or None
        What facility i costs at location j; 0 if None.
    first : int
        The number of the first facility and of the first location: 0, or 1 in files.
    name : str
        What the instance is called.

    Attributes
    ----------
    facilities, locations : tuple or None
        Labels of tables of flows and distances.

    Raises
    ------
    InputError
        If a matrix is not square and finite, or the sizes differ.

    Examples
    --------
    >>> Assignments([[0, 3], [3, 0]], [[0, 5], [5, 0]])
    Assignments(2 facilities)
    """

    flows: FloatArray
    distances: FloatArray
    costs: FloatArray
    first: int
    name: str
    facilities: Labels | None
    locations: Labels | None

    def __init__(
        self,
        flows: Any,
        distances: Any,
        costs: Any = None,
        first: int = 0,
        name: str = "",
    ) -> None:
        facilities, a = square_frame("flows", flows)
        locations, b = square_frame("distances", distances)
        own = {"flows": np.array(dense(check_square("flows", a)))}
        shape = own["flows"].shape
        c = np.zeros(shape) if costs is None else in_order_of("costs", costs, facilities, locations)
        for key, value in {"distances": b, "costs": c}.items():
            own[key] = np.array(dense(check_square(key, value)))
            if own[key].shape != shape:
                raise InputError(
                    f"{key} must have shape {shape} as the flows, got {own[key].shape}. "
                    "Fill up the smaller one with zeros."
                )
        self._set(**own, first=first, name=name, facilities=facilities, locations=locations)

    def __repr__(self) -> str:
        name = f"{self.name!r}, " if self.name else ""
        return f"Assignments({name}{self.size} {'facility' if self.size == 1 else 'facilities'})"

    @property
    def size(self) -> int:
        """The number of facilities, and of locations, n."""
        return len(self.flows)

    @property
    def facility_names(self) -> Sequence[Hashable]:
        """What the facilities are called: their labels, or numbers from `first` on."""
        return range(self.first, self.first + self.size) if not self.facilities else self.facilities

    @property
    def location_names(self) -> Sequence[Hashable]:
        """What the locations are called."""
        return range(self.first, self.first + self.size) if not self.locations else self.locations

    def answer(self, places: Iterable[int]) -> list[Any] | dict[Hashable, Hashable]:
        """Return the locations of the facilities, by their names where they have labels.

        Parameters
        ----------
        places : iterable of int
            The place of each location, counted from 0.
        """
        names = self.location_names
        found = [names[place] for place in places]
        return dict(zip(self.facilities, found, strict=True)) if self.facilities else found


def read(path: text.PathName) -> Assignments:
    """Read an instance; facilities and locations are numbered from 1, as in solution files.

    Parameters
    ----------
    path : path-like
        The file; line breaks mean nothing.

    Raises
    ------
    ReadError
        If the file is not of this form, naming the line.
    """
    lines = text.read_lines(path, text.COMMENT)
    tokens = [(line, token) for line, row in enumerate(lines, 1) for token in row.split()]
    line, first = tokens[0]
    n = text.count(path, line, "number of facilities", first)
    if len(tokens) != 1 + 2 * n * n:
        message = f"file must have 1 + 2 n^2 numbers, {1 + 2 * n * n} for n = {n}"
        hint = "Is it cut off?" if len(tokens) < 1 + 2 * n * n else "Is there something behind?"
        raise ReadError(path, tokens[-1][0], f"{message}, got {len(tokens)}. {hint}")
    values = [text.number(path, line, "entry", token) for line, token in tokens[1:]]
    a, b = np.array(values).reshape(2, n, n)
    return Assignments(a, b, first=1, name=Path(path).stem)


def write(assignments: Assignments, path: text.PathName) -> None:
    """Write an instance.

    Raises
    ------
    InputError
        If there are linear costs, which the format has no word for, or the file cannot be
        written.
    """
    if assignments.costs.any():
        raise InputError("costs must be zero for QAPLIB, which has no linear term, got others.")
    lines = [str(assignments.size)]
    for matrix in (assignments.flows, assignments.distances):
        lines += ["", *(" ".join(text.format_numbers(row)) for row in matrix)]
    text.write_lines(path, lines)
