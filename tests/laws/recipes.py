"""Random small models: the text that a user would write, and what it means in fractions."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

import hopfield_opt as ho

from .exact import Draw, Number, common_unit, dyadic, read, small, split, style
from .polynomials import Array, Piece, Polynomial, Space, Writer, plus

MOST_ASSIGNMENTS = 520
ENCODINGS = ("binary", "one-hot", "unary", "domain-wall")
SIGNS = ("<=", "<=", ">=", "==", "==")
PENALTIES = (1e-6, 0.1, 1.0, 7.0, 1000.0, 1e8, 1e13)


@dataclass(frozen=True)
class Rule:
    """A constraint: polynomials, a sign, a bound for each; soft ones have a price."""

    piece: Piece
    sign: str
    bounds: tuple[Fraction, ...]
    penalty: Number | None = None
    soft: bool = False

    @property
    def text(self) -> str:
        """How the user adds it."""
        numbers = [Number(bound).text for bound in self.bounds]
        bound = numbers[0] if len(numbers) == 1 else f"[{', '.join(numbers)}]"
        extra = f", penalty={self.penalty.text}" if self.penalty else ""
        extra += ", soft=True" if self.soft else ""
        return f"m.add({self.piece.text} {self.sign} {bound}{extra})"

    @property
    def exact(self) -> bool:
        """Whether floats hold all its numbers."""
        return self.piece.exact and all(Number(bound).exact for bound in self.bounds)


@dataclass(frozen=True)
class Recipe:
    """A model, and how it is solved."""

    arrays: tuple[Array, ...]
    sense: str
    objective: tuple[Piece, ...]
    rules: tuple[Rule, ...]
    options: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def space(self) -> Space:
        """All its assignments."""
        return Space(self.arrays)

    @property
    def lines(self) -> list[str]:
        """The lines that make the model `m`."""
        objective = plus(self.objective).text if self.objective else "0"
        return [
            "m = ho.Model()",
            *(array.text for array in self.arrays),
            f"m.{self.sense}({objective})",
            *(rule.text for rule in self.rules),
        ]

    @property
    def text(self) -> str:
        """The program of a user who meets it."""
        options = "".join(f", {name}={value!r}" for name, value in self.options.items())
        head = ["import numpy as np", "import hopfield_opt as ho"]
        return "\n".join([*head, *self.lines, f"print(ho.solve(m{options}))"])

    def model(self) -> ho.Model:
        """Return the model."""
        names: dict[str, Any] = {"ho": ho, "np": np}
        exec("\n".join(self.lines), names)
        return names["m"]


def recipe(seed: int) -> Recipe:
    """Return the model of a number."""
    rng = random.Random(seed)
    arrays = _arrays(rng)
    plain = rng.random() < 0.3
    draw = rng.choice((small, small, dyadic)) if plain else style(rng)
    objective = _objective(rng, Writer(rng, arrays, draw))
    space = Space(arrays)
    planted = rng.randrange(len(space.table)) if rng.random() < 0.75 else None
    rules: list[Rule] = []
    for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3))):
        own = rng.choice((draw, small if plain else style(rng), small))
        rules += _Edge(rng, arrays, own, space, planted).rules()
    sense = rng.choice(("minimize", "maximize"))
    return Recipe(arrays, sense, objective, tuple(rules), _options(rng, arrays))


def _arrays(rng: random.Random) -> tuple[Array, ...]:
    found: list[Array] = []
    first = 0
    for name in ("x", "y", "z")[: rng.choice((1, 2, 2, 3))]:
        kind = rng.choice(("binary", "binary", "binary", "spin", "integer"))
        lower, upper, encoding = 0, 1, None
        if kind == "integer":
            lower = rng.randint(-3, 1)
            upper = lower + rng.randint(1, 4)
            encoding = rng.choice((None, None, *ENCODINGS))
        shapes: Sequence[tuple[int, ...]] = ((), (1,), (2,), (3,), (4,), (2, 2))
        if kind == "binary":
            shapes = ((2,), (3,), (4,), (5,), (6,), (2, 2), (2, 3), (3, 3))
        array = Array(name, kind, rng.choice(shapes), lower, upper, first, encoding)
        taken = prod(len(one.domain) ** one.size for one in [*found, array])
        if taken <= MOST_ASSIGNMENTS:
            found.append(array)
            first += array.size
    return tuple(found) or (Array("x", "binary", (4,), 0, 1, 0),)


def _objective(rng: random.Random, writer: Writer) -> tuple[Piece, ...]:
    kinds = [writer.linear]
    kinds += [lambda: writer.monomial(2)] * rng.choice((0, 0, 1, 3))
    kinds += [lambda: writer.monomial(3)] * rng.choice((0, 0, 0, 1, 2))
    for kind, share in ((writer.pairs, 0.25), (writer.neighbours, 0.2), (writer.square, 0.1)):
        if rng.random() < share:
            kinds.append(kind)
    return tuple(kind() for kind in kinds)


@dataclass(frozen=True)
class _Edge:
    """Draws constraints whose bounds stand at what their left side reaches."""

    rng: random.Random
    arrays: tuple[Array, ...]
    draw: Draw
    space: Space
    planted: int | None

    def rules(self) -> list[Rule]:
        """Return a constraint, or the two that make a range."""
        makers = [self._row] * 5 + [self._range, self._range, self._array, self._quadratic]
        makers += [self._count] * 2 + [self._lines] * 2 + [self._forbidden]
        return list(self.rng.choice(makers)())

    def _row(self) -> Sequence[Rule]:
        return [self._bounded(self._writer.linear(), self.rng.choice(SIGNS))]

    def _range(self) -> Sequence[Rule]:
        piece = self._writer.linear()
        return [self._bounded(piece, sign) for sign in ("<=", ">=")]

    def _quadratic(self) -> Sequence[Rule]:
        writer = self._writer
        terms = [writer.monomial(2), writer.monomial(self.rng.choice((1, 2, 3)))]
        piece = self.rng.choice((lambda: plus(terms), writer.pairs, writer.neighbours))()
        return [self._bounded(piece, self.rng.choice(SIGNS))]

    def _count(self) -> Sequence[Rule]:
        array = self.rng.choice(self.arrays)
        total = {(k,): Fraction(1) for k in array.numbers}
        piece = Piece(f"{array.name}.sum()", (total,))
        if self.rng.random() < 0.4:
            return [Rule(piece, "==", (Fraction(1),))]
        return [self._bounded(piece, self.rng.choice(SIGNS))]

    def _lines(self) -> Sequence[Rule]:
        """Return one-hots along the axes of an array: a square one is a permutation."""
        array = self.rng.choice(self.arrays)
        if len(array.shape) != 2:
            return self._count()
        numbers = np.array(array.numbers).reshape(array.shape)
        axes = self.rng.choice(((0,), (1,), (0, 1), (0, 1)))
        sign = self.rng.choice(("==", "==", "<="))
        rules = []
        for axis in axes:
            lines = numbers.T if axis == 0 else numbers
            sums = tuple({(int(k),): Fraction(1) for k in line} for line in lines)
            piece = Piece(f"{array.name}.sum(axis={axis})", sums)
            rules.append(Rule(piece, sign, (Fraction(1),) * len(sums)))
        return rules

    def _array(self) -> Sequence[Rule]:
        """Return a constraint with an entry for each row of a matrix."""
        array = self.rng.choice(self.arrays)
        writer = self._writer
        rows = [[writer.number() for _ in array.numbers] for _ in range(2)]
        sums = tuple(
            {(k,): number.value for k, number in zip(array.numbers, row, strict=True)}
            for row in rows
        )
        matrix = "[" + ", ".join(f"[{', '.join(n.text for n in row)}]" for row in rows) + "]"
        text = f"np.array({matrix}) @ {array.name}.reshape({array.size})"
        return [self._bounded(Piece(text, sums), self.rng.choice(SIGNS))]

    def _forbidden(self) -> Sequence[Rule]:
        """Return pairs of which both must not be on."""
        array = self.rng.choice(self.arrays)
        if array.kind != "binary" or len(array.shape) != 1 or array.size < 2:
            return self._quadratic()
        pairs = zip(array.numbers, array.numbers[1:], strict=False)
        text = f"{array.name}[:-1] * {array.name}[1:]"
        products: tuple[Polynomial, ...] = tuple({pair: Fraction(1)} for pair in pairs)
        return [Rule(Piece(text, products), "==", (Fraction(0),) * len(products))]

    @property
    def _writer(self) -> Writer:
        return Writer(self.rng, self.arrays, self.draw)

    def _bounded(self, piece: Piece, sign: str) -> Rule:
        """Return the constraint with bounds at, or one unit beside, values that are reached."""
        rng = self.rng
        soft = rng.random() < 0.15
        place = self.planted
        if place is None or rng.random() < 0.2:
            place = rng.randrange(len(self.space.table))
        bounds = []
        for polynomial in piece.polynomials:
            values, common = self.space.values(polynomial)
            unit = common_unit(polynomial.values())
            bound = Fraction(int(values[place]), common)
            bound += rng.choice((0, 0, 0, 0, 1, -1, 1, -1)) * unit
            if rng.random() < 0.06 or (soft and rng.random() < 0.3):
                end = rng.choice((values.min(), values.max()))
                bound = Fraction(int(end), common) + rng.choice((-3, -1, 0, 1, 3)) * unit
            bounds.append(bound if piece.exact else read(bound))
        if piece.exact:
            parts = [split(bound) for bound in bounds]
            bounds = [first for first, _ in parts]
            if len(parts) == 1 and parts[0][1]:
                # what the bound does not hold moves to the other side
                rest = Number(-parts[0][1])
                piece = plus([piece, Piece(rest.text, ({(): rest.value},))])
        penalty = None
        if soft or rng.random() < 0.07:
            penalty = Number(abs(self.draw(rng)) if soft else Fraction(str(rng.choice(PENALTIES))))
        return Rule(piece, sign, tuple(bounds), penalty, soft)


def _options(rng: random.Random, arrays: Sequence[Array]) -> dict[str, Any]:
    methods = ("auto", "auto", "auto", "exhaustive", "exhaustive", "simulated-annealing", "tabu")
    penalties: tuple[Any, ...] = ("exact",) * 5 + ("adaptive",) * 3 + (rng.choice(PENALTIES),) * 2
    options: dict[str, Any] = {
        "method": rng.choice(methods),
        "structure": rng.choice(("auto", "auto", "penalty")),
        "penalty": rng.choice(penalties),
        "presolve": rng.choice(("safe", "off")),
    }
    if any(array.kind == "integer" for array in arrays):
        options["encoding"] = rng.choice((None, *ENCODINGS))
    return {**options, "seed": rng.randrange(100), "sweeps": 30, "replicas": 3, "n_jobs": 1}
