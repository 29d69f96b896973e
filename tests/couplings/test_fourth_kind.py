"""A kind of coupling that the package does not know passes through all of it."""

import itertools

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.compiler.presolve import presolve
from hopfield_opt.couplings import Coupling, Explicit, Factored, Kronecker
from hopfield_opt.dynamics import available
from hopfield_opt.dynamics.parts.fields import Fields
from hopfield_opt.errors import ReadError, SizeError
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot, Permutation
from hopfield_opt.testing import check_coupling

from .toeplitz import Toeplitz, weights_of

N = 9
VALUES = [3, 2, -1, 0, 1, -3, 2, 1, -2]
FACTORS = [1, -1, 2, 1, 1, -2, 1, 1, 3]
THRESHOLDS = [1, 0, -2, 3, 0, 1, -1, 2, -1]
FORMS = Factored([[1, 0, 2, 0, -1, 0, 0, 1, 0], [0, 1, 1, 1, 0, 0, 0, 0, -1]], [1, -2])
BLOCK = Kronecker([[0, 1], [0, 1]], [[0, 2], [-1, 0]], [[0, 3], [5, -1]], 0.5)

GROUPS = {
    "none": [],
    "one-hot": [OneHot(range(3)), OneHot(range(3, 6)), OneHot(range(6, 9))],
    "one count": [Cardinality(range(9), 4, 4)],
    "mixed": [OneHot(range(2)), AtMostOne([2, 3]), Cardinality([4, 5, 6], 1, 2)],
    "range": [Linear([0, 1, 2, 3, 4], [1, 2, 2, 3, 1], 2, 5), OneHot([5, 6, 7])],
    "permutation": [Permutation(np.arange(9).reshape(3, 3))],
}
SEARCHES = {
    "simulated-annealing", "parallel-tempering", "population-annealing", "tabu", "exhaustive",
    "cluster-search", "auto",
}  # fmt: skip


def all_states(n):
    """Return the 2^n states of n spins."""
    return np.array(list(itertools.product((-1, 1), repeat=n)), np.int8).reshape(2**n, n)


def network(groups=(), others=(), values=VALUES):
    """Return a network with a Toeplitz term, and the same one with its matrix."""
    term = Toeplitz(values, FACTORS)
    w, constant = weights_of(values, FACTORS)
    toy = ho.Hamiltonian([term, *others], THRESHOLDS, 2.0, groups, num_spins=N)
    for other in others:
        other = other.widened(N)
        w, constant = w + other.to_dense(), constant + other.constant
    return toy, ho.Hamiltonian(w, THRESHOLDS, 2.0 + constant, groups)


@pytest.mark.parametrize(
    ("values", "factors"),
    [
        (VALUES, FACTORS),
        ([0.3, -0.7, 0.1, 1e3], None),
        ([1, 2, 3, 4, 5], [0, 1, 0, -1, 2]),
        ([4, 0, 0], None),
        ([5], [2]),
        ([], None),
        (np.linspace(1, 2, 70), None),
    ],
)
def test_it_keeps_the_laws(values, factors):
    """The toy passes the shipped check, against its own definition."""
    check_coupling(Toeplitz(values, factors), weights_of(values, factors)[0])


TRANSFORMATIONS = {
    "itself": lambda h: h,
    "scaled": lambda h: h.scaled(1.5),
    "gauge": lambda h: h.gauge([1, -1, -1, 1, 1, -1, 1, -1, 1]),
    "relabelled": lambda h: h.relabelled([3, 1, 4, 0, 5, 8, 2, 6, 7]),
    "fixed": lambda h: h.fixed({2: 1, 7: -1}),
    "all fixed": lambda h: h.fixed(dict.fromkeys(range(N), -1)),
    "contract": lambda h: h.contract([0, 1, 2, 0, 3, 1, 0, 4, 4]),
    "all of them": lambda h: (
        h.scaled(2.0).gauge([-1] * N).relabelled(range(8, -1, -1)).fixed({0: 1})
    ),
    "expanded": lambda h: h.expanded(),
}


@pytest.mark.parametrize("name", TRANSFORMATIONS)
@pytest.mark.parametrize("others", [(), (FORMS, BLOCK)], ids=["alone", "with others"])
def test_a_network_is_that_of_the_matrix(name, others, tmp_path):
    """Energies, fields, flips, binaries and files agree with the matrix, however transformed."""
    toy, twin = map(TRANSFORMATIONS[name], network(others=others))
    toy.save(tmp_path / "network")
    for one in (toy, ho.Hamiltonian.load(tmp_path / "network")):
        states = all_states(twin.num_spins)
        assert one.energy(states).tolist() == twin.energy(states).tolist()
        assert (one.local_field(states) == twin.local_field(states)).all()
        assert (one.flip_energy(states) == twin.flip_energy(states)).all()
        assert (one.to_dense() == twin.to_dense()).all()
        assert (one.to_sparse() != twin.to_sparse()).nnz == 0
        again = [
            ho.Hamiltonian.from_qubo(*one.to_qubo()),
            ho.Hamiltonian.from_ising(*one.to_ising()),
        ]
        for back in again:
            assert np.allclose(back.energy(states), twin.energy(states))


