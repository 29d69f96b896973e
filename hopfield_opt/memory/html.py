"""How notebooks show memories and recalls: tables with a small picture of each pattern."""

from collections.abc import Sequence
from html import escape

import numpy as np

from hopfield_opt.arrays import BoolArray, SpinArray

# rows of a table; notebooks keep what they show
SHOWN = 12
# pixels of a picture's longer side on the screen
SIDE = 64
# larger lattices would be longer than all else in the notebook
MOST_PIXELS = 4096


def lattice(spins: SpinArray) -> str:
    """Return a pattern as a picture: on is dark, unknown is grey; above 4096 units its size.

    Colours are those of the surrounding text, so that dark pages show it, too.

    Parameters
    ----------
    spins : (N,) or (height, width) of -1, 0 and +1
        The pattern; of more axes the first are laid one below another.

    Examples
    --------
    >>> lattice(np.array([[1, -1]], np.int8)).count("<path")
    1
    """
    rows = np.atleast_2d(spins)
    rows = rows.reshape(-1, rows.shape[-1])
    height, width = rows.shape
    if rows.size > MOST_PIXELS:
        return f"{height} x {width} units"
    unit = SIDE / max(height, width)
    paths = [
        f'<path fill="currentColor" opacity="{opacity}" d="{_squares(rows == value)}"/>'
        for value, opacity in ((1, "1"), (0, "0.3"))
        if (rows == value).any()
    ]
    return (
        f'<svg role="img" aria-label="{height} x {width} pattern, {int((rows > 0).sum())} on" '
        f'width="{width * unit:g}" height="{max(height * unit, 4):g}" '
        f'viewBox="0 0 {width} {height}" preserveAspectRatio="none" '
        f'style="outline:1px solid currentColor">{"".join(paths)}</svg>'
    )


def _squares(on: np.ndarray) -> str:
    """Return the outline of all squares that are on."""
    return "".join(f"M{x} {y}h1v1h-1z" for y, x in np.argwhere(on).tolist())


def table(head: Sequence[str], rows: Sequence[Sequence[str]], left_out: int = 0) -> str:
    """Return a table; cells that begin with ``<svg`` are pictures, all others are text.

    Parameters
    ----------
    head : sequence of str
        The names of the columns.
    rows : sequence of sequences of str
        The cells.
    left_out : int
        How many further rows there are.

    Examples
    --------
    >>> "&lt;b&gt;" in table(["name"], [["<b>"]], left_out=2)
    True
    """

    def cell(text: str) -> str:
        return text if text.startswith("<svg") else escape(text)

    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell(c)}</td>' for c in row)}</tr>" for row in rows)
    more = f"<tr><td colspan={len(head)}>and {left_out} more</td></tr>" if left_out > 0 else ""
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}{more}</tbody></table>"


def memory_table(title: str, names: Sequence[str], images: SpinArray, stable: BoolArray) -> str:
    """Return what a memory holds: pattern, name, and whether it is a fixed point.

    Parameters
    ----------
    title : str
        What stands above.
    names : sequence of P str
        Of the patterns.
    images : (P, ...) int8
        The patterns.
    stable : (K,) bool
        Of as many as are shown.
    """
    rows = [
        (lattice(image), name, "stable" if still else "not stable")
        for image, name, still in zip(images[:SHOWN], names, stable, strict=False)
    ]
    head = ("pattern", "name", "as a state")
    return f"<div>{escape(title)}{table(head, rows, len(names) - len(rows))}</div>"
