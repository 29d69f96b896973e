"""Sparse weights (preliminary plain kernel; the signature is final)."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.jit import njit


@njit
def _sweeps(indptr, indices, data, thresholds, states, betas, rng, rule, order):
    num_spins, lanes = states.shape
    visits = np.arange(num_spins)
    h = np.empty(lanes)
    for s in range(len(betas)):
        for i in range(num_spins):
            visits[i] = i
        if order == 0:
            for i in range(num_spins - 1, 0, -1):
                x = rng[0]
                x ^= x << np.uint64(13)
                x ^= x >> np.uint64(7)
                x ^= x << np.uint64(17)
                rng[0] = x
                j = np.int64((x >> np.uint64(32)) * np.uint64(i + 1) >> np.uint64(32))
                visits[i], visits[j] = visits[j], visits[i]
        for i in visits:
            h[:] = -thresholds[i]
            for p in range(indptr[i], indptr[i + 1]):
                for r in range(lanes):
                    h[r] += data[p] * states[indices[p], r]
            if order == 2:
                continue
            for r in range(lanes):
                x = rng[0]
                x ^= x << np.uint64(13)
                x ^= x >> np.uint64(7)
                x ^= x << np.uint64(17)
                rng[0] = x
                u = ((x >> np.uint64(11)) + 0.5) * 2.0**-53
                change = 2.0 * states[i, r] * h[r]
                beta = betas[s, r if betas.shape[1] > 1 else 0]
                if math.isinf(beta):
                    flip = change < 0
                else:
                    y = math.exp(min(beta * change, 700.0))
                    flip = u * ((1.0 if rule == 1 else 0.0) + y) < 1.0
                if flip:
                    states[i, r] = -states[i, r]
        if order == 2:
            for r in range(lanes):
                for step in range(num_spins):
                    best, best_change = -1, 0.0
                    for i in range(num_spins):
                        field = -thresholds[i]
                        for p in range(indptr[i], indptr[i + 1]):
                            field += data[p] * states[indices[p], r]
                        if states[i, r] * field < best_change:
                            best, best_change = i, states[i, r] * field
                    if best < 0:
                        break
                    states[best, r] = -states[best, r]
    energies = np.zeros(lanes)
    for i in range(num_spins):
        h[:] = 0.0
        for p in range(indptr[i], indptr[i + 1]):
            for r in range(lanes):
                h[r] += data[p] * states[indices[p], r]
        for r in range(lanes):
            energies[r] += states[i, r] * (thresholds[i] - 0.5 * h[r])
    return energies


@dataclass(frozen=True, eq=False)
class SparseLayout:
    """Sparse weights in the order that the kernel wants."""

    indptr: NDArray[np.int64]
    indices: NDArray[np.int64]
    data: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    symmetric: bool

    @classmethod
    def build(
        cls, weights: Any, thresholds: Any, *, symmetric: bool = True, precise: bool = False
    ) -> "SparseLayout":
        """Return the layout of `weights` (dense or sparse) and `thresholds`."""
        csr = scipy.sparse.csr_array(weights)
        return cls(
            csr.indptr.astype(np.int64),
            csr.indices.astype(np.int64),
            csr.data.astype(np.float64),
            np.array(thresholds, dtype=np.float64),
            symmetric,
        )

    def sweep_block(
        self,
        states: NDArray[np.int8],
        betas: NDArray[np.float64],
        rng: NDArray[np.uint64],
        rule: int,
        order: int,
    ) -> NDArray[np.float64]:
        """Sweep in place and return the energies."""
        energies = _sweeps(
            self.indptr, self.indices, self.data, self.thresholds, states, betas, rng, rule, order
        )
        return energies if self.symmetric else np.full(states.shape[1], np.nan)
