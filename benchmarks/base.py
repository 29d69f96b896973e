"""What the page is made of: sections, the units that are measured for them, and their tables."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

Row = dict[str, Any]

OURS = "hopfield-opt"


class Settings(NamedTuple):
    """Where the public instances are (None: only generated ones), and whether all is tiny."""

    data: Path | None
    quick: bool


class Unit(NamedTuple):
    """What is measured at a time: its name in its section, about how long, and how."""

    name: str
    seconds: float
    measure: Callable[[], list[Row]]


class Table(NamedTuple):
    """A table with the text above it; numbers are formatted here, other cells stay."""

    columns: Sequence[str]
    lines: Sequence[Sequence[Any]]
    above: str = ""

    def markdown(self) -> str:
        """Return the text and the table."""
        rows = [self.columns, ["---"] * len(self.columns)]
        rows += [[cell(item) for item in line] for line in self.lines]
        table = "\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows)
        return f"{self.above}\n\n{table}" if self.above else table


class Section(NamedTuple):
    """A part of the page.

    Attributes
    ----------
    name, title : str
        For the command line, and for the reader.
    about : str
        What is measured and how, and what did not help: text that holds for every run.
    units : callable
        Yields the units.
    tables : callable
        Returns the tables of all rows.
    missed : callable
        Yields a sentence for each target that is not reached.
    pictures : dict of str to callable
        For each name of a picture a function that draws the rows and returns the figure.
    """

    name: str
    title: str
    about: str
    units: Callable[[Settings], Iterable[Unit]]
    tables: Callable[[list[Row]], Iterable[Table]]
    missed: Callable[[list[Row]], Iterator[str]]
    pictures: dict[str, Callable[[list[Row]], Any]] = {}  # noqa: RUF012


def cell(item: Any) -> str:
    """Return a number with about four digits, nothing for None, and the rest as it is.

    Examples
    --------
    >>> cell(0.123456), cell(1234567.0), cell(12.0), cell(None), cell("yes")
    ('0.1235', '1234567', '12', '', 'yes')
    """
    if item is None:
        return ""
    if isinstance(item, float) and abs(item) < 1000:
        return f"{item:.4g}"
    return f"{item:.10g}" if isinstance(item, float) else str(item)


def spread(values: Sequence[float], digits: int = 3) -> str:
    """Return the median of some values with the least and the largest.

    Examples
    --------
    >>> spread([3.0, 1.0, 2.0]), spread([1.0]), spread([2.0, 2.0])
    ('2 (1 to 3)', '1', '2')
    """
    low, middle, high = (f"{number:.{digits}g}" for number in np.quantile(values, (0, 0.5, 1)))
    return middle if low == high else f"{middle} ({low} to {high})"


def groups(rows: Iterable[Row], *keys: str) -> dict[tuple[Any, ...], list[Row]]:
    """Return the rows by what they have under some keys, in the order of the first of each."""
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(row[key] for key in keys), []).append(row)
    return found


def none_missed(rows: list[Row]) -> Iterator[str]:
    """Yield nothing: for a section without targets."""
    yield from ()
