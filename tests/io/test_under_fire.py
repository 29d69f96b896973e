"""Files as they come: spoilt in every way they give a clear error or an instance, nothing else."""

import gzip
import os
import random
import re
import runpy
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hopfield_opt.errors import HopfieldWarning, InputError, ReadError
from hopfield_opt.io import formats

HERE = Path(__file__).parent
_SAMPLES = runpy.run_path(str(HERE / "samples.py"))
Sample, SAMPLES, png = (_SAMPLES[name] for name in ("Sample", "SAMPLES", "png"))
spoilt = runpy.run_path(str(HERE / "spoiling.py"))["spoilt"]

_LIMITS = runpy.run_path(str(HERE / "limits.py"))
patience, memory = _LIMITS["patience"], _LIMITS["memory"]

BINARY = ("npy", "png")
SECONDS, BYTES = 60, 2**30


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a cue for patterns."""
    folder = tmp_path_factory.mktemp("fire")
    (folder / "cue.patterns").write_text("#.#\n...\n")
    return folder


def outcome(sample: Any, path: Path, build: bool = False) -> Any:
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


def check(sample: Any, path: Path, content: bytes, build: bool = True) -> bool:
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


def value(sample: Any, problem: Any) -> float:
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
