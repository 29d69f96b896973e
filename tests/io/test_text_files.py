"""What holds for files of every format: paths, encodings, comments, limits."""

import gzip
import io
import os
import runpy
import tracemalloc
from pathlib import Path

import pytest
from scipy.sparse import csr_array

import hopfield_opt as ho
from hopfield_opt import problems
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.io import find_format, formats, read_graph, write_graph
from hopfield_opt.io.weighted_graph import WeightedGraph

SAMPLES = runpy.run_path(str(Path(__file__).with_name("samples.py")))["SAMPLES"]
TEXTS = [name for name, sample in SAMPLES.items() if sample.format not in ("npy", "png")]
# how a line of each format can be a comment, and what may follow a line of data
COMMENTS = {"dimacs": "c {}\n", "tsplib": "COMMENT : {}\n", "patterns": ""}
BEHIND = {"patterns": "", "tsplib": ""}
UNCOMMENTED = ("patterns", "csv")
MARKS = ("utf-16", "utf-32", "utf-8-sig")
PATHS = [None, 3, 0, ["a"], object()]


def read(name: str, path, near: Path | None = None):
    """Return the problem in the file of a sample, or in an open file; a cue lies near it."""
    sample = SAMPLES[name]
    cue, near = {}, near or path
    if sample.format == "patterns":
        near.with_name("cue.patterns").write_text("#.#\n...\n")
        cue = {"cue": near.with_name("cue.patterns")}
    return sample.problem.read(path, format=sample.format, **cue)


def value(name: str, path: Path) -> float:
    """Return the value of the answer of a sample, or a sum where there is none."""
    problem = read(name, path)
    if SAMPLES[name].answer is None:
        return float(problem.patterns.spins.sum())
    return problem.evaluate(SAMPLES[name].answer).value


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", [k for k in problems.available().values() if hasattr(k, "read")])
def test_only_names_of_files_are_read_and_written(kind, path):
    """Bytes, None, descriptors and open files are refused in one line that says what to do."""
    message = "path must be a string or a path, got .*[.]$"
    with pytest.raises(InputError, match=message):
        kind.read(path)
    with pytest.raises(InputError, match=message):
        kind.random(6, seed=0).write(path)


@pytest.mark.parametrize("path", PATHS)
def test_only_names_of_files_go_to_formats(path):
    """The same holds below the problems, for each format and for graphs."""
    message = "path must be a string or a path, got "
    for found in formats.values():
        with pytest.raises(InputError, match=message):
            found.read(path)
    graph = WeightedGraph((1, 2), [0], [1], [1.0])
    for call in (read_graph, lambda p: write_graph(graph, p), lambda p: find_format(p, None)):
        with pytest.raises(InputError, match=message):
            call(path)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_open_files_and_paths_in_bytes(tmp_path, name):
    """What is read from an open file, or one named by bytes, is what stands in the file."""
    sample = SAMPLES[name]
    path = tmp_path / "f"
    path.write_bytes(sample.content)
    wanted = read(name, path)
    with path.open("rb") as file, gzip.open(io.BytesIO(gzip.compress(sample.content))) as unpacked:
        opened = [os.fsencode(path), file, unpacked, io.BytesIO(gzip.compress(sample.content))]
        if sample.format in ("npy", "png"):
            opened = opened[:2]
        else:
            opened.append(io.StringIO(sample.content.decode()))
        for one in opened:
            found = read(name, one, path)
            if sample.answer is None:
                assert type(found) is type(wanted)
            else:
                assert found.evaluate(sample.answer) == wanted.evaluate(sample.answer)
                assert found.evaluate(sample.answer).value == sample.value


