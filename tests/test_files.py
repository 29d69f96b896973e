"""Files are written wholly or not at all."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from hopfield_opt import problems
from hopfield_opt.cli.outputs import draw, write
from hopfield_opt.errors import InputError
from hopfield_opt.files import write_whole
from hopfield_opt.hamiltonian import Hamiltonian

resource = pytest.importorskip("resource", reason="limits of POSIX")

CYCLE = problems.Qubo(np.eye(40) - np.ones((40, 40)))


def save_network(path):
    """Write a Hamiltonian."""
    Hamiltonian(np.ones((40, 40)) - np.eye(40)).save(path)


WRITERS = {
    "problem": CYCLE.write,
    "network": save_network,
    "json": lambda path: write(path, "x" * 4096),
    "picture": lambda path: draw(problems.MaxCut([(0, 1)]), path, ({0}, {1})),
    "pixels": lambda path: problems.ImageRestoration(np.eye(2)).write(path, "png"),
}


@pytest.fixture
def full():
    """Return a function that limits the size of the files of this process, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("old", [None, b"precious"])
@pytest.mark.parametrize("save", WRITERS.values(), ids=WRITERS)
def test_a_full_disk_changes_nothing(tmp_path, full, save, old):
    """Where the space ends half-way there is an error, and in the folder what was there before."""
    path = tmp_path / "file.png"
    if old is not None:
        path.write_bytes(old)
    full(64)
    with pytest.raises(InputError, match=r"file must be writable, got '.*file.png' \(File too"):
        save(path)
    full(resource.RLIM_INFINITY)
    assert [entry.read_bytes() for entry in tmp_path.iterdir()] == ([old] if old else [])
    save(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["file.png"]
    assert path.stat().st_size > 64


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, RuntimeError])
def test_what_breaks_off_leaves_the_old_file(tmp_path, error):
    """Ctrl-C and errors of the writer pass through and leave the old file alone."""
    path = tmp_path / "file"
    path.write_bytes(b"precious")

    def save(file):
        file.write(b"half of it")
        raise error

    with pytest.raises(error):
        write_whole(path, save)
    assert [entry.read_bytes() for entry in tmp_path.iterdir()] == [b"precious"]


def test_a_device_is_written_to_and_not_replaced(tmp_path):
    """/dev/null stays what it is, and /dev/full says that it is full."""
    write_whole(os.devnull, lambda file: file.write(b"x"))
    assert not os.path.isfile(os.devnull)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as other:
        seen = other.submit(pipe.read_bytes)
        write_whole(pipe, lambda file: file.write(b"x"))
        assert seen.result(10) == b"x"
    assert pipe.is_fifo()
    if os.path.exists("/dev/full"):
        with pytest.raises(InputError, match="No space left on device"):
            write_whole("/dev/full", lambda file: file.write(b"x"))


def test_links_and_permissions_stay(tmp_path):
    """A link goes on pointing at the new file, which may be read by whom the old one could be."""
    path, link = tmp_path / "file", tmp_path / "link"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to("file")
    write_whole(link, lambda file: file.write(b"new"))
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_names_as_long_as_names_can_be(tmp_path):
    """The draft needs no longer name than the file."""
    path = tmp_path / ("n" * 255)
    write_whole(path, lambda file: file.write(b"x"))
    assert path.read_bytes() == b"x"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_protected_file_is_not_replaced(tmp_path):
    """A file without permission to write is refused, though its folder would let it be replaced."""
    path = tmp_path / "file"
    path.write_bytes(b"precious")
    path.chmod(0o444)
    with pytest.raises(InputError, match="Permission denied"):
        write_whole(path, lambda file: file.write(b"x"))
    assert path.read_bytes() == b"precious"


@pytest.mark.parametrize("path", ["", "nul\0byte", "no/such/folder", "."])
def test_paths_that_cannot_be_written(path):
    """Each is an error that names the path."""
    with pytest.raises(InputError, match="file must be writable, got"):
        write_whole(path, lambda file: file.write(b"x"))
