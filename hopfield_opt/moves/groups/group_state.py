"""Where a replica with groups stands, kept up to date: spins, lists, local fields, sums."""

import numpy as np

from hopfield_opt.jit import borrowing_part, inlined
from hopfield_opt.moves.groups.offsets import (
    COLUMN,
    COLUMN_OF,
    COUNT,
    ENTRY_COLUMN,
    ENTRY_PTR,
    ENTRY_ROW,
    FACTOR,
    FIRST,
    FORM,
    FORM_COEFFICIENT,
    FORM_OF,
    FORM_PTR,
    FORM_VALUE,
    GROUP,
    HIGH,
    KIND,
    LINE,
    LINK_PTR,
    LINK_SPIN,
    LINK_WEIGHT,
    LISTED,
    NUM_COUNTS,
    NUM_FORMS,
    NUM_SPINS,
    ON,
    ORDER,
    OWN,
    P_BASE,
    P_PTR,
    P_VALUE,
    PLACE,
    PLACE_SPIN,
    POSITION,
    Q_COLUMN,
    Q_PTR,
    Q_VALUE,
    RANGE_COEFFICIENT,
    RANGE_FIRST,
    RANGE_OF,
    RANGE_PTR,
    ROW,
    ROW_OF,
    SCALE,
    SLOT,
    THRESHOLD,
    TOTAL,
)


@inlined
def _bring(lists, order, position, k, target):
    """Bring member k to place `target` of the list that begins at `order`."""
    other, here = lists[order + target], lists[position + k]
    lists[order + here], lists[position + other] = other, here
    lists[order + target], lists[position + k] = k, target


@borrowing_part
def toggle(k, at, ints, floats, s, lists, fields):
    """Flip spin k, in the lists of its groups too; the local fields are left as they are."""
    s[k] = -s[k]
    on = s[k] > 0
    g = ints[at[GROUP] + k]
    if ints[at[KIND] + k] == COUNT:
        last = at[ON] + g
        lists[last] -= not on
        _bring(lists, at[ORDER], at[POSITION], k, np.int64(ints[at[FIRST] + g] + lists[last]))
        lists[last] += on
    elif ints[at[KIND] + k] == PLACE and on:
        line = ints[at[LINE] + g - at[NUM_COUNTS]]
        r, c = ints[at[ROW_OF] + k], ints[at[COLUMN_OF] + k]
        lists[at[COLUMN] + line + r] = c
        lists[at[ROW] + line + c] = r
    for e in range(np.int64(ints[at[RANGE_PTR] + k]), np.int64(ints[at[RANGE_PTR] + k + 1])):
        g, c = ints[at[RANGE_OF] + e], floats[at[RANGE_COEFFICIENT] + e]
        fields[at[TOTAL] + g] += c if on else -c
        high, last = on == (c > 0), at[HIGH] + g
        lists[last] -= not high
        target = np.int64(ints[at[RANGE_FIRST] + g] + lists[last])
        _bring(lists, at[LISTED], at[SLOT], e, target)
        lists[last] += high


@borrowing_part
def push_fields(k, change, at, ints, floats, fields):
    """Add to local fields and forms what the change of spin k adds."""
    for p in range(ints[at[LINK_PTR] + k], ints[at[LINK_PTR] + k + 1]):
        fields[ints[at[LINK_SPIN] + p]] += floats[at[LINK_WEIGHT] + p] * change
    for e in range(ints[at[ENTRY_PTR] + k], ints[at[ENTRY_PTR] + k + 1]):
        row, column = ints[at[ENTRY_ROW] + e], ints[at[ENTRY_COLUMN] + e]
        first, last = ints[at[Q_PTR] + column], ints[at[Q_PTR] + column + 1]
        own = floats[at[FACTOR] + e] * change
        if last == first + 1:  # A (x) 1
            here, own = ints[at[Q_COLUMN] + first], own * floats[at[Q_VALUE] + first]
            for p in range(ints[at[P_PTR] + row], ints[at[P_PTR] + row + 1]):
                place = ints[at[P_BASE] + p] + here
                push = floats[at[P_VALUE] + p] * floats[at[SCALE] + place]
                fields[ints[at[PLACE_SPIN] + place]] += push * own
            last = first
        many = ints[at[P_PTR] + row + 1] if last > first else ints[at[P_PTR] + row]
        for p in range(ints[at[P_PTR] + row], many):
            base = ints[at[P_BASE] + p]
            push = floats[at[P_VALUE] + p] * own
            for q in range(first, last):
                place = base + ints[at[Q_COLUMN] + q]
                value = floats[at[Q_VALUE] + q] * floats[at[SCALE] + place]
                fields[ints[at[PLACE_SPIN] + place]] += push * value
        fields[k] -= floats[at[OWN] + e] * change
    for e in range(ints[at[FORM_PTR] + k], ints[at[FORM_PTR] + k + 1]):
        fields[at[FORM] + ints[at[FORM_OF] + e]] += floats[at[FORM_VALUE] + e] * change


@inlined
def turn_on(i, j, first, at, ints, floats, s, lists, fields):
    """Move the spin that is on in a one-hot group from j to i."""
    s[i], s[j] = 1, -1
    place = lists[at[POSITION] + i]
    lists[at[ORDER] + place], lists[at[POSITION] + j] = j, place
    lists[at[ORDER] + first], lists[at[POSITION] + i] = i, first
    push_fields(i, 2.0, at, ints, floats, fields)
    push_fields(j, -2.0, at, ints, floats, fields)


@borrowing_part
def refresh(at, ints, floats, s, fields):
    """Compute local fields and forms afresh."""
    for k in range(at[NUM_SPINS]):
        fields[k] = -floats[at[THRESHOLD] + k]
    fields[at[NUM_SPINS] : at[TOTAL]] = 0.0
    for k in range(at[NUM_SPINS]):
        push_fields(k, np.float64(s[k]), at, ints, floats, fields)


@borrowing_part
def energy_of(at, ints, floats, s, fields):
    """Return the energy, without constants, that belongs to the fields and forms."""
    total = 0.0
    for k in range(at[NUM_SPINS]):
        total += 0.5 * s[k] * (floats[at[THRESHOLD] + k] - fields[k])
    for form in range(at[NUM_FORMS]):
        total += floats[at[FORM_COEFFICIENT] + form] * fields[at[FORM] + form] ** 2
    return total
