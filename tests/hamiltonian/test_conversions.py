"""QUBO and Ising forms against their formulas, written out over all states."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from hopfield_opt.couplings import Explicit, Factored, Kronecker
from hopfield_opt.errors import HopfieldWarning, InputError
from hopfield_opt.groups import OneHot
from hopfield_opt.hamiltonian import Hamiltonian

# multiples of 8 stay whole through all divisions below
eights = st.integers(-4, 4).map(lambda k: 8.0 * k)


def all_states(n):
    """Return the 2^n states of n spins."""
    return np.array(list(itertools.product((-1, 1), repeat=n)), dtype=np.int8).reshape(2**n, n)


def qubo_energy(matrix, offset, s):
    """Return x'Qx + offset of one state by plain sums."""
    x = [(1 + k) // 2 for k in s]
    pairs = itertools.product(range(len(x)), repeat=2)
    return offset + sum(matrix[i, j] * x[i] * x[j] for i, j in pairs)


def ising_energy(h, coupling, offset, s):
    """Return sum h s + sum J s s + offset of one state by plain sums."""
    pairs = itertools.product(range(len(s)), repeat=2)
    linear = sum(h[i] * s[i] for i in range(len(s)))
    return offset + linear + sum(coupling[i, j] * s[i] * s[j] for i, j in pairs)


@st.composite
def squares(draw):
    """Draw a square matrix, any diagonal and both triangles filled."""
    n = draw(st.integers(0, 4))
    values = draw(st.lists(eights, min_size=n * n, max_size=n * n))
    return np.array(values).reshape(n, n)


def forms(matrix):
    """Return a matrix as an array, sparse, and as a dict of its nonzero entries."""
    pairs = zip(*np.nonzero(matrix), strict=True)
    return matrix, csr_array(matrix), {(int(i), int(j)): matrix[i, j] for i, j in pairs}


@given(squares(), eights)
def test_from_qubo_is_the_formula(matrix, offset):
    """Dense, sparse and dict give x'Qx + offset, both triangles added up."""
    states = all_states(len(matrix))
    expected = [qubo_energy(matrix, offset, s) for s in states.tolist()]
    for form in forms(matrix):
        hamiltonian = Hamiltonian.from_qubo(form, offset, num_spins=len(matrix))
        assert hamiltonian.energy(states).tolist() == expected


@given(squares(), eights, st.booleans())
def test_qubo_round_trip(matrix, offset, sparse):
    """to_qubo gives back the upper triangular form of what from_qubo took, dense or sparse."""
    start = Hamiltonian.from_qubo(csr_array(matrix) if sparse else matrix, offset)
    back, constant = start.to_qubo()
    assert type(back) is (csr_array if sparse else np.ndarray)
    back = back.toarray() if sparse else back
    assert (back == np.triu(matrix) + np.tril(matrix, -1).T).all()
    assert constant == offset


@given(squares(), st.data(), eights)
def test_from_ising_is_the_formula(matrix, data, offset):
    """Dense, sparse and dict give sum h s + sum J s s + offset, both triangles added up."""
    n = len(matrix)
    np.fill_diagonal(matrix, 0)
    h = data.draw(st.lists(eights, min_size=n, max_size=n))
    states = all_states(n)
    expected = [ising_energy(h, matrix, offset, s) for s in states.tolist()]
    for form, linear in itertools.product(forms(matrix), (h, dict(enumerate(h)))):
        hamiltonian = Hamiltonian.from_ising(linear, form, offset)
        assert hamiltonian.energy(states).tolist() == expected


@given(squares(), st.data(), eights, st.booleans())
def test_ising_round_trip(matrix, data, offset, sparse):
    """to_ising gives back the upper triangular form of what from_ising took."""
    n = len(matrix)
    np.fill_diagonal(matrix, 0)
    h = data.draw(st.lists(eights, min_size=n, max_size=n))
    start = Hamiltonian.from_ising(h, csr_array(matrix) if sparse else matrix, offset)
    linear, back, constant = start.to_ising()
    assert linear.tolist() == h
    assert type(back) is (csr_array if sparse else np.ndarray)
    back = back.toarray() if sparse else back
    assert (back == np.triu(matrix) + np.tril(matrix, -1).T).all()
    assert constant == offset
    assert not np.signbit(back[back == 0]).any()


def test_implicit_terms_are_converted_with_their_constants():
    """Factored and Kronecker terms are expanded, and what their diagonals add is kept."""
    hamiltonian = Hamiltonian(
        [
            Explicit([[0, 4, 0], [4, 0, 0], [0, 0, 0]]),
            Factored([[1, 2, 1]], 4),
            Kronecker([[2]], [[2, 4], [0, 2]], [[0, 2]]),
        ],
        [4, 8, 12],
        2,
    )
    matrix, offset = hamiltonian.to_qubo()
    h, coupling, constant = hamiltonian.to_ising()
    for s in all_states(3).tolist():
        assert qubo_energy(matrix, offset, s) == hamiltonian.energy(s)
        assert ising_energy(h, coupling, constant, s) == hamiltonian.energy(s)


def test_by_hand():
    """x0 x1 is 1 where both spins are up: W = -1/4, thresholds 1/4, offset 1/4."""
    hamiltonian = Hamiltonian.from_qubo({(1, 0): 1})
    assert hamiltonian.to_dense().tolist() == [[0, -0.25], [-0.25, 0]]
    assert hamiltonian.thresholds.tolist() == [0.25, 0.25]
    assert hamiltonian.offset == 0.25
    ferromagnet = Hamiltonian.from_ising({2: 0.5}, {(0, 1): -1, (1, 0): -1}, num_spins=4)
    assert ferromagnet.weights[0, 1] == 2
    assert ferromagnet.thresholds.tolist() == [0, 0, 0.5, 0]


def test_sizes_are_read_off():
    """The number of spins comes from dicts, vectors or matrices, whichever says more."""
    assert Hamiltonian.from_qubo({}).num_spins == 0
    assert Hamiltonian.from_qubo({}, num_spins=2).num_spins == 2
    assert Hamiltonian.from_qubo({(0, 4): 1}).num_spins == 5
    assert Hamiltonian.from_ising({}, {}).num_spins == 0
    assert Hamiltonian.from_ising({}, np.zeros((3, 3))).num_spins == 3
    assert Hamiltonian.from_ising({4: 1.0}, {(np.int64(0), 1): 1}).num_spins == 5
    assert Hamiltonian.from_ising([0, 0, 0], {(0, 1): 1}).num_spins == 3


def test_a_coupling_of_a_spin_with_itself_is_a_constant():
    """J_ii s_i^2 = J_ii goes into the offset, with the warning."""
    with pytest.warns(HopfieldWarning, match="nonzero diagonal|zero diagonal") as record:
        hamiltonian = Hamiltonian.from_ising([0, 0], {(0, 0): 3, (0, 1): 1})
    assert record[0].filename == __file__
    assert hamiltonian.offset == 3


def test_groups_are_never_lost_silently():
    """With groups there is no QUBO and no Ising form; the error names the way out."""
    hamiltonian = Hamiltonian([[0, 1], [1, 0]], groups=[OneHot([0, 1])])
    for convert in (hamiltonian.to_qubo, hamiltonian.to_ising):
        with pytest.raises(InputError, match='got 1. Compile with structure="penalty"'):
            convert()


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda f: f({("a", "b"): 1}), r"the keys of Q must be pairs .*, got \('a', 'b'\)"),
        (lambda f: f({(0, 1): 1, 3: 1}), r"the keys of Q must be pairs \(i, j\) .*, got 3"),
        (lambda f: f({(0, -1): 1}), r"got \(0, -1\)"),
        (lambda f: f({(0, 1, 2): 1}), r"got \(0, 1, 2\)"),
        (lambda f: f({(0, 1): "x"}), r"Q\[0, 1\] must be a number, got 'x'"),
        (lambda f: f({(0, 1): np.nan}), r"Q\[0, 1\] must be finite, got nan"),
        (lambda f: f({(0, 3): 1}, num_spins=3), "the keys of Q must be below 3, got 3"),
        (lambda f: f(np.eye(2), num_spins=3), r"Q must have shape \(3, 3\), got \(2, 2\)"),
        (lambda f: f([[1, 2]]), r"Q must be square, got shape \(1, 2\)"),
        (lambda f: f([1, 2]), r"Q must be a matrix, got shape \(2,\)"),
        (lambda f: f({}, np.inf), "offset must be finite, got inf"),
    ],
)
def test_from_qubo_refuses_by_name(build, message):
    """What is no QUBO is refused with the offending key or value."""
    with pytest.raises(InputError, match=message):
        build(Hamiltonian.from_qubo)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda f: f({"a": 1}, {}), "the keys of h must be spins 0, 1, ..., got 'a'"),
        (lambda f: f({0: 1}, {(0, 1): None}), r"J\[0, 1\] must be a number, got None"),
        (lambda f: f([1.0], {(0, 1): 1}), r"h must have shape \(2,\), got \(1,\)"),
        (lambda f: f([1.0, np.nan], {}), r"h must be finite, got nan at \[1\]"),
        (lambda f: f({5: 1}, np.zeros((2, 2))), r"J must have shape \(6, 6\), got \(2, 2\)"),
        (lambda f: f({5: 1}, {}, num_spins=5), "the keys of h must be below 5, got 5"),
        (lambda f: f(3, {}), r"h must have shape \(0,\), got \(\)"),
    ],
)
def test_from_ising_refuses_by_name(build, message):
    """What is no Ising model is refused with the offending key or value."""
    with pytest.raises(InputError, match=message):
        build(Hamiltonian.from_ising)
