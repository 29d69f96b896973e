"""Eight models whose constraints overlap, under fifteen lines each, with HiGHS beside.

What to see: what the moves keep, which way of keeping it the probes preferred, and how near the
optimum the value is. None of these is a problem class of the library: nothing knows more of them
than what is written here.

    python examples/models_of_your_own.py [--output FILE.png] [--quick]
"""

from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

import hopfield_opt as ho
from hopfield_opt.model import Expression
from hopfield_opt.plot.scripts import SKY, arguments, save, styled
from hopfield_opt.plot.style import BLUE, ORANGE

Stream = np.random.Generator


def assignment_in_three_dimensions(rng: Stream) -> ho.Model:
    """Match people, tasks and machines: each of them once."""
    costs = rng.integers(1, 100, (7, 7, 7))
    m = ho.Model()
    x = m.binary((7, 7, 7), name="works at with")
    m.minimize((x * costs).sum())
    m.add(x.sum(axis=(1, 2)) == 1, x.sum(axis=(0, 2)) == 1, x.sum(axis=(0, 1)) == 1)
    return m


def partition(rng: Stream) -> ho.Model:
    """Choose routes so that each stop is served by exactly one."""
    stops = np.zeros((24, 120), dtype=int)
    stops[np.arange(24), np.arange(24) // 4] = 1  # these six would do
    stops[:, 6:] = rng.random((24, 114)) < 0.15
    m = ho.Model()
    x = m.binary(120, name="driven")
    m.minimize((x * rng.integers(10, 20, 120) * stops.sum(axis=0)).sum())
    m.add(stops @ x == 1, name="each stop once")
    return m


def roster(rng: Stream) -> ho.Model:
    """Give 20 people 30 shifts on 5 days as they wish."""
    wish = rng.integers(0, 11, (20, 30))
    m = ho.Model()
    x = m.binary((20, 30), name="works")
    m.maximize((x * wish).sum())
    m.add(x.sum(axis=0) == np.tile([2, 3, 4], 10), name="covered")
    m.add(x.reshape(20, 5, 6).sum(axis=2) <= 1, name="one a day")
    m.add(x.sum(axis=1) <= 5, name="at most five")
    m.add(x[0] + x[1] <= 1, x[2] + x[3] <= 1, name="never together")
    return m


def facilities(rng: Stream) -> ho.Model:
    """Open sites and serve each client from one that is open."""
    sites, clients = rng.integers(0, 100, (8, 1, 2)), rng.integers(0, 100, (1, 30, 2))
    distances = np.abs(sites - clients).sum(axis=2)
    m = ho.Model()
    x, y = m.binary((8, 30), name="serves"), m.binary(8, name="open")
    m.minimize((x * distances).sum() + (y * 150).sum())
    m.add(x.sum(axis=0) == 1, name="served once")
    m.add(x <= y[:, None], name="only if open")
    return m


def coverage(rng: Stream) -> ho.Model:
    """Place five sensors so that they see what is worth most."""
    sees, worth = rng.random((80, 30)) < 0.1, rng.integers(1, 20, 80)
    m = ho.Model()
    x, y = m.binary(30, name="placed"), m.binary(80, name="seen")
    m.maximize((y * worth).sum())
    m.add(y <= sees @ x, name="seen by one")
    m.add(x.sum() <= 5, name="five sensors")
    return m


def generalised_assignment(rng: Stream) -> ho.Model:
    """Give jobs to machines of limited capacity."""
    costs, loads = rng.integers(10, 50, (2, 6, 30))
    m = ho.Model()
    x = m.binary((6, 30), name="runs on")
    m.minimize((x * costs).sum())
    m.add(x.sum(axis=0) == 1, name="each job once")
    m.add((x * loads).sum(axis=1) <= 150, name="capacity")
    return m


def timetable(rng: Stream) -> ho.Model:
    """Give lectures slots: rooms are few, and some lectures have the same students."""
    dislike, clash = rng.integers(0, 11, (24, 10)), rng.integers(0, 24, (60, 2))
    first, second = clash[clash[:, 0] != clash[:, 1]].T
    m = ho.Model()
    x = m.binary((24, 10), name="when")
    m.minimize((x * dislike).sum())
    m.add(x.sum(axis=1) == 1, name="each once")
    m.add(x.sum(axis=0) <= 4, name="rooms")
    m.add(x[first] + x[second] <= 1, name="no clash")
    return m


def bins(rng: Stream) -> ho.Model:
    """Pack things into as few bins as there must be."""
    sizes = rng.integers(20, 60, 15)
    m = ho.Model()
    x, y = m.binary((15, 8), name="lies in"), m.binary(8, name="used")
    m.minimize(y.sum())
    m.add(x.sum(axis=1) == 1, name="each once")
    m.add(sizes @ x <= 100 * y, name="capacity")
    return m


MODELS: list[Callable[[Stream], ho.Model]] = [
    assignment_in_three_dimensions, partition, roster, facilities, coverage,
    generalised_assignment, timetable, bins,
]  # fmt: skip


def highs(model: ho.Model) -> float:
    """Return the optimum of a linear model by HiGHS, from the model as it is written."""

    def rows(node: Any) -> tuple[Any, Any]:
        at = Expression(node, model).evaluate
        ends = [at(model.unpack(one)).ravel() for one in np.eye(model.num_variables)]
        return np.stack(ends, axis=1), at(model.unpack(np.zeros(model.num_variables))).ravel()

    rules = []
    for one in (rule.constraint for rule in model.rules.values()):
        matrix, constant = rows(one.node)
        matrix, bound = matrix - constant[:, None], np.ravel(one.bound) - constant
        lower = -np.inf if one.sign == "<=" else bound
        rules.append(LinearConstraint(matrix, lower, np.inf if one.sign == ">=" else bound))
    sign = 1 if model.sense == "minimize" else -1
    costs = sign * rows(model.cost)[0][0]
    return sign * float(
        milp(costs, constraints=rules, integrality=costs * 0 + 1, bounds=Bounds(0, 1)).fun
    )


@styled
def main(words: list[str] | None = None) -> None:
    """Solve each, show what was kept, and draw how far from the optimum the answer is."""
    options = arguments(__doc__, __file__, words)
    sweeps = 20 if options.quick else 100
    figure, ax = plt.subplots(figsize=(9, 4.6), layout="constrained")
    kinds = {"OneHot": BLUE, "Cardinality": ORANGE, "Linear": SKY}
    for number, make in enumerate(MODELS):
        model = make(np.random.default_rng(number))
        result = ho.solve(model, sweeps=sweeps, seed=0)
        best, compiled = highs(model), ho.compile(model)
        print(f"--- {make.__name__}: {result.value:g}, feasible: {result.feasible}")
        print(f"    HiGHS: {best:g}; bound: {result.bound}")
        print(f"    {result.method}: {result.reason}")
        for line in compiled.report().splitlines():
            if line.startswith("kept by the moves"):
                print(f"    {line}")
        names = [type(group).__name__ for group in compiled.hamiltonian.groups]
        left = 0
        for kind, color in kinds.items():
            count = names.count(kind)
            ax.barh(number, count, left=left, color=color, label=kind if not number else None)
            left += count
        ax.text(left, number, f"  {result.value:g}, HiGHS {best:g}", va="center", fontsize="small")
    ax.set_yticks(range(len(MODELS)), [make.__name__.replace("_", " ") for make in MODELS])
    ax.set(xlabel="constraints that the moves keep", title="rows kept, and the value found")
    ax.invert_yaxis()
    ax.margins(x=0.25)
    ax.legend(fontsize="small", loc="lower right")
    save(figure, options)


if __name__ == "__main__":
    main()
