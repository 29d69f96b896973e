"""Networks whose groups overlap: chains of flips that keep every row, for searches only."""

import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from hopfield_opt import deadline, rng
from hopfield_opt.couplings import Explicit
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.chains import chain_state, ejection
from hopfield_opt.moves.chains.charges import Charges
from hopfield_opt.moves.chains.lanes import ChainLanes, Lanes
from hopfield_opt.moves.chains.pricing import find_prices
from hopfield_opt.moves.chains.repair import Repair
from hopfield_opt.moves.chains.rows import RowTerms
from hopfield_opt.moves.keeping import KeepingLayout
from hopfield_opt.moves.plans import HEAT_BATH, RANDOM
from hopfield_opt.moves.rounding_free import exact_sums, largest_field

Words = NDArray[np.uint64]
States = NDArray[np.int8]

# Fields are computed afresh every so many sweeps, where sums are rounded.
REFRESH = 64
NEVER = 2**62
# With so many couplings a spin at the most fields follow each flip of a chain that grows; with
# more they are brought up to date when it is accepted.
FEW_COUPLINGS = 32
# Between pieces of so many proposals the deadline is looked at: some ten milliseconds.
PIECE = 1024
# Temperatures follow from what chains cost at a local minimum. Of those uphill one in ten is
# accepted at the hot end, and one in N at the cold end: less than one in a sweep. Costs are those
# after LEAST_DESCENTS sweeps, so many or those of MOST_DESCENTS sweeps, or of MOST_PROPOSALS: a
# tenth of a second, where few chains close.
HOT_ACCEPTANCE = 0.1
ENOUGH_COSTS, LEAST_DESCENTS, MOST_DESCENTS = 2_000, 2, 40
MOST_PROPOSALS = 20_000
# Costs below this fraction of the largest are rounding errors.
COST_ROUNDING = 1e-12
# Flips of one chain.
LONGEST = 512


