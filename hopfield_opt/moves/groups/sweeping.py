"""Sweeps of random proposals that keep every group."""

import numpy as np

from hopfield_opt.jit import borrowing
from hopfield_opt.moves.decisions import accepts_move
from hopfield_opt.moves.groups.exchanges import propose
from hopfield_opt.moves.groups.group_costs import cost_of
from hopfield_opt.moves.groups.group_state import energy_of, push_fields, refresh, toggle, turn_on
from hopfield_opt.moves.groups.offsets import GROUP, LINKED, ORDER, PLAIN
from hopfield_opt.moves.groups.range_moves import complete, touches_range
from hopfield_opt.moves.plans import HEAT_BATH, RANDOM
from hopfield_opt.xoshiro import below, draw


@borrowing
def sweeps(tables, state, clock, betas, rule, order, options, costs, mark, steps, blocks, room):
    """Sweep all replicas; a sweep is N proposals.

    `room` is for flips, for fields, and for the energies without constants, which are the result.
    The costs of each replica's last proposals go to `costs` (R, any length), nan for one that
    no range allows. `mark` is N zeros where there are Linear groups, `steps` a zero for
    each form, `blocks` the sizes of the permutation blocks; each is None where there are none:
    numba then compiles the kernel without what they need, in half the time. One long loop: parts
    of it as functions of their own would get all its variables passed at every proposal. Plain
    one-hot groups have a short cut in it.
    """
    at, ints, floats = tables
    all_s, all_lists, all_fields, words = state
    uniform, interval, slack, _ = options
    flips, fresh, result = room
    replicas, num_spins = all_s.shape
    for r in range(replicas):
        s, lists, fields, w = all_s[r], all_lists[r], all_fields[r], words[r]
        for t in range(len(betas)):
            beta = betas[t, r if betas.shape[1] > 1 else 0]
            if (clock + t) % interval == 0:
                refresh(at, ints, floats, s, fields)
            for v in range(num_spins):
                x = draw(w)
                i = below(x, num_spins) if order == RANDOM else v
                size = np.int64(ints[at[PLAIN] + 2 * i])
                if size > 1:
                    first = ints[at[PLAIN] + 2 * i + 1]
                    j = np.int64(lists[at[ORDER] + first])
                    if i == j:
                        other = first + 1 + below(x << np.uint64(32), size - 1)
                        i = np.int64(lists[at[ORDER] + other])
                    cost = 2.0 * (fields[j] - fields[i])
                    if costs.shape[1]:
                        costs[r, v % costs.shape[1]] = cost
                    if accepts_move(cost, beta, rule == HEAT_BATH, slack, w):
                        turn_on(i, j, first, at, ints, floats, s, lists, fields)
                    continue
                used = propose(i, uniform, at, ints, s, lists, w, flips, blocks)
                if used == 0:
                    continue
                sign, good, ranged, pairs = 1.0, True, False, used > 1
                if used == 2:
                    pairs = ints[at[LINKED] + ints[at[GROUP] + i]] != 0
                if mark is not None:
                    ranged = touches_range(flips, used, at, ints)
                    if ranged:
                        used, good = complete(
                            i, used, uniform, at, ints, floats, s, lists, fields, w, flips, mark,
                            blocks,
                        )  # fmt: skip
                        for f in range(used):
                            mark[flips[f]] = 0
                        sign, pairs = -1.0, used > 1
                cost = np.nan
                if good:
                    cost = cost_of(flips, used, sign, pairs, at, ints, floats, s, fields, steps)
                    good = accepts_move(cost, beta, rule == HEAT_BATH, slack, w)
                if costs.shape[1]:
                    costs[r, v % costs.shape[1]] = cost
                if good != ranged:  # carry out what is accepted, take back what is not
                    for f in range(used):
                        toggle(flips[f], at, ints, floats, s, lists, fields)
                if good:
                    for f in range(used):
                        push_fields(flips[f], 2.0 * s[flips[f]], at, ints, floats, fields)
        if slack == 0.0:  # sums are exact in any order: the fields are as good as fresh ones
            result[r] = energy_of(at, ints, floats, s, fields)
        else:
            refresh(at, ints, floats, s, fresh)
            result[r] = energy_of(at, ints, floats, s, fresh)
