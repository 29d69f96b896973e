"""Compiled moves that keep every group: one replica at a time, local fields kept up to date.

All functions that call each other stand in this file (a callee in another file would be loaded
stale from the cache). Every table is one run of `ints` or `floats`, and ``at[NAME]`` is where the
run begins: passing some sixty arrays from function to function costs seconds of compilation and
more time than a move. What the runs hold is said in `dynamics/grouped_layout.py`; of one
replica there are

    s       spins, -1 and +1
    lists   ORDER: members of counting groups, those that are on first; POSITION: of a spin in
            ORDER; ON: how many are on; COLUMN, ROW: the places of a permutation; LISTED: the
            entries of a Linear group, the high ones first; SLOT: of an entry in LISTED; HIGH:
            how many are high
    fields  explicit and Kronecker local fields minus thresholds, one more for holes; FORM: the
            values ``a_k . s``; TOTAL: the sums of the Linear groups
    w       the four words of a xoshiro256++ stream

An entry of a Linear group is *high* while it adds the larger of its two values to the sum.
"""

import math

import numba
import numpy as np

from hopfield_opt.jit import njit

# For the short functions of the innermost loop: a call costs as much as they do.
_inline = numba.njit(forceinline=True, nogil=True)

# fmt: off
(NUM_SPINS, NUM_COUNTS, NUM_BLOCKS, NUM_RANGES, NUM_FORMS,
 LINK_PTR, LINK_SPIN, LINK_WEIGHT,
 P_PTR, P_ROW, P_VALUE, P_BASE, Q_PTR, Q_COLUMN, Q_VALUE, PLACE_SPIN, SCALE,
 ENTRY_PTR, ENTRY_PART, ENTRY_ROW, ENTRY_COLUMN, ENTRY_LOCAL, FACTOR, OWN,
 FORM_PTR, FORM_OF, FORM_VALUE, FORM_COEFFICIENT, THRESHOLD,
 PLAIN, KIND, GROUP, FIRST, MEMBERS, MODE, LOWER, UPPER, LINKED, NEAR_PTR, NEAR,
 SIZE, ORIGIN, LINE, SPIN_AT, ALLOWED, OPEN_PTR, OPEN_COLUMN, CYCLES, ROW_OF, COLUMN_OF,
 RANGE_PTR, RANGE_OF, RANGE_COEFFICIENT, RANGE_SPIN, RANGE_FIRST, RANGE_MEMBERS,
 RANGE_LOWER, RANGE_UPPER, RANGE_SCALE,
 ORDER, POSITION, ON, COLUMN, ROW, LISTED, SLOT, HIGH, FORM, TOTAL) = range(69)
# fmt: on

FREE, COUNT, PLACE = 0, 1, 2
EXCHANGE, AT_MOST_ONE, RANGE = 0, 1, 2
HEAT_BATH = 1
RANDOM = 0
# A proposal that is not mended after so many further moves is given up.
REPAIRS = 12
# Members of a range that are looked at for one that mends without harm.
LOOK = 256
# One proposal in KICK + 1 that touches a Linear group takes some random spins along.
KICK = 15


@_inline
def _next(w):
    """Return 64 random bits (xoshiro256++, Blackman and Vigna 2019)."""
    x = w[0] + w[3]
    result = ((x << np.uint64(23)) | (x >> np.uint64(41))) + w[0]
    t = w[1] << np.uint64(17)
    w[2] ^= w[0]
    w[3] ^= w[1]
    w[1] ^= w[2]
    w[0] ^= w[3]
    w[2] ^= t
    w[3] = (w[3] << np.uint64(45)) | (w[3] >> np.uint64(19))
    return result


