"""TSPLIB 95: `KEYWORD : value` lines, then sections of coordinates or of distances.

G. Reinelt, "TSPLIB 95" (1995), sections 1 and 2. Read are types TSP and ATSP, with the weight
types EUC_2D, EUC_3D, MAN_2D, MAN_3D, MAX_2D, MAX_3D, CEIL_2D, ATT, GEO and EXPLICIT, the last in
all matrix layouts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hopfield_opt.arrays import FloatArray, IntArray, check_memory
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.io import text
from hopfield_opt.io.cities import Cities

# as the library itself defines them for GEO
PI, EARTH_RADIUS = 3.141592, 6378.388
TYPES = ("TSP", "ATSP")
COORDINATES, WEIGHTS, DISPLAY = "NODE_COORD_SECTION", "EDGE_WEIGHT_SECTION", "DISPLAY_DATA_SECTION"
SECTIONS = (COORDINATES, WEIGHTS, DISPLAY)


def _differences(places: FloatArray) -> FloatArray:
    return np.asarray(np.abs(places[:, None] - places[None]))


def _euclidean(places: FloatArray) -> FloatArray:
    return np.asarray(np.sqrt((_differences(places) ** 2).sum(axis=2)))


def _rounded(distances: FloatArray) -> FloatArray:
    """Round as the library's `nint`: halves go up."""
    return np.asarray(np.floor(distances + 0.5))


def _pseudo_euclidean(places: FloatArray) -> FloatArray:
    exact = np.sqrt((_differences(places) ** 2).sum(axis=2) / 10.0)
    rounded = _rounded(exact)
    return np.where(rounded < exact, rounded + 1.0, rounded)


def _geographical(places: FloatArray) -> FloatArray:
    degrees = np.trunc(places)
    latitude, longitude = (PI * (degrees + 5.0 * (places - degrees) / 3.0) / 180.0).T
    q1 = np.cos(longitude[:, None] - longitude)
    q2 = np.cos(latitude[:, None] - latitude)
    q3 = np.cos(latitude[:, None] + latitude)
    cosine = np.clip(0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3), -1.0, 1.0)
    return np.asarray(np.trunc(EARTH_RADIUS * np.arccos(cosine) + 1.0))


# what each weight type makes of coordinates, and how many of them a city has
FUNCTIONS: dict[str, tuple[int, Callable[[FloatArray], FloatArray]]] = {
    "EUC_2D": (2, lambda places: _rounded(_euclidean(places))),
    "EUC_3D": (3, lambda places: _rounded(_euclidean(places))),
    "MAN_2D": (2, lambda places: _rounded(_differences(places).sum(axis=2))),
    "MAN_3D": (3, lambda places: _rounded(_differences(places).sum(axis=2))),
    "MAX_2D": (2, lambda places: _rounded(_differences(places)).max(axis=2)),
    "MAX_3D": (3, lambda places: _rounded(_differences(places)).max(axis=2)),
    "CEIL_2D": (2, lambda places: np.ceil(_euclidean(places))),
    "ATT": (2, _pseudo_euclidean),
    "GEO": (2, _geographical),
}


def _triangle(n: int, upper: bool, by_row: bool, diagonal: bool) -> tuple[IntArray, IntArray]:
    """Return the two cities of each of a triangle's entries, in the order of the file."""
    shift = 0 if diagonal else 1
    # the upper triangle column by column is the lower one row by row, transposed
    return np.triu_indices(n, shift) if upper == by_row else np.tril_indices(n, -shift)


# triangle, direction and diagonal of each layout; None is the whole matrix
LAYOUTS: dict[str, tuple[bool, bool, bool] | None] = {
    "FULL_MATRIX": None,
    "UPPER_ROW": (True, True, False),
    "LOWER_ROW": (False, True, False),
    "UPPER_DIAG_ROW": (True, True, True),
    "LOWER_DIAG_ROW": (False, True, True),
    "UPPER_COL": (True, False, False),
    "LOWER_COL": (False, False, False),
    "UPPER_DIAG_COL": (True, False, True),
    "LOWER_DIAG_COL": (False, False, True),
}


