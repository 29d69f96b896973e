"""Queens that do not attack each other: an explicit construction, and backtracking."""

import time
from collections.abc import Sequence

from hopfield_opt import rng

Columns = list[int]


def construction(size: int, seed: int = 0, deadline: float | None = None) -> Columns | None:
    """Return a placement without search: the even columns, then the odd ones, a little shuffled.

    Parameters
    ----------
    size : int
        The size of the board.
    seed, deadline
        Not used: it draws nothing and takes no time.

    Returns
    -------
    list of int or None
        The column of the queen in each row; None for the sizes 2 and 3, which have no placement.

    References
    ----------
    E. J. Hoffman, J. C. Loessi, R. C. Moore, "Constructions for the solution of the m queens
    problem", Mathematics Magazine 42 (1969).

    Examples
    --------
    >>> construction(6), construction(3)
    ([1, 3, 5, 0, 2, 4], None)
    """
    if size in (2, 3):
        return None
    even, odd = list(range(1, size, 2)), list(range(0, size, 2))
    if size % 6 == 2:
        # 3, 1, 7, 9, ..., 5 in numbers from 1 on
        odd = [2, 0, *odd[3:], 4]
    elif size % 6 == 3:
        even, odd = [*even[1:], even[0]], [*odd[2:], 0, 2]
    return even + odd


def backtracking(
    size: int,
    given: Sequence[tuple[int, int]] = (),
    seed: int = 0,
    deadline: float | None = None,
) -> Columns | None:
    """Return a placement by depth-first search, the row with the fewest free columns first.

    Parameters
    ----------
    size : int
        The size of the board.
    given : sequence of (row, column)
        Queens that stand already and do not attack each other.
    seed : int
        Of the order in which columns are tried.
    deadline : float or None
        A value of `time.monotonic()` after which it gives up.

    Returns
    -------
    list of int or None
        The column of the queen in each row; None where there is none, or time is over.
    """
    order = rng.generator(seed).permutation(size).tolist()
    columns = dict(given)
    taken = set(columns.values())
    falling = {row - column for row, column in given}
    rising = {row + column for row, column in given}

    def free(row: int) -> Columns:
        return [
            c for c in order if c not in taken and row - c not in falling and row + c not in rising
        ]

    trail: list[tuple[int, Columns]] = []
    while len(columns) < size:
        if deadline is not None and time.monotonic() >= deadline:
            return None
        choices = {row: free(row) for row in range(size) if row not in columns}
        row = min(choices, key=lambda row: len(choices[row]))
        trail.append((row, choices[row]))
        while not trail[-1][1]:
            # no column is left in this row: take back the queen before
            trail.pop()
            if not trail:
                return None
            row, column = trail[-1][0], columns.pop(trail[-1][0])
            taken.discard(column)
            falling.discard(row - column)
            rising.discard(row + column)
        row, column = trail[-1][0], trail[-1][1].pop()
        columns[row] = column
        taken.add(column)
        falling.add(row - column)
        rising.add(row + column)
    return [columns[row] for row in range(size)]
