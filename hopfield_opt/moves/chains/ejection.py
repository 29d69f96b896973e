"""Chains of flips: one spin turns, and each row that it breaks is repaired by a further flip.

A chain is made flip by flip in place, and taken back where it is refused. While it grows, the
sums of the rows and, where couplings are few, the local fields follow; lists, and fields with
many couplings, are brought up to date once it is accepted.
"""

from typing import Any, NamedTuple

import numpy as np

from hopfield_opt.jit import borrowing, inlined
from hopfield_opt.moves.chains.rows import RowTerms
from hopfield_opt.moves.decisions import accepts_move
from hopfield_opt.xoshiro import below, draw

# Members of a row that are looked at for the best one.
LOOK = 160
# The step of a row whose coefficients differ: it is computed.
UNEVEN = 1e30
# Gumbel variates, a table of which is read from random places on.
NOISES = 2048
# A chain mends so many broken rows, and twice as many as its first flip broke.
REPAIRS = 8


class Tables(NamedTuple):
    """What a network is: rows, couplings, thresholds, and a table of Gumbel variates."""

    rows: RowTerms
    link_start: Any
    link_spin: Any
    link_weight: Any
    threshold: Any
    noise: Any


class Place(NamedTuple):
    """Where a replica stands: spins, local fields, sums, and members of rows, high ones first."""

    s: Any
    fields: Any
    total: Any
    step: Any
    listed: Any
    slot: Any
    high: Any


class Chain(NamedTuple):
    """The flips of a chain, marks of spins and rows, and the rows that it left broken."""

    flips: Any
    costs: Any
    mark: Any
    broken: Any
    flagged: Any
    harms: Any
    count: Any


def gumbel_noise():
    """Return Gumbel variates: the least of ``beta cost - noise`` follows Boltzmann's law."""
    uniform = np.random.default_rng(0).random(NOISES + LOOK)
    return -np.log(-np.log(uniform))


def empty_chain(num_spins, num_rows, buffer):
    """Return a chain without flips."""
    return Chain(
        np.empty(buffer, np.int64),
        np.zeros(buffer + 1),
        np.zeros(num_spins, np.uint8),
        np.empty(num_rows + 1, np.int32),
        np.zeros(num_rows, np.uint8),
        np.zeros(LOOK),
        np.zeros(2, np.int64),
    )


@inlined
def shift(r, change, rows, place):
    """Add to the sum of row r; return whether it then is outside its range."""
    total = place.total[r] + change
    place.total[r] = total
    low, high, unit = rows.lower[r], rows.upper[r], rows.unit[r]
    if unit > 0.0:
        now = max(low - total, total - high, 0.0)
        scale = rows.scale[r]
        place.step[2 * r] = scale * (max(low - total - unit, total + unit - high, 0.0) - now)
        place.step[2 * r + 1] = scale * (max(low - total + unit, total - unit - high, 0.0) - now)
        return now > 0.0
    return total < low or total > high


@inlined
def breaks(r, rows, place):
    """Return whether row r is outside its range."""
    return place.total[r] < rows.lower[r] or place.total[r] > rows.upper[r]


@borrowing
def _coupling(k, m, tables):
    """Return W[k, m]."""
    first, end = tables.link_start[k], tables.link_start[k + 1]
    last = end
    while first < last:
        middle = (first + last) >> 1
        if tables.link_spin[middle] < m:
            first = middle + 1
        else:
            last = middle
    return tables.link_weight[first] if first < end and tables.link_spin[first] == m else 0.0


@borrowing
def push(k, tables, place):
    """Bring the local fields up to date after spin k turned."""
    change = 2.0 * place.s[k]
    for p in range(tables.link_start[k], tables.link_start[k + 1]):
        place.fields[tables.link_spin[p]] += tables.link_weight[p] * change


@borrowing
def turn(k, pushes, tables, place, chain):
    """Add spin k to the chain."""
    s, rows = place.s, tables.rows
    used = chain.count[0]
    cost = 2.0 * s[k] * place.fields[k]
    if not pushes and tables.link_start[k] < tables.link_start[k + 1]:
        for f in range(used):
            m = chain.flips[f]
            cost += 4.0 * s[k] * s[m] * _coupling(k, m, tables)
    s[k] = -s[k]
    chain.mark[k] = 1
    chain.flips[used] = k
    chain.costs[used + 1] = chain.costs[used] + cost
    chain.count[0] = used + 1
    if pushes:
        push(k, tables, place)
    for e in range(rows.spin_start[k], rows.spin_start[k + 1]):
        r = rows.spin_row[e]
        if shift(r, rows.spin_coefficient[e] * s[k], rows, place) and not chain.flagged[r]:
            chain.flagged[r] = 1
            chain.broken[chain.count[1]] = r
            chain.count[1] += 1


