"""A diagonal that makes a spin form positive semidefinite, by low-rank coordinate descent.

The semidefinite relaxation puts a unit vector in the place of each spin: ``max sum W_ij v_i.v_j``
(Goemans & Williamson 1995). In turn each vector is set along what its neighbours make,
``v_i = g_i / |g_i|`` with ``g_i = sum_j W_ij v_j`` (the mixing method: Wang, Chang & Kolter 2017).
At the optimum the lengths ``|g_i|`` are the diagonal D of the dual, with ``D - W`` positive
semidefinite. Elsewhere a multiple of the identity is missing: a shift, doubled until it suffices.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse

from hopfield_opt import deadline
from hopfield_opt.bounds.mixing import mix
from hopfield_opt.bounds.spin_form import SpinForm

# a Cholesky factorisation of so many rows takes some seconds, and 30 MB
MOST_ROWS = 2000
# the squares of numbers in between are numbers
SMALLEST, LARGEST = 1e-150, 1e150
# how fast the shift grows
STEP = 2.0
# sweeps between looks at the time, and the change of the objective that ends the descent
BLOCK, CHANGE = 8, 1e-9


def load_kernel() -> None:
    """Have the kernel ready, so that nobody waits for it."""
    empty = np.zeros(0)
    mix(np.zeros(1, np.int32), np.zeros(0, np.int32), empty, np.zeros((0, 1)), empty, empty, 0)


def find_diagonal(form: SpinForm, remaining: Callable[[], float]) -> dict[str, Any] | None:
    """Return a diagonal and a shift, as `SpinForm.diagonal_proves` takes them; None without time.

    Parameters
    ----------
    form : SpinForm
        The couplings.
    remaining : callable
        Returns the seconds that are left: half of them are for the descent.
    """
    size = len(form.fields) + any(form.fields)
    if not 1 < size <= MOST_ROWS or not SMALLEST < form.largest < LARGEST:
        return None
    deadline.check(size**3 / 30)
    matrix = form.matrix()
    whole = remaining()
    rows = scipy.sparse.csr_array(matrix)
    rank = math.ceil(math.sqrt(2 * size)) + 1
    vectors = np.random.default_rng(0).normal(size=(size, rank))
    vectors /= np.linalg.norm(vectors, axis=1)[:, None]
    lengths, field, total = np.zeros(size), np.empty(rank), -np.inf
    while remaining() > whole / 2:
        mix(rows.indptr, rows.indices, rows.data, vectors, lengths, field, BLOCK)
        before, total = total, float(lengths.sum())
        if abs(total - before) <= CHANGE * total:
            break
    shift = 1e-8 * float(lengths.mean())
    while not form.is_dominated(lengths, shift):
        deadline.check(size**3 / 30)
        shift *= STEP
        if not 0 < shift < 1e200:
            return None
    return {"diagonal": lengths, "shift": np.float64(shift)}
