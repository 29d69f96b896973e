"""Good states that a search has passed by: other good answers may be elsewhere than at its end."""

import numpy as np

from hopfield_opt.arrays import FloatArray, SpinArray

# States of one network, and the memory for them.
MOST, MOST_BYTES = 128, 2**25


class Archive:
    """The lowest state of each stretch of a search; stretches become longer as it goes on.

    States that are far apart in time are rarely near each other, so that a few of them tell of
    more valleys than as many of the lowest ones do.
    """

    def __init__(self) -> None:
        self._stretches: dict[object, _Stretches] = {}

    def offer(self, network: object, spins: SpinArray, energy: float) -> None:
        """Take the state (N,) at which a search in a network is now."""
        kept = self._stretches.setdefault(network, _Stretches(len(spins)))
        kept.offer(spins, energy)

    def states_of(self, network: object, size: int) -> tuple[SpinArray, FloatArray]:
        """Return the states (A, N) of a network of so many spins, and their energies (A,)."""
        kept = self._stretches.get(network)
        if kept is None or not kept.lowest:
            return np.empty((0, size), np.int8), np.empty(0)
        energies, states = zip(*kept.lowest, strict=True)
        return np.array(states), np.array(energies)


class _Stretches:
    """The lowest of each stretch of offers: when there are too many, two become one."""

    def __init__(self, size: int) -> None:
        self._most = max(2, min(MOST, MOST_BYTES // max(1, size)))
        self._length = 1  # offers in a stretch
        self._offers = 0
        self.lowest: list[tuple[float, SpinArray]] = []

    def offer(self, spins: SpinArray, energy: float) -> None:
        if self._offers % self._length == 0:
            if len(self.lowest) == self._most:
                pairs = zip(self.lowest[::2], self.lowest[1::2], strict=False)
                self.lowest = [min(pair, key=lambda one: one[0]) for pair in pairs]
                self._length *= 2
            self.lowest.append((energy, np.array(spins)))
        elif energy < self.lowest[-1][0]:
            self.lowest[-1] = (energy, np.array(spins))
        self._offers += 1
