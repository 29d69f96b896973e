"""TSPLIB: every layout and weight type, and errors that name file and line."""

import itertools
import math

import numpy as np
import pytest

from hopfield_opt.errors import InputError, ReadError, SizeError
from hopfield_opt.io import Cities, tsplib
from hopfield_opt.io.cities import MOST_IN_A_TABLE
from hopfield_opt.io.places import Places

MATRIX = np.array([[0, 1, 2, 3], [1, 0, 4, 5], [2, 4, 0, 6], [3, 5, 6, 0]])
PAIRS = list(itertools.combinations(range(4), 2))

# the numbers of each layout, as the definition reads: by rows or columns, with or without i = j
LAYOUTS = {
    "FULL_MATRIX": MATRIX.ravel().tolist(),
    "UPPER_ROW": [MATRIX[i, j] for i in range(4) for j in range(4) if j > i],
    "LOWER_ROW": [MATRIX[i, j] for i in range(4) for j in range(4) if j < i],
    "UPPER_DIAG_ROW": [MATRIX[i, j] for i in range(4) for j in range(4) if j >= i],
    "LOWER_DIAG_ROW": [MATRIX[i, j] for i in range(4) for j in range(4) if j <= i],
    "UPPER_COL": [MATRIX[i, j] for j in range(4) for i in range(4) if i < j],
    "LOWER_COL": [MATRIX[i, j] for j in range(4) for i in range(4) if i > j],
    "UPPER_DIAG_COL": [MATRIX[i, j] for j in range(4) for i in range(4) if i <= j],
    "LOWER_DIAG_COL": [MATRIX[i, j] for j in range(4) for i in range(4) if i >= j],
}


def explicit(layout, numbers, kind="TSP", n=4):
    """Return the text of a file with an explicit matrix."""
    return (
        f"NAME: four\nTYPE: {kind}\nCOMMENT : by hand\nDIMENSION: {n}\n"
        f"EDGE_WEIGHT_TYPE: EXPLICIT\nEDGE_WEIGHT_FORMAT: {layout} \nEDGE_WEIGHT_SECTION\n"
        f"{' '.join(map(str, numbers))}\nEOF\n"
    )


def places(kind, rows, columns=2):
    """Return the text of a file with coordinates."""
    body = "\n".join(" ".join(map(str, row)) for row in rows)
    return (
        f"NAME : p\nTYPE : TSP\nDIMENSION : {len(rows)}\nEDGE_WEIGHT_TYPE : {kind}\n"
        f"NODE_COORD_SECTION\n{body}\nEOF\n"
    )


@pytest.fixture
def read(tmp_path):
    """Return a reader of text."""

    def read(content):
        (tmp_path / "x.tsp").write_text(content)
        return tsplib.read(tmp_path / "x.tsp")

    return read


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(read, layout):
    """Each layout gives the same matrix, however the lines are broken."""
    text = explicit(layout, LAYOUTS[layout])
    head, _, numbers = text.partition("SECTION\n")
    for content in (text, head + "SECTION\n" + numbers.replace(" ", "\n").replace("EOF\n", "")):
        cities = read(content)
        assert (cities.distances == MATRIX).all()
        assert cities.labels == (1, 2, 3, 4)
        assert cities.name == "four"
        assert cities.coordinates is None


@pytest.mark.parametrize(
    ("kind", "one", "two", "expected"),
    [
        ("EUC_2D", (0, 0), (1, 2), 2),  # 2.236
        ("EUC_2D", (0, 0), (1.5, 2), 3),  # 2.5: halves go up
        ("CEIL_2D", (0, 0), (1, 2), 3),
        ("MAN_2D", (0, 0), (1.2, -2.1), 3),
        ("MAX_2D", (0, 0), (1.2, -2.6), 3),
        ("EUC_3D", (0, 0, 0), (1, 2, 3), 4),  # 3.742
        ("MAN_3D", (0, 0, 0), (1, 2, 3), 6),
        ("MAX_3D", (0, 0, 0), (1, 2, 3), 3),
        ("ATT", (0, 0), (10, 10), 5),  # sqrt(20) = 4.47 is not rounded down
        ("ATT", (0, 0), (30, 10), 10),
        ("GEO", (16.47, 96.10), (16.47, 94.44), 153),  # burma14, from the library's own program
    ],
)
def test_weight_types(read, kind, one, two, expected):
    """Distances of each weight type, computed by hand."""
    cities = read(places(kind, [(7, *one), (3, *two)]))
    assert cities.distances.tolist() == [[0, expected], [expected, 0]]
    assert cities.labels == (7, 3)
    if len(one) == 2:
        shown = one[::-1] if kind == "GEO" else one
        assert tuple(cities.coordinates[0]) == shown


