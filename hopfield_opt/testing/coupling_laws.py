"""The laws that every coupling term keeps: all that it does, against its dense expansion."""

import pickle
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from hopfield_opt.arrays import FloatArray, check_array
from hopfield_opt.couplings import Coupling, Explicit
from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.testing.assertions import need_assertions

# the expansions of some hundred transformed terms are compared
MAX_SPINS = 256
# states whose energies and local fields are looked at
STATES = 12
# rounding, relative to the largest local field
PRECISION = 1e-9


def check_coupling(coupling: Coupling, weights: Any = None) -> None:
    """Check the laws that every coupling term keeps, on one small term.

    - It has a number of spins, a finite constant, read-only arrays, and the attributes that its
      `arguments` name.
    - It expands to a symmetric matrix W without a diagonal, dense and sparse the same; the bytes
      that it predicts suffice for that, and `num_couplings` is not below the nonzero entries.
    - Local fields are W s, of spins and of any real numbers, of many states or none; energies are
      ``-1/2 s'Ws + constant``. States are left as they are.
    - `coupled_spins` and `coupled_sets` leave out no coupling.
    - Scaled, gauged, relabelled, contracted, restricted, widened, and twice so, down to no
      couplings and to no spins, it is the term whose W is that of the dense matrix after the
      same, and all the laws above hold of it, too.
    - A pickled copy, and one that was saved and loaded in a Hamiltonian, is the same term; the
      Hamiltonian's flips and its form over binaries agree with W.

    Parameters
    ----------
    coupling : Coupling
        A term over at most 256 spins.
    weights : (N, N) array, optional
        W as you define it. Without it all else is compared with what the term expands to, which
        says little about a term whose expansion is made of its own local fields.

    Raises
    ------
    AssertionError
        With the law that was broken.
    InputError
        If the term is too large, or under ``python -O``, which skips assertions.

    Examples
    --------
    >>> from hopfield_opt.couplings import Factored
    >>> check_coupling(Factored([[1, 1, 0], [0, 2, -1]], [1, -3]))
    """
    need_assertions()
    case = type(coupling).__name__
    assert isinstance(coupling, Coupling), f"{case}: a kind of coupling is a subclass of Coupling"
    size = coupling.num_spins
    assert isinstance(size, int), f"{case}: num_spins is an int, got {size!r}"
    assert size >= 0, f"{case}: num_spins is not negative, got {size}"
    if size > MAX_SPINS:
        raise InputError(
            f"coupling must be over at most {MAX_SPINS} spins, got {size}. Take a smaller one."
        )
    known = coupling.to_dense() if weights is None else check_array("weights", weights)
    term = _Expected.of(case, coupling, np.asarray(known))
    _check_term(term)
    _check_copies(term)
    for changed in _transform(term):
        _check_term(changed)
        _check_copies(changed)
        for again in _transform(changed):
            _check_term(again)


class _Expected(NamedTuple):
    """A term and what it must be: W, the constant, and how far rounding may lead."""

    case: str
    coupling: Coupling
    weights: FloatArray
    constant: float
    error: float

    @classmethod
    def of(cls, case: str, coupling: Coupling, weights: FloatArray) -> Self:
        """Return what is expected of a term that was not transformed."""
        constant = float(coupling.constant)
        largest = np.abs(weights).sum(axis=1).max(initial=0.0) + abs(constant)
        return cls(case, coupling, weights, constant, PRECISION * float(largest))

    def after(
        self, name: str, coupling: Coupling, weights: FloatArray, constant: float
    ) -> "_Expected":
        """Return what is expected of the term after a transformation."""
        assert isinstance(coupling, Coupling), f"{self.case}: {name} gives a Coupling"
        error = self.error * max(1, len(self.weights))
        return _Expected(f"{self.case}, {name}", coupling, weights, constant, error)

    def differ(self, found: Any, wanted: Any) -> bool:
        """Whether two arrays are not the same but for rounding."""
        same = np.shape(found) == np.shape(wanted)
        # not `>`, which nan would pass
        return not (same and bool((np.abs(np.asarray(found) - wanted) <= self.error).all()))


def _states(size: int) -> NDArray[np.int8]:
    return np.random.default_rng(size).choice(np.array([-1, 1], np.int8), (STATES, size))


def _check_term(term: _Expected) -> None:
    """Check all that does not change a term."""
    _check_parts(term)
    _check_expansion(term)
    _check_memory(term)
    _check_products(term)
    _check_sets(term)


