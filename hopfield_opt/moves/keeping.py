"""What layouts share whose replicas are spins, and whose moves keep every group."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np

from hopfield_opt import deadline
from hopfield_opt.arrays import FloatArray, IntArray, SpinArray, WordArray
from hopfield_opt.errors import InputError
from hopfield_opt.groups import Group
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.base import Layout


class KeepingLanes(Protocol):
    """Replicas, and what follows from their spins; a row of each array for each."""

    @property
    def states(self) -> SpinArray:
        """(R, N) the spins."""
        ...

    @property
    def arrays(self) -> tuple[Any, ...]:
        """All arrays that go with a replica, its spins among them."""
        ...


@dataclass(frozen=True, eq=False)
class KeepingLayout(Layout):
    """A layout that repairs what it begins at, and stays within all groups."""

    dear: ClassVar[bool] = True

    hamiltonian: Hamiltonian

    @abstractmethod
    def settle(self, lanes: Any) -> None:
        """Fill what follows from the spins of all replicas."""

    @abstractmethod
    def sweep(
        self, lanes: Any, betas: Any, rng: WordArray, rule: int, order: int, costs: Any
    ) -> FloatArray:
        """Sweep as `sweep_block` does; the costs of the last proposals go to `costs` (R, any)."""

    def refuse(self, failed: Group) -> InputError:
        """Return the error that no state was found in which all groups hold."""
        return InputError(
            f"groups must have a state in which all of them hold, got none for {failed!r}. "
            "Check its bounds, or turn it into a penalty."
        )

    def most_violated(self, state: SpinArray) -> Group:
        """Return the group that a state (1, N) violates most."""
        amount = [group.violation(state)[0] for group in self.hamiltonian.groups]
        return self.hamiltonian.groups[int(np.argmax(amount))]

    def rng_words(self, replicas: int) -> int:
        """Return the number of random words that start the streams: four a replica."""
        return 4 * replicas

    def extract(self, lanes: KeepingLanes, replicas: int) -> SpinArray:
        """Return the states (R, N) of the first `replicas`."""
        return lanes.states[:replicas].copy()

    def spins(self, lanes: KeepingLanes, replica: int) -> SpinArray:
        """Return the state (N,) of one replica."""
        return np.array(lanes.states[replica])

    def select(self, lanes: KeepingLanes, parents: IntArray) -> None:
        """Give replica r the state of replica ``parents[r]``, in place."""
        for array in lanes.arrays:
            array[:] = array[parents]

    def assign(self, lanes: KeepingLanes, spins: SpinArray) -> None:
        """Give every replica the state `spins` (N,), in place."""
        lanes.states[:] = spins
        self.settle(lanes)

    def sweep_block(
        self, lanes: Any, betas: FloatArray, rng: WordArray, rule: int = 0, order: int = 0
    ) -> FloatArray:
        """Sweep in place, N proposals a sweep; return the energies (R,) without offset.

        Parameters
        ----------
        lanes : KeepingLanes
            From `allocate`, changed.
        betas : (S, 1) or (S, R) array
            The inverse temperature of each sweep; infinity is strict descent.
        rng : (4 R,) uint64 array
            The streams, changed.
        rule : int
            METROPOLIS, or HEAT_BATH: ``1 / (1 + exp(beta dE))`` for the whole move.
        order : int
            RANDOM: the spins that moves begin at are drawn; SEQUENTIAL: each once, by number.
        """
        return self.sweep(lanes, betas, rng, rule, order, np.empty((len(lanes.states), 0)))

    def costs(self, lanes: KeepingLanes, rng: WordArray, sweeps: int = 4) -> FloatArray:
        """Return the costs of proposals (R, N) at the end of a walk that accepts all of them.

        Walks `lanes` on at beta = 0, through random feasible states. From these costs the
        temperatures of a schedule follow, see `schedule_of`; nan: a proposal that was none.
        """
        costs = np.full(lanes.states.shape, np.nan)
        hot = np.zeros((1, 1))
        for _ in deadline.check_each(range(sweeps - 1)):
            self.sweep(lanes, hot, rng, 0, 0, costs[:, :0])
        deadline.check()
        self.sweep(lanes, hot, rng, 0, 0, costs)
        return costs
