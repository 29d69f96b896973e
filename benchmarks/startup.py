"""How long a fresh process takes to import, to answer for the first time, and to show its help."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec

import numpy as np

from benchmarks.base import OURS, Row, Section, Settings, Table, Unit, spread

ABOUT = """\
Seconds of fresh processes on the wall clock, medians with the range; the time of a Python that
does nothing is in every row. The first answer is a cut of a ring of a hundred vertices. "cold"
has an empty cache of compiled kernels, as after installing: numba compiles what the run needs,
once. The target is an answer no later than that of the slower of the two samplers; a first
answer with an empty cache cannot keep it."""

RING = "[(k, (k + 1) % 100) for k in range(100)]"
ANSWER = f"import hopfield_opt as ho; ho.solve(ho.problems.MaxCut({RING}), sweeps=100, seed=0)"
OTHER = f"sample_ising({{}}, {{edge: 1.0 for edge in {RING}}}, num_reads=64)"
DWAVE = f"from dwave.samplers import SimulatedAnnealingSampler as S; S().{OTHER}"
OPENJIJ = f"import openjij; openjij.SASampler().{OTHER}"
ANSWERS = {OURS: ANSWER, "dwave-samplers": DWAVE, "OpenJij": OPENJIJ}
IMPORTS = {
    "nothing": "",
    "numpy": "import numpy",
    "networkx": "import networkx",
    OURS: "import hopfield_opt",
    "dwave-samplers": "import dwave.samplers",
    "OpenJij": "import openjij",
}
MODULES = {"dwave-samplers": "dwave", "OpenJij": "openjij"}
REPEATS, COLD_REPEATS = 7, 2


def seconds_of(arguments: list[str], cache: str | None = None) -> float:
    """Return what a fresh Python takes."""
    environment = {**os.environ, **({"NUMBA_CACHE_DIR": cache} if cache else {})}
    begin = time.monotonic()
    subprocess.run(
        [sys.executable, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL
    )
    return round(time.monotonic() - begin, 3)


def measure(what: str, who: str, arguments: list[str], repeats: int) -> list[Row]:
    """Return the seconds of some processes after one that fills the caches."""
    seconds_of(arguments)
    seconds = [seconds_of(arguments) for _ in range(repeats)]
    return [{"what": what, "who": who, "seconds": seconds}]


def cold(repeats: int) -> list[Row]:
    """Return the seconds to our first answer with an empty cache of kernels."""
    seconds = []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            seconds.append(seconds_of(["-c", ANSWER], folder))
    return [{"what": "first answer, cold", "who": OURS, "seconds": seconds}]


def units(settings: Settings) -> Iterator[Unit]:
    """Yield one unit for each kind of process."""
    repeats = 2 if settings.quick else REPEATS
    for what, codes in (("import", IMPORTS), ("first answer", ANSWERS)):
        for who, code in codes.items():
            if find_spec(MODULES.get(who, "numpy")):
                run = partial(measure, what, who, ["-c", code], repeats)
                yield Unit(f"{what} {who}", 0.8 * (repeats + 1), run)
    run = partial(measure, "help", OURS, ["-m", "hopfield_opt", "--help"], repeats)
    yield Unit("help", 0.8 * (repeats + 1), run)
    if not settings.quick:
        yield Unit("cold", 20.0 * COLD_REPEATS, partial(cold, COLD_REPEATS))


def tables(rows: list[Row]) -> Iterator[Table]:
    """Yield the table."""
    lines = [(row["what"], row["who"], spread(row["seconds"])) for row in rows]
    yield Table(("what", "who", "seconds"), lines)


def missed(rows: list[Row]) -> Iterator[str]:
    """Yield what is slower than both samplers."""
    for what in ("import", "first answer"):
        medians = {
            row["who"]: float(np.median(row["seconds"])) for row in rows if row["what"] == what
        }
        others = [medians[who] for who in MODULES if who in medians]
        if others and medians[OURS] > max(others):
            yield f"{what}: {medians[OURS]:.2g} s next to {max(others):.2g} s"


SECTION = Section("startup", "Starting", ABOUT, units, tables, missed)
