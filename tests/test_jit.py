"""Compiled functions: timed, and compiled also where nothing can be kept on disk."""

import ast
import gc
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest
from numba.core import caching

from hopfield_opt import jit
from tests.kernels import callable_part

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
    assert said_by(script)[0] == "True"
    assert said_by(script) == ["False", "True"]


# A package whose kernel takes a function from one file, and that a constant from another.
PACKAGE = {
    "__init__.py": "",
    "caller.py": "from two.callee import work\n"
    "from hopfield_opt import jit\n"
    "@jit.njit\n"
    "def call(x):\n"
    "    return work(x) + 1\n",
    "callee.py": "import numba\n"
    "from two.constants import FACTOR\n"
    "@numba.njit\n"
    "def work(x):\n"
    "    return FACTOR * x\n",
    "constants.py": "FACTOR = 2\n",
    "unused.py": "NOTHING = 0\n",
}


def said_by(script):
    """Return the words that a script says, in a process of its own with its own cache."""
    folder = str(script.parent)
    environment = {
        **os.environ,
        "NUMBA_CACHE_DIR": folder,
        "PYTHONPATH": os.pathsep.join([folder, str(ROOT)]),
    }
    return subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True
    ).stdout.split()


def test_an_edit_of_what_is_called_is_noticed(tmp_path):
    """A kernel is compiled anew if a file that it imports has changed, and only then."""
    package = tmp_path / "two"
    package.mkdir()
    for file, text in PACKAGE.items():
        (package / file).write_text(text)
    script = tmp_path / "script.py"
    script.write_text(
        "from two.caller import call\n"
        "print(call(10), 'loaded' if call.stats.cache_hits else 'compiled')\n"
    )
    assert said_by(script) == ["21", "compiled"]
    (package / "unused.py").write_text("NOTHING = 1\n")
    assert said_by(script) == ["21", "loaded"]
    (package / "constants.py").write_text("FACTOR = 3\n")
    assert said_by(script) == ["31", "compiled"]
    (package / "callee.py").write_text(PACKAGE["callee.py"].replace("* x", "+ x"))
    assert said_by(script) == ["14", "compiled"]


@pytest.mark.parametrize(
    ("name", "imports"),
    [
        ("three", "from three.callee import work"),
        ("four", "from four import callee"),
        ("five", "from five import (  # one (of two)\n    callee,\n)"),
        ("half_a_dozen", "from .callee import work"),
        ("seven", "from . import callee"),
        ("eight", "import eight.callee as other"),
        ("nine", "import math, nine.callee"),
    ],
)
def test_all_ways_of_importing_are_understood(tmp_path, monkeypatch, name, imports):
    """What a module imports is among its sources, however it says so; another package is not."""
    package = tmp_path / name
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "caller.py").write_text(f"import numpy\n{imports}\n")
    (package / "callee.py").write_text("def work(): pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module(f"{name}.caller")
    assert set(jit.sources(f"{name}.caller")) == {f"{name}.caller", f"{name}.callee"}


def test_without_the_private_names_of_numba_nothing_is_cached(monkeypatch):
    """A numba whose cache takes no fingerprint would load what is stale: it is not asked to."""
    monkeypatch.delattr(caching.Cache, "load_overload")
    monkeypatch.setattr(caching, "IndexDataCacheFile", lambda **_: object())
    compiled = jit.njit(lambda x: x + 1)
    assert isinstance(compiled._cache, caching.NullCache)
    assert compiled(1) == 2


COMPILED = {"njit", "part", "borrowing", "borrowing_part", "inlined"}
KERNELS = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in sorted((ROOT / "hopfield_opt").rglob("*.py"))
    if COMPILED & {line.removeprefix("@") for line in path.read_text("utf-8").splitlines()}
]


@pytest.mark.parametrize("name", KERNELS)
def test_all_that_a_kernel_calls_is_in_its_fingerprint(name):
    """The files of the functions that the compiled ones name are among the sources looked at."""
    module = importlib.import_module(name)
    functions = [value for value in vars(module).values() if hasattr(value, "py_func")]
    assert functions
    homes = {name}
    for function in functions:
        code = function.py_func.__code__
        named = [function.py_func.__globals__.get(global_name) for global_name in code.co_names]
        homes |= {str(getattr(value, "__module__", "")) for value in named}
    assert {home for home in homes if home.startswith("hopfield_opt")} <= set(jit.sources(name))


