"""Multipliers of cities, by steps along the degrees of shortest 1-trees, as many as time allows."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from hopfield_opt import deadline
from hopfield_opt.bounds.spanning import ascend
from hopfield_opt.bounds.tours import TourInstance
from hopfield_opt.model.nodes import Floats

# as many steps come as near as they get to the best multipliers of some hundred places
STEPS = 1000
# the first step in parts of the mean length of the roads of a 1-tree
FIRST = 0.5
# steps and lengths between looks at the time
LOOKS, ENTRIES = 20, 4_000_000


def load_kernel() -> None:
    """Have the kernel ready, so that nobody waits for it."""
    _Ascent(np.zeros((3, 3))).go(1)


def one_trees(
    instance: TourInstance, remaining: Callable[[], float]
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield multipliers of the places, as `TourInstance.least` takes them.

    Parameters
    ----------
    instance : TourInstance
        What is bounded.
    remaining : callable
        Returns the seconds that are left.
    """
    size = len(instance.lengths)
    deadline.check(5 * size**2)
    ascent = _Ascent(np.ldexp(instance.lengths.astype(np.float64), -instance.power))
    begun = remaining()
    done = ascent.go(1)  # at 0
    before = remaining()
    yield "1-tree", _multipliers(ascent, instance)
    # what a proof takes, and is left for the last one
    last = 2.0 * (before - remaining())
    ascent.largest = FIRST * abs(float(ascent.best[-1])) / size
    begin, block = 0, max(1, min(LOOKS, ENTRIES // size**2))
    while not done and begin < STEPS and (left := remaining() - last) > 0:
        # they fall to nothing at the end, whichever comes first
        done = ascent.go(block, min(1.0 - begin / STEPS, left / begun))
        begin += block
    if begin:
        yield "1-tree", _multipliers(ascent, instance)


class _Ascent:
    """Multipliers on their way."""

    def __init__(self, lengths: Floats) -> None:
        size = len(lengths)
        self._lengths, self._point = lengths, np.zeros(size)
        self._room, self._places = np.zeros((2, size)), np.zeros((2, size), np.int64)
        self.best = np.append(np.zeros(size), -np.inf)
        self.largest = 0.0

    def go(self, steps: int, share: float = 0.0) -> bool:
        """Go some steps of a share of the largest; return whether there is nothing to gain."""
        size = self.largest * share**2
        room = (self._room, self._places)
        return bool(ascend(self._lengths, self._point, self.best, size, steps, *room))


def _multipliers(ascent: _Ascent, instance: TourInstance) -> dict[str, Any]:
    most = 0.5 * instance.largest
    whole = np.clip(np.rint(np.ldexp(ascent.best[:-1], instance.power)), -most, most)
    return {"multipliers": whole.astype(np.int64)}
