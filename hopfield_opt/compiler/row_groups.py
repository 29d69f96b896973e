"""Rows as groups, each made once: the ways to keep constraints share them."""

from typing import TypeAlias

import numpy as np

from hopfield_opt.compiler.rows import Rows
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot
from hopfield_opt.model.nodes import Indices

RowGroup: TypeAlias = OneHot | AtMostOne | Cardinality | Linear


class RowGroups:
    """What rows may become, made when it is asked for, and once.

    Parameters
    ----------
    rows : Rows
        Of distinct bits, with ranges that are not empty: the groups are not checked again, and
        their arrays are parts of those of the rows.
    """

    def __init__(self, rows: Rows) -> None:
        self._ends = rows.matrix.indptr.tolist()
        self._bits = rows.matrix.indices.astype(np.int64)
        self._coefficients = rows.matrix.data.astype(np.float64)
        # what nothing rounds stays as it is; else no state that may be feasible is left out
        self._lower, self._upper = (end.tolist() for end in rows.reach)
        self._made: dict[tuple[int, type[RowGroup]], RowGroup] = {}

    def bits(self, row: int) -> Indices:
        """Return the bits of a row."""
        return self._bits[self._ends[row] : self._ends[row + 1]]

    def group(self, row: int, kind: type[RowGroup]) -> RowGroup:
        """Return a row as a group of a kind that it can be."""
        key = row, kind
        if key not in self._made:
            self._made[key] = self._make(row, kind)
        return self._made[key]

    def _make(self, row: int, kind: type[RowGroup]) -> RowGroup:
        bits, lower, upper = self.bits(row), self._lower[row], self._upper[row]
        if kind is Linear:
            coefficients = self._coefficients[self._ends[row] : self._ends[row + 1]]
            return Linear._make(indices=bits, coefficients=coefficients, lower=lower, upper=upper)
        if kind is Cardinality:
            low, high = int(max(lower, 0)), int(min(upper, len(bits)))
            return Cardinality._make(indices=bits, lower=low, upper=high)
        return kind._make(indices=bits)
