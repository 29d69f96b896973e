"""Number partition: split numbers into two parts with sums as equal as possible."""

from collections.abc import Callable, Hashable, Iterable, Set
from dataclasses import dataclass
from functools import partial
from itertools import compress
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import rng
from hopfield_opt.answers import two_sets
from hopfield_opt.arrays import check_integer, check_memory
from hopfield_opt.baselines import partitions
from hopfield_opt.border import as_float, as_mapping, is_integer, plain
from hopfield_opt.errors import InputError, show, text
from hopfield_opt.io import find_format
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Assignment, Baseline, Evaluation, Sense
from hopfield_opt.problems.parts.violations import name_violations

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Parts = tuple[set[Hashable], set[Hashable]]
# up to here every whole number is a float, and sums of signs times numbers are exact
LARGEST = 2**53


@dataclass(frozen=True, init=False, eq=False)
class NumberPartition:
    """Split whole numbers into two parts whose sums differ least.

    ``minimize |sum_i a_i s_i|`` with s_i = +1 in the first part and -1 in the second. The answer
    is the two parts as sets of the names of the numbers (the keys of a dict, else 0, 1, ...; in
    a file 1, 2, ...), the first holding the first number.

    Parameters
    ----------
    numbers : sequence of int, or dict of name to int
        The numbers; they may be negative. Floats must be whole.

    Raises
    ------
    InputError
        If a number is not whole, or the sum of all sizes is above 2^53.

    Notes
    -----
    The energy of the network is the square of the difference, ``(sum_i a_i s_i)^2``, kept as
    one factored coupling; the value is computed in whole numbers.

    References
    ----------
    R. M. Karp, "Reducibility among combinatorial problems" (1972), problem 20.

    Examples
    --------
    >>> NumberPartition([4, 5, 6, 7, 8]).evaluate(({0, 1, 2}, {3, 4})).value
    0.0
    """

    name: ClassVar[str] = "number-partition"
    sense: ClassVar[Sense] = "minimize"
    formats: ClassVar[tuple[str, ...]] = ("numbers",)

    numbers: tuple[int, ...]
    labels: tuple[Hashable, ...]

    def __init__(self, numbers: Any) -> None:
        pairs = as_mapping("numbers", numbers)
        if pairs is None:
            try:
                # a set holds equal numbers once
                if isinstance(numbers, str | bytes | Set):
                    raise TypeError
                pairs = dict(enumerate(plain("numbers", numbers)))
            except TypeError:
                raise InputError(
                    f"numbers must be a sequence of integers, got {type(numbers).__name__}. "
                    "Give a list."
                ) from None
        whole = tuple(_whole(label, value) for label, value in pairs.items())
        if (total := sum(map(abs, whole))) > LARGEST:
            raise InputError(
                f"numbers must have a sum of at most 2^53 = {LARGEST}, got {show(total)}. "
                "Divide them."
            )
        object.__setattr__(self, "numbers", whole)
        object.__setattr__(self, "labels", tuple(pairs))

    @classmethod
    def read(cls, path: str | PathLike[str], format: str | None = None) -> Self:
        """Return the problem of a file, whose numbers are called 1, 2, ... in their order.

        Parameters
        ----------
        path : path-like
            Whole numbers between blanks and line ends; what follows a `#` is skipped.
        format : {"numbers"} or None
            The only format.

        Raises
        ------
        InputError
            If there is no such file or format, or the numbers are too large.
        ReadError
            If the file is not of this format, naming the line.
        """
        numbers: list[int] = find_format(path, format, cls.formats).read(path)
        return cls(dict(enumerate(numbers, 1)))

    def write(self, path: str | PathLike[str], format: str | None = None) -> None:
        """Write the numbers to a file; their names are not kept.

        Raises
        ------
        InputError
            If there is no such format, or the file cannot be written.
        """
        find_format(path, format, self.formats).write(self.numbers, path)

    @classmethod
    def random(cls, n: int, largest: int = 10**6, seed: int | None = None) -> Self:
        """Return the problem of n random numbers from 1 to `largest`.

        Parameters
        ----------
        n : int
            How many.
        largest : int
            The largest that may be drawn.
        seed : int or None
            The same seed gives the same numbers.

        Raises
        ------
        InputError
            If an argument is out of its range.
        """
        check_memory("numbers", 200 * check_integer("n", n, lowest=0))
        if check_integer("largest", largest, lowest=1) > LARGEST:
            raise InputError(f"largest must be at most 2^53, got {largest}.")
        draws = rng.generator(rng.check_seed(seed))
        return cls(draws.integers(1, largest, size=n, endpoint=True).tolist())

    def model(self) -> Model:
        """Return the square of the difference over one spin for each number, named `part`."""
        model = Model()
        part = model.spin(len(self.numbers), name="part")
        model.minimize((np.array(self.numbers, dtype=np.float64) * part).sum() ** 2)
        return model

    def encode(self, answer: Parts) -> Assignment:
        """Return the spins of an answer: +1 in the first part, -1 in the second.

        Raises
        ------
        InputError
            If a number is in no part or in both, or is unknown.
        """
        spins, violations = self._parts(answer)
        if violations:
            raise InputError(
                f"answer must put each number into one part, got {next(iter(violations))}."
            )
        return {"part": spins}

    def decode(self, assignment: Assignment) -> Parts:
        """Return the two parts, the first holding the first number."""
        spins = np.asarray(assignment["part"])
        first = spins == spins[:1]
        return set(compress(self.labels, first)), set(compress(self.labels, ~first))

    def evaluate(self, answer: Parts) -> Evaluation:
        """Return by how much the sums of the two parts differ, in whole numbers.

        Parameters
        ----------
        answer : pair of collections of names of numbers
            The two parts; one may be empty.

        Raises
        ------
        InputError
            If `answer` is not two collections of hashable things.
        """
        spins, violations = self._parts(answer)
        pairs = zip(spins.tolist(), self.numbers, strict=True)
        return Evaluation(float(abs(sum(spin * number for spin, number in pairs))), violations)

    def _parts(self, answer: Parts) -> tuple[NDArray[np.int8], dict[str, float]]:
        """Return +1, -1, or 0 for both or none, for each number, and what is wrong with that."""
        first, second = two_sets(answer, "numbers")
        spins = [(label in first) - (label in second) for label in self.labels]
        both, either = first & second, first | second
        wrong: dict[str, Iterable[Hashable]] = {
            "in both parts": (label for label in self.labels if label in both),
            "in no part": (label for label in self.labels if label not in either),
            # sorted, since the order of a set depends on PYTHONHASHSEED
            "unknown": sorted(either.difference(self.labels), key=text),
        }
        return np.array(spins, dtype=np.int8), name_violations(wrong)

    @property
    def start(self) -> Parts:
        """The split by differences: the search begins there and is never worse."""
        return self._solve(partitions.differences, 0, None)

    def polish(self, answer: Parts, seed: int, deadline: float | None) -> Parts:
        """Return parts that no exchange of up to three numbers for as many improves."""
        signs, _ = self._parts(answer)
        return self.decode(
            {"part": partitions.exchange_numbers(self.numbers, signs, seed, deadline)}
        )

    def listed(self, answer: Parts) -> tuple[list[Hashable], list[Hashable]]:
        """Return the two parts as lists in the order of the numbers."""
        first, second = answer
        return [k for k in self.labels if k in first], [k for k in self.labels if k in second]

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the greedy split, Karmarkar and Karp's, and the best one of up to 40 numbers."""
        found = [
            Baseline("greedy", partial(self._solve, partitions.greedy)),
            Baseline("Karmarkar-Karp", partial(self._solve, partitions.differences)),
        ]
        if len(self.numbers) <= partitions.MAX_NUMBERS_EXACT:
            run = partial(self._solve, partitions.complete)
            found.append(Baseline("meeting in the middle", run, exact=True))
        return tuple(found)

    def _solve(self, algorithm: Callable[..., Any], seed: int, deadline: float | None) -> Parts:
        """Return the answer of an algorithm that gives signs."""
        return self.decode({"part": algorithm(self.numbers, seed, deadline)})

    def plot(self, answer: Parts, ax: "Axes | None" = None) -> "Axes":
        """Draw the two parts as bars, the numbers laid end to end.

        Parameters
        ----------
        answer : pair of collections of names of numbers
            The two parts.
        ax : Axes or None
            Where to draw; None makes a new figure.
        """
        from hopfield_opt.plot.bars import partition

        spins, _ = self._parts(answer)
        return partition(self.numbers, spins, ax)


def _whole(label: Hashable, value: Any) -> int:
    """Return a number that is whole."""
    if is_integer(value):
        return int(value)
    number = as_float(value)
    if number is None or isinstance(value, bool | np.bool_) or not number.is_integer():
        raise InputError(
            f"numbers must be whole, got {show(value)} at {show(label)}. Scale and round them."
        )
    return int(number)
