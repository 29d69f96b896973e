"""The knapsack: the most valuable choice of items that is not too heavy."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import partial
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from hopfield_opt import rng
from hopfield_opt.arrays import Frozen, IntArray, check_integer, check_memory
from hopfield_opt.baselines import knapsacks
from hopfield_opt.errors import InputError
from hopfield_opt.exactness import FEASIBILITY_TOLERANCE, find_excess
from hopfield_opt.io import find_format
from hopfield_opt.io.knapsack import Items
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Assignment, Baseline, Evaluation, Sense
from hopfield_opt.problems.parts.knapsack_data import check_counts, check_items, count_items

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, init=False, eq=False)
class Knapsack(Frozen):
    """Take the most valuable items that a knapsack can carry.

    ``maximize sum_i v_i x_i subject to sum_i w_ik x_i <= c_k`` for each capacity k, with x_i in
    {0, 1}, or in 0 ... counts_i. The answer is the set of items that are taken; with counts it
    is a dict of items to how many. Items are called by the keys of `values`, else 0, 1, ...;
    those of a file 1, 2, ... in their order.

    Parameters
    ----------
    values : dict of item to number, or (n,) array
        What an item is worth; one that is worth nothing, or less, may be left.
    weights : dict of item to number or numbers, (n,) or (n, m) array
        What it weighs, >= 0, for each of m capacities.
    capacity : number, or (m,) array
        What may be carried, >= 0. An item heavier than this is never taken. A Series of pandas
        is a dict of its labels here, as for values, weights and counts.
    counts : int, dict of item to int, (n,) array, or None
        How many of an item there are. None: one of each.

    Raises
    ------
    InputError
        If shapes do not fit, or a number is not finite, or one that must not be is negative.

    Notes
    -----
    The moves keep the capacities: there are no slack variables and no penalties. Weights and
    capacities that are whole, or have few digits in binary, are judged exactly; with decimals a
    capacity may be exceeded by 1e-12 of the sum of what is carried and the capacity.

    References
    ----------
    S. Martello, P. Toth, "Knapsack Problems", Wiley (1990), sections 1.2 and 3.1.

    Examples
    --------
    >>> trip = Knapsack({"tent": 9, "stove": 5, "book": 6}, {"tent": 8, "stove": 4, "book": 5}, 9)
    >>> trip.evaluate({"stove", "book"})
    Evaluation(value=11.0, violations={})
    >>> trip.evaluate({"stove", "tent"}).violations
    {'capacity': 3.0}
    """

    name: ClassVar[str] = "knapsack"
    sense: ClassVar[Sense] = "maximize"
    bounded_by_model: ClassVar[bool] = True
    formats: ClassVar[tuple[str, ...]] = ("knapsack",)
    # the share of the time limit that the local search gets
    polish_share: ClassVar[float] = 0.5

    items: Items
    labels: tuple[Hashable, ...]
    most: IntArray
    bounded: bool
    feasibility_tolerance: float

    def __init__(self, values: Any, weights: Any, capacity: Any, counts: Any = None) -> None:
        labels, items = check_items(values, weights, capacity)
        most = check_counts(counts, labels)
        self._set(
            labels=labels,
            items=items,
            most=most,
            bounded=counts is not None,
            feasibility_tolerance=FEASIBILITY_TOLERANCE,
        )

    def with_tolerance(self, feasibility_tolerance: float) -> Self:
        """Return the same problem, judged with another tolerance for decimals."""
        return self._replace_fields(feasibility_tolerance=feasibility_tolerance)

    @classmethod
    def read(
        cls, path: str | PathLike[str], format: str | None = None, counts: int | None = None
    ) -> Self:
        """Return the problem of a file, whose items are called 1, 2, ... in their order.

        Parameters
        ----------
        path : path-like
            The first line holds the capacity, or several; each following line the value of an
            item and its weights.
        format : {"knapsack"} or None
            The only format.
        counts : int or None
            How many of each item there are; None: one.

        Raises
        ------
        InputError
            If there is no such file or format, or a number is negative that must not be.
        ReadError
            If the file is not of this format, naming the line.
        """
        items: Items = find_format(path, format, cls.formats).read(path)
        labels = range(1, len(items.values) + 1)
        values = dict(zip(labels, items.values.tolist(), strict=True))
        weights = dict(zip(labels, items.weights.tolist(), strict=True))
        return cls(values, weights, items.capacities, counts)

    def write(self, path: str | PathLike[str], format: str | None = None) -> None:
        """Write values, weights and capacities to a file; names are not kept.

        A number of copies that is the same for all items is an argument of `read`.

        Raises
        ------
        InputError
            If items have different counts, for which the format has no word, there is no such
            format, or the file cannot be written.
        """
        if self.bounded and (self.most != self.most[:1]).any():
            counts = f"{self.most.min()} and {self.most.max()}"
            raise InputError(f"counts must be one number for a file, got {counts}.")
        find_format(path, format, self.formats).write(self.items, path)

    @classmethod
    def random(cls, n: int, capacities: int = 1, seed: int | None = None) -> Self:
        """Return items with random values and weights from 1 to 1000; half the weight fits.

        Parameters
        ----------
        n : int
            The number of items.
        capacities : int
            The number of capacities.
        seed : int or None
            The same seed gives the same items.

        Raises
        ------
        InputError
            If an argument is out of its range.
        """
        n = check_integer("n", n, lowest=0)
        capacities = check_integer("capacities", capacities, lowest=1)
        check_memory("items", 100 * n * (1 + capacities))
        draws = rng.generator(rng.check_seed(seed))
        values = draws.integers(1, 1001, size=n)
        weights = draws.integers(1, 1001, size=(n, capacities))
        return cls(values, weights, weights.sum(axis=0) // 2)

    def model(self) -> Model:
        """Return the value of what is taken over one variable for each item, named `taken`."""
        items, model = self.items, Model()
        rows: Any = items.weights.T
        taken = model.integer(len(self.most), 0, self.most, name="taken")
        model.maximize((items.values * taken).sum())
        model.add(rows @ taken <= items.capacities, name="capacity")
        return model

    def encode(self, answer: Any) -> Assignment:
        """Return how many of each item an answer takes.

        Raises
        ------
        InputError
            If an item is unknown, or there are not so many of it.
        """
        counts, violations = count_items(answer, self.labels, self.most)
        if violations:
            raise InputError(f"answer must be a choice of items, got {next(iter(violations))}.")
        return {"taken": counts}

    def decode(self, assignment: Assignment) -> Any:
        """Return the set of items that are taken, or how many of each."""
        pairs = zip(self.labels, np.asarray(assignment["taken"]).tolist(), strict=True)
        if self.bounded:
            return {label: count for label, count in pairs if count}
        return {label for label, count in pairs if count}

    def evaluate(self, answer: Any) -> Evaluation:
        """Return the value of what is taken, and by how much it is too heavy.

        Parameters
        ----------
        answer : collection of items, or dict of items to how many
            What is taken.

        Raises
        ------
        InputError
            If `answer` is no collection of hashable things.
        """
        counts, violations = count_items(answer, self.labels, self.most)
        items = self.items
        tolerance = self.feasibility_tolerance
        excess = find_excess(items.weights.T, counts, items.capacities, tolerance)
        several = len(excess) > 1
        for k, amount in enumerate(excess.tolist()):
            if amount:
                violations[f"capacity {k}" if several else "capacity"] = amount
        return Evaluation(float(items.values @ counts), violations)

    @property
    def start(self) -> Any:
        """The greedy answer: the search begins there and is never worse."""
        return self._solve(knapsacks.by_density, 0, None)

    def listed(self, answer: Any) -> Any:
        """Return the items that are taken as a list in their order."""
        if isinstance(answer, Mapping):
            return {label: answer[label] for label in self.labels if label in answer}
        return [label for label in self.labels if label in answer]

    def polish(self, answer: Any, seed: int, deadline: float | None) -> Any:
        """Return an answer that is worth no less: exchanges of a few items, then local search."""
        # numba takes a while to load
        from hopfield_opt.baselines.knapsack_search import improve_choice

        counts, _ = count_items(answer, self.labels, self.most)
        exchanged = knapsacks.exchange_items(self.items, self.most, counts, deadline)
        return self.decode(
            {"taken": improve_choice(self.items, self.most, exchanged, seed, deadline)}
        )

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the greedy choice, HiGHS, and dynamic programming where the table fits."""
        found = [
            Baseline("greedy by density", partial(self._solve, knapsacks.by_density)),
            Baseline("HiGHS", partial(self._solve, knapsacks.integer_program), exact=True),
        ]
        if knapsacks.fits_table(self.items, self.most):
            run = partial(self._solve, knapsacks.dynamic_programming)
            found.append(Baseline("dynamic programming", run, exact=True))
        return tuple(found)

    def _solve(self, algorithm: Callable[..., Any], seed: int, deadline: float | None) -> Any:
        """Return the answer of an algorithm that counts items."""
        return self.decode({"taken": algorithm(self.items, self.most, seed, deadline)})

    def plot(self, answer: Any, ax: "Axes | None" = None) -> "Axes":
        """Draw value against weight, the items that are taken and those that are left.

        Parameters
        ----------
        answer : collection of items, or dict of items to how many
            What is taken.
        ax : Axes or None
            Where to draw; None makes a new figure.
        """
        from hopfield_opt.plot.choices import knapsack

        counts, _ = count_items(answer, self.labels, self.most)
        return knapsack(self.items, counts, ax)