def test_open_files_by_name(tmp_path):
    """The suffix of an open file's name tells its format; errors name it; one of text is text."""
    (tmp_path / "two.edges").write_text("a b 2\n")
    with (tmp_path / "two.edges").open() as file:
        assert read_graph(file).labels == ("a", "b")
    with pytest.raises(ReadError, match="^<StringIO>:1: line must be"):
        formats["edge-list"].read(io.StringIO("a b c d"))
    closed = io.StringIO()
    closed.close()
    for wrong in (closed, io.BytesIO(b"\0")):
        with pytest.raises(InputError, match="file must be"):
            read_graph(wrong)
    with pytest.raises(InputError, match="path must be a string or a path, got StringIO"):
        write_graph(WeightedGraph((1, 2), [0], [1], [1.0]), io.StringIO(), "rudy")
    program = io.StringIO("max\n o: x\nst\n c: x <= 1\nbin\n x\nend\n")
    assert ho.Model.read(program, "lp").evaluate({"x": 1}).value == 1


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("encoding", MARKS)
def test_texts_with_a_mark(tmp_path, name, encoding):
    """A mark at the beginning tells UTF-16, UTF-32 and UTF-8; packed, too."""
    text = SAMPLES[name].content.decode()
    (tmp_path / "f").write_bytes(text.encode(encoding))
    assert value(name, tmp_path / "f") == SAMPLES[name].value
    (tmp_path / "f.gz").write_bytes(gzip.compress(text.encode(encoding)))
    assert value(name, tmp_path / "f.gz") == SAMPLES[name].value


def test_a_mark_that_lies(tmp_path):
    """Half a character of UTF-16 is refused with what to do, and so is its text without a mark."""
    path = tmp_path / "f"
    path.write_bytes("2 1\n1 2\n".encode("utf-16")[:-1])
    with pytest.raises(ReadError, match=":1: file must be UTF-16-LE, as its mark says.* as UTF-8"):
        read_graph(path)
    path.write_bytes("2 1\n1 2\n".encode("utf-16-le"))
    with pytest.raises(ReadError, match=":1: file must be text, got byte 0x00"):
        read_graph(path)


@pytest.mark.parametrize("name", [n for n in TEXTS if SAMPLES[n].format not in UNCOMMENTED])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_comments(tmp_path, name, encoding):
    """Comments in any encoding, on lines of their own and behind others, mean nothing."""
    sample, path = SAMPLES[name], tmp_path / "f"
    lines = sample.content.decode().splitlines()
    own = COMMENTS.get(sample.format, "# {}\n").format("für Müller, 5 % größer")
    behind = BEHIND.get(sample.format, " # so groß")
    at = 2 if sample.format in ("tsplib", "dimacs") else 0
    if sample.format == "tsplib":
        begin = next(k for k, line in enumerate(lines) if line.endswith("_SECTION"))
        lines = [line + (" # so groß" if k > begin and line[0].isdigit() else "")
                 for k, line in enumerate(lines)]  # fmt: skip
    lines = [line + behind if line.strip() else line for line in lines]
    text = "\n".join([*lines[:at], own + lines[at], *lines[at + 1 :]]) + "\n"
    path.write_bytes(text.encode(encoding))
    assert value(name, path) == sample.value


def test_signs_of_comments_in_words(tmp_path):
    """In an edge list a sign within a word belongs to it."""
    path = tmp_path / "f"
    path.write_text("a#b c%d 5 # c%d\n%\nc%d e 7\t% so\n")
    graph = formats["edge-list"].read(path)
    assert graph.labels == ("a#b", "c%d", "e")
    assert graph.weights.tolist() == [5, 7]


def test_letters_that_are_no_utf_8(tmp_path):
    """Outside comments and names they are refused: no letter is guessed at."""
    path = tmp_path / "f"
    path.write_bytes(b"# \xe9\na b\xe9\n")
    with pytest.raises(ReadError, match=":2: file must be text, got byte 0xe9. Save it as UTF-8"):
        formats["edge-list"].read(path)


@pytest.mark.parametrize("name", ["rudy", "edge-list"])
def test_a_missing_weight_is_one(tmp_path, name):
    """Lines with a weight and lines without it may be mixed."""
    path, head = tmp_path / "f", "3 3\n" if name == "rudy" else ""
    path.write_text(f"{head}1 2\n2 3 -2.5\n1 3\n")
    graph = formats[name].read(path)
    assert dict(zip(zip(graph.heads, graph.tails, strict=True), graph.weights, strict=True)) == {
        (0, 1): 1,
        (1, 2): -2.5,
        (0, 2): 1,
    }
    path.write_text(f"{head}1 2 3\n2 3 5 7\n1 3\n")
    with pytest.raises(ReadError, match="line must be 'u v' or 'u v weight', got '2 3 5 7'"):
        formats[name].read(path)