@pytest.mark.parametrize("method", [*available()])
@pytest.mark.parametrize("groups", GROUPS)
@pytest.mark.parametrize("others", [(), (FORMS, BLOCK)], ids=["alone", "with others"])
def test_every_method_solves_it(method, groups, others):
    """Each method, with each mix of groups, ends where the matrix has the same energies."""
    toy, twin = network(GROUPS[groups], others)
    states = all_states(N)
    allowed = np.all([g.violation(states) == 0 for g in twin.groups] or [states[:, 0] != 0], axis=0)
    best = twin.energy(states[allowed]).min()
    if method == "separable":  # it takes no couplings, of whatever kind
        with pytest.raises(ho.errors.InputError, match="no couplings"):
            ho.solve(toy, method=method)
        return
    result = ho.solve(toy, method=method, sweeps=50, seed=1, progress=False)
    assert result.value == pytest.approx(float(twin.energy(result.answer)), abs=1e-9)
    rule = available()[method]
    alone = getattr(rule, "keeps_alone", None)  # no mix here is what such a rule asks for
    if {type(group) for group in twin.groups} <= (rule.keeps if alone is None else alone):
        energies = [float(twin.energy(state)) for state in result.states]
        assert result.energies.tolist() == pytest.approx(energies, abs=1e-9)
        assert result.feasible
    if method in SEARCHES:
        assert result.value == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize("groups", GROUPS)
@pytest.mark.parametrize("others", [(), (FORMS, BLOCK)], ids=["alone", "with others"])
def test_groups_become_penalties(groups, others):
    """With penalties for groups the best energy is that of the states that keep them, proven."""
    toy, twin = network(GROUPS[groups], others)
    states = all_states(N)
    allowed = np.all([g.violation(states) == 0 for g in twin.groups] or [states[:, 0] != 0], axis=0)
    compiled = ho.compile(toy, structure="penalty")
    assert not compiled.hamiltonian.groups
    assert not compiled.unproven
    found = compiled.hamiltonian.energy(all_states(compiled.hamiltonian.num_spins))
    assert found.min() == pytest.approx(twin.energy(states[allowed]).min(), abs=1e-9)


@pytest.mark.parametrize("others", [(), (FORMS, BLOCK)], ids=["alone", "with others"])
def test_graded_outputs_feel_its_matrix(others):
    """Fields of graded outputs are those of the matrix, in single precision."""
    outputs = np.random.default_rng(0).uniform(-1, 1, (N, 5)).astype(np.float32)
    toy, twin = map(Fields.of, network(others=others))
    pulls = np.empty((2, N, 5), np.float32)
    toy.pull(outputs, pulls[0])
    twin.pull(outputs, pulls[1])
    assert np.allclose(toy.unit * pulls[0], twin.unit * pulls[1], atol=1e-4)


def test_presolve_leaves_out_what_it_does_not_couple():
    """A tree that hangs on its spins goes, and the optimum stays."""
    n = 12
    factors = [1, 1, 1, 1] + [0] * (n - 4)
    values = [0, 2, -3, 1] + [0] * (n - 4)
    tree = np.zeros((n, n))
    for k in range(3, n - 1):
        tree[k, k + 1] = tree[k + 1, k] = k - 6.5
    toy = ho.Hamiltonian([Toeplitz(values, factors), Explicit(tree)])
    twin = ho.Hamiltonian(weights_of(values, factors)[0] + tree)
    smaller, undos, _ = presolve(toy)
    assert smaller.num_spins < n
    values = smaller.energy(all_states(smaller.num_spins))
    states = all_states(smaller.num_spins).astype(float)
    for undo in reversed(undos):
        states = undo.decode(states)
    assert np.allclose(twin.energy(states), values)
    assert values.min() == pytest.approx(twin.energy(all_states(n)).min())


def test_parts_that_it_joins_are_one_component():
    """Spins that it may couple count as joined, the others do not."""
    term = Toeplitz([0, 1, 0, 0, 0], [1, 1, 1, 0, 0])
    assert "independent components: 3" in ho.compile(ho.Hamiltonian(term)).report()


def test_it_is_shown_by_name():
    """A Hamiltonian shows the kind and its size."""
    assert repr(ho.Hamiltonian(Toeplitz([0, 1, 2]))) == "Hamiltonian(3 spins, Toeplitz(3 spins))"


def test_large_networks_are_expanded_or_refused():
    """Beyond what kernels keep unexpanded it is expanded; beyond the memory limit it is refused."""
    values = np.zeros(2100)
    values[[1, 7]] = 1, -2
    toy = ho.Hamiltonian(Toeplitz(values))
    result = ho.solve(toy, method="simulated-annealing", sweeps=1, seed=0, progress=False)
    assert result.energy == toy.energy(result.state)
    large = Toeplitz(np.r_[0.0, 1.0, np.zeros(19_998)])
    assert large.energy(np.ones((1, 20_000), np.int8)).tolist() == [-19_999.0]
    for groups in ([], [Cardinality(range(20_000), 5, 9)]):
        with pytest.raises(SizeError, match="weights must need at most 2 GiB"):
            ho.solve(ho.Hamiltonian(large, groups=groups), sweeps=1, progress=False)


def test_a_file_names_its_kinds(tmp_path):
    """A kind that no module has defined is refused by name, with what to do."""
    path = tmp_path / "network"
    network()[0].save(path)
    with np.load(path) as file:
        content = dict(file)
    content["terms"] = np.array(["Hankel"])
    with path.open("wb") as file:
        np.savez(file, **content)
    with pytest.raises(
        ReadError, match=r"kind 'Hankel'\. If .* your own, import its module first\.$"
    ):
        ho.Hamiltonian.load(path)


def test_a_kind_says_its_arguments_and_has_its_own_name():
    """What could not be saved, or would be loaded as another, is refused at its definition."""
    with pytest.raises(TypeError, match="must declare arguments, got none in Nameless"):

        class Nameless(Coupling):
            """Without arguments."""

    with pytest.raises(TypeError, match=r"got Toeplitz, which is that of .*\.Toeplitz\. Rename it"):
        type("Toeplitz", (Coupling,), {"arguments": {}})
