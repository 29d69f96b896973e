"""Named pipes: read and written like files, and not waited for where nobody is at the other end."""

import os
import threading
import time

import pytest

from hopfield_opt import files
from hopfield_opt.errors import InputError
from hopfield_opt.problems import MaxCut

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")


@pytest.fixture
def pipe(tmp_path):
    """Make a named pipe."""
    path = tmp_path / "graph.edges"
    os.mkfifo(path)
    return path


def test_pipe_without_another_end_is_refused(pipe, monkeypatch):
    """A pipe that nobody else opens is refused in one line, for reading and for writing."""
    monkeypatch.setattr(files, "WAIT", 0.1)
    with pytest.raises(InputError, match="file must be readable, .*nobody writes"):
        MaxCut.read(pipe)
    with pytest.raises(InputError, match="file must be writable"):
        MaxCut([(0, 1)]).write(pipe)


@pytest.mark.parametrize(("late", "silent"), [(0.0, 0.0), (0.2, 0.0), (0.1, 0.3)])
def test_pipe_is_read_to_its_end(pipe, late, silent, monkeypatch):
    """Who writes may come late, and pause longer than is waited for somebody to come."""
    monkeypatch.setattr(files, "WAIT", 0.25 if silent else 5.0)

    def write():
        time.sleep(late)
        with open(pipe, "w") as file:
            time.sleep(silent)
            for line in ("0 1 2\n", "1 2 3\n"):
                file.write(line)
                file.flush()
                time.sleep(0.05)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert MaxCut.read(pipe).graph.weights.tolist() == [2.0, 3.0]
    finally:
        writer.join()


def test_pipe_is_written(pipe):
    """Who reads may come late."""
    found = []

    def read():
        time.sleep(0.1)
        found.append(pipe.read_text())

    reader = threading.Thread(target=read)
    reader.start()
    MaxCut([(0, 1)]).write(pipe)
    reader.join()
    assert found[0].endswith("0 1 1\n")
