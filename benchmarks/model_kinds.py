"""Models as users write them: a cost and constraints that overlap, with the same data as a MILP.

Each kind makes its data from a size and a seed, says them to HiGHS as rows (`Linear`), and writes
the model in a few lines. The number of variables grows with the size; 1 is what one meets.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

import hopfield_opt as ho


class Linear:
    """Costs and rows over binaries, numbered in the order of the model's variables.

    Attributes
    ----------
    sense : 1 or -1
        Whether less or more is better.
    known : float or None
        The optimum, where that needs no HiGHS.
    """

    def __init__(self, costs: Any, sense: int = 1, known: float | None = None) -> None:
        self.costs = np.ravel(costs).astype(float)
        self.sense = sense
        self.known = known
        self._rows: list[tuple[NDArray[Any], NDArray[Any], float, float]] = []

    def each(self, members: Any, lower: Any, upper: Any, weights: Any = 1.0) -> None:
        """Add a row for each line of an array of numbers: `lower <= weights of it <= upper`."""
        places = np.atleast_2d(members)
        factors = np.broadcast_to(weights, places.shape)
        ends = (np.broadcast_to(end, len(places)) for end in (lower, upper))
        self._rows += zip(places, factors, *ends, strict=True)

    @property
    def matrix(self) -> scipy.sparse.csr_array:
        """The coefficients of all rows."""
        sizes = [len(places) for places, *_ in self._rows]
        ends = np.concatenate([[0], np.cumsum(sizes)])
        places = np.concatenate([np.empty(0, np.int64), *(row[0] for row in self._rows)])
        factors = np.concatenate([np.empty(0), *(row[1] for row in self._rows)])
        return scipy.sparse.csr_array((factors, places, ends), (len(sizes), len(self.costs)))

    @property
    def bounds(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """The bounds of all rows."""
        return np.array([row[2] for row in self._rows]), np.array([row[3] for row in self._rows])


Pairs = Callable[[Any], Any]
Stream = np.random.Generator
Instance = tuple[ho.Model, Linear]


def grown(number: int, size: float, axes: int = 1) -> int:
    """Return one of so many dimensions that grow together."""
    return max(2, round(number * size ** (1 / axes)))


def assignment_3d(size: float, rng: Stream, pairs: Pairs) -> Instance:
    """Three families of one-hots that overlap: 12 x 12 x 12."""
    n = grown(12, size, 3)
    costs = rng.integers(1, 100, (n, n, n))
    cells, data = np.arange(n**3).reshape(n, n, n), Linear(costs)
    for axis in range(3):
        data.each(np.moveaxis(cells, axis, 0).reshape(n, -1), 1, 1)
    m = ho.Model()
    x = m.binary((n, n, n), name="x")
    m.minimize((x * costs).sum() + pairs(x))
    m.add(x.sum(axis=(1, 2)) == 1, x.sum(axis=(0, 2)) == 1, x.sum(axis=(0, 1)) == 1)
    return m, data


def set_partition(size: float, rng: Stream, pairs: Pairs) -> Instance:
    """Each of 40 elements once, by some of 200 sets."""
    elements, sets = grown(40, size), grown(200, size)
    planted = np.split(rng.permutation(elements), np.arange(4, elements, 4))
    others = [rng.choice(elements, rng.integers(2, 7), replace=False) for _ in range(sets)]
    members = np.zeros((elements, sets), dtype=int)
    for column, one in enumerate([*planted, *others][:sets]):
        members[one, column] = 1
    costs = rng.integers(10, 20, sets) * members.sum(axis=0)
    data = Linear(costs)
    for row in members:
        data.each(np.flatnonzero(row), 1, 1)
    m = ho.Model()
    x = m.binary(sets, name="taken")
    m.minimize((x * costs).sum() + pairs(x))
    m.add(members @ x == 1, name="each element once")
    return m, data


def roster(size: float, rng: Stream, pairs: Pairs) -> Instance:
    """40 people, 60 shifts; sizes .25 and 25 are 20 x 30 and 200 x 300."""
    people, days = grown(40, size, 2), grown(10, size, 2)
    shifts = 6 * days
    wish = rng.integers(0, 11, (people, shifts))
    needed = rng.permuted(np.resize([2, 3, 4], (days, 6)), axis=1).ravel()
    apart = rng.permutation(people)[: 2 * (people // 10)].reshape(2, -1)
    cells, data = np.arange(people * shifts).reshape(people, shifts), Linear(wish, -1)
    data.each(cells.T, needed, needed)
    data.each(cells.reshape(-1, 6), 0, 1)
    data.each(cells, 0, 5)
    data.each(cells[apart].reshape(2, -1).T, 0, 1)
    m = ho.Model()
    x = m.binary((people, shifts), name="works")
    m.maximize((x * wish).sum() + pairs(x))
    m.add(x.sum(axis=0) == needed, name="covered")
    m.add(x.reshape(people, days, 6).sum(axis=2) <= 1, name="one a day")
    m.add(x.sum(axis=1) <= 5, name="at most five")
    m.add(x[apart[0]] + x[apart[1]] <= 1, name="apart")
    return m, data


def facility(size: float, rng: Stream, pairs: Pairs) -> Instance:
    """15 sites, 60 clients, each served by a site that is open."""
    sites, clients = grown(15, size, 2), grown(60, size, 2)
    there, here = rng.integers(0, 100, (sites, 1, 2)), rng.integers(0, 100, (1, clients, 2))
    distance = np.rint(np.linalg.norm(there - here, axis=2)).astype(int)
    opening = rng.integers(100, 300, sites)
    served, data = (
        np.arange(sites * clients).reshape(sites, clients),
        Linear(np.concatenate([distance.ravel(), opening])),
    )
    data.each(served.T, 1, 1)
    places = np.repeat(served.size + np.arange(sites), clients)
    data.each(np.stack([served.ravel(), places], axis=1), -1, 0, [1, -1])
    m = ho.Model()
    x, y = m.binary((sites, clients), name="serves"), m.binary(sites, name="open")
    m.minimize((x * distance).sum() + (y * opening).sum() + pairs(x))
    m.add(x.sum(axis=0) == 1, name="served")
    m.add(x <= y.reshape(sites, 1), name="only by open ones")
    return m, data


def coverage(size: float, rng: Stream, pairs: Pairs) -> Instance:
    """8 of 60 sets that hold the most of 150 elements."""
    sets, elements, most = grown(60, size), grown(150, size), grown(8, size)
    holds = rng.random((elements, sets)) < 12 / elements
    worth = rng.integers(1, 20, elements)
    data = Linear(np.concatenate([np.zeros(sets), worth]), -1)
    for element, row in enumerate(holds):
        own = np.append(np.flatnonzero(row), sets + element)
        data.each(own, 0, np.inf, np.append(np.ones(len(own) - 1), -1))
    data.each(np.arange(sets), 0, most)
    m = ho.Model()
    x, y = m.binary(sets, name="taken"), m.binary(elements, name="covered")
    m.maximize((y * worth).sum() + pairs(x))
    m.add(y <= holds.astype(int) @ x, name="only by sets taken")
    m.add(x.sum() <= most, name="so many sets")
    return m, data


def generalised_assignment(size: float, rng: Stream, pairs: Pairs) -> Instance:
    """60 jobs for 10 agents with capacities."""
    agents, jobs = grown(10, size, 2), grown(60, size, 2)
    costs, loads = rng.integers(10, 51, (agents, jobs)), rng.integers(5, 26, (agents, jobs))
    capacity = (8 * loads.sum(axis=1)) // (10 * agents)
    cells, data = np.arange(agents * jobs).reshape(agents, jobs), Linear(costs)
    data.each(cells.T, 1, 1)
    data.each(cells, 0, capacity, loads)
    m = ho.Model()
    x = m.binary((agents, jobs), name="does")
    m.minimize((x * costs).sum() + pairs(x))
    m.add(x.sum(axis=0) == 1, name="each job once")
    m.add((x * loads).sum(axis=1) <= capacity, name="capacity")
    return m, data


def knapsack(size: float, rng: Stream, pairs: Pairs) -> Instance:
    """250 items, 10 capacities."""
    items, capacities = grown(250, size), 10
    weights = rng.integers(1, 1001, (capacities, items))
    worth = weights.mean(axis=0).astype(int) + rng.integers(0, 500, items)
    capacity = weights.sum(axis=1) // 2
    data = Linear(worth, -1)
    data.each(np.tile(np.arange(items), (capacities, 1)), 0, capacity, weights)
    m = ho.Model()
    x = m.binary(items, name="packed")
    m.maximize((x * worth).sum() + pairs(x))
    m.add(weights @ x <= capacity, name="capacity")
    return m, data


def timetable(size: float, rng: Stream, pairs: Pairs) -> Instance:
    """40 events in 16 slots of 4 rooms, 120 clashes."""
    events, slots, rooms = grown(40, size, 2), grown(16, size, 2), 4
    dislike = rng.integers(0, 11, (events, slots))
    every = np.array(np.triu_indices(events, 1))
    clash = rng.permutation(every, axis=1)[:, : 3 * events]
    cells, data = np.arange(events * slots).reshape(events, slots), Linear(dislike)
    data.each(cells, 1, 1)
    data.each(cells.T, 0, rooms)
    data.each(cells[clash].reshape(2, -1).T, 0, 1)
    m = ho.Model()
    x = m.binary((events, slots), name="when")
    m.minimize((x * dislike).sum() + pairs(x))
    m.add(x.sum(axis=1) == 1, name="each event once")
    m.add(x.sum(axis=0) <= rooms, name="rooms")
    m.add(x[clash[0]] + x[clash[1]] <= 1, name="no clash")
    return m, data


def bin_packing(size: float, rng: Stream, pairs: Pairs) -> Instance:
    """30 items in as few bins as there must be."""
    items, capacity = grown(30, size), 100
    sizes = rng.integers(20, 61, items)
    bins = int(1.3 * sizes.sum() / capacity) + 1
    cells, used = np.arange(items * bins).reshape(items, bins), np.arange(bins) + items * bins
    data = Linear(np.concatenate([np.zeros(cells.size), np.ones(bins)]))
    data.each(cells, 1, 1)
    data.each(np.vstack([cells, used]).T, -np.inf, 0, np.append(sizes, -capacity))
    m = ho.Model()
    x, y = m.binary((items, bins), name="lies in"), m.binary(bins, name="used")
    m.minimize(y.sum() + pairs(x))
    m.add(x.sum(axis=1) == 1, name="each item once")
    m.add(sizes @ x <= capacity * y, name="capacity")
    return m, data


def grid_parts(size: float, rng: Stream, pairs: Pairs) -> Instance:
    """Cut a 16 x 16 grid into 4 equal parts."""
    n, parts = 2 * grown(8, size, 2), 4
    cells = np.arange(n * n).reshape(n, n)
    u = np.concatenate([cells[:, 1:].ravel(), cells[1:].ravel()])
    v = np.concatenate([cells[:, :-1].ravel(), cells[:-1].ravel()])
    data = Linear(0 * (lines := np.arange(parts * n * n).reshape(-1, parts)), known=2.0 * n)
    data.each(lines, 1, 1)
    data.each(lines.T, n * n // parts, n * n // parts)
    m = ho.Model()
    x = m.binary((n * n, parts), name="part")
    m.minimize(len(u) - (x[u] * x[v]).sum() + pairs(x))
    m.add(x.sum(axis=1) == 1, name="one part each")
    m.add(x.sum(axis=0) == n * n // parts, name="equal parts")
    return m, data


def one_count(size: float, rng: Stream, pairs: Pairs) -> Instance:
    """Take the cheapest third of 200 000."""
    n = grown(200_000, size)
    costs = rng.integers(0, 1000, n)
    data = Linear(costs, known=float(np.sort(costs)[: n // 3].sum()))
    data.each(np.arange(n), n // 3, n // 3)
    m = ho.Model()
    x = m.binary(n, name="x")
    m.minimize((x * costs).sum() + pairs(x))
    m.add(x.sum() == n // 3, name="count")
    return m, data


KINDS: dict[str, Callable[[float, Stream, Pairs], Instance]] = {
    "assignment-3d": assignment_3d,
    "set-partition": set_partition,
    "roster": roster,
    "facility": facility,
    "coverage": coverage,
    "generalised-assignment": generalised_assignment,
    "knapsack": knapsack,
    "timetable": timetable,
    "bin-packing": bin_packing,
    "grid-parts": grid_parts,
    "count": one_count,
}


def made(kind: str, size: float, seed: int, quadratic: bool = False) -> Instance:
    """Return the model of an instance, and its data for HiGHS.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    size : float
        1 for the usual size.
    seed : int
        Of the data.
    quadratic : bool
        Whether twice as many pairs of variables as there are variables have a cost of their own,
        of about the size of the others; HiGHS then knows no optimum.
    """
    rng = np.random.default_rng([seed, sorted(KINDS).index(kind)])

    def pairs(x: Any) -> Any:
        if not quadratic:
            return 0
        flat = x.reshape(-1)
        first, second = rng.integers(0, flat.size, (2, 2 * flat.size))
        apart = first != second
        products = flat[first[apart]] * flat[second[apart]]
        return (rng.integers(-10, 11, products.size) * products).sum()

    model, data = KINDS[kind](size, rng, pairs)
    data.known = None if quadratic else data.known
    return model, data
