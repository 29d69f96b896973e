"""Searches of a Potts model in pairs, and what they hand on to each other.

Two searches take turns, `SPAN` moves each. Then both begin anew where *classes* of their best are
crossed: the largest class of the one, the largest of what is left of the other, and so on by turns;
sites in none of these go where they cost least. What makes a state good is which sites stand
together, whatever their class is called. Now and then the best of a while ago takes the place of
one of the two. Where both come to the same, all begins anew with turns twice as long.

References
----------
P. Galinier, J.-K. Hao, "Hybrid evolutionary algorithms for graph coloring", J. Comb. Optim. 3
(1999) 379 (the crossover); L. Moalic, A. Gondran, "Variations on memetic algorithms for graph
coloring problems", J. Heuristics 24 (2018) 1 (two individuals, and elites).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.jit import borrowing_part, njit, overwrite
from hopfield_opt.moves.potts.class_tabu_kernel import settle, step
from hopfield_opt.moves.potts.potts_tabu_kernel import BEST, BUSY, NOW
from hopfield_opt.xoshiro import below, draw

# What the book of a pair holds besides that of its search: the lowest energy of all, the moves of
# a turn, whose turn it is, how often both were crossed, and the lowest energy of this while.
LOWEST, SPAN, TURN, CROSSED, RECENT = range(4, 9)
BOOK = 9
# A turn has so many moves for each site, and at most so many; a while has so many crossings.
MOVES_PER_SITE, LONGEST_SPAN, WHILE = 20, 2**30, 10
HIGHEST = 2**62

Classes = NDArray[np.int32]


class ClassState(NamedTuple):
    """Where R pairs of searches stand; changed in place.

    Attributes
    ----------
    on, cost, until, order, place, best
        The search whose turn it is, see `class_tabu_kernel`.
    found : (R, n)
        The classes of the best state of all.
    pair, bred : (R, 2, n)
        The two states that are crossed, and what came of the crossings.
    elite : (R, 2, n)
        The best state of this while, and of the one before.
    book : (R, BOOK) int64
        Numbers.
    """

    on: Classes
    cost: Classes
    until: Classes
    order: Classes
    place: Classes
    best: Classes
    found: Classes
    pair: NDArray[np.int32]
    bred: NDArray[np.int32]
    elite: NDArray[np.int32]
    book: NDArray[np.int64]


@borrowing_part
def _are_alike(one, other, symmetric, names):
    """Whether two states are the same, or the same up to the names of classes."""
    names[:, :] = -1
    for v in range(len(one)):
        a, b = one[v], other[v]
        if not symmetric and a != b:
            return False
        if names[0, a] < 0 and names[1, b] < 0:
            names[0, a], names[1, b] = b, a
        if names[0, a] != b or names[1, b] != a:
            return False
    return True


@borrowing_part
def cross(one, other, on, symmetric, sizes, free, w):
    """Give `on` whole classes of two states by turns, the largest first; -1 to who is left.

    Where classes have names of their own each keeps it, and comes from one of the two.
    """
    sizes[:, :] = 0
    for v in range(len(on)):
        on[v] = -1
        sizes[0, one[v]] += 1
        sizes[1, other[v]] += 1
    count = sizes.shape[1]
    for c in range(count):
        free[c] = True
    for k in range(count):
        giver = one if k % 2 == 0 else other
        own = sizes[k % 2]
        chosen, ties = -1, 0
        for c in range(count):
            if not (symmetric or free[c]):
                continue
            if chosen < 0 or own[c] > own[chosen]:
                chosen, ties = c, 1
            elif own[c] == own[chosen]:
                ties += 1
                if below(draw(w), ties) == 0:
                    chosen = c
        free[chosen] = False
        for v in range(len(on)):
            if on[v] < 0 and giver[v] == chosen:
                on[v] = k if symmetric else chosen
                sizes[0, one[v]] -= 1
                sizes[1, other[v]] -= 1


@borrowing_part
def _next_turn(terms, symmetric, on, best, pair, bred, elite, book, w, names, free):
    """Note what a turn has brought, and let the next one begin: `on` says where."""
    turn = book[TURN]
    overwrite(bred[turn], best)
    if book[BEST] < book[RECENT]:
        book[RECENT] = book[BEST]
        overwrite(elite[0], best)
    book[TURN] = 1 - turn
    if turn == 1:
        overwrite(pair[0], bred[0])
        overwrite(pair[1], bred[1])
        book[CROSSED] += 1
        if book[CROSSED] % WHILE == 0:
            overwrite(pair[0], elite[1])
            overwrite(elite[1], elite[0])
            book[RECENT] = HIGHEST
        if _are_alike(pair[0], pair[1], symmetric, names):
            book[SPAN] = min(2 * book[SPAN], LONGEST_SPAN)
            book[CROSSED], book[RECENT] = 0, HIGHEST
    if book[CROSSED] == 0:
        overwrite(elite[1], best)
        on[:] = -1
    else:
        cross(pair[book[TURN]], pair[1 - book[TURN]], on, symmetric, names, free, w)


@njit
def begin_pairs(terms, state, words):
    """Begin all searches where the sites are; those in class -1 go where they cost least."""
    for r in range(len(words)):
        on, book = state.on[r], state.book[r]
        rest = (state.order[r], state.place[r], state.best[r], book, words[r])
        settle(terms, on, state.cost[r], state.until[r], *rest)
        overwrite(state.found[r], on)
        overwrite(state.elite[r, 1], on)
        book[LOWEST], book[RECENT] = book[BEST], HIGHEST
        book[SPAN] = MOVES_PER_SITE * len(on)


@njit
def search_pairs(terms, symmetric, state, words, moves):
    """Make so many moves in each pair, in place, unless no site costs more than it must."""
    size, count = terms.own.shape
    tied = np.empty(size, np.int64)
    names, free = np.empty((2, count), np.int64), np.empty(count, np.bool_)
    for r in range(len(words)):
        on, cost, until, w = state.on[r], state.cost[r], state.until[r], words[r]
        order, place, best, book = state.order[r], state.place[r], state.best[r], state.book[r]
        for _ in range(moves):
            if book[BUSY] == 0:
                break
            step(terms, on, cost, until, order, place, best, book, w, tied)
            if book[BEST] < book[LOWEST]:
                book[LOWEST] = book[BEST]
                overwrite(state.found[r], best)
            if book[NOW] >= book[SPAN]:
                rest = (state.pair[r], state.bred[r], state.elite[r], book, w, names, free)
                _next_turn(terms, symmetric, on, best, *rest)
                settle(terms, on, cost, until, order, place, best, book, w)
