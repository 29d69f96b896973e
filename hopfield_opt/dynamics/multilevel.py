"""Multilevel search with a pool: balanced cuts into two parts or several."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from hopfield_opt import deadline, rng
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.groups import Cardinality, Group, Linear, OneHot
from hopfield_opt.hamiltonian import Hamiltonian, Network
from hopfield_opt.moves import layout_of
from hopfield_opt.moves.multilevel.pool import Pool, Spins, cluster_network, misfit

# Members of a pool: enough to differ, few enough that each is recombined often.
POOL = 12
# A run without a budget makes so many steps, fewer on more spins than this, and never too few.
DEFAULT_STEPS = 400
DEFAULT_UPDATES = 2_000_000
# A step takes as long as so many flips of a fast kernel for each spin.
STEP_COST = 100


@dataclass(frozen=True)
class MultilevelSearch(Dynamics):
    """Contract strongly coupled spins, solve the small network, refine on the way back; recombine.

    Pairs of spins with a large ``W_ij^2 / (size_i size_j)`` become one, level by level [1]_. On
    the coarsest level states are grown from single spins, and on every level chains of flips
    refine them [2]_: a balanced cut is then good on all scales. A pool keeps states that differ;
    two of them are recombined by contracting only couplings that both satisfy [3]_, from where
    the better one is refined or a new state is grown. What comes out takes the place of the
    nearest member that is no better.

    A sweep is one new state. The network has couplings of any sign and one `Cardinality` group
    (or none), which every member keeps; or it is a partition into k parts: a `OneHot` group of k
    labels for each vertex, a `Linear` range of the weight for each label, and couplings that
    depend on whether two vertices have the same label. These are refined pair by pair of parts,
    and by chains of moves between all of them.

    References
    ----------
    .. [1] M. Holtgrewe, P. Sanders, C. Schulz, "Engineering a scalable high quality graph
       partitioner", IPDPS 2010, section 3.1.
    .. [2] C. M. Fiduccia, R. M. Mattheyses, "A linear-time heuristic for improving network
       partitions", DAC 1982.
    .. [3] P. Sanders, C. Schulz, "Distributed evolutionary graph partitioning", ALENEX 2012,
       section 4.1.

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> path = ho.problems.GraphBipartition([(i, i + 1) for i in range(9)])
    >>> ho.solve(path, method="multilevel", seed=0).value
    1.0
    """

    name: ClassVar[str] = "multilevel"
    summary: ClassVar[str] = "contract, refine and recombine (balanced cuts into two parts or more)"
    keeps: ClassVar[frozenset[type[Group]]] = frozenset((Cardinality, OneHot, Linear))
    keeps_alone: ClassVar[frozenset[type[Group]] | None] = frozenset((Cardinality,))
    keeps_overlaps: ClassVar[bool] = True
    needs_start: ClassVar[bool] = False
    bytes_per_spin: ClassVar[int] = 24
    finish_sweeps: ClassVar[int] = 0

    def misfit(self, network: Hamiltonian | Network) -> str:
        """Return which groups a network must have, and has not; "" if it is served."""
        return "" if isinstance(network, Network) else misfit(network)

    def default_sweeps(self, network: Hamiltonian) -> int:
        """Return the steps of a run without a budget: a second or so."""
        steps = DEFAULT_UPDATES // max(1, network.num_spins)
        return int(np.clip(steps, 2 * POOL, DEFAULT_STEPS))

    def batch(self, network: Hamiltonian) -> int:
        """Return the members of one pool."""
        return POOL

    def default_replicas(self, network: Hamiltonian) -> int:
        """Return one pool."""
        return POOL

    def proposal_cost(self, network: Hamiltonian) -> int:
        """Return what a proposal costs: a sweep contracts and refines a network."""
        return STEP_COST

    def init(self, network: Hamiltonian, start: Spins, seed: np.random.SeedSequence) -> Pool:
        """Return the pool of the states that are refined from `start` (R, N)."""
        own, words = seed.spawn(2)
        generator, stream = np.random.default_rng(own), rng.words_of(words, 4)
        clusters = cluster_network(network)
        members = np.empty((len(start), len(clusters.finest.sizes)), np.int8)
        for k, spins in deadline.check_each(enumerate(start)):
            members[k] = clusters.start(spins, generator, stream)
            if not clusters.holds(members[k]):
                layout = layout_of(network, 1)
                rows = rng.words_of(own, layout.rng_words(1))
                repaired = layout.feasible_start(clusters.spins(members[k : k + 1]), rows)
                if repaired is not None:
                    members[k] = clusters.start(repaired[0], generator, stream)
        pool = Pool(
            clusters,
            members,
            np.zeros(len(start), dtype=np.int64),
            np.zeros(len(start)),
            generator,
            stream,
        )
        for k, member in enumerate(members):
            pool.put(k, member, clusters.level(member))
        return pool

    def advance(self, state: Pool, sweeps: int, horizon: int) -> Pool:
        """Return the pool after so many new states; it does not matter how many are to come."""
        for _ in range(sweeps):
            if state.converged:
                break
            if state.sweeps < len(state.members):
                state.fill()
            else:
                state.improve()
            state = state._replace(sweeps=state.sweeps + 1)
        return state

    def finish(self, state: Pool) -> Pool:
        """Return the pool as it is: each member is a local minimum within the range."""
        return state
