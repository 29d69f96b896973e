"""What is lost by leaving the method to `solve`, on generated instances, as a table of the page."""

from argparse import Namespace
from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.base import Row, Section, Settings, Table, Unit
from benchmarks.regret import RIVALS, measured
from benchmarks.regret_families import FAMILIES

ABOUT = """\
The default on generated instances of each family in three sizes, next to every search of ours that
accepts the instance and to the problem's own baselines that prove nothing, each with the same time
limit, one seed and one thread. The columns "ours" and "others" say by how many percent the best of
them is better, worst rows first; a baseline that is done earlier, or later, counts all the same.
Some of these rows, with other seeds, sizes and limits:

    python -m benchmarks.regret --families set tour --sizes 0.3 1 3 --limits 0.3 1 5 --seeds 0 1 2

Targets: at most 5 % behind our own methods after one second, 2 % after five, and nowhere more than
half a percent behind a baseline."""

SIZES, LIMITS = (0.3, 1.0, 3.0), (0.3, 1.0, 5.0)
QUICK_FAMILIES, QUICK_SIZE, QUICK_LIMIT = 3, 0.1, 0.05
# About as many searches and baselines accept an instance.
CONTESTANTS = 7
# Percent behind our own methods after so many seconds, and behind any baseline.
MOST_OURS, MOST_OTHERS = {1.0: 5.0, 5.0: 2.0}, 0.5


def measure(name: str, size: float, limits: tuple[float, ...]) -> list[Row]:
    """Return the rows of one instance, one for each limit."""
    subject = FAMILIES[name](size, np.random.default_rng(0))
    asked = Namespace(rivals=RIVALS, limits=limits, seeds=[0])
    return [line._asdict() for line in measured(name, size, subject, asked)]


def units(settings: Settings) -> Iterator[Unit]:
    """Yield one unit for each instance."""
    names = list(FAMILIES)[:QUICK_FAMILIES] if settings.quick else list(FAMILIES)
    sizes, limits = ((QUICK_SIZE,), (QUICK_LIMIT,)) if settings.quick else (SIZES, LIMITS)
    for name in names:
        for size in sizes:
            run = partial(measure, name, size, limits)
            yield Unit(f"{name}, size {size:g}", CONTESTANTS * sum(limits), run)


def behind(gap: float, name: str) -> str:
    """Return by how much somebody is better, and who."""
    if not gap > 0:
        return "0"
    return f"{gap:.3g} ({name})" if np.isfinite(gap) else f"no answer ({name})"


def tables(rows: list[Row]) -> Iterator[Table]:
    """Yield the table, worst rows first."""
    worst = sorted(rows, key=lambda row: -max(row["ours"][0], row["others"][0]))
    lines = [
        (row["family"], row["size"], row["limit"], behind(*row["ours"]), behind(*row["others"]))
        for row in worst
    ]
    yield Table(("family", "size", "seconds", "ours, %", "others, %"), lines)


def missed(rows: list[Row]) -> Iterator[str]:
    """Yield where the default is too far behind."""
    for row in rows:
        for column, most in (("ours", MOST_OURS.get(row["limit"])), ("others", MOST_OTHERS)):
            gap, name = row[column]
            if most is not None and gap > most:
                where = f"{row['family']}, size {row['size']:g}, {row['limit']:g} s"
                yield f"{where}: {behind(gap, name)} instead of {most:g} %"


SECTION = Section("regret", "The choice of a method", ABOUT, units, tables, missed)
