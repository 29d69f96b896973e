"""Local search of tours with kicks: chains of 2-opt moves, and exchanges of segments (Or-opt).

At a city a the search looks for

* a chain of reversals, each of which joins the loose end to one of its nearest (2-opt; two or
  three in a row are 3-opt and Or-opt with a turned segment; Lin and Kernighan 1973), with
  symmetric distances only;
* an exchange of two neighbouring segments, of which none is turned (3-opt, Or-opt).

What is cut first is longer than what is joined first, at each step of a move (the gain criterion):
some rotation of every improving move fulfils this. After a kick (three short segments in the
opposite order: a double bridge, which no chain and no exchange undoes) only the cities at the cuts
are looked at, and what became longer is undone move by move.

References
----------
S. Lin, B. W. Kernighan, "An effective heuristic algorithm for the traveling-salesman problem",
Operations Research 21 (1973). O. Martin, S. W. Otto, E. W. Felten, "Large-step Markov chains for
the traveling salesman problem", Complex Systems 5 (1991), section 3 (the double bridge).
"""

from typing import Any, NamedTuple, Self

import numpy as np

from hopfield_opt.arrays import BoolArray, FloatArray, IntArray
from hopfield_opt.baselines.tour_distances import gap
from hopfield_opt.jit import borrowing, borrowing_part
from hopfield_opt.tour_moves import after_of, exchange, flip, reverse, undo, wrap
from hopfield_opt.xoshiro import below, draw

# A step joins a city to one of so many neighbours.
NEAREST = 8
# The reversals of a chain, and how many ways are tried at its first, second, ... one. On pr1002 and
# d1291 in 3 s (5, 3, 1, 1, 1, 1), (5, 3, 1) and (3, 2, 1, 1, 1, 1) ended .1 to .8 % longer.
BREADTH = (5, 2, 1, 1)
# The longest segments of a kick (10 and 25 stop earlier at longer tours of 1000 cities), and the
# moves between two kicks that can be undone.
LONGEST_KICK, MOST_MOVES = 50, 1000


class Room(NamedTuple):
    """What a search of a tour writes into, made once: the kernel makes no arrays.

    A chain of reversals has a row of the last four at each of its levels. The parts of the kernel
    are given the arrays that they use: all of them, in each call, would take a fourth of the time.
    """

    position: IntArray  # (m,) of each city
    buffer: IntArray  # (m,) for a segment
    queue: IntArray  # (m,) cities to be looked at, the last one first
    queued: BoolArray  # (m,) whether a city is in the queue: none before a search
    log: IntArray  # (MOST_MOVES, 3) moves that can be undone
    ends: IntArray  # (L, 2) what the last loose end was joined to, and the next loose end
    levels: IntArray  # (L, 3) the number of ways, the next of them, and the direction
    ways: IntArray  # (L, NEAREST) the cities to join the loose end to
    values: FloatArray  # (L, NEAREST) what would be gained by then
    cuts: IntArray  # (4, 2) the cities before and behind the cuts of a kick

    @classmethod
    def of(cls, size: int) -> Self:
        """Return room for tours of so many cities."""
        levels = len(BREADTH) + 1

        def whole(*shape: int) -> IntArray:
            return np.empty(shape, np.int64)

        return cls(
            position=whole(size),
            buffer=whole(size),
            queue=whole(size),
            queued=np.zeros(size, np.bool_),
            log=whole(MOST_MOVES, 3),
            ends=whole(levels, 2),
            levels=whole(levels, 3),
            ways=whole(levels, NEAREST),
            values=np.empty((levels, NEAREST)),
            cuts=whole(4, 2),
        )


