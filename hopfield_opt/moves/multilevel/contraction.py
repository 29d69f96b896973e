"""Contraction: strongly coupled spins become one, level by level.

A spin of a level stands for a cluster of original ones, each aligned with it or opposed to it.
All numbers are integers: weights and thresholds in a unit, moments as counts. A flip of the
spins of a cluster changes the sum of the spins that are counted by its moment.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.jit import inlined, njit, part
from hopfield_opt.xoshiro import below, draw, shuffle

Ints = NDArray[np.int64]


class Level(NamedTuple):
    """A network of clusters.

    Attributes
    ----------
    begins, neighbours, weights : int64 arrays
        The couplings in CSR.
    thresholds : (n,) int64
        In the unit of the weights.
    sizes : (n,) int64
        How many original spins a cluster has.
    moments : (n,) int64
        What a cluster that is on adds to the sum of the spins that are counted, at least 0;
        minus that if it is off.
    """

    begins: Ints
    neighbours: Ints
    weights: Ints
    thresholds: Ints
    sizes: Ints
    moments: Ints


@inlined
def _satisfied(weight, i, j, parents):
    """Whether in all parents i and j are equal, or differ where their coupling asks for it."""
    wrong = False
    for p in range(len(parents)):
        wrong |= (parents[p, i] == parents[p, j]) != (weight > 0)
    return not wrong


@inlined
def _partner(level, i, mates, parents, largest, words):
    """Return where the coupling of i stands that rates highest, ties at random; -1 for none."""
    best, best_rating, ties = -1, 0.0, 0
    for p in range(level.begins[i], level.begins[i + 1]):
        j, weight = level.neighbours[p], level.weights[p]
        if mates[j] >= 0 or weight == 0 or level.sizes[i] + level.sizes[j] > largest:
            continue
        if not _satisfied(weight, i, j, parents):
            continue
        rating = np.float64(weight) * np.float64(weight) / np.float64(level.sizes[j])
        if rating > best_rating:
            best, best_rating, ties = p, rating, 1
        elif rating == best_rating:
            ties += 1
            if below(draw(words), ties) == 0:
                best = p
    return best


@njit
def match(level, parents, largest, words):
    """Pair spins whose coupling w has a large ``w^2 / (size_i size_j)``.

    Parameters
    ----------
    level : Level
        The network.
    parents : (P, n) int8
        Only couplings that are satisfied in all of these states count; labels, too, where no
        coupling is negative.
    largest : int
        The most original spins in a cluster.
    words : (4,) uint64
        A stream, changed.

    Returns
    -------
    labels, signs : (n,) int64 and int8
        The cluster of each spin and its direction there, -1 where it opposes the cluster.
    count : int
        How many clusters there are.
    """
    size = len(level.sizes)
    mates, labels, signs = np.full(size, -1), np.empty(size, np.int64), np.ones(size, np.int8)
    order = np.arange(size)
    shuffle(order, words)
    for i in order:
        if mates[i] >= 0:
            continue
        mates[i] = i
        found = _partner(level, i, mates, parents, largest, words)
        if found >= 0:
            j = level.neighbours[found]
            mates[i], mates[j], signs[j] = j, i, (1 if level.weights[found] > 0 else -1)
            if level.moments[i] + signs[j] * level.moments[j] < 0:
                signs[i], signs[j] = -signs[i], -signs[j]
    # numbered by their first spins: what was near in memory stays near
    count = 0
    for spin in range(size):
        if mates[spin] >= spin:
            labels[spin] = labels[mates[spin]] = count
            count += 1
    return labels, signs, count


@part
def _gather(labels, count):
    """Return the spins of each cluster: where they begin, and who they are."""
    starts = np.zeros(count + 1, np.int64)
    for i in range(len(labels)):
        starts[labels[i] + 1] += 1
    for c in range(count):
        starts[c + 1] += starts[c]
    at, members = starts[:-1].copy(), np.empty(len(labels), np.int64)
    for i in range(len(labels)):
        members[at[labels[i]]] = i
        at[labels[i]] += 1
    return starts, members


@njit
def contract(level, labels, signs, count):
    """Return the network of the clusters, as a tuple in the order of `Level`.

    Its energies differ from those of the states that it stands for by a constant.
    """
    starts, members = _gather(labels, count)
    begins = np.zeros(count + 1, np.int64)
    neighbours = np.empty(len(level.neighbours), np.int64)
    weights = np.empty(len(level.neighbours), np.int64)
    thresholds, sizes = np.zeros(count, np.int64), np.zeros(count, np.int64)
    moments = np.zeros(count, np.int64)
    place = np.full(count, -1)  # where the coupling to each cluster stands, if there is one yet
    end = 0
    for c in range(count):
        begin = end
        for m in range(starts[c], starts[c + 1]):
            i = members[m]
            thresholds[c] += signs[i] * level.thresholds[i]
            moments[c] += signs[i] * level.moments[i]
            sizes[c] += level.sizes[i]
            for p in range(level.begins[i], level.begins[i + 1]):
                j = level.neighbours[p]
                other = labels[j]
                if other == c:
                    continue
                weight = level.weights[p] * signs[i] * signs[j]
                if place[other] < begin:
                    place[other] = end
                    neighbours[end], weights[end] = other, weight
                    end += 1
                else:
                    weights[place[other]] += weight
        begins[c + 1] = end
    return begins, neighbours[:end].copy(), weights[:end].copy(), thresholds, sizes, moments