@pytest.mark.parametrize("name", formats)
def test_sparse_files_are_not_read(tmp_path, name):
    """A file of 12 GiB that takes no place on the disk is refused by its size, in no memory."""
    path = tmp_path / "f"
    with path.open("wb") as file:
        file.truncate(12 * 2**30)
    tracemalloc.start()
    with pytest.raises(ReadError, match=r"file must have at most \d+ MiB, got 1.229e\+04 MiB"):
        formats[name].read(path)
    assert tracemalloc.get_traced_memory()[1] < 2**22
    tracemalloc.stop()


@pytest.mark.parametrize("name", [n for n in formats if n != "npy"])
def test_the_limit_of_files_is_a_constant(tmp_path, monkeypatch, name):
    """Whoever sets it lower has smaller files refused."""
    monkeypatch.setattr("hopfield_opt.files.FILE_LIMIT", 8)
    (tmp_path / "f").write_bytes(bytes(9))
    with pytest.raises(ReadError, match="file must have at most 7.629e-06 MiB, got 8.583e-06 MiB"):
        formats[name].read(tmp_path / "f")


def test_texts_of_too_many_lines(tmp_path, monkeypatch):
    """The memory of many short lines is predicted, and the file named."""
    monkeypatch.setattr("hopfield_opt.arrays.MEMORY_LIMIT", 10**4)
    (tmp_path / "f").write_text("1 2\n" * 100)
    with pytest.raises(InputError, match="f: file must need at most .* GiB, got about"):
        formats["edge-list"].read(tmp_path / "f")


@pytest.mark.parametrize(
    ("kind", "name", "content"),
    [
        (problems.GraphColoring, "dimacs", "p edge 1000000 1\ne 1 2\n"),
        (problems.GraphBipartition, "metis", "1000000 1\n2\n1\n"),
        (problems.GraphBipartition, "rudy", "1000000 1\n1 2\n"),
        (problems.Qubo, "bqp", "1\n1000000 1\n1 1 1\n"),
        (problems.Qubo, "biq-mac", "1000000 1\n1 1 1\n"),
        (problems.SetCover, "scp", "1 1000000\n1\n1 1\n"),
        (problems.SetCover, "scp", "1000000 1\n1\n1 1\n"),
    ],
)
def test_a_small_file_does_not_hold_a_million(tmp_path, kind, name, content):
    """It is refused with the number, whatever is announced."""
    (tmp_path / "f").write_text(content)
    with pytest.raises(ReadError, match=r"f:\d: .*(1000000|Is it cut off)"):
        kind.read(tmp_path / "f", name)


def test_many_forms_in_one_file_share_the_limit(tmp_path):
    """Forms without entries, each as large as may be, take no memory one after the other."""
    (tmp_path / "f").write_text("1000\n" + "16000 0\n" * 1000)
    with pytest.raises(ReadError, match=":3: variables must be at most 16384 in all of 1001 lines"):
        formats["bqp"].read(tmp_path / "f")
    with pytest.raises(InputError, match="number of variables must be at most 16384"):
        formats["bqp"].write([csr_array((9000, 9000))] * 2, tmp_path / "g")


def test_long_words_are_shortened(tmp_path):
    """A word of 9 KB is not echoed, be it a header, a label or a number."""
    path, long = tmp_path / "f", "x" * 9000
    for name in formats:
        path.write_text(f"{long} {long} {long} {long}\n")
        with pytest.raises(ReadError) as caught:
            formats[name].read(path)
        assert len(str(caught.value)) < 400 + len(str(path))
    path.write_bytes(b"\x93NUMPY\x01\x00\x28\x23" + b"{" + long.encode() + b"}")
    with pytest.raises(ReadError) as caught:
        formats["npy"].read(path)
    assert len(str(caught.value)) < 400 + len(str(path))
    with pytest.raises(InputError) as refused:
        formats["edge-list"].write(WeightedGraph((long, 1), [0], [1], [1.0]), path)
    assert len(str(refused.value)) < 400