@borrowing_part
def _ways(d, near, t, position, ends, level, forward, gain, least, ways, values):
    """Write the best ways to go on from the loose end, and return how many; -1 if one closes.

    `ends` are the loose ends so far behind the city that the tour is to be closed with, each
    with the city that it was joined to.
    """
    base, loose, found = ends[0, 0], ends[level, 1], 0
    for rank in range(near.shape[1]):
        c = near[loose, rank]
        left = gain - gap(d, loose, c)
        if left <= least:
            break
        after = t[position[c] - 1] if forward else after_of(t, position[c])
        joined = c == base or after == loose
        for k in range(1, level + 1):
            # what was joined in this chain is not cut again
            x, y = ends[k - 1, 1], ends[k, 0]
            joined = joined or (x == c and y == after) or (x == after and y == c)
        if joined:
            continue
        value = left + gap(d, c, after)
        if value - gap(d, after, base) > least:
            ways[level, 0], values[level, 0] = c, value
            return -1
        at = found
        while at > 0 and values[level, at - 1] < value:
            at -= 1
        if at < BREADTH[level]:
            found = min(found + 1, BREADTH[level])
            for x in range(found - 1, at, -1):
                ways[level, x], values[level, x] = ways[level, x - 1], values[level, x - 1]
            ways[level, at], values[level, at] = c, value
    return found


@borrowing_part
def _chain(d, near, t, position, base, forward, least, log, moves, ends, ways, values, state):
    """Look for a chain of reversals from a city on; return its gain, and its moves, 0 for none."""
    ends[0, 0] = base
    ends[0, 1] = after_of(t, position[base]) if forward else t[position[base] - 1]
    level: Any = np.int64(0)
    gain, fresh = gap(d, base, ends[0, 1]), True
    state[0, 2] = forward
    while True:
        if fresh:
            direction = state[level, 2] == 1
            count = _ways(d, near, t, position, ends, level, direction, gain, least, ways, values)
            state[level, 0], state[level, 1] = abs(count), 0
        if state[level, 1] < state[level, 0]:
            c, gain = ways[level, state[level, 1]], values[level, state[level, 1]]
            state[level, 1] += 1
            forward, loose = state[level, 2] == 1, ends[level, 1]
            after = t[position[c] - 1] if forward else after_of(t, position[c])
            first, last = (loose, after) if forward else (after, loose)
            rest = flip(t, position, first, last, log, moves + level)
            level += 1
            ends[level, 0], ends[level, 1] = c, after
            if fresh and count < 0:
                return gain - gap(d, after, base), level
            state[level, 2] = forward != rest
            fresh = level < len(BREADTH)
            if not fresh:
                state[level, 0] = state[level, 1] = 0
            continue
        if level == 0:
            return 0.0, level
        level -= 1
        fresh = False
        reverse(t, position, log[moves + level, 0], log[moves + level, 1])


@borrowing_part
def _insertion(d, near, t, position, a, least):
    """Look for an exchange of the segments behind a city; return its gain, i, u, v."""
    m = len(t)
    i = wrap(position[a] + 1, m)
    b = t[i]
    for rank in range(near.shape[1]):
        c = near[a, rank]
        gain = gap(d, a, b) - gap(d, a, c)
        if gain <= least:
            break
        if c == b:
            continue
        u = position[c] - i
        if u < 0:
            u += m
        last = t[position[c] - 1]
        gain += gap(d, last, c)
        for other in range(near.shape[1]):
            f = near[last, other]
            if gain - gap(d, last, f) <= least:
                break
            ahead = position[f] - i
            if ahead < 0:
                ahead += m
            if ahead <= u:
                continue
            e = t[position[f] - 1]
            change = gain - gap(d, last, f) + gap(d, e, f) - gap(d, e, b)
            if change > least:
                return change, i, u, ahead - u
    return 0.0, 0, 0, 0


@borrowing_part
def _wake(city, queue, queued, size):
    if not queued[city]:
        queued[city] = True
        queue[size] = city
        size += 1
    return size


