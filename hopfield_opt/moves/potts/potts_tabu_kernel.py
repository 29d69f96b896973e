"""Tabu search where every spin stands in a one-hot group: a move turns another member on.

With ``x = (1 + s) / 2`` the energy is ``sum_i q_i x_i + sum_{i<j} Q_ij x_i x_j`` and a constant.
``c_i = q_i + sum_j Q_ij x_j`` is what member i costs, or would cost, so that group g goes from k
to l by ``c_l - c_k``. All are integers (int64) in the unit of the layout.

A group is *content* if the member that is on costs as little as any member could, whatever the
others do: ``floor_g = min_i (q_i + sum_j min(Q_ij, 0))``. In a colouring these are the vertices
without conflict. To move them gains nothing; while others are left, only those move. Their number
also gives how long a member that was turned off stays off (Galinier and Hao, J. Comb. Optim. 3
(1999) 379, for colourings: 0.6 times the conflicting vertices plus U(10)).

Of one replica there are

    on     (G,) the member of each group that is on
    c      (N,) costs
    until  (N,) the iteration from which a member may be turned on again
    order  (G,) groups, those that are not content first; (G,) `place` of a group in it
    found  (G,) the members of the best state
    book   NOW, LEVEL, LOWEST (of the run), BEST (of the round), SINCE (when the round's best
           was met), BUSY (how many groups are not content)
    w      the four words of a xoshiro256++ stream
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.jit import inlined, njit, overwrite, part
from hopfield_opt.xoshiro import below, draw, uniform

NOW, LEVEL, BEST, BUSY, LOWEST, SINCE = range(6)
# A member stays off for BUSY_TENURE times the groups that are not content (at most a share of all
# groups: in a network where none ever is, the list would choose for the search) + U(SPREAD).
BUSY_TENURE, MOST_TENURE, SPREAD = 0.6, 0.1, 10
# A round ends after so many iterations for each group without a better state, and the next begins
# at the best of all with this share of the groups drawn anew.
PATIENCE, SHAKEN = 200, 0.25

Integers = NDArray[np.int64]


class PottsTerms(NamedTuple):
    """The network, see the head of this file."""

    begins: Integers  # (N + 1,) CSR of Q without pairs inside a group
    neighbours: Integers
    weights: Integers
    group: Integers  # (N,)
    first: Integers  # (G + 1,) where the members of a group begin
    members: Integers  # (N,)
    floor: Integers  # (G,)


class PottsState(NamedTuple):
    """Where R searches stand, see the head of this file; changed in place."""

    on: Integers
    c: Integers
    until: Integers
    order: Integers
    place: Integers
    found: Integers
    book: Integers


@inlined
def sort_in(g, busy, order, place, book):
    """Put group g among those that are not content, or take it out."""
    count = book[BUSY]
    if (place[g] < count) == busy:
        return
    target = count if busy else count - 1
    other, here = order[target], place[g]
    order[here], order[target] = other, g
    place[other], place[g] = here, target
    book[BUSY] += 1 if busy else -1


@inlined
def _move(g, new, terms, on, c, order, place, book):
    """Turn member `new` of group g on, the other one off."""
    begins, neighbours, weights, group, _, _, floor = terms
    old = on[g]
    book[LEVEL] += c[new] - c[old]
    on[g] = new
    for spin, sign in ((old, -1), (new, 1)):
        for p in range(begins[spin], begins[spin + 1]):
            i = neighbours[p]
            c[i] += sign * weights[p]
            h = group[i]
            if on[h] == i:
                sort_in(h, c[i] > floor[h], order, place, book)
    sort_in(g, c[new] > floor[g], order, place, book)


@part
def _iterate(terms, on, c, until, order, place, book, w, groups, spins):
    """Make the best move that is not tabu or leads below the round's best; ties at random."""
    first, members = terms.first, terms.members
    now, busy = book[NOW], book[BUSY]
    count = busy if busy else len(on)
    needed = book[BEST] - book[LEVEL]
    least, ties = np.int64(2**62), 0
    for a in range(count):
        g = order[a]
        k = on[g]
        for p in range(first[g], first[g + 1]):
            i = members[p]
            delta = c[i] - c[k]
            if delta > least or i == k or (until[i] > now and delta >= needed):
                continue
            if delta < least:
                least, ties = delta, 0
            groups[ties], spins[ties] = g, i
            ties += 1
    book[NOW] += 1
    if ties == 0:
        return
    chosen = below(draw(w), ties)
    g, i = groups[chosen], spins[chosen]
    stay = min(BUSY_TENURE * busy, MOST_TENURE * len(on) + SPREAD)
    until[on[g]] = now + 1 + np.int64(stay) + below(draw(w), SPREAD)
    _move(g, i, terms, on, c, order, place, book)


@part
def _next_round(terms, on, c, until, order, place, found, book, w):
    """Go back to the best of all, with some of the groups drawn anew."""
    for g in range(len(on)):
        new = found[g]
        if uniform(w) < SHAKEN:
            new = terms.members[
                terms.first[g] + below(draw(w), terms.first[g + 1] - terms.first[g])
            ]
        if new != on[g]:
            _move(g, new, terms, on, c, order, place, book)
    until[:] = 0
    book[BEST], book[SINCE] = book[LEVEL], book[NOW]


@njit
def potts_tabu(terms, state, words, iterations):
    """Make so many moves in each replica, in place; what is met lowest goes to `found`."""
    num_groups, size = len(terms.floor), len(terms.group)
    groups, spins = np.empty(size, np.int64), np.empty(size, np.int64)
    patience = PATIENCE * num_groups
    for r in range(len(words)):
        on, c, until, book = state.on[r], state.c[r], state.until[r], state.book[r]
        order, place, found, w = state.order[r], state.place[r], state.found[r], words[r]
        for _ in range(iterations):
            _iterate(terms, on, c, until, order, place, book, w, groups, spins)
            if book[LEVEL] < book[BEST]:
                book[BEST], book[SINCE] = book[LEVEL], book[NOW]
                if book[LEVEL] < book[LOWEST]:
                    book[LOWEST] = book[LEVEL]
                    overwrite(found, on)
            if book[NOW] - book[SINCE] >= patience:
                _next_round(terms, on, c, until, order, place, found, book, w)
