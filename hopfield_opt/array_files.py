"""Arrays of numbers in numpy's own format, whose announced size is looked at first.

Numpy's reader evaluates the header as Python, gives advice on pickles, and takes the memory that
is announced before it looks for the data.
"""

import math
import re
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.errors import InputError

MAGIC = b"\x93NUMPY"
# numpy's own limit
LONGEST_HEADER = 10_000

_ITEM = (
    r"(?:'descr'\s*:\s*'(?P<descr>[^']{1,40})'"
    r"|'fortran_order'\s*:\s*(?P<order>True|False)"
    r"|'shape'\s*:\s*\((?P<shape>[0-9L,\s]*)\))"
)
_HEADER = re.compile(rf"\{{\s*(?:{_ITEM}\s*(?:,\s*)?){{3}}\}}\s*")
_DTYPE = re.compile(r"[|<>=]?(?:b1|[iu][1248]|f(?:2|4|8|16)|U[0-9]{1,9})")


def parse_array(data: bytes, kinds: str = "biuf") -> NDArray[Any]:
    """Return the array of a file in numpy's format; it shares the memory of `data`.

    Parameters
    ----------
    data : bytes
        The whole file.
    kinds : str
        The kinds of types that are allowed, in numpy's letters.

    Raises
    ------
    InputError
        If it is no such file, saying only what it is instead.

    Examples
    --------
    >>> import io
    >>> file = io.BytesIO()
    >>> np.save(file, np.arange(3.0))
    >>> parse_array(file.getvalue())
    array([0., 1., 2.])
    """
    start, header = _header(data)
    found = _HEADER.fullmatch(header)
    if found is None or None in found.groups():
        raise InputError("a header that is not as numpy writes it")
    dtype = np.dtype(found["descr"] if _DTYPE.fullmatch(found["descr"]) else "V")
    if dtype.kind not in kinds:
        raise InputError(f"entries of type {found['descr']!r}")
    shape = _shape(found["shape"])
    wanted, size = math.prod(shape) * dtype.itemsize, len(data) - start
    if wanted != size:
        raise InputError(f"{size} bytes for an array of {wanted}")
    order: Literal["C", "F"] = "F" if found["order"] == "True" else "C"
    try:
        array: NDArray[Any] = np.ndarray(shape, dtype, memoryview(data)[start:], order=order)
    except ValueError:  # too many axes, or too long ones of an empty array
        raise InputError("an array of a shape that numpy refuses") from None
    if dtype.kind == "b" and array.view(np.uint8).max(initial=0) > 1:
        raise InputError("truth values other than 0 and 1")
    return array


def _header(data: bytes) -> tuple[int, str]:
    """Return where the entries begin, and the text before them."""
    if not data.startswith(MAGIC) or len(data) < 12 or data[6] not in (1, 2, 3):
        raise InputError("something else")
    width = 2 if data[6] == 1 else 4
    begin = 8 + width
    length = int.from_bytes(data[8:begin], "little")
    if length > LONGEST_HEADER or begin + length > len(data):
        raise InputError("a header that is too long, or cut off")
    return begin + length, data[begin : begin + length].decode("latin-1").replace('"', "'")


def _shape(text: str) -> tuple[int, ...]:
    """Return the lengths of the axes; Python 2 wrote an L behind each."""
    parts = [part.strip().removesuffix("L") for part in text.split(",")]
    if parts[-1] == "":
        del parts[-1]
    if not all(re.fullmatch("[0-9]{1,18}", part) for part in parts):
        raise InputError("a shape that is none")
    return tuple(map(int, parts))
