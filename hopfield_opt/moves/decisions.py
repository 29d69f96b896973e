"""Whether a change of the energy is accepted: the rules of kernels that ask one at a time."""

import math
from typing import Any

import numpy as np

from hopfield_opt.jit import inlined
from hopfield_opt.xoshiro import inner, uniform


@inlined
def accepts_flip(change: Any, beta: Any, heat_bath: Any, words: Any) -> Any:
    """Return whether a flip that changes the energy by `change` is made at a finite beta."""
    if heat_bath:
        return uniform(words) * (1.0 + math.exp(min(beta * change, 700.0))) < 1.0
    return change <= 0.0 or uniform(words) < math.exp(-beta * change)


@inlined
def accepts_swap(change: Any, beta: Any, heat_bath: Any, words: Any) -> Any:
    """Return whether a move of a permutation is made; at an infinite beta if the energy falls."""
    if math.isinf(beta):
        return change < 0.0
    if not heat_bath and change <= 0.0:
        return True
    x = beta * change
    if x > 45.0:  # 1e-19: below the resolution of a draw
        return False
    return inner(words) * ((1.0 if heat_bath else 0.0) + math.exp(x)) < 1.0


@inlined
def accepts_move(change: Any, beta: Any, heat_bath: Any, slack: Any, words: Any) -> Any:
    """Return whether a move of groups is made; `slack` is what rounding may do to `change`."""
    if beta == np.inf:
        return change < -slack
    x = beta * change
    if not heat_bath:
        if x <= 0.0:
            return True
        if x > 40.0:
            return False
    u = inner(words)
    if heat_bath:
        return u * (1.0 + math.exp(min(x, 700.0))) < 1.0
    # e^x is above the first terms of its series: most refusals need no exponential
    if u * (1.0 + x * (1.0 + x * (0.5 + x * (1.0 / 6.0)))) >= 1.0:
        return False
    return u * math.exp(x) < 1.0
