"""Local search with kicks on symmetric tours: 2-opt and Or-opt with neighbour lists.

A kick exchanges two short neighbouring segments somewhere (a double bridge); only the cities at
its cuts are looked at again. What did not become shorter is undone move by move, so that one kick
costs the same on a tour of any length, but for the cities that its reversals turn round.
"""

from typing import Any

import numpy as np

from hopfield_opt.jit import njit

# The longest segment of a kick and of an insertion.
KICK, SEGMENT = 50, 3
# Gains below this share of a distance are rounding; cycles of such gains would never end.
_ROUNDING = 1e-12


@njit
def _draw(s: Any) -> Any:
    """xoshiro256++ (Blackman and Vigna 2019)."""
    x = s[0] + s[3]
    output = ((x << np.uint64(23)) | (x >> np.uint64(41))) + s[0]
    shifted = s[1] << np.uint64(17)
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= shifted
    s[3] = (s[3] << np.uint64(45)) | (s[3] >> np.uint64(19))
    return output


@njit
def _below(bits: Any, n: Any) -> Any:
    """Return 32 random bits as a number below n."""
    return np.int64((bits * np.uint64(n)) >> np.uint64(32))


@njit
def _wrap(i: Any, m: Any) -> Any:
    """Return i modulo m for -m <= i < 2 m."""
    if i < 0:
        return i + m
    return i if i < m else i - m


@njit
def _reverse(t: Any, position: Any, i: Any, j: Any) -> None:
    """Turn the cities at positions i .. j (modulo m) round, or all the others."""
    m = len(t)
    count = _wrap(j - i, m) + 1
    if 2 * count > m:
        i, j = _wrap(j + 1, m), _wrap(i - 1, m)
        count = m - count
    for _ in range(count // 2):
        a, b = t[i], t[j]
        t[i], position[b] = b, i
        t[j], position[a] = a, j
        i = i + 1 if i + 1 < m else 0
        j = j - 1 if j else m - 1


@njit
def _move(t: Any, position: Any, log: Any, size: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    """Replace the edges a-b and c-d, b behind a and d behind c, by a-c and b-d; log it."""
    _reverse(t, position, position[b], position[c])
    if size < len(log):
        log[size, 0], log[size, 1], log[size, 2], log[size, 3] = a, b, c, d
    return size + 1


@njit
def _undo(t: Any, position: Any, a: Any, b: Any, c: Any, d: Any) -> None:
    """Take back a `_move`: the tour has a-c and b-d, in either direction."""
    m = len(t)
    if t[_wrap(position[a] + 1, m)] == c:
        _reverse(t, position, position[c], position[b])
    else:
        _reverse(t, position, position[b], position[c])
