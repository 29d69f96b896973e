"""Queens: place n queens on a board of n x n squares so that none attacks another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import scipy.sparse

from hopfield_opt import deadline, rng
from hopfield_opt.arrays import check_integer, check_memory
from hopfield_opt.baselines import queens
from hopfield_opt.baselines.queens import Columns
from hopfield_opt.border import as_array
from hopfield_opt.errors import InputError, show
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Assignment, Baseline, Evaluation, Sense

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# backtracking takes a second for so many, and for ever for more
MAX_SIZE_BACKTRACKED = 100


@dataclass(frozen=True, init=False)
class NQueens:
    """Place n queens, one in each row and column, at most one on each diagonal.

    ``sum_j x_ij = sum_i x_ij = 1``, a permutation, and ``sum of x_ij on a diagonal <= 1`` for
    the diagonals of both directions. The answer lists the column of the queen in each row; its
    value is the number of pairs that attack each other.

    Parameters
    ----------
    n : int
        The number of rows and columns.
    given : iterable of (row, column)
        Queens that stand already, counted from 0.

    Raises
    ------
    InputError
        If `n` is below 1, a given queen is off the board, or two of them attack each other.

    References
    ----------
    J. Bell, B. Stevens, "A survey of known results and research areas for n-queens", Discrete
    Mathematics 309 (2009).

    Examples
    --------
    >>> board = NQueens(4)
    >>> board.evaluate([1, 3, 0, 2])
    Evaluation(value=0.0, violations={})
    >>> board.evaluate([0, 1, 3, 2]).violations
    {'falling diagonal 0': 1.0, 'rising diagonal 5': 1.0}
    """

    name: ClassVar[str] = "queens"
    sense: ClassVar[Sense] = "minimize"

    n: int
    given: tuple[tuple[int, int], ...]

    def __init__(self, n: int, given: Iterable[Sequence[int]] = ()) -> None:
        size = check_integer("n", n, lowest=1)
        object.__setattr__(self, "n", size)
        object.__setattr__(self, "given", _check_queens(given, size))

    @classmethod
    def random(cls, n: int, queens: int = 0, seed: int | None = None) -> Self:
        """Return a board on which some queens of a valid placement stand.

        Parameters
        ----------
        n : int
            The number of rows and columns, at most 100 where queens are to stand.
        queens : int
            How many.
        seed : int or None
            The same seed gives the same board.

        Raises
        ------
        InputError
            If there is no board with so many queens.
        """
        return cls(n, _some_queens(n, check_integer("queens", queens, lowest=0), seed))

    def model(self) -> Model:
        """Return the rules over one binary for each square, named `queen`."""
        size = self.n
        check_memory("board", 32 * size**2)
        model = Model()
        queen = model.binary((size, size), name="queen")
        model.add(queen.sum(axis=0) == 1, queen.sum(axis=1) == 1, name="line")
        rows, columns = np.divmod(np.arange(size * size), size)
        squares = queen.reshape(size * size)
        for name, number in (("falling", rows - columns + size - 1), ("rising", rows + columns)):
            shape = (2 * size - 1, size * size)
            ones = np.ones(size * size)
            deadline.check(4.0 * size * size)
            lines = scipy.sparse.csr_array((ones, (number, np.arange(size * size))), shape)
            # nothing is to be gained by a violation, so that any weight is enough; as ranges
            # that the moves never leave, diagonals would leave the moves nowhere to go
            total: Any = lines @ squares
            model.add(total <= 1, name=f"{name} diagonal", penalty=1.0)
        if size in (2, 3):
            # known: a rule that the compiler sees to be impossible
            model.add(squares.sum() - squares.sum() >= 1, name="no placement")
        if self.given:
            row, column = np.array(self.given).T
            model.add(queen[row, column] == 1, name="given")
        return model

    def first_answer(self) -> Columns:
        """Return the explicit construction, or the diagonal where there is none."""
        check_memory("board", 32 * self.n**2)  # before a row of what the network refuses anyway
        return queens.construction(self.n) or list(range(self.n))

    def tighten(self, answer: Columns) -> None:
        """Return None: nothing is better than no attack."""

    def encode(self, answer: Columns) -> Assignment:
        """Return the squares of the queens as binaries.

        Raises
        ------
        InputError
            If the answer is no list of n columns.
        """
        columns = self._columns(answer)
        return {"queen": (columns[:, None] == np.arange(self.n)).astype(np.int8)}

    def decode(self, assignment: Assignment) -> Columns | None:
        """Return the column of the queen in each row, or None where a row has none or several."""
        board = np.asarray(assignment["queen"]) > 0
        if (board.sum(axis=1) != 1).any():
            return None
        columns: Columns = board.argmax(axis=1).tolist()
        return columns

    def evaluate(self, answer: Columns) -> Evaluation:
        """Return how many pairs attack each other, and the lines with too many queens.

        Parameters
        ----------
        answer : list of int
            The column of the queen in each row.

        Raises
        ------
        InputError
            If the answer is no list of n columns.
        """
        columns, rows = self._columns(answer), np.arange(self.n)
        lines = {
            "column": columns,
            "falling diagonal": columns - rows,
            "rising diagonal": columns + rows,
        }
        value, violations = 0, {}
        for name, number in lines.items():
            found, counts = np.unique(number, return_counts=True)
            value += int((counts * (counts - 1) // 2).sum())
            for line, count in zip(found.tolist(), counts.tolist(), strict=True):
                if count > 1:
                    violations[f"{name} {line}"] = float(count - 1)
        moved = [row for row, column in self.given if columns[row] != column]
        violations |= {f"given queen in row {row}": 1.0 for row in moved}
        return Evaluation(float(value), violations)

    def _columns(self, answer: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
        columns = as_array("answer", answer)
        good = columns.shape == (self.n,) and columns.dtype.kind in "iu"
        if not good or columns.min() < 0 or columns.max() >= self.n:
            raise InputError(
                f"answer must list {self.n} columns from 0 to {self.n - 1}, got {show(answer)}."
            )
        return columns.astype(np.int64)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the explicit construction for an empty board, and backtracking up to 100."""
        found = []
        if not self.given and self.n not in (2, 3):
            found.append(Baseline("construction", partial(queens.construction, self.n), True))
        if self.n <= MAX_SIZE_BACKTRACKED:
            run = partial(queens.backtracking, self.n, self.given)
            found.append(Baseline("backtracking", run, exact=True))
        return tuple(found)

    def plot(self, answer: Columns, ax: "Axes | None" = None) -> "Axes":
        """Draw the board.

        Parameters
        ----------
        answer : list of int
            The column of the queen in each row.
        ax : Axes or None
            Where to draw; None makes a new figure.

        Returns
        -------
        Axes
            The picture.
        """
        from hopfield_opt.plot.boards import board

        return board(answer, self.given, ax)


