"""Quadratic assignment: put facilities at locations so that flow times distance is smallest."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt import rng
from hopfield_opt.answers import ordered_names
from hopfield_opt.arrays import check_integer, check_memory
from hopfield_opt.baselines import assignments
from hopfield_opt.border import as_mapping
from hopfield_opt.bounds.assignments import AssignmentInstance
from hopfield_opt.errors import InputError, show
from hopfield_opt.io import find_format
from hopfield_opt.io.qaplib import Assignments
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Assignment, Baseline, Evaluation, Sense
from hopfield_opt.problems.parts.violations import name_violations

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, init=False, eq=False)
class QuadraticAssignment:
    """Put facilities at locations, one each, so that flow times distance is smallest.

    ``minimize sum_ij a_ij b_p(i)p(j) + sum_i c_i,p(i)`` over the permutations p, with flows a,
    distances b and costs c. Variables: ``x[facility, location]``, a permutation matrix. The
    answer is the list of the locations p(0), p(1), ... of the facilities; where tables of flows
    and distances have names, it is a dict of facilities to locations.

    Parameters
    ----------
    flows : (n, n) array, or Assignments
        From facility to facility; need not be symmetric.
    distances : (n, n) array
        From location to location.
    costs : (n, n) array, optional
        What facility i costs at location j.
    first : int
        What the first location is called: 0; locations of a file are numbered from 1.

    Raises
    ------
    InputError
        If a matrix is not square and finite, or the sizes differ.

    References
    ----------
    T. C. Koopmans, M. Beckmann, "Assignment problems and the location of economic activities",
    Econometrica 25 (1957).

    Examples
    --------
    >>> problem = QuadraticAssignment([[0, 3], [1, 0]], [[0, 5], [7, 0]])
    >>> problem.evaluate([0, 1]).value, problem.evaluate([1, 0]).value
    (22.0, 26.0)
    """

    name: ClassVar[str] = "qap"
    sense: ClassVar[Sense] = "minimize"
    bounded_by_model: ClassVar[bool] = True
    formats: ClassVar[tuple[str, ...]] = ("qaplib",)

    data: Assignments

    def __init__(
        self,
        flows: ArrayLike | Assignments,
        distances: ArrayLike | None = None,
        costs: ArrayLike | None = None,
        first: int = 0,
    ) -> None:
        if isinstance(flows, Assignments):
            own = flows
        elif distances is None:
            raise InputError("distances must be a square matrix, got None.")
        else:
            own = Assignments(flows, distances, costs, check_integer("first", first))
        object.__setattr__(self, "data", own)

    @classmethod
    def read(cls, path: str | PathLike[str], format: str | None = None) -> Self:
        """Return the problem of a QAPLIB file, whose locations are numbered from 1.

        Parameters
        ----------
        path : path-like
            The file: n, then the matrices of flows and of distances.
        format : {"qaplib"} or None
            There is no other one.

        Raises
        ------
        InputError
            If there is no such file or format.
        ReadError
            If the file is not of this format, naming the line.
        """
        return cls(find_format(path, format, cls.formats).read(path))

    def write(self, path: str | PathLike[str], format: str | None = None) -> None:
        """Write the two matrices as a QAPLIB file.

        Raises
        ------
        InputError
            If there are costs, which the format cannot say, or the file cannot be written.
        """
        find_format(path, format, self.formats).write(self.data, path)

    @classmethod
    def random(cls, n: int, seed: int | None = None) -> Self:
        """Return symmetric whole numbers from 0 to 99 as flows and distances, all independent.

        Parameters
        ----------
        n : int
            The number of facilities.
        seed : int or None
            The same seed gives the same instance.

        Examples
        --------
        >>> QuadraticAssignment.random(4, seed=0).data
        Assignments('random', 4 facilities)
        """
        n = check_integer("n", n, lowest=0)
        check_memory("flows", 8 * 8 * n**2)
        upper = np.triu(rng.generator(rng.check_seed(seed)).integers(0, 100, (2, n, n)), 1)
        flows, distances = upper + upper.transpose(0, 2, 1)
        return cls(Assignments(flows, distances, name="random"))

    def model(self) -> Model:
        """Return the cost over the permutation matrix `x[facility, location]`."""
        data, model = self.data, Model()
        x = model.binary((data.size, data.size), name="x")
        cost = (x * (data.flows @ x @ data.distances.T)).sum()
        model.minimize(cost + (data.costs * x).sum() if data.costs.any() else cost)
        model.add(x.sum(axis=0) == 1, x.sum(axis=1) == 1)
        return model

    def bounded_data(self) -> AssignmentInstance | None:
        """Return the costs in whole numbers; None of many facilities, or of other numbers."""
        return AssignmentInstance.of(self.data)

    def encode(self, answer: Any) -> Assignment:
        """Return the permutation matrix of the locations in an answer.

        Raises
        ------
        InputError
            If a location is taken twice or not at all, or is unknown.
        """
        places, wrong = self._places(answer)
        if wrong:
            raise InputError(
                f"answer must be one location for each facility, got {next(iter(wrong))}."
            )
        matrix = np.zeros((self.data.size, self.data.size), dtype=np.int8)
        matrix[np.arange(self.data.size), places] = 1
        return {"x": matrix}

    def first_answer(self) -> list[Any] | dict[Hashable, Hashable]:
        """Return each facility at the location of its own number."""
        return self.data.answer(range(self.data.size))

    def decode(self, assignment: Assignment) -> list[Any] | dict[Hashable, Hashable] | None:
        """Return the location of each facility, None where the matrix is no permutation."""
        matrix = np.asarray(assignment["x"]) > 0
        if not ((matrix.sum(axis=0) == 1).all() and (matrix.sum(axis=1) == 1).all()):
            return None
        return self.data.answer(int(row.argmax()) for row in matrix)

    def evaluate(self, answer: Any) -> Evaluation:
        """Return the cost of what is placed, and which locations are wrong.

        Raises
        ------
        InputError
            If `answer` is neither a sequence of locations nor a dict of facilities to them.

        Examples
        --------
        >>> QuadraticAssignment([[0, 3], [1, 0]], [[0, 5], [7, 0]]).evaluate([0, 0])
        Evaluation(value=0.0, violations={'empty locations: 1': 1.0, 'taken twice: 0': 1.0})
        """
        places, wrong = self._places(answer)
        known = [(i, p) for i, p in enumerate(places) if 0 <= p < self.data.size][: self.data.size]
        facility = np.array([i for i, _ in known if i < self.data.size], dtype=np.int64)
        at = np.array([p for i, p in known if i < self.data.size], dtype=np.int64)
        flows = self.data.flows[np.ix_(facility, facility)]
        value = (flows * self.data.distances[np.ix_(at, at)]).sum()
        return Evaluation(float(value + self.data.costs[facility, at].sum()), wrong)

    def _places(self, answer: Any) -> tuple[list[int], dict[str, float]]:
        """Return the places of the locations, -1 for unknown ones, and what is wrong with them."""
        data, locations = self.data, self.data.location_names
        by_facility = as_mapping("answer", answer)
        if by_facility is not None:
            facilities = data.facility_names
            if set(by_facility) != set(facilities):
                raise InputError(
                    f"answer must give each facility of {show(facilities)} a location, "
                    f"got {show(answer)}. A list does so in their order."
                )
            answer = [by_facility[facility] for facility in facilities]
        given = _numbers(answer) if data.locations is None else ordered_names(answer, "locations")
        place_of = {location: place for place, location in enumerate(locations)}
        taken = Counter(given)
        wrong = name_violations(
            {
                "empty locations": (place for place in locations if place not in taken),
                "taken twice": [place for place in locations if taken[place] > 1],
                "unknown": (place for place in given if place not in place_of),
                "more than the facilities": given[data.size :],
            }
        )
        return [place_of.get(location, -1) for location in given], wrong

    def baselines(self) -> tuple[Baseline, ...]:
        """Return scipy's heuristics, which know no costs, and enumeration of small instances."""
        data, found = self.data, []
        if not data.costs.any():
            found.append(Baseline("scipy faq", partial(assignments.faq, data)))
            found.append(Baseline("scipy 2opt", partial(assignments.two_opt, data)))
        if data.size <= assignments.MAX_SIZE_EXACT:
            enumeration = partial(assignments.enumeration, data)
            found.append(Baseline("enumeration", enumeration, exact=True))
        return tuple(found)

    def plot(self, answer: Any, ax: "Axes | None" = None) -> "Axes":
        """Draw what each pair of locations costs, flow times distance.

        Parameters
        ----------
        answer : list of locations, or dict of facilities to them
            The location of each facility.
        ax : Axes or None
            Where to draw; None makes a new figure.
        """
        from hopfield_opt.plot.assignments import assignment

        places, _ = self._places(answer)
        return assignment(self.data, [place + self.data.first for place in places], ax)


def _numbers(answer: Any) -> list[Hashable]:
    """Return locations that are numbers as integers."""
    try:
        return [check_integer("location", place) for place in ordered_names(answer, "locations")]
    except InputError:
        raise InputError(
            f"answer must be a list of whole numbers, got {show(answer)}. "
            "Give the location of each facility."
        ) from None
