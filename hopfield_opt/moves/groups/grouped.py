"""Networks with groups: moves that keep every group, for any mix of groups and couplings."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.arrays import FloatArray, IntArray, SpinArray, WordArray
from hopfield_opt.couplings import Factored
from hopfield_opt.groups import Group
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.base import KEPT
from hopfield_opt.moves.groups import coupling_tables, group_tables, group_tabu, mending, sweeping
from hopfield_opt.moves.groups.lanes import GroupedLanes, TabuMemory
from hopfield_opt.moves.groups.offsets import NUM_RANGES, NUM_SPINS, NUMBERS
from hopfield_opt.moves.groups.range_moves import REPAIRS
from hopfield_opt.moves.keeping import KeepingLayout
from hopfield_opt.moves.repair import repair_groups
from hopfield_opt.moves.rounding_free import exact_sums, largest_field

Words = NDArray[Any]
# From states (R, N) to ones near them in which all groups hold, None if none is found.
Repair = Callable[[SpinArray, WordArray], SpinArray | None]

# Fields are computed afresh every so many sweeps at least, more seldom where that is dear.
REFRESH = 64
NEVER = 2**62
# A state within all Linear ranges is looked for in MEND_STEPS + N * MEND_STEPS_PER_SPIN steps
# from the start and from MEND_RESTARTS random ones, MEND_TRIES moves each.
MEND_STEPS = 2_000
MEND_STEPS_PER_SPIN = 20
MEND_RESTARTS = 4
MEND_TRIES = 24
# The walk is the same however it is cut; between pieces, of at most so many steps that look at so
# many members of ranges in all, the deadline is looked at.
MOST_MEND_PIECE, MEND_WORK = 256, 6_000_000


@dataclass(frozen=True, eq=False)
class GroupedLayout(KeepingLayout):
    """The tables of a network with groups.

    With `uniform` every proposal is as likely as its way back, as sampling needs: the rules
    then have detailed balance with the Boltzmann distribution over the feasible states. Without
    it, partners are drawn from the strongest couplings, and violated ranges are mended (an
    insertion evicts), which searches better and samples no known distribution. Where its own moves
    find no start, `repair` does, or says that it found none.
    """

    runs: dict[str, Any]
    tables: tuple[Any, Any, Any]
    widths: tuple[int, int]
    constant: float
    options: tuple[bool, int, float, int]
    repair: Repair | None

    @classmethod
    def build(
        cls, hamiltonian: Hamiltonian, *, uniform: bool = False, repair: Repair | None = None
    ) -> Self:
        """Return the layout of a Hamiltonian."""
        known = hamiltonian.expanded(KEPT)
        links, blocks = coupling_tables.links(known), coupling_tables.blocks(known)
        runs = {
            **links,
            **blocks,
            **coupling_tables.forms(known),
            **group_tables.disjoint_groups(known, links),
            **group_tables.ranges(hamiltonian),
            "threshold": hamiltonian.thresholds,
        }
        tables = coupling_tables.pack(runs, NUMBERS)
        widths = coupling_tables.state_runs(tables[0], runs, NUMBERS)
        exact = exact_sums(known)
        slack = 64 * float(np.finfo(np.float64).eps) * largest_field(known)
        work = len(links["link_spin"]) + len(runs["form_of"]) + coupling_tables.block_work(blocks)
        interval = NEVER if exact else max(REFRESH, work // max(hamiltonian.num_spins, 1))
        buffer = 4 * (REPAIRS + 12) + 2 * int(runs["size"].max(initial=0))
        # squares of forms have theirs in them
        terms = [t for t in hamiltonian.couplings if not isinstance(t, Factored)]
        constant = sum(term.constant for term in terms)
        options = (uniform, interval, 0.0 if exact else slack, buffer)
        # a copy: layouts are kept for as long as their network lives, which they must not prolong
        return cls(copy.copy(hamiltonian), runs, tables, widths, constant, options, repair)

    def allocate(self, states: SpinArray, rng: Words) -> GroupedLanes:
        """Return lanes that start at `states` (R, N), repaired where a group does not hold.

        Raises
        ------
        InputError
            If a group can never hold, or if no state within all Linear ranges is found.
        """
        lanes, failed = self._start(states, rng)
        if lanes is None:
            assert failed is not None
            raise self.refuse(failed)
        return lanes

    def feasible_start(self, states: SpinArray, rng: Words) -> SpinArray | None:
        """Return `states` (R, N) repaired, so that all groups hold; None if none was found."""
        lanes, _ = self._start(states, rng)
        return None if lanes is None else lanes.states

    def _start(self, states: SpinArray, rng: Words) -> tuple[GroupedLanes | None, Group | None]:
        """Return the lanes, or None and a group that does not hold."""
        size, lanes = self.hamiltonian.num_spins, GroupedLanes.at(states, self.widths)
        words, steps = rng.reshape(-1, 4), MEND_STEPS + MEND_STEPS_PER_SPIN * size
        for r in range(len(states)):
            own = lanes.part(words, slice(r, r + 1))
            for attempt in deadline.check_each(range(1 + MEND_RESTARTS)):
                source = np.random.default_rng([int(word) for word in (*words[r], attempt)])
                if attempt:
                    own[0][0] = source.choice(np.array([-1, 1], np.int8), size)
                failed = repair_groups(self.hamiltonian, own[0][0], source)
                if failed is not None:
                    return None, failed
                self._settle_one(lanes, r)
                if self._mend(own, steps):
                    break
            else:
                found = self.repair and self.repair(states[r : r + 1], words[r])
                if found is None:
                    return None, self.most_violated(own[0])
                own[0][:] = found
                self._settle_one(lanes, r)
        return lanes, None

    def settle(self, lanes: GroupedLanes) -> None:
        """Fill lists and fields of all replicas from their spins."""
        for r in range(len(lanes.states)):
            self._settle_one(lanes, r)

    def _settle_one(self, lanes: GroupedLanes, r: int) -> None:
        """Fill lists and fields of replica r from its spins."""
        lists, fields = group_tables.start(self.hamiltonian, self.runs, lanes.states[r])
        lanes.lists[r] = np.concatenate(list(lists.values()))
        lanes.fields[r] = fields

    def _mend(self, own: Any, steps: int) -> bool:
        """Walk one replica into all Linear ranges; return whether that succeeded."""
        if not self.tables[0][NUM_RANGES]:
            return True
        room = (self._flips(), self._flips(), np.zeros(len(own[0][0]), np.uint8))
        before = own[0].copy()
        longest = int(np.diff(self.runs["range_first"]).max(initial=0))
        looked_at = MEND_TRIES * longest + int(self.tables[0][NUM_RANGES])
        piece = int(np.clip(MEND_WORK // max(1, looked_at), 1, MOST_MEND_PIECE))
        for done in deadline.check_each(range(0, steps, piece)):
            count = min(piece, steps - done)
            if mending.mend(
                self.tables, own, count, MEND_TRIES, self.options[0], self._blocks, room
            ):
                break
        else:
            return False
        if (own[0] != before).any():
            _, fields = group_tables.start(self.hamiltonian, self.runs, own[0][0])
            own[2][0] = fields
        return True

    def sweep(
        self, lanes: GroupedLanes, betas: Any, rng: Words, rule: int, order: int, costs: Any
    ) -> FloatArray:
        """Sweep as `sweep_block` does; the costs of the last proposals go to `costs` (R, any).

        The spins whose moves are proposed in RANDOM order are drawn with repetition, so that
        detailed balance holds.
        """
        state = lanes.part(rng.reshape(-1, 4), slice(0, len(lanes.states)))
        betas = np.ascontiguousarray(betas, dtype=np.float64)
        at = self.tables[0]
        mark = np.zeros(at[NUM_SPINS], np.uint8) if at[NUM_RANGES] else None
        energies = np.empty(len(lanes.states))
        room = (self._flips(), np.empty(lanes.fields.shape[1]), energies)
        sweeping.sweeps(
            self.tables, state, lanes.clock, betas, rule, order, self.options, costs,
            mark, self._steps(), self._blocks, room,
        )  # fmt: skip
        lanes.clock += len(betas)
        return energies + self.constant

    def _flips(self) -> IntArray:
        """Return room for the spins that a move flips."""
        return np.empty(self.options[3], np.int64)

    def _steps(self) -> FloatArray | None:
        """Return zeros, one for each form; None if there is none, see `sweeping.sweeps`."""
        forms = len(self.runs["form_coefficient"])
        return np.zeros(forms) if forms else None

    @property
    def _blocks(self) -> IntArray | None:
        """The sizes of the permutation blocks; None if there is none."""
        return self.runs["size"] if len(self.runs["size"]) else None

    def tabu_memory(self, lanes: GroupedLanes) -> TabuMemory:
        """Return the memory of a tabu search that starts at the states of the lanes."""
        energies = self.hamiltonian.energy(lanes.states) - self.hamiltonian.offset
        return TabuMemory.at(lanes.states, energies)

    def tabu_block(
        self,
        lanes: GroupedLanes,
        memory: TabuMemory,
        iterations: int,
        rng: Words,
        tenure: tuple[int, int] = (5, 10),
    ) -> FloatArray:
        """Make so many best moves that are not tabu; return the lowest energies met (R,).

        Moves are flips, Potts moves, exchanges in counts (with the member that is cheapest to
        turn off), and swaps in permutations; those that leave a Linear range are left out. A
        spin stays tabu for ``tenure[0]`` iterations and up to ``tenure[1]`` more.

        Lanes, memory and streams are changed. How the iterations are split does not matter.
        """
        state = lanes.part(rng.reshape(-1, 4), slice(0, len(lanes.states)))
        uniform, interval, slack, buffer = self.options
        interval = min(NEVER, interval * max(1, self.hamiltonian.num_spins))
        options = (uniform, interval, slack, buffer)
        both = (tenure[0], max(1, tenure[1]))
        room = (self._flips(), self._flips(), np.empty(len(self.runs["lower"]), np.int64))
        group_tabu.tabu(
            self.tables, state, memory.clock, iterations, both, options,
            (memory.expires, memory.energies, memory.best, memory.lowest), self._steps(), room,
        )  # fmt: skip
        memory.clock += iterations
        return np.asarray(self.hamiltonian.energy(memory.best) - self.hamiltonian.offset)
