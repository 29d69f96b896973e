"""Arrays in numpy's own format."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.errors import ReadError
from hopfield_opt.files import write_whole
from hopfield_opt.io import text


def read(path: text.PathName) -> NDArray[Any]:
    """Read an array of numbers.

    Raises
    ------
    InputError
        If there is no such file.
    ReadError
        If the file is no array of numbers.
    """
    try:
        with Path(path).open("rb") as file:
            array = np.lib.format.read_array(file, allow_pickle=False)
    except OSError as error:
        raise text.unreadable(path, error) from error
    # whatever a garbled header makes of numpy: ValueError, EOFError, SyntaxError, MemoryError, ...
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ReadError(
            path, None, f"file must be an array of numpy, got another ({reason}). Is it cut off?"
        ) from error
    if array.dtype.kind not in "biuf":
        message = f"file must hold an array of numbers, got dtype {array.dtype}."
        raise ReadError(path, None, f"{message} Convert them.")
    return array


def write(array: NDArray[Any], path: text.PathName) -> None:
    """Write an array.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    write_whole(path, lambda file: np.lib.format.write_array(file, array, allow_pickle=False))
