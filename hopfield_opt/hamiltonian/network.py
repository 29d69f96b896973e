"""Networks without an energy, and energies without a matrix."""

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt.arrays import (
    FloatArray,
    Frozen,
    Matrix,
    blockwise,
    check_spins,
    check_square,
    check_vector,
)
from hopfield_opt.frames import in_order_of, square_frame


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Network(Frozen):
    """A network of threshold units with any square weights: a local field, and no energy.

    Sequence memories and antisymmetric weights are of this kind. Self-couplings are kept.

    Parameters
    ----------
    weights : (N, N) array or sparse matrix, finite
        ``W_ij``, from unit j to unit i; copied, a dense one stays dense, anything sparse
        becomes CSR.
    thresholds : (N,) array or float, optional
        The input above which a unit turns on, 0 if None.

    Raises
    ------
    InputError
        If `weights` is not square, or an entry is not finite, naming the entry.

    Examples
    --------
    Unit 0 drives unit 1, unit 1 inhibits unit 0:

    >>> network = Network([[0, -1], [1, 0]])
    >>> network.local_field([1, 1])
    array([-1.,  1.])
    """

    weights: Matrix
    thresholds: FloatArray

    def __init__(self, weights: Any, thresholds: ArrayLike | None = None) -> None:
        labels, square = square_frame("weights", weights)
        own = check_square("weights", square)
        given = 0.0 if thresholds is None else in_order_of("thresholds", thresholds, labels)
        self._set(weights=own, thresholds=check_vector("thresholds", given, own.shape[0]))

    @property
    def num_spins(self) -> int:
        """The number of units N."""
        return int(self.weights.shape[0])

    def local_field(self, states: ArrayLike) -> FloatArray:
        """Return ``W s - thresholds`` for a state (N,) or states (R, N), in their shape."""
        spins = check_spins("states", states, self.num_spins)
        rows = np.atleast_2d(spins)
        field = blockwise(lambda s: np.asarray((self.weights @ s.T).T), rows, self.num_spins)
        return np.asarray(field - self.thresholds).reshape(spins.shape)

    def __repr__(self) -> str:
        kind = "dense" if isinstance(self.weights, np.ndarray) else "sparse"
        return f"Network({self.num_spins} spins, {kind} weights)"


@runtime_checkable
class EnergyFunction(Protocol):
    """An energy of spins and what each flip changes: all that recall and labels need."""

    def energy(self, states: ArrayLike) -> Any:
        """Return the energy of a state (N,) as a float, of states (R, N) as an array (R,)."""

    def flip_energy(self, states: ArrayLike) -> FloatArray:
        """Return by how much a flip of each spin alone changes the energy, as `states`."""
