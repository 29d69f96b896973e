"""Good first states of networks whose groups overlap: led by costs, and by a linear program."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import rng
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.chains.relaxation import Relaxation, relax
from hopfield_opt.moves.chains.repair import MOST_TOGETHER, PATIENCE, PIECE, Repair
from hopfield_opt.moves.chains.rows import RowTerms

States = NDArray[np.int8]
Floats = NDArray[np.float64]

# How much keys are shaken, next to the differences that count, in all states but the first.
NOISE = 0.3
# What the dearest spin costs where rows are repaired; breaking a row costs 1 at first. Between .1
# and 1.5 starts of coverings and assignments are some 10 % better than with nothing.
PRICE = 0.5
# So many roundings are tried: of a knapsack, a covering or an assignment the best of 16 costs a
# percent or two less than the best of two.
ROUNDINGS = 16
# States that a linear program is taken at.
SAMPLES = 4
# What differs by less than this part of the largest cost is the same.
ROUNDING = 1e-12


class FirstStates(NamedTuple):
    """States in which all groups hold, the lowest first.

    Attributes
    ----------
    states : (K, N) int8
        The states.
    by_program : bool
        Whether some come from a linear program.
    """

    states: States
    by_program: bool


def first_states(
    network: Hamiltonian, count: int, seed: int, seconds: float | None
) -> FirstStates | None:
    """Return states in which all groups hold, at most `count`, or None if none was found.

    Parameters
    ----------
    network : Hamiltonian
        With groups.
    count : int
        How many states.
    seed : int
        Of all that is random.
    seconds : float or None
        For a linear program, infinite where only its size matters; None is for none.
    """
    repair = Repair.of(RowTerms.of(network))
    if repair.infeasible:
        return None
    guide = _Guide(repair, rng.stream(seed, words=4), np.random.default_rng([seed, 1]))
    # what one spin costs if all are off
    costs = -2.0 * network.local_field(np.full(network.num_spins, -1, np.int8))
    found = guide.cheap_states(costs)
    if not len(found):
        return None
    program = None if seconds is None else relax(network, repair.rows, found, seconds)
    if program is not None:
        found = np.concatenate([guide.round(program, count), found])
    found = np.unique(found, axis=0)
    order = np.argsort(network.energy(found), kind="stable")[:count]
    return FirstStates(found[order], program is not None)


class _Guide:
    """What leads to states: random numbers, and the work that is left for each."""

    def __init__(
        self, repair: Repair, words: NDArray[np.uint64], generator: np.random.Generator
    ) -> None:
        self._repair, self._words, self._generator = repair, words, generator
        self._most, self._spent = repair.most_work, 0

    def cheap_states(self, costs: Floats) -> States:
        """Return states (K, N): spins that pay are turned on, and cheap ones where it must be."""
        prices, found = _scale_costs(costs), []
        # where all cost the same there is no spread but rounding
        spread = max(float(np.std(costs)), ROUNDING * float(np.abs(costs).max(initial=0.0)))
        keys = costs / spread if spread > 0 else np.zeros(len(costs))
        for number in range(SAMPLES):
            shaken = keys + (NOISE * self._generator.standard_normal(len(keys)) if number else 0.0)
            found += self._near(costs < 0, shaken, prices)
            if not found:  # nor will it be another time
                break
        return self._join(found)

    def round(self, program: Relaxation, count: int) -> States:
        """Return states (K, N): spins are on as a program's values say, and those that pay."""
        prices, found = _scale_costs(program.reduced), []
        together = 0
        for number in range(1 if program.is_whole else max(count, ROUNDINGS)):
            noise = self._generator.random((2, len(prices))) if number else np.full((2, 1), 0.5)
            wanted = (program.values > noise[0]) | (program.costs < 0)
            found += self._near(wanted, prices - program.values + NOISE * noise[1], prices)
            together += self._spent
            if together > MOST_TOGETHER:
                break
        return self._join(found)

    def _near(self, wanted: NDArray[np.bool_], keys: Floats, prices: Floats) -> list[States]:
        """Return a state with what is wanted as far as rows allow it, none if none was found."""
        spins = np.where(wanted, 1, -1).astype(np.int8)
        state, work = self._repair.start(spins, self._words, self._most, keys, PRICE * prices)
        self._spent = work
        if state is None:
            return []
        self._most = PATIENCE * (work + PIECE)
        return [state]

    def _join(self, found: list[States]) -> States:
        size = len(self._repair.choices.fixed)
        return np.array(found, np.int8).reshape(len(found), size)


def _scale_costs(costs: Floats) -> Floats:
    """Return costs of which the largest is 1."""
    return costs / max(np.finfo(np.float64).tiny, float(np.abs(costs).max(initial=0.0)))
