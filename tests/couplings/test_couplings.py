"""Each coupling term against its definition, over all states of small systems."""

import itertools
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from hopfield_opt.couplings import Explicit, Factored, Kronecker, as_terms, check_size, gather_terms
from hopfield_opt.errors import HopfieldWarning, InputError, SizeError

# halves of small integers: every sum and product below is exact in float64
dyadic = st.integers(-6, 6).map(lambda k: k / 2)


def all_states(n):
    """Return the 2^n states of n spins."""
    return np.array(list(itertools.product((-1, 1), repeat=n)), dtype=np.int8).reshape(2**n, n)


def matrices(rows, columns, *, symmetric=False):
    """Draw a matrix of halves, dense or sparse."""

    def build(values, sparse):
        matrix = np.array(values, dtype=float).reshape(rows, columns)
        if symmetric:
            matrix = np.triu(matrix) + np.triu(matrix, 1).T
        return csr_array(matrix) if sparse else matrix

    size = rows * columns
    return st.builds(build, st.lists(dyadic, min_size=size, max_size=size), st.booleans())


def as_array(matrix):
    """Return a matrix as an ndarray."""
    return matrix if isinstance(matrix, np.ndarray) else matrix.toarray()


@st.composite
def explicit(draw):
    """Draw an explicit term, with a diagonal, and its energy by the definition."""
    n = draw(st.integers(0, 5))
    matrix = draw(matrices(n, n, symmetric=True))
    w = as_array(matrix)
    with warnings.catch_warnings(action="ignore", category=HopfieldWarning):
        term = Explicit(matrix)
    pairs = list(itertools.product(range(n), repeat=2))
    return term, lambda s: -0.5 * sum(w[i, j] * s[i] * s[j] for i, j in pairs)


@st.composite
def factored(draw):
    """Draw a factored term and its energy by the definition."""
    n, count = draw(st.integers(0, 5)), draw(st.integers(0, 3))
    rows = draw(matrices(count, n))
    c = draw(st.lists(dyadic, min_size=count, max_size=count))
    a = as_array(rows)
    return Factored(rows, c), lambda s: sum(
        c[k] * sum(a[k, i] * s[i] for i in range(n)) ** 2 for k in range(count)
    )


@st.composite
def kronecker(draw):
    """Draw a Kronecker term with holes, and its energy by the definition."""
    n, m = draw(st.sampled_from([(0, 0), (0, 2), (1, 1), (1, 3), (2, 2), (3, 2), (2, 3)]))
    left, right = draw(matrices(n, n)), draw(matrices(m, m))
    factors = draw(st.none() | matrices(n, m).map(as_array))
    holes = draw(st.integers(max(0, n * m - 5), n * m))
    size = draw(st.integers(n * m - holes, 5))
    spins = draw(st.permutations(range(size)))[: n * m - holes]
    indices = np.array(draw(st.permutations([*spins, *[-1] * holes])), dtype=int).reshape(n, m)
    c = draw(dyadic)
    a, b, f = as_array(left), as_array(right), np.ones((n, m)) if factors is None else factors

    def energy(s):
        grid = {
            (i, j): f[i, j] * s[indices[i, j]]
            for i in range(n)
            for j in range(m)
            if indices[i, j] >= 0
        }
        return c * sum(
            x * a[i, k] * grid[k, q] * b[q, j] for (i, j), x in grid.items() for k, q in grid
        )

    return Kronecker(left, right, indices, c, factors, num_spins=size), energy


cases = st.one_of(explicit(), factored(), kronecker())


@given(cases)
def test_energy_is_the_definition(case):
    """The energy of each state is that of the formula, exactly."""
    term, energy = case
    states = all_states(term.num_spins)
    assert term.energy(states).tolist() == [energy(s.astype(int).tolist()) for s in states]


@given(cases)
def test_expansions_are_the_quadratic_form(case):
    """W is symmetric without diagonal, and gives energy and local field with the constant."""
    term, _ = case
    states = all_states(term.num_spins).astype(float)
    w = term.to_dense()
    assert (w == w.T).all()
    assert not w.diagonal().any()
    assert (-0.5 * np.einsum("ri,ij,rj->r", states, w, states) + term.constant).tolist() == (
        term.energy(states).tolist()
    )
    assert (term.local_field(states) == states @ w).all()
    sparse = term.to_sparse()
    assert (sparse.toarray() == w).all()
    assert sparse.data.all()
    assert term.num_couplings() >= sparse.nnz


@given(cases, st.integers(1, 6).map(lambda k: k / 2))
def test_scaled_multiplies_energy_and_constant(case, factor):
    """A scaled term has the energies, and the constant, times the factor."""
    term, _ = case
    states = all_states(term.num_spins)
    assert (term.scaled(factor).energy(states) == factor * term.energy(states)).all()
    assert term.scaled(factor).constant == factor * term.constant


@given(cases, st.data())
def test_gauge_flips_spins(case, data):
    """E'(s) = E(signs * s) for all states."""
    term, _ = case
    n = term.num_spins
    signs = np.array(data.draw(st.lists(st.sampled_from([-1.0, 1.0]), min_size=n, max_size=n)))
    states = all_states(n)
    assert (term.gauge(signs).energy(states) == term.energy(signs * states)).all()


