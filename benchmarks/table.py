"""Rows of a benchmark as Markdown on the terminal and as CSV in a file."""

import csv
from collections.abc import Iterable
from typing import Any


def show(rows: Iterable[Any], path: str | None) -> None:
    """Print each row (a NamedTuple) as it comes, and write all to `path` if there is one."""
    seen: list[Any] = []
    for row in rows:
        if not seen:
            print("| " + " | ".join(row._fields) + " |")
            print("|" + "---|" * len(row._fields))
        seen.append(row)
        print("| " + " | ".join(str(cell) for cell in row) + " |", flush=True)
    if path and seen:
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(seen[0]._fields)
            writer.writerows(seen)
