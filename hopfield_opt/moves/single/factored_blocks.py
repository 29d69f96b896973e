"""Single flips in large networks whose couplings are factors, by products of matrices.

With ``E = sum_k c_k m_k^2 + thresholds . s`` and the forms ``m = A s`` a block of B units in R
replicas needs ``A_block' (c m)`` for its fields and ``m += A_block (change of s)`` afterwards: two
products of matrices, which a processor does tens of times faster than one field after another.
W (N, N) is never formed, only the (B, B) part of it that belongs to a block.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import FloatArray, IntArray, SpinArray, WordArray
from hopfield_opt.couplings import Factored
from hopfield_opt.moves import single
from hopfield_opt.moves.base import Layout
from hopfield_opt.moves.single import factored_kernel
from hopfield_opt.xoshiro import shuffle

# Units of a block. The products run at full speed from about 50 rows on; the couplings within
# the block cost N B K a sweep, as much as 32 replicas.
BLOCK = 64
# Whole numbers up to this are exact in single precision, and their sums with them.
SINGLE = 2**24


@dataclass(frozen=True, eq=False)
class FactoredBlocks(Layout):
    """Factored couplings, a row for each unit.

    Attributes
    ----------
    columns : (N, K) float32 or float64
        ``A'``. Single precision where all products are whole numbers, and so exact.
    scales : (K,) float
        ``c``, relative to `unit`.
    own : (N,) float
        ``sum_k c_k A_ki^2``, relative to `unit`.
    thresholds : (N,) float64
        Of the units.
    unit : float
        What fields and energies are measured in.
    """

    dear: ClassVar[bool] = True

    columns: NDArray[Any]
    scales: NDArray[Any]
    own: NDArray[Any]
    thresholds: FloatArray
    unit: float

    @classmethod
    def build(cls, network: Any) -> Self:
        """Return the layout of a Hamiltonian that `accepts` takes."""
        term: Any = network.couplings[0]
        rows, scales, unit = term.rows, term.coefficients, 1.0
        kind: Any = np.float64
        if len(scales) and (scales == scales[0]).all() and scales[0]:
            unit, scales = float(scales[0]), np.ones(len(scales))
            if _whole(rows):
                kind = np.float32
        columns = np.array(rows.T, dtype=kind, order="C")
        own = (columns**2 @ scales.astype(kind)).astype(kind)
        return cls(columns, scales.astype(kind), own, np.array(network.thresholds), unit)

    def rng_words(self, replicas: int) -> int:
        """Return how many random words start the streams of so many replicas."""
        return factored_kernel.RNG_WORDS

    def allocate(self, states: SpinArray, rng: WordArray) -> SpinArray:
        """Return the lanes (N, R) that begin at states (R, N)."""
        return np.array(states.T, dtype=np.int8, order="C")

    def extract(self, lanes: SpinArray, replicas: int) -> SpinArray:
        """Return the states (R, N) of the first `replicas`."""
        return np.ascontiguousarray(lanes[:, :replicas].T)

    def spins(self, lanes: SpinArray, replica: int) -> SpinArray:
        """Return the state (N,) of one replica."""
        return lanes[:, replica].copy()

    def select(self, lanes: SpinArray, parents: IntArray) -> None:
        """Give replica r the state of replica ``parents[r]``, in place."""
        lanes[:] = lanes[:, parents]

    def assign(self, lanes: SpinArray, spins: SpinArray) -> None:
        """Give every replica the state `spins` (N,), in place."""
        lanes[:] = spins[:, None]

    def costs(self, lanes: SpinArray, rng: WordArray) -> FloatArray:
        """Return the costs of all flips (R, N): the temperatures of a schedule follow from them."""
        pull = self.columns @ (self.scales[:, None] * self._forms(lanes))
        field = -2.0 * self.unit * (pull - self.own[:, None] * lanes).astype(np.float64)
        return np.asarray((2.0 * lanes * (field - self.thresholds[:, None])).T)

    def sweep_block(
        self,
        lanes: SpinArray,
        betas: FloatArray,
        rng: WordArray,
        rule: int = single.METROPOLIS,
        order: int = single.RANDOM,
    ) -> FloatArray:
        """Sweep in place at betas (S, 1) or (S, R); return energies (R,) without the offset."""
        forms = self._forms(lanes)
        for done, row in enumerate(np.asarray(betas, dtype=np.float64)):
            if done and self.columns.dtype == np.float64:
                # rounding must not depend on how sweeps are split into calls
                forms = self._forms(lanes)
            plan = np.arange(len(lanes))
            if order == single.RANDOM:
                shuffle(plan, rng)
            each = np.ascontiguousarray(np.broadcast_to(row, lanes.shape[1:]))
            for first in range(0, len(plan), BLOCK):
                units = plan[first : first + BLOCK]
                self._visit(units, lanes, forms, each, rule == single.HEAT_BATH, rng)
        exact = forms.astype(np.float64)
        squares = self.scales.astype(np.float64) @ exact**2
        return np.asarray(self.unit * squares + self.thresholds @ lanes)

    def _forms(self, lanes: SpinArray) -> NDArray[Any]:
        """Return ``A s`` (K, R)."""
        forms = np.zeros((self.columns.shape[1], lanes.shape[1]), dtype=self.columns.dtype)
        for first in range(0, len(lanes), 1024):  # the spins as floats need not all be there
            part = slice(first, first + 1024)
            forms += self.columns[part].T @ lanes[part].astype(self.columns.dtype)
        return forms

    def _visit(
        self,
        units: IntArray,
        lanes: SpinArray,
        forms: NDArray[Any],
        betas: FloatArray,
        heat_bath: bool,
        rng: WordArray,
    ) -> None:
        """Ask the units of a block in all replicas; keep the forms true."""
        rows, spins = self.columns[units], lanes[units]
        pull = rows @ (forms if self._plain else self.scales[:, None] * forms)
        # in units of `_step`: whole numbers stay whole, so that ties are found as such
        step, sign = self._step, -1.0 if self.unit > 0 else 1.0
        field = sign * (pull - self.own[units].reshape(-1, 1) * spins).astype(np.float64)
        field -= self.thresholds[units].reshape(-1, 1) / step
        if np.isinf(betas).all() and not (spins * field < 0).any():
            return
        weights = sign * ((rows * self.scales) @ rows.T).astype(np.float64)
        steps = np.empty_like(field)
        if factored_kernel.decide(weights, field, spins, betas * step, heat_bath, rng, steps):
            lanes[units] = spins
            forms += rows.T @ steps.astype(rows.dtype)

    @property
    def _step(self) -> float:
        """What the fields of a block are measured in: W is `_step` times whole numbers."""
        return 2.0 * abs(self.unit)

    @property
    def _plain(self) -> bool:
        """Whether all squares weigh the same."""
        return self.columns.dtype == np.float32


def accepts(network: Any) -> bool:
    """Whether this layout serves a network: one dense factored term, and no groups."""
    terms: tuple[Any, ...] = getattr(network, "couplings", ())
    return (
        len(terms) == 1
        and isinstance(terms[0], Factored)
        and isinstance(terms[0].rows, np.ndarray)
        and not network.groups
    )


def _whole(rows: FloatArray) -> bool:
    """Whether all products are whole numbers that single precision holds exactly."""
    reach = np.abs(rows).sum(axis=1)
    field = float((np.abs(rows) * reach[:, None]).sum(axis=0).max(initial=0.0))
    return bool(field < SINGLE and (rows == np.rint(rows)).all())
