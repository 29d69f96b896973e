"""What a run may use is checked in one place."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.driver.limits import Limits
from hopfield_opt.errors import InputError

NUMBERS = [
    ("time_limit", "a positive number of seconds", [0, -1, float("inf"), True, "long"]),
    ("sweeps", "a positive integer", [0, 1.5, True, "many"]),
    ("replicas", "a positive integer", [0, -3, False]),
    ("n_jobs", "a positive integer", [0, 2.0]),
    ("target", "(a number|finite)", [True, float("nan"), "low"]),
]
CASES = [(name, rule, value) for name, rule, values in NUMBERS for value in values]


@pytest.mark.parametrize(("name", "rule", "value"), CASES)
def test_a_limit_that_is_none_is_named(name, rule, value):
    """`solve` says of it what the limits themselves say."""
    network = ho.Hamiltonian(np.zeros((2, 2)))
    with pytest.raises(InputError, match=f"^{name} must be {rule}") as own:
        Limits(**{name: value})
    with pytest.raises(InputError) as other:
        ho.solve(network, **{name: value})
    assert str(own.value) == str(other.value)


def test_limits_are_plain_numbers():
    """Numbers of numpy are those of Python afterwards; what is left out stays None."""
    limits = Limits(time_limit=np.float32(2), sweeps=np.int16(7), target=3)
    assert limits == Limits(2.0, 7, None, 3, None)
    assert (type(limits.time_limit), type(limits.sweeps), type(limits.target)) == (float, int, int)
