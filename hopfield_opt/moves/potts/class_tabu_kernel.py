"""Tabu search of a Potts model: a site that costs more than it must goes to another class.

`cost_vc = own_v(c) + sum_u A_uv [c_u = c]` is what site v costs, or would cost, in class c: a
move from class c to d changes the energy by ``cost_vd - cost_vc``. Only the costs of neighbours
change, in two of their classes. All are int32 in the unit of the form.

A site is *content* if it costs as little as it ever could, ``floor_v = sum_u min(A_uv, 0)``. In a
colouring the others are the vertices in conflict: they alone move. A class that a site has left
is tabu for it for .6 times their number and up to ten moves more (Galinier and Hao, J. Comb.
Optim. 3 (1999) 379).

Of one replica there are

    on      (n,) the class of each site
    cost    (n, k)
    until   (n, k) the move from which a site may go to a class again; NEVER for where it is
    order   (n,) sites, those that are not content first; (n,) `place` of a site in it
    best    (n,) the classes that cost least since the search began anew
    book    NOW (moves since then), LEVEL (the energy), BEST (the lowest since), BUSY (how many
            sites are not content), and what `class_crossing` notes
    w       the four words of a xoshiro256++ stream
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.jit import borrowing_part, inlined, overwrite
from hopfield_opt.moves.potts.potts_tabu_kernel import (
    BEST,
    BUSY,
    BUSY_TENURE,
    LEVEL,
    MOST_TENURE,
    NOW,
    SPREAD,
    sort_in,
)
from hopfield_opt.xoshiro import below, draw

NEVER = 2**31 - 1


class ClassTerms(NamedTuple):
    """The network, see the head of this file."""

    begins: NDArray[np.int64]  # (n + 1,) CSR of A
    neighbours: NDArray[np.int32]
    weights: NDArray[np.int32]
    own: NDArray[np.int32]  # (n, k), NEVER // 2 where a site lacks a class
    floor: NDArray[np.int32]  # (n,)


@borrowing_part
def move(v, new, terms, on, cost, order, place, book):
    """Give site v another class."""
    begins, neighbours, weights, _, floor = terms
    old = on[v]
    book[LEVEL] += cost[v, new] - cost[v, old]
    on[v] = new
    for p in range(begins[v], begins[v + 1]):
        u, weight = neighbours[p], weights[p]
        cost[u, old] -= weight
        cost[u, new] += weight
        own = on[u]
        if (own == old) | (own == new):
            sort_in(u, cost[u, own] > floor[u], order, place, book)
    sort_in(v, cost[v, new] > floor[v], order, place, book)


@borrowing_part
def settle(terms, on, cost, until, order, place, best, book, w):
    """Begin anew where the sites are; those in class -1 go where they cost least, one by one."""
    begins, neighbours, weights, own, floor = terms
    for v in range(len(on)):
        overwrite(cost[v], own[v])
        order[v] = v
    level = 0
    for v in range(len(on)):
        if on[v] >= 0:
            level += _add(v, on[v], begins, neighbours, weights, cost)
    for last in range(len(on) - 1, -1, -1):  # in random order
        a = below(draw(w), last + 1)
        v = order[a]
        order[a], order[last] = order[last], v
        if on[v] < 0:
            on[v] = _cheapest(cost[v], w)
            level += _add(v, on[v], begins, neighbours, weights, cost)
    book[NOW] = book[BUSY] = 0
    book[LEVEL] = book[BEST] = level
    for v in range(len(on)):
        order[v] = place[v] = v
        for c in range(cost.shape[1]):
            until[v, c] = 0
        until[v, on[v]] = NEVER
    for v in range(len(on)):
        sort_in(v, cost[v, on[v]] > floor[v], order, place, book)
    overwrite(best, on)


@inlined
def _add(v, c, begins, neighbours, weights, cost):
    """Let a site be felt by its neighbours; return what it costs with those felt before it."""
    for p in range(begins[v], begins[v + 1]):
        cost[neighbours[p], c] += weights[p]
    return np.int64(cost[v, c])


@inlined
def _cheapest(row, w):
    """Return a class of the least cost, one of several at random."""
    least, ties, found = np.int64(NEVER), 0, 0
    for c in range(len(row)):
        if row[c] < least:
            least, ties = np.int64(row[c]), 0
        if row[c] == least:
            ties += 1
            if ties == 1 or below(draw(w), ties) == 0:
                found = c
    return found


@inlined
def _least(row, stays, now):
    """Return the least cost of all classes, and that of those which are not tabu."""
    every, free = np.int32(NEVER), np.int32(NEVER)
    for c in range(len(row)):
        value = row[c]
        every = min(every, value)
        free = min(free, value if stays[c] <= now else np.int32(NEVER))
    return every, free


@borrowing_part
def step(terms, on, cost, until, order, place, best, book, w, tied):
    """Make the best move that is not tabu or leads below the best; ties at random."""
    now, count = np.int32(book[NOW]), book[BUSY]
    book[NOW] += 1
    needed = book[BEST] - book[LEVEL]
    least, ties = np.int64(NEVER // 4), 0
    for a in range(count):
        v = order[a]
        here = np.int64(cost[v, on[v]])
        every, free = _least(cost[v], until[v], now)
        change = every - here if every - here < needed else free - here
        if change < least:
            least, ties = change, 0
        if change == least:
            tied[ties] = v
            ties += 1
    if ties == 0:
        return
    v = tied[below(draw(w), ties)]
    # a class at random of those that cost the site as little
    wanted, free, found, new = least + cost[v, on[v]], least >= needed, 0, -1
    for c in range(cost.shape[1]):
        if cost[v, c] == wanted and not (free and until[v, c] > now):
            found += 1
            if found == 1 or below(draw(w), found) == 0:
                new = c
    stay = min(BUSY_TENURE * count, MOST_TENURE * len(on) + SPREAD)
    until[v, on[v]] = now + 1 + np.int64(stay) + below(draw(w), SPREAD)
    until[v, new] = NEVER
    move(v, new, terms, on, cost, order, place, book)
    if book[LEVEL] < book[BEST]:
        book[BEST] = book[LEVEL]
        overwrite(best, on)
