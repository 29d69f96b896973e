"""What holds for the readers and writers of forms, knapsacks, covers, numbers and images."""

import gzip
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.io import find_format, formats

SAMPLES = {
    "bqp": "2\n2 2\n1 1 3\n1 2 -1.5\n3 1\n1 3 4\n",
    "biq-mac": "3 3\n1 1 3\n1 2 -1.5\n3 3 7\n",
    "knapsack": "# capacities\n10 20\n\n5 1 2\n6.5 3 0 # an item\n",
    "scp": "3 2\n1 2.5\n1 1\n2 1\n2\n1\n2\n",
    "numbers": "1 22 # two\n-333\n99999999999999999999\n",
}


def arrays(found):
    """Return what a file holds as plain values."""
    parts = found if isinstance(found, list | tuple) else [found]
    return [part.toarray().tolist() if hasattr(part, "toarray") else np.asarray(part).tolist()
            for part in parts]  # fmt: skip


def outcome(path, name):
    """Return what a file holds, or what is wrong with it."""
    try:
        return arrays(formats[name].read(path))
    except ReadError as error:
        return str(error)


@pytest.mark.parametrize("name", SAMPLES)
def test_round_trip(tmp_path, name):
    """What was read is written, plain and packed, and reads back the same."""
    path = tmp_path / "sample"
    path.write_text(SAMPLES[name])
    found = formats[name].read(path)
    for again in (tmp_path / "again", tmp_path / "again.gz"):
        formats[name].write(found, again)
        assert arrays(formats[name].read(again)) == arrays(found)
    assert (
        gzip.decompress((tmp_path / "again.gz").read_bytes()) == (tmp_path / "again").read_bytes()
    )


def test_what_the_samples_hold(file):
    """Each format means what it says."""
    first, second = formats["bqp"].read(file(SAMPLES["bqp"]))
    assert first.toarray().tolist() == [[3, -1.5], [-1.5, 0]]
    assert second.toarray().tolist() == [[0, 0, 4], [0, 0, 0], [4, 0, 0]]
    (matrix,) = formats["biq-mac"].read(file(SAMPLES["biq-mac"]))
    assert matrix.toarray().tolist() == [[3, -1.5, 0], [-1.5, 0, 0], [0, 0, 7]]
    items = formats["knapsack"].read(file(SAMPLES["knapsack"]))
    assert arrays(items) == [[5, 6.5], [[1, 2], [3, 0]], [10, 20]]
    cover = formats["scp"].read(file(SAMPLES["scp"]))
    assert arrays(cover) == [[1, 2.5], [[1, 0], [1, 1], [0, 1]]]
    assert formats["numbers"].read(file(SAMPLES["numbers"])) == [1, 22, -333, 10**20 - 1]


def test_a_set_that_is_named_twice_counts_once(file):
    """An element of a cover is in a set or not, however often the file says so."""
    cover = formats["scp"].read(file("2 2\n1 2\n3 1 2 1\n1 2\n"))
    assert cover.incidence.toarray().tolist() == [[1, 1], [0, 1]]


@pytest.mark.parametrize("name", SAMPLES)
@given(chance=st.integers(0, 2**32))
@settings(max_examples=60)
def test_spoiled_files(file, spoiled, name, chance):
    """No edit of a file leads to anything but an instance or one clear line."""
    path = file(spoiled(SAMPLES[name], random.Random(chance)))
    found = outcome(path, name)
    if isinstance(found, str):
        assert found.startswith(str(path))
        assert "\n" not in found
    else:
        numbers = [x for part in found for x in np.array(part, dtype=float).ravel()]
        assert np.isfinite(numbers).all()


@pytest.mark.parametrize("name", [*SAMPLES, "npy", "png"])
@given(content=st.binary(max_size=80))
@settings(max_examples=40)
def test_any_bytes(file, name, content):
    """No file whatsoever leads to anything but an instance or an error of ours."""
    path = file(content)
    found = outcome(path, name)
    if isinstance(found, str):
        assert found.startswith(str(path))
        assert "\n" not in found


@pytest.mark.parametrize("name", [*SAMPLES, "npy", "png"])
def test_empty_missing_and_folder(file, tmp_path, name):
    """An empty file is a ReadError, a missing one and a folder name the path."""
    with pytest.raises(ReadError):
        formats[name].read(file(""))
    with pytest.raises(InputError, match="file must be readable"):
        formats[name].read(tmp_path / "none")
    with pytest.raises(InputError, match="file must be readable"):
        formats[name].read(tmp_path)


@pytest.mark.parametrize("name", SAMPLES)
def test_truncated_files(file, name):
    """A file that ends too early is an error, but where whole lines are items of their own."""
    lines = SAMPLES[name].splitlines()
    for end in range(1, len(lines)):
        path = file("\n".join(lines[:end]) + "\n")
        if name in ("knapsack", "numbers"):
            continue
        with pytest.raises(ReadError, match=r"cut off|got one number"):
            formats[name].read(path)


