"""How good `solve` is on models of one's own, whose constraints overlap, next to HiGHS.

From the root of the repository (some ten minutes with all that is there by default):

    taskset -c 1 python -m benchmarks.models
    python -m benchmarks.models --kinds roster facility --sizes 0.25 1 4 --seeds 0 1 2 --limit 3

Each line is one call of `solve` in one thread on a model of `benchmarks/model_kinds.py`: the
value, the optimum (HiGHS, from the data and not from what was compiled; "<" or ">" where it is a
bound that HiGHS has proven in --reference seconds), the gap in percent, whether the answer is
feasible by the data's own rows, the proposals per second, and what was kept where probes decided.
The medians come last. With --quadratic a cost on pairs comes in, and HiGHS is not asked. A solve
of a tenth of a second goes before, so that kernels are loaded. --references FILE keeps what HiGHS
found for the next time. With --alone HiGHS has no part in our answers: the engine. With --cpu the
solver's clock counts CPU seconds of this process: what an idle core would show, on a machine that
is busy.
"""

import argparse
import json
import time
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

import hopfield_opt as ho
from benchmarks.model_kinds import KINDS, Linear, made

Numbers = dict[str, Any]


class Line(NamedTuple):
    """One call: what came out, and what is known."""

    kind: str
    size: float
    seed: int
    variables: int
    value: float
    feasible: bool
    reference: Numbers
    sense: int
    speed: float
    status: str
    reason: str

    @property
    def gap(self) -> float | None:
        """By how many percent the value is off the optimum, or off a bound of it."""
        best = self.reference["value"]
        if best is None or not self.feasible:
            return None
        return 100.0 * self.sense * (self.value - best) / max(1.0, abs(best))

    def __str__(self) -> str:
        best, mark = self.reference["value"], "" if self.reference["proven"] else " <>"[self.sense]
        known = "-" if best is None else f"{mark}{best:g}"
        gap = "-" if self.gap is None else f"{self.gap:.2f}"
        head = f"{self.kind:<23}{self.size:>6g}{self.seed:>5}{self.variables:>8}"
        feasible = "yes" if self.feasible else "NO"
        return (
            f"{head}{self.value:>12g}{known:>12}{gap:>9}{feasible:>5}{self.speed:>9.1e}  "
            f"{self.status}; {self.reason}"
        )


HEAD = (
    f"{'kind':<23}{'size':>6}{'seed':>5}{'vars':>8}{'value':>12}{'optimum':>12}{'gap, %':>9}"
    f"{'ok':>5}{'prop./s':>9}  status; why, and what was kept"
)


def solved(data: Linear, seconds: float) -> Any:
    """Return what HiGHS finds in so many seconds."""
    return milp(
        data.sense * data.costs,
        constraints=LinearConstraint(data.matrix, *data.bounds),
        integrality=np.ones(len(data.costs)),
        bounds=Bounds(0, 1),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )


def optimum(data: Linear, seconds: float) -> Numbers:
    """Return what is known after so many seconds: the optimum, or a bound of it."""
    if data.known is not None:
        return {"value": data.known, "proven": True, "seconds": 0.0}
    begin = time.monotonic()
    found = solved(data, seconds)
    proven = found.status == 0
    best = found.fun if proven else getattr(found, "mip_dual_bound", None)
    value = None if best is None else data.sense * float(best)
    return {"value": value, "proven": proven, "seconds": round(time.monotonic() - begin, 2)}


def holds(data: Linear, model: ho.Model, assignment: Any) -> bool:
    """Whether the data's own rows say that an assignment is feasible."""
    sums = data.matrix @ model.pack(assignment)
    lower, upper = data.bounds
    return bool(((sums >= lower - 1e-9) & (sums <= upper + 1e-9)).all())


def measured(kind: str, size: float, seed: int, asked: argparse.Namespace, known: Any) -> Line:
    """Return what one call finds; `known` keeps what HiGHS found."""
    model, data = made(kind, size, seed, asked.quadratic)
    name = f"{kind} {size:g} {seed}"
    if asked.quadratic or asked.reference <= 0:
        reference = {"value": None, "proven": False}
    else:
        if name not in known:
            known[name] = optimum(data, asked.reference)
        reference = known[name]
    method = ho.dynamics.Auto(milp=False) if asked.alone else asked.method
    options = {
        "method": method, "structure": asked.structure, "penalty": asked.penalty,
        "bound": asked.bound, "seed": seed, "n_jobs": 1, "progress": False,
    }  # fmt: skip
    ho.solve(model, time_limit=0.1, **options)
    result = ho.solve(model, time_limit=asked.limit, sweeps=asked.sweeps, **options)
    right = result.assignment is not None and holds(data, model, result.assignment)
    if right != result.feasible:
        raise AssertionError(f"{name}: model and data disagree on {result.assignment}.")
    replicas = max(1, len(result.energies))
    speed = result.sweeps * replicas * result.num_spins / max(1e-9, result.seconds["solve"])
    value = float("nan") if result.value is None else result.value
    return Line(
        kind, size, seed, result.num_variables, value, right, reference, data.sense, speed,
        f"{result.status.name} {result.method}", result.reason,
    )  # fmt: skip


def summary(lines: list[Line]) -> list[str]:
    """Return the median gap of each kind and size."""
    found = []
    for key in dict.fromkeys((line.kind, line.size) for line in lines):
        own = [line for line in lines if (line.kind, line.size) == key]
        gaps = [float("inf") if line.gap is None else line.gap for line in own]
        right = sum(line.feasible for line in own)
        found.append(
            f"{key[0]:<23}{key[1]:>6g}  median gap {median(gaps):7.2f} %, "
            f"worst {max(gaps):7.2f} %, feasible {right} of {len(own)}"
        )
    return found


def asked_for() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--sizes", nargs="+", type=float, default=[1.0], metavar="X")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2], metavar="N")
    parser.add_argument("--limit", type=float, metavar="S", help="seconds; 3 without --sweeps")
    parser.add_argument("--sweeps", type=int, metavar="N")
    parser.add_argument("--method", default="auto")
    parser.add_argument("--alone", action="store_true", help="auto without branch and cut")
    parser.add_argument("--structure", default="auto")
    parser.add_argument("--penalty", default="exact")
    parser.add_argument("--bound", default="none", help="auto, none or strong")
    parser.add_argument("--quadratic", action="store_true", help="with a cost on pairs")
    parser.add_argument("--reference", type=float, default=20.0, metavar="S", help="of HiGHS")
    parser.add_argument("--references", type=Path, metavar="FILE", help="what HiGHS found")
    parser.add_argument("--cpu", action="store_true", help="count CPU seconds")
    asked = parser.parse_args()
    if asked.cpu:
        time.monotonic = time.process_time
    if asked.limit is None and asked.sweeps is None:
        asked.limit = 3.0
    return asked


def main() -> None:
    """Measure what the command line asks for."""
    asked, lines = asked_for(), []
    keep = asked.references is not None and asked.references.exists()
    known = json.loads(asked.references.read_text("utf-8")) if keep else {}
    print(HEAD)
    for kind in asked.kinds:
        for size in asked.sizes:
            for seed in asked.seeds:
                lines.append(measured(kind, size, seed, asked, known))
                print(lines[-1], flush=True)
                if asked.references is not None:
                    asked.references.write_text(json.dumps(known), "utf-8")
    print("", *summary(lines), sep="\n")


if __name__ == "__main__":
    main()
