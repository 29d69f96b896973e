"""Tabu search with the moves of a network with groups."""

import numpy as np

from hopfield_opt.jit import borrowing, inlined, overwrite
from hopfield_opt.moves.groups.exchanges import only_move
from hopfield_opt.moves.groups.group_costs import cost_of
from hopfield_opt.moves.groups.group_state import push_fields, refresh, toggle
from hopfield_opt.moves.groups.offsets import (
    COUNT,
    FIRST,
    GROUP,
    KIND,
    LINKED,
    NUM_COUNTS,
    NUM_SPINS,
    ON,
    ORDER,
    PLAIN,
    UPPER,
)
from hopfield_opt.moves.groups.range_moves import find_violated, touches_range
from hopfield_opt.xoshiro import below, draw


@inlined
def _leaver(g, turn, at, ints, floats, s, lists, fields, steps, flips):
    """Return the member of group g that is cheapest to turn off, the first of equals from turn."""
    first, on = ints[at[FIRST] + g], np.int64(lists[at[ON] + g])
    least, chosen, one = np.inf, np.int64(-1), np.int64(1)
    for p in range(on):
        k = p + turn if p + turn < on else p + turn - on
        flips[0] = lists[at[ORDER] + first + k]
        cost = cost_of(flips, one, 1.0, one > 1, at, ints, floats, s, fields, steps)
        if cost < least:
            least, chosen = cost, flips[0]
    return chosen


@inlined
def _keeps(flips, used, at, ints, floats, s, lists, fields):
    """Return whether no range is violated after the flips."""
    if not touches_range(flips, used, at, ints):
        return True
    for f in range(used):
        toggle(flips[f], at, ints, floats, s, lists, fields)
    g = find_violated(flips, used, at, ints, floats, fields)
    for f in range(used):
        toggle(flips[f], at, ints, floats, s, lists, fields)
    return g < 0


@borrowing
def tabu(tables, state, clock, iterations, tenure, options, memory, steps, room):
    """Make the best move that is not tabu, so many times; states met go to `best`, `lowest`.

    A spin that was turned off must not be turned on before `expires`, a spin flipped alone not
    be flipped; a move below the lowest energy met is always allowed. Equal moves are drawn from.
    `room` is for flips, twice, and a spin of each counting group.
    One long loop, as `sweeping.sweeps` and for the same reason.
    """
    at, ints, floats = tables
    all_s, all_lists, all_fields, words = state
    _, interval, slack, _ = options
    expires, energies, best, lowest = memory
    flips, chosen, leaver = room
    num_spins, num_counts = at[NUM_SPINS], at[NUM_COUNTS]
    for r in range(len(all_s)):
        s, lists, fields, w = all_s[r], all_lists[r], all_fields[r], words[r]
        until = expires[r]
        for now in range(clock, clock + iterations):
            if now % interval == 0:
                refresh(at, ints, floats, s, fields)
            for g in range(num_counts):
                leaver[g] = -1
                if ints[at[UPPER] + g] > 1 and lists[at[ON] + g] > 0:
                    turn = below(draw(w), lists[at[ON] + g])
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
                        used = only_move(i, at, ints, s, lists, flips)
                    elif ints[at[KIND] + i] == COUNT and s[i] < 0:
                        flips[0], flips[1] = i, leaver[ints[at[GROUP] + i]]
                        used = 2 if flips[1] >= 0 else 0
                    if used == 0:
                        continue
                    pairs = used > 2 or (used == 2 and ints[at[LINKED] + ints[at[GROUP] + i]] != 0)
                    cost = cost_of(flips, used, 1.0, pairs, at, ints, floats, s, fields, steps)
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
                if equal == 1 or below(draw(w), equal) == 0:
                    least, size = cost, used
                    for f in range(used):
                        chosen[f] = flips[f]
            for f in range(size):
                k = chosen[f]
                if size == 1 or s[k] > 0:
                    until[k] = now + 1 + tenure[0] + below(draw(w), tenure[1])
                toggle(k, at, ints, floats, s, lists, fields)
                push_fields(k, 2.0 * s[k], at, ints, floats, fields)
            if size:
                energies[r] += least
            if energies[r] < lowest[r] - slack:
                lowest[r] = energies[r]
                overwrite(best[r], s)
