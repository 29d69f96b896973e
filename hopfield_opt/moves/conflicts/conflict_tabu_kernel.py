"""Tabu search among independent sets: one comes in, those in conflict with it go.

A move takes in the best of a few that are drawn, which brings ``c_i - load_i``, where the load is
what the members in conflict with it are worth: of those with none if there are any, else of those
with one (a swap, which keeps the value where all are worth the same); where these would cost, of
those with two as well. Who went stays out for some moves, unless it leads above the best of the
run; of equal ones that which has not moved for longest comes in.

Now and then one with two conflicts comes in though it costs; that is rarer in each of some stages,
which then begin anew: on random graphs of degree 20 it takes one move in a hundred to get on, on
geometric ones not one in a thousand, to settle.

Of one replica there are

    tight    (N,) members in conflict with each spin, (N,) `load` what they are worth
    lists    (4, N) spins that are FREE, tight by ONE or TWO, and CHOSEN; their `counts` (4,), and
             the `place` (N,) of a spin in its list; all others, and what is worth nothing, in none
    until    (N,) the move before which a spin stays out
    moved    (N,) when it last moved
    found    (N,) the best of all
    wanted   (N,) whom the search begins with
    book     NOW, LEVEL and LOWEST: moves done, energy, and that of the best, in units
    w        the four words of a xoshiro256++ stream

References: Q. Wu, J.-K. Hao, F. Glover, Ann. Oper. Res. 196, 611 (2012), for the moves and tenures;
D. V. Andrade, M. G. C. Resende, R. F. Werneck, J. Heuristics 18, 525 (2012), for the lists.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.jit import borrowing, borrowing_part, inlined
from hopfield_opt.xoshiro import below, draw

SEGMENTS = FREE, ONE, TWO, CHOSEN = range(4)
NOW, LEVEL, LOWEST = range(3)
# So many are drawn from a list; more made it worse on random graphs of degree 20, fewer on all.
SAMPLE = 8
# Who went stays out for BASE + U(SPREAD) moves.
BASE, SPREAD = 7, 10
# One of so many moves costs in the first of STAGES, half as many in each later one, and each stage
# has so many moves for each spin.
UPHILL, STAGES, MOVES_PER_SPIN = 50, 8, 5
NONE = -(2**62)


class ConflictTerms(NamedTuple):
    """The network: conflicts of each spin (CSR), and what each is worth."""

    begins: NDArray[np.int64]
    neighbours: NDArray[np.int32]
    worths: NDArray[np.int64]


class ConflictState(NamedTuple):
    """Where R searches stand, or one of them, see the head of this file; changed in place."""

    wanted: NDArray[np.bool_]
    tight: NDArray[np.int32]
    load: NDArray[np.int64]
    lists: NDArray[np.int32]
    counts: NDArray[np.int64]
    place: NDArray[np.int32]
    until: NDArray[np.int64]
    moved: NDArray[np.int64]
    found: NDArray[np.bool_]
    book: NDArray[np.int64]


@inlined
def _of(state, r):
    """Return one of the searches."""
    return ConflictState(
        state.wanted[r], state.tight[r], state.load[r], state.lists[r], state.counts[r],
        state.place[r], state.until[r], state.moved[r], state.found[r], state.book[r],
    )  # fmt: skip


@inlined
def _put(k, segment, one):
    """Write spin k to the end of a list."""
    one.place[k] = one.counts[segment]
    one.lists[segment, one.counts[segment]] = k
    one.counts[segment] += 1


@inlined
def _take(k, segment, one):
    """Take spin k out of its list; the last one goes to its place."""
    one.counts[segment] -= 1
    last = one.lists[segment, one.counts[segment]]
    one.lists[segment, one.place[k]] = last
    one.place[last] = one.place[k]


@borrowing_part
def _come(k, terms, one):
    """Choose spin k, which is free."""
    _take(k, FREE, one)
    _put(k, CHOSEN, one)
    one.book[LEVEL] -= terms.worths[k]
    for p in range(terms.begins[k], terms.begins[k + 1]):
        i = terms.neighbours[p]
        t = one.tight[i]
        one.tight[i] = t + 1
        one.load[i] += terms.worths[k]
        if t <= TWO:
            _take(i, t, one)
            if t < TWO:
                _put(i, t + 1, one)


@borrowing_part
def _go(k, terms, one):
    """Let spin k, which is chosen, go."""
    _take(k, CHOSEN, one)
    _put(k, FREE, one)
    one.book[LEVEL] += terms.worths[k]
    for p in range(terms.begins[k], terms.begins[k + 1]):
        i = terms.neighbours[p]
        t = one.tight[i]
        one.tight[i] = t - 1
        one.load[i] -= terms.worths[k]
        if t <= TWO:
            _take(i, t, one)
        if t <= TWO + 1:
            _put(i, t - 1, one)


@borrowing_part
def _best_of(segment, terms, one, w):
    """Return the best of a few in a list that may come in, -1 for none, and what it brings."""
    size, best, gain = one.counts[segment], np.int64(-1), np.int64(NONE)
    needed = max(np.int64(0), one.book[LEVEL] - one.book[LOWEST])
    for a in range(min(size, SAMPLE)):
        k = np.int64(one.lists[segment, a if size <= SAMPLE else below(draw(w), size)])
        own = terms.worths[k] - one.load[k]
        if one.until[k] > one.book[NOW] and own <= needed:
            continue
        if own > gain or (own == gain and one.moved[k] < one.moved[best]):
            best, gain = k, own
    return best, gain


@borrowing_part
def _choose(terms, one, uphill, w):
    """Return who comes in, -1 for nobody, and what that brings."""
    k, gain = _best_of(FREE, terms, one, w)
    if k >= 0:
        return k, gain
    if below(draw(w), uphill):
        k, gain = _best_of(ONE, terms, one, w)
    if gain < 0:
        other, more = _best_of(TWO, terms, one, w)
        if more > gain:
            return other, more
    return k, gain


@borrowing_part
def _let_go(k, stay, terms, one):
    """Let spin k go, for so many moves at the least."""
    _go(k, terms, one)
    one.until[k] = one.book[NOW] + stay
    one.moved[k] = one.book[NOW]


@borrowing_part
def _note(one):
    """Keep the members as the best, if they are."""
    if one.book[LEVEL] < one.book[LOWEST]:
        one.book[LOWEST] = one.book[LEVEL]
        for i in range(len(one.found)):
            one.found[i] = False
        for a in range(one.counts[CHOSEN]):
            one.found[one.lists[CHOSEN, a]] = True


@borrowing_part
def _move(terms, one, uphill, w):
    """Let the best that may come in come, and those in conflict with it go."""
    k, gain = _choose(terms, one, uphill, w)
    if gain <= 0:
        _note(one)
    if k >= 0:
        stay = BASE + below(draw(w), SPREAD)
        p = terms.begins[k]
        while one.tight[k]:
            i = np.int64(terms.neighbours[p])
            p += 1
            if one.place[i] < one.counts[CHOSEN] and one.lists[CHOSEN, one.place[i]] == i:
                _let_go(i, stay, terms, one)
        _come(k, terms, one)
        one.moved[k] = one.book[NOW]
    elif one.counts[CHOSEN]:  # nobody may come in: one goes
        k = np.int64(one.lists[CHOSEN, below(draw(w), one.counts[CHOSEN])])
        _let_go(k, BASE, terms, one)
    one.book[NOW] += 1


@borrowing
def fill(terms, state, words):
    """Choose who is wanted and in nobody's way, then whoever else is in no conflict."""
    for r in range(len(words)):
        one, w = _of(state, r), words[r]
        for k in range(len(terms.worths)):
            if terms.worths[k] > 0:
                _put(k, FREE, one)
                # a random order
                a, last = below(draw(w), one.counts[FREE]), one.counts[FREE] - 1
                other = one.lists[FREE, a]
                one.lists[FREE, last], one.place[other] = other, last
                one.lists[FREE, a], one.place[k] = k, a
        for wanted in (True, False):
            for a in range(one.counts[FREE] - 1, -1, -1):
                # whoever comes takes others out of the list; those that were seen fill the gaps
                if a < one.counts[FREE]:
                    free = np.int64(one.lists[FREE, a])
                    if one.wanted[free] == wanted:
                        _come(free, terms, one)
        _note(one)


@borrowing
def conflict_tabu(terms, state, words, moves):
    """Make so many moves in each replica, in place; what is met lowest goes to `found`."""
    stage = max(1, MOVES_PER_SPIN * len(terms.worths))
    for r in range(len(words)):
        one = _of(state, r)
        for _ in range(moves):
            uphill = UPHILL << ((one.book[NOW] // stage) % STAGES)
            _move(terms, one, uphill, words[r])
        _note(one)
