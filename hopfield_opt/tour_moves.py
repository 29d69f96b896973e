"""Moves of a tour in place, with the position of each city, and a log by which they are undone.

For the moves of networks that are tours, and for the local search of tours.
"""

from hopfield_opt.jit import borrowing_part


@borrowing_part
def wrap(i, m):
    """Return i modulo m for 0 <= i < 2 m."""
    return i if i < m else i - m


@borrowing_part
def after_of(t, i):
    """Return the city behind position i."""
    return t[i + 1] if i + 1 < len(t) else t[0]


@borrowing_part
def reverse(t, position, i, u):
    """Turn the u cities from position i on."""
    m = len(t)
    j = i + u - 1
    if j >= m:
        j -= m
    for _ in range(u // 2):
        a, b = t[i], t[j]
        t[i], position[b] = b, i
        t[j], position[a] = a, j
        i = i + 1 if i + 1 < m else 0
        j = j - 1 if j else m - 1


@borrowing_part
def exchange(t, position, i, u, v, buffer):
    """Exchange the u cities from position i on with the v after them."""
    m = len(t)
    for x in range(u):
        buffer[x] = t[wrap(i + x, m)]
    place = i
    for x in range(v):
        city = t[wrap(i + u + x, m)]
        t[place], position[city] = city, place
        place = place + 1 if place + 1 < m else 0
    for x in range(u):
        t[place], position[buffer[x]] = buffer[x], place
        place = place + 1 if place + 1 < m else 0


@borrowing_part
def flip(t, position, first, last, log, moves):
    """Turn the path from one city to another, or the rest of the tour; return whether the rest."""
    m = len(t)
    i = position[first]
    u = position[last] - i + 1
    if u <= 0:
        u += m
    rest = 2 * u > m
    if rest:
        i = position[last] + 1 if position[last] + 1 < m else 0
        u = m - u
    reverse(t, position, i, u)
    log[moves, 0], log[moves, 1], log[moves, 2] = i, u, 0
    return rest


@borrowing_part
def undo(t, position, log, moves, buffer):
    """Undo the last move of the log."""
    i, u, v = log[moves - 1]
    if v:
        exchange(t, position, i, v, u, buffer)
    else:
        reverse(t, position, i, u)
