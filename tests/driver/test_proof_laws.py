"""Whatever is claimed of an answer is true: random models against brute force in fractions."""

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import prod

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot

ENCODINGS = ("binary", "one-hot", "unary", "domain-wall")
METHODS = ("exhaustive", "auto", "simulated-annealing", "tabu", "cluster-search")
PENALTIES = ("exact", "adaptive", 0.01, 1.0, 100.0)
MOST_SPINS = 20  # that are enumerated
WEIGHTS = (None, None, 0.01, 1.0, 40.0)
ORDERS = {
    "==": lambda excess: abs(excess),
    "<=": lambda excess: max(excess, 0),
    ">=": lambda excess: max(-excess, 0),
}


@dataclass(frozen=True)
class Rule:
    """`sum of coefficient * product of variables`, compared with a bound."""

    terms: tuple[tuple[int, tuple[int, ...]], ...]
    sign: str
    bound: int
    penalty: float | None
    soft: bool

    def amount(self, point):
        """Return by how much it is violated."""
        return ORDERS[self.sign](worth(self.terms, point) - self.bound)


@dataclass(frozen=True)
class Case:
    """A small model as plain numbers: what the solver sees, and what brute force sees."""

    ranges: tuple[tuple[str, int, int], ...]
    objective: tuple[tuple[int, tuple[int, ...]], ...]
    sense: str
    rules: tuple[Rule, ...]
    options: dict = field(hash=False)

    @property
    def model(self):
        """The model, written with the public names."""
        model = ho.Model()
        parts = []
        for kind, low, high in self.ranges:
            if kind == "integer":
                parts.append(model.integer(1, low, high)[0])
            else:
                parts.append(getattr(model, kind)(1)[0])
        (model.minimize if self.sense == "minimize" else model.maximize)(
            expression(self.objective, parts)
        )
        for rule in self.rules:
            left = expression(rule.terms, parts)
            comparison = {"==": left == rule.bound, "<=": left <= rule.bound}
            model.add(
                comparison.get(rule.sign, left >= rule.bound), penalty=rule.penalty, soft=rule.soft
            )
        return model

    def judge(self, point):
        """Return the value, prices of soft rules included, and whether all others hold."""
        sign = 1 if self.sense == "minimize" else -1
        value = Fraction(worth(self.objective, point))
        for rule in self.rules:
            if rule.soft:
                value += sign * Fraction(rule.penalty) * Fraction(rule.amount(point)) ** 2
        return value, not any(rule.amount(point) for rule in self.rules if not rule.soft)

    @property
    def optimum(self):
        """The best value, None if nothing is feasible."""
        choices = [
            range(low, high + 1, 2 if kind == "spin" else 1) for kind, low, high in self.ranges
        ]
        judged = [self.judge(point) for point in product(*choices)]
        values = [value for value, feasible in judged if feasible]
        return (min if self.sense == "minimize" else max)(values, default=None)

    @property
    def is_proven(self):
        """Whether no weight was given: the proof must be found then, if all is looked at."""
        given = any(rule.penalty is not None and not rule.soft for rule in self.rules)
        return self.options["penalty"] == "exact" and not given


def worth(terms, point):
    """Return a polynomial at a point."""
    return sum(c * prod(point[k] for k in factors) for c, factors in terms)


def expression(terms, parts):
    """Return a polynomial as an expression."""
    total = 0 * parts[0]
    for c, factors in terms:
        one = c
        for k in factors:
            one = one * parts[k]
        total = total + one
    return total


def polynomial(rng, n, count, degree):
    """Draw terms with small whole coefficients."""
    found = [(int(rng.integers(-5, 6)), (k,)) for k in range(n)]
    for _ in range(count):
        factors = rng.integers(0, n, int(rng.integers(2, degree + 1)))
        found.append((int(rng.integers(-4, 5)), tuple(map(int, factors))))
    return tuple(found)


def drawn_rule(rng, n, point):
    """Draw a constraint, mostly with its edge at a point: some are tight, some cannot hold."""
    kind = rng.integers(0, 6)
    if kind == 0:  # products that may not be
        terms = tuple((1, (int(i), int(j))) for i, j in rng.integers(0, n, (2, 2)))
    elif kind == 1:
        terms = tuple((1, (k,)) for k in range(n))
    else:
        terms = polynomial(rng, n, int(kind == 2), 3)
    bound = worth(terms, point) + int(rng.integers(-1, 2)) * int(rng.integers(0, 2))
    soft = bool(rng.integers(0, 5) == 0)
    weight = rng.choice(np.array(WEIGHTS, dtype=object))
    if soft:
        weight = float(rng.choice([0.25, 1.0, 3.0]))
    return Rule(terms, str(rng.choice(list(ORDERS))), bound, weight, soft)


def drawn_case(seed):
    """Draw a model and how it is solved."""
    rng = np.random.default_rng(seed)
    ranges = [("binary", 0, 1)] * int(rng.integers(1, 5))
    ranges += [("spin", -1, 1)] * int(rng.integers(0, 2))
    if rng.integers(0, 2):
        low = int(rng.integers(-3, 2))
        ranges.append(("integer", low, low + int(rng.integers(0, 5))))
    n = len(ranges)
    point = [int(rng.choice([low, high])) for _, low, high in ranges]
    options = {
        "penalty": PENALTIES[rng.integers(0, len(PENALTIES))],
        "structure": str(rng.choice(["auto", "penalty"])),
        "presolve": str(rng.choice(["safe", "off"])),
        "encoding": str(rng.choice(ENCODINGS)),
    }
    return Case(
        tuple(ranges),
        polynomial(rng, n, int(rng.integers(0, 4)), 4),
        str(rng.choice(["minimize", "maximize"])),
        tuple(drawn_rule(rng, n, point) for _ in range(rng.integers(0, 4))),
        options,
    )


