"""What is claimed about an answer: only what the weights of the penalties prove."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.errors import InputError
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot

UNPROVEN = (ho.Status.CONVERGED, ho.Status.NO_FEASIBLE)


def weak_rule(weight=1e-6):
    """Return a model of which one constraint has a weight of its own."""
    model = ho.Model()
    x = model.binary(3, name="x")
    model.minimize(-x.sum())
    model.add(x.sum() <= 1, penalty=weight)
    return model


def square(encoding="one-hot"):
    """Return a model whose optimum is at the end of an integer's range."""
    model = ho.Model()
    x = model.integer(1, -1, 3, name="x", encoding=encoding)
    model.maximize((2 * x * x - 5 * x).sum())
    return model


def row(weights=(-4, 5, -2, 2), amounts=(3, 4, 2, 1), total=4):
    """Return a model with one equality, whose network changes its size with the weights."""
    model = ho.Model()
    x = model.binary(len(weights), name="x")
    model.minimize((x * weights).sum())
    model.add((x * amounts).sum() == total)
    return model


def never():
    """Return a model without an answer, which the compiler does not see."""
    model = ho.Model()
    x = model.binary(3, name="x")
    model.maximize(5 * x.sum())
    model.add(x[0] * x[1] * x[2] == 1, x.sum() <= 2, name="few")
    return model


def test_a_weak_weight_of_one_constraint_proves_nothing():
    """The lowest state violates it, and a feasible one lies above."""
    for subject in (weak_rule(), ho.compile(weak_rule())):
        result = ho.solve(subject, seed=0, bound="none")
        assert result.status in UNPROVEN
        assert result.bound is None


@pytest.mark.parametrize("weight", [2.0, 50.0])
def test_a_given_weight_that_is_enough_proves_as_much_as_one_that_was_found(weight):
    """The argument is the same, whoever chose the weight."""
    result = ho.solve(weak_rule(weight), seed=0)
    assert (result.status, result.value, result.bound) == (ho.Status.OPTIMAL, -1, -1)


@pytest.mark.parametrize("penalty", ["adaptive", 0.01, 0.5])
@pytest.mark.parametrize("presolve", ["safe", "off"])
def test_a_state_that_is_no_code_of_an_integer_proves_nothing(penalty, presolve):
    """Its energy undercuts every value; adaptive weights are raised until it does not."""
    result = ho.solve(
        square(),
        structure="penalty",
        penalty=penalty,
        presolve=presolve,
        method="exhaustive",
        seed=0,
        bound="none",
    )
    assert result.status in UNPROVEN
    assert result.bound is None
    assert result.value == 7 or penalty != "adaptive"


@pytest.mark.parametrize("structure", ["auto", "penalty"])
@pytest.mark.parametrize("presolve", ["safe", "off"])
def test_a_network_with_raised_weights_is_never_given_states_of_another(structure, presolve):
    """Heavier penalties change what presolve leaves, so that sizes differ."""
    rng = np.random.default_rng(5)
    for _ in range(25):
        n = int(rng.integers(3, 7))
        amounts = rng.integers(1, 6, n)
        subject = row(rng.integers(-5, 6, n), amounts, int(rng.integers(1, amounts.sum() + 1)))
        options = {"structure": structure, "presolve": presolve}
        found = ho.solve(subject, penalty="adaptive", seed=0, **options)
        proven = ho.solve(subject, seed=0, **options)
        assert found.status in (*UNPROVEN, proven.status)
        if proven.status is ho.Status.OPTIMAL:
            # small models: what is raised far enough is right
            assert found.feasible
            assert len(found.top(3)[0].state) == found.num_spins


@pytest.mark.parametrize("penalty", ["adaptive", 0.01, "exact"])
@pytest.mark.parametrize("method", ["cluster-search", "exhaustive", "auto"])
def test_groups_of_a_network_become_penalties_that_claim_no_more(method, penalty):
    """A number is taken as it is, adaptive ones are raised, by the names of the groups."""
    weights = np.triu(np.random.default_rng(0).integers(-3, 4, (6, 6)), 1).astype(float)
    groups = [OneHot([0, 1, 2]), Cardinality([3, 4, 5], 1, 2)]
    network = ho.Hamiltonian(weights + weights.T, groups=groups)
    result = ho.solve(network, method=method, structure="penalty", penalty=penalty, seed=0)
    if penalty != "exact":
        assert result.status in (*UNPROVEN, ho.Status.SWEEP_LIMIT)
    if penalty != 0.01:
        assert result.feasible
        assert result.value == -10
    with pytest.raises(InputError, match="network must come from a Model"):
        ho.compile(network, structure="penalty", penalty=penalty).update(0)


@pytest.mark.parametrize("penalty", ["exact", "adaptive", 0.01, 100.0])
@pytest.mark.parametrize("structure", ["auto", "penalty"])
@pytest.mark.parametrize("make", [never, row, square, weak_rule])
def test_a_compiled_model_is_solved_as_the_model_itself(make, structure, penalty):
    """It knows how it was compiled, and with that what it proves."""
    options = {"structure": structure, "penalty": penalty}
    for presolve in ("safe", "off"):
        one = ho.solve(make(), presolve=presolve, seed=0, **options)
        other = ho.solve(ho.compile(make(), presolve=presolve, **options), seed=0)
        assert (one.status, one.value) == (other.status, other.value)


