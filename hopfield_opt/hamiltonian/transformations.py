"""What scaling, gauges, relabelling, fixing and merging of spins do to a Hamiltonian's parts."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt import deadline
from hopfield_opt.arrays import (
    FloatArray,
    IntArray,
    check_indices,
    check_integer,
    check_number,
    check_spins,
)
from hopfield_opt.border import as_array, as_mapping
from hopfield_opt.couplings import Coupling
from hopfield_opt.errors import InputError
from hopfield_opt.groups import Group, Permutation


class Parts(NamedTuple):
    """What a Hamiltonian is made of, in the words of its constructor."""

    weights: tuple[Coupling, ...]
    thresholds: FloatArray
    offset: float
    groups: tuple[Group, ...]
    num_spins: int


def scale(parts: Parts, factor: float) -> Parts:
    """Return the parts of the energy ``factor * E``, factor > 0."""
    scale = check_number("factor", factor)
    if scale <= 0:
        raise InputError(f"factor must be positive, got {scale}.")
    return parts._replace(
        weights=tuple(term.scaled(scale) for term in parts.weights),
        thresholds=scale * parts.thresholds,
        offset=scale * parts.offset,
    )


def gauge(parts: Parts, signs: ArrayLike) -> Parts:
    """Return the parts of the energy ``E'(s) = E(signs * s)``."""
    own = check_spins("signs", signs, parts.num_spins, batch=False).astype(np.float64)
    return parts._replace(
        weights=tuple(term.gauge(own) for term in parts.weights),
        thresholds=own * parts.thresholds,
        groups=_join(group.gauge(own) for group in parts.groups),
    )


def relabel(parts: Parts, order: ArrayLike) -> Parts:
    """Return the parts over spins of which spin k is the old spin ``order[k]``."""
    own, size = check_indices("order", order, ndim=1), parts.num_spins
    highest = own.max(initial=-1)
    if len(own) != size or highest >= size:
        raise InputError(
            f"order must be a permutation of {size} spins, got {len(own)} numbers up to {highest}."
        )
    position = _position(own, size)
    return parts._replace(
        weights=tuple(term.relabelled(own) for term in parts.weights),
        thresholds=parts.thresholds[own],
        groups=tuple(group.relabelled(position) for group in parts.groups),
    )


def fix(parts: Parts, spins: Mapping[int, int]) -> Parts:
    """Return the parts over the spins that are free, or pinned in a Permutation."""
    given = as_mapping("spins", spins)
    if given is None:
        raise InputError(
            f"spins must be a dict of spins to -1 or +1, got {type(spins).__name__}. "
            "Write {0: 1, 3: -1}."
        )
    pins = _pins(given, parts.num_spins)
    free = pins == 0
    for group in parts.groups:
        if isinstance(group, Permutation):
            free[group.members] = True
    keep, gone = np.flatnonzero(free), np.where(free, 0.0, pins)
    thresholds, offset = parts.thresholds[keep], parts.offset + float(parts.thresholds @ gone)
    terms: list[Coupling] = []
    for term in parts.weights:
        rest, pull, constant = term.restricted(keep, gone)
        terms.append(rest)
        thresholds, offset = thresholds + pull, offset + constant
    position = _position(keep, parts.num_spins)
    groups = _join(_restricted(parts.groups, position, pins))
    return Parts(tuple(terms), thresholds, offset, groups, len(keep))


def _restricted(
    groups: tuple[Group, ...], position: IntArray, pins: FloatArray
) -> Iterator[tuple[Group, ...]]:
    """Yield what remains of each group; where nothing of it is fixed it has new numbers only."""
    lengths = np.array([group.indices.size for group in groups], dtype=np.int64)
    members = np.concatenate([np.zeros(0, np.int64), *(group.members for group in groups)])
    deadline.check(4 * len(members))
    owner = np.repeat(np.arange(len(groups)), lengths)
    touched = (np.bincount(owner, pins[members] != 0, len(groups)) > 0) | (lengths == 0)
    numbers, ends = position[members], np.cumsum(lengths)
    parts = zip(groups, touched.tolist(), (ends - lengths).tolist(), ends.tolist(), strict=True)
    for group, is_touched, begin, end in deadline.check_each(parts, 100):
        if is_touched:
            yield group.restricted(position, pins)
        else:
            indices = numbers[begin:end].reshape(group.indices.shape)
            yield (group._replace_fields(indices=indices),)


def contract(parts: Parts, labels: ArrayLike) -> Parts:
    """Return the parts over clusters, ``E'(t) = E(t[labels])``."""
    own, sizes = _clusters(labels, parts.num_spins)
    count = len(sizes)
    return Parts(
        weights=tuple(term.contract(own, count) for term in parts.weights),
        thresholds=np.bincount(own, parts.thresholds, count).astype(np.float64),
        offset=parts.offset,
        groups=_join(group.contract(own, sizes) for group in parts.groups),
        num_spins=count,
    )


def _join(groups: Iterable[tuple[Group, ...]]) -> tuple[Group, ...]:
    return tuple(new for several in groups for new in several)


def _position(keep: IntArray, num_spins: int) -> IntArray:
    """Return the new number of each old spin, -1 for those that `keep` lacks."""
    position = np.full(num_spins, -1)
    position[keep] = np.arange(len(keep))
    return position


def _pins(spins: Mapping[int, int], num_spins: int) -> FloatArray:
    """Return the values of fixed spins (N,), 0 for free ones."""
    pins = np.zeros(num_spins)
    places, values = np.array(list(spins)), np.array(list(spins.values()))
    inside = places.dtype.kind == "i" and places.min() >= 0 and places.max() < num_spins
    if inside and np.isin(values, (-1, 1)).all():
        pins[places] = values
        return pins
    for spin, value in spins.items():
        i = check_integer("a spin to fix", spin, lowest=0)
        if i >= num_spins:
            raise InputError(f"a spin to fix must be below {num_spins}, got {i}.")
        if value not in (-1, 1):
            raise InputError(f"a fixed spin must be -1 or +1, got {value!r} at [{i}].")
        pins[i] = value
    return pins


def _clusters(labels: ArrayLike, num_spins: int) -> tuple[IntArray, IntArray]:
    """Return the checked cluster of each spin and the size of each cluster."""
    own = as_array("labels", labels)
    if own.shape != (num_spins,) or (own.dtype.kind not in "iu" and own.size):
        raise InputError(
            f"labels must be integers of shape ({num_spins},), "
            f"got shape {own.shape}, dtype {own.dtype}."
        )
    own = own.astype(np.int64)
    if own.size and (own.min() < 0 or own.max() >= num_spins):
        raise InputError(
            f"labels must lie in 0 to {num_spins - 1}, got {own.min()} to {own.max()}."
        )
    sizes = np.bincount(own)
    if not sizes.all():
        raise InputError(
            f"labels must use every number up to {own.max()}, got no {np.argmin(sizes)}. "
            "Use numpy.unique(labels, return_inverse=True)[1]."
        )
    return own, sizes