def check(case, result, *, everything):
    """Check all that a result says against brute force."""
    optimum = case.optimum
    if result.status is ho.Status.INFEASIBLE:
        assert optimum is None
    if result.answer is not None:
        point = [int(result.answer[f"x{k}"][0]) for k in range(len(case.ranges))]
        assert (result.value, result.feasible) == case.judge(point)
        assert bool(result.violations) == (not result.feasible)
    if result.status is ho.Status.OPTIMAL:
        assert result.feasible
        assert result.value == optimum
    if result.bound is not None and optimum is not None:
        assert result.bound <= optimum if case.sense == "minimize" else result.bound >= optimum
        assert result.gap is None or (result.gap == 0) == (result.value == result.bound)
    if everything and case.is_proven:
        expected = ho.Status.INFEASIBLE if optimum is None else ho.Status.OPTIMAL
        assert result.status is expected
    for candidate in result.top(2):
        assert candidate.state.shape == (result.num_spins,)


def check_seed(seed):
    """Solve one random model by one method and check what is said of it."""
    case = drawn_case(seed)
    compiled = ho.compile(case.model, **case.options)
    method = METHODS[seed % len(METHODS)]
    if compiled.hamiltonian.num_spins > MOST_SPINS:
        method = "tabu"
    search = {} if method in ("exhaustive", "auto") else {"sweeps": 20, "replicas": 8}
    result = ho.solve(case.model, method=method, seed=seed, **case.options, **search)
    check(case, result, everything=method == "exhaustive")
    if not search:
        other = ho.solve(compiled, method=method, seed=seed)
        assert (other.status, other.value) == (result.status, result.value)


def drawn_network(seed):
    """Draw a network with groups, some of which clash."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 8))
    upper = np.triu(rng.integers(-4, 5, (n, n)), 1).astype(float)
    groups, kept = [], set()
    for _ in range(rng.integers(1, 4)):
        members = rng.permutation(n)[: rng.integers(2, n + 1)]
        kind = rng.integers(0, 4)
        if kind == 3 or kept & set(members.tolist()):
            amounts = rng.integers(1, 4, len(members)).astype(float)
            low = float(rng.integers(0, amounts.sum() + 1))
            groups.append(Linear(members, amounts, low, low + float(rng.integers(0, 3))))
            continue
        kept |= set(members.tolist())
        low = int(rng.integers(0, len(members)))
        made = (OneHot(members), AtMostOne(members), Cardinality(members, low, low + 1))
        groups.append(made[kind])
    thresholds = rng.integers(-4, 5, n).astype(float)
    return ho.Hamiltonian(upper + upper.T, thresholds, groups=groups)


def check_network(seed):
    """Solve one random network and check what is said of it."""
    network, rng = drawn_network(seed), np.random.default_rng(seed)
    states = np.array(list(product((-1, 1), repeat=network.num_spins)), dtype=np.int8)
    broken = sum(group.violation(states) for group in network.groups)
    energies = network.energy(states)[broken == 0]
    penalty = PENALTIES[rng.integers(0, len(PENALTIES))]
    options = {"penalty": penalty, "structure": str(rng.choice(["auto", "penalty"]))}
    method = ("exhaustive", "auto", "tabu", "cluster-search")[seed % 4]
    search = {} if method in ("exhaustive", "auto") else {"sweeps": 20, "replicas": 8}
    result = ho.solve(network, method=method, seed=seed, **options, **search)
    claimed = result.status in (ho.Status.OPTIMAL, ho.Status.INFEASIBLE)
    if claimed:
        assert (result.status is ho.Status.OPTIMAL) == (len(energies) > 0)
    if claimed and len(energies):
        assert result.value == result.bound == energies.min()
    if result.answer is not None:
        assert result.value == network.energy(result.answer)
        assert result.feasible == all(
            g.violation(result.answer[None])[0] == 0 for g in network.groups
        )
    if not search and penalty == "exact":
        assert claimed
    if not search:
        other = ho.solve(ho.compile(network, **options), method=method, seed=seed)
        assert (other.status, other.value) == (result.status, result.value)


@pytest.mark.parametrize("part", range(4))
def test_what_is_claimed_of_a_random_network_is_true(part):
    """Groups are kept or become penalties of any weight."""
    for seed in range(40 * part, 40 * (part + 1)):
        check_network(seed)


@pytest.mark.parametrize("part", range(8))
def test_what_is_claimed_of_a_random_model_is_true(part):
    """Status, value, feasibility, bound and gap, however it was compiled and searched."""
    for seed in range(40 * part, 40 * (part + 1)):
        check_seed(seed)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(1, 51))
def test_what_is_claimed_of_many_random_models_is_true(part):
    """The same on thousands of them, and of networks."""
    for seed in range(1000 * part, 1000 * part + 200):
        check_seed(seed)
        check_network(seed)
