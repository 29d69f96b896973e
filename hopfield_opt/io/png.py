"""Images as PNG files, in grey."""

import os
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.io import text

# the luma of ITU-R BT.601, in thousandths: whole numbers make white exactly 1
LUMA = (299, 587, 114)


def read(path: text.PathName) -> NDArray[np.float64]:
    """Read an image as grey values from 0, black, to 1, white.

    Colours become ``0.299 R + 0.587 G + 0.114 B``; transparency is ignored.

    Raises
    ------
    InputError
        If there is no such file.
    ReadError
        If the file is no PNG image.
    """
    from matplotlib.image import imread

    try:
        with Path(path).open("rb") as file:
            pixels = np.asarray(imread(file, format="png"), dtype=np.float64)
    except FileNotFoundError as error:
        raise _unreadable(path, error) from error
    except IsADirectoryError as error:
        raise _unreadable(path, error) from error
    # the decoder knows more errors than it names
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        message = f"file must be a PNG image, got what cannot be decoded ({reason})."
        raise ReadError(path, None, f"{message} Is it cut off?") from error
    if pixels.ndim == 2:
        return pixels
    return pixels[..., :3] @ np.array(LUMA) / sum(LUMA) if pixels.shape[2] >= 3 else pixels[..., 0]


def _unreadable(path: text.PathName, error: OSError) -> InputError:
    return InputError(
        f"file must be readable, got {os.fspath(path)!r} ({error.strerror}). Check the path."
    )


def write(array: NDArray[np.float64], path: text.PathName) -> None:
    """Write grey values from 0 to 1 as an image of 256 greys.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    from matplotlib.image import imsave

    def save(file: BinaryIO) -> None:
        imsave(file, array, format="png", cmap="gray", vmin=0, vmax=1)

    text.write_whole(path, save)
