"""The one door to numba: compiled functions that release the GIL and are cached on disk.

numba's cache asks only whether the file of a function has changed. What a kernel calls, inlines
or takes as a constant from another file is in its machine code as well; kept with it is therefore
also a fingerprint of all files that its module imports, directly or not (`kernel_files`).
"""

import contextlib
import functools
import gc
import hashlib
import importlib.util
import inspect
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numba
from numba.core import event, types
from numba.core.registry import CPUDispatcher
from numba.misc.appdirs import AppDirs

from hopfield_opt.kernel_files import KernelFiles

# numba reports each compilation as an event; loading from the disk cache is none
_timer = event.TimingListener()
event.register("numba:compile", _timer)


class _Running(event.Listener):  # type: ignore[misc]  # numba has no types
    """Count the compilations that have begun and not ended; meanwhile nothing is collected.

    A compiler makes many objects that live until it is done: to look through them again and
    again for garbage would take a fourth of its time.
    """

    count = 0
    collects = True

    def on_start(self, event: Any) -> None:
        if not self.count:
            self.collects = gc.isenabled()
            gc.disable()
        self.count += 1

    def on_end(self, event: Any) -> None:
        self.count -= 1
        if not self.count and self.collects:
            gc.enable()


_running = _Running()
event.register("numba:compile", _running)


def is_compiling() -> bool:
    """Whether a kernel is being compiled in this process right now."""
    return _running.count > 0


def compile_seconds() -> float:
    """Return the seconds this process has spent in compiling kernels so far."""
    return float(_timer.duration) if _timer.done else 0.0


_loading = [0.0]


def load_seconds() -> float:
    """Return the seconds this process has spent in loading kernels from the disk cache."""
    return _loading[0]


def _time_loading(load: Callable[..., Any]) -> Callable[..., Any]:
    """Return numba's function that loads a kernel, its time taken."""

    def timed(*arguments: Any) -> Any:
        begin = time.monotonic()
        try:
            return load(*arguments)
        finally:
            _loading[0] += time.monotonic() - begin

    return timed


_IMPORT = re.compile(r"^(?:from +([.\w]+) +import +(\([^)]*\)|.*)|import +(.+))", re.MULTILINE)


@functools.cache
def _imports(module: str) -> tuple[bytes, tuple[str, ...]]:
    """Return the digest of a module's source, and the names of what may be modules it imports.

    Imports inside of functions and conditions do not count: no compiled code comes from there.
    """
    try:
        source = inspect.getsource(sys.modules[module])
    except (KeyError, OSError, TypeError):  # no module, or none with a source that could change
        return b"", ()
    if not source.strip():  # an empty file: an OSError before Python 3.13
        return b"", ()
    found = []
    for parent, names, modules in _IMPORT.findall(re.sub("#.*", "", source)):
        if parent.startswith("."):
            parent = importlib.util.resolve_name(parent, sys.modules[module].__package__)
        found.append(parent)
        found += [f"{parent}.{name}" for name in re.findall(r"\w+", names)]
        found += re.findall(r"[.\w]+", modules)
    return hashlib.sha256(source.encode()).digest(), tuple(found)


def sources(module: str) -> dict[str, bytes]:
    """Return the digests of the sources of a module and of all that it imports.

    Only its own package and this one are looked at: others change with their version. Contents
    count, not times, which differ between copies of the same code.
    """
    roots = (module.partition(".")[0], __name__.partition(".")[0])
    digests: dict[str, bytes] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in digests or name.partition(".")[0] not in roots:
            continue
        digests[name], imported = _imports(name)
        waiting += imported
    return {name: digest for name, digest in sorted(digests.items()) if digest}


@functools.cache
def _fingerprint(module: str) -> str:
    return hashlib.sha256(repr(sources(module)).encode()).hexdigest()


# No kernel is called through a C pointer, and most of its parts are not called from Python
# either: to compile the wrappers for such calls would take a tenth of the time.
_KERNEL = {"nogil": True, "no_cfunc_wrapper": True}
_PART = {**_KERNEL, "no_cpython_wrapper": True}


def _widen(kind: Any) -> Any:
    """Return the type as which a part takes an argument."""
    kind = types.unliteral(kind)
    narrow = isinstance(kind, types.Integer) and kind.signed and kind.bitwidth < 64
    return types.int64 if narrow else kind


