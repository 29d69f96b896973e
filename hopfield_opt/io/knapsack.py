"""Knapsacks as text: the capacities, then for each item a line `value weight [weight2 ...]`."""

from typing import NamedTuple

import numpy as np

from hopfield_opt.io import tables, text
from hopfield_opt.io.text import Floats


class Items(NamedTuple):
    """The items of a knapsack: values (n,), weights (n, m) and capacities (m,)."""

    values: Floats
    weights: Floats
    capacities: Floats


def read(path: text.PathName) -> Items:
    """Read the items of a knapsack.

    Parameters
    ----------
    path : path-like
        The first line holds the capacity, or several of them; each following line the value
        of an item and its weight for each capacity. Blank lines, and what follows a `#` or `%`, are
        skipped.

    Raises
    ------
    ReadError
        If the file is not of this form, naming the line.
    """
    lines = text.read_lines(path, text.COMMENT)
    first = next(k for k, line in enumerate(lines) if line.strip())
    limits = [text.number(path, first + 1, "capacity", token) for token in lines[first].split()]
    columns = " ".join(["value", "weight", *(f"weight{k + 2}" for k in range(len(limits) - 1))])
    table, _ = tables.number_table(path, lines[first + 1 :], first + 1, {1 + len(limits): columns})
    return Items(table[:, 0], table[:, 1:], np.array(limits))


def write(items: Items, path: text.PathName) -> None:
    """Write the items of a knapsack.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    table = np.column_stack([items.values, items.weights])
    rows = [items.capacities, *table]
    text.write_lines(path, (" ".join(text.format_numbers(np.asarray(row))) for row in rows))
