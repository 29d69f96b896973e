"""The moves of a tour: what they change, whether they are allowed, and how they are made.

See `chain`. `kind` says what i, u, v and `turn` mean: the u cities from position i on
are turned round (REVERSAL), or exchanged with the v after them (EXCHANGE, and `turn` says which of
the segments is turned round), or the cities at i and u are swapped (SWAP).
"""

from hopfield_opt.jit import borrowing_part
from hopfield_opt.tour_moves import reverse, wrap

REVERSAL, EXCHANGE, SWAP = 0, 1, 2
KEPT, FIRST_TURNED, SECOND_TURNED = 0, 1, 2


@borrowing_part
def delta_of(d, t, kind, i, u, v, turn):
    """Return what a move changes."""
    m = len(t)
    before, first = t[i - 1 if i else m - 1], t[i]
    if kind == REVERSAL:
        last, after = t[wrap(i + u - 1, m)], t[wrap(i + u, m)]
        return d[before, last] + d[first, after] - d[before, first] - d[last, after]
    if kind == SWAP:  # of the positions i and u, which are no neighbours
        left, city, right = t[u - 1 if u else m - 1], t[u], t[wrap(u + 1, m)]
        after = t[wrap(i + 1, m)]
        change = d[before, city] + d[city, after] - d[before, first] - d[first, after]
        return change + d[left, first] + d[first, right] - d[left, city] - d[city, right]
    last, start = t[wrap(i + u - 1, m)], t[wrap(i + u, m)]
    end, after = t[wrap(i + u + v - 1, m)], t[wrap(i + u + v, m)]
    change = -d[before, first] - d[last, start] - d[end, after]
    if turn == KEPT:
        return change + d[before, start] + d[end, first] + d[last, after]
    if turn == FIRST_TURNED:
        return change + d[before, start] + d[end, last] + d[first, after]
    return change + d[before, end] + d[start, first] + d[last, after]


@borrowing_part
def _exchange(t, position, i, u, v, turn, buffer):
    """Exchange the u cities from position i on with the v after them."""
    m = len(t)
    if turn == FIRST_TURNED or (turn == KEPT and u <= v):
        for x in range(u):
            buffer[x] = t[wrap(i + x, m)]
        for x in range(v):
            city = t[wrap(i + u + x, m)]
            t[wrap(i + x, m)], position[city] = city, wrap(i + x, m)
        for x in range(u):
            city, place = buffer[u - 1 - x if turn else x], wrap(i + v + x, m)
            t[place], position[city] = city, place
        return
    for x in range(v):
        buffer[x] = t[wrap(i + u + x, m)]
    for x in range(u - 1, -1, -1):
        city = t[wrap(i + x, m)]
        t[wrap(i + v + x, m)], position[city] = city, wrap(i + v + x, m)
    for x in range(v):
        city, place = buffer[v - 1 - x if turn else x], wrap(i + x, m)
        t[place], position[city] = city, place


@borrowing_part
def is_open(strict, allowed, t, kind, i, u, v, turn):
    """Return whether all cities may stand where a move puts them."""
    m = len(t)
    if kind == SWAP:
        return allowed[t[i], u] and allowed[t[u], i]
    end = i + u + v
    inside = strict[min(end, m)] - strict[i]
    if end > m:
        inside += strict[end - m]
    if inside == 0:
        return True
    for x in range(u):
        place = u - 1 - x if kind == REVERSAL else v + (u - 1 - x if turn == FIRST_TURNED else x)
        if not allowed[t[wrap(i + x, m)], wrap(i + place, m)]:
            return False
    for x in range(v):
        place = v - 1 - x if turn == SECOND_TURNED else x
        if not allowed[t[wrap(i + u + x, m)], wrap(i + place, m)]:
            return False
    return True


@borrowing_part
def apply(t, position, buffer, kind, i, u, v, turn):
    """Make a move; `buffer` (m,) is scratch."""
    if kind == REVERSAL:
        reverse(t, position, i, u)
    elif kind == EXCHANGE:
        _exchange(t, position, i, u, v, turn, buffer)
    else:
        t[i], t[u] = t[u], t[i]
        position[t[i]], position[t[u]] = i, u