class _Part(CPUDispatcher):  # type: ignore[misc]  # numba has no types
    """A function that only compiled ones call: one version for all whole numbers.

    Else numba would compile it again for each that it finds written in a call.
    """

    def get_call_template(self, arguments: Any, named: Any) -> Any:
        """Return what a call with arguments of these types is, compiled."""
        named = {name: _widen(kind) for name, kind in named.items()}
        return super().get_call_template(tuple(map(_widen, arguments)), named)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Refuse: numba would jump to a wrapper that was not compiled."""
        raise TypeError(
            f"{self.__name__} must be called from compiled functions, got a call from Python. "
            "Compile it by jit.njit."
        )


def _forbid_calls(compiled: Any) -> Any:
    """Return a function, with an error where it is called from Python."""
    if isinstance(compiled, CPUDispatcher):  # with NUMBA_DISABLE_JIT it is the function itself
        compiled.__class__ = _Part
    return compiled


@contextlib.contextmanager
def _redirect_installed() -> Iterator[None]:
    """Let numba keep the kernels of an installed package in the user's folder for caches.

    pip does not know what appears beside the files that it has installed, and leaves it there:
    after the package is gone, or is installed from a checkout, that remainder would be imported
    in its place. In a checkout kernels stand beside their source, where numba puts them.

    Raises
    ------
    RuntimeError
        If nobody knows where the user's folder is: a user without a name and a home.
    """
    before = numba.config.CACHE_DIR
    if not before and {"site-packages", "dist-packages"} & set(Path(__file__).parts):
        folder = AppDirs("hopfield-opt", appauthor=False).user_cache_dir
        if not os.path.isabs(folder):  # "~" as it is, in whatever folder the program runs
            raise RuntimeError("no folder for caches")
        numba.config.CACHE_DIR = folder
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before


_folders: set[str] = set()


def kernel_folders() -> list[str]:
    """Return the folders in which the kernels of the modules loaded so far are kept."""
    return sorted(_folders)


def _compile(function: Callable[..., Any], options: dict[str, bool]) -> Any:
    """Compile a function, cached on disk where possible.

    Where no folder can be written (a read-only installation without a home) numba refuses
    to cache; the function is then compiled anew in each process, which is slower but right.
    """
    try:
        with _redirect_installed():
            compiled: Any = numba.njit(cache=True, **options)(function)
        # no public names; a numba without them must not cache
        cache = compiled._cache
        cache._cache_file = KernelFiles(cache._cache_file, _fingerprint(function.__module__))
        cache.load_overload = _time_loading(cache.load_overload)
        _folders.add(cache.cache_path)
    except (AttributeError, RuntimeError):
        compiled = numba.njit(**options)(function)
    return compiled


def njit(function: Callable[..., Any]) -> Any:
    """Compile `function` in nopython mode, without the GIL, cached on disk where possible."""
    return _compile(function, _KERNEL)


def borrowing(function: Callable[..., Any]) -> Any:
    """Compile like `njit` a function that makes no arrays: all of them are the caller's.

    Nobody then counts references to them. Else each call counts up and down, atomically, each
    array that it gets, and those in named tuples wherever one is looked at: that may take five
    times what the function does.
    """
    return _compile(function, {**_KERNEL, "_nrt": False})


def part(function: Callable[..., Any]) -> Any:
    """Compile a function as `njit` does, if only compiled functions call it."""
    return _forbid_calls(_compile(function, _PART))


def borrowing_part(function: Callable[..., Any]) -> Any:
    """Compile a function as `borrowing` does, if only compiled functions call it."""
    return _forbid_calls(_compile(function, {**_PART, "_nrt": False}))


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a part of an innermost loop, where a call would cost as much as it does.

    Only compiled functions call it.
    """
    return _forbid_calls(numba.njit(forceinline=True, **_PART)(function))


@inlined
def overwrite(target: Any, source: Any) -> None:
    """Write one row of numbers over another of the same length.

    What ``target[:] = source`` does without its check of lengths, whose message takes numba
    more than a second to compile.
    """
    for i in range(len(target)):
        target[i] = source[i]
