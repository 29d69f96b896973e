"""Random small problems of the library, and all their answers in fractions."""

import random
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, pairwise, permutations, product
from typing import Any

import numpy as np

from hopfield_opt import problems

from .claims import Known
from .exact import (
    Number,
    common_unit,
    decimal,
    dyadic,
    large,
    read,
    small,
    split,
    style,
    tiny_decimal,
)
from .oracle import MARGIN

METHODS = ("auto", "auto", "auto", "exhaustive", "simulated-annealing", "tabu")


@dataclass(frozen=True)
class Answer:
    """One answer: the value, and by how much a row of a size is exceeded, if it is."""

    value: Fraction
    excess: Fraction = Fraction(0)
    size: Fraction = Fraction(0)


@dataclass(frozen=True)
class Instance:
    """A problem of the library.

    Attributes
    ----------
    text : str
        How the user makes it.
    sense : str
        "minimize" or "maximize".
    answers : dict of key to Answer
        All of them.
    key : callable
        The key of an answer of the library.
    numbers : list of Fraction
        What its values are sums of, `terms` at the most.
    rows : bool
        Whether floats hold all numbers of its constraints.
    is_energy : bool
        Whether the energy is the value.
    options : dict
        How it is solved.
    """

    text: str
    sense: str
    answers: dict[Hashable, Answer]
    key: Callable[[Any], Hashable]
    numbers: Sequence[Fraction]
    rows: bool = True
    is_energy: bool = True
    options: dict[str, Any] = field(default_factory=dict)

    def problem(self) -> Any:
        """Return the problem."""
        return eval(f"problems.{self.text}", {"problems": problems, "np": np})

    def known(self, lost: Fraction = Fraction(0)) -> Known:
        """Return what is right; `lost` of energies is what the network says."""
        answers = list(self.answers.values())
        forgiven = [Fraction(0) if self.rows else MARGIN * one.size for one in answers]
        return Known(
            1 if self.sense == "minimize" else -1,
            {key: place for place, key in enumerate(self.answers)},
            [one.value for one in answers],
            np.array([one.excess <= 0 for one in answers]),
            np.array([one.excess > f for one, f in zip(answers, forgiven, strict=True)]),
            sum(map(abs, self.numbers), Fraction(0)),
            common_unit(self.numbers),
            len(self.numbers),
            all(Number(one).exact for one in self.numbers),
            lost=lost,
        )


def instance(seed: int) -> Instance:
    """Return the problem of a number."""
    rng = random.Random(seed)
    return MAKERS[seed % len(MAKERS)](_Numbers(rng), _options(rng))


def _options(rng: random.Random) -> dict[str, Any]:
    return {
        "method": rng.choice(METHODS),
        "structure": rng.choice(("auto", "auto", "penalty")),
        "penalty": rng.choice(("exact", "exact", "adaptive", 0.5, 1e13)),
        "presolve": rng.choice(("safe", "off")),
        "seed": rng.randrange(100),
        "sweeps": 30,
        "replicas": 3,
        "n_jobs": 1,
    }


