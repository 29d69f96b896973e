"""The command `warm-up`."""

import os
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from hopfield_opt.cli.instances import MODEL, kind_of

# of random instances: small enough to look at all states, and not
SIZES = (8, 60)
# of each search, kernels not counted: enough for all that one begins with
SECONDS = 1.0


def warm_up(
    problems: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PROBLEM ...]", help="Names of `hopfield-opt problems`, or model."),
    ] = None,
) -> int:
    """Compile kernels ahead, for each PROBLEM or for all: what solves two random instances.

    Later processes load them. Exit codes: 0 they are kept, 1 there is no folder to keep them in.
    """
    from hopfield_opt import jit
    from hopfield_opt.problems import available

    names = list(dict.fromkeys(problems or [*available(), MODEL]))
    kinds = [kind_of(name) for name in names]
    for name, kind in zip(names, kinds, strict=True):
        before, began = jit.compile_seconds(), time.monotonic()
        for size in SIZES:
            _solve(kind, size)
        spent = time.monotonic() - began
        print(f"{name:<20}{jit.compile_seconds() - before:6.1f} s to compile, {spent:.1f} s in all")
        sys.stdout.flush()
    folders = jit.kernel_folders()
    files = [file for folder in folders for file in Path(folder).glob("*.sealed*.nbc")]
    if not files:
        print("kernels             are not kept: no folder can be written. Set NUMBA_CACHE_DIR.")
        return 1
    megabytes = sum(file.stat().st_size for file in files) / 1e6
    home = os.path.commonpath({str(file.parent) for file in files})
    print(f"kernels             {len(files)} in {home}, {megabytes:.0f} MB")
    return 0


def _solve(kind: type[Any], size: int) -> None:
    """Solve a random instance of a problem, or a model with constraints of several kinds."""
    from hopfield_opt.driver import solve

    random = getattr(kind, "random", _model)
    solve(random(size, seed=0), time_limit=SECONDS, seed=0, progress=False)


def _model(size: int, seed: int) -> Any:
    """Return a model of a roster: each shift is worked, nobody works too often or too long."""
    import numpy as np

    from hopfield_opt.model import Model

    draws = np.random.default_rng(seed)
    rows, columns = max(2, size // 4), 4
    model = Model()
    x = model.binary((rows, columns), name="x")
    model.minimize((x * draws.integers(1, 9, (rows, columns))).sum())
    hours = draws.integers(1, 5, (rows, columns))
    model.add(x.sum(axis=0) >= 1, (hours * x).sum(axis=1) <= 8, x[0, 0] + x[1, 1] == 1)
    return model