@dataclass(frozen=True)
class _File:
    """The parts of a file: values with their lines, and sections as numbered lines."""

    path: text.PathName
    last: int
    header: dict[str, tuple[int, str]]
    sections: dict[str, tuple[int, list[tuple[int, str]]]]

    def choice(self, key: str, options: tuple[str, ...], default: str | None = None) -> str:
        """Return a value of the header that is one of some words."""
        if key not in self.header and default is not None:
            return default
        line, value = self.needed(key)
        if value.upper() not in options:
            message = f"{key} must be one of {', '.join(options)}, got {text.shown(value)}."
            raise ReadError(self.path, line, message)
        return value.upper()

    def needed(self, key: str) -> tuple[int, str]:
        """Return line and value of a keyword."""
        if key not in self.header:
            message = f"file must have a line '{key} : ...', got none. Is it a TSPLIB file?"
            raise ReadError(self.path, self.last, message)
        return self.header[key]

    def section(self, name: str) -> tuple[int, list[tuple[int, str]]]:
        """Return the line of a section's name and the lines in it."""
        if name not in self.sections:
            message = f"file must have a section {name}, got none. Is it cut off?"
            raise ReadError(self.path, self.last, message)
        return self.sections[name]


def read(path: text.PathName) -> Cities:
    """Read cities and distances; the labels are the numbers of the file, from 1.

    Parameters
    ----------
    path : path-like
        The file, with one of the weight types above.

    Raises
    ------
    ReadError
        If the file is not of this form, or of another type, naming the line.
    """
    file = _split(path)
    kind = file.choice("TYPE", TYPES, "TSP")
    line, value = file.needed("DIMENSION")
    n = text.count(path, line, "DIMENSION", value)
    name = file.header.get("NAME", (0, Path(path).stem))[1].removesuffix(".tsp")
    function = file.choice("EDGE_WEIGHT_TYPE", (*FUNCTIONS, "EXPLICIT"))
    places: FloatArray | None = None
    if function == "EXPLICIT":
        matrix = _explicit(file, n, kind)
        labels = list(range(1, n + 1))
        if DISPLAY in file.sections:
            labels, places = _coordinates(file, DISPLAY, n, 2)
    else:
        columns, distances = FUNCTIONS[function]
        labels, nodes = _coordinates(file, COORDINATES, n, columns)
        check_memory("distances", 8 * 4 * n * n)
        matrix = distances(nodes)
        # latitude and longitude are y and x
        places = nodes[:, 1::-1] if function == "GEO" else nodes[:, :2]
    # files write anything there, often 9999: no tour stays where it is
    np.fill_diagonal(matrix, 0.0)
    return Cities(labels, matrix, places, name)


def _split(path: text.PathName) -> _File:
    """Split a file into its header and its sections."""
    lines = text.read_lines(path)
    header: dict[str, tuple[int, str]] = {}
    sections: dict[str, tuple[int, list[tuple[int, str]]]] = {}
    body: list[tuple[int, str]] | None = None
    for line, content in enumerate(lines, 1):
        word, _, value = (part.strip() for part in content.partition(":"))
        if word == "EOF":
            break
        if word in SECTIONS:
            if word in sections:
                raise ReadError(path, line, f"section must stand once, got a second {word}.")
            body = []
            sections[word] = (line, body)
        elif word and (word[0].isalpha() or ":" in content):
            if word.endswith("_SECTION"):
                raise ReadError(
                    path,
                    line,
                    f"section must be one of {', '.join(SECTIONS)}, "
                    f"got {text.shown(word)}. It is not supported.",
                )
            if ":" not in content:
                message = f"line must be 'KEYWORD : value', got {text.shown(content.strip())}."
                raise ReadError(path, line, message)
            header.setdefault(word.upper(), (line, value))
            body = None
        elif word:
            if body is None:
                message = f"line must be 'KEYWORD : value', got {text.shown(content.strip())}."
                raise ReadError(path, line, message)
            body.append((line, content))
    return _File(path, len(lines), header, sections)


