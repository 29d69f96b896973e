"""TSPLIB 95: `KEYWORD : value` lines, then sections of coordinates or of distances.

G. Reinelt, "TSPLIB 95" (1995), sections 1 and 2. Read are types TSP and ATSP, with the weight
types EUC_2D, EUC_3D, MAN_2D, MAN_3D, MAX_2D, MAX_3D, CEIL_2D, ATT, GEO and EXPLICIT, the last in
all matrix layouts, and fixed edges; and the tours in files of type TOUR.
"""

from pathlib import Path

import numpy as np

from hopfield_opt.arrays import FloatArray
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.io import text
from hopfield_opt.io.cities import MOST_IN_A_TABLE, Cities
from hopfield_opt.io.measures import COLUMNS
from hopfield_opt.io.places import Places
from hopfield_opt.io.tsplib_layouts import LAYOUTS, triangle
from hopfield_opt.io.tsplib_sections import (
    COORDINATES,
    DISPLAY,
    END,
    FIXED,
    TOUR,
    WEIGHTS,
    Sections,
    split,
)

TYPES = ("TSP", "ATSP")


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
    file = split(path)
    if TOUR in file.sections:
        message = f"file must hold cities, got a tour ({TOUR})."
        advice = "Use TravellingSalesman.read_tour, or --tour."
        raise ReadError(path, file.section(TOUR)[0], f"{message} {advice}")
    kind = file.choice("TYPE", TYPES, "TSP")
    n = file.size()
    name = file.header.get("NAME", (0, Path(path).stem))[1].removesuffix(".tsp")
    function = file.choice("EDGE_WEIGHT_TYPE", (*COLUMNS, "EXPLICIT"))
    places: FloatArray | None = None
    if function == "EXPLICIT":
        matrix = _explicit(file, n, kind)
        labels = list(range(1, n + 1))
        if DISPLAY in file.sections:
            labels, places = _coordinates(file, DISPLAY, n, 2)
    else:
        labels, nodes = _coordinates(file, COORDINATES, n, COLUMNS[function])
        # latitude and longitude are y and x
        drawn = nodes[:, 1::-1] if function == "GEO" else nodes[:, :2]
        return Cities.at(labels, Places(nodes, function), drawn, name, _fixed_edges(file, labels))
    # files write anything there, often 9999: no tour stays where it is
    np.fill_diagonal(matrix, 0.0)
    return Cities(labels, matrix, places, name, fixed=_fixed_edges(file, labels))


def _coordinates(file: Sections, name: str, n: int, columns: int) -> tuple[list[int], FloatArray]:
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
            raise ReadError(file.path, line, f"{message}, got {text.show_token(content.strip())}.")
        label = text.count(file.path, line, "number of a city", tokens[0])
        if label in labels:
            message = f"city must stand once, got {label} also in line {labels[label]}."
            raise ReadError(file.path, line, message)
        labels[label] = line
        places[row] = [text.number(file.path, line, "coordinate", token) for token in tokens[1:]]
    return list(labels), places


def _explicit(file: Sections, n: int, kind: str) -> FloatArray:
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
        ones, others = triangle(n, *layout)
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


def _fixed_edges(file: Sections, labels: list[int]) -> list[tuple[int, int]]:
    """Return the edges that every tour must take."""
    if FIXED not in file.sections:
        return []
    known, ends = set(labels), list[int]()
    for line, word in file.read_list(FIXED):
        city = text.count(file.path, line, "end of a fixed edge", word)
        if city not in known or (len(ends) % 2 and ends[-1] == city):
            message = f"fixed edge must join two cities of the file, got {text.show_token(word)}."
            raise ReadError(file.path, line, message)
        ends.append(city)
    if len(ends) % 2:
        message = f"{FIXED} must have two cities for each edge, got {len(ends)} cities."
        raise ReadError(file.path, file.section(FIXED)[0], message)
    return list(zip(ends[::2], ends[1::2], strict=True))


def read_tour(path: text.PathName) -> list[int]:
    """Read the first tour of a file of type TOUR, as the numbers of the cities in order.

    Raises
    ------
    ReadError
        If the file is not of this form, or a city stands twice, naming the line.
    """
    file = split(path)
    file.choice("TYPE", ("TOUR",), "TOUR")
    start, lines = file.section(TOUR)
    found: dict[int, int] = {}
    for line, content in lines:
        for word in content.split():
            if word == END:
                break
            city = text.count(path, line, "number of a city", word)
            if city in found:
                message = f"city must stand once, got {city} also in line {found[city]}."
                raise ReadError(path, line, message)
            found[city] = line
        else:
            continue
        break
    if "DIMENSION" in file.header and len(found) != file.size():
        message = f"{TOUR} must have {file.size()} cities, got {len(found)}. Is it cut off?"
        raise ReadError(path, lines[-1][0] if lines else start, message)
    return list(found)


def write(cities: Cities, path: text.PathName) -> None:
    """Write the distances, by cities that are numbered from 1, as a full matrix, and the places.

    Of many cities whose distances follow from their places by a rule of the format, only these.

    Raises
    ------
    InputError
        If a road is missing, which the format has no word for, a distance is above 1e100 in
        size, or the file cannot be written.
    """
    if not cities.complete:
        u, v = (int(k) for k in np.argwhere(~np.isfinite(cities.distances))[0])
        raise InputError(
            f"distances must all be finite for TSPLIB, got no road from {cities.labels[u]!r} to "
            f"{cities.labels[v]!r}. The format has no word for it."
        )
    name = " ".join(cities.name.replace("\0", " ").split()) or "unnamed"
    lines = [
        f"NAME : {name}",
        f"TYPE : {'TSP' if cities.symmetric else 'ATSP'}",
        f"DIMENSION : {cities.size}",
        *(_matrix(cities) if (places := _large(cities)) is None else _nodes(places)),
    ]
    if cities.fixed:
        number = {label: k for k, label in enumerate(cities.labels, 1)}
        lines += [FIXED, *(f"{number[u]} {number[v]}" for u, v in cities.fixed), END]
    text.write_lines(path, [*lines, "EOF"])


def _large(cities: Cities) -> Places | None:
    """Return the places of cities of which no table is wanted, if the format has their measure."""
    places = cities.places
    many = cities.size > MOST_IN_A_TABLE
    return places if places is not None and many and places.measure in COLUMNS else None


def _nodes(places: Places) -> list[str]:
    """Return the lines of cities by their places."""
    rows = (" ".join(text.format_numbers(row)) for row in places.points)
    nodes = (f"{k} {row}" for k, row in enumerate(rows, 1))
    return [f"EDGE_WEIGHT_TYPE : {places.measure}", COORDINATES, *nodes]


def _matrix(cities: Cities) -> list[str]:
    """Return the lines of distances in full, and of where the cities are drawn."""
    lines = ["EDGE_WEIGHT_TYPE : EXPLICIT", "EDGE_WEIGHT_FORMAT : FULL_MATRIX"]
    if cities.coordinates is not None:
        lines.append("DISPLAY_DATA_TYPE : TWOD_DISPLAY")
    lines += [WEIGHTS, *(" ".join(text.format_numbers(row)) for row in cities.distances)]
    if cities.coordinates is not None:
        places = (" ".join(text.format_numbers(row)) for row in cities.coordinates)
        lines += [DISPLAY, *(f"{k} {place}" for k, place in enumerate(places, 1))]
    return lines
