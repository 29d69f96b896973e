"""A small file of every format and layout, with an answer and its value, counted by hand.

`spoiling.py` and the tests of this folder run this file by its path.
"""

import struct
import tempfile
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from hopfield_opt import problems
from hopfield_opt.io import formats


class Sample(NamedTuple):
    """A file, an answer to its problem and the value of that, counted by hand."""

    problem: type[Any]
    format: str
    content: bytes
    answer: Any
    value: float
    arguments: dict[str, Any] = {}  # noqa: RUF012


def npy(array: Any) -> bytes:
    """Return the bytes of an array in numpy's format."""
    with tempfile.TemporaryDirectory() as folder:
        formats["npy"].write(np.asarray(array), f"{folder}/a")
        return Path(folder, "a").read_bytes()


def png(*rows: bytes) -> bytes:
    """Return a grey image of 8 bits."""
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows))
    chunks = ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
    packed = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def tsp(weight_type: str, *sections: str, kind: str = "TSP", n: int = 4) -> bytes:
    """Return a TSPLIB file."""
    head = f"NAME : t\nTYPE : {kind}\nCOMMENT : of a test\nDIMENSION : {n}\n"
    return f"{head}EDGE_WEIGHT_TYPE : {weight_type}\n{chr(10).join(sections)}\nEOF\n".encode()


def matrix(layout: str, numbers: str) -> bytes:
    """Return a TSPLIB file with a matrix of distances."""
    lines = numbers.replace(",", "\n")
    return tsp("EXPLICIT", f"EDGE_WEIGHT_FORMAT : {layout}", "EDGE_WEIGHT_SECTION", lines)


TOUR, CORNERS = [1, 2, 3, 4], "1 0 0\n2 3 0\n3 3 4\n4 0 4"
CUBE = "1 0 0 0\n2 3 0 0\n3 3 4 0\n4 0 4 0"
PLANE, SPACE = f"NODE_COORD_SECTION\n{CORNERS}", f"NODE_COORD_SECTION\n{CUBE}"
SQUARE = b"4 5\n1 2 1\n2 3 2\n3 4 3\n4 1 4\n1 3 7\n"
GRAPHS = problems.MaxCut, problems.TravellingSalesman, problems.QuadraticAssignment
CUT, TSP, QAP = GRAPHS

