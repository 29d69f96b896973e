"""Files as they come: spoilt in every way they give a clear error or an instance, nothing else.

The samples of all formats and the ways to spoil them are one table each; hence the length.
"""

import contextlib
import gzip
import os
import random
import re
import signal
import struct
import tempfile
import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hopfield_opt import problems
from hopfield_opt.errors import HopfieldWarning, InputError, ReadError
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
BINARY = ("npy", "png")
SECONDS, BYTES = 60, 2**30

NUMBERS = b"999999999999999999 1e400 -1e400 1e308 nan inf -1 0 1e-320 1000000000".split()
ODD = ["١٢", "1_0", "0x1F", "²", "é", "EOF", ":", *"+\ufeff\x00\x0b\x0c\x1c\x85\u2028"]
PIECES = [*NUMBERS, *(odd.encode() for odd in ODD), b"\xff\xfe", b"9" * 5000]


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """Return a file with one to three things wrong with it."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        data = chance.choice((bytes_changed, lines_changed, words_changed, whole_changed))(
            data, chance
        )
    return data


def bytes_changed(data: bytes, chance: random.Random) -> bytes:
    """Flip, cut, repeat or insert bytes."""
    at = chance.randrange(len(data) + 1)
    end = min(len(data), at + chance.choice((1, 1, 2, 4, 16)))
    middle = chance.choice(
        (
            b"",
            bytes(b ^ (1 << chance.randrange(8)) for b in data[at:end]),
            data[at:end] * chance.choice((2, 2, 50)),
            chance.choice(PIECES),
            chance.randbytes(end - at),
        )
    )
    return data[:at] + middle + data[end:]


def lines_changed(data: bytes, chance: random.Random) -> bytes:
    """Drop, repeat, swap or blank lines."""
    lines = data.split(b"\n")
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    how = chance.randrange(4)
    if how == 0:
        del lines[at]
    elif how == 1:
        lines.insert(other, lines[at])
    elif how == 2:
        lines[at], lines[other] = lines[other], lines[at]
    else:
        lines[at] = b""
    return b"\n".join(lines)


def words_changed(data: bytes, chance: random.Random) -> bytes:
    """Drop, repeat, swap or replace words."""
    words = re.split(rb"(\s+)", data)
    at, other = chance.randrange(len(words)), chance.randrange(len(words))
    how = chance.randrange(4)
    if how == 0:
        words[at] = chance.choice(PIECES)
    elif how == 1:
        words[at] += b" " + words[other]
    elif how == 2:
        words[at], words[other] = words[other], words[at]
    else:
        words[at] = b""
    return b"".join(words)


def whole_changed(data: bytes, chance: random.Random) -> bytes:
    """Cut, double or recode the file."""
    how = chance.randrange(5)
    if how == 0:
        return data[: chance.randrange(len(data) + 1)]
    if how == 1:
        return data + data
    if how == 2:
        return data.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b" ", b"")))
    if how == 3:
        return data.decode("latin-1").encode(chance.choice(("utf-16", "utf-8-sig", "utf-32")))
    return gzip.compress(data)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a cue for patterns."""
    folder = tmp_path_factory.mktemp("fire")
    (folder / "cue.patterns").write_text("#.#\n...\n")
    return folder