def python_names(source):
    """Return the names that code of a module uses outside of what is compiled."""
    tree, inside = ast.parse(source), set()
    for node in ast.walk(tree):
        names = {getattr(one, "id", "") for one in getattr(node, "decorator_list", ())}
        if names & {*COMPILED, "register_jitable"}:
            inside |= {id(part) for part in ast.walk(node)}
    rest = [node for node in ast.walk(tree) if id(node) not in inside]
    return {str(getattr(node, kind, "")) for node in rest for kind in ("id", "attr")}


def test_what_only_kernels_call_is_a_part():
    """No wrapper is compiled for a call that no Python code makes."""
    files = [path for path in (ROOT / "hopfield_opt").rglob("*.py") if "problems" not in path.parts]
    sources = [(path.stem, path.read_text("utf-8")) for path in files]
    used, found = [python_names(source) for _, source in sources], []
    for name, source in sources:
        kernels = re.findall(r"^@(?:njit|borrowing)\ndef (\w+)", source, re.M)
        users = [
            own
            for (_, text), own in zip(sources, used, strict=True)
            if name in text or text == source
        ]
        found += [f"{name}.{one}" for one in kernels if not any(one in own for own in users)]
    assert found == []


def test_an_installed_package_keeps_its_kernels_elsewhere(tmp_path):
    """Nothing is left of a package that pip has removed: kernels are in the user's own folder."""
    installed = tmp_path / "lib" / "site-packages" / "hopfield_opt"
    installed.mkdir(parents=True)
    for source in (ROOT / "hopfield_opt").glob("*.py"):
        (installed / source.name).write_bytes(source.read_bytes())
    script = (
        "import numpy as np\n"
        "from hopfield_opt import xoshiro\n"
        "xoshiro.shuffle(np.arange(3), np.ones(4, np.uint64))\n"
    )
    kept = {
        "HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path / "mine"),
        "LOCALAPPDATA": str(tmp_path),
    }
    environment = {**os.environ, **kept, "PYTHONPATH": str(installed.parent)}
    environment.pop("NUMBA_CACHE_DIR", None)
    subprocess.run([sys.executable, "-c", script], env=environment, cwd=tmp_path, check=True)
    assert not list(installed.rglob("*.nb?"))
    assert list(tmp_path.rglob("*.nbi"))


@jit.part
def add_one(number):
    """Return one more."""
    return number + 1


@jit.njit
def add_two(number):
    """Return two more."""
    return add_one(number) + 1


def test_a_part_is_called_by_kernels_only():
    """What is compiled as a part works in a kernel; a call from Python raises, and ends nothing."""
    assert add_two(1) == 3
    with pytest.raises(TypeError, match="add_one must be called from compiled functions"):
        add_one(1)


@jit.inlined
def add_three(number):
    """Return three more."""
    return number + 3


@numba.njit  # not kept: a kernel that is loaded needs no parts
def add_to_all(narrow, wide, fraction):
    """Return more than each of some numbers, and than one that is written here."""
    return add_one(narrow) + add_one(wide) + add_one(1) + add_three(narrow) + add_one(fraction)


def test_a_part_is_compiled_once_for_all_whole_numbers():
    """Narrow, wide and written ones call the same version; fractions have one of their own."""
    assert add_to_all(np.int32(1), np.int64(2), 0.5) == 2 + 3 + 2 + 4 + 1.5
    whole, fraction = (numba.types.int64,), (numba.types.float64,)
    assert set(add_one.signatures) == {whole, fraction}
    assert add_three.signatures == [whole]


def test_an_inlined_part_is_called_by_kernels_only():
    """A call from Python raises, as that of any part."""
    with pytest.raises(TypeError, match="add_three must be called from compiled functions"):
        add_three(1)


def test_garbage_is_collected_again_after_a_kernel_was_compiled():
    """Collection is off while a kernel is compiled, and then as it was before."""
    during = []

    def note(phase, information):
        during.append(jit.is_compiling())

    gc.callbacks.append(note)
    try:
        for collects in (True, False):
            (gc.enable if collects else gc.disable)()
            jit.njit(lambda number: number * 3)(collects)
            assert gc.isenabled() == collects
    finally:
        gc.callbacks.remove(note)
        gc.enable()
    assert not any(during)


def test_a_row_is_written_over_another():
    """`overwrite` does what an assignment of all elements does."""
    target = np.zeros(3, np.int64)
    callable_part(jit.overwrite)(target, np.array([3, 1, 2]))
    assert target.tolist() == [3, 1, 2]
