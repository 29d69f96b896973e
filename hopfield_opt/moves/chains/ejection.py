"""Chains of flips: one spin turns, and each row that it breaks is repaired by a further flip."""

import math

import numpy as np

from hopfield_opt.jit import borrowing, borrowing_part, inlined
from hopfield_opt.moves.chains.chain_state import (
    NOISES,
    ROUNDING,
    UNEVEN,
    Place,
    breaks,
    refresh,
    settle,
    take_back,
    turn,
)
from hopfield_opt.moves.chains.charges import can_open, choose_how, cost_of_room
from hopfield_opt.xoshiro import below, draw, inner

# A chain mends so many broken rows, and twice as many as its first flip broke: where rows are all
# equalities (a round-robin of teams) hardly any closes within 8.
REPAIRS = 24
# Members that are looked at for what could follow a chain that does not pay by itself.
FOLLOWERS = 512
# A follower is repaired by so many flips.
FOLLOWER_REPAIRS = 2
# A chain is given up early where it has cost so many times what accepted ones did, on their way,
# beyond their end, and nothing follows it where it costs so many times what others did before they
# were followed; what they did is forgotten slowly.
PATIENCE, FORGET = 1.5, 0.98
# Members of a row that are looked at for a cheap one to begin with.
FIRST_LOOK = 4
# Of members in the order of their prices the first ones are looked at, so many at least.
SHORTEST = 4
# Spins in more rows than these are not drawn as often as their rows are.
FEW_ROWS = 4


@inlined
def _halve(x, size, least):
    """Return a size, or its half, its fourth .. down to `least`, one as likely as the other."""
    few, halvings = np.int64(size), np.int64(0)
    while few >= 2 * least:
        few >>= 1
        halvings += 1
    return size >> ((np.int64(x & np.uint64(0xFFFF)) * (halvings + 1)) >> 16)


@inlined
def _harm_of(now, change, low, high, scale):
    """Return by how much the violation of a row would grow with its sum."""
    then = now + change
    return scale * (max(low - then, then - high, 0.0) - max(low - now, now - high, 0.0))


