"""Patterns that come with the package: letters to store and to recall."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from hopfield_opt.arrays import SpinArray
from hopfield_opt.errors import InputError, show
from hopfield_opt.io import patterns

__all__ = ["letters"]

# what each file holds, in this order
KNOWN = {8: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 10: "HX#"}


def letters(names: Iterable[str] = KNOWN[8], size: int = 8) -> SpinArray:
    """Return letters as lattices of -1 and +1, in the order asked for.

    Of 8 x 8 pixels there are A to Z, of which A to G have 32 pixels on each; of 10 x 10 pixels
    the three signs H, X and # of the lecture of Capriotti et al.

    Parameters
    ----------
    names : str or sequence of str
        The letters.
    size : {8, 10}
        Pixels in a row and in a column.

    Returns
    -------
    (P, size, size) int8
        The letters; `file` says where they stand as `#` and `.`.

    Raises
    ------
    InputError
        If the size is another one, or there is no such letter.

    References
    ----------
    D. D. Capriotti, M. Haas, C. F. Vasconcelos, M. Girardi-Schappo (2026), Fig. 7, for H, X, #.

    Examples
    --------
    >>> letters("ABC").shape
    (3, 8, 8)
    >>> (letters("ABC") > 0).sum(axis=(1, 2)).tolist()
    [32, 32, 32]
    >>> letters("#", size=10)[0, 0].tolist()
    [-1, -1, -1, 1, -1, -1, 1, -1, -1, -1]
    """
    path = file(size)
    wanted = list(names) if np.iterable(names) else [names]
    unknown = [name for name in wanted if not isinstance(name, str) or name not in KNOWN[size]]
    if unknown or not wanted:
        what = show(unknown[0]) if unknown else "none"
        raise InputError(
            f"names must be letters of {KNOWN[size]}, got {what}. "
            "Write capital letters, e.g. letters('ABC'); letters('HX#', size=10)."
        )
    return np.array(patterns.read(path)[[KNOWN[size].index(name) for name in wanted]])


def file(size: int = 8) -> Path:
    """Return the file in which the letters of a size stand, for other programs to read.

    Parameters
    ----------
    size : {8, 10}
        Pixels in a row and in a column.

    Examples
    --------
    >>> file().name
    'letters_8.txt'
    """
    if size not in KNOWN:
        raise InputError(f"size must be 8 or 10, got {show(size)}. Draw other letters yourself.")
    return Path(__file__).with_name(f"letters_{size}.txt")