@dataclass(frozen=True, eq=False)
class ChainLayout(KeepingLayout):
    """Rows and couplings of a network, for moves that are chains of flips.

    The way back of a chain is not as likely: these moves search and sample no known
    distribution.
    """

    tables: chain_state.Tables
    constant: float
    pushes: bool
    slack: float
    _range: list[tuple[float, float]] = field(default_factory=list)

    @classmethod
    def build(cls, hamiltonian: Hamiltonian) -> Self:
        """Return the layout of a Hamiltonian."""
        known = hamiltonian.expanded()
        links = _links(known)
        rows = RowTerms.of(hamiltonian)
        thresholds = np.array(known.thresholds)
        prices = find_prices(rows, links, thresholds)
        rows = rows.sort_by(prices.reduced)
        tables = chain_state.Tables(
            rows,
            links.indptr.astype(np.int64),
            links.indices.astype(np.int32),
            links.data.astype(np.float64),
            thresholds,
            prices.taken,
            round(chain_state.ALWAYS * prices.trust),
            chain_state.gumbel_noise(),
            chain_state.members_to_look_at(rows, hamiltonian.num_spins),
            Charges.of(rows, prices.costs),
        )
        constant = known.offset + sum(term.constant for term in known.couplings)
        slack = 64 * float(np.finfo(np.float64).eps) * largest_field(known)
        # a copy: layouts are kept for as long as their network lives, which they must not prolong
        return cls(
            copy.copy(hamiltonian),
            tables,
            constant - hamiltonian.offset,
            links.nnz <= FEW_COUPLINGS * known.num_spins,
            0.0 if exact_sums(known) else slack,
        )

    @cached_property
    def repair(self) -> Repair:
        """What finds states in which all rows hold."""
        return Repair.of(self.tables.rows)

    def allocate(self, states: States, rng: Words) -> ChainLanes:
        """Return lanes that start at `states` (R, N), repaired where a row does not hold.

        Raises
        ------
        InputError
            If no state is found in which all rows hold.
        """
        starts = self.feasible_start(states, rng)
        if starts is None:
            raise self.refuse(self.most_violated(states[:1]))
        rows = self.tables.rows
        replicas, num_rows, entries = len(states), len(rows.lower), len(rows.spin)
        lanes = Lanes(
            np.array(starts, dtype=np.int8, order="C"),
            np.empty(states.shape),
            np.empty((replicas, num_rows)),
            np.full((replicas, 2 * num_rows), chain_state.UNEVEN, np.float32),
            np.empty((replicas, entries), np.int32),
            np.empty((replicas, entries), np.int32),
            np.empty((replicas, num_rows), np.int32),
            np.zeros((replicas, 2)),
        )
        found = ChainLanes(lanes, chain_state.empty_chain(states.shape[1], num_rows, LONGEST))
        self.settle(found)
        return found

    def feasible_start(self, states: States, rng: Words) -> States | None:
        """Return `states` (R, N) repaired, so that all groups hold; None if none was found."""
        return self.repair.starts(states, rng)

    def settle(self, lanes: ChainLanes) -> None:
        """Fill sums, lists and fields of all replicas from their spins."""
        for r in range(len(lanes.states)):
            self._settle_one(lanes.arrays, r)

    def _settle_one(self, lanes: Lanes, r: int) -> None:
        """Fill sums, lists and fields of replica r from its spins."""
        rows, spins = self.tables.rows, lanes.states[r]
        row = np.repeat(np.arange(len(rows.lower)), np.diff(rows.start))
        high = (spins[rows.spin] > 0) == (rows.coefficient > 0)
        listed = np.lexsort((~high, row))
        lanes.listed[r] = listed
        lanes.slots[r, listed] = np.arange(len(listed))
        lanes.highs[r] = np.bincount(row, weights=high, minlength=len(rows.lower))
        lanes.totals[r] = rows.totals(spins)
        chain_state.refresh(self.tables, chain_state.Place(*(array[r] for array in lanes[:-1])))

    def sweep(
        self, lanes: ChainLanes, betas: Any, rng: Words, rule: int, order: int, costs: Any
    ) -> NDArray[np.float64]:
        """Sweep as `sweep_block` does; the costs of the last proposals go to `costs` (R, any).

        A sweep ends before its time where the deadline passes. In RANDOM order chains begin at
        members of rows that are on, at cheap ones, or anywhere.
        """
        replicas, size = lanes.arrays.states.shape
        words = rng.reshape(-1, 4)
        betas = np.ascontiguousarray(betas, dtype=np.float64)
        interval = REFRESH * max(1, size) if self.slack else NEVER
        options = (order != RANDOM, rule == HEAT_BATH, self.pushes, interval, self.slack)
        proposals, energies = len(betas) * size, np.empty(replicas)
        for begin in range(0, proposals, PIECE):
            if begin and deadline.has_passed():
                break
            part = (begin, min(begin + PIECE, proposals), lanes.clock)
            ejection.sweep(
                self.tables, lanes.arrays, lanes.chain, words, betas, part, options, costs
            )
        lanes.clock += proposals
        for r in range(replicas):
            place = chain_state.Place(*(array[r] for array in lanes.arrays[:-1]))
            energies[r] = chain_state.energy_of(self.tables, place)
        return energies + self.constant

    def betas(self) -> tuple[float, float] | None:
        """Return inverse temperatures, hot and cold, from what chains cost at a local minimum."""
        if not self._range:
            self._range.append(self._measure_range())
        return self._range[0]

    def _measure_range(self) -> tuple[float, float]:
        words = rng.stream(0, words=4)
        size = self.hamiltonian.num_spins
        lanes = self.allocate(np.full((1, size), -1, np.int8), words)
        costs: list[NDArray[np.float64]] = []
        most = max(LEAST_DESCENTS + 1, min(MOST_DESCENTS, MOST_PROPOSALS // max(1, size)))
        while len(costs) < most and sum(map(len, costs[LEAST_DESCENTS:])) < ENOUGH_COSTS:
            own = np.full((1, size), np.nan)
            self.sweep(lanes, np.full((1, 1), np.inf), words, 0, 0, own)
            costs.append(own[~np.isnan(own)])
        found = _uphill(np.concatenate(costs[LEAST_DESCENTS:] or costs))
        if not len(found):  # where nothing is drawn at random it may be that no chain closes
            walk = [self.costs(lanes, words, 1).ravel() for _ in range(MOST_DESCENTS)]
            found = _uphill(np.concatenate(walk))
        if not len(found):
            return 1.0, 1.0
        return _beta_of(found, HOT_ACCEPTANCE), _beta_of(found, min(HOT_ACCEPTANCE, 1.0 / size))


def _uphill(costs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return those of the costs that are above 0, beyond rounding."""
    costs = costs[~np.isnan(costs)]
    return np.asarray(costs[costs > COST_ROUNDING * np.abs(costs).max(initial=0.0)])


def _beta_of(costs: NDArray[np.float64], acceptance: float) -> float:
    """Return the inverse temperature at which so many of the costs, all above 0, are accepted."""
    low, high = np.log(acceptance) / -costs.max(), np.log(acceptance) / -costs.min()
    for _ in range(60):  # halves the logarithm of the range
        middle = np.sqrt(low * high)
        if np.exp(-middle * costs).mean() > acceptance:
            low = middle
        else:
            high = middle
    return float(high)


def _links(hamiltonian: Hamiltonian) -> Any:
    """Return the explicit couplings as rows of W, columns sorted (there is one term at most)."""
    size = hamiltonian.num_spins
    terms = [term for term in hamiltonian.couplings if isinstance(term, Explicit)]
    deadline.check(2 * sum(term.num_couplings() for term in terms))
    matrix = csr_array(terms[0].matrix) if terms else csr_array((size, size))
    matrix.sort_indices()
    return matrix