def _check_queens(given: Iterable[Sequence[int]], size: int) -> tuple[tuple[int, int], ...]:
    """Return the squares of queens that stand on the board and do not attack each other."""
    try:
        squares = [(row, column) for row, column in given]
    except (TypeError, ValueError):
        raise InputError(f"given must be pairs (row, column), got {show(given)}.") from None
    found: list[tuple[int, int]] = []
    for square in squares:
        row, column = (check_integer("given", number) for number in square)
        if not (0 <= row < size and 0 <= column < size):
            raise InputError(f"given must be on a board of {size} x {size}, got {show(square)}.")
        for other in found:
            down, across = abs(other[0] - row), abs(other[1] - column)
            if not down or not across or down == across:
                raise InputError(
                    f"given must be queens that do not attack each other, got {other} and "
                    f"{(row, column)}. Take one of them away."
                )
        found.append((row, column))
    return tuple(found)


def _some_queens(n: int, queens_wanted: int, seed: int | None) -> list[tuple[int, int]]:
    """Return some queens of a placement that backtracking finds."""
    draws = rng.generator(rng.check_seed(seed))
    size = check_integer("n", n, lowest=1)
    if not queens_wanted:
        return []
    limit = min(size, MAX_SIZE_BACKTRACKED)
    placed = queens.backtracking(size, (), int(draws.integers(2**31))) if limit == size else None
    if placed is None or queens_wanted > size:
        raise InputError(
            f"queens must be at most n, where n has a placement and is at most "
            f"{MAX_SIZE_BACKTRACKED}, got {queens_wanted} for n = {n}."
        )
    rows = sorted(draws.choice(size, queens_wanted, replace=False).tolist())
    return [(row, placed[row]) for row in rows]
