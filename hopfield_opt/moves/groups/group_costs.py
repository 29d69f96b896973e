"""What a set of flips would change in the energy of a network with groups."""

import numpy as np

from hopfield_opt.jit import borrowing_part, inlined
from hopfield_opt.moves.groups.offsets import (
    ENTRY_COLUMN,
    ENTRY_LOCAL,
    ENTRY_PART,
    ENTRY_PTR,
    ENTRY_ROW,
    FACTOR,
    FORM,
    FORM_COEFFICIENT,
    FORM_OF,
    FORM_PTR,
    FORM_VALUE,
    LINK_PTR,
    LINK_SPIN,
    LINK_WEIGHT,
    P_PTR,
    P_ROW,
    P_VALUE,
    Q_COLUMN,
    Q_PTR,
    Q_VALUE,
)


@inlined
def _search(ptr, start, row, wanted, ints):
    """Return the number of the entry `wanted` in a row of a sparse matrix, -1 without one."""
    first, last = start + ints[ptr + row], start + ints[ptr + row + 1]
    end = last
    while first < last:
        middle = (first + last) >> 1
        if ints[middle] < wanted:
            first = middle + 1
        else:
            last = middle
    return first - start if first < end and ints[first] == wanted else np.int64(-1)


@borrowing_part
def _coupling(k, m, at, ints, floats):
    """Return W[k, m] of the explicit and Kronecker parts, k != m."""
    p = _search(at[LINK_PTR], at[LINK_SPIN], k, m, ints)
    weight = floats[at[LINK_WEIGHT] + p] if p >= 0 else 0.0
    for e in range(ints[at[ENTRY_PTR] + k], ints[at[ENTRY_PTR] + k + 1]):
        for f in range(ints[at[ENTRY_PTR] + m], ints[at[ENTRY_PTR] + m + 1]):
            if ints[at[ENTRY_PART] + e] == ints[at[ENTRY_PART] + f]:
                row, other = np.int64(ints[at[ENTRY_ROW] + e]), np.int64(ints[at[ENTRY_ROW] + f])
                p = _search(at[P_PTR], at[P_ROW], row, other, ints)
                row, other = (
                    np.int64(ints[at[ENTRY_COLUMN] + e]),
                    np.int64(ints[at[ENTRY_LOCAL] + f]),
                )
                q = _search(at[Q_PTR], at[Q_COLUMN], row, other, ints)
                if p >= 0 and q >= 0:
                    value = floats[at[P_VALUE] + p] * floats[at[Q_VALUE] + q]
                    weight += value * floats[at[FACTOR] + e] * floats[at[FACTOR] + f]
    return weight


@borrowing_part
def _forms_cost(flips, used, sign, at, ints, floats, s, fields, steps):
    """Return what the factored parts add to the cost; `steps` is zero before and after."""
    cost = 0.0
    for f in range(used):
        k = flips[f]
        change = -2.0 * sign * s[k]
        for e in range(ints[at[FORM_PTR] + k], ints[at[FORM_PTR] + k + 1]):
            form = ints[at[FORM_OF] + e]
            step = floats[at[FORM_VALUE] + e] * change
            # c (y + step)^2 - c y^2, where y has the steps before in it
            before = fields[at[FORM] + form] + steps[form]
            cost += floats[at[FORM_COEFFICIENT] + form] * step * (2.0 * before + step)
            steps[form] += step
    for f in range(used):
        for e in range(ints[at[FORM_PTR] + flips[f]], ints[at[FORM_PTR] + flips[f] + 1]):
            steps[ints[at[FORM_OF] + e]] = 0.0
    return cost


@inlined
def cost_of(flips, used, sign, pairs, at, ints, floats, s, fields, steps):
    """Return ``2 sum s_k h_k - 4 sum_{k<m} W_km s_k s_m``; `sign` -1: s is flipped already.

    `steps` are zeros, one for each form, or None where there are no forms.
    """
    cost = 0.0
    for f in range(used):
        cost += 2.0 * sign * s[flips[f]] * fields[flips[f]]
    if pairs:
        for f in range(1, used):
            for g in range(f):
                k, m = flips[f], flips[g]
                cost -= 4.0 * s[k] * s[m] * _coupling(k, m, at, ints, floats)
    if steps is not None:
        cost += _forms_cost(flips, used, sign, at, ints, floats, s, fields, steps)
    return cost
