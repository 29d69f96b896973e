"""By how much rows are out of their ranges, and what a flip does to that."""

from hopfield_opt.jit import inlined


@inlined
def excess_of(total, lower, upper):
    """Return by how much a sum is out of its range."""
    return max(lower - total, total - upper, 0.0)


@inlined
def change_of(k, sign, rows, total, weight):
    """Return by how much the weighted excess changes if spin k turns on (1.0) or off (-1.0)."""
    change = 0.0
    for e in range(rows.spin_start[k], rows.spin_start[k + 1]):
        g = rows.spin_row[e]
        low, high = rows.lower[g], rows.upper[g]
        after = total[g] + sign * rows.spin_coefficient[e]
        change += weight[g] * (excess_of(after, low, high) - excess_of(total[g], low, high))
    return change
