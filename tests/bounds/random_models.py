"""Small models of all kinds, and their best value by enumeration."""

import itertools

import numpy as np

import hopfield_opt as ho


def random_model(rng):
    """Return a small model of bits, spins and integers: whole, decimal or real numbers."""
    model = ho.Model()
    parts = [model.binary(int(rng.integers(1, 5)), name="x")]
    if rng.random() < 0.4:
        parts.append(model.spin(int(rng.integers(1, 3)), name="s"))
    if rng.random() < 0.4:
        ends = -int(rng.integers(0, 3)), int(rng.integers(0, 3))
        parts.append(model.integer(int(rng.integers(1, 3)), *ends, name="k"))
    objective = _expression(rng, parts)
    (model.minimize if rng.random() < 0.5 else model.maximize)(objective)
    for _ in range(rng.integers(0, 4)):
        left = _expression(rng, parts)
        if rng.random() < 0.5:
            left = (parts[0] * _numbers(rng, parts[0].size)).sum()
        right = float(_numbers(rng, 1)[0])
        soft = {"soft": True, "penalty": 1.5} if rng.random() < 0.2 else {}
        model.add([left <= right, left >= right, left == round(right)][rng.integers(3)], **soft)
    return model


def _numbers(rng, count):
    whole = rng.integers(-5, 6, count).astype(float)
    return [whole, 0.1 * whole, whole / 3, rng.normal(size=count)][rng.integers(4)]


def _expression(rng, parts):
    total = float(_numbers(rng, 1)[0])
    for part in parts:
        total = total + (part * _numbers(rng, part.size)).sum()
        if rng.random() < 0.4:
            matrix = rng.integers(-2, 3, (part.size, part.size)).astype(float)
            total = total + rng.choice([1.0, 0.1]) * (part * (matrix @ part)).sum()
    if len(parts) > 1 and rng.random() < 0.5:
        total = total + float(_numbers(rng, 1)[0]) * parts[0][0] * parts[1].sum()
    return total + (parts[0].sum() - 1) ** 3 if rng.random() < 0.1 else total


def model_of_squares(rng):
    """Return a small model whose cost is made of powers of sums, also of sums of powers."""
    model = ho.Model()
    x, k = model.binary(3, name="x"), model.integer(2, -2, 2, name="k")
    matrix = rng.integers(-2, 3, (2, 3)).astype(float)
    rows = matrix @ x + k * _numbers(rng, 2) - _numbers(rng, 2)
    total = float(_numbers(rng, 1)[0]) * (rows**2).sum() + (rows[0] * rows[0] - 1.5) * k[1]
    total = total + ((x.sum() - 1) ** 2 - k[0]) ** 2 + (x.reshape(1, 3) @ matrix.T).sum() ** 3
    (model.minimize if rng.random() < 0.5 else model.maximize)(total)
    return model


def best_value(model):
    """Return the best value of all feasible assignments, None where there is none."""
    ranges = []
    for variable in model.variables:
        ends = zip(variable.lower.ravel(), variable.upper.ravel(), strict=True)
        spin = variable.kind == "spin"
        ranges += [(-1, 1) if spin else range(int(low), int(high) + 1) for low, high in ends]
    judged = (model.judge(np.array(point, dtype=float)) for point in itertools.product(*ranges))
    values = [value for value, violations in judged if not violations]
    best = min if model.sense == "minimize" else max
    return best(values, default=None)
