"""The Hamiltonian: what it is made of, energy, local field, expansions, words about itself."""

import copy
import gc
import itertools
import pickle
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from hopfield_opt.couplings import Explicit, Factored, Kronecker
from hopfield_opt.errors import HopfieldWarning, InputError, SizeError
from hopfield_opt.groups import Linear, OneHot, Permutation
from hopfield_opt.hamiltonian import Hamiltonian

halves = st.integers(-6, 6).map(lambda k: k / 2)
SWAP = np.array([[0.0, 1.0], [1.0, 0.0]])


def all_states(n):
    """Return the 2^n states of n spins."""
    return np.array(list(itertools.product((-1, 1), repeat=n)), dtype=np.int8).reshape(2**n, n)


@st.composite
def systems(draw):
    """Draw a Hamiltonian of up to four terms, and its energy by the definitions."""
    n = draw(st.integers(0, 5))
    vector = st.lists(halves, min_size=n, max_size=n)
    upper = np.triu(np.array(draw(st.lists(vector, min_size=n, max_size=n))).reshape(n, n), 1)
    rows, c = np.array([draw(vector)]), draw(halves)
    a, b = draw(halves), draw(halves)
    terms = [Explicit(upper + upper.T), Explicit(csr_array(upper + upper.T)), Factored(rows, c)]
    if n >= 2:
        terms.append(Kronecker([[a]], [[0, b], [1, 0]], [[n - 1, 0]]))
    thresholds, offset = np.array(draw(vector)), draw(halves)

    def energy(s):
        total = offset + thresholds @ s - 2 * (s @ upper @ s) + c * float(rows[0] @ s) ** 2
        return total + (a * (b + 1) * s[n - 1] * s[0] if n >= 2 else 0)

    return Hamiltonian(terms, thresholds, offset, num_spins=n), energy


@given(systems())
def test_energy_is_the_sum_of_all_parts(system):
    """Terms, thresholds and offset add up, for one state and for many."""
    hamiltonian, energy = system
    states = all_states(hamiltonian.num_spins)
    expected = [energy(s.astype(float)) for s in states]
    assert hamiltonian.energy(states).tolist() == expected
    assert [hamiltonian.energy(s) for s in states] == expected
    assert isinstance(hamiltonian.energy(states[0]), float)


@given(systems())
def test_flip_energy_is_the_difference(system):
    """2 s_k h_k is what the energy changes by when spin k is really flipped."""
    hamiltonian, _ = system
    n = hamiltonian.num_spins
    states = all_states(n)
    changes = hamiltonian.flip_energy(states)
    assert changes.shape == states.shape
    for k in range(n):
        flipped = states.copy()
        flipped[:, k] *= -1
        difference = hamiltonian.energy(flipped) - hamiltonian.energy(states)
        assert (changes[:, k] == difference).all()
    assert (hamiltonian.flip_energy(states[0]) == changes[0]).all()
    assert (hamiltonian.local_field(states) * states * 2 == changes).all()
    assert hamiltonian.local_field(states[0]).shape == (n,)


@given(systems())
def test_weights_say_the_energy(system):
    """The expanded W, thresholds, offset and the terms' constants give the energy."""
    hamiltonian, _ = system
    states = all_states(hamiltonian.num_spins).astype(float)
    w = hamiltonian.to_dense()
    constant = hamiltonian.offset + sum(term.constant for term in hamiltonian.couplings)
    energies = -0.5 * np.einsum("ri,ij,rj->r", states, w, states)
    energies += states @ hamiltonian.thresholds + constant
    assert (energies == hamiltonian.energy(states)).all()
    assert (hamiltonian.to_sparse().toarray() == w).all()
    weights = hamiltonian.weights
    assert ((weights if isinstance(weights, np.ndarray) else weights.toarray()) == w).all()
    assert (hamiltonian.field == -hamiltonian.thresholds).all()


def test_couplings_hold_one_explicit_term_first():
    """Explicit terms are summed, their constants go to the offset; the others stay."""
    with pytest.warns(HopfieldWarning):
        first = Explicit(SWAP + np.eye(2))
    factored = Factored([[1, 1]])
    hamiltonian = Hamiltonian([factored, first, Explicit(csr_array(SWAP))], offset=5)
    whole, same = hamiltonian.couplings
    assert same is factored
    assert isinstance(whole, Explicit)
    assert (whole.matrix == 2 * SWAP).all()
    assert whole.constant == 0
    assert hamiltonian.offset == 4


