"""Where a replica stands and the chain that it is trying: kernels that turn spins and look.

A chain is made flip by flip in place, and taken back where it is refused. While it grows, the
sums of the rows and, where couplings are few, the local fields follow; lists, and fields with
many couplings, are brought up to date once it is accepted.
"""

from typing import Any, NamedTuple

import numpy as np

from hopfield_opt.jit import borrowing, borrowing_part, inlined
from hopfield_opt.moves.chains.charges import Charges, cost_of_room
from hopfield_opt.moves.chains.rows import RowTerms

# The step of a row whose coefficients differ: it is computed.
UNEVEN = 1e30
# Gumbel variates, a table of which is read from random places on.
NOISES = 2048
# Members of a row that are looked at for the best one: so many at most, and no more than have so
# many entries in rows together, but a few.
LOOK, LOOK_ENTRIES, LEAST_LOOK = 160, 512, 16
# How often, of so many times, is counted in 16 random bits.
ALWAYS = 2**16
# What a sum of steps may be off by rounding.
ROUNDING = 1e-5


class Tables(NamedTuple):
    """What a network is.

    Attributes
    ----------
    rows : RowTerms
        The rows.
    link_start, link_spin, link_weight : arrays
        The couplings of each spin.
    threshold : (N,) float64
        The thresholds.
    taken : (N,) float64
        What each spin, once it is on, takes of its rows at their prices; the members of each row
        are sorted by that and their costs.
    trust : int
        How often, of ALWAYS times, this order leads.
    noise : float64 array
        Gumbel variates.
    look : int
        How many members of a row are looked at.
    charges : Charges
        What is paid for the room of rows.
    """

    rows: RowTerms
    link_start: Any
    link_spin: Any
    link_weight: Any
    threshold: Any
    taken: Any
    trust: Any
    noise: Any
    look: int
    charges: Charges


class Place(NamedTuple):
    """Where a replica stands, see `Lanes`."""

    s: Any
    fields: Any
    total: Any
    step: Any
    listed: Any
    slot: Any
    high: Any


class Chain(NamedTuple):
    """The flips of a chain.

    Attributes
    ----------
    flips : (L,) int64
        The spins that were turned.
    costs : (L + 1,) float64
        What the first of them cost together.
    priced : (L + 1,) float64
        The same, and what they took of the rows at their prices.
    marks : (N,) uint8
        Whether a spin is in the chain.
    broken : (M + 1,) int32
        Rows that the chain has broken; some may hold again.
    flags : (M,) uint8
        Whether a row is among them.
    harms : (LOOK,) float64
        Room for what members do to the rows.
    peak : (1,) float64
        The most that the chain has cost when a row was to be repaired.
    count : (4,) int64
        How many flips and how many broken rows there are; whether it shall fill what is open, and
        whether it may open what it needs.
    """

    flips: Any
    costs: Any
    priced: Any
    marks: Any
    broken: Any
    flags: Any
    harms: Any
    peak: Any
    count: Any


def gumbel_noise() -> Any:
    """Return Gumbel variates: the least of ``beta cost - noise`` follows Boltzmann's law."""
    uniform = np.random.default_rng(0).random(NOISES + LOOK)
    return -np.log(-np.log(uniform))


def members_to_look_at(rows: RowTerms, num_spins: int) -> int:
    """Return how many members of a row are looked at for the best one."""
    by_entries = LOOK_ENTRIES * num_spins // max(1, len(rows.spin))
    return int(np.clip(by_entries, LEAST_LOOK, LOOK))


def empty_chain(num_spins: int, num_rows: int, longest: int) -> Chain:
    """Return a chain without flips."""
    return Chain(
        np.empty(longest, np.int64),
        np.zeros(longest + 1),
        np.zeros(longest + 1),
        np.zeros(num_spins, np.uint8),
        np.empty(num_rows + 1, np.int32),
        np.zeros(num_rows, np.uint8),
        np.zeros(LOOK),
        np.zeros(1),
        np.zeros(4, np.int64),
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


@borrowing_part
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


@borrowing_part
def _push(k, tables, place):
    """Bring the local fields up to date after spin k turned."""
    change = 2.0 * place.s[k]
    for p in range(tables.link_start[k], tables.link_start[k + 1]):
        place.fields[tables.link_spin[p]] += tables.link_weight[p] * change


@borrowing_part
def turn(k, pushes, tables, place, chain):
    """Add spin k to the chain."""
    s, rows = place.s, tables.rows
    used = chain.count[0]
    cost = 2.0 * s[k] * place.fields[k]
    if not pushes and tables.link_start[k] < tables.link_start[k + 1]:
        for f in range(used):
            m = chain.flips[f]
            cost += 4.0 * s[k] * s[m] * _coupling(k, m, tables)
    if chain.count[2]:
        cost += cost_of_room(k, -np.float64(s[k]), True, False, tables, place)
    s[k] = -s[k]
    chain.marks[k] = 1
    chain.flips[used] = k
    chain.costs[used + 1] = chain.costs[used] + cost
    chain.priced[used + 1] = chain.priced[used] + cost + s[k] * tables.taken[k]
    chain.count[0] = used + 1
    if pushes:
        _push(k, tables, place)
    for e in range(rows.spin_start[k], rows.spin_start[k + 1]):
        r = rows.spin_row[e]
        if shift(r, rows.spin_coefficient[e] * s[k], rows, place) and not chain.flags[r]:
            chain.flags[r] = 1
            chain.broken[chain.count[1]] = r
            chain.count[1] += 1


@borrowing_part
def take_back(kept, pushes, tables, place, chain):
    """Turn all but the first `kept` spins of the chain back: with these all rows hold."""
    s, rows = place.s, tables.rows
    while chain.count[0] > kept:
        chain.count[0] -= 1
        k = chain.flips[chain.count[0]]
        s[k] = -s[k]
        chain.marks[k] = 0
        if pushes:
            _push(k, tables, place)
        for e in range(rows.spin_start[k], rows.spin_start[k + 1]):
            shift(rows.spin_row[e], rows.spin_coefficient[e] * s[k], rows, place)
    while chain.count[1]:
        chain.count[1] -= 1
        chain.flags[chain.broken[chain.count[1]]] = 0


@borrowing_part
def settle(pushes, tables, place, chain):
    """Bring lists and fields up to date with the chain, and empty it."""
    rows, s = tables.rows, place.s
    for f in range(chain.count[0]):
        k = chain.flips[f]
        chain.marks[k] = 0
        if not pushes:
            _push(k, tables, place)
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


@borrowing
def refresh(tables, place):
    """Compute the local fields and the steps of the rows afresh."""
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
