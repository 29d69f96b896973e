"""Which kernel serves a network, and one way to speak to all of them."""

from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.couplings import Explicit
from hopfield_opt.groups import Group, Linear
from hopfield_opt.hamiltonian import Hamiltonian, Network
from hopfield_opt.moves import single
from hopfield_opt.rng import stream

Words = NDArray[np.uint64]

# Factored and Kronecker couplings of a network without groups are expanded for the fast kernels
# up to so many entries; beyond, the kernel that keeps them as they are takes over.
MOST_EXPANDED = 4_000_000


class Layout(Protocol):
    """Couplings, thresholds and groups as one kernel wants them, and replicas in its order."""

    def rng_words(self, replicas: int) -> int:
        """Return how many random words start the streams of so many replicas."""
        ...

    def allocate(self, states: NDArray[np.int8], rng: Words) -> Any:
        """Return the replicas that begin at states (R, N), repaired where a group asks for it."""
        ...

    def extract(self, lanes: Any, replicas: int) -> NDArray[np.int8]:
        """Return the states (R, N) of the first `replicas`."""
        ...

    def spins(self, lanes: Any, replica: int) -> NDArray[np.int8]:
        """Return the state (N,) of one replica."""
        ...

    def sweep_block(
        self, lanes: Any, betas: NDArray[np.float64], rng: Words, rule: int = 0, order: int = 0
    ) -> NDArray[np.float64]:
        """Sweep in place at betas (S, 1) or (S, R); return energies without the offset."""
        ...

    def select(self, lanes: Any, parents: NDArray[np.int64]) -> None:
        """Give replica r the state of replica ``parents[r]``, in place."""
        ...


@dataclass(frozen=True, eq=False)
class FreeSpins:
    """Single flips, replicas side by side: the fast kernels for networks without groups."""

    kernel: Any
    replicas: int
    constant: float = 0.0  # what the diagonals of factored and Kronecker terms add to all energies

    def rng_words(self, replicas: int) -> int:
        """Return how many random words start the streams of so many replicas."""
        return single.rng_words(-(-replicas // single.LANES) * single.LANES)

    def allocate(self, states: NDArray[np.int8], rng: Words) -> NDArray[np.int8]:
        """Return the lanes (N, L) that begin at states (R, N)."""
        return single.allocate(states)

    def extract(self, lanes: NDArray[np.int8], replicas: int) -> NDArray[np.int8]:
        """Return the states (R, N) of the first `replicas`."""
        return single.extract(lanes, replicas)

    def spins(self, lanes: NDArray[np.int8], replica: int) -> NDArray[np.int8]:
        """Return the state (N,) of one replica."""
        return lanes[:, replica].copy()

    def sweep_block(
        self,
        lanes: NDArray[np.int8],
        betas: NDArray[np.float64],
        rng: Words,
        rule: int = single.METROPOLIS,
        order: int = single.RANDOM,
    ) -> NDArray[np.float64]:
        """Sweep in place at betas (S, 1) or (S, R); return energies (L,) without the offset."""
        if betas.shape[1] > 1:  # what only fills the lanes goes on as the first replicas do
            betas = betas[:, np.arange(lanes.shape[1]) % self.replicas]
        energies = single.sweep_block(
            self.kernel, lanes, betas, rng, rule, order, replicas=self.replicas
        )
        return energies + self.constant

    def select(self, lanes: NDArray[np.int8], parents: NDArray[np.int64]) -> None:
        """Give replica r the state of replica ``parents[r]``, in place."""
        lanes[:, : len(parents)] = lanes[:, parents]


_layouts: WeakKeyDictionary[Any, dict[bool, Layout]] = WeakKeyDictionary()
_lock = Lock()


def layout_of(network: Hamiltonian | Network, replicas: int, *, sampling: bool = False) -> Layout:
    """Return the layout that serves so many replicas of a network.

    Without groups the kernels for single flips; for one permutation block the one that moves
    permutations; for any other mix of groups the general one. Large networks of factors that
    nobody expands are swept block by block.

    Parameters
    ----------
    network : Hamiltonian or Network
        What is to be moved.
    replicas : int
        How many states side by side.
    sampling : bool
        Whether the states must follow Boltzmann's law: decisions then take 32 random bits
        instead of 16, and every proposal is as likely as its way back.
    """
    groups: tuple[Group, ...] = getattr(network, "groups", ())
    if not groups and not is_large(network):
        kernel = single.prepare(network, precise=sampling, replicas=replicas)
        constant = sum(term.constant for term in getattr(network, "couplings", ()))
        return FreeSpins(kernel, replicas, constant)
    assert isinstance(network, Hamiltonian)  # a Network has neither groups nor implicit couplings
    # imported here: most networks have no groups, and these kernels take a while to load
    from hopfield_opt.moves.groups.layout import GroupedLayout
    from hopfield_opt.moves.permutation import layout as permutation
    from hopfield_opt.moves.single import factored_blocks

    with _lock:  # two threads that start together share one layout
        known = _layouts.setdefault(network, {})
        if sampling not in known:
            if factored_blocks.accepts(network):
                known[sampling] = factored_blocks.FactoredBlocks.build(network)
            else:
                whole = permutation.accepts(network)
                build = permutation.build if whole else GroupedLayout.build
                known[sampling] = build(network, uniform=sampling)
        return known[sampling]


def has_start(hamiltonian: Hamiltonian) -> bool:
    """Whether a state in which all groups hold is found at once."""
    if not any(isinstance(group, Linear) for group in hamiltonian.groups):
        return True  # the disjoint kinds are repaired in one pass
    layout: Any = layout_of(hamiltonian, 1)
    state = np.full((1, hamiltonian.num_spins), -1, dtype=np.int8)
    return layout.feasible_start(state, stream(0, words=layout.rng_words(1))) is not None


def is_large(network: Hamiltonian | Network) -> bool:
    """Whether couplings that are kept as factors are too many to be expanded."""
    return any(
        not isinstance(term, Explicit) and term.num_couplings() > MOST_EXPANDED
        for term in getattr(network, "couplings", ())
    )