@borrowing_part
def _best_member(r, down, beta, tables, place, chain, w):
    """Return the member of row r that lowers (or raises) its sum and does the least harm.

    Harm is by how much the violation of all rows grows; of equals it is the cheapest one, at the
    temperature. -1: there is none. One long loop, all arrays at hand: it is where the time goes.
    """
    rows, s, fields, listed = tables.rows, place.s, place.fields, place.listed
    marks, harms, noise, taken = chain.marks, chain.harms, tables.noise, tables.taken
    total, step, spin, coefficient = place.total, place.step, rows.spin, rows.coefficient
    spin_start, spin_code, spin_coefficient = rows.spin_start, rows.spin_code, rows.spin_coefficient
    lower, upper, scale = rows.lower, rows.upper, rows.scale
    start, high = rows.start[r], np.int64(place.high[r])
    length = rows.start[r + 1] - start
    size = high if down else length - high
    if size == 0:
        return np.int64(-1)
    # few of many: from the list; else all members in their order
    by_list = 4 * size < length
    if not by_list:
        size = length
    elif not down:
        start += high
    x = draw(w)
    many, end, first = min(size, tables.look), start + size, start
    trusted = np.int64((x >> np.uint64(16)) & np.uint64(0xFFFF)) < tables.trust
    if trusted and not by_list:
        many = min(many, _halve(x, size, SHORTEST))
    if not trusted or by_list or many == tables.look:
        first += below(x, size)
    else:  # around the place where those that are on would end if they were the cheapest
        first += max(0, min(high - many // 2, size - many))
    least, at, opens = UNEVEN, first, chain.count[3]
    for f in range(many):
        e = np.int64(listed[at]) if by_list else at
        k = np.int64(spin[e])
        at = at + 1 if at + 1 < end else start
        on = s[k] > 0
        amount = 2.0 * UNEVEN if marks[k] or (on == (coefficient[e] > 0)) != down else 0.0
        for p in range(spin_start[k], spin_start[k + 1]):
            code = np.int64(spin_code[p]) ^ np.int64(on)
            change = np.float64(step[code])
            if change > 0.5 * UNEVEN:
                i, by = code >> 1, -s[k] * spin_coefficient[p]
                change = _harm_of(total[i], by, lower[i], upper[i], scale[i])
            if opens and change > 0.0 and can_open(code >> 1, k, tables, place):
                change = np.float64(0.0)
            amount += change
        harms[f] = amount
        least = min(least, amount)
    best, chosen, at = np.inf, np.int64(-1), first
    if least >= 0.5 * UNEVEN:
        return chosen
    some, fills = np.int64(x & np.uint64(NOISES - 1)), chain.count[2]
    for f in range(many):
        if harms[f] <= least + ROUNDING:
            k = np.int64(spin[np.int64(listed[at]) if by_list else at])
            cost = s[k] * (2.0 * fields[k] - taken[k])
            if fills or opens:
                cost += cost_of_room(k, -np.float64(s[k]), fills, opens, tables, place)
            if beta < np.inf:
                cost = beta * cost - noise[some + f]
            if cost < best:
                best, chosen = cost, k
        at = at + 1 if at + 1 < end else start
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
            chain.flags[r] = 0
            continue
        tries += 1
        high = np.int64(place.high[r])
        down = place.total[r] > rows.upper[r]
        size = high if down else rows.start[r + 1] - rows.start[r] - high
        if found < 0 or size < fewest:
            found, fewest = r, size
    return found


@borrowing_part
def _mend(repairs, most, beta, pushes, tables, place, chain, w):
    """Repair the rows that the chain broke by so many flips; return whether all hold.

    It is given up where the chain costs more than `most` on the way.
    """
    left, chain.peak[0] = repairs, -np.inf
    while True:
        r = _next_broken(tables.rows, place, chain, w)
        if r < 0:
            return True
        if left == 0 or chain.count[0] + 1 >= len(chain.flips):
            return False
        cost = chain.priced[chain.count[0]]
        chain.peak[0] = max(chain.peak[0], cost)
        if cost > most:
            return False
        left -= 1
        down = place.total[r] > tables.rows.upper[r]
        k = _best_member(r, down, beta, tables, place, chain, w)
        if k < 0:
            return False
        turn(k, pushes, tables, place, chain)


@inlined
def _is_relaxed(r, change, rows, place):
    """Return whether the row, whose sum grew by `change`, was in the way of the opposite."""
    total, unit = place.total[r], rows.unit[r]
    if rows.lower[r] == rows.upper[r]:
        return False
    if change < 0:
        if unit > 0.0:
            return total + unit <= rows.upper[r] < total + 2 * unit
        return rows.upper[r] < total - change + 1.0 / rows.scale[r]
    if unit > 0.0:
        return total - unit >= rows.lower[r] > total - 2 * unit
    return rows.lower[r] > total - change - 1.0 / rows.scale[r]


@borrowing_part
def _follow(pushes, tables, place, chain, w):
    """Add to a chain what it made possible and what lowers the energy: short chains of their own.

    Who opens a site gets those that are nearer to it; who empties one may close it.
    """
    rows = tables.rows
    own, left = chain.count[0], np.int64(FOLLOWERS)
    for f in range(own):
        k = chain.flips[f]
        for e in range(rows.spin_start[k], rows.spin_start[k + 1]):
            r, change = np.int64(rows.spin_row[e]), rows.spin_coefficient[e] * place.s[k]
            if not _is_relaxed(r, change, rows, place):
                continue
            high = np.int64(place.high[r])
            left -= 1 + (high if change > 0 else rows.start[r + 1] - rows.start[r] - high)
            kept = chain.count[0]
            if left < 0 or kept + 4 >= len(chain.flips):
                return
            member = _best_member(r, change > 0, np.inf, tables, place, chain, w)
            if member < 0:
                continue
            turn(member, pushes, tables, place, chain)
            good = _mend(FOLLOWER_REPAIRS, np.inf, np.inf, pushes, tables, place, chain, w)
            if not good or chain.costs[chain.count[0]] >= chain.costs[kept]:
                take_back(kept, pushes, tables, place, chain)


@inlined
def _first_spin(tables, place, w):
    """Return the spin that begins a chain: any, or a member of a row that is high, or cheap."""
    x = draw(w)
    num_rows = len(tables.rows.lower)
    source = (x >> np.uint64(8)) & np.uint64(3)
    if num_rows == 0 or source == 0:
        return below(x, len(place.s))
    r = below(x, num_rows)
    first, high = tables.rows.start[r], np.int64(place.high[r])
    size = tables.rows.start[r + 1] - first
    if source < 2 and high > 0:
        k = np.int64(tables.rows.spin[place.listed[first + below(x << np.uint64(32), high)]])
        # spins in many rows are drawn by many
        degree = tables.rows.spin_start[k + 1] - tables.rows.spin_start[k]
        return k if below(draw(w), degree) < FEW_ROWS else below(draw(w), len(place.s))
    if high == size:
        return below(draw(w), len(place.s))
    if np.int64((x >> np.uint64(16)) & np.uint64(0xFFFF)) < tables.trust:
        y = draw(w)  # near where those that are on would end if they were the cheapest
        at = below(y, _halve(y, size, 1))
        at = high + at if (y & np.uint64(0x10000)) == 0 else high - 1 - at
        return np.int64(tables.rows.spin[first + (at if 0 <= at < size else below(draw(w), size))])
    best, chosen = np.inf, np.int64(0)
    for _ in range(FIRST_LOOK):
        at = first + high + below(draw(w), size - high)
        k = np.int64(tables.rows.spin[place.listed[at]])
        cost = place.s[k] * place.fields[k]
        if cost < best:
            best, chosen = cost, k
    return chosen


@inlined
def _most_cost(beta, heat_bath, slack, w):
    """Return the cost below which a chain is accepted, drawn beforehand."""
    if beta == np.inf:
        return -max(slack, 1e-300)  # strictly below
    if heat_bath:
        u = inner(w)
        odds = math.log(1.0 - u) - math.log(u)
        return odds / beta if beta > 0.0 else math.copysign(np.inf, odds)
    return -math.log(inner(w)) / beta if beta > 0.0 else np.inf


@borrowing
def sweep(tables, lanes, chain, words, betas, part, options, costs):
    """Make the proposals that `part` counts, N for each row of `betas`, in all replicas.

    The costs of each replica's last proposals go to `costs` (R, any length), nan for a chain
    that did not close.
    """
    in_order, heat_bath, pushes, interval, slack = options
    states, fields, totals, steps, listed, slots, highs, reach = lanes
    begin, end, clock = part
    num_spins = states.shape[1]
    for r in range(len(states)):
        place = Place(states[r], fields[r], totals[r], steps[r], listed[r], slots[r], highs[r])
        w = words[r]
        for proposal in range(begin, end):
            beta = betas[proposal // num_spins, r if betas.shape[1] > 1 else 0]
            v = proposal % num_spins
            if (clock + proposal) % interval == 0:
                refresh(tables, place)
            choose_how(beta < np.inf or costs.shape[1] > 0, tables, chain, w)
            limit = _most_cost(beta, heat_bath, slack, w)
            k = np.int64(v) if in_order else _first_spin(tables, place, w)
            turn(k, pushes, tables, place, chain)
            far = np.inf if in_order or draw(w) & np.uint64(7) == 0 else PATIENCE
            most = limit + (far * reach[r, 0] if far < np.inf else np.inf)
            good = _mend(REPAIRS + 2 * chain.count[1], most, beta, pushes, tables, place, chain, w)
            peak = chain.peak[0] - limit
            over = chain.costs[chain.count[0]] - limit
            if good and over > 0.0 and (far == np.inf or over <= far * reach[r, 1]):
                _follow(pushes, tables, place, chain, w)
            cost = chain.costs[chain.count[0]]
            if costs.shape[1]:
                costs[r, v % costs.shape[1]] = cost if good else np.nan
            if good and cost <= limit:
                reach[r, 0] = max(FORGET * reach[r, 0], peak)
                reach[r, 1] = max(FORGET * reach[r, 1], over)
                settle(pushes, tables, place, chain)
            else:
                take_back(0, pushes, tables, place, chain)