def _check_parts(term: _Expected) -> None:
    case, own = term.case, term.coupling
    size = len(term.weights)
    assert own.num_spins == size, f"{case}: num_spins is {size}, got {own.num_spins}"
    found = own.constant
    assert not term.differ(found, term.constant), (
        f"{case}: constant is {term.constant}, got {found}"
    )
    for name in own.arguments:
        assert hasattr(own, name), f"{case}: the argument {name} is an attribute"
    for name, value in vars(own).items():
        parts = (value.data, value.indices, value.indptr) if isinstance(value, csr_array) else ()
        for part in parts or (value,):
            loose = isinstance(part, np.ndarray) and part.flags.writeable
            assert not loose, f"{case}: its array {name} is read-only"


def _check_expansion(term: _Expected) -> None:
    case, own = term.case, term.coupling
    dense, sparse, whole = own.to_dense(), own.to_sparse(), own.expanded()
    assert isinstance(sparse, csr_array), f"{case}: to_sparse gives a csr_array"
    assert isinstance(whole, Explicit), f"{case}: expanded gives an Explicit term"
    shape = dense.shape
    assert shape == term.weights.shape, f"{case}: to_dense has shape {term.weights.shape}"
    assert not dense.diagonal().any(), f"{case}: to_dense has a zero diagonal"
    assert (dense == dense.T).all(), f"{case}: to_dense is symmetric to the last bit"
    for name, found in (
        ("to_dense", dense),
        ("to_sparse", sparse.toarray()),
        ("expanded", whole.to_dense()),
    ):
        assert not term.differ(found, term.weights), f"{case}: {name} is W"
    assert not term.differ(whole.constant, term.constant), f"{case}: expanded keeps the constant"
    assert dense.flags.writeable, f"{case}: to_dense gives an array of the caller's own"


def _check_memory(term: _Expected) -> None:
    case, own, size = term.case, term.coupling, len(term.weights)
    for name in ("to_dense", "to_sparse"):
        checks = getattr(type(own), name) is getattr(Coupling, name)
        assert checks, f"{case}: {name} is that of Coupling, which checks the memory before"
    count = int((np.abs(term.weights) > term.error).sum())
    bound = own.num_couplings()
    assert bound >= count, f"{case}: num_couplings is at least {count}, got {bound}"
    least = {"dense_bytes": 8 * size**2, "sparse_bytes": 12 * count}
    for name, needed in least.items():
        found = getattr(own, name)()
        assert found >= needed, f"{case}: {name} is at least {needed}, got {found}"


def _check_products(term: _Expected) -> None:
    case, own, size = term.case, term.coupling, len(term.weights)
    spins = _states(size)
    graded = np.random.default_rng(0).uniform(-1, 1, (STATES, size))
    kinds = {"spins": spins, "floats": spins * 1.0, "one state": spins[:1], "no states": spins[:0]}
    for name, states in {**kinds, "unit vectors": np.eye(size), "graded states": graded}.items():
        before = states.copy()
        field = own.local_field(states)
        assert (states == before).all(), f"{case}: local_field leaves states as they are"
        wrong = term.differ(field, states @ term.weights)
        assert not wrong, f"{case}: local_field is W s, for {name}"
    for name, states in kinds.items():
        before = states.copy()
        found = own.energy(states)
        assert (states == before).all(), f"{case}: energy leaves states as they are"
        wanted = -0.5 * np.einsum("rn,rn->r", states, states @ term.weights) + term.constant
        # a sum of N local fields may be off by N times as much
        wrong = term.differ(found / max(1, size), wanted / max(1, size))
        assert not wrong, f"{case}: energy is -1/2 s'Ws + constant, for {name}"


def _check_sets(term: _Expected) -> None:
    """Check that no coupling is outside of the spins and sets that a term names."""
    case, own, size = term.case, term.coupling, len(term.weights)
    there = np.abs(term.weights) > term.error
    spins = own.coupled_spins()
    form = spins.shape == (size,) and spins.dtype == np.bool_
    assert form, f"{case}: coupled_spins is an array of {size} bool"
    assert not there[~spins].any(), f"{case}: coupled_spins has all spins with couplings"
    members, starts = own.coupled_sets()
    apart = there.copy()
    for inside in np.split(members, starts):
        apart[np.ix_(inside, inside)] = False
    assert not apart.any(), f"{case}: coupled_sets has all spins that are coupled in one set"


