"""Compiled functions: timed, and compiled also where nothing can be kept on disk."""

import os
import subprocess
import sys
from pathlib import Path

import numba
import pytest

from hopfield_opt import jit

ROOT = Path(__file__).resolve().parent.parent


def test_compiling_is_timed():
    """The seconds of the first call, in which numba compiles, are counted; later ones are not."""
    scope = {}
    exec("def double(x): return 2 * x", scope)  # without a file: nothing is kept on disk
    doubled = jit.njit(scope["double"])
    before = jit.compile_seconds()
    assert doubled(3) == 6
    first = jit.compile_seconds()
    assert first > before
    assert doubled(4) == 8
    assert jit.compile_seconds() == first


def test_without_a_folder_for_the_cache_it_still_compiles(monkeypatch):
    """Numba raises where it can write no cache; the function is then compiled without one."""
    real = numba.njit

    def refuse(*arguments, **options):
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return real(*arguments, **options)

    monkeypatch.setattr(numba, "njit", refuse)
    assert jit.njit(lambda x: x + 1)(1) == 2


@pytest.mark.parametrize("value", [3, 2.5])
def test_cached_functions_give_what_python_gives(value):
    """The decorator changes nothing but the speed."""

    def half(x):
        return x / 2

    assert jit.njit(half)(value) == half(value)


def test_loading_from_the_cache_is_told_apart(tmp_path):
    """A second process loads what the first has compiled, and says how long that took."""
    script = tmp_path / "kernel.py"
    script.write_text(
        "from hopfield_opt import jit\n"
        "@jit.njit\n"
        "def twice(x):\n"
        "    return 2 * x\n"
        "twice(3)\n"
        "print(jit.compile_seconds() > 0, jit.load_seconds() > 0)\n"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    said = [
        subprocess.run(
            [sys.executable, str(script)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for _ in range(2)
    ]
    assert said[0][0] == "True"
    assert said[1] == ["False", "True"]
