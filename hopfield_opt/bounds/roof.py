"""Roof duality: the largest flow in the network of literals, by scipy."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import scipy.sparse

from hopfield_opt import deadline
from hopfield_opt.bounds.spin_form import SpinForm

# scipy's flow is in int32, and may be twice a capacity on the way back
LARGEST_TOTAL = 2**30


def roof_flow(form: SpinForm) -> dict[str, Any] | None:
    """Return a flow in the network of a spin form, as `SpinForm.flow_proves` takes it.

    Capacities are rounded down to multiples of a power of 2, so that what flows would flow
    through the exact ones, too. None where nothing can flow.
    """
    from scipy.sparse.csgraph import maximum_flow

    n, count = len(form.fields), len(form.couplings)
    total = sum(form.sizes[count:])
    if not total or not 1e-200 < (most := max(total, form.largest)) < 1e200:
        return None
    deadline.check(100 * count)
    power = math.frexp(LARGEST_TOTAL / float(most))[1] - 1
    scale = Fraction(2) ** power
    capacities = np.array([math.floor(one * scale) for one in form.sizes], dtype=np.int32)
    couplings, pulls = capacities[:count], capacities[count:]
    (a, b), favoured = form.ends(), form.favoured()
    other, source, sink = (favoured + n) % (2 * n), 2 * n, 2 * n + 1
    both = np.concatenate([couplings, couplings])
    starts = [a.ravel(), b.ravel(), np.full(n, source), other]
    ends = [b.ravel(), a.ravel(), favoured, np.full(n, sink)]
    where = tuple(np.concatenate(one).astype(np.int32) for one in (starts, ends))
    data = np.concatenate([both, both, pulls, pulls])
    network = scipy.sparse.coo_array((data, where), shape=(2 * n + 2, 2 * n + 2)).tocsr()
    flow = scipy.sparse.csr_array(maximum_flow(network, source, sink).flow)
    return {
        "between": _entries(flow, a.ravel(), b.ravel()).reshape(a.shape),
        "inwards": np.stack(
            [_entries(flow, np.full(n, source), favoured), _entries(flow, other, np.full(n, sink))]
        ),
        "power": np.int64(power),
    }


def _entries(flow: scipy.sparse.csr_array, rows: Any, columns: Any) -> Any:
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    return np.asarray(flow[rows, columns]).ravel().astype(np.int64)
