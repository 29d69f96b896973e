"""Multipliers of quadratic assignments, round by round (Hahn & Grant 1998).

In the first round each place has its own half of what its pairs cost, as Gilmore and Lawler have
it. Later what is left is given back to the pairs, and each place takes all of them that there is
when it comes. They come in another order each time: else a round gains less and less of what the
one before has left.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from hopfield_opt import deadline
from hopfield_opt.bounds.assignments import AssignmentInstance, as_multipliers
from hopfield_opt.bounds.hungarian import ascend

# rounds at most, and so many that together gain no more than a part of the bound are the last
ROUNDS, FEW, LITTLE = 2000, 20, 1e-4


def load_kernel() -> None:
    """Have the kernel ready, so that nobody waits for it."""
    zeros = np.zeros((2, 2), np.int64)
    _Rounds(AssignmentInstance(zeros, zeros, zeros, 0)).go()


def lawler(
    instance: AssignmentInstance, remaining: Callable[[], float]
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield multipliers as `AssignmentInstance.least` takes them: of one round, and of many.

    Parameters
    ----------
    instance : AssignmentInstance
        What is bounded.
    remaining : callable
        Returns the seconds that are left.
    """
    deadline.check(20 * len(instance.single) ** 4)
    rounds, begun = _Rounds(instance), remaining()
    rounds.go()
    before = remaining()
    yield "Gilmore-Lawler", rounds.multipliers()
    # another round, and what a proof takes
    last = 2.0 * (before - remaining()) + (begun - before)
    totals = [rounds.total]
    while remaining() > last and len(totals) < ROUNDS:
        rounds.go()
        totals.append(rounds.total)
        if len(totals) > FEW and totals[-1] - totals[-1 - FEW] <= LITTLE * abs(totals[-1]):
            break
    yield "Gilmore-Lawler", rounds.multipliers()


class _Rounds:
    """What is left of all costs, and where the rest went."""

    def __init__(self, instance: AssignmentInstance) -> None:
        n = len(instance.single)
        flows, distances = (one.astype(float) for one in (instance.flows, instance.distances))
        self._pairs = np.einsum("ik,jl->ijkl", flows, distances)
        self._single = instance.single.astype(float)
        self._lead = self._single.copy()
        self._multipliers = np.zeros((2, n, n, n))
        self._room = (
            np.zeros((n - 1, n - 1)), np.zeros(n + 1), np.zeros(n + 1), np.zeros(n + 1, np.int64),
            np.zeros(n + 1, np.int64), np.zeros(n + 1), np.zeros(n + 1, np.bool_),
        )  # fmt: skip
        self._outer = np.zeros(n)
        self._order = np.random.default_rng(0)
        self._part = 0.0
        self.total = 0.0

    def go(self) -> None:
        """Make a round."""
        orders = (self._order.permutation(len(self._lead)) for _ in range(2))
        costs = (self._pairs, self._lead, *self._multipliers)
        self.total += float(ascend(self._part, *orders, *costs, *self._room))
        self._outer += self._room[1][1:]
        self._part = 1.0

    def multipliers(self) -> dict[str, Any]:
        """Return what was found so far, in whole numbers."""
        rows, columns = self._multipliers
        names = {"rows": rows, "columns": columns, "outer": self._outer}
        return {name: as_multipliers(value) for name, value in names.items()}