def _coordinates(file: _File, name: str, n: int, columns: int) -> tuple[list[int], FloatArray]:
    """Return the numbers and the coordinates of the cities."""
    start, lines = file.section(name)
    if len(lines) != n:
        message = f"{name} must have {n} lines, one for each city, got {len(lines)}."
        raise ReadError(file.path, lines[-1][0] if lines else start, f"{message} Is it cut off?")
    labels: dict[int, int] = {}
    places = np.empty((n, columns))
    for row, (line, content) in enumerate(lines):
        tokens = content.split()
        if len(tokens) != columns + 1:
            message = f"line must be a city's number and {columns} coordinates"
            raise ReadError(file.path, line, f"{message}, got {text.shown(content.strip())}.")
        label = text.count(file.path, line, "number of a city", tokens[0])
        if label in labels:
            message = f"city must stand once, got {label} also in line {labels[label]}."
            raise ReadError(file.path, line, message)
        labels[label] = line
        places[row] = [text.number(file.path, line, "coordinate", token) for token in tokens[1:]]
    return list(labels), places


def _explicit(file: _File, n: int, kind: str) -> FloatArray:
    """Return the matrix of an EDGE_WEIGHT_SECTION."""
    layout = LAYOUTS[file.choice("EDGE_WEIGHT_FORMAT", tuple(LAYOUTS))]
    start, lines = file.section(WEIGHTS)
    expected = n * n
    if layout is not None:
        expected = n * (n + 1) // 2 if layout[2] else n * (n - 1) // 2
    values = [
        text.number(file.path, line, "distance", token)
        for line, content in lines
        for token in content.split()
    ]
    if len(values) != expected:
        message = f"{WEIGHTS} must have {expected} numbers for {n} cities, got {len(values)}."
        raise ReadError(file.path, lines[-1][0] if lines else start, f"{message} Is it cut off?")
    if layout is not None:
        matrix = np.zeros((n, n))
        ones, others = _triangle(n, *layout)
        matrix[ones, others] = matrix[others, ones] = values
        return matrix
    matrix = np.array(values).reshape(n, n)
    if kind == "TSP" and (matrix != matrix.T).any():
        u, v = (int(k) for k in np.argwhere(matrix != matrix.T)[0])
        raise ReadError(
            file.path,
            start,
            f"distances must be symmetric where TYPE is TSP, got {matrix[u, v]:g} from {u + 1} to "
            f"{v + 1} and {matrix[v, u]:g} back. Write TYPE : ATSP.",
        )
    return matrix


def write(cities: Cities, path: text.PathName) -> None:
    """Write the distances as a full matrix, whose cities are numbered from 1, and the places.

    Raises
    ------
    InputError
        If a road is missing, which the format has no word for, or the file cannot be written.
    """
    if not cities.complete:
        u, v = (int(k) for k in np.argwhere(~np.isfinite(cities.distances))[0])
        raise InputError(
            f"distances must all be finite for TSPLIB, got no road from {cities.labels[u]!r} to "
            f"{cities.labels[v]!r}. The format has no word for it."
        )
    name = " ".join(cities.name.split()) or "unnamed"
    lines = [
        f"NAME : {name}",
        f"TYPE : {'TSP' if cities.symmetric else 'ATSP'}",
        f"DIMENSION : {cities.size}",
        "EDGE_WEIGHT_TYPE : EXPLICIT",
        "EDGE_WEIGHT_FORMAT : FULL_MATRIX",
    ]
    if cities.coordinates is not None:
        lines.append("DISPLAY_DATA_TYPE : TWOD_DISPLAY")
    rows = [" ".join(text.formatted(row)) for row in cities.distances]
    lines += [WEIGHTS, *rows]
    if cities.coordinates is not None:
        places = (" ".join(text.formatted(row)) for row in cities.coordinates)
        lines += [DISPLAY, *(f"{k} {place}" for k, place in enumerate(places, 1))]
    text.write_lines(path, [*lines, "EOF"])
