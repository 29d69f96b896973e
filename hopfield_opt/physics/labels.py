"""Labels of states: which memory, or mixture of memories, a state is."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, permutations, product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hopfield_opt.arrays import FloatArray, check_number, check_spins
from hopfield_opt.border import as_array
from hopfield_opt.errors import InputError
from hopfield_opt.physics.overlaps import overlaps

SPURIOUS = "spurious"
NOT_CONVERGED = "not converged"
MIXED = "mixture of "
# Mixtures are looked for among the patterns with the largest overlaps. All threshold functions
# of up to five signs that change sign with all of them: the sums are odd, so that none is 0.
AMONG = 7
# Relative error of a sum of many products.
ROUNDING = 1e-12
MIXTURES = ((1, 1, 1), (2, 1, 1, 1), (1, 1, 1, 1, 1), (2, 2, 1, 1, 1), (3, 1, 1, 1, 1))


def labels(states: ArrayLike, patterns: ArrayLike, *, tolerance: float = 0.0) -> list[str]:
    """Return what each state is, seen from the patterns: nothing is said about stability.

    - "memory k" and "anti-memory k": pattern k or its negative;
    - "mixture of i, j, k": the signs of a sum of three to five patterns, equally weighted or not
      (2 + 1 + 1 + 1, 2 + 2 + 1 + 1 + 1, 3 + 1 + 1 + 1 + 1); "anti-j" where one is subtracted;
    - "spurious": anything else.

    Parameters
    ----------
    states : (N,) or (R, N) of -1 and +1
        The states.
    patterns : (N,) or (P, N) of -1 and +1
        The memories. Mixtures are looked for among the 7 with the largest overlaps.
    tolerance : float
        The Hamming distance, as a fraction of N, up to which a state counts as what it is near;
        the nearest and simplest name is taken. Above the capacity of 0.138 N attractors are no
        exact patterns: 0.02 is then usual.

    Raises
    ------
    InputError
        If an entry is not -1 or +1, the sizes differ, or `tolerance` is not in [0, 0.5).

    References
    ----------
    D. J. Amit, H. Gutfreund, H. Sompolinsky, Phys. Rev. A 32, 1007 (1985), section IV.

    Examples
    --------
    >>> patterns = [[1, 1, 1, 1, 1], [1, 1, -1, -1, 1], [1, -1, 1, -1, -1]]
    >>> labels([[-1, -1, 1, 1, -1], [1, 1, 1, -1, 1], [1, -1, 1, 1, 1]], patterns)
    ['anti-memory 1', 'mixture of 0, 1, 2', 'spurious']
    """
    if not 0 <= check_number("tolerance", tolerance) < 0.5:
        raise InputError(f"tolerance must be a fraction from 0 to below 0.5, got {tolerance}.")
    rows = np.atleast_2d(as_array("patterns", patterns))
    rows = check_spins("patterns", rows, rows.shape[-1])
    spins = np.atleast_2d(check_spins("states", states, rows.shape[-1]))
    found = np.atleast_2d(overlaps(spins, rows))
    return [
        _label(state, overlap, rows, tolerance) for state, overlap in zip(spins, found, strict=True)
    ]


def _label(state: NDArray[Any], overlap: FloatArray, rows: NDArray[Any], tolerance: float) -> str:
    if not len(rows):
        return SPURIOUS
    size = rows.shape[1]
    allowed = int(tolerance * size + 1e-9)
    nearest = int(np.argmax(np.abs(overlap)))
    distance = round(size * (1 - abs(float(overlap[nearest]))) / 2)
    name = f"{'' if overlap[nearest] > 0 else 'anti-'}memory {nearest}"
    if distance == 0:
        return name
    most = allowed if distance > allowed else min(allowed, distance - 1)
    mixture = _mixture(state, overlap, rows, most)
    if mixture is not None:
        return MIXED + mixture
    return name if distance <= allowed else SPURIOUS


def _mixture(state: NDArray[Any], overlap: FloatArray, rows: NDArray[Any], most: int) -> str | None:
    """Return the names of the nearest mixture at a distance of at most `most`, if there is one."""
    top = np.sort(np.argsort(-np.abs(overlap), kind="stable")[:AMONG])
    if len(top) < 3:
        return None
    signs = np.where(overlap[top] < 0, -1, 1)
    columns = (rows[top] * signs[:, None] > 0).T
    kinds = columns @ (1 << np.arange(len(top)))
    # how often each column of signs occurs where the state is on and where it is off
    on = np.bincount(kinds[state > 0], minlength=2 ** len(top))
    off = np.bincount(kinds[state < 0], minlength=2 ** len(top))
    weights, outputs = _mixtures(len(top))
    distances = outputs @ off + (1 - outputs) @ on
    best = int(np.argmin(distances))  # the first: with the fewest patterns
    if distances[best] > most:
        return None
    members = np.flatnonzero(weights[best])
    names = [f"{'' if signs[m] > 0 else 'anti-'}{top[m]}" for m in members]
    return ", ".join(names)


@lru_cache
def _mixtures(count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the weights (M, count) of all mixtures, and where each is on, by column of signs."""
    found = []
    for kind in MIXTURES:
        for members in combinations(range(count), len(kind)):
            for order in sorted(set(permutations(kind)), reverse=True):
                row = np.zeros(count, dtype=np.int64)
                row[list(members)] = order
                found.append(row)
    weights = np.array(found)
    signs = 2 * np.array(list(product((0, 1), repeat=count)))[:, ::-1] - 1
    return weights, (weights @ signs.T > 0).astype(np.int64)