def test_geographical_formula(read):
    """GEO is the great circle of degrees and minutes with the library's constants."""
    rows = [(1, 38.24, 20.42), (2, -39.57, 26.15), (3, 40.56, -25.32)]

    def radians(value):
        degrees = int(value)
        return 3.141592 * (degrees + 5 * (value - degrees) / 3) / 180

    found = read(places("GEO", rows)).distances
    for i, j in itertools.permutations(range(3), 2):
        (a, b), (c, d) = (map(radians, rows[k][1:]) for k in (i, j))
        q1, q2, q3 = math.cos(b - d), math.cos(a - c), math.cos(a + c)
        arc = math.acos(0.5 * ((1 + q1) * q2 - (1 - q1) * q3))
        assert found[i, j] == int(6378.388 * arc + 1)


def test_asymmetric_and_display(read):
    """ATSP keeps both directions; display coordinates are for pictures only."""
    text = explicit("FULL_MATRIX", range(9), "ATSP", n=3)
    text = text.replace("EOF", "DISPLAY_DATA_SECTION\n1 0 1\n2 5 5\n3 2 2\nEOF")
    cities = read(text)
    assert cities.distances.tolist() == [[0, 1, 2], [3, 0, 5], [6, 7, 0]]
    assert cities.coordinates.tolist() == [[0, 1], [5, 5], [2, 2]]


FULL = explicit("UPPER_ROW", LAYOUTS["UPPER_ROW"])
SPOTS = places("EUC_2D", [(1, 0, 0), (2, 3, 4), (3, 0, 4)])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (FULL.replace("TYPE: TSP", "TYPE: HCP"), r":2: TYPE must be one of TSP, ATSP, got 'HCP'"),
        (FULL.replace("DIMENSION: 4\n", ""), "must have a line 'DIMENSION : ...', got none"),
        (FULL.replace(": 4", ": four"), ":4: DIMENSION must be a whole number"),
        (FULL.replace(": 4", ": 5"), ":8: EDGE_WEIGHT_SECTION must have 10 numbers for 5 cities"),
        (FULL.replace("6\nEOF", "\n"), "must have 6 numbers for 4 cities, got 5. Is it cut off"),
        (FULL.replace("6\nEOF", "six"), r":8: distance must be a finite number, got 'six'"),
        (FULL.replace("6\nEOF", "nan"), r":8: distance must be a finite number, got 'nan'"),
        (FULL.replace("UPPER_ROW", "UPPER"), ":6: EDGE_WEIGHT_FORMAT must be one of FULL_MATRIX"),
        (FULL.replace("EXPLICIT", "XRAY1"), ":5: EDGE_WEIGHT_TYPE must be one of EUC_2D"),
        (FULL[: FULL.index("EDGE_WEIGHT_SECTION")], "must have a section EDGE_WEIGHT_SECTION"),
        (FULL.replace("EOF", "DEMAND_SECTION\n1 2"), ":9: section must be one of"),
        (FULL.replace("EOF", "FIXED_EDGES_SECTION\n1 2 3\n-1"), ":9: .* two cities for each"),
        (FULL.replace("EOF", "FIXED_EDGES_SECTION\n1 5\n-1"), ":10: .* two cities of the file"),
        (FULL.replace("EOF", "FIXED_EDGES_SECTION\n1 1\n-1"), ":10: .* two cities of the file"),
        (FULL.replace("EOF", "FIXED_EDGES_SECTION\n1 2 -1 3"), ":10: .* must end with -1, got '3'"),
        (FULL.replace("EOF", "TOUR_SECTION\n1"), ":9: file must hold cities, got a tour"),
        (explicit("FULL_MATRIX", range(16)), ":7: distances must be symmetric where TYPE is TSP"),
        (SPOTS.replace("2 3 4\n", ""), ":7: NODE_COORD_SECTION must have 3 lines"),
        (SPOTS.replace("2 3 4", "1 3 4"), ":7: city must stand once, got 1 also in line 6"),
        (SPOTS.replace("2 3 4", "2 3"), ":7: line must be a city's number and 2 coordinates"),
        (SPOTS.replace("2 3 4", "2 3 inf"), ":7: coordinate must be a finite number"),
        (SPOTS.replace("2 3 4", "two 3 4"), "line must be 'KEYWORD : value', got 'two 3 4'"),
        (SPOTS + "", None),
        ("1 2\n", ":1: line must be 'KEYWORD : value', got '1 2'"),
        ("", "must hold an instance"),
    ],
)
def test_errors_name_file_and_line(read, content, message):
    """What is wrong is named with its line."""
    if message is None:
        assert read(content).size == 3
        return
    with pytest.raises(ReadError, match=message) as caught:
        read(content)
    assert "x.tsp" in str(caught.value)


