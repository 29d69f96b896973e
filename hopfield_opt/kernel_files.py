"""Compiled kernels on disk, sealed: what was damaged is compiled anew, and never run.

numba unpickles its cache and runs the machine code in it as they are: a file that was cut raises
from within every call, and a byte that was turned ends the process or the truth of an answer.
Here each file ends with a seal of what is before, and with a stamp of the sources that it was made
from; both are compared before anything is unpickled.
"""

import contextlib
import hashlib
import io
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from hopfield_opt.errors import HopfieldWarning

SEAL = hashlib.sha256().digest_size
_told: set[str] = set()


class KernelFiles:
    """The index and the data files of one kernel, as numba's cache asks for them.

    Parameters
    ----------
    files : numba.core.caching.IndexDataCacheFile
        Numba's own.
    fingerprint : str
        Of all sources that the kernel depends on.
    """

    def __init__(self, files: Any, fingerprint: str) -> None:
        folder, name = files._cache_path, files._index_name.removesuffix(".nbi")
        stamp = (files._version, files._source_stamp, fingerprint)
        # files of another name: those without a seal are somebody else's
        self._files = type(files)(folder, f"{name}.sealed", files._source_stamp)
        self._stamp = hashlib.sha256(repr(stamp).encode()).digest()
        self._read_index, self._files._load_index = self._files._load_index, self._index
        self._read_data, self._files._load_data = self._files._load_data, self._data
        self._write, self._files._open_for_write = self._files._open_for_write, self._seal
        self.flush = self._files.flush
        self.load = self._files.load

    def save(self, key: Any, data: Any) -> None:
        """Keep a compiled kernel; where the disk does not take it, do without."""
        try:
            self._files.save(key, data)
        except OSError as error:
            tell_once(
                "not kept",
                f"Compiled kernels cannot be kept on disk ({error.strerror}) and are compiled anew "
                f"in each process. Make room in {self._files._cache_path}, or set NUMBA_CACHE_DIR.",
            )

    def _index(self) -> dict[Any, str]:
        found = self._read(self._files._index_path, self._read_index)
        return {} if found is None else found

    def _data(self, name: str) -> Any:
        return self._read(self._files._data_path(name), partial(self._read_data, name))

    def _read(self, path: str, load: Callable[[], Any]) -> Any:
        """Return what is in a file, None if it is damaged, of other sources, or not there."""
        try:
            content = Path(path).read_bytes()
            body, seal, stamp = content[: -2 * SEAL], content[-2 * SEAL : -SEAL], content[-SEAL:]
            if _seal_of(body, stamp) == seal:
                return load() if stamp == self._stamp else None
        except FileNotFoundError:
            return None
        except Exception as error:
            reason = f"cannot be read ({type(error).__name__})"
        else:
            reason = "is damaged"
        tell_once("anew", f"A compiled kernel on disk {reason} and is compiled anew: {path}.")
        return None

    @contextlib.contextmanager
    def _seal(self, path: str) -> Iterator[io.BytesIO]:
        """Collect what is written, and write it with its seal."""
        with io.BytesIO() as body:
            yield body
            content = body.getvalue()
        with self._write(path) as file:
            # what stands behind a pickle is not read by pickle
            file.write(content + _seal_of(content, self._stamp) + self._stamp)


def _seal_of(body: bytes, stamp: bytes) -> bytes:
    return hashlib.sha256(body + stamp).digest()


def tell_once(what: str, message: str) -> None:
    """Warn at the line outside of the package and numba, unless this process was told before."""
    if what in _told:
        return
    _told.add(what)
    level, frame = 1, sys._getframe()
    while frame.f_back and frame.f_globals.get("__name__", "").startswith(
        ("hopfield_opt", "numba")
    ):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, HopfieldWarning, stacklevel=level)
