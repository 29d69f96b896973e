"""Two states of the package side by side: speed, quality and starting, old against new.

    taskset -c 1 python -m benchmarks.against OLD_PYTHON --data DIR

OLD_PYTHON is the interpreter of an environment in which the older state is installed, such as
that of `git worktree add OLD COMMIT` and `pip install -e OLD`; the newer one is that of the
Python that runs this. Two processes, one of each, measure every row in turn, and are begun anew
for each of the repeats. Printed are the medians of both, and the median of the ratios new / old
within a repeat. A row is marked where the new one is worse: rates by more than 3 %, starts by
more than 5 %, values at all. `answers` says whether the same seed and sweeps gave the same energy.

All seconds are CPU seconds. `benchmarks/problems.py` says what DIR holds; without it only
generated instances are measured. The sections are those of `--only`:

    updates     millions of spin updates per second of each row of the page of benchmarks
    methods     of each method on one sparse network
    proposals   millions of proposals per second of the moves that keep constraints
    quality     values after a second
    start       import, and first answers of fresh processes with warm kernels
    cold        first answers with an empty cache of kernels
"""

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks.against_rows import SECTIONS, Row, rows
from benchmarks.base import Settings

DROPPED = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
SIDE = Path(__file__).with_name("against_side.py")
# by how much the new one may be worse before a row is marked
SLACK = {"quality": 0.0, "start": 0.05, "cold": 0.05}
RATE_SLACK = 0.03
REPEATS, COLD_REPEATS = 5, 2
# the time of one short process is good to a tenth only
FRESH_SECONDS = 0.3


class Measured(NamedTuple):
    """A number of one side in one repeat, and the energy it came with, if any."""

    number: float | None
    answer: float | None = None


class Side:
    """A process of one of the two Pythons that measures what it is asked to."""

    def __init__(self, python: str) -> None:
        self.process = subprocess.Popen(
            [python, "-P", str(SIDE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )

    def ask(self, **request: Any) -> dict[str, Any]:
        """Return the answer to a request."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps(request), file=self.process.stdin, flush=True)
        if not (line := self.process.stdout.readline()):
            sys.exit(f"{self.process.args} ended at {request}: see above.")
        return dict(json.loads(line))

    def close(self) -> None:
        """End the process."""
        self.process.communicate()


def environment(**more: str) -> dict[str, str]:
    """Return the environment of both sides.

    It has one thread, no path to the other's package, and sources are compiled but once.
    """
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    kept = {name: os.environ[name] for name in os.environ if name not in DROPPED}
    return {**kept, **dict.fromkeys(threads, "1"), **more}


def fresh(python: str, code: str, cold: bool) -> float:
    """Return the CPU seconds of a process that runs some code, the mean of many if it is short."""
    count, seconds = 0, 0.0
    while seconds < FRESH_SECONDS:
        with tempfile.TemporaryDirectory() as folder:
            used = environment(**({"NUMBA_CACHE_DIR": folder} if cold else {}))
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([python, "-P", "-c", code], check=True, env=used, cwd=folder)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        count += 1
    return seconds / count


def measure(row: Row, sides: list[Side], pythons: list[str], repeat: int) -> list[Measured]:
    """Return what both sides show in one repeat; who begins changes from repeat to repeat."""
    found: dict[int, Measured] = {}
    for k in (0, 1) if repeat % 2 == 0 else (1, 0):
        if row.code:
            found[k] = Measured(fresh(pythons[k], row.code, row.section == "cold"))
        else:
            more = {"seed": repeat} if row.section == "quality" else {}
            found[k] = Measured(**sides[k].ask(**row.request, **more))
    return [found[0], found[1]]


def prepare(row: Row, old: Side, pythons: list[str]) -> Row:
    """Return a row with sweeps that take long enough on the old side; fill caches of kernels."""
    if row.section == "start":
        for python in pythons:
            fresh(python, row.code, cold=False)
    if row.request.get("ask") != "rate":
        return row
    fit = old.ask(**{**row.request, "ask": "fitting"})
    return row._replace(request={**row.request, **fit})


def ratio(old: Measured, new: Measured) -> float:
    """Return new / old; an answer where there was none is infinitely more."""
    if old.number is None or new.number is None:
        return 1.0 if old.number is new.number else (math.inf if old.number is None else 0.0)
    if old.number == new.number:
        return 1.0
    return new.number / old.number if old.number else math.inf


def line(row: Row, pairs: list[list[Measured]]) -> str:
    """Return the line of a row."""
    middles = []
    for k in (0, 1):
        known = [pair[k].number for pair in pairs if pair[k].number is not None]
        middles.append(f"{median(known):.5g}" if known else "none")
    ratios = [ratio(*pair) for pair in pairs]
    low, middle, high = min(ratios), median(ratios), max(ratios)
    slack = SLACK.get(row.section, RATE_SLACK)
    worse = middle < 1 - slack if row.larger else middle > 1 + slack
    asked = [pair for pair in pairs if pair[0].answer is not None]
    same = "same" if all(pair[0].answer == pair[1].answer for pair in asked) else "OTHER"
    spread = f"{middle:7.3f} ({low:.3f} to {high:.3f})"
    head = f"{row.section:<10}{row.name:<38}{middles[0]:>12}{middles[1]:>12} {spread}"
    return f"{head}  {same if asked else ''}{'  WORSE' if worse else ''}".rstrip()


def compare(pythons: list[str], settings: Settings, only: list[str], repeats: int) -> None:
    """Measure all rows in both Pythons, and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        todo = list(rows(settings, Path(folder), only))
        pairs: list[list[list[Measured]]] = [[] for _ in todo]
        for repeat in range(repeats):
            print(f"repeat {repeat + 1} of {repeats}", file=sys.stderr, flush=True)
            sides = [Side(python) for python in pythons]
            packages = [side.ask(ask="where")["package"] for side in sides]
            if packages[0] == packages[1]:
                sys.exit(f"OLD_PYTHON must import another hopfield_opt, got {packages[0]} twice.")
            if repeat == 0:
                todo = [prepare(row, sides[0], pythons) for row in todo]
            for k, row in enumerate(todo):
                if row.section != "cold" or repeat < COLD_REPEATS:
                    pairs[k].append(measure(row, sides, pythons, repeat))
            for side in sides:
                side.close()
    head = f"{'section':<10}{'row':<38}{'old':>12}{'new':>12} {'new / old':>7}"
    print(head, *map(line, todo, pairs), sep="\n")


def main() -> None:
    """Compare as the command line says."""
    kind: Any = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=kind)
    parser.add_argument("old_python", metavar="OLD_PYTHON", help="where the older state is")
    parser.add_argument("--data", type=Path, help="folder of public instances")
    parser.add_argument("--only", nargs="+", default=list(SECTIONS), choices=SECTIONS)
    parser.add_argument("--repeats", type=int, default=REPEATS, metavar="N")
    parser.add_argument("--quick", action="store_true", help="tiny networks, to try the command")
    asked = parser.parse_args()
    settings = Settings(asked.data, asked.quick)
    compare([asked.old_python, sys.executable], settings, asked.only, asked.repeats)


if __name__ == "__main__":
    main()
