"""Measure everything and make the page docs/benchmarks.md with its pictures.

    taskset -c 1 python -m benchmarks.run_all --data DIR

What the file of results holds is not measured again: begin it anew by deleting the file, or a
part by deleting lines. `benchmarks/problems.py` says what DIR holds. All peers are installed by
`pip install -e '.[bench]'`; what is not installed is left out.
"""

import argparse
import os
import sys
import time
import traceback
from pathlib import Path

from threadpoolctl import threadpool_limits

from benchmarks import (
    compile,
    quality,
    recall,
    regret_table,
    results,
    scale,
    startup,
    targets,
    updates,
)
from benchmarks.base import Section, Settings, Unit
from benchmarks.page import draw, page

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.jsonl"
PAGE = HERE.parent / "docs" / "benchmarks.md"
MODULES = (regret_table, quality, targets, updates, scale, compile, recall, startup)
SECTIONS = [module.SECTION for module in MODULES]
# whatever BLAS the peers load, in this process and in those that it starts
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def wanted(settings: Settings, only: list[str]) -> list[tuple[Section, Unit]]:
    """Return the units of all sections, or of some."""
    return [
        (section, unit)
        for section in SECTIONS
        if not only or section.name in only
        for unit in section.units(settings)
    ]


def measure(todo: list[tuple[Section, Unit]], settings: Settings, path: Path) -> int:
    """Measure what is missing, and return how many units failed."""
    lines = results.read(path)
    if any(line["quick"] != settings.quick for line in lines):
        sys.exit(f"--results must be of runs all quick or all not, got {path}. Name another file.")
    done = {(line["section"], line["unit"]) for line in lines}
    results.write(path, lines)  # without a line that was cut off
    todo = [one for one in todo if (one[0].name, one[1].name) not in done]
    failed, begin = 0, time.monotonic()
    left = sum(unit.seconds for _, unit in todo)
    print(f"{len(todo)} units to measure, {len(done)} done: about {left / 60:.0f} minutes.")
    for section, unit in todo:
        print(f"{time.monotonic() - begin:6.0f} s  {section.name}: {unit.name}", flush=True)
        try:
            results.append(path, results.measured(section.name, unit, settings))
        except Exception:
            traceback.print_exc()
            failed += 1
    return failed


def main() -> None:
    """Measure what is missing, and make the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--data", type=Path, help="folder of public instances")
    parser.add_argument("--quick", action="store_true", help="tiny settings, to try the command")
    parser.add_argument("--only", nargs="+", default=[], choices=[s.name for s in SECTIONS])
    parser.add_argument("--render-only", action="store_true", help="make the page, measure nothing")
    parser.add_argument("--results", type=Path, default=RESULTS, help="file of results")
    parser.add_argument("--page", type=Path, default=PAGE, help="file of the page")
    options = parser.parse_args()
    if options.data is not None and not options.data.is_dir():
        parser.error(f"--data must be a folder, got {options.data}.")
    failed = 0
    if not options.render_only:
        os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
        settings = Settings(options.data, options.quick)
        with threadpool_limits(1):
            failed = measure(wanted(settings, options.only), settings, options.results)
    lines = results.read(options.results)
    options.page.write_text(page(lines, SECTIONS), "utf-8")
    draw(lines, SECTIONS, options.page.parent / "pictures")
    sys.exit(f"{failed} units failed: see above." if failed else 0)


if __name__ == "__main__":
    main()
