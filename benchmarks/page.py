"""The page: what is not reached, then each section's text, tables and pictures."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.base import Row, Section
from benchmarks.results import Line, named

TOP = """\
<!-- Made by benchmarks/run_all.py from benchmarks/results.jsonl. Do not edit. -->

# Benchmarks

Every number on this page comes from one run of one command, next to other software at its best
settings:

    taskset -c 1 python -m benchmarks.run_all --data DIR

`--data` names a folder of public instances; `benchmarks/problems.py` says where they come from and
how they lie in it. The run can be interrupted and begun again, and takes one core. Medians stand
first, in brackets the least and the largest; what is not reached is listed first.

Whether a change of the package makes it slower or worse is another question, with another command,
which measures two states of the package in turn and prints old against new:

    taskset -c 1 python -m benchmarks.against OLD_PYTHON --data DIR"""

QUICK = """\
**This page is of a quick run with tiny settings and generated instances only: it shows that the
command works, and no number on it means anything.**"""


def page(lines: list[Line], sections: list[Section]) -> str:
    """Return the page as Markdown."""
    parts = [TOP]
    if any(line["quick"] for line in lines):
        parts.append(QUICK)
    parts += [*about_the_run(lines), "## Not reached", missed(lines, sections)]
    for section in sections:
        if rows := rows_of(lines, section):
            parts += [f"## {section.title}", section.about]
            parts += [f"![{section.title}](pictures/{name}.png)" for name in section.pictures]
            parts += [table.markdown() for table in section.tables(rows)]
    return "\n\n".join(parts) + "\n"


def rows_of(lines: list[Line], section: Section) -> list[Row]:
    """Return the rows of a section in the order in which they were measured."""
    return [row for line in named(lines, section.name) for row in line["rows"]]


def missed(lines: list[Line], sections: list[Section]) -> str:
    """Return the list of all targets that are not reached."""
    found = []
    for section in sections:
        rows = rows_of(lines, section)
        if rows and (sentences := list(section.missed(rows))):
            found.append(f"* {section.title}:")
            found += [f"    * {sentence}" for sentence in sentences]
    return "\n".join(found) or "Nothing: every target is reached."


def about_the_run(lines: list[Line]) -> Iterator[str]:
    """Yield on what, when and with which versions the results were measured."""
    if not lines:
        return
    days = sorted(line["time"][:10] for line in lines)
    loads = sorted(line["load"] for line in lines)
    when = days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    took = sum(line["took"] for line in lines) / 60
    for machine in dict.fromkeys(line["machine"] for line in lines):
        yield f"Machine: {machine}."
    yield (
        f"Measured on {when}, in {took:.0f} minutes; the load of the machine was {loads[0]:.1f} to "
        f"{loads[-1]:.1f}, {loads[len(loads) // 2]:.1f} in the middle."
    )
    for versions in dict.fromkeys(line["versions"] for line in lines):
        yield f"Versions: {versions}."


def draw(lines: list[Line], sections: list[Section], folder: Path) -> None:
    """Draw the pictures of all sections that have rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for section in sections:
        if rows := rows_of(lines, section):
            for name, make in section.pictures.items():
                figure: Any = make(rows)
                figure.savefig(folder / f"{name}.png", dpi=110, metadata={"Software": None})