@contextlib.contextmanager
def patience(seconds: float) -> Iterator[None]:
    """End what takes longer."""

    def hang(*_: object) -> None:
        raise AssertionError(f"no end after {seconds} s")

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, hang)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def memory(size: int) -> Iterator[None]:
    """Let this process take no more than `size` bytes in addition to what it has."""
    resource = pytest.importorskip("resource", reason="limits of POSIX")
    if not Path("/proc/self/statm").exists():
        yield
        return
    has = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (has + size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def outcome(sample: Sample, path: Path, build: bool = False) -> Any:
    """Return the problem in a file, or the message of the error, also that of its model."""
    arguments = dict(sample.arguments)
    if sample.format == "patterns":
        arguments["cue"] = path.with_name("cue.patterns")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", HopfieldWarning)
        try:
            found = sample.problem.read(path, format=sample.format, **arguments)
            if build:
                (getattr(found, "model", None) or found.hamiltonian)()
        except InputError as error:
            return str(error)
    return found


def check(sample: Sample, path: Path, content: bytes, build: bool = True) -> bool:
    """Assert that a file gives a problem, or one clear line; return whether a problem."""
    path.write_bytes(content)
    try:
        with patience(SECONDS):
            found = outcome(sample, path, build)
    except BaseException as error:
        error.add_note(f"{sample.format}: {content[:3000]!r}")
        raise
    if not isinstance(found, str):
        return True
    assert "\n" not in found, content
    assert " must " in found, (found, content)
    assert found.endswith((".", "?")), (found, content)
    return False


def value(sample: Sample, problem: Any) -> float:
    """Return the value of the answer of a sample; of patterns and pixels some sum."""
    if sample.answer is not None:
        return problem.evaluate(sample.answer).value
    if sample.format == "patterns":
        return float(problem.patterns.spins.sum())
    return float(np.abs(problem.noisy - np.eye(len(problem.noisy))).max())


@pytest.mark.parametrize("name", SAMPLES)
def test_what_a_file_means(place, name):
    """The value of an answer is what a count by hand says, however lines end and blanks stand."""
    sample = SAMPLES[name]
    content, path = sample.content, place / "instance"
    variants = [content]
    if sample.format not in BINARY:
        variants += [content.replace(b"\n", end) for end in (b"\r\n", b"\r", b" \n", b"\t\r\n")]
        variants += [b"\xef\xbb\xbf" + content, content.removesuffix(b"\n"), content + b"\n\n"]
    for variant in variants:
        path.write_bytes(variant)
        problem = outcome(sample, path)
        assert not isinstance(problem, str), problem
        assert value(sample, problem) == sample.value, variant
    if sample.format not in BINARY:
        packed = place / "instance.gz"
        packed.write_bytes(gzip.compress(content))
        assert value(sample, outcome(sample, packed)) == sample.value


@pytest.mark.parametrize("name", ["rudy", "edge list", "edge list of integers", "coloring"])
@given(order=st.randoms(use_true_random=False))
@settings(max_examples=10)
def test_the_order_of_edges_means_nothing(place, name, order):
    """Edges that are listed in another order, and comments between them, are the same graph."""
    sample = SAMPLES[name]
    head = 0 if sample.format == "edge-list" else 1 + (sample.format == "dimacs")
    lines = sample.content.splitlines()
    edges = lines[head:]
    order.shuffle(edges)
    comment = {"edge-list": b"% c", "dimacs": b"c c", "rudy": b""}[sample.format]
    content = b"\n".join([*lines[:head], comment, *edges, comment]) + b"\n"
    path = place / "instance"
    path.write_bytes(content)
    assert value(sample, outcome(sample, path)) == sample.value


@pytest.mark.parametrize("name", SAMPLES)
@given(chance=st.integers(0, 2**32))
@settings(max_examples=25)
def test_spoilt_files(place, name, chance):
    """Whatever is wrong with a file is said in one line, or it is an instance all the same."""
    sample = SAMPLES[name]
    check(sample, place / "instance", spoilt(sample.content, random.Random(chance)))


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLES)
def test_spoilt_files_by_the_thousand(place, name):
    """The same for some 10^5 files of all formats together, in a gigabyte."""
    sample, path, read = SAMPLES[name], place / "instance", 0
    check(sample, path, sample.content)  # what is loaded on first use does not count
    with memory(BYTES):
        for seed in range(-(-(10**5) // len(SAMPLES))):
            read += check(sample, path, spoilt(sample.content, random.Random(f"{name} {seed}")))
    assert read  # some are harmless


@pytest.mark.parametrize("name", SAMPLES)
def test_announcements_take_no_memory(place, name):
    """A small file with the largest numbers in any place is refused, or read in a gigabyte."""
    sample, path = SAMPLES[name], place / "instance"
    check(sample, path, sample.content)
    words = re.split(rb"(\s+)", sample.content)
    places = [k for k, word in enumerate(words) if re.fullmatch(rb"[0-9.]+", word)]
    with memory(BYTES):
        for number in (b"1000000000", b"100000", b"999999999999999999999"):
            for k in places:
                content = b"".join([*words[:k], number, *words[k + 1 :]])
                check(sample, path, content, build=False)


def test_bombs(place):
    """A packed megabyte that unpacks to a gigabyte is refused."""
    path = place / "bomb.gz"
    path.write_bytes(gzip.compress(b"1 2\n" * 2**18) * 2**10)
    with memory(BYTES), pytest.raises(ReadError, match="must unpack to at most .* MiB, got more"):
        formats["rudy"].read(path)


@pytest.mark.slow
@pytest.mark.parametrize("filling", [b"0 ", b"0\n", b"\n", b"1 2\n", b"#.\n", b"\0"])
@pytest.mark.parametrize("name", ["rudy", "metis", "edge list", "qaplib", "scp", "patterns"])
def test_the_largest_that_a_few_bytes_may_unpack_to(place, name, filling):
    """The readers need a gigabyte at most for it."""
    path = place / "bomb.gz"
    content = SAMPLES[name].content
    path.write_bytes(gzip.compress(content + filling * ((2**24 - len(content)) // len(filling))))
    with memory(BYTES), patience(300):
        outcome(SAMPLES[name], path)


def test_images_that_unpack_to_gigabytes(place):
    """A small image of 13000 x 13000 pixels is refused before it is unpacked."""
    path = place / "bomb"
    path.write_bytes(png(*[bytes(13000)] * 13000))
    message = "image must have at most 16777216 pixels in a file of .* bytes, got 169000000"
    with memory(BYTES), pytest.raises(InputError, match=message):
        formats["png"].read(path)


@pytest.mark.parametrize("name", {sample.format: None for sample in SAMPLES.values()})
def test_what_is_no_file(tmp_path, name):
    """A folder, nothing, a name that cannot be, a protected file and endless streams are errors."""
    closed = tmp_path / "closed"
    closed.write_text("1")
    closed.chmod(0)
    paths = [tmp_path, tmp_path / "none", "nul\0byte", "x" * 300, "/dev/null"]
    for path in paths if os.geteuid() == 0 else [closed, *paths]:  # root may read everything
        with pytest.raises(InputError, match="must"):
            formats[name].read(path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="devices of POSIX")
def test_endless_streams(monkeypatch):
    """What does not end is not read for ever."""
    monkeypatch.setattr("hopfield_opt.files.FILE_LIMIT", 2**20)
    message = "file must have at most 1 MiB, got more, from what may have no end"
    with patience(SECONDS), pytest.raises(ReadError, match=message):
        formats["rudy"].read("/dev/zero")