@pytest.mark.parametrize("seed", range(3))
def test_a_compiled_network_without_a_start_is_solved_as_its_model(seed):
    """Ranges that no state at hand meets become penalties, for both."""
    rng = np.random.default_rng(seed)
    model = ho.Model()
    x = model.binary(8, name="x")
    model.minimize((x * rng.integers(-3, 4, 8)).sum())
    for _ in range(3):
        amounts = rng.integers(2, 30, 8)
        total = amounts @ rng.integers(0, 2, 8)
        model.add((x * amounts).sum() >= total - 1, (x * amounts).sum() <= total + 1)
    one, other = (ho.solve(made, sweeps=20, seed=0) for made in (model, ho.compile(model)))
    assert (one.status, one.value) == (other.status, other.value)


@pytest.mark.parametrize(("penalty", "status"), [("exact", "INFEASIBLE"), (1e-3, "NO_FEASIBLE")])
def test_the_report_says_why_lowest_states_prove_nothing(penalty, status):
    """Each rule with a weight that is not enough has a line."""
    compiled = ho.compile(never(), structure="penalty", presolve="off", penalty=penalty)
    assert ("prove nothing" in compiled.report()) == (penalty != "exact")
    assert bool(compiled.unproven) == (penalty != "exact")
    assert ho.solve(compiled, method="exhaustive", seed=0).status is ho.Status[status]


def test_a_row_without_a_common_denominator_proves_nothing():
    """How little a violation costs is not known, however large the weight."""
    model = ho.Model()
    x = model.binary(3, name="x")
    model.minimize(-x.sum())
    model.add((x * [np.pi, np.e, 1.0]).sum() <= 4, penalty=1e4)
    result = ho.solve(model, method="exhaustive", structure="penalty", seed=0, bound="none")
    assert ho.compile(model, structure="penalty").unproven
    assert (result.status in UNPROVEN, result.bound) == (True, None)


@pytest.mark.parametrize(("penalty", "proven"), [(0.1, False), (None, True), (30.0, True)])
def test_a_weak_weight_of_a_forbidden_function_proves_nothing(penalty, proven):
    """Products that may not be are penalties like others."""
    model = ho.Model()
    x = model.binary(3, name="x")
    model.maximize(4 * x.sum())
    model.add(x[0] * x[1] + 2 * x[0] * x[2] == 0, name="never", penalty=penalty)
    result = ho.solve(model, method="exhaustive", presolve="off", seed=0, bound="none")
    expected = (ho.Status.OPTIMAL,) if proven else UNPROVEN
    assert result.status in expected
    assert (result.bound, result.value) == (8, 8) or not proven


def test_a_network_with_penalties_is_answered_in_its_own_spins():
    """Slack and what is left out are the compiler's: start and answer are the user's."""
    groups = [OneHot([0, 1, 2]), Linear([3, 4, 5], [1, 2, 3], 2, 4)]
    network = ho.Hamiltonian(np.zeros((6, 6)), np.arange(6.0) - 3, groups=groups)
    start = np.array([1, -1, -1, 1, 1, -1])
    for structure in ("auto", "penalty"):
        result = ho.solve(
            network, structure=structure, start=start, sweeps=5, seed=0, method="tabu"
        )
        assert result.answer.shape == (6,)
        assert result.value == network.energy(result.answer) <= network.energy(start)
    assert result.num_spins > 6


@pytest.mark.parametrize("structure", ["auto", "penalty"])
def test_groups_that_leave_each_other_no_state_are_infeasible(structure):
    """One range turns on two spins of which another group allows one."""
    groups = [Linear([0, 1, 2], [1, 1, 3], 2, 2), AtMostOne([0, 1, 3])]
    network = ho.Hamiltonian(np.zeros((4, 4)), groups=groups)
    for subject in (network, ho.compile(network, structure=structure)):
        result = ho.solve(subject, structure=structure, seed=0)
        assert (result.status, result.answer) == (ho.Status.INFEASIBLE, None)


@pytest.mark.parametrize("low", [-3, -2])
def test_what_is_proven_has_the_energy_of_the_network_that_proves_it(low):
    """A raised penalty proves an answer that a lighter one had met in a state that is no code."""
    model = ho.Model()
    y = model.integer((), low, 1, encoding="one-hot", name="y")
    model.maximize(6 * y)
    options = {"structure": "penalty", "penalty": "adaptive", "bound": "none"}
    result = ho.solve(model, seed=0, **options)
    assert (result.status, result.value, result.energy) == (ho.Status.OPTIMAL, 6.0, -6.0)
    assert result.energies.min() == -6.0


@pytest.mark.parametrize("penalty", [1e-6, 0.3, 5.0])
def test_of_few_states_the_best_answer_is_found_whatever_the_weights_are(penalty):
    """It may lie above states that are no answer; the weight that is given proves nothing."""
    model = ho.Model()
    x = model.binary(4, name="x")
    model.minimize(-x.sum())
    model.add(x.sum() <= 1, penalty=penalty)
    result = ho.solve(model, seed=0, presolve="off")
    assert (result.value, result.feasible) == (-1.0, True)


def test_of_few_states_the_best_answer_is_found_whatever_rounding_hides():
    """Rows that mix huge and small numbers are judged from the data, state by state."""
    knapsack = ho.problems.Knapsack([1, 1], [2**60, 1], 2**60)
    assert ho.solve(knapsack, seed=0).answer in ({0}, {1})
    model = ho.Model()
    x = model.binary(2, name="x")
    model.minimize(x.sum())
    model.add((x * [2.0**60, 2.0**8]).sum() == 2.0**60 + 2**8)
    assert ho.solve(model, seed=0).value == 2.0
