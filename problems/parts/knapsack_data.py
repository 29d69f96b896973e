"""Items, capacities and counts as people have them, as arrays."""

from collections.abc import Hashable
from typing import Any

import numpy as np

from hopfield_opt.answers import distinct_names
from hopfield_opt.arrays import (
    FloatArray,
    IntArray,
    check_array,
    check_integer,
)
from hopfield_opt.border import as_mapping, is_integer, is_truth, plain
from hopfield_opt.errors import InputError, show, text
from hopfield_opt.frames import axis_labels, in_order_of, is_labelled, num_axes
from hopfield_opt.io.knapsack import Items
from hopfield_opt.problems.parts.violations import name_violations

Labels = tuple[Hashable, ...]
# beyond this neither counts nor sums of weights are exact
LARGEST = 2**53


def check_items(values: Any, weights: Any, capacity: Any) -> tuple[Labels, Items]:
    """Return the names of the items, and their values, weights and capacities as arrays."""
    named_values = as_mapping("values", values)
    labels = tuple(named_values) if named_values is not None else tuple(range(_length(values)))
    worth = align("values", values, labels)
    heavy = align("weights", weights, labels)
    limits = np.atleast_1d(check_array("capacity", _by_weight(capacity, weights)))
    if worth.ndim != 1:
        raise InputError(
            f"values must be one number for each item, got shape {worth.shape}. Give a vector."
        )
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
            place = show(labels[where[0]]) if name == "weights" else f"[{where[0]}]"
            raise InputError(
                f"{name} must be at least 0, got {array[where]:g} at {place}. Change its sign."
            )
    return labels, Items(worth, heavy, limits)


def _length(values: Any) -> int:
    """Return how many values there are; what has no length counts as one, and is refused later."""
    try:
        return len(values)
    except TypeError:
        return 1


def _by_weight(capacity: Any, weights: Any) -> Any:
    """Return capacities in the order of the columns of the weights, where both have names."""
    if is_labelled(weights) and num_axes(weights) == 2:
        return in_order_of("capacity", capacity, axis_labels("weights", weights, 1))
    return capacity if as_mapping("capacity", capacity) is None else plain("capacity", capacity)


def align(name: str, given: Any, labels: Labels) -> FloatArray:
    """Return an array, or the values of a dict in the order of the labels, as numbers."""
    named_values = as_mapping(name, given, rows=name == "weights")
    if named_values is not None:
        known = set(labels)
        for label in (*labels, *named_values):
            if label not in named_values or label not in known:
                raise InputError(
                    f"{name} must be given for each item and no other, got {show(label)} "
                    f"{'without one' if label not in named_values else 'too many'}. "
                    "Use the same names."
                )
        given = [named_values[label] for label in labels]
    array = check_array(name, given)
    if len(np.atleast_1d(array)) != len(labels) or array.ndim == 0:
        raise InputError(
            f"{name} must be given for each of {len(labels)} items, got shape {array.shape}. "
            "Give one for each."
        )
    return array


def check_counts(counts: Any, labels: Labels) -> IntArray:
    """Return how many there are of each item."""
    if counts is None or np.isscalar(counts):
        each = 1 if counts is None else check_integer("counts", counts, lowest=0)
        numbers = np.full(len(labels), float(each))
    else:
        numbers = align("counts", counts, labels)
    wrong = (numbers < 0) | (numbers != np.floor(numbers)) | (numbers > LARGEST)
    if numbers.shape != (len(labels),) or wrong.any():
        got = f"{numbers[wrong][0]:g}" if wrong.any() else f"shape {numbers.shape}"
        raise InputError(
            f"counts must be a whole number >= 0 for each item, got {got}. Round or drop it."
        )
    return numbers.astype(np.int64)


def count_items(answer: Any, labels: Labels, most: IntArray) -> tuple[IntArray, dict[str, float]]:
    """Return how many of each item an answer takes, and what is wrong with it."""
    named_counts = as_mapping("answer", answer)
    if named_counts is None:
        named_counts = dict.fromkeys(distinct_names(answer, "items"), 1)
    taken = dict(named_counts)
    counts = [taken.get(label, 0) for label in labels]
    # numbers of other kinds are rare, and slow to tell
    odd = {kind for kind in set(map(type, counts)) if kind is not int}
    wrong_places = [
        place
        for place, (many, top) in enumerate(zip(counts, most.tolist(), strict=True))
        if (odd and not (is_integer(many) or is_truth(many))) or not 0 <= many <= top
    ]
    for place in wrong_places:
        counts[place] = 0
    known = set(labels)
    wrong = {
        "not in stock": [labels[place] for place in wrong_places],
        # sorted, since the order of a set depends on PYTHONHASHSEED
        "unknown": sorted((label for label in taken if label not in known), key=text),
    }
    return np.array(counts, dtype=np.int64), name_violations(wrong)
