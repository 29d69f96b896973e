"""The file of results: a line of JSON for each unit, so that a run can be taken up again."""

import json
import os
import platform
import time
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

import hopfield_opt as ho
from benchmarks.base import Settings, Unit

Line = dict[str, Any]

PACKAGES = (
    "numpy", "scipy", "numba", "networkx", "dwave-samplers", "dimod", "openjij", "pyqubo",
    "ortools", "elkai", "pymetis", "hopfieldnetwork",
)  # fmt: skip


def read(path: Path) -> list[Line]:
    """Return the lines of a file, none if there is no such file.

    A last line that was cut off is dropped.
    """
    if not path.exists():
        return []
    whole = path.read_text("utf-8").rpartition("\n")[0]
    return [json.loads(line) for line in whole.splitlines()]


def write(path: Path, lines: Iterable[Line]) -> None:
    """Replace the file."""
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


def append(path: Path, line: Line) -> None:
    """Add a line."""
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def named(lines: Iterable[Line], section: str) -> list[Line]:
    """Return the lines of a section."""
    return [line for line in lines if line["section"] == section]


def measured(section: str, unit: Unit, settings: Settings) -> Line:
    """Measure a unit and return its line."""
    begin = time.monotonic()
    rows = unit.measure()
    return {
        "section": section,
        "unit": unit.name,
        "quick": settings.quick,
        "rows": rows,
        "took": round(time.monotonic() - begin, 1),
        "time": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()),
        "load": round(os.getloadavg()[0], 2),
        "machine": machine(),
        "versions": versions(),
    }


def machine() -> str:
    """Return what the machine is, and how much of it this process may use."""
    name = platform.processor() or platform.machine()
    if (info := Path("/proc/cpuinfo")).exists():
        models = [line for line in info.read_text("utf-8").splitlines() if "model name" in line]
        name = models[0].partition(":")[2].strip() if models else name
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{name}, {usable} of {os.cpu_count()} cores, {platform.system()}"


def versions() -> str:
    """Return the version of everybody who is installed."""
    found = [f"hopfield-opt {ho.__version__}", f"Python {platform.python_version()}"]
    for name in PACKAGES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return ", ".join(found)
