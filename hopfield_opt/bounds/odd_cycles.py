"""Weights of frustrated cycles, by a linear program that gets the cycles that it wants.

The dual of the best packing asks for the lightest x >= 0 that is 1 at least around each frustrated
cycle. It begins with none of these rows; a round finds short ones that x breaks, and the program
goes on from where it was. Rows that have become loose are left out now and then.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.bounds.odd_walks import find_walks
from hopfield_opt.bounds.signed_graph import SignedGraph, weights_of
from hopfield_opt.highs import silent_solver
from hopfield_opt.model.nodes import Floats

# a cycle is taken that x breaks by more
BROKEN = 1e-4
# what an edge adds to the length of a walk: of two that x breaks alike the shorter is found
STEP = 1e-6
# walks of a round, and edges of all of them for each
MOST_WALKS, ROOM = 1000, 64
# rows beyond so many for each edge are looked through for loose ones
MOST_ROWS, LOOSE = 2.0, 0.05


class Packing(NamedTuple):
    """Frustrated cycles with weights, as `SignedGraph.packing_proves` takes them."""

    starts: NDArray[np.int64]
    edges: NDArray[np.int64]
    multipliers: Floats


def load_kernel() -> None:
    """Have kernel and solver ready, so that nobody waits for them."""
    import highspy  # noqa: F401

    none = np.zeros(0, np.int64)
    find_walks(
        np.zeros(1, np.int64), none, none, none.astype(np.bool_), np.zeros(0), none,
        1.0, 1, none.copy(), none.copy(),
    )  # fmt: skip


def pack_cycles(graph: SignedGraph, remaining: Callable[[], float]) -> Packing | None:
    """Return the best packing of frustrated cycles that is found in time; None where there is none.

    Parameters
    ----------
    graph : SignedGraph
        What is bounded.
    remaining : callable
        Returns the seconds that are left.
    """
    if not len(graph.sizes):
        return None
    scale = float(max(graph.sizes))
    weights, walks = weights_of(graph), _Walks(graph)
    if not np.isfinite(scale) or not (weights > 0).all():
        return None
    program = _Program(weights)
    while remaining() > 0:
        cycles = walks.broken(program.point, remaining)
        if not cycles:
            break
        program.add(cycles)
        if not program.solve(remaining()):
            break
    if not program.cycles:
        return None
    return program.packing(scale)


class _Walks:
    """A graph in which walks are looked for, from one vertex after another."""

    def __init__(self, graph: SignedGraph) -> None:
        heads, tails = graph.ends
        numbers = np.arange(len(heads))
        both = np.concatenate([numbers, numbers])
        rows, columns = np.concatenate([heads, tails]), np.concatenate([tails, heads])
        order = np.argsort(rows, kind="stable")
        counts = np.bincount(rows, minlength=graph.num_vertices)
        self._start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self._neighbour, self._edge = columns[order].astype(np.int64), both[order].astype(np.int64)
        self._flips = graph.is_negative[self._edge]
        self._order = np.random.default_rng(0).permutation(graph.num_vertices)
        self._found = np.zeros(ROOM * MOST_WALKS + len(heads), np.int64)

    def broken(self, point: Floats, remaining: Callable[[], float]) -> list[tuple[int, ...]]:
        """Return frustrated cycles that a point (E,) breaks, none if there are none."""
        lengths = np.maximum(point, 0.0) + STEP
        found: dict[tuple[int, ...], None] = {}
        size, tried = len(self._order), 0
        piece = max(16, size // 16)
        while tried < size and len(found) < MOST_WALKS and remaining() > 0:
            sources = self._order[:piece].astype(np.int64)
            ends = np.zeros(len(sources), np.int64)
            count, through = find_walks(
                self._start, self._neighbour, self._edge, self._flips, lengths, sources,
                1.0 - BROKEN, MOST_WALKS, self._found, ends,
            )  # fmt: skip
            first = 0
            for end in ends[:count].tolist():
                found[tuple(sorted(self._found[first:end].tolist()))] = None
                first = end
            through = max(1, through)
            tried += through
            self._order = np.roll(self._order, -through)
        return list(found)


class _Program:
    """The linear program: the lightest x that is 1 at least around each cycle so far."""

    def __init__(self, weights: Floats) -> None:
        import highspy

        self._weights = weights
        self.cycles: list[tuple[int, ...]] = []
        self.point = np.zeros(len(weights))
        self._duals = np.zeros(0)
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._solver = silent_solver(presolve="off")
        size = len(weights)
        none = np.zeros(0, np.int32)
        self._solver.addCols(
            size, weights, np.zeros(size), np.ones(size), 0, np.zeros(size, np.int32), none,
            np.zeros(0),
        )  # fmt: skip

    def add(self, cycles: list[tuple[int, ...]]) -> None:
        """Add rows for cycles; leave out loose ones where there are many."""
        if len(self.cycles) > MOST_ROWS * len(self._weights):
            self._drop_loose()
        count = len(cycles)
        lengths = [len(one) for one in cycles]
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int32)
        indices = np.concatenate([np.array(one) for one in cycles]).astype(np.int32)
        self._solver.addRows(
            count, np.ones(count), np.full(count, np.inf), len(indices), starts, indices,
            np.ones(len(indices)),
        )  # fmt: skip
        self.cycles += cycles

    def solve(self, seconds: float) -> bool:
        """Go on to the optimum; return whether it was reached in time."""
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + max(0.01, seconds))
        self._solver.run()
        if self._solver.getModelStatus() != self._optimal:
            return False
        solution = self._solver.getSolution()
        self.point = np.array(solution.col_value)
        self._duals = np.maximum(np.array(solution.row_dual), 0.0)
        return True

    def packing(self, scale: float) -> Packing:
        """Return the cycles that have weights, and these, in units of the objective."""
        duals = np.append(self._duals, np.zeros(len(self.cycles) - len(self._duals)))
        used = np.flatnonzero(duals > 0).tolist()
        lengths = [len(self.cycles[k]) for k in used]
        edges = [np.array(self.cycles[k], np.int64) for k in used]
        return Packing(
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            np.concatenate([np.zeros(0, np.int64), *edges]),
            duals[used] * scale,
        )

    def _drop_loose(self) -> None:
        sums = np.array([self.point[list(one)].sum() for one in self.cycles])
        loose = np.flatnonzero((sums > 1.0 + LOOSE) & (self._duals <= 0.0))
        if len(loose):
            self._solver.deleteRows(len(loose), loose.astype(np.int32))
            kept = np.ones(len(self.cycles), bool)
            kept[loose] = False
            self.cycles = [one for one, there in zip(self.cycles, kept, strict=True) if there]
            self._duals = self._duals[kept]
