"""The archive that networks and certificates are saved as: arrays, looked at before use."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from hopfield_opt import arrays as limits
from hopfield_opt.array_files import parse_array
from hopfield_opt.errors import InputError
from hopfield_opt.files import most_unpacked

_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

# what zipfile raises for bytes that are no archive, or one cut off or altered, and what our own
# checks raise for arrays that make no sense
DAMAGE = (
    OSError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    EOFError,
    MemoryError,
    RuntimeError,
    OverflowError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


class Archive:
    """The arrays of an npz file, by name; each is unpacked when it is asked for.

    Parameters
    ----------
    data : bytes
        The whole file.

    Raises
    ------
    InputError
        If what the directory of the archive announces is more than
        `hopfield_opt.arrays.MEMORY_LIMIT`, or more than such a file can hold.
    """

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._entries = {info.filename: info for info in self._zip.infolist()}
        if len(self._entries) < len(self._zip.infolist()):
            raise InputError("an archive that has two files of one name")
        announced = sum(info.file_size for info in self._entries.values())
        if announced > (most := min(limits.MEMORY_LIMIT, most_unpacked(len(data)))):
            got = f"an archive of {len(data)} bytes that unpacks to {announced}"
            raise InputError(f"{got}; it may to {most}")

    def __contains__(self, name: str) -> bool:
        return f"{name}.npy" in self._entries

    def array(self, name: str, kinds: str, ndim: int) -> Any:
        """Return an array whose type and number of axes are as they must be.

        Parameters
        ----------
        name : str
            Its name.
        kinds : str
            The kinds of types that are allowed, in numpy's letters.
        ndim : int
            The number of axes; of 0 the number itself is returned.

        Raises
        ------
        InputError
            If there is none, or another, saying only what it is instead.
        """
        info = self._entries.get(f"{name}.npy")
        if info is None:
            raise InputError(f"no {name}")
        if info.compress_type not in _PACKED:
            raise InputError(f"{name} packed in another way")
        try:
            array = parse_array(self._zip.read(info), kinds)
        except InputError as error:
            raise InputError(f"{error} as {name}") from None
        if array.ndim != ndim:
            raise InputError(f"{name} with {array.ndim} axes")
        own = array.astype(array.dtype.newbyteorder("="), copy=False)
        return own[()] if ndim == 0 else own

    def whole(self, name: str) -> int:
        """Return a whole number >= 0."""
        if (number := int(self.array(name, "iu", 0))) < 0:
            raise InputError(f"{number} as {name}")
        return number


def pack_content(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what goes into the file, after a look at its size."""
    own = {name: np.asarray(value) for name, value in content.items()}
    limits.check_memory("file", sum(array.nbytes for array in own.values()))
    return own
