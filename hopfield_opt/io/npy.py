"""Arrays in numpy's own format."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import arrays
from hopfield_opt.array_files import parse_array
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.files import read_bytes, write_whole
from hopfield_opt.io import text


def read(path: text.PathName) -> NDArray[Any]:
    """Read an array of numbers.

    Raises
    ------
    InputError
        If there is no such file.
    ReadError
        If the file is no array of numbers, or larger than `hopfield_opt.arrays.MEMORY_LIMIT`.
    """
    data = read_bytes(path, arrays.MEMORY_LIMIT)
    try:
        return parse_array(data)
    except InputError as error:
        message = f"file must be one array of numbers as numpy.save writes it, got {error}."
        raise ReadError(path, None, f"{message} Is it cut off?") from None


def write(array: NDArray[Any], path: text.PathName) -> None:
    """Write an array.

    Raises
    ------
    InputError
        If the file cannot be written, or is no array of numbers.
    """
    if array.dtype.kind not in "biuf":
        raise InputError(f"array must be of numbers for a file, got dtype {array.dtype}.")
    write_whole(path, lambda file: np.lib.format.write_array(file, array, allow_pickle=False))