def test_a_diagonal_goes_into_the_offset_and_says_so():
    """The energy of weights with a diagonal is -1/2 s'Ws all the same."""
    matrix = np.array([[2.0, 1.0], [1.0, 4.0]])
    with pytest.warns(HopfieldWarning, match=r"W\[0, 0\] = 2.0.*into the offset") as record:
        hamiltonian = Hamiltonian(matrix, offset=1)
    assert record[0].filename == __file__
    assert hamiltonian.offset == -2
    for s in all_states(2):
        assert hamiltonian.energy(s) == 1 - 0.5 * s @ matrix @ s


def test_weights_come_back_as_they_went_in():
    """A dense matrix stays dense, a sparse one CSR; both are copies and read-only."""
    sparse = csr_array(SWAP)
    for given_matrix, kind in (
        (SWAP, np.ndarray),
        (sparse, csr_array),
        (sparse.tocoo(), csr_array),
    ):
        weights = Hamiltonian(given_matrix).weights
        assert type(weights) is kind
        assert weights is not given_matrix
        with pytest.raises(ValueError, match="read-only"):
            weights[0, 1] = 3
    expanded = Hamiltonian(Factored(csr_array(([1.0, 1.0], ([0, 0], [0, 9])), (1, 99)))).weights
    assert type(expanded) is csr_array
    assert type(Hamiltonian(Factored(np.ones((1, 9)))).weights) is np.ndarray


def test_degenerate_systems_are_legal():
    """No spins, one spin, no couplings: everything has a value."""
    empty = Hamiltonian(num_spins=0, offset=2)
    assert empty.energy([]) == 2
    assert empty.energy(np.zeros((3, 0), dtype=np.int8)).tolist() == [2, 2, 2]
    assert empty.flip_energy([]).shape == (0,)
    assert Hamiltonian(np.zeros((0, 0))).weights.shape == (0, 0)
    one = Hamiltonian([[0]], [1.5])
    assert one.energy([[1], [-1]]).tolist() == [1.5, -1.5]
    free = Hamiltonian(thresholds=[1, 2])
    assert free.couplings == ()
    assert free.weights.shape == (2, 2)
    assert free.to_dense().tolist() == [[0, 0], [0, 0]]
    assert free.energy([1, 1]) == 3
    assert Hamiltonian(SWAP, 0.5).thresholds.tolist() == [0.5, 0.5]
    assert free.energy(np.zeros((0, 2), dtype=np.int8)).shape == (0,)


def test_a_kronecker_term_sits_in_a_larger_network():
    """The block may cover the first spins only; the others do not feel it."""
    block = Kronecker([[1]], [[0, 1], [0, 0]], [[0, 1]])
    by_thresholds = Hamiltonian(block, [0, 0, 1])
    by_term = Hamiltonian([block, Factored([[0, 0, 1]])])
    by_number = Hamiltonian(block, 0, 1, num_spins=3)
    for wide in (by_thresholds, by_term, by_number):
        assert wide.num_spins == 3
        assert wide.energy([1, -1, 1]) == -1 + 1
        assert wide.local_field([1, -1, 1])[:2].tolist() == [1, -1]
    assert Hamiltonian(block).num_spins == 2
    with pytest.raises(InputError, match="weights must couple 1 spins, got Kronecker"):
        Hamiltonian([block, Factored([[1]])])


