"""Images as PNG files, in grey."""

import io
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import check_memory
from hopfield_opt.errors import ReadError
from hopfield_opt.files import most_unpacked, read_bytes, write_whole
from hopfield_opt.io import text

# the luma of ITU-R BT.601, in thousandths: whole numbers make white exactly 1
LUMA = (299, 587, 114)
# the signature, and the length and the name of the first chunk
BEGINNING = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
# what the decoder and the way to grey take for a pixel: 48 with four channels of 8 bits (measured)
BYTES_PER_PIXEL = 64
LONGEST_REASON = 100


def read(path: text.PathName) -> NDArray[np.float64]:
    """Read an image as grey values from 0, black, to 1, white.

    Colours become ``0.299 R + 0.587 G + 0.114 B``; transparency is ignored.

    Raises
    ------
    InputError
        If there is no such file.
    ReadError
        If the file is no PNG image, or announces far more pixels than its bytes can hold.
    SizeError
        If the image would not fit into memory.
    """
    from matplotlib.image import imread

    data = read_bytes(path)
    if not data.startswith(BEGINNING):
        raise ReadError(path, None, "file must be a PNG image, got another. Convert it.")
    if (pixels_announced := _pixels(data)) > (most := most_unpacked(len(data))):
        message = f"image must have at most {most} pixels in a file of {len(data)} bytes"
        raise ReadError(path, None, f"{message}, got {pixels_announced}. Make it smaller.")
    check_memory(f"{path}: image", BYTES_PER_PIXEL * pixels_announced)
    try:
        pixels = np.asarray(imread(io.BytesIO(data), format="png"), dtype=np.float64)
    # the decoder knows more errors than it names
    except Exception as error:
        reason = " ".join(str(error).split())[:LONGEST_REASON] or type(error).__name__
        message = f"file must be a PNG image, got what cannot be decoded ({reason})."
        raise ReadError(path, None, f"{message} Is it cut off?") from error
    if pixels.ndim == 2:
        return pixels
    return pixels[..., :3] @ np.array(LUMA) / sum(LUMA) if pixels.shape[2] >= 3 else pixels[..., 0]


def _pixels(data: bytes) -> int:
    """Return the number of pixels that the first chunk announces."""
    width, height = data[16:20], data[20:24]
    return int.from_bytes(width, "big") * int.from_bytes(height, "big")


def write(array: NDArray[np.float64], path: text.PathName) -> None:
    """Write grey values from 0 to 1 as an image of 256 greys.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    from matplotlib.image import imsave

    # the nearest grey: a colour map would take the next darker or lighter one
    grey = np.rint(np.asarray(array) * 255).astype(np.uint8)
    colours = np.repeat(grey[:, :, None], 3, axis=2)

    def save(file: BinaryIO) -> None:
        imsave(file, colours, format="png")

    write_whole(path, save)