@borrowing
def take_back(kept, pushes, tables, place, chain):
    """Turn all but the first `kept` spins of the chain back."""
    s, rows = place.s, tables.rows
    while chain.count[0] > kept:
        chain.count[0] -= 1
        k = chain.flips[chain.count[0]]
        s[k] = -s[k]
        chain.mark[k] = 0
        if pushes:
            push(k, tables, place)
        for e in range(rows.spin_start[k], rows.spin_start[k + 1]):
            shift(rows.spin_row[e], rows.spin_coefficient[e] * s[k], rows, place)
    while chain.count[1]:
        chain.count[1] -= 1
        chain.flagged[chain.broken[chain.count[1]]] = 0


@inlined
def _harm_of(now, change, low, high, scale):
    """Return by how much the violation of a row would grow with its sum."""
    then = now + change
    return scale * (max(low - then, then - high, 0.0) - max(low - now, now - high, 0.0))


@borrowing
def _mender(r, beta, tables, place, chain, w):
    """Return the member of a broken row that mends most and costs least; -1: there is none."""
    rows, s, fields, listed = tables.rows, place.s, place.fields, place.listed
    mark, noise, total, step = chain.mark, tables.noise, place.total, place.step
    spin, coefficient = rows.spin, rows.coefficient
    spin_start, spin_code, spin_coefficient = rows.spin_start, rows.spin_code, rows.spin_coefficient
    lower, upper, scale = rows.lower, rows.upper, rows.scale
    first, last, high = rows.start[r], rows.start[r + 1], np.int64(place.high[r])
    down = total[r] > upper[r]
    start, size = first, high
    if not down:
        start, size = first + high, last - first - high
    if size == 0:
        return np.int64(-1)
    x = draw(w)
    some = np.int64(x & np.uint64(NOISES - 1))
    # few of many: from the list; else all members in their order
    by_list = size < LOOK and 4 * size < last - first
    if not by_list:
        start, size = first, last - first
    end, at = start + size, start + below(x, size)
    harms = chain.harms
    many = min(size, LOOK)
    least = 1e30
    here = at
    for f in range(many):
        e = np.int64(listed[here]) if by_list else here
        k = np.int64(spin[e])
        here = here + 1 if here + 1 < end else start
        on = s[k] > 0
        amount = 2e30 if mark[k] or (on == (coefficient[e] > 0)) != down else 0.0
        for p in range(spin_start[k], spin_start[k + 1]):
            code = np.int64(spin_code[p]) ^ np.int64(on)
            change = np.float64(step[code])
            if change > 1e20:
                i = code >> 1
                change = _harm_of(
                    total[i], -s[k] * spin_coefficient[p], lower[i], upper[i], scale[i]
                )
            amount += change
        harms[f] = amount
        least = min(least, amount)
    best, chosen, here = np.inf, np.int64(-1), at
    if least > 1e29:
        return chosen
    least += 1e-6
    for f in range(many):
        if harms[f] <= least:
            e = np.int64(listed[here]) if by_list else here
            k = np.int64(spin[e])
            cost = 2.0 * s[k] * fields[k]
            if beta < np.inf:
                cost = beta * cost - noise[some + f]
            if cost < best:
                best, chosen = cost, k
        here = here + 1 if here + 1 < end else start
    return chosen


@inlined
def _next_broken(rows, place, chain, w):
    """Return a row that is broken, of two drawn that with fewer members to mend it; -1: none."""
    found = np.int64(-1)
    fewest = np.int64(0)
    tries = 0
    while chain.count[1] and tries < 2:
        at = below(draw(w), chain.count[1])
        r = np.int64(chain.broken[at])
        if not breaks(r, rows, place):
            chain.count[1] -= 1
            chain.broken[at] = chain.broken[chain.count[1]]
            chain.flagged[r] = 0
            continue
        tries += 1
        down = place.total[r] > rows.upper[r]
        high = np.int64(place.high[r])
        size = high if down else rows.start[r + 1] - rows.start[r] - high
        if found < 0 or size < fewest:
            found, fewest = r, size
    return found