def _check_copies(term: _Expected) -> None:
    """Check a pickled copy, and a Hamiltonian with the term, which is saved and loaded."""
    own, size = term.coupling, len(term.weights)
    copy = pickle.loads(pickle.dumps(own))
    _check_term(term._replace(case=f"{term.case}, pickled", coupling=copy))
    thresholds = np.linspace(-1.0, 1.0, size) * term.error / PRECISION
    network = Hamiltonian(own, thresholds, offset=0.5, num_spins=size)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.npz"
        network.save(path)
        loaded = Hamiltonian.load(path)
    same = list(map(type, loaded.couplings)) == list(map(type, network.couplings))
    assert same, f"{term.case}: a loaded term is of the same kind"
    for name, one in (("in a Hamiltonian", network), ("saved and loaded", loaded)):
        inside = one.couplings[0]
        moved = one.offset - 0.5  # the constant of an explicit term
        held = term._replace(constant=term.constant - moved, coupling=inside)
        _check_term(held._replace(case=f"{term.case}, {name}"))
        _check_network(f"{term.case}, {name}", one, term)


def _check_network(case: str, network: Hamiltonian, term: _Expected) -> None:
    """Check energies of flips and of binaries against each other."""
    spins = _states(network.num_spins)
    tolerance = term.error * max(1, network.num_spins) ** 2
    energies = network.energy(spins)
    for k, change in enumerate(network.flip_energy(spins).T):
        flipped = spins.copy()
        flipped[:, k] *= -1
        wrong = np.abs(network.energy(flipped) - energies - change) > tolerance
        assert not wrong.any(), f"{case}: flip_energy is the difference of two energies"
    quadratic, offset = network.to_qubo()
    x = (1.0 + spins) / 2
    values = np.einsum("rn,rn->r", x, np.asarray(quadratic.T @ x.T).T) + offset
    assert (np.abs(values - energies) <= tolerance).all(), f"{case}: to_qubo has its energies"


def _transform(term: _Expected) -> Iterator[_Expected]:
    """Yield the term after each transformation, with the matrix after the same."""
    own, w, size = term.coupling, term.weights, len(term.weights)
    rng = np.random.default_rng(size)
    for factor in (-1.5, 0.0, 0.5):
        yield term.after(
            f"scaled by {factor}", own.scaled(factor), w * factor, term.constant * factor
        )
    signs = rng.choice([-1.0, 1.0], size)
    yield term.after("gauge", own.gauge(signs), w * signs[:, None] * signs, term.constant)
    order = rng.permutation(size)
    yield term.after("relabelled", own.relabelled(order), w[np.ix_(order, order)], term.constant)
    if own.open_ended:
        wide = np.zeros((size + 2, size + 2))
        wide[:size, :size] = w
        yield term.after("widened", own.widened(size + 2), wide, term.constant)
    for count in sorted({size, -(-size // 2), min(size, 1)}):
        yield _contract(term, rng.permutation(np.arange(size) % max(count, 1)), count)
    for share in (0.0, 0.5, 1.0):
        yield _restrict(term, rng.random(size) < share)


def _contract(term: _Expected, labels: NDArray[Any], count: int) -> _Expected:
    members = (labels[:, None] == np.arange(count)).astype(np.float64)
    merged = members.T @ term.weights @ members
    constant = term.constant - 0.5 * float(merged.trace())
    np.fill_diagonal(merged, 0.0)
    own = term.coupling.contract(labels, count)
    return term.after(f"contracted to {count}", own, merged, constant)


def _restrict(term: _Expected, free: NDArray[np.bool_]) -> _Expected:
    """Return the term over free spins, after a look at what the fixed ones add."""
    keep = np.flatnonzero(free)
    fixed = np.where(free, 0.0, np.resize([1.0, -1.0, -1.0], len(free)))
    own, thresholds, offset = term.coupling.restricted(keep, fixed)
    after = term.after(
        f"restricted to {len(keep)}", own, term.weights[np.ix_(keep, keep)], own.constant
    )
    pull = -(term.weights @ fixed)[keep]
    assert not after.differ(thresholds, pull), f"{after.case}: its thresholds are -W F"
    wanted = term.constant - 0.5 * float(fixed @ term.weights @ fixed)
    found = own.constant + offset
    assert not after.differ(found, wanted), f"{after.case}: its offset is that of the fixed spins"
    return after
