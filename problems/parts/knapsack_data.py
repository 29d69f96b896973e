"""Items, capacities and counts as people have them, as arrays."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import numpy as np

from hopfield_opt.arrays import (
    FloatArray,
    IntArray,
    checked_array,
    checked_integer,
)
from hopfield_opt.errors import InputError
from hopfield_opt.io.knapsack import Items
from hopfield_opt.problems.parts.violations import named

Labels = tuple[Hashable, ...]
# beyond this neither counts nor sums of weights are exact
LARGEST = 2**53


def checked_items(values: Any, weights: Any, capacity: Any) -> tuple[Labels, Items]:
    """Return the names of the items, and their values, weights and capacities as arrays."""
    labels = (
        tuple(values) if isinstance(values, Mapping) else tuple(range(len(np.atleast_1d(values))))
    )
    worth = aligned("values", values, labels)
    heavy = aligned("weights", weights, labels)
    limits = np.atleast_1d(checked_array("capacity", capacity))
    if worth.ndim != 1:
        raise InputError(f"values must be one number for each item, got shape {worth.shape}.")
    if not labels:
        heavy = np.zeros((0, len(limits)))
    if heavy.ndim == 1:
        heavy = heavy[:, None]
    if limits.ndim != 1 or heavy.shape != (len(labels), len(limits)):
        raise InputError(
            f"weights must have shape {(len(labels), limits.size)}, one for each item and "
            f"capacity, got {heavy.shape}. Give as many capacities as an item has weights."
        )
    for name, array in (("weights", heavy), ("capacity", limits)):
        if (array < 0).any():
            where = np.unravel_index(int((array < 0).argmax()), array.shape)
            place = repr(labels[where[0]]) if name == "weights" else f"[{where[0]}]"
            raise InputError(f"{name} must be at least 0, got {array[where]:g} at {place}.")
    return labels, Items(worth, heavy, limits)


def aligned(name: str, given: Any, labels: Labels) -> FloatArray:
    """Return an array, or the values of a dict in the order of the labels, as numbers."""
    if isinstance(given, Mapping):
        for label in (*labels, *given):
            if label not in given or label not in set(labels):
                raise InputError(
                    f"{name} must be given for each item and no other, got {label!r} "
                    f"{'without one' if label not in given else 'too many'}."
                )
        given = [given[label] for label in labels]
    array = checked_array(name, given)
    if len(np.atleast_1d(array)) != len(labels) or array.ndim == 0:
        raise InputError(
            f"{name} must be given for each of {len(labels)} items, got shape {array.shape}."
        )
    return array


def checked_counts(counts: Any, labels: Labels) -> IntArray:
    """Return how many there are of each item."""
    if counts is None or np.isscalar(counts):
        each = 1 if counts is None else checked_integer("counts", counts, lowest=0)
        numbers = np.full(len(labels), float(each))
    else:
        numbers = aligned("counts", counts, labels)
    wrong = (numbers < 0) | (numbers != np.floor(numbers)) | (numbers > LARGEST)
    if numbers.shape != (len(labels),) or wrong.any():
        got = f"{numbers[wrong][0]:g}" if wrong.any() else f"shape {numbers.shape}"
        raise InputError(f"counts must be a whole number >= 0 for each item, got {got}.")
    return numbers.astype(np.int64)


def counted(answer: Any, labels: Labels, most: IntArray) -> tuple[IntArray, dict[str, float]]:
    """Return how many of each item an answer takes, and what is wrong with it."""
    if not isinstance(answer, Iterable) or isinstance(answer, str | bytes):
        raise InputError(f"answer must be a collection of items, got {type(answer).__name__}.")
    try:
        taken = dict(answer) if isinstance(answer, Mapping) else dict.fromkeys(answer, 1)
    except TypeError as error:
        raise InputError(f"answer must be a collection of items, got {error}.") from None
    valid = {
        label: isinstance(taken.get(label, 0), int | np.integer) and 0 <= taken.get(label, 0) <= top
        for label, top in zip(labels, most.tolist(), strict=True)
    }
    wrong = {
        "not in stock": [label for label, right in valid.items() if not right],
        # sorted, since the order of a set depends on PYTHONHASHSEED
        "unknown": sorted((label for label in taken if label not in valid), key=repr),
    }
    counts = [taken.get(label, 0) if valid[label] else 0 for label in labels]
    return np.array(counts, dtype=np.int64), named(wrong)
