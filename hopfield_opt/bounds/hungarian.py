"""The kernels of assignments: their duals, and how costs of pairs move between the smaller ones."""

import numpy as np

from hopfield_opt.jit import borrowing, borrowing_part


@borrowing_part
def assign(costs, size, u, v, mate, way, least, done):
    """Find the duals of a least assignment, ``u_k + v_l <= costs_kl``, by shortest paths.

    All arrays but `costs` have room for one number more; column 0 is none (Jonker & Volgenant
    1987).
    """
    for j in range(size + 1):
        v[j], mate[j] = 0.0, 0
    for i in range(size + 1):
        u[i] = 0.0
    for i in range(1, size + 1):
        mate[0], column = i, 0
        for j in range(size + 1):
            least[j], done[j] = np.inf, False
        while True:
            done[column] = True
            row, step, following = mate[column], np.inf, 0
            for j in range(1, size + 1):
                if not done[j]:
                    slack = costs[row - 1, j - 1] - u[row] - v[j]
                    if slack < least[j]:
                        least[j], way[j] = slack, column
                    if least[j] < step:
                        step, following = least[j], j
            for j in range(size + 1):
                if done[j]:
                    u[mate[j]] += step
                    v[j] -= step
                else:
                    least[j] -= step
            column = following
            if mate[column] == 0:
                break
        while column != 0:
            mate[column] = mate[way[column]]
            column = way[column]


@borrowing_part
def share(pairs, lead, rows):
    """Give what is left of single costs to the pairs, where others may use it."""
    size = len(lead)
    for i in range(size):
        for j in range(size):
            own = lead[i, j] / (size - 1)
            lead[i, j] = 0.0
            for k in range(size):
                if k != i:
                    rows[i, j, k] -= own
                    for m in range(size):
                        if m != j:
                            pairs[i, j, k, m] += own


@borrowing_part
def gather(pairs, inner, first, second, a, b, part):
    """Take costs of pairs with one facility at one location into one assignment."""
    i, j = first[a], second[b]
    for c in range(len(first)):
        for e in range(len(first)):
            if c != a and e != b:
                k, m = first[c], second[e]
                taken = part * pairs[k, m, i, j]
                pairs[k, m, i, j] -= taken
                inner[c - (c > a), e - (e > b)] = pairs[i, j, k, m] + taken


@borrowing_part
def scatter(pairs, lead, rows, columns, inner, first, second, a, b, u, v):
    """Take the duals of one assignment from what its pairs cost."""
    i, j = first[a], second[b]
    for c in range(len(first)):
        if c != a:
            gained = u[c - (c > a) + 1]
            rows[i, j, first[c]] += gained
            lead[i, j] += gained
        if c != b:
            gained = v[c - (c > b) + 1]
            columns[i, j, second[c]] += gained
            lead[i, j] += gained
        for e in range(len(first)):
            if c != a and e != b:
                row, column = c - (c > a), e - (e > b)
                rest = inner[row, column] - u[row + 1] - v[column + 1]
                pairs[i, j, first[c], second[e]] = rest


@borrowing
def ascend(part, first, second, pairs, lead, rows, columns, inner, u, v, mate, way, least, done):
    """Move what pairs cost to single places: a round of assignments, then the one of all places.

    Parameters
    ----------
    part : float
        Of what the other place has of a pair, how much the one that comes takes.
    first, second : (n,) int64
        The facilities and the locations, in the order in which they come.
    pairs : (n, n, n, n) float64
        What is left of the cost of i at j and k at m; changed in place.
    lead : (n, n) float64
        What is left of the cost of i at j; changed in place.
    rows, columns : (n, n, n) float64
        What the multipliers are by now; changed in place.
    inner : (n - 1, n - 1) float64
        Room.
    u, v, mate, way, least, done : (n + 1,) arrays
        Room; u holds the dual variables of the facilities at the end.

    Returns
    -------
    float
        What was gained.
    """
    size = len(lead)
    if part > 0.0:
        share(pairs, lead, rows)
    for a in range(size):
        for b in range(size):
            gather(pairs, inner, first, second, a, b, part)
            assign(inner, size - 1, u, v, mate, way, least, done)
            scatter(pairs, lead, rows, columns, inner, first, second, a, b, u, v)
    assign(lead, size, u, v, mate, way, least, done)
    total = 0.0
    for i in range(size):
        total += u[i + 1] + v[i + 1]
        for j in range(size):
            lead[i, j] -= u[i + 1] + v[j + 1]
    return total
