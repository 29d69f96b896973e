"""Put one fault after another into a copy of the package, and see which test notices.

`python tests/faults/run.py` runs for each fault the test that is named beside it in the tables of
this folder; names as arguments choose some, `--all` asks the whole suite about those that
survive. It ends with 1 if a fault survives. The checkout itself is never changed.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# a fault may make a loop endless: that is noticed, too
PATIENCE = 1800
# the tables themselves are no test of the program: in the copy one of them no longer fits
WHOLE_SUITE = ["--ignore=tests/faults"]
UNNEEDED = shutil.ignore_patterns(".git", ".*_cache", ".hypothesis", "_build", "*.egg-info")

Fault = dict[str, str]


def faults() -> list[Fault]:
    """Return the faults of all tables."""
    tables = [tomllib.loads(path.read_text("utf-8")) for path in sorted(HERE.glob("*.toml"))]
    return [fault for table in tables for fault in table["fault"]]


def noticed(copy: Path, fault: Fault, tests: list[str]) -> str | None:
    """Return which of the tests notices a fault in the copy, which is as before afterwards."""
    file = copy / fault["file"]
    source = file.read_text("utf-8")
    file.write_text(source.replace(fault["old"], fault["new"]), "utf-8")
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
    parser.add_argument("--all", action="store_true", help="ask the whole suite about survivors")
    options = parser.parse_args()
    chosen = [one for one in faults() if not options.names or one["name"] in options.names]
    if not chosen:
        parser.error("names must be those of faults in the tables, got others.")
    survivors = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, symlinks=True, ignore=UNNEEDED)
        for fault in chosen:
            found = noticed(copy, fault, [fault["caught_by"]])
            if found is None and options.all:
                found = noticed(copy, fault, WHOLE_SUITE)
            survivors += found is None
            print(f"{fault['name']}: {found or 'SURVIVES'}", flush=True)
    print(f"{len(chosen) - survivors} of {len(chosen)} faults are noticed")
    return int(survivors > 0)


if __name__ == "__main__":
    sys.exit(main())