@borrowing_part
def _improve(d, near, symmetric, t, position, city, least, log, moves, work, values, buffer):
    """Make one improving move at a city; return its gain, the logged moves, and the cities.

    The cities at the cuts are the first rows of `ends`, as many as is returned.
    """
    ends, ways, state = work
    for forward in range(2 if symmetric else 0):
        gain, count = _chain(
            d, near, t, position, city, forward, least, log, moves, ends, ways, values, state
        )
        if count:
            return gain, moves + count, count + 1
    gain, i, u, v = _insertion(d, near, t, position, city, least)
    if not u:
        return 0.0, moves, 0
    cut = i
    for row in range(3):
        ends[row, 0], ends[row, 1] = t[cut - 1], t[cut]
        cut = wrap(cut + (v if row else u), len(t))
    exchange(t, position, i, u, v, buffer)
    log[moves, 0], log[moves, 1], log[moves, 2] = i, u, v
    return gain, moves + 1, 3


@borrowing_part
def _settle(roads, t, position, waiting, size, least, log, moves, kept, scratch):
    """Improve at the queued cities until none can; return what that gains and the logged moves.

    With `kept` false the log is forgotten after each move.
    """
    total = 0.0
    (d, near, symmetric), (queue, queued), (work, values, buffer) = roads, waiting, scratch
    while size:
        size -= 1
        city = queue[size]
        queued[city] = False
        while moves < len(log) - len(BREADTH):
            gain, now, rows = _improve(
                d, near, symmetric, t, position, city, least, log, moves, work, values, buffer
            )
            if now == moves:
                break
            total += gain
            for row in range(rows):
                size = _wake(work[0][row, 0], queue, queued, size)
                size = _wake(work[0][row, 1], queue, queued, size)
            moves = now if kept else 0
    return total, moves


@borrowing_part
def _kick(d, t, position, i, lengths, log, buffer, cuts):
    """Put three segments from position i on into the opposite order; return what that costs.

    It is logged as two exchanges.
    """
    u, v, w = lengths
    change, cut = 0.0, i
    for k in range(4):
        cuts[k, 0], cuts[k, 1] = t[cut - 1], t[cut]
        change -= gap(d, cuts[k, 0], cuts[k, 1])
        cut = wrap(cut + (u if k == 0 else v if k == 1 else w), len(t))
    exchange(t, position, i, u, v + w, buffer)
    exchange(t, position, i, v, w, buffer)
    log[0, 0], log[0, 1], log[0, 2] = i, u, v + w
    log[1, 0], log[1, 1], log[1, 2] = i, v, w
    change += gap(d, cuts[0, 0], cuts[2, 1]) + gap(d, cuts[3, 0], cuts[1, 1])
    return change + gap(d, cuts[2, 0], cuts[0, 1]) + gap(d, cuts[1, 0], cuts[3, 1])


@borrowing
def search_block(d, near, symmetric, t, cities, kicks, least, words, room):
    """Improve a tour in place at some cities, or kick it so many times.

    A kicked tour is kept if it is no longer.
    """
    m = len(t)
    position, buffer, queue, queued, log, ends, levels, ways, values, cuts = room
    roads, waiting = (d, near, symmetric), (queue, queued)
    scratch = (ends, ways, levels), values, buffer
    for i in range(m):
        position[t[i]] = i
    if not kicks:
        size = 0
        for x in range(len(cities)):
            size = _wake(cities[x], queue, queued, size)
        _settle(roads, t, position, waiting, size, least, log, 0, False, scratch)
        return
    longest = min(LONGEST_KICK, m // 4)
    for _ in range(kicks):
        i = below(draw(words), m)
        u, v = 1 + below(draw(words), longest), 1 + below(draw(words), longest)
        lengths = (u, v, 1 + below(draw(words), longest))
        change = _kick(d, t, position, i, lengths, log, buffer, cuts)
        size = 0
        for k in range(4):
            size = _wake(cuts[k, 0], queue, queued, size)
            size = _wake(cuts[k, 1], queue, queued, size)
        gain, moves = _settle(roads, t, position, waiting, size, least, log, 2, True, scratch)
        if change - gain > 0.0:
            while moves:
                undo(t, position, log, moves, buffer)
                moves -= 1