class _Numbers:
    """Draws numbers of one style, and writes them."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.draw = rng.choice((small, large, dyadic, decimal, tiny_decimal, style(rng)))

    def many(self, count: int, positive: bool = False) -> list[Fraction]:
        """Draw so many."""
        found = [self.draw(self.rng) for _ in range(count)]
        return [abs(one) for one in found] if positive else found

    def square(self, size: int, hollow: bool = False, alike: bool = False) -> list[list[Fraction]]:
        """Draw a matrix; hollow: zeros on its diagonal; alike: symmetric."""
        rows = [self.many(size) for _ in range(size)]
        for i, j in product(range(size), repeat=2):
            if hollow and i == j:
                rows[i][j] = Fraction(0)
            elif alike and j < i:
                rows[i][j] = rows[j][i]
        return rows

    def edges(self, size: int) -> list[tuple[int, int]]:
        """Draw a graph with every vertex on an edge of a path."""
        others = [pair for pair in combinations(range(size), 2) if pair[1] > pair[0] + 1]
        chosen = [pair for pair in others if self.rng.random() < 0.4]
        return [*pairwise(range(size)), *chosen]


def as_lists(values: Iterable[Any]) -> str:
    """Return nested numbers as a list of Python."""
    parts = (Number(v).text if isinstance(v, Fraction) else as_lists(v) for v in values)
    return f"[{', '.join(parts)}]"


def _subsets(size: int) -> Iterator[frozenset[int]]:
    for bits in product((0, 1), repeat=size):
        yield frozenset(k for k, bit in enumerate(bits) if bit)


def _sum(values: Sequence[Fraction], places: Iterable[int]) -> Fraction:
    return sum((values[k] for k in places), Fraction(0))


def _knapsack(numbers: _Numbers, options: dict[str, Any]) -> Instance:
    rng, size = numbers.rng, numbers.rng.randint(2, 7)
    values = numbers.many(size)
    weights = rng.choice((numbers, _Numbers(rng))).many(size, positive=True)
    planted = rng.choice(list(_subsets(size))[1:])
    shift = rng.choice((0, 0, 0, 1, -1)) * common_unit(weights)
    capacity = max(_sum(weights, planted) + shift, Fraction(0))
    exact = all(Number(one).exact for one in weights)
    capacity = split(capacity)[0] if exact else read(capacity)
    answers = {
        chosen: Answer(
            _sum(values, chosen),
            _sum(weights, chosen) - capacity,
            _sum(weights, range(size)) + capacity,
        )
        for chosen in _subsets(size)
    }
    text = f"Knapsack({as_lists(values)}, {as_lists(weights)}, {Number(capacity).text})"
    rows = exact and Number(capacity).exact
    return Instance(text, "maximize", answers, frozenset, values, rows, True, options)


def _partition(numbers: _Numbers, options: dict[str, Any]) -> Instance:
    size = numbers.rng.randint(2, 8)
    own = numbers.rng.choice((small, large))
    values = [abs(own(numbers.rng)) for _ in range(size)]
    total = _sum(values, range(size))
    answers = {
        frozenset({0, *rest}): Answer(abs(2 * _sum(values, {0, *rest}) - total))
        for rest in _subsets(size)
    }
    text = f"NumberPartition({as_lists(values)})"
    key = lambda answer: frozenset(answer[0])  # noqa: E731
    return Instance(text, "minimize", answers, key, values, True, False, options)


def _sides(size: int) -> Iterator[frozenset[int]]:
    return (side for side in _subsets(size) if 0 in side)


def _cut(numbers: _Numbers, options: dict[str, Any], balanced: bool) -> Instance:
    size = numbers.rng.randint(2, 7)
    edges = numbers.edges(size)
    weights = numbers.many(len(edges))
    across = lambda side: [k for k, (u, v) in enumerate(edges) if (u in side) != (v in side)]  # noqa: E731
    answers = {
        side: Answer(
            _sum(weights, across(side)),
            Fraction(max(0, abs(size - 2 * len(side)) - size % 2)) if balanced else Fraction(0),
        )
        for side in _sides(size)
    }
    listed = ", ".join(
        f"({u}, {v}, {Number(w).text})" for (u, v), w in zip(edges, weights, strict=True)
    )
    name, sense = ("GraphBipartition", "minimize") if balanced else ("MaxCut", "maximize")
    key = lambda answer: frozenset(answer[0])  # noqa: E731
    return Instance(f"{name}([{listed}])", sense, answers, key, weights, options=options)


def _matching(numbers: _Numbers, options: dict[str, Any]) -> Instance:
    size, perfect = numbers.rng.randint(2, 6), numbers.rng.random() < 0.5
    edges = numbers.edges(size)[:10]
    weights = numbers.many(len(edges))
    answers = {}
    for chosen in _subsets(len(edges)):
        ends = [v for k in chosen for v in edges[k]]
        wrong = len(ends) - len(set(ends)) + (size - len(set(ends)) if perfect else 0)
        pairs = frozenset(frozenset(edges[k]) for k in chosen)
        answers[pairs] = Answer(_sum(weights, chosen), Fraction(wrong))
    listed = ", ".join(
        f"({u}, {v}, {Number(w).text})" for (u, v), w in zip(edges, weights, strict=True)
    )
    form = numbers.rng.choice(("places", "edges"))
    text = f"WeightedMatching([{listed}], {perfect}, formulation={form!r})"
    key = lambda answer: frozenset(map(frozenset, answer))  # noqa: E731
    sense = "minimize" if perfect else "maximize"
    return Instance(text, sense, answers, key, weights, options=options)


def _vertices(numbers: _Numbers, options: dict[str, Any]) -> Instance:
    rng, size = numbers.rng, numbers.rng.randint(2, 7)
    edges, weights = numbers.edges(size), numbers.many(size)
    name = rng.choice(("MinVertexCover", "MaxIndependentSet", "MaxClique"))

    def wrong(chosen: frozenset[int]) -> int:
        if name == "MinVertexCover":
            return sum(u not in chosen and v not in chosen for u, v in edges)
        if name == "MaxIndependentSet":
            return sum(u in chosen and v in chosen for u, v in edges)
        return sum(pair not in edges for pair in combinations(sorted(chosen), 2))

    answers = {
        chosen: Answer(_sum(weights, chosen), Fraction(wrong(chosen))) for chosen in _subsets(size)
    }
    listed = ", ".join(f"{k}: {Number(w).text}" for k, w in enumerate(weights))
    text = f"{name}({edges}, {{{listed}}})"
    sense = "minimize" if name == "MinVertexCover" else "maximize"
    return Instance(text, sense, answers, frozenset, weights, options=options)


def _cover(numbers: _Numbers, options: dict[str, Any]) -> Instance:
    rng, size = numbers.rng, numbers.rng.randint(2, 7)
    sets = [sorted(rng.sample(range(5), rng.randint(1, 3))) for _ in range(size)]
    weights = numbers.many(size, positive=True)
    every = {element for one in sets for element in one}
    answers = {
        chosen: Answer(
            _sum(weights, chosen),
            Fraction(len(every.difference(*(sets[k] for k in chosen)))),
        )
        for chosen in _subsets(size)
    }
    text = f"SetCover({sets}, {as_lists(weights)})"
    return Instance(text, "minimize", answers, frozenset, weights, options=options)


def _tour(numbers: _Numbers, options: dict[str, Any]) -> Instance:
    size = numbers.rng.randint(3, 5)
    matrix = numbers.square(size, hollow=True, alike=numbers.rng.random() < 0.5)
    answers = {}
    for rest in permutations(range(1, size)):
        tour = (0, *rest)
        steps = zip(tour, (*rest, 0), strict=True)
        answers[tour] = Answer(sum((matrix[a][b] for a, b in steps), Fraction(0)))
    text = f"TravellingSalesman(np.array({as_lists(matrix)}))"
    flat = [one for row in matrix for one in row]
    return Instance(text, "minimize", answers, tuple, flat, options=options)


def _assignment(numbers: _Numbers, options: dict[str, Any]) -> Instance:
    size = numbers.rng.randint(2, 4)
    flows = numbers.square(size)
    other = _Numbers(numbers.rng)
    other.draw = numbers.rng.choice((small, numbers.draw))
    distances = other.square(size)
    cells = list(product(range(size), repeat=2))
    answers = {
        places: Answer(
            sum((flows[i][j] * distances[places[i]][places[j]] for i, j in cells), Fraction(0))
        )
        for places in permutations(range(size))
    }
    text = f"QuadraticAssignment({as_lists(flows)}, {as_lists(distances)})"
    terms = [flows[i][j] * distances[k][m] for (i, j) in cells for (k, m) in cells]
    return Instance(text, "minimize", answers, tuple, terms, options=options)


def _qubo(numbers: _Numbers, options: dict[str, Any]) -> Instance:
    size, sense = numbers.rng.randint(2, 7), numbers.rng.choice(("minimize", "maximize"))
    matrix = numbers.square(size)
    answers = {}
    for x in product((0, 1), repeat=size):
        on = [k for k in range(size) if x[k]]
        answers[x] = Answer(sum((matrix[i][j] for i in on for j in on), Fraction(0)))
    text = f"Qubo(np.array({as_lists(matrix)}), sense={sense!r})"
    flat = [one for row in matrix for one in row]
    key = lambda answer: tuple(answer.tolist())  # noqa: E731
    return Instance(text, sense, answers, key, flat, options=options)


MAKERS: tuple[Callable[[_Numbers, dict[str, Any]], Instance], ...] = (
    _knapsack,
    _knapsack,
    _partition,
    lambda numbers, options: _cut(numbers, options, False),
    lambda numbers, options: _cut(numbers, options, True),
    _matching,
    _vertices,
    _cover,
    _tour,
    _assignment,
    _qubo,
)
