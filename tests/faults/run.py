"""Put one fault after another into a copy of the package, and see which test notices.

`python -m tests.faults.run` runs for each fault the test that is named beside it in the tables of
this folder; names as arguments choose some, `--sample N` the N whose turn it is today, `--all`
asks the whole suite about those that survive. It ends with 1 if a fault survives, or fits no
place of the program; in a sample the latter is only a warning. The checkout is never changed.
"""

import argparse
import datetime
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from .planting import Fault, Misfit, plant

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# a fault may make a loop endless: that is noticed, too
PATIENCE = 1800
UNNEEDED = shutil.ignore_patterns(".git", ".*_cache", ".hypothesis", "_build", "*.egg-info")


def faults() -> list[Fault]:
    """Return the faults of all tables."""
    tables = [tomllib.loads(path.read_text("utf-8")) for path in sorted(HERE.glob("*.toml"))]
    return [fault for table in tables for fault in table["fault"]]


def sample_faults(known: list[Fault], count: int, day: int) -> list[Fault]:
    """Return as many faults as asked for, others on each day, and all of them by and by."""
    first = day * count
    return [known[(first + k) % len(known)] for k in range(min(count, len(known)))]


def find_notice(copy: Path, fault: Fault, source: str, tests: list[str]) -> str | None:
    """Return which of the tests notices a fault in the copy, which is as before afterwards."""
    file = copy / fault["file"]
    file.write_text(source, "utf-8")
    try:
        return _first_failure(copy, tests)
    finally:
        # the times, too: by them Python and numba know whether what they kept is of this source
        shutil.copy2(ROOT / fault["file"], file)
        kept = file.parent / "__pycache__"
        shutil.rmtree(kept, ignore_errors=True)
        if (ROOT / fault["file"]).with_name("__pycache__").is_dir():
            shutil.copytree((ROOT / fault["file"]).with_name("__pycache__"), kept)


def _first_failure(copy: Path, tests: list[str]) -> str | None:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-rfE", *tests]
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    try:
        run = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return f"{PATIENCE} seconds without an end"
    if run.returncode == 0:
        return None
    lines = run.stdout.splitlines()
    failures = [line.split()[1] for line in lines if line.startswith(("FAILED", "ERROR"))]
    if not failures or run.returncode > 2:
        raise RuntimeError(f"pytest ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    return failures[0].partition("[")[0]


def main() -> int:
    """Try the faults; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="faults by name; without any, all of them")
    parser.add_argument("--sample", type=int, metavar="N", help="only the N whose turn it is")
    parser.add_argument("--all", action="store_true", help="ask the whole suite about survivors")
    options = parser.parse_args()
    known = faults()
    chosen = [one for one in known if not options.names or one["name"] in options.names]
    if not chosen:
        parser.error("names must be those of faults in the tables, got others.")
    if options.sample is not None:
        chosen = sample_faults(chosen, options.sample, datetime.date.today().toordinal())
    survivors, misfits = _try_all(chosen, whole_suite=options.all)
    print(f"{len(chosen) - survivors - misfits} of {len(chosen)} faults are noticed")
    return int(survivors > 0 or (misfits > 0 and options.sample is None))


def _try_all(chosen: list[Fault], *, whole_suite: bool) -> tuple[int, int]:
    """Return how many faults survive, and how many fit nowhere."""
    survivors = misfits = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, symlinks=True, ignore=UNNEEDED)
        for fault in chosen:
            try:
                source = plant(ROOT, fault)
            except Misfit as misfit:
                misfits += 1
                print(f"warning: {misfit}. Bring its row up to date.", flush=True)
                continue
            found = find_notice(copy, fault, source, [fault["caught_by"]])
            if found is None and whole_suite:
                found = find_notice(copy, fault, source, [])
            survivors += found is None
            print(f"{fault['name']}: {found or 'SURVIVES'}", flush=True)
    return survivors, misfits


if __name__ == "__main__":
    sys.exit(main())
