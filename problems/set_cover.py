"""Set cover: the lightest sets that together hold every element."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import compress
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from scipy.sparse import coo_array

from hopfield_opt import rng
from hopfield_opt.arrays import Frozen, canonical, check_integer, check_memory, check_number
from hopfield_opt.baselines import covers
from hopfield_opt.errors import InputError
from hopfield_opt.io import find_format
from hopfield_opt.io.scp import Cover
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Assignment, Baseline, Evaluation, Sense
from hopfield_opt.problems.parts.knapsack_data import align, count_items
from hopfield_opt.problems.parts.named_sets import elements_of, named_sets, universe_of
from hopfield_opt.problems.parts.violations import name_violations

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, init=False, eq=False)
class SetCover(Frozen):
    """Choose sets of the least weight that together hold every element.

    ``minimize sum_j w_j x_j subject to sum over sets j that hold e of x_j >= 1`` for each
    element e. The answer is the set of the names of the chosen sets: the keys of `sets`, else
    0, 1, ...; in a file sets and elements are called 1, 2, ....

    Parameters
    ----------
    sets : dict of name to elements, or sequence of collections of elements
        The sets.
    weights : dict of name to number, (n,) array, or None
        What a set costs, >= 0. None: each costs 1.
    universe : collection of elements, or None
        What is to be covered. None: everything that is in some set. An element that is in no
        set makes the problem infeasible, which is found at once.

    Raises
    ------
    InputError
        If `sets` are no sets, weights do not fit, or one is negative or not finite.

    References
    ----------
    R. M. Karp, "Reducibility among combinatorial problems" (1972), problem 14.

    Examples
    --------
    >>> teams = SetCover({"a": [1, 2], "b": [2, 3], "c": [1, 3, 4]}, {"a": 1, "b": 1, "c": 2})
    >>> teams.evaluate({"a", "c"})
    Evaluation(value=3.0, violations={})
    >>> teams.evaluate({"a"}).violations
    {'not covered: 3, 4': 2.0}
    """

    name: ClassVar[str] = "set-cover"
    sense: ClassVar[Sense] = "minimize"
    bounded_by_model: ClassVar[bool] = True
    formats: ClassVar[tuple[str, ...]] = ("scp",)
    # the share of the time limit that the local search gets
    polish_share: ClassVar[float] = 0.5

    instance: Cover
    labels: tuple[Hashable, ...]
    elements: tuple[Hashable, ...]

    def __init__(
        self, sets: Any, weights: Any = None, universe: Iterable[Hashable] | None = None
    ) -> None:
        names, contents = named_sets(sets)
        if universe is None:
            universe = universe_of(sets)
        if universe is None:
            universe = (element for content in contents for element in content)
        index = {element: place for place, element in enumerate(elements_of(universe))}
        pairs = [
            (index[element], column)
            for column, content in enumerate(contents)
            for element in content
            if element in index
        ]
        rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        shape = (len(index), len(names))
        incidence = canonical(coo_array((np.ones(len(rows)), (rows, columns)), shape=shape))
        costs = np.ones(len(names)) if weights is None else align("weights", weights, names)
        self._fill(Cover(costs, incidence), names, tuple(index))

    def _fill(
        self, instance: Cover, labels: tuple[Hashable, ...], elements: tuple[Hashable, ...]
    ) -> None:
        costs = instance.weights
        if costs.shape != (len(labels),) or (costs < 0).any():
            got = f"{costs[costs < 0][0]:g}" if costs.ndim == 1 else f"shape {costs.shape}"
            raise InputError(f"weights must be a number >= 0 for each set, got {got}.")
        self._set(instance=instance, labels=labels, elements=elements)

    @classmethod
    def read(cls, path: str | PathLike[str], format: str | None = None) -> Self:
        """Return the problem of a file, whose sets and elements are called 1, 2, ... as there.

        Parameters
        ----------
        path : path-like
            The file.
        format : {"scp"} or None
            The only format, that of the OR-Library.

        Raises
        ------
        InputError
            If there is no such file or format, or a weight is negative.
        ReadError
            If the file is not of this format, naming the line.
        """
        instance: Cover = find_format(path, format, cls.formats).read(path)
        num_elements, num_sets = instance.incidence.shape
        new = cls.__new__(cls)
        new._fill(instance, tuple(range(1, num_sets + 1)), tuple(range(1, num_elements + 1)))
        return new

    def write(self, path: str | PathLike[str], format: str | None = None) -> None:
        """Write sets and weights to a file; names are not kept.

        Raises
        ------
        InputError
            If there is no such format, or the file cannot be written.
        """
        find_format(path, format, self.formats).write(self.instance, path)

    @classmethod
    def random(
        cls, n: int, elements: int | None = None, p: float = 0.05, seed: int | None = None
    ) -> Self:
        """Return n sets with random elements and weights from 1 to 100, every element in one.

        Parameters
        ----------
        n : int
            The number of sets.
        elements : int or None
            The number of elements; None: half as many as sets.
        p : float
            The probability that a set holds an element. An element that would be in no set is
            put into one.
        seed : int or None
            The same seed gives the same sets.

        Raises
        ------
        InputError
            If an argument is out of its range.
        """
        n, p = check_integer("n", n, lowest=1), check_number("p", p)
        size = n // 2 if elements is None else check_integer("elements", elements, lowest=0)
        if not 0 <= p <= 1:
            raise InputError(f"p must be a probability from 0 to 1, got {p}.")
        check_memory("sets", 16 * size * n)
        draws = rng.generator(rng.check_seed(seed))
        held = draws.random((size, n)) < p
        lonely = ~held.any(axis=1)
        held[lonely, draws.integers(n, size=int(lonely.sum()))] = True
        sets = [np.flatnonzero(column).tolist() for column in held.T]
        return cls(sets, draws.integers(1, 101, size=n), range(size))

    def model(self) -> Model:
        """Return the weight of the chosen sets over one binary for each set, named `chosen`."""
        model = Model()
        chosen = model.binary(len(self.labels), name="chosen")
        model.minimize((self.instance.weights * chosen).sum())
        rows: Any = self.instance.incidence
        model.add(rows @ chosen >= 1, name="covered")
        return model

    def encode(self, answer: Any) -> Assignment:
        """Return the binaries of an answer.

        Raises
        ------
        InputError
            If a set is unknown.
        """
        chosen, violations = self._find_chosen(answer)
        if violations:
            raise InputError(f"answer must be names of sets, got {next(iter(violations))}.")
        return {"chosen": chosen.astype(np.int8)}

    def decode(self, assignment: Assignment) -> set[Hashable]:
        """Return the names of the chosen sets."""
        return set(compress(self.labels, np.asarray(assignment["chosen"]) > 0))

    def evaluate(self, answer: Any) -> Evaluation:
        """Return the weight of the chosen sets, and the elements that none of them holds.

        Parameters
        ----------
        answer : collection of names of sets
            The chosen sets.

        Raises
        ------
        InputError
            If `answer` is no collection of hashable things.
        """
        chosen, violations = self._find_chosen(answer)
        times = self.instance.incidence @ chosen.astype(np.float64)
        violations |= name_violations({"not covered": compress(self.elements, times == 0)})
        return Evaluation(float(self.instance.weights[chosen].sum()), violations)

    def _find_chosen(self, answer: Any) -> tuple[Any, dict[str, float]]:
        counts, violations = count_items(answer, self.labels, np.ones(len(self.labels), np.int64))
        return counts > 0, violations

    @property
    def start(self) -> Any:
        """The greedy cover: the search begins there and is never worse."""
        return self._solve(covers.greedy, 0, None)

    def listed(self, answer: Any) -> list[Hashable]:
        """Return the chosen sets as a list in their order."""
        return [label for label in self.labels if label in answer]

    def polish(self, answer: Any, seed: int, deadline: float | None) -> Any:
        """Return a cover that is no heavier, by local search until the deadline (None: a while)."""
        # numba takes a while to load
        from hopfield_opt.baselines.cover_search import improve_cover

        chosen, _ = self._find_chosen(answer)
        return self.decode({"chosen": improve_cover(self.instance, chosen, seed, deadline)})

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the greedy cover and HiGHS."""
        return (
            Baseline("greedy", partial(self._solve, covers.greedy)),
            Baseline("HiGHS", partial(self._solve, covers.integer_program), exact=True),
        )

    def _solve(self, algorithm: Callable[..., Any], seed: int, deadline: float | None) -> Any:
        """Return the answer of an algorithm that chooses columns."""
        return self.decode({"chosen": algorithm(self.instance, seed, deadline)})

    def plot(self, answer: Any, ax: "Axes | None" = None) -> "Axes":
        """Draw which sets hold which elements, the chosen ones first.

        Parameters
        ----------
        answer : collection of names of sets
            The chosen sets.
        ax : Axes or None
            Where to draw; None makes a new figure.
        """
        from hopfield_opt.plot.choices import cover

        chosen, _ = self._find_chosen(answer)
        return cover(self.instance.incidence, chosen, self.evaluate(answer).value, ax)