@pytest.mark.parametrize(
    ("name", "content", "line", "message"),
    [
        ("bqp", "x\n", 1, "number of instances must be a whole number >= 0, got 'x'"),
        ("bqp", "2 2\n1 1 1\n", 1, "first line must be the number of instances"),
        ("bqp", "1\n2 1\n1 2 3\n4 4\n", 4, "file must end after 1 instances"),
        ("bqp", "1\n2\n", 2, "'variables entries'"),
        ("bqp", "1\n2 1\n1 3 3\n", 3, "variable must be an integer from 1 to 2, got 3"),
        ("bqp", "1\n2 1\n1 2\n", 3, "'i j q'"),
        ("bqp", "1\n2 1\n1 2 nan\n", 3, "must be a finite number, got 'nan'"),
        ("biq-mac", "2 2\n1 2 1\n2 1 1\n", 3, "got (1, 2) once more"),
        ("biq-mac", "2 1\n1 2 1\n2 2 1\n", 3, "must hold 1 entries"),
        ("biq-mac", "9999999999 0\n", 1, "number of variables must be at most"),
        ("biq-mac", "2 1\n\n1.5 2 1\n", 3, "got 1.5"),
        ("knapsack", "10 x\n", 1, "capacity must be a finite number, got 'x'"),
        ("knapsack", "10\n1 2 3\n", 2, "line must be 'value weight'"),
        ("knapsack", "10 10\n1 2 3\n1 2\n", 3, "'value weight weight2'"),
        ("knapsack", "# nothing\n", None, "only comments"),
        ("scp", "1 1\n1\n1 2\n", 3, "set must be from 1 to 1, got '2'"),
        ("scp", "1 1\n1\n1 0\n", 3, "set must be from 1 to 1, got '0'"),
        ("scp", "1 1\n1\n1 1 7\n", 3, "file must end after 1 elements, got '7'"),
        ("scp", "1 1\nx\n1 1\n", 2, "weight must be a finite number"),
        ("scp", "0 5\n1 2\n", 2, "must hold the weights of 5 sets, got 2. Is it cut off?"),
        ("rudy", "2 1\n1 2 -1e308\n", 2, "must be at most 1e+100 in size, got '-1e308'"),
        ("metis", "2 1 1\n2 1e308\n1 1e308\n", 2, "must be at most 1e+100 in size"),
        ("edge-list", "1 2 1e308\n", 1, "must be at most 1e+100 in size"),
        ("scp", "9999999999 1\n", 1, "must hold the weights of 1 sets, got 0. Is it cut off?"),
        ("numbers", "1\n2 3.5\n", 2, "number must be whole, got '3.5'"),
        ("numbers", "1_0\n", 1, "number must be whole"),
    ],
)  # fmt: skip
def test_errors_name_file_and_line(file, name, content, line, message):
    """What is wrong is named with the line where it stands."""
    path = file(content)
    place = str(path) if line is None else f"{path}:{line}"
    with pytest.raises(ReadError) as caught:
        formats[name].read(path)
    assert str(caught.value).startswith(f"{place}: ")
    assert message in str(caught.value)


def test_packed_files(tmp_path):
    """A packed file is unpacked by its name; one that is not packed, or cut off, is named."""
    packed = gzip.compress(SAMPLES["bqp"].encode())
    path = tmp_path / "f.gz"
    path.write_bytes(packed)
    assert len(formats["bqp"].read(path)) == 2
    for content in (b"2\n", packed[:-9], packed[:20] + b"\xff" * 9 + packed[29:], b""):
        path.write_bytes(content)
        with pytest.raises(ReadError, match=r"gzip|got nothing"):
            formats["bqp"].read(path)
    assert find_format("a.sparse.gz", None, ("bqp", "biq-mac")).name == "biq-mac"
    assert find_format("a.txt.gz", None, ("bqp", "biq-mac")).name == "bqp"


def test_biq_mac_holds_one_matrix(tmp_path):
    """Several matrices are refused, and nothing is written."""
    matrices = formats["bqp"].read(_written(tmp_path, "bqp"))
    with pytest.raises(InputError, match="one matrix, got 2"):
        formats["biq-mac"].write(matrices, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def _written(folder, name):
    path = folder / "sample"
    path.write_text(SAMPLES[name])
    return path


def test_arrays_and_images(tmp_path):
    """Arrays keep their type; colours become grey by their luma."""
    from matplotlib.image import imsave

    grid = np.arange(6, dtype=np.int16).reshape(2, 3)
    formats["npy"].write(grid, tmp_path / "a.npy")
    back = formats["npy"].read(tmp_path / "a.npy")
    assert back.dtype == np.int16
    assert (back == grid).all()
    colours = np.zeros((1, 3, 3))
    colours[0, [0, 1, 2], [0, 1, 2]] = 1
    imsave(tmp_path / "c.png", colours)
    assert formats["png"].read(tmp_path / "c.png") == pytest.approx(
        np.array([[0.299, 0.587, 0.114]])
    )
    grey = np.array([[0.0, 1.0], [0.2, 0.6]])
    formats["png"].write(grey, tmp_path / "g.png")
    back = formats["png"].read(tmp_path / "g.png")
    assert back == pytest.approx(grey, abs=0.5 / 255)
    assert (back[0] == [0, 1]).all()


def test_arrays_of_objects_are_refused(tmp_path):
    """No pickle is ever opened, and text is no image."""
    np.save(tmp_path / "o.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(ReadError, match="one array of numbers as numpy.save writes it"):
        formats["npy"].read(tmp_path / "o.npy")
    np.save(tmp_path / "s.npy", np.array(["a"]))
    with pytest.raises(ReadError, match="array of numbers .* got entries of type"):
        formats["npy"].read(tmp_path / "s.npy")


@pytest.mark.parametrize("name", ["npy", "png"])
def test_a_failed_write_leaves_nothing(tmp_path, name):
    """A folder that is not there is an error that names the file."""
    with pytest.raises(InputError, match="must be writable"):
        formats[name].write(np.zeros((2, 2)), tmp_path / "no" / "file")
