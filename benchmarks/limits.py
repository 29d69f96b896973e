"""By how much time limits are missed: every problem class, sizes up to the refusal, three limits.

From the root of the repository, on a core that does nothing else (some ten minutes):

    python -m benchmarks.limits
    python -m benchmarks.limits tsp knapsack --sizes 100 1000 --limits 0.01 1

Each line is one call of `solve` in one thread: the seconds on the wall clock without those in
which numba compiled, what is beyond the limit, and how the run ended. A small instance goes
before, so that kernels are loaded from the disk. The worst lines come last. A limit holds within
0.2 s, or 10 % where that is more.

With --cpu all clocks, those of the solver too, count CPU seconds of this process: what an idle
core would show, on a machine that is busy.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

import hopfield_opt as ho
from hopfield_opt import problems
from hopfield_opt.errors import InputError

SIZES = (10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)
LIMITS = (1.0, 0.1, 0.01)
ALLOWED_SECONDS, ALLOWED_SHARE = 0.2, 0.1
# neighbours of a vertex in random graphs
DEGREE = 6.0
WORST = 15
# These are solved before, for the kernels that the larger ones need.
WARM_UP = (12, 130)


class Line(NamedTuple):
    """One call: what was asked for, what it took without compiling, and how it ended."""

    name: str
    size: int
    limit: float
    seconds: float
    outcome: str

    @property
    def overrun(self) -> float:
        """Seconds beyond the limit."""
        return self.seconds - self.limit

    @property
    def holds(self) -> bool:
        """Whether the limit was kept as promised."""
        return self.overrun <= max(ALLOWED_SECONDS, ALLOWED_SHARE * self.limit)

    def __str__(self) -> str:
        """Return the line of a table."""
        mark = "" if self.holds else "  TOO LATE"
        head = f"{self.name:<20}{self.size:>8}{self.limit:>8g}"
        return f"{head}{self.seconds:>9.3f}{self.overrun:>9.3f}  {self.outcome}{mark}"


def sparse(kind: Any, size: int) -> Any:
    """Return a problem on a random graph of a fixed mean degree."""
    return kind.random(size, p=min(1.0, DEGREE / size), seed=0)


def queens(size: int) -> Any:
    """Return an empty board."""
    return problems.NQueens(size)


def image(size: int) -> Any:
    """Return an image of about so many pixels."""
    return problems.ImageRestoration.random(max(2, round(size**0.5)), seed=0)


def cover(size: int) -> Any:
    """Return a cover of so many elements by half as many sets."""
    return problems.SetCover.random(size, max(5, size // 2), seed=0)


def dense_qubo(size: int) -> Any:
    """Return a form with all pairs."""
    numbers = np.random.default_rng(0).integers(-100, 101, (size, size))
    return problems.Qubo(numbers.astype(float))


def weighted_model(size: int) -> Any:
    """Return a model with a capacity, a count and pairs that exclude each other."""
    numbers = np.random.default_rng(0)
    model = ho.Model()
    x = model.binary(size, name="x")
    weights, worth = numbers.integers(1, 100, (2, size))
    model.maximize((x * worth).sum())
    model.add((x * weights).sum() <= int(weights.sum() // 2), x.sum() <= size // 2)
    model.add(x[:-1] + x[1:] <= 1)
    return model


# what is not made by `random(n, seed=0)`
OTHERS: dict[str, Callable[[int], Any]] = {
    **{
        name: partial(sparse, problems.named(name))
        for name in ("bipartition", "coloring", "independent-set", "matching", "max-cut")
    },
    "vertex-cover": partial(sparse, problems.MinVertexCover),
    "clique": partial(sparse, problems.MaxClique),
    "queens": queens,
    "image-restoration": image,
    "set-cover": cover,
    "qubo": dense_qubo,
    "model": weighted_model,
}


def maker(name: str) -> Callable[[int], Any]:
    """Return what makes the instance of a size."""
    return OTHERS.get(name) or partial(problems.named(name).random, seed=0)


def measured(name: str, size: int, limit: float, subject: Any) -> Line:
    """Return what a call takes."""
    begin = time.monotonic()
    result = ho.solve(subject, time_limit=limit, seed=0, n_jobs=1, progress=False)
    seconds = time.monotonic() - begin - result.seconds["jit"]
    value = "none" if result.value is None else f"{result.value:.6g}"
    return Line(name, size, limit, seconds, f"{result.status.name} {value}")


def sweep(name: str, sizes: list[int], limits: list[float]) -> Iterator[Line]:
    """Yield the lines of a class up to the size that is refused, smallest first."""
    for size in WARM_UP:
        ho.solve(maker(name)(size), time_limit=0.3, seed=0, n_jobs=1, progress=False)
    for size in sorted(sizes):
        try:
            subject = maker(name)(size)
            for limit in sorted(limits, reverse=True):
                yield measured(name, size, limit, subject)
        except (InputError, MemoryError) as error:
            print(f"{name:<20}{size:>8}  refused: {type(error).__name__}: {str(error)[:90]}")
            return


def main() -> None:
    """Measure what the command line asks for."""
    names = [*problems.available(), "model"]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(names)}")
    parser.add_argument("--sizes", nargs="+", type=int, default=list(SIZES), metavar="N")
    parser.add_argument("--limits", nargs="+", type=float, default=list(LIMITS), metavar="S")
    parser.add_argument("--cpu", action="store_true", help="count CPU seconds")
    asked = parser.parse_args()
    if asked.cpu:
        time.monotonic = time.process_time
    lines = []
    print(f"{'class':<20}{'size':>8}{'limit':>8}{'seconds':>9}{'overrun':>9}  ended")
    for name in asked.names or names:
        for line in sweep(name, asked.sizes, asked.limits):
            lines.append(line)
            print(line, flush=True)
    late = sum(not line.holds for line in lines)
    print(f"\n{len(lines)} calls, {late} too late; the worst overruns:")
    for line in sorted(lines, key=lambda line: -line.overrun)[:WORST]:
        print(line)


if __name__ == "__main__":
    main()