@_inline
def _below(x, n):
    """Return a number in 0..n-1 from the high 32 bits of x."""
    return np.int64(((x >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))


@_inline
def _count_move(i, uniform, at, ints, s, lists, w, flips):
    """Write the spins that a move of spin i in a counting group flips; return how many."""
    g = np.int64(ints[at[GROUP] + i])
    first, on = np.int64(ints[at[FIRST] + g]), np.int64(lists[at[ON] + g])
    mode = ints[at[MODE] + g]
    is_on = s[i] > 0
    flips[0] = i
    if mode == AT_MOST_ONE and (is_on or on == 0):
        return 1
    if on == 1 and not is_on and mode != RANGE:
        flips[1] = lists[at[ORDER] + first]
        return 2
    size = np.int64(ints[at[FIRST] + g + 1]) - first
    x = _next(w)
    if mode == RANGE:
        possible = on > ints[at[LOWER] + g] if is_on else on < ints[at[UPPER] + g]
        if possible and x & np.uint64(1):
            return 1
    if on == (size if is_on else 0):
        return 0
    near = np.int64(ints[at[NEAR_PTR] + i + 1]) - ints[at[NEAR_PTR] + i]
    if near and not uniform and x & np.uint64(2):
        j = ints[at[NEAR] + ints[at[NEAR_PTR] + i] + _below(x, near)]
        if s[j] != s[i]:
            flips[1] = j
            return 2
        x = _next(w)
    k = on + _below(x, size - on) if is_on else _below(x, on)
    flips[1] = lists[at[ORDER] + first + k]
    return 2


@njit
def _place_move(i, at, ints, s, lists, w, flips):
    """Write the spins of a swap of two rows of a permutation, or of a cycle of several.

    A cycle goes from row to row, each taking a random allowed column other than its own, until
    the first row's column is taken. The way back chooses as many times among as many columns.
    """
    b = ints[at[GROUP] + i] - at[NUM_COUNTS]
    n = np.int64(ints[at[SIZE] + b])
    if n < 2:
        return 0
    line, origin = ints[at[LINE] + b], ints[at[ORIGIN] + b]
    r, c = np.int64(ints[at[ROW_OF] + i]), np.int64(ints[at[COLUMN_OF] + i])
    free = np.int64(lists[at[COLUMN] + line + r])
    x = _next(w)
    if s[i] > 0:
        c = _below(x, n - 1)
        c += c >= free
    swap = ints[at[CYCLES] + b] == 0 or x & np.uint64(1)
    used = 0
    while used + 2 <= len(flips):
        place = r * n + c
        if not ints[at[ALLOWED] + origin + place]:
            return 0
        flips[used] = ints[at[SPIN_AT] + origin + r * n + lists[at[COLUMN] + line + r]]
        flips[used + 1] = ints[at[SPIN_AT] + origin + place]
        used += 2
        if c == free:
            return used
        r = np.int64(lists[at[ROW] + line + c])
        for f in range(1, used, 2):
            if ints[at[ROW_OF] + flips[f]] == r:
                return 0  # the walk met itself away from its start
        own, c = c, free
        if not swap:
            low = ints[at[OPEN_PTR] + line + r]
            choices = np.int64(ints[at[OPEN_PTR] + line + r + 1]) - low
            if choices < 2:
                return 0
            p = at[OPEN_COLUMN] + low + _below(_next(w), choices - 1)
            c = np.int64(ints[p] if ints[p] < own else ints[p + 1])
    return 0


@_inline
def _move(i, uniform, at, ints, s, lists, w, flips):
    """Write the spins that the move of spin i flips; return how many (0: there is none)."""
    kind = ints[at[KIND] + i]
    if kind == FREE:
        flips[0] = i
        return 1
    if kind == COUNT:
        return _count_move(i, uniform, at, ints, s, lists, w, flips)
    return _place_move(i, at, ints, s, lists, w, flips)


@_inline
def _bring(lists, order, position, k, target):
    """Bring member k to place `target` of the list that begins at `order`."""
    other, here = lists[order + target], lists[position + k]
    lists[order + here], lists[position + other] = other, here
    lists[order + target], lists[position + k] = k, target


@njit
def _toggle(k, at, ints, floats, s, lists, fields):
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


@njit
def _push(k, change, at, ints, floats, fields):
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


@_inline
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


@njit
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


@njit
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


@_inline
def _cost(flips, used, sign, pairs, at, ints, floats, s, fields, steps):
    """Return ``2 sum s_k h_k - 4 sum_{k<m} W_km s_k s_m``; `sign` -1: s is flipped already."""
    cost = 0.0
    for f in range(used):
        cost += 2.0 * sign * s[flips[f]] * fields[flips[f]]
    if pairs:
        for f in range(1, used):
            for g in range(f):
                k, m = flips[f], flips[g]
                cost -= 4.0 * s[k] * s[m] * _coupling(k, m, at, ints, floats)
    if at[NUM_FORMS]:
        cost += _forms_cost(flips, used, sign, at, ints, floats, s, fields, steps)
    return cost


@_inline
def _violated(flips, used, at, ints, floats, fields):
    """Return a range that the flipped spins have left, -1 if there is none."""
    for f in range(used):
        for e in range(ints[at[RANGE_PTR] + flips[f]], ints[at[RANGE_PTR] + flips[f] + 1]):
            g = np.int64(ints[at[RANGE_OF] + e])
            total = fields[at[TOTAL] + g]
            if total < floats[at[RANGE_LOWER] + g] or total > floats[at[RANGE_UPPER] + g]:
                return g
    return np.int64(-1)


@njit
def _extend(k, used, uniform, at, ints, floats, s, lists, fields, w, flips, mark):
    """Add the move of spin k to the flipped ones, and flip; return how many, -1 if they clash."""
    if used + 4 > len(flips) or k < 0:
        return -1
    more = _move(k, uniform, at, ints, s, lists, w, flips[used:])
    if more == 0:
        return -1
    for f in range(used, used + more):
        if mark[flips[f]]:
            return -1
    if uniform and ints[at[GROUP] + k] >= 0:
        for f in range(used):  # one move a group, else the way back is not as likely
            if ints[at[GROUP] + flips[f]] == ints[at[GROUP] + k]:
                return -1
    for f in range(used, used + more):
        mark[flips[f]] = 1
        _toggle(flips[f], at, ints, floats, s, lists, fields)
    return used + more


@_inline
def _gentle(spin, at, ints, floats, s, fields):
    """Return whether all ranges of a spin hold after it is flipped alone."""
    for e in range(ints[at[RANGE_PTR] + spin], ints[at[RANGE_PTR] + spin + 1]):
        g = ints[at[RANGE_OF] + e]
        total = fields[at[TOTAL] + g] - s[spin] * floats[at[RANGE_COEFFICIENT] + e]
        if total < floats[at[RANGE_LOWER] + g] or total > floats[at[RANGE_UPPER] + g]:
            return False
    return True


@njit
def _mender(g, down, at, ints, floats, s, lists, fields, w, mark):
    """Return a spin, not moved yet, that moves the sum of range g down or up; -1: none.

    Three times in four it is one whose flip leaves no range violated, if a short look finds it:
    so a matching finds the edge between two nodes that lost theirs. Else it is a random one.
    """
    first, high = ints[at[RANGE_FIRST] + g], lists[at[HIGH] + g]
    size = np.int64(high) if down else np.int64(ints[at[RANGE_FIRST] + g + 1] - first - high)
    start = at[LISTED] + first if down else at[LISTED] + first + high
    chosen = np.int64(-1)
    if size > 0:
        x = _next(w)
        k = _below(x, size)
        for _ in range(size if size < LOOK else LOOK):
            spin = np.int64(ints[at[RANGE_SPIN] + lists[start + k]])
            if not mark[spin]:
                if chosen < 0:
                    chosen = spin
                if x & np.uint64(3) == 0 or _gentle(spin, at, ints, floats, s, fields):
                    return spin
            k = k + 1 if k + 1 < size else 0
    return chosen


@_inline
def _partner(i, uniform, at, ints, floats, s, lists, fields, w, mark):
    """Return a spin that shares a range with spin i and takes back what i did; -1: none."""
    low = np.int64(ints[at[RANGE_PTR] + i])
    degree = np.int64(ints[at[RANGE_PTR] + i + 1]) - low
    if degree == 0:
        return np.int64(-1)
    e = low + _below(_next(w), degree)
    g = np.int64(ints[at[RANGE_OF] + e])
    if not uniform:
        down = (s[i] > 0) == (floats[at[RANGE_COEFFICIENT] + e] > 0)
        return _mender(g, down, at, ints, floats, s, lists, fields, w, mark)
    # choices that do not depend on the state: the way back is then as likely
    first = ints[at[RANGE_FIRST] + g]
    e = first + _below(_next(w), np.int64(ints[at[RANGE_FIRST] + g + 1]) - first)
    k = np.int64(ints[at[RANGE_SPIN] + ints[at[RANGE_MEMBERS] + e]])
    return k if ints[at[KIND] + i] == FREE and ints[at[KIND] + k] == FREE else np.int64(-1)


@njit
def _complete(i, used, uniform, at, ints, floats, s, lists, fields, w, flips, mark):
    """Carry out a move and what the ranges ask for; return (flips, whether all ranges hold).

    Half of the moves come with a partner in one of the ranges (an exchange), a few with random
    spins (a kick: no set of spins is out of reach). Then, unless the proposals must be
    symmetric, each violated range is mended by one of its members: inserting one evicts others.
    """
    for f in range(used):
        mark[flips[f]] = 1
        _toggle(flips[f], at, ints, floats, s, lists, fields)
    x = _next(w)
    ranged = ints[at[RANGE_PTR] + i] < ints[at[RANGE_PTR] + i + 1]
    partner = (uniform or ranged) and x & np.uint64(1)
    kick = not partner and (x >> np.uint64(8)) & np.uint64(KICK) == 0
    while partner or kick:
        x = _next(w)
        k = _below(x, at[NUM_SPINS])
        if partner:
            k = _partner(i, uniform, at, ints, floats, s, lists, fields, w, mark)
        more = _extend(k, used, uniform, at, ints, floats, s, lists, fields, w, flips, mark)
        if more < 0 and (uniform or kick):
            return used, False
        used = max(used, more)
        if partner or x & np.uint64(1):
            break
    last = np.int64(-1)
    for _ in range(REPAIRS):
        g = _violated(flips, used, at, ints, floats, fields)
        if uniform or (g < 0 and (last < 0 or _next(w) & np.uint64(1))):
            return used, g < 0
        if g < 0:
            # what the last flip took away may be filled up elsewhere: an alternating path
            k = _partner(last, uniform, at, ints, floats, s, lists, fields, w, mark)
            if k < 0 or not _gentle(k, at, ints, floats, s, fields):
                return used, True
            more = _extend(k, used, uniform, at, ints, floats, s, lists, fields, w, flips, mark)
            if more < 0:
                return used, True
            used, last = more, np.int64(-1)
            continue
        down = fields[at[TOTAL] + g] > floats[at[RANGE_UPPER] + g]
        k = _mender(g, down, at, ints, floats, s, lists, fields, w, mark)
        more = _extend(k, used, uniform, at, ints, floats, s, lists, fields, w, flips, mark)
        if more < 0:
            return used, False
        used, last = more, k
    return used, False


@_inline
def _accepts(cost, beta, rule, slack, w):
    """Return whether a proposal of this cost is accepted."""
    if beta == np.inf:
        return cost < -slack
    x = beta * cost
    if rule != HEAT_BATH:
        if x <= 0.0:
            return True
        if x > 40.0:
            return False
    u = ((_next(w) >> np.uint64(11)) + 0.5) * 2.0**-53
    if rule == HEAT_BATH:
        return u * (1.0 + math.exp(min(x, 700.0))) < 1.0
    # e^x is above the first terms of its series: most refusals need no exponential
    if u * (1.0 + x * (1.0 + x * (0.5 + x * (1.0 / 6.0)))) >= 1.0:
        return False
    return u * math.exp(x) < 1.0


@_inline
def _turn_on(i, j, first, at, ints, floats, s, lists, fields):
    """Move the spin that is on in a one-hot group from j to i."""
    s[i], s[j] = 1, -1
    place = lists[at[POSITION] + i]
    lists[at[ORDER] + place], lists[at[POSITION] + j] = j, place
    lists[at[ORDER] + first], lists[at[POSITION] + i] = i, first
    _push(i, 2.0, at, ints, floats, fields)
    _push(j, -2.0, at, ints, floats, fields)


@_inline
def _ranged(flips, used, at, ints):
    """Return whether one of the spins is in a Linear group."""
    for f in range(used):
        if ints[at[RANGE_PTR] + flips[f]] < ints[at[RANGE_PTR] + flips[f] + 1]:
            return True
    return False


@njit
def _refresh(at, ints, floats, s, fields):
    """Compute local fields and forms afresh."""
    for k in range(at[NUM_SPINS]):
        fields[k] = -floats[at[THRESHOLD] + k]
    fields[at[NUM_SPINS] : at[TOTAL]] = 0.0
    for k in range(at[NUM_SPINS]):
        _push(k, np.float64(s[k]), at, ints, floats, fields)


@njit
def _energy(at, ints, floats, s, fields):
    """Return the energy, without constants, that belongs to the fields and forms."""
    total = 0.0
    for k in range(at[NUM_SPINS]):
        total += 0.5 * s[k] * (floats[at[THRESHOLD] + k] - fields[k])
    for form in range(at[NUM_FORMS]):
        total += floats[at[FORM_COEFFICIENT] + form] * fields[at[FORM] + form] ** 2
    return total


@njit
def sweeps(tables, state, clock, betas, rule, order, options, costs, mark):
    """Sweep all replicas; a sweep is N proposals. Return the energies without constants.

    The costs of each replica's last proposals go to `costs` (R, any length), nan for one that
    no range allows. `mark` is N zeros where there are Linear groups, else None: numba then
    compiles the kernel without what they need, in half the time. One long loop: parts of it as
    functions of their own would get all its variables passed at every proposal. Plain one-hot
    groups have a short cut in it.
    """
    at, ints, floats = tables
    all_s, all_lists, all_fields, words = state
    uniform, interval, slack, buffer = options
    replicas, num_spins = all_s.shape
    result = np.empty(replicas)
    flips = np.empty(buffer, np.int64)
    steps = np.zeros(at[NUM_FORMS])
    fresh = np.empty(all_fields.shape[1])
    for r in range(replicas):
        s, lists, fields, w = all_s[r], all_lists[r], all_fields[r], words[r]
        for t in range(len(betas)):
            beta = betas[t, r if betas.shape[1] > 1 else 0]
            if (clock + t) % interval == 0:
                _refresh(at, ints, floats, s, fields)
            for v in range(num_spins):
                x = _next(w)
                i = _below(x, num_spins) if order == RANDOM else v
                size = np.int64(ints[at[PLAIN] + 2 * i])
                if size > 1:
                    first = ints[at[PLAIN] + 2 * i + 1]
                    j = np.int64(lists[at[ORDER] + first])
                    if i == j:
                        other = first + 1 + _below(x << np.uint64(32), size - 1)
                        i = np.int64(lists[at[ORDER] + other])
                    cost = 2.0 * (fields[j] - fields[i])
                    if costs.shape[1]:
                        costs[r, v % costs.shape[1]] = cost
                    if _accepts(cost, beta, rule, slack, w):
                        _turn_on(i, j, first, at, ints, floats, s, lists, fields)
                    continue
                used = _move(i, uniform, at, ints, s, lists, w, flips)
                if used == 0:
                    continue
                sign, good, ranged, pairs = 1.0, True, False, used > 1
                if used == 2:
                    pairs = ints[at[LINKED] + ints[at[GROUP] + i]] != 0
                if mark is not None:
                    ranged = _ranged(flips, used, at, ints)
                    if ranged:
                        used, good = _complete(
                            i, used, uniform, at, ints, floats, s, lists, fields, w, flips, mark
                        )
                        for f in range(used):
                            mark[flips[f]] = 0
                        sign, pairs = -1.0, used > 1
                cost = np.nan
                if good:
                    cost = _cost(flips, used, sign, pairs, at, ints, floats, s, fields, steps)
                    good = _accepts(cost, beta, rule, slack, w)
                if costs.shape[1]:
                    costs[r, v % costs.shape[1]] = cost
                if good != ranged:  # carry out what is accepted, take back what is not
                    for f in range(used):
                        _toggle(flips[f], at, ints, floats, s, lists, fields)
                if good:
                    for f in range(used):
                        _push(flips[f], 2.0 * s[flips[f]], at, ints, floats, fields)
        if slack == 0.0:  # sums are exact in any order: the fields are as good as fresh ones
            result[r] = _energy(at, ints, floats, s, fields)
        else:
            _refresh(at, ints, floats, s, fresh)
            result[r] = _energy(at, ints, floats, s, fresh)
    return result


@_inline
def _excess(k, at, ints, floats, fields):
    """Return by how much the ranges of spin k are violated, in their largest coefficients."""
    amount = 0.0
    for e in range(ints[at[RANGE_PTR] + k], ints[at[RANGE_PTR] + k + 1]):
        g = ints[at[RANGE_OF] + e]
        total = fields[at[TOTAL] + g]
        low, high = floats[at[RANGE_LOWER] + g] - total, total - floats[at[RANGE_UPPER] + g]
        amount += floats[at[RANGE_SCALE] + g] * max(low, high, 0.0)
    return amount


@njit
def _try_on(flips, used, at, ints, floats, s, lists, fields):
    """Flip the spins; return the change of the violation of all ranges together."""
    change = 0.0
    for f in range(used):
        change -= _excess(flips[f], at, ints, floats, fields)
        _toggle(flips[f], at, ints, floats, s, lists, fields)
        change += _excess(flips[f], at, ints, floats, fields)
    return change


@_inline
def _first_violated(start, at, floats, fields):
    """Return the first violated range from `start` on, -1 if all hold."""
    for k in range(at[NUM_RANGES]):
        g = start + k if start + k < at[NUM_RANGES] else start + k - at[NUM_RANGES]
        total = fields[at[TOTAL] + g]
        if total < floats[at[RANGE_LOWER] + g] or total > floats[at[RANGE_UPPER] + g]:
            return g
    return np.int64(-1)


@njit
def mend(tables, state, steps, tries, uniform, buffer):
    """Walk the first replica towards a state within all ranges; return whether it got there.

    A random violated range is picked. Of up to `tries` moves of members that help it, the one
    is made that leaves the least violation in all; one time in eight a random one.
    """
    at, ints, floats = tables
    s, lists, fields, w = state[0][0], state[1][0], state[2][0], state[3][0]
    flips, best = np.empty(buffer, np.int64), np.empty(buffer, np.int64)
    mark = np.zeros(len(s), np.uint8)
    for _ in range(steps):
        g = _first_violated(_below(_next(w), at[NUM_RANGES]), at, floats, fields)
        if g < 0:
            return True
        down = fields[at[TOTAL] + g] > floats[at[RANGE_UPPER] + g]
        least, chosen = np.inf, 0
        for _ in range(1 if _next(w) & np.uint64(7) == 0 else tries):
            k = _mender(g, down, at, ints, floats, s, lists, fields, w, mark)
            if k < 0:
                break
            used = _move(k, uniform, at, ints, s, lists, w, flips)
            amount = _try_on(flips, used, at, ints, floats, s, lists, fields)
            _try_on(flips, used, at, ints, floats, s, lists, fields)
            if used and amount < least:
                least, chosen = amount, used
                for f in range(used):
                    best[f] = flips[f]
        if chosen == 0:  # nothing helps this range: move anything
            k = _below(_next(w), at[NUM_SPINS])
            chosen = _move(k, uniform, at, ints, s, lists, w, best)
        _try_on(best, chosen, at, ints, floats, s, lists, fields)
    return False


@_inline
def _single(i, at, ints, s, lists, flips):
    """Write the one move that turns spin i without a choice; return how many spins it flips.

    A flip where the group allows it, a Potts move to spin i, a swap to place i (once for its
    two places). Exchanges in larger counts have a choice: see `_leaver`.
    """
    kind, g = ints[at[KIND] + i], np.int64(ints[at[GROUP] + i])
    flips[0] = i
    if kind == FREE:
        return 1
    if kind == COUNT:
        on = lists[at[ON] + g]
        if on > ints[at[LOWER] + g] if s[i] > 0 else on < ints[at[UPPER] + g]:
            return 1
        if s[i] < 0 and on == 1:
            flips[1] = lists[at[ORDER] + ints[at[FIRST] + g]]
            return 2
        return 0
    b = g - at[NUM_COUNTS]
    n, line, origin = ints[at[SIZE] + b], ints[at[LINE] + b], ints[at[ORIGIN] + b]
    r, c = ints[at[ROW_OF] + i], ints[at[COLUMN_OF] + i]
    other, own = lists[at[ROW] + line + c], lists[at[COLUMN] + line + r]
    place = origin + other * n + own
    if other <= r or not ints[at[ALLOWED] + place]:
        return 0
    if not ints[at[ALLOWED] + origin + r * n + c]:
        return 0
    flips[1] = ints[at[SPIN_AT] + place]
    flips[2] = ints[at[SPIN_AT] + origin + r * n + own]
    flips[3] = ints[at[SPIN_AT] + origin + other * n + c]
    return 4


@_inline
def _leaver(g, turn, at, ints, floats, s, lists, fields, steps, flips):
    """Return the member of group g that is cheapest to turn off, the first of equals from turn."""
    first, on = ints[at[FIRST] + g], np.int64(lists[at[ON] + g])
    least, chosen = np.inf, np.int64(-1)
    for p in range(on):
        k = p + turn if p + turn < on else p + turn - on
        flips[0] = lists[at[ORDER] + first + k]
        cost = _cost(flips, 1, 1.0, False, at, ints, floats, s, fields, steps)
        if cost < least:
            least, chosen = cost, flips[0]
    return chosen


@_inline
def _keeps(flips, used, at, ints, floats, s, lists, fields):
    """Return whether no range is violated after the flips."""
    if not _ranged(flips, used, at, ints):
        return True
    for f in range(used):
        _toggle(flips[f], at, ints, floats, s, lists, fields)
    g = _violated(flips, used, at, ints, floats, fields)
    for f in range(used):
        _toggle(flips[f], at, ints, floats, s, lists, fields)
    return g < 0


@njit
def tabu(tables, state, clock, iterations, tenure, options, expires, energies, best, lowest):
    """Make the best move that is not tabu, so many times; states met go to `best`, `lowest`.

    A spin that was turned off must not be turned on before `expires`, a spin flipped alone not
    be flipped; a move below the lowest energy met is always allowed. Equal moves are drawn from.
    """
    at, ints, floats = tables
    all_s, all_lists, all_fields, words = state
    _, interval, slack, buffer = options
    flips, chosen = np.empty(buffer, np.int64), np.empty(buffer, np.int64)
    steps = np.zeros(at[NUM_FORMS])
    num_spins, num_counts = at[NUM_SPINS], at[NUM_COUNTS]
    leaver = np.empty(num_counts, np.int64)
    for r in range(len(all_s)):
        s, lists, fields, w = all_s[r], all_lists[r], all_fields[r], words[r]
        until = expires[r]
        for now in range(clock, clock + iterations):
            if now % interval == 0:
                _refresh(at, ints, floats, s, fields)
            for g in range(num_counts):
                leaver[g] = -1
                if ints[at[UPPER] + g] > 1 and lists[at[ON] + g] > 0:
                    turn = _below(_next(w), lists[at[ON] + g])
                    leaver[g] = _leaver(g, turn, at, ints, floats, s, lists, fields, steps, flips)
            least, size, equal = np.inf, 0, 0
            for v in range(2 * num_spins):
                i = v >> 1
                plain = ints[at[PLAIN] + 2 * i] > 0
                if plain:
                    if v & 1 or s[i] > 0:
                        continue
                    flips[0] = i
                    flips[1] = lists[at[ORDER] + ints[at[PLAIN] + 2 * i + 1]]
                    cost, used = 2.0 * (fields[flips[1]] - fields[i]), 2
                else:
                    used = 0
                    if v & 1 == 0:
                        used = _single(i, at, ints, s, lists, flips)
                    elif ints[at[KIND] + i] == COUNT and s[i] < 0:
                        flips[0], flips[1] = i, leaver[ints[at[GROUP] + i]]
                        used = 2 if flips[1] >= 0 else 0
                    if used == 0:
                        continue
                    pairs = used > 2 or (used == 2 and ints[at[LINKED] + ints[at[GROUP] + i]] != 0)
                    cost = _cost(flips, used, 1.0, pairs, at, ints, floats, s, fields, steps)
                if cost > least + slack:
                    continue
                banned = False
                for f in range(used):
                    if (used == 1 or s[flips[f]] < 0) and until[flips[f]] > now:
                        banned = True
                if banned and energies[r] + cost >= lowest[r] - slack:
                    continue
                if not plain and not _keeps(flips, used, at, ints, floats, s, lists, fields):
                    continue
                equal = equal + 1 if cost >= least - slack else 1
                if equal == 1 or _below(_next(w), equal) == 0:
                    least, size = cost, used
                    for f in range(used):
                        chosen[f] = flips[f]
            for f in range(size):
                k = chosen[f]
                if size == 1 or s[k] > 0:
                    until[k] = now + 1 + tenure[0] + _below(_next(w), tenure[1])
                _toggle(k, at, ints, floats, s, lists, fields)
                _push(k, 2.0 * s[k], at, ints, floats, fields)
            if size:
                energies[r] += least
            if energies[r] < lowest[r] - slack:
                lowest[r] = energies[r]
                best[r] = s
