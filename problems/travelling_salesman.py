"""Travelling salesman: the shortest tour, or path, through all cities."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt.answers import ordered_names
from hopfield_opt.arrays import Frozen, check_truth
from hopfield_opt.baselines import tours
from hopfield_opt.baselines.closed_tours import ClosedTours, Tour
from hopfield_opt.baselines.first_tours import nearest_neighbour
from hopfield_opt.errors import InputError, show
from hopfield_opt.io import find_format
from hopfield_opt.io.cities import Cities, cities_at
from hopfield_opt.io.city_tables import as_cities
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Assignment, Baseline, Evaluation, Sense
from hopfield_opt.problems.parts.bounded_tours import BoundedTours
from hopfield_opt.problems.parts.classical_tours import ClassicalNetworks
from hopfield_opt.problems.parts.hamiltonicity import why_no_tour
from hopfield_opt.problems.parts.random_cities import random_cities
from hopfield_opt.problems.parts.tour_files import TourFiles, with_roads
from hopfield_opt.problems.parts.tour_order import wrong_order
from hopfield_opt.problems.parts.violations import name_violations

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, init=False, eq=False)
class TravellingSalesman(TourFiles, ClassicalNetworks, BoundedTours, Frozen):
    """Find the shortest tour through all cities.

    ``minimize sum_i d(t_i, t_i+1)`` over the orders t of the cities, with t_n = t_0 for a
    cycle. Variables: ``x[city, step]``, a permutation matrix. The answer is the list of the
    cities in order, which does not repeat the first one; a cycle begins at the first city.

    Parameters
    ----------
    cities : Cities, networkx graph, scipy sparse or numpy matrix
        The distances, of any sign, which need not be the same forth and back. What is no edge
        of a graph, no stored entry of a sparse matrix, or inf in an array is no road: a tour
        never takes it. Places become distances by `from_coordinates`.
    cycle : bool
        Whether the tour is closed; a path if not.
    first : hashable, optional
        The city to begin at. None: of a path any, of a cycle the one that was inserted first.
    last : hashable, optional
        The city at which a path ends; None: any.
    weight : str or None
        The edge attribute that holds the distance, 1 where it is missing. None: all are 1.

    Raises
    ------
    InputError
        If the distances are no square matrix of numbers, or `first` or `last` is no city.

    Notes
    -----
    Whether the roads that are needed exist is checked as far as it is quick (degrees, cut vertices,
    a cycle cover); what is proven to have no tour is `INFEASIBLE`. Of more cities than a network
    holds (about 3600) a local search makes the tour.

    References
    ----------
    J. J. Hopfield, D. W. Tank, "'Neural' computation of decisions in optimization problems",
    Biological Cybernetics 52 (1985), section 3.

    Examples
    --------
    >>> square = TravellingSalesman.from_coordinates([(0, 0), (2, 0), (0, 1), (2, 1)])
    >>> square.evaluate([0, 1, 3, 2])
    Evaluation(value=6.0, violations={})
    """

    name: ClassVar[str] = "tsp"
    sense: ClassVar[Sense] = "minimize"
    bounded_by_model: ClassVar[bool] = True
    # the share of the time limit that the local search gets
    polish_share: ClassVar[float] = 0.5

    cities: Cities
    cycle: bool
    first: Hashable | None
    last: Hashable | None

    def __init__(
        self,
        cities: Any,
        cycle: bool = True,
        first: Any = None,
        last: Any = None,
        weight: str | None = "weight",
    ) -> None:
        own = as_cities(cities, weight)
        cycle = check_truth("cycle", cycle)
        for name, end in (("first", first), ("last", last)):
            if end is not None and not own.holds(end):
                raise InputError(f"{name} must be one of the cities, got {show(end)}.")
        if last is not None and (cycle or (first == last and own.size > 1)):
            other = "None for a cycle" if cycle else "another city than the first"
            raise InputError(f"last must be {other}, got {show(last)}.")
        self._set(cities=own, cycle=cycle, first=first, last=last)

    @classmethod
    def from_coordinates(
        cls,
        places: ArrayLike | Mapping[Hashable, Sequence[float]],
        cycle: bool = True,
        first: Any = None,
        last: Any = None,
    ) -> Self:
        """Return the problem of places with their Euclidean distances, not rounded.

        Parameters
        ----------
        places : (n, d) array, or dict of label to d numbers
            Where the cities lie; of a dict the labels are kept.
        cycle, first, last
            As above.
        """
        return cls(cities_at(places), cycle, first, last)

    @classmethod
    def read(
        cls,
        path: str | PathLike[str],
        format: str | None = None,
        cycle: bool = True,
        first: Any = None,
        last: Any = None,
    ) -> Self:
        """Return the problem of a file, whose cities are called by their numbers there.

        Parameters
        ----------
        path : path-like
            The file.
        format : {"tsplib", "edge-list", "metis", "rudy"} or None
            None takes it from the suffix, and TSPLIB where that says nothing. The others hold
            graphs, which need not be complete.
        cycle, first, last
            As above.

        Raises
        ------
        InputError
            If there is no such file, format or city.
        ReadError
            If the file is not of this format, naming the line.
        """
        found = find_format(path, format, cls.formats).read(path)
        return cls(with_roads(path, found), cycle, first, last)

    @classmethod
    def random(
        cls, n: int, kind: str = "euclidean", cycle: bool = True, seed: int | None = None
    ) -> Self:
        """Return n cities 0 ... n - 1 in the unit square, or with independent distances.

        Parameters
        ----------
        n : int
            The number of cities.
        kind : {"euclidean", "asymmetric"}
            Uniform places in the unit square, or for each ordered pair a whole number from 1
            to 1000.
        cycle : bool
            Whether the tour is closed.
        seed : int or None
            The same seed gives the same cities.

        Examples
        --------
        >>> TravellingSalesman.random(5, seed=0).cities
        Cities('random', 5 cities)
        """
        return cls(random_cities(n, kind, seed), cycle)

    def model(self) -> Model:
        """Return the length over the permutation matrix `x[city, step]`."""
        cities, model, n = self.cities, Model(), self.cities.size
        x = model.binary((n, n), name="x")
        distances = cities.fill_missing()
        gained = cities.gain * len(cities.fixed)  # by a tour that takes them all
        if self.cycle:
            model.minimize((x * (distances @ x.roll(-1, axis=1))).sum() + gained)
        else:
            model.minimize((x[:, :-1] * (distances @ x[:, 1:])).sum() + gained)
        model.add(x.sum(axis=0) == 1, x.sum(axis=1) == 1)
        for end, step in ((self.first, 0), (self.last, n - 1)):
            if end is not None:
                model.add(x[cities.index[end], step] == 1)
        if not cities.complete and (found := why_no_tour(self._tours().roads())):
            reason, city = found[0], min(found[1], n - 1)
            model.add(x[city].sum() <= 0, name=f"{reason}: {cities.labels[city]!r}")
        return model

    def _tours(self) -> ClosedTours:
        ends = (None if end is None else self.cities.index[end] for end in (self.first, self.last))
        return ClosedTours(self.cities, self.cycle, *ends)

    def encode(self, answer: Iterable[Hashable]) -> Assignment:
        """Return the permutation matrix of an order of the cities.

        Raises
        ------
        InputError
            If a city is missing, there twice or unknown, or a fixed end is elsewhere.
        """
        order = ordered_names(answer, "cities")
        if wrong := self._wrong(order):
            raise InputError(f"answer must be all cities in order, got {next(iter(wrong))}.")
        index, n = self.cities.index, len(order)
        matrix = np.zeros((n, n), dtype=np.int8)
        matrix[[index[label] for label in order], np.arange(n)] = 1
        return {"x": matrix}

    def first_answer(self) -> Tour:
        """Return the way from each city to the nearest of the rest, between fixed ends."""
        return nearest_neighbour(self.cities, self.first, self.last)

    def decode(self, assignment: Assignment) -> Tour | None:
        """Return the cities in order, None where the matrix is no permutation."""
        matrix = np.asarray(assignment["x"]) > 0
        if not ((matrix.sum(axis=0) == 1).all() and (matrix.sum(axis=1) == 1).all()):
            return None
        order = matrix.argmax(axis=0) if len(matrix) else np.empty(0, dtype=np.int64)
        return self._tours().open(order if self.cycle else np.append(order, len(order)))

    def evaluate(self, answer: Iterable[Hashable]) -> Evaluation:
        """Return the length over the roads that there are, and what is violated.

        Raises
        ------
        InputError
            If `answer` is no iterable of hashable things.

        Examples
        --------
        >>> TravellingSalesman([[0, 1], [2, 0]]).evaluate([0])
        Evaluation(value=0.0, violations={'not visited: 1': 1.0})
        """
        order, index = ordered_names(answer, "cities"), self.cities.index
        known = [label for label in order if label in index]
        after = known[1:] + known[:1] if self.cycle else known[1:]
        steps = list(zip(known, after, strict=False)) if len(known) > 1 else []
        ends = np.array([(index[u], index[v]) for u, v in steps], dtype=np.intp).reshape(-1, 2)
        lengths = self.cities.between(*ends.T).tolist()
        missing = [step for step, d in zip(steps, lengths, strict=True) if d == np.inf]
        skipped = self.cities.skipped(steps) if self.cities.fixed else []
        wrong = name_violations({"no road": missing, "fixed but not taken": skipped})
        violations = self._wrong(order) | wrong
        return Evaluation(float(sum(d for d in lengths if np.isfinite(d))), violations)

    def _wrong(self, order: list[Hashable]) -> dict[str, float]:
        return wrong_order(self.cities.labels, order, self.first, self.last)

    def polish(self, answer: Tour, seed: int, deadline: float | None = None) -> Tour:
        """Return a tour that is no longer, by local search until the deadline (None: a while)."""
        from hopfield_opt.baselines.tour_search import improve_tour

        own = self._tours()
        return own.open(improve_tour(own.measured, own.close(answer), seed, deadline, own.places))

    def baselines(self) -> tuple[Baseline, ...]:
        """Return networkx's heuristics where they apply, iterated 2-opt, and the exact ones."""
        closed, n, found = self._tours(), self.cities.size, []
        if self.cycle and self.cities.complete and not self.cities.fixed and n > 2:
            if self.cities.symmetric:
                found.append(("networkx christofides", tours.christofides))
            found += [
                ("networkx greedy_tsp", tours.greedy),
                ("networkx simulated_annealing_tsp", tours.simulated_annealing),
                ("networkx threshold_accepting_tsp", tours.threshold_accepting),
            ]
        found.append(("iterated 2-opt", tours.iterated_two_opt))
        listed = [Baseline(name, partial(run, closed)) for name, run in found]
        if n <= tours.MAX_CITIES_EXACT:
            listed.append(Baseline("Held-Karp", partial(tours.held_karp, closed), exact=True))
        return tuple(listed)

    def plot(self, answer: Tour, ax: "Axes | None" = None) -> "Axes":
        """Draw the tour, the cities where they lie, or on a plane where they nearly fit.

        Parameters
        ----------
        answer : list
            The cities in order.
        ax : Axes or None
            Where to draw; None makes a new figure.
        """
        from hopfield_opt.plot.tours import tour

        return tour(self.cities, answer, self.cycle, ax)
