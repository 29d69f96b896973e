"""The kernel that finds multipliers of cities: steps along the degrees of shortest 1-trees."""

import numpy as np

from hopfield_opt.jit import borrowing, borrowing_part


@borrowing_part
def span(lengths, point, nearest, before, degrees):
    """Count the roads (less 2) of each place in a shortest 1-tree; return its length.

    The tree grows from place 0 (Prim 1957), without the last place, which gets its two shortest
    roads.
    """
    size = len(point)
    last = size - 1
    for i in range(size):
        degrees[i], before[i], nearest[i] = -2, 0, np.inf
    place, total = 0, 0.0
    nearest[0] = -np.inf  # in the tree
    for _ in range(size - 2):
        found, least = -1, np.inf
        for j in range(1, last):
            if nearest[j] > -np.inf:
                road = lengths[place, j] + point[place] + point[j]
                if road < nearest[j]:
                    nearest[j], before[j] = road, place
                if nearest[j] < least:
                    found, least = j, nearest[j]
        total += least
        degrees[found] += 1
        degrees[before[found]] += 1
        nearest[found] = -np.inf
        place = found
    one, two, first, second = np.inf, np.inf, 0, 0
    for j in range(last):
        road = lengths[last, j] + point[last] + point[j]
        if road < one:
            one, two, first, second = road, one, j, first
        elif road < two:
            two, second = road, j
    degrees[first] += 1
    degrees[second] += 1
    degrees[last] = 0
    return total + one + two


# No operation on whole arrays: each would take a second to compile.
@borrowing
def ascend(lengths, point, best, length, steps, room, places):
    """Move multipliers so that places get as many roads of a shortest 1-tree as of a tour.

    Each step goes along ``0.7 g + 0.3 g'``, g the degrees less 2, g' those of the step before
    (Volgenant & Jonker 1982).

    Parameters
    ----------
    lengths : (m, m) float64
        The symmetric lengths of the roads.
    point : (m,) float64
        Where the steps begin; changed in place.
    best : (m + 1,) float64
        The multipliers that proved most, and what they prove; changed in place.
    length : float
        How long the steps are.
    steps : int
        How many.
    room : (2, m) float64
        The degrees of the step before, and room.
    places : (2, m) int64
        Room.

    Returns
    -------
    bool
        Whether a 1-tree was a tour, to which nothing can be added.
    """
    size = len(point)
    degrees, direction = places[0], room[0]
    for _ in range(steps):
        total = span(lengths, point, room[1], places[1], degrees)
        for i in range(size):
            total -= 2.0 * point[i]
        if total > best[size]:
            best[size] = total
            for i in range(size):
                best[i] = point[i]
        flat = True
        for i in range(size):
            flat = flat and degrees[i] == 0
            point[i] += length * (0.7 * degrees[i] + 0.3 * direction[i])
            direction[i] = degrees[i]
        if flat:
            return True
    return False