def test_implicit_terms_are_never_expanded_silently():
    """A tour of 1000 cities has an energy, a repr and no weights."""
    n = 1000
    shift = csr_array((np.ones(n), (np.arange(n), (np.arange(n) + 1) % n)), shape=(n, n))
    tour = Kronecker(np.ones((n, n)), shift, np.arange(n * n).reshape(n, n), 0.25)
    hamiltonian = Hamiltonian(tour, groups=[Permutation(np.arange(n * n).reshape(n, n))])
    assert hamiltonian.energy(np.ones(n * n, dtype=np.int8)) == 0.25 * n**3
    assert repr(hamiltonian) == (
        "Hamiltonian(1000000 spins, Kronecker(1000 x 1000 block of 1000000 spins, "
        "coefficient 0.25), groups 1 Permutation)"
    )
    for expand in (lambda: hamiltonian.weights, hamiltonian.to_dense, hamiltonian.to_sparse):
        with pytest.raises(SizeError, match="GiB, got about .* Use energy"):
            expand()


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Hamiltonian(), "num_spins must be given where neither .* got None"),
        (lambda: Hamiltonian(SWAP, [1]), r"thresholds must have shape \(2,\), got \(1,\)"),
        (lambda: Hamiltonian(SWAP, [1, np.nan]), r"thresholds must be finite, got nan at \[1\]"),
        (lambda: Hamiltonian(SWAP, "x"), "thresholds must be a number, got 'x'"),
        (lambda: Hamiltonian(SWAP, offset=np.inf), "offset must be finite, got inf"),
        (lambda: Hamiltonian(SWAP, num_spins=3), r"weights must couple 3 spins, got Explicit\(2"),
        (lambda: Hamiltonian(SWAP, num_spins=2.0), "num_spins must be an integer, got 2.0"),
        (lambda: Hamiltonian(SWAP, groups=[OneHot([2])]), "groups must lie within 2 spins"),
        (lambda: Hamiltonian([[0, 1], [2, 0]]), r"symmetric, got W\[0, 1\] = 1.0 but W\[1, 0\]"),
        (lambda: Hamiltonian(SWAP).energy([1, 0]), r"states must be -1 or \+1, got 0 at \[1\]"),
        (lambda: Hamiltonian(SWAP).local_field([1]), r"states must have shape \(2,\) or \(R, 2\)"),
        (lambda: Hamiltonian(SWAP).flip_energy([[1, 2]]), r"states must .* got 2 at \[0, 1\]"),
    ],
)
def test_hamiltonian_refuses_by_name(build, message):
    """What is no Hamiltonian or no state is refused with its name, value and place."""
    with pytest.raises(InputError, match=message):
        build()


def test_objects_are_immutable_and_can_be_cached():
    """Nothing can be set; identity is the hash; layouts may hang on a weak reference."""
    hamiltonian = Hamiltonian(SWAP, [1, 2], groups=[OneHot([0, 1])])
    with pytest.raises(AttributeError):
        hamiltonian.offset = 1.0
    for own in (hamiltonian, copy.deepcopy(hamiltonian), pickle.loads(pickle.dumps(hamiltonian))):
        assert own.energy([1, 1]) == 2
        with pytest.raises(ValueError, match="read-only"):
            own.thresholds[0] = 1
    assert hamiltonian != Hamiltonian(SWAP, [1, 2])
    cache = weakref.WeakKeyDictionary({hamiltonian: "layout"})
    assert cache[hamiltonian] == "layout"
    del hamiltonian, own
    gc.collect()
    assert not len(cache)


def test_repr_says_what_there_is():
    """Size, couplings, density, range of weights, thresholds, offset and groups."""
    hamiltonian = Hamiltonian(
        [Explicit([[0, 2, 0], [2, 0, 1], [0, 1, 0]]), Factored([[1, 1, 1]])],
        [0, 1, -1],
        -0.5,
        [OneHot([0]), OneHot([1]), Linear([0, 1], [1, 1], 0, 1)],
    )
    assert repr(hamiltonian) == (
        "Hamiltonian(3 spins, Explicit(3 spins, 2 couplings, density 0.667, weights 1 to 2), "
        "Factored(1 row over 3 spins), thresholds -1 to 1, offset -0.5, "
        "groups 2 OneHot + 1 Linear)"
    )
    assert repr(Hamiltonian(num_spins=0)) == "Hamiltonian(0 spins)"


@pytest.mark.parametrize("size", [1e306, 1e308])
@pytest.mark.parametrize("thresholds", [False, True])
def test_energies_that_are_no_floats_are_refused(size, thresholds):
    """Sums would overflow: the error says to scale; what is a little smaller is right."""
    weights = np.array([[0.0, 1, 1], [1, 0, 1], [1, 1, 0]])
    given = (0 * weights, [size, size, 0]) if thresholds else (size * weights,)
    with pytest.raises(InputError, match="energies below 1e\\+306"):
        Hamiltonian(*given)
    assert Hamiltonian(1e304 * weights).energy([1, 1, 1]) == -3e304
