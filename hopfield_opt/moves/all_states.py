"""All states of a network, in blocks: free spins by a Gray code, groups by what they allow."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any, Self

import numpy as np

from hopfield_opt.arrays import FloatArray, IntArray, SpinArray
from hopfield_opt.groups import Group, Linear, Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.physics.gray_code import BLOCK, GrayBlocks, rounding_error, states_of

# More free spins than any enumeration can take.
MOST_SPINS = 30
# A group with more choices than this is a check on free spins: 8! are listed, 9! are not.
MOST_CHOICES = 2**17
# SpinArray of a block with groups, if no single group has more choices.
GROUP_BLOCK = 2**14

# So many ground states are kept.
MOST_KEPT = 1024
# Spins that are chosen together, and their choices (C, spins).
Unit = tuple[IntArray, SpinArray]


def lowest_of(energies: FloatArray, rounding: float) -> IntArray:
    """Return the places of the lowest energies, at most MOST_KEPT of them."""
    return np.flatnonzero(energies <= energies.min() + rounding)[:MOST_KEPT]


def num_states(hamiltonian: Hamiltonian) -> int:
    """Return how many states an enumeration looks at.

    Examples
    --------
    >>> from hopfield_opt.groups import OneHot
    >>> num_states(Hamiltonian(num_spins=5, groups=[OneHot([0, 1, 2])]))
    12
    """
    free = hamiltonian.num_spins
    count = 1
    for group in hamiltonian.groups:
        choices = _num_choices(group)
        if choices is not None:
            free -= len(group.members)
            count *= choices
    return int(count * 2**free)


def _num_choices(group: Group) -> int | None:
    """Return the number of choices of a group; None for one that is a check."""
    if isinstance(group, Linear):
        return None
    if isinstance(group, Permutation):
        count = math.factorial(len(group.indices))
    else:
        count, size = 0, len(group.members)
        for on in _ons(group):
            few = min(on, size - on)
            # comb(n, k) is at least (n / k)^k: very large numbers are not worked out
            if few and few * math.log2(size / few) > MOST_CHOICES.bit_length():
                return None
            count += math.comb(size, on)
            if count > MOST_CHOICES:
                return None
    return count if count <= MOST_CHOICES else None


def _ons(group: Any) -> range:
    """Return how many members may be on."""
    lower, upper = group.bounds
    return range(max(lower, 0), min(upper, len(group.members)) + 1)


def _choices(group: Any) -> SpinArray:
    """Return all choices (C, members) of a group that has few."""
    width = len(group.members)
    if isinstance(group, Permutation):
        size = len(group.indices)
        places = np.array(list(permutations(range(size))), np.int64).reshape(-1, size)
        places = places[group.allowed_places[np.arange(size), places].all(axis=1)]
        choices = np.full((len(places), width), -1, np.int8)
        np.put_along_axis(choices, places + size * np.arange(size), 1, axis=1)
        return choices
    rows = [row for on in _ons(group) for row in combinations(range(width), on)]
    choices = np.full((len(rows), width), -1, np.int8)
    for choice, row in zip(choices, rows, strict=True):
        choice[list(row)] = 1
    return choices


@dataclass(frozen=True, eq=False)
class FreeBlocks:
    """All states of free spins, 2^16 in a block."""

    hamiltonian: Hamiltonian
    gray: GrayBlocks

    @classmethod
    def of(cls, hamiltonian: Hamiltonian) -> Self:
        """Return the blocks of a network without groups."""
        gray = GrayBlocks.of(hamiltonian.to_dense(), hamiltonian.thresholds, 0.0, MOST_SPINS)
        return cls(hamiltonian, gray)

    @property
    def rounding(self) -> float:
        """A bound on the error of an energy: what differs by less may be the same."""
        return self.gray.rounding

    @property
    def num_blocks(self) -> int:
        """The number of blocks."""
        return self.gray.num_blocks

    @property
    def block_size(self) -> int:
        """The number of states of a block."""
        return min(BLOCK, self.gray.num_rows * len(self.gray.table))

    def minima(self, wanted: Iterable[int], margin: float) -> Iterator[SpinArray]:
        """Yield the lowest states (K, N) of wanted blocks, if none before were lower.

        What lies above them by no more than a margin is among them.
        """
        lowest = np.inf
        for first, energies in self.gray.energies(wanted):
            least = float(energies.min())
            if least <= lowest + margin:
                lowest = min(lowest, least)
                codes = self.gray.codes(first, lowest_of(energies.ravel(), margin))
                states = states_of(codes, self.hamiltonian.num_spins)
                yield np.concatenate([states, -states]) if self.gray.mirrored else states


@dataclass(frozen=True, eq=False)
class GroupBlocks:
    """All states that put together one choice of each group and of each spin in none.

    A block has one choice of the `high` units and all of the `low` ones. Linear groups, and
    counts with very many choices, are checks.
    """

    hamiltonian: Hamiltonian
    weights: FloatArray
    high: list[Unit]
    low: FloatArray
    low_spins: IntArray
    low_energy: FloatArray
    checks: list[Any]
    rounding: float

    @classmethod
    def of(cls, hamiltonian: Hamiltonian) -> Self:
        """Return the blocks of a network with groups."""
        units, checks = _units(hamiltonian)
        units.sort(key=lambda unit: -len(unit[1]))
        low, spins = np.zeros((1, 0)), np.zeros(0, np.int64)
        while units and (not len(spins) or len(low) * len(units[0][1]) <= GROUP_BLOCK):
            members, choices = units.pop(0)
            spins = np.concatenate([spins, members])
            pairs = np.repeat(low, len(choices), axis=0), np.tile(choices, (len(low), 1))
            low = np.concatenate(pairs, axis=1)
        weights = hamiltonian.to_dense()
        energy = low @ hamiltonian.thresholds[spins]
        energy -= 0.5 * ((low @ weights[np.ix_(spins, spins)]) * low).sum(axis=1)
        rounding = rounding_error(weights, hamiltonian.thresholds, 0.0)
        return cls(hamiltonian, weights, units, low, spins, energy, checks, rounding)

    @property
    def num_blocks(self) -> int:
        """The number of blocks."""
        return math.prod(len(choices) for _, choices in self.high) if len(self.low) else 0

    @property
    def block_size(self) -> int:
        """The number of states of a block."""
        return len(self.low)

    def minima(self, wanted: Iterable[int], margin: float) -> Iterator[SpinArray]:
        """Yield the lowest states (K, N) of each wanted block, up to a margin above the lowest."""
        for block in wanted:
            state = self._high(block)
            field = self.weights @ state.astype(np.float64)
            # the part of the high units is the same for the whole block
            energies = self.low_energy - self.low @ field[self.low_spins]
            self._check(energies, state)
            while np.isfinite(energies.min()):
                places = lowest_of(energies, margin)
                states = np.repeat(state[None], len(places), axis=0)
                states[:, self.low_spins] = self.low[places]
                holds = np.ones(len(places), np.bool_)
                for group in self.checks:
                    holds &= group.violation(states) == 0
                if holds.all():
                    yield states
                    break
                energies[places[~holds]] = np.inf  # out of range by rounding

    def _high(self, block: int) -> SpinArray:
        """Return the choices of the high units in a block; 0 for the other spins."""
        state = np.zeros(self.hamiltonian.num_spins, np.int8)
        rest = block
        for members, choices in self.high:
            rest, choice = divmod(rest, len(choices))
            state[members] = choices[choice]
        return state

    def _check(self, energies: FloatArray, state: SpinArray) -> None:
        """Set the energies of a block to infinity where a check does not hold."""
        for group in self.checks:
            coefficients = getattr(group, "coefficients", np.ones(len(group.indices)))
            row = np.zeros(len(state))
            row[group.indices] = coefficients
            lower, upper = getattr(group, "bounds", None) or (group.lower, group.upper)
            # s = 2 x - 1, and 0 for the spins that stand in `low`
            total = (self.low @ row[self.low_spins] + row @ state + row.sum()) / 2
            slack = 2 * getattr(group, "tolerance", 0.0)
            energies[(total < lower - slack) | (total > upper + slack)] = np.inf


def _units(hamiltonian: Hamiltonian) -> tuple[list[Unit], list[Any]]:
    """Return the choices of spins that are chosen together, and the groups left to be checked."""
    units: list[Unit] = []
    checks = []
    free = np.ones(hamiltonian.num_spins, np.bool_)
    for group in hamiltonian.groups:
        if _num_choices(group) is None:
            checks.append(group)
        else:
            units.append((np.asarray(group.members), _choices(group)))
            free[group.members] = False
    both = np.array([[-1], [1]], np.int8)
    units += [(np.array([spin]), both) for spin in np.flatnonzero(free)]
    return units, checks
