"""Integers come back from their bits, and codes that are none cost something."""

from typing import Any

import numpy as np
import pytest

from hopfield_opt.compiler import compile
from hopfield_opt.compiler.encodings import encode_integers
from hopfield_opt.model import Model
from hopfield_opt.model.variable import ENCODINGS


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("largest", range(1, 21))
def test_every_integer_comes_back(encoding: str, largest: int) -> None:
    """Bits of 0 and 1 stand for each value of the range."""
    m = Model()
    m.integer(2, -3, largest - 3, name="y")
    code = encode_integers(m, encoding)
    values = np.arange(-3.0, largest - 2)
    pairs = np.stack([values, values[::-1]], axis=1)
    bits = code.encode(pairs)
    assert np.isin(bits, (0, 1)).all()
    assert np.array_equal(code.decode(bits), pairs)


@pytest.mark.parametrize(("encoding", "valid"), [("one-hot", 3), ("domain-wall", 3)])
def test_codes_that_are_none_lie_above_the_best(encoding: str, valid: int) -> None:
    """Of all states over a range of three values only the codes have the lowest energy."""
    m = Model()
    m.minimize(0 * m.integer((), 0, 2, name="y"))
    hamiltonian = compile(m, structure="penalty", presolve="off", encoding=encoding).hamiltonian
    n = hamiltonian.num_spins
    states: Any = 2 * (np.arange(1 << n)[:, None] >> np.arange(n) & 1) - 1
    energies = hamiltonian.energy(states)
    assert (energies == energies.min()).sum() == valid
