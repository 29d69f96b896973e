"""What all objects with arrays share: checks, read-only copies, work in blocks."""

import pickle

import numpy as np
import pytest
from scipy.sparse import csr_array

from hopfield_opt import arrays
from hopfield_opt.couplings import Explicit, Factored, Kronecker
from hopfield_opt.errors import InputError


@pytest.mark.parametrize(
    "term",
    [
        Explicit(np.ones((9, 9)) - np.eye(9)),
        Explicit(csr_array(np.ones((9, 9)) - np.eye(9))),
        Factored(np.arange(18).reshape(2, 9), [1, -2]),
        Kronecker(np.arange(9).reshape(3, 3), csr_array(np.eye(3)), np.arange(9).reshape(3, 3)),
    ],
    ids=repr,
)
def test_blocks_of_replicas_join_to_the_same(term, monkeypatch):
    """Replicas worked in blocks, as many as there are, give what they give alone."""
    states = np.random.default_rng(1).choice([-1, 1], (7, 9)).astype(np.int8)
    energies, fields = term.energy(states), term.local_field(states)
    assert term.energy(states[:0]).shape == (0,)
    assert term.local_field(states[:0]).shape == (0, 9)
    monkeypatch.setattr(arrays, "WORK_BYTES", 8 * 9 * 2)
    assert (term.energy(states) == energies).all()
    assert (term.local_field(states) == fields).all()


def test_int8_states_do_not_overflow():
    """Sums over 5000 spins, and coefficients beyond 127, are exact for int8 states."""
    n = 5000
    states = np.ones((2, n), dtype=np.int8)
    assert Factored(np.full((1, n), 100.0)).energy(states).tolist() == [(100 * n) ** 2] * 2
    ring = csr_array((np.full(n, 200.0), (np.arange(n), (np.arange(n) + 1) % n)), shape=(n, n))
    assert Explicit(ring + ring.T).energy(states).tolist() == [-200 * n] * 2
    block = Kronecker(np.ones((50, 50)), np.ones((100, 100)), np.arange(n).reshape(50, 100))
    assert block.energy(states).tolist() == [n**2] * 2


def test_terms_neither_alias_nor_change_their_input():
    """Arrays of the user are copied; those of the term are read-only, also after pickling."""
    dense = np.array([[0.0, 1.0], [1.0, 0.0]])
    sparse = csr_array(dense)
    rows, indices = np.ones((1, 2)), np.array([[0, 1]])
    terms = [
        Explicit(dense),
        Explicit(sparse),
        Factored(rows),
        Kronecker(np.ones((1, 1)), dense, indices),
    ]
    before = [term.to_dense() for term in terms]
    dense[:], sparse.data[:], rows[:], indices[:] = 7, 7, 7, 0
    for term, old in zip(terms, before, strict=True):
        for own in (term, pickle.loads(pickle.dumps(term))):
            assert (own.to_dense() == old).all()
            held = [x for x in own.__dict__.values() if isinstance(x, np.ndarray | csr_array)]
            assert held
            for array in held:
                with pytest.raises(ValueError, match="read-only"):
                    array.data[...] = 0 if isinstance(array, csr_array) else array.fill(0)
        with pytest.raises(AttributeError):
            term.constant = 1.0


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([1, -1], r"states must have shape \(3,\) or \(R, 3\), got \(2,\)"),
        (np.ones((1, 1, 3)), r"got \(1, 1, 3\)"),
        (1, r"got \(\)"),
        ([1, 0, 1], r"states must be -1 or \+1, got 0 at \[1\]. For binaries x use 2 \* x - 1"),
        ([[1, 1, 1], [1, 1, np.nan]], r"got nan at \[1, 2\]"),
        (np.array([1, -128, 1], dtype=np.int8), r"got -128 at \[1\]"),
        (np.array([1, 127, 1], dtype=np.int8), r"got 127 at \[1\]"),
        ([True, True, True], "states must be numbers -1 and \\+1, got dtype bool"),
        (np.ones(3, dtype=np.uint8), "got dtype uint8"),
        (["1", "1", "1"], "got dtype <U1"),
    ],
)
def test_states_are_checked(value, message):
    """Anything but -1 and +1 in the right shape is refused, with its place."""
    with pytest.raises(InputError, match=message):
        arrays.check_spins("states", value, 3)


def test_integers_are_checked():
    """Booleans, floats and values below the lowest are no counts."""
    assert arrays.check_integer("k", np.int32(3)) == 3
    for value, message in ((True, "got True"), (2.0, "got 2.0"), (-1, "at least 0, got -1")):
        with pytest.raises(InputError, match=f"k must be .*{message}"):
            arrays.check_integer("k", value, lowest=0)
