"""Networks that are a Potts model: sites, each in one of some classes, that meet within classes.

Every spin stands in a one-hot group, a *site*, and the members of a group are *classes*, the same
ones for all groups. With ``x = (1 + s) / 2`` and c_v the class of site v the energy is

    sum_v own_v(c_v) + sum_{u<v} A_uv [c_u = c_v]

and a constant: couplings are ``A (x) I``, the graph times the identity. Colourings, timetables
and cuts into k parts compile to such networks, as a Kronecker term that nothing expands or as a
matrix in which the same graph stands once for each class. A site may lack some of the classes.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.arrays import FloatArray, IntArray
from hopfield_opt.couplings import Coupling, Explicit, Kronecker
from hopfield_opt.groups import OneHot
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.known import Known
from hopfield_opt.moves.plans import integer_unit
from hopfield_opt.moves.potts.class_tabu_kernel import NEVER, ClassTerms

# What a site costs at most, in whole units, so that a class that it lacks, which costs NEVER // 2,
# is always dearer by more than NEVER // 4.
MOST_UNITS = NEVER // 16
# A move, in flips of a fast kernel: what it takes by itself, for each neighbour whose costs
# change, and for each class of some sites that are looked at.
MOVE_COST, NEIGHBOUR_COST, CLASS_COST = 50, 1.0, 2.0

_known: Known["PottsForm | None"] = Known()


class Places(NamedTuple):
    """Where each spin stands.

    Attributes
    ----------
    site, own_class : (N,) int64
        Its row and its column in the grid.
    grid : (n, k) int64
        The spins; -1 where a site lacks a class.
    """

    site: IntArray
    own_class: IntArray
    grid: IntArray


@dataclass(frozen=True, eq=False)
class PottsForm:
    """A network as a Potts model in whole units.

    Attributes
    ----------
    terms : ClassTerms
        The graph, and what classes cost by themselves, the cheapest of each site 0.
    grid : (n, k) int64
        The spin of each site and class, -1 for none.
    unit : float
        The energy of one unit.
    """

    terms: ClassTerms
    grid: IntArray
    unit: float

    @classmethod
    def of(cls, hamiltonian: Hamiltonian) -> "PottsForm | None":
        """Return the form of a network, None where it has none."""
        return _known.of(hamiltonian, cls._find)

    @classmethod
    def _find(cls, hamiltonian: Hamiltonian) -> Self | None:
        places = _places(hamiltonian)
        if places is None:
            return None
        parts = [_graph(term, places) for term in hamiltonian.couplings]
        graphs = [part for part in parts if part is not None]
        if len(graphs) < len(parts):
            return None
        size = len(places.grid)
        graph = sum(graphs, scipy.sparse.csr_array((size, size)))
        # s = 2 x - 1: Q = -4 W, q = 2 (thresholds + W 1), and W 1 = h + thresholds at s = 1
        fields = hamiltonian.local_field(np.ones(hamiltonian.num_spins))
        costs = 2.0 * fields + 4.0 * hamiltonian.thresholds
        return cls._make(scipy.sparse.csr_array(-4.0 * graph), costs, places)

    @classmethod
    def _make(cls, graph: Any, costs: FloatArray, places: Places) -> Self | None:
        graph.eliminate_zeros()
        there = places.grid >= 0
        table = np.where(there, costs[places.grid], np.inf)
        own = table - table.min(axis=1, keepdims=True)
        unit = integer_unit(graph.data, own[there])
        sizes = np.asarray(abs(graph).sum(axis=1)).ravel() + own.max(axis=1, where=there, initial=0)
        if unit is None or float(sizes.max(initial=0.0)) >= unit * MOST_UNITS:
            return None
        units = np.rint(np.where(there, own, 0.0) / unit).astype(np.int32)
        whole = np.where(there, units, NEVER // 2).astype(np.int32)
        weights = np.rint(graph.data / unit).astype(np.int32)
        begins, neighbours = graph.indptr.astype(np.int64), graph.indices.astype(np.int32)
        below = scipy.sparse.csr_array((weights.astype(np.int64), neighbours, begins), graph.shape)
        floor = np.asarray(below.minimum(0).sum(axis=1)).ravel().astype(np.int32)
        return cls(ClassTerms(begins, neighbours, weights, whole, floor), places.grid, unit)

    @property
    def effort(self) -> int:
        """About how many flips of a fast kernel take as long as a move."""
        size, classes = self.grid.shape
        degree = len(self.terms.neighbours) / max(1, size)
        return int(MOVE_COST + NEIGHBOUR_COST * degree + CLASS_COST * classes)

    @property
    def is_symmetric(self) -> bool:
        """Whether classes may change their names: none costs anything by itself."""
        return not self.terms.own.any()

    @property
    def has_preferences(self) -> bool:
        """Whether a site would choose among the classes that it has by itself."""
        return bool(self.terms.own.any(where=self.grid >= 0))

    def states(self, classes: NDArray[Any]) -> NDArray[np.int8]:
        """Return the states (R, N) of sites in classes (R, n)."""
        found = np.full((len(classes), self.grid.max(initial=-1) + 1), -1, np.int8)
        on = np.take_along_axis(self.grid, classes.T, axis=1).T
        np.put_along_axis(found, on, 1, axis=1)
        return found

    def classes(self, states: NDArray[np.int8]) -> NDArray[np.int32]:
        """Return the classes (R, n) of the sites in states (R, N), -1 where not just one is on."""
        there = self.grid >= 0
        found = [(state[self.grid] > 0) & there for state in states]
        return np.stack(
            [np.where(on.sum(axis=1) == 1, on.argmax(axis=1), -1) for on in found]
        ).astype(np.int32)


def _places(hamiltonian: Hamiltonian) -> Places | None:
    """Return sites and classes by the first Kronecker term, or by the order of members."""
    groups, size = hamiltonian.groups, hamiltonian.num_spins
    if not groups or not all(isinstance(group, OneHot) and group.indices.size for group in groups):
        return None
    lengths = np.array([group.indices.size for group in groups])
    if lengths.sum() != size:
        return None
    deadline.check(10 * size)
    members = np.concatenate([group.members for group in groups])
    site = np.empty(size, np.int64)
    site[members] = np.repeat(np.arange(len(groups)), lengths)
    known = [term for term in hamiltonian.couplings if isinstance(term, Kronecker)]
    own_class = np.empty(size, np.int64)
    own_class[members] = np.arange(size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    if known:
        block = _upright(known[0], site)
        if block is None:
            return None
        own_class[:] = -1
        row, column = np.nonzero(block.grid >= 0)
        own_class[block.grid[row, column]] = column
        if own_class.min() < 0:
            return None
    # a class that no site has is none
    own_class = np.unique(own_class, return_inverse=True)[1].reshape(-1)
    grid = np.full((len(groups), int(own_class.max()) + 1), -1)
    grid[site, own_class] = np.arange(size)
    # of two members of a group in one class the grid has one
    return Places(site, own_class, grid) if (grid >= 0).sum() == size else None


class _Block(NamedTuple):
    """A Kronecker term ``graph (x) I`` of W, over the rows of a grid, and the site of each row."""

    graph: Any
    grid: IntArray
    row: IntArray


def _upright(term: Kronecker, site: IntArray) -> _Block | None:
    """Return a term with sites as rows, if couplings across its columns are all 0, else None."""
    scale = term.factors[term.indices >= 0]
    if not len(scale) or (scale != scale[0]).any():
        return None
    for graph, other, grid in (
        (term.left, term.right, term.indices),
        (term.right, term.left, term.indices.T),
    ):
        sites = np.where(grid >= 0, site[grid], -1)
        row = sites.max(axis=1, initial=-1)
        within = ((sites == row[:, None]) | (grid < 0)).all()
        diagonal, used = other.diagonal(), row[row >= 0]
        count = np.count_nonzero(other) if isinstance(other, np.ndarray) else other.count_nonzero()
        across = count > np.count_nonzero(diagonal) or (diagonal != diagonal[0]).any()
        if across or not within or len(np.unique(used)) < len(used):
            continue
        whole = scipy.sparse.csr_array(graph)
        factor = -term.coefficient * float(diagonal[0]) * float(scale[0]) ** 2
        return _Block(scipy.sparse.csr_array(factor * (whole + whole.T)), grid, row)
    return None


def _graph(term: Coupling, places: Places) -> Any:
    """Return the part of W within a class that a term has, over sites; None if it has others."""
    if isinstance(term, Kronecker):
        return _graph_of_block(term, places)
    return _graph_of_pairs(term, places) if isinstance(term, Explicit) else None


def _graph_of_block(term: Kronecker, places: Places) -> Any:
    block = _upright(term, places.site)
    if block is None:
        return None
    grid, size = block.grid, len(places.grid)
    deadline.check(4 * grid.size + 20 * block.graph.nnz)
    there = grid >= 0
    columns = np.where(there, places.own_class[grid], -1)
    # all spins stand in the grid, those of one class in one column
    if (
        there.sum() != len(places.site)
        or (there & (columns != columns.max(axis=0, initial=-1))).any()
    ):
        return None
    pairs = scipy.sparse.coo_array(block.graph)
    u, v = (block.row[axis] for axis in pairs.coords)
    kept = (u >= 0) & (v >= 0) & (u != v)
    return scipy.sparse.csr_array((pairs.data[kept], (u[kept], v[kept])), shape=(size, size))


def _graph_of_pairs(term: Explicit, places: Places) -> Any:
    """Return the graph of a matrix in which it stands once for each class; None if it does not."""
    deadline.check(40 * term.num_couplings())
    pairs = scipy.sparse.coo_array(term.matrix)
    u, v = (places.site[axis] for axis in pairs.coords)
    apart = u != v  # two members of a group never meet
    one, other = (places.own_class[axis][apart] for axis in pairs.coords)
    if (one != other).any():
        return None
    u, v, data, size = u[apart], v[apart], pairs.data[apart], len(places.grid)
    ones = scipy.sparse.csr_array((np.ones(len(u)), (u, v)), shape=(size, size))
    total = scipy.sparse.csr_array((data, (u, v)), shape=(size, size))
    # sums over classes are sorted alike; the mean is each of them, if all are the same
    mean = total.copy()
    mean.data = total.data / ones.data
    rows = np.repeat(np.arange(size), np.diff(ones.indptr))
    there = (places.grid >= 0).astype(np.float64)
    common = np.einsum("pc,pc->p", there[rows], there[ones.indices]) if len(rows) else ones.data
    if not np.array_equal(common, ones.data):
        return None
    keys = rows * size + ones.indices
    found = mean.data[np.searchsorted(keys, u * size + v)]
    return mean if np.array_equal(found, data) else None
