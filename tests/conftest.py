"""What all tests share: reproducible hypothesis runs, no screen, child processes."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# no deadline: the first example of a test may compile a kernel; derandomized: the suite is the
# same in every run, so that a failure is the change's and not the day's
settings.register_profile("repo", deadline=None, derandomize=True)
settings.load_profile("repo")

os.environ["MPLBACKEND"] = "Agg"


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict[str, Any]:
    """Return what lets a child process in another folder import what this process imports."""
    path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    return {"cwd": tmp_path, "env": {**os.environ, "PYTHONPATH": path}, "text": True}


@contextlib.contextmanager
def _spending(least: float, most: float) -> Iterator[None]:
    wall, cpu = time.monotonic(), time.process_time()
    yield
    assert time.monotonic() - wall >= least
    # a busy machine lengthens what the clock shows, and not what this process computes
    assert time.process_time() - cpu < most


@pytest.fixture
def spending() -> Callable[[float, float], contextlib.AbstractContextManager[None]]:
    """Return a block that lasts at least `least` seconds and computes for less than `most`."""
    return _spending


@pytest.fixture
def ctrl_c():
    """Give SIGINT Python's own handler: a job in the background of a shell ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