@pytest.mark.parametrize("content", [FULL, SPOTS, explicit("FULL_MATRIX", MATRIX.ravel())])
def test_broken_files_never_crash(read, content):
    """A file that is cut off or garbled anywhere is read, or refused as such."""
    draws = np.random.default_rng(0)
    garbled = [content[:end] for end in range(len(content))]
    for _ in range(300):
        at, char = draws.integers(len(content)), chr(draws.integers(32, 127))
        garbled.append(content[:at] + char + content[at + 1 :])
    refused = 0
    for text in garbled:
        try:
            cities = read(text)
        except (ReadError, SizeError):
            refused += 1
        else:
            assert np.isfinite(cities.distances).all()
    assert len(content) / 2 < refused < len(garbled)


def test_huge_dimension(read):
    """A number of cities that the file cannot hold is refused before memory is taken."""
    with pytest.raises(ReadError, match="must have 999999999999 lines"):
        read(SPOTS.replace("DIMENSION : 3", "DIMENSION : 999999999999"))


def test_write(tmp_path):
    """What is written is read back: distances, places and name."""
    cities = Cities("ab", [[0, 0.1], [1e99, 0]], [[0, 1.5], [2, 3]], "two  towns")
    tsplib.write(cities, tmp_path / "two.atsp")
    back = tsplib.read(tmp_path / "two.atsp")
    assert (back.distances == cities.distances).all()
    assert (back.coordinates == cities.coordinates).all()
    assert (back.labels, back.name) == ((1, 2), "two towns")
    for size in (0, 1):
        tsplib.write(Cities(range(size), np.zeros((size, size))), tmp_path / "few.tsp")
        assert tsplib.read(tmp_path / "few.tsp").size == size
    with pytest.raises(InputError, match="got no road from 0 to 1"):
        tsplib.write(Cities(range(2), [[0, np.inf], [1, 0]]), tmp_path / "x.tsp")


@pytest.mark.parametrize("measure", ["EUC_2D", "GEO", "MAX_3D"])
def test_many_cities_are_written_by_their_places(tmp_path, measure):
    """No matrix is written, or made, of many cities whose places say as much."""
    columns = 3 if measure == "MAX_3D" else 2
    points = np.random.default_rng(1).uniform(-80, 80, (MOST_IN_A_TABLE + 3, columns)).round(5)
    cities = Cities.at(range(1, len(points) + 1), Places(points, measure), name="many")
    tsplib.write(cities, tmp_path / "many.tsp")
    assert (tmp_path / "many.tsp").stat().st_size < 60 * len(points)
    back = tsplib.read(tmp_path / "many.tsp")
    assert back.labels == cities.labels
    assert back.places.measure == measure
    assert np.array_equal(back.places.points, points)
    assert "distances" not in vars(cities) | vars(back)