def mixture(label: str, patterns: ArrayLike) -> NDArray[np.int8]:
    """Return the signs of the sum of the patterns that a label names, equally weighted.

    Parameters
    ----------
    label : str
        "memory k", "anti-memory k" or "mixture of i, j, k".
    patterns : (P, N) of -1 and +1
        The memories.

    Raises
    ------
    InputError
        If the label names no pattern, or one that does not exist.

    Examples
    --------
    >>> mixture("mixture of 0, anti-1, 2", [[1, 1], [-1, 1], [-1, 1]]).tolist()
    [1, 1]
    """
    rows = np.atleast_2d(as_array("patterns", patterns))
    signs, members = parse_label(label, len(rows))
    total = signs @ rows[members].astype(np.int64)
    return np.where(total >= 0, 1, -1).astype(np.int8)


def with_names(label: str, names: Sequence[str]) -> str:
    """Return a label with the names of patterns in the places of their numbers.

    Parameters
    ----------
    label : str
        As `attractor_labels` makes them.
    names : sequence of P str
        "memory k" for a pattern that has none, which stays a number.

    Examples
    --------
    >>> names = ("A", "B", "memory 2")
    >>> [with_names(label, names) for label in ("memory 0", "anti-memory 2", "2-cycle")]
    ['A', 'anti-memory 2', '2-cycle']
    >>> with_names("mixture of 0, anti-1, 2", names)
    'mixture of A, anti-B, 2'
    """
    head, _, number = label.rpartition("memory ")
    if number.isdigit():
        return head + names[int(number)]
    if not label.startswith(MIXED):
        return label
    signs, members = parse_label(label, len(names))
    words = [
        f"{'' if sign > 0 else 'anti-'}{names[k].removeprefix('memory ')}"
        for sign, k in zip(signs, members, strict=True)
    ]
    return MIXED + ", ".join(words)


def parse_label(label: str, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return signs and numbers of the patterns that a label names; there are `count`.

    Parameters
    ----------
    label : str
        As `attractor_labels` makes them.
    count : int
        How many patterns there are.
    """
    words = label.replace(MIXED, "").replace("memory ", "").split(", ")
    try:
        members = np.array([int(word.removeprefix("anti-")) for word in words])
    except ValueError:
        members = np.array([-1])
    if members.min() < 0 or members.max() >= count:
        raise InputError(
            f"label must name patterns 0 to {count - 1}, got {label!r}. "
            "Write 'memory 0', 'anti-memory 0' or 'mixture of 0, 1, 2'."
        )
    signs = np.array([-1 if word.startswith("anti-") else 1 for word in words])
    return signs, members


def attractor_labels(
    network: Any,
    states: NDArray[Any],
    patterns: ArrayLike,
    *,
    periods: NDArray[Any] | None = None,
    tolerance: float = 0.0,
) -> list[str]:
    """Return what each end state is: a label of `labels` where it is a fixed point.

    "p-cycle" stands for a state in a cycle of p > 1 sweeps of a synchronous dynamics, "not
    converged" for any other state that a neuron would leave.

    Parameters
    ----------
    network : Hamiltonian, Network or EnergyFunction
        With `local_field(states)`, or `flip_energy(states)`.
    states : (R, N) of -1 and +1
        Where the replicas ended.
    patterns : (P, N) of -1 and +1
        The memories.
    periods : (R,) int, optional
        The periods that a synchronous dynamics has found; 0 where unknown. None: not a
        synchronous dynamics.
    tolerance : float
        As in `labels`.
    """
    if hasattr(network, "local_field"):
        gains = states * network.local_field(states)
    else:
        gains = network.flip_energy(states)
    # ties keep the state: what is below 0 by rounding only is one
    against = (gains < -ROUNDING * np.abs(gains).max(initial=0.0)).any(axis=1)
    found = [NOT_CONVERGED] * len(states)
    still = np.flatnonzero(~against)
    if len(still):
        names = labels(states[still], patterns, tolerance=tolerance)
        for row, name in zip(still.tolist(), names, strict=True):
            found[row] = name
    if periods is not None:
        for r in np.flatnonzero(periods > 1):
            found[r] = f"{periods[r]}-cycle"
    return found
