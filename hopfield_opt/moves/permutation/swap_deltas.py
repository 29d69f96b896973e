"""What a swap of two items changes, for each kind of coupling; see `swap`."""

from hopfield_opt.jit import borrowing_part, inlined


@inlined
def sparse_delta(start, index, value, other, t, parity, at, r, s):
    """Return what a swap of r and s changes in a sparse product; k stands at ``at[k]``."""
    here, there = at[r], at[s]
    total = 0.0
    for e in range(start[t, r], start[t, r + 1]):
        k = index[e]
        if k != s:
            total += value[e] * (other[t, there, at[k]] - other[t, here, at[k]])
        elif parity < 0:
            total -= 2.0 * value[e] * other[t, here, there]
    for e in range(start[t, s], start[t, s + 1]):
        k = index[e]
        if k != r:
            total += value[e] * (other[t, here, at[k]] - other[t, there, at[k]])
    return 2.0 * total


@inlined
def pair_field(start, index, value, p, i, j, skip, partner):
    """Return what the set spins do to spin (i, j).

    Of two spins that move together each gets half: `skip` is such a spin that is set,
    `partner` one that is not.
    """
    n = len(p)
    total = 0.0
    for e in range(start[i * n + j], start[i * n + j + 1]):
        b = index[e]
        if b in (skip, partner):
            total += 0.5 * value[e]
        elif p[b // n] == b % n:
            total += value[e]
    return total


@inlined
def pair_delta(start, index, value, p, r, s):
    """Return what a swap of the items r and s changes in the pairs: four spins move."""
    n, i, j = len(p), p[r], p[s]
    change = pair_field(start, index, value, p, r, j, -1, s * n + i)
    change += pair_field(start, index, value, p, s, i, -1, r * n + j)
    change -= pair_field(start, index, value, p, r, i, s * n + j, -1)
    return change - pair_field(start, index, value, p, s, j, r * n + i, -1)


@inlined
def move_line(start, index, value, weight, shift, y, spin, sign):
    """Turn a spin on (sign 1) or off (-1) in the sums y; return how the squares change."""
    change = 0.0
    for e in range(start[spin], start[spin + 1]):
        k = index[e]
        step = sign * value[e]
        # (2 (y + d) - m)^2 - (2 y - m)^2
        change += weight[k] * 4.0 * step * (2.0 * y[k] + step - shift[k])
        y[k] += step
    return change


@inlined
def move_lines(start, index, value, weight, shift, p, y, r, s):
    """Swap r and s in the sums y alone; return how the squares change."""
    n = len(p)
    change = move_line(start, index, value, weight, shift, y, r * n + p[r], -1.0)
    change += move_line(start, index, value, weight, shift, y, s * n + p[s], -1.0)
    change += move_line(start, index, value, weight, shift, y, r * n + p[s], 1.0)
    return change + move_line(start, index, value, weight, shift, y, s * n + p[r], 1.0)


@borrowing_part
def sum_lines(start, index, value, p, y):
    """Write the sums of the lines; anew each sweep, so that rounding never depends on blocks."""
    y[:] = 0.0
    if len(start) > 1:
        for i in range(len(p)):
            spin = i * len(p) + p[i]
            for e in range(start[spin], start[spin + 1]):
                y[index[e]] += value[e]