SAMPLES = {
    "rudy": Sample(CUT, "rudy", SQUARE, ({1, 3}, {2, 4}), 10),
    "rudy without weights": Sample(CUT, "rudy", b"3 2\n1 2\n2 3\n", ({1, 3}, {2}), 2),
    "metis": Sample(CUT, "metis", b"% c\n3 2 1\n2 5\n1 5 3 7\n2 7\n", ({1, 3}, {2}), 12),
    "edge list": Sample(CUT, "edge-list", b"# c\na b 1.5\nb c 2\n", ({"a", "c"}, {"b"}), 3.5),
    "edge list of integers": Sample(CUT, "edge-list", b"7 9 2\n9 8 -1\n", ({7, 8}, {9}), 1),
    "edge list of networkx": Sample(
        CUT, "edge-list", b"# c\na b {'weight': 1.5, 'c': 'x'}\nb c {}\n", ({"a", "c"}, {"b"}), 2.5
    ),
    "csv": Sample(
        CUT, "csv", b'from,to,km\n"a, b",c,1.5\nc,d d,2\n', ({"a, b", "d d"}, {"c"}), 3.5
    ),
    "bipartition": Sample(problems.GraphBipartition, "rudy", SQUARE, ({1, 2}, {3, 4}), 13),
    "matching": Sample(problems.WeightedMatching, "edge-list", b"1 2 3\n2 3 5\n", {(2, 3)}, 5),
    "coloring": Sample(
        problems.GraphColoring, "dimacs", b"c t\np col 3 2\ne 1 2\ne 2 3\n", {1: 0, 2: 1, 3: 0}, 2
    ),
    "independent set": Sample(
        problems.MaxIndependentSet, "dimacs", b"p edge 3 2\ne 1 2\ne 2 3\n", {1, 3}, 2
    ),
    "EUC_2D": Sample(TSP, "tsplib", tsp("EUC_2D", PLANE), TOUR, 14),
    "CEIL_2D": Sample(TSP, "tsplib", tsp("CEIL_2D", PLANE), TOUR, 14),
    "MAN_2D": Sample(TSP, "tsplib", tsp("MAN_2D", PLANE), [1, 3, 2, 4], 7 + 4 + 7 + 4),
    "MAX_2D": Sample(TSP, "tsplib", tsp("MAX_2D", PLANE), [1, 3, 2, 4], 4 + 4 + 4 + 4),
    "ATT": Sample(TSP, "tsplib", tsp("ATT", PLANE), TOUR, 1 + 2 + 1 + 2),
    "GEO": Sample(TSP, "tsplib", tsp("GEO", PLANE), TOUR, 334 + 446 + 334 + 445),
    "EUC_3D": Sample(TSP, "tsplib", tsp("EUC_3D", SPACE), TOUR, 14),
    "MAN_3D": Sample(TSP, "tsplib", tsp("MAN_3D", SPACE), TOUR, 14),
    "MAX_3D": Sample(TSP, "tsplib", tsp("MAX_3D", SPACE), TOUR, 14),
    "FULL_MATRIX": Sample(
        TSP, "tsplib", matrix("FULL_MATRIX", "0 1 9 4,1 0 2 9,9 2 0 3,4 9 3 0"), TOUR, 10
    ),
    "ATSP": Sample(
        TSP,
        "tsplib",
        matrix("FULL_MATRIX", "0 1 9 9,9 0 2 9,9 9 0 3,4 9 9 0").replace(b": TSP", b": ATSP"),
        TOUR,
        10,
    ),
    "UPPER_ROW": Sample(TSP, "tsplib", matrix("UPPER_ROW", "1 9 4,2 9,3"), TOUR, 10),
    "LOWER_ROW": Sample(TSP, "tsplib", matrix("LOWER_ROW", "1,9 2,4 9 3"), TOUR, 10),
    "UPPER_DIAG_ROW": Sample(
        TSP, "tsplib", matrix("UPPER_DIAG_ROW", "0 1 9 4,0 2 9,0 3,0"), TOUR, 10
    ),
    "LOWER_DIAG_ROW": Sample(
        TSP, "tsplib", matrix("LOWER_DIAG_ROW", "0,1 0,9 2 0,4 9 3 0"), TOUR, 10
    ),
    "UPPER_COL": Sample(TSP, "tsplib", matrix("UPPER_COL", "1,9 2,4 9 3"), TOUR, 10),
    "LOWER_COL": Sample(TSP, "tsplib", matrix("LOWER_COL", "1 9 4,2 9,3"), TOUR, 10),
    "UPPER_DIAG_COL": Sample(
        TSP, "tsplib", matrix("UPPER_DIAG_COL", "0,1 0,9 2 0,4 9 3 0"), TOUR, 10
    ),
    "LOWER_DIAG_COL": Sample(
        TSP, "tsplib", matrix("LOWER_DIAG_COL", "0 1 9 4,0 2 9,0 3,0"), TOUR, 10
    ),
    "tour of a graph": Sample(TSP, "rudy", b"3 3\n1 2 1\n2 3 2\n1 3 4\n", [1, 2, 3], 7),
    "qaplib": Sample(QAP, "qaplib", b"2\n\n0 3\n3 0\n\n0 5\n5 0\n", {1: 2, 2: 1}, 30),
    "bqp": Sample(problems.Qubo, "bqp", b"2\n2 2\n1 1 3\n1 2 -1.5\n3 1\n1 3 4\n", {1: 1, 2: 1}, 0),
    "biq-mac": Sample(
        problems.Qubo, "biq-mac", b"3 3\n1 1 3\n1 2 -1.5\n3 3 7\n", {1: 1, 2: 1, 3: 1}, 7
    ),
    "knapsack": Sample(
        problems.Knapsack, "knapsack", b"# c\n10 20\n\n5 1 2\n6 3 0 # an item\n", {1, 2}, 11
    ),
    "scp": Sample(problems.SetCover, "scp", b"3 2\n1 2.5\n1 1\n2 1\n2\n1\n2\n", {1, 2}, 3.5),
    "numbers": Sample(problems.NumberPartition, "numbers", b"1 22 # c\n333\n", ({1, 2}, {3}), 310),
    "patterns": Sample(problems.PatternMemory, "patterns", b"#.#\n.#.\n\n##.\n..#\n", None, 0),
    "npy": Sample(problems.ImageRestoration, "npy", npy(np.eye(3)), None, 0),
    "png": Sample(problems.ImageRestoration, "png", png(b"\xff\0", b"\0\xff"), None, 0),
}