@borrowing
def mend(beta, pushes, tables, place, chain, w):
    """Repair the rows that the chain broke; return whether all hold."""
    left = REPAIRS + 2 * chain.count[1]
    while True:
        r = _next_broken(tables.rows, place, chain, w)
        if r < 0:
            return True
        if left == 0 or chain.count[0] + 1 >= len(chain.flips):
            return False
        left -= 1
        k = _mender(r, beta, tables, place, chain, w)
        if k < 0:
            return False
        turn(k, pushes, tables, place, chain)


@borrowing
def settle(pushes, tables, place, chain):
    """Bring lists and fields up to date with the chain, and empty it."""
    rows, s = tables.rows, place.s
    for f in range(chain.count[0]):
        k = chain.flips[f]
        chain.mark[k] = 0
        if not pushes:
            push(k, tables, place)
        for e in range(rows.spin_start[k], rows.spin_start[k + 1]):
            r, own = rows.spin_row[e], rows.spin_entry[e]
            high = (s[k] > 0) == (rows.spin_coefficient[e] > 0)
            place.high[r] -= not high
            target = rows.start[r] + place.high[r]
            here, other = place.slot[own], place.listed[target]
            place.listed[here], place.slot[other] = other, here
            place.listed[target], place.slot[own] = own, target
            place.high[r] += high
    chain.count[0] = 0


@inlined
def _first_spin(tables, place, w):
    """Return the spin that begins a chain."""
    x = draw(w)
    num_rows = len(tables.rows.lower)
    if num_rows == 0 or x & np.uint64(1):
        return below(x, len(place.s))
    r = below(x, num_rows)
    first, high = tables.rows.start[r], np.int64(place.high[r])
    size = tables.rows.start[r + 1] - first
    if x & np.uint64(2) and high > 0:
        return np.int64(tables.rows.spin[place.listed[first + below(x << np.uint64(32), high)]])
    if high == size:
        return below(draw(w), len(place.s))
    best, chosen = np.inf, np.int64(0)
    for _ in range(4):
        at = first + high + below(draw(w), size - high)
        k = np.int64(tables.rows.spin[place.listed[at]])
        cost = place.s[k] * place.fields[k]
        if cost < best:
            best, chosen = cost, k
    return chosen


@borrowing
def sweep(tables, lanes, chain, words, betas, part, options, costs):
    """Make the proposals that `part` counts, N for each row of `betas`, in all replicas.

    The costs of each replica's last proposals go to `costs` (R, any length), nan for a chain
    that did not close.
    """
    in_order, heat_bath, pushes, interval, slack = options
    states, fields, totals, steps, listed, slots, highs = lanes
    begin, end, clock = part
    replicas, num_spins = states.shape
    for r in range(replicas):
        place = Place(
            states[r], fields[r], totals[r], steps[r], listed[r], slots[r], highs[r]
        )
        w = words[r]
        for proposal in range(begin, end):
            beta = betas[proposal // num_spins, r if betas.shape[1] > 1 else 0]
            v = proposal % num_spins
            if (clock + proposal) % interval == 0:
                refresh(tables, place)
            k = np.int64(v) if in_order else _first_spin(tables, place, w)
            turn(k, pushes, tables, place, chain)
            good = mend(beta, pushes, tables, place, chain, w)
            cost = chain.costs[chain.count[0]]
            if costs.shape[1]:
                costs[r, v % costs.shape[1]] = cost if good else np.nan
            if good and accepts_move(cost, beta, heat_bath, slack, w):
                settle(pushes, tables, place, chain)
            else:
                take_back(0, pushes, tables, place, chain)


@borrowing
def refresh(tables, place):
    """Compute the local fields afresh."""
    for r in range(len(place.total)):
        shift(r, 0.0, tables.rows, place)
    for k in range(len(place.s)):
        field = -tables.threshold[k]
        for p in range(tables.link_start[k], tables.link_start[k + 1]):
            field += tables.link_weight[p] * place.s[tables.link_spin[p]]
        place.fields[k] = field


@borrowing
def energy_of(tables, place):
    """Return the energy, without constants, computed afresh."""
    total = 0.0
    for k in range(len(place.s)):
        field = -2.0 * tables.threshold[k]
        for p in range(tables.link_start[k], tables.link_start[k + 1]):
            field += tables.link_weight[p] * place.s[tables.link_spin[p]]
        total -= 0.5 * place.s[k] * field
    return total