@given(cases, st.data())
def test_relabelled_moves_spins(case, data):
    """Spin k of the new term is spin order[k] of the old one."""
    term, _ = case
    order = np.array(data.draw(st.permutations(range(term.num_spins))), dtype=np.int64)
    states = all_states(term.num_spins)
    assert (term.relabelled(order).energy(states[:, order]) == term.energy(states)).all()


@given(cases, st.data())
def test_contract_merges_spins(case, data):
    """The energy over clusters is that of the spins with the values of their clusters."""
    term, _ = case
    n = term.num_spins
    drawn = data.draw(st.lists(st.integers(0, max(0, n - 1)), min_size=n, max_size=n))
    labels = np.unique(np.array(drawn, dtype=np.int64), return_inverse=True)[1]
    count = len(set(drawn))
    merged = term.contract(labels, count)
    states = all_states(count)
    assert (merged.energy(states) == term.energy(states[:, labels])).all()
    w = merged.to_dense()
    assert (w == w.T).all()


@given(cases, st.data())
def test_restricted_fixes_spins(case, data):
    """Term, thresholds and offset over the kept spins give the energy of the whole state."""
    term, _ = case
    n = term.num_spins
    values = data.draw(st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=n, max_size=n))
    fixed = np.array(values, dtype=float)
    keep = np.flatnonzero(fixed == 0)
    rest, thresholds, offset = term.restricted(keep, fixed)
    states = all_states(len(keep))
    whole = np.tile(fixed, (len(states), 1))
    whole[:, keep] = states
    assert (rest.energy(states) + states @ thresholds + offset == term.energy(whole)).all()
    assert rest.num_spins == len(keep)


def test_expansion_above_the_limit_names_the_size():
    """A tour of 1000 cities works, and is refused where it would be expanded."""
    n = 1000
    spins = np.arange(n * n).reshape(n, n)
    shift = csr_array((np.ones(n), (np.arange(n), (np.arange(n) + 1) % n)), shape=(n, n))
    term = Kronecker(np.ones((n, n)), shift, spins)
    tour = np.where(np.eye(n), 1, -1).astype(np.int8).reshape(1, -1)
    assert term.energy(tour)[0] == n * (2 - n) ** 2
    assert term.num_couplings() == 2 * n**3
    for expand in (term.to_sparse, term.to_dense):
        with pytest.raises(SizeError, match=r"weights must need at most 2 GiB, got about \d"):
            expand()
    with pytest.raises(SizeError):
        term.contract(np.r_[0, 0 : n * n - 1], n * n - 1)
    wide = Factored(np.ones((1, n * n)))
    with pytest.raises(SizeError):
        wide.to_dense()
    with pytest.raises(SizeError):
        wide.to_sparse()
    with pytest.raises(SizeError):
        Explicit(csr_array((n * n, n * n))).to_dense()


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (Explicit(np.zeros((3, 3))), "Explicit(3 spins, no couplings)"),
        (
            Explicit([[0, 2, 0], [2, 0, 1.5], [0, 1.5, 0]]),
            "Explicit(3 spins, 2 couplings, density 0.667, weights 1.5 to 2)",
        ),
        (Factored(np.ones((2, 4))), "Factored(2 rows over 4 spins)"),
        (
            Kronecker(np.ones((1, 1)), np.ones((2, 2)), [[0, 5]], -0.5),
            "Kronecker(1 x 2 block of 6 spins, coefficient -0.5)",
        ),
    ],
)
def test_repr_says_the_size(term, text):
    """A term says its size and kind without any array."""
    assert repr(term) == text


def test_as_terms_recognises_what_it_is_given():
    """None, a matrix, a nested list, a term and a sequence of terms all become terms."""
    term = Factored([[1, 1]])
    assert as_terms(None) == as_terms([]) == ()
    assert as_terms(term) == as_terms([term]) == (term,)
    (matrix,) = as_terms([[0, 1], [1, 0]])
    assert isinstance(matrix, Explicit)
    with pytest.raises(InputError, match=r"sequence of coupling terms, got ndarray at \[1\]"):
        as_terms([term, np.eye(2)])


def test_explicit_terms_are_gathered_into_one():
    """The sum of explicit terms comes first, its constant apart; dense wins over sparse."""
    swap = np.array([[0.0, 1.0], [1.0, 0.0]])
    with pytest.warns(HopfieldWarning):
        first = Explicit(swap + np.eye(2))
    second, other = Explicit(csr_array(swap)), Factored([[1, 1]])
    (whole, same), constant = gather_terms([other, first, second], 2)
    assert same is other
    assert isinstance(whole.matrix, np.ndarray)
    assert (whole.matrix == 2 * swap).all()
    assert (whole.constant, constant) == (0.0, -1.0)
    (sparse,), _ = gather_terms([second, second.scaled(-1)], 2)
    assert sparse.matrix.nnz == 0
    assert gather_terms([second], 2)[0] == (second,)


def test_sizes_must_agree():
    """A Kronecker term widens to the network; any other difference of size is an error."""
    block = Kronecker([[1]], [[1]], [[0]])
    (wide,), _ = gather_terms([block], 3)
    assert wide.num_spins == 3
    with pytest.raises(InputError, match=r"weights must couple 3 spins, got Factored\(1 row"):
        gather_terms([Factored([[1, 1]])], 3)
    assert check_size([], [1, 2], None) == 2
    assert check_size([], 0.5, 3) == 3
    with pytest.raises(InputError, match="num_spins must be given"):
        check_size([], 0.5, None)
    with pytest.raises(InputError, match="num_spins must be at least 0, got -1"):
        check_size([], None, -1)
