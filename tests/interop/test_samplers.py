"""dimod: its own generated tests, and models of three kinds in and out."""

import itertools
import unittest
from types import SimpleNamespace

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt import interop
from hopfield_opt.model import Model
from hopfield_opt.problems import Qubo

dimod = pytest.importorskip("dimod")

from hopfield_opt.interop.samplers import HopfieldSampler, _best_first  # noqa: E402 -- its host


@dimod.testing.load_sampler_bqm_tests(HopfieldSampler)
class TestGenerated(unittest.TestCase):
    """The tests that dimod makes for a sampler: energies, labels and vartypes of all its models."""


def random_bqm(size, vartype, seed=1, dense=1.0):
    """Return a model with whole biases and odd labels."""
    draws = np.random.default_rng(seed)
    labels = [("v", k) if k % 2 else f"name {k}" for k in range(size)]
    bqm = dimod.BQM(vartype)
    bqm.offset = 1.5
    for label in labels:
        bqm.add_variable(label, int(draws.integers(-5, 6)))
    for u, v in itertools.combinations(labels, 2):
        if draws.random() < dense:
            bqm.add_quadratic(v, u, int(draws.integers(-5, 6)))
    return bqm


def test_protocol_of_samplers():
    """The checks of interfaces that dimod has hold, bare and inside of a composite."""
    sampler = HopfieldSampler()
    dimod.testing.assert_sampler_api(sampler)
    composed = dimod.StructureComposite(sampler, ["a", "b"], [("a", "b")])
    dimod.testing.assert_sampler_api(composed)
    dimod.testing.assert_composite_api(composed)
    dimod.testing.assert_structured_api(composed)
    found = composed.sample_ising({"a": 1}, {("a", "b"): 1}, seed=1)
    assert found.first.energy == -2


@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
@pytest.mark.parametrize("size", [1, 4, 12, 26])
def test_least_energy_is_found(size, vartype):
    """The first sample is a ground state, in dimod's own energies; a seed repeats the set."""
    bqm = random_bqm(size, vartype)
    found = HopfieldSampler().sample(bqm, num_reads=5, seed=3)
    dimod.testing.assert_sampleset_energies(found, bqm)
    if size < 20:
        assert found.first.energy == dimod.ExactSolver().sample(bqm).first.energy
    again = HopfieldSampler().sample(bqm, num_reads=5, seed=3)
    assert (found.record.sample == again.record.sample).all()
    assert found.info["seed"] == 3
    assert found.info["bound"] is None or found.info["bound"] <= found.first.energy


def test_reads_are_counted():
    """As many states come back as were asked for, sorted, the best met first."""
    bqm = random_bqm(30, "SPIN")
    for reads in (1, 7, 200):
        found = HopfieldSampler().sample(bqm, num_reads=reads, num_sweeps=5, seed=3)
        assert len(found) == reads
        assert (np.diff(found.record.energy) >= 0).all()


def test_search_begins_at_the_best_initial_state():
    """The set is never above the best of the initial states, which come in either vartype."""
    bqm = random_bqm(40, "BINARY")
    good = HopfieldSampler().sample(bqm, seed=1)
    bad = dict.fromkeys(bqm.variables, 1)
    for start in (good, good.change_vartype("SPIN", inplace=False)):
        states = dimod.concatenate([start, dimod.SampleSet.from_samples_bqm(bad, bqm)])
        found = HopfieldSampler().sample(bqm, initial_states=states, num_sweeps=1, seed=2)
        assert len(found) == 2
        assert found.first.energy <= good.first.energy
    with pytest.raises(ValueError, match="initial_states"):
        HopfieldSampler().sample(bqm, initial_states={"other": 1})


def test_unknown_keywords_are_warned_of():
    """As dimod has it: what a sampler does not know is named, not obeyed."""
    with pytest.warns(dimod.exceptions.SamplerUnknownArgWarning, match="chain_strength"):
        HopfieldSampler().sample_qubo({("a", "a"): 1}, chain_strength=2)


def constrained():
    """Return a constrained model with binaries, a spin and an integer, and its optimum."""
    x, y = dimod.Binaries("xy")
    spin, many = dimod.Spin("s"), dimod.Integer("i", lower_bound=-2, upper_bound=7)
    cqm = dimod.ConstrainedQuadraticModel()
    cqm.set_objective(-3 * many + x * many + y * spin - 2 * x + many * many / 4 + 0.5)
    cqm.add_constraint(2 * many + y <= 9, label="capacity")
    cqm.add_constraint(x + y == 1, label="one")
    cqm.add_constraint(x * y + spin >= 0, label="product")
    cqm.add_constraint(x + 2 * y <= 1, label="soft", weight=0.5, penalty="quadratic")
    return cqm


def test_constrained_model_keeps_its_meaning():
    """Objective and feasibility of a model are those of dimod, for all assignments."""
    cqm = constrained()
    model = Model.from_dimod(cqm)
    assert [one.name for one in model.variables] == list(cqm.variables)
    for x, y, s, i in itertools.product((0, 1), (0, 1), (-1, 1), range(-2, 8)):
        sample = {"x": x, "y": y, "s": s, "i": i}
        found = model.evaluate(sample)
        soft = 0.5 * max(0, x + 2 * y - 1) ** 2
        assert found.value == pytest.approx(cqm.objective.energy(sample) + soft)
        hard = {"capacity", "one", "product"}
        broken = {one.label for one in cqm.iter_constraint_data(sample) if one.violation > 0}
        assert set(found.violations) == broken & hard


def test_constrained_model_is_solved():
    """The sample is feasible in dimod's eyes and as good as the best of all."""
    cqm = constrained()
    del_soft = constrained()
    del_soft.remove_constraint("soft")
    found = HopfieldSampler().sample_cqm(del_soft, seed=1)
    exact = dimod.ExactCQMSolver().sample_cqm(del_soft)
    best = min(exact.filter(lambda row: row.is_feasible).record.energy)
    assert found.first.is_feasible
    assert found.first.energy == best
    assert HopfieldSampler().sample_cqm(cqm, seed=1).first.is_feasible
    cqm.add_constraint(dimod.Binary("x") + dimod.Binary("y") >= 2, label="never")
    assert not len(HopfieldSampler().sample_cqm(cqm, seed=1))


def test_discrete_model_is_solved():
    """Of each variable one case is chosen, and the energy is the least of all."""
    draws = np.random.default_rng(4)
    dqm = dimod.DiscreteQuadraticModel()
    cases = {"u": 3, "v": 4, 5: 2, "w": 1}
    for label, count in cases.items():
        dqm.add_variable(count, label)
        dqm.set_linear(label, draws.integers(-5, 6, count))
    for u, v in itertools.combinations(cases, 2):
        biases = draws.integers(-5, 6, (cases[u], cases[v]))
        dqm.set_quadratic(u, v, {(i, j): int(biases[i, j]) for i, j in np.ndindex(biases.shape)})
    dqm.offset = 2.5
    found = HopfieldSampler().sample_dqm(dqm, seed=1)
    exact = dimod.ExactDQMSolver().sample_dqm(dqm).first
    assert found.first.energy == exact.energy
    assert dqm.energy(found.first.sample) == exact.energy
    model = Model.from_dimod(dqm)
    state = {str(v): np.arange(count) == found.first.sample[v] for v, count in cases.items()}
    assert model.evaluate(state).value == exact.energy


@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
def test_qubo_of_a_bqm(vartype):
    """A problem of a model, of its forms with their constants, and dimod agree on the energy."""
    bqm = random_bqm(6, vartype)
    least = dimod.ExactSolver().sample(bqm).first.energy
    problem = Qubo(bqm)
    assert problem.ising == (vartype == "SPIN")
    result = ho.solve(problem, seed=0)
    assert result.value == least == bqm.energy(result.answer)
    assert ho.solve(Qubo(bqm.to_qubo()), seed=0).value == least
    assert ho.solve(Qubo(bqm.to_ising(), ising=True), seed=0).value == least


def test_model_of_a_bqm():
    """A model has a variable for each label, by its text."""
    bqm = random_bqm(4, "BINARY")
    model = Model.from_dimod(bqm)
    for values in itertools.product((0, 1), repeat=4):
        sample = dict(zip(bqm.variables, values, strict=True))
        named = {str(label): value for label, value in sample.items()}
        assert model.evaluate(named).value == bqm.energy(sample)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: {"a": 1}, "source must be a BQM, CQM or DQM of dimod, got dict"),
        (lambda: dimod.BQM({1: 1, "1": 2}, {}, "SPIN"), "labels must differ as text"),
        (lambda: dimod.QM({"r": 1}, {}, 0, {"r": "REAL"}), "got REAL at 'r'"),
    ],
)
def test_models_that_are_refused(build, message):
    """What no model of ours can say is refused by name."""
    with pytest.raises(ValueError, match=message):
        Model.from_dimod(build())


def test_linear_soft_penalty_is_refused():
    """A linear penalty of a soft constraint is not ours."""
    cqm = constrained()
    cqm.add_constraint(dimod.Binary("x") <= 0, label="lax", weight=1, penalty="linear")
    with pytest.raises(ValueError, match="penalty must be quadratic .* at 'lax'"):
        Model.from_dimod(cqm)


def test_qubo_refuses_what_is_no_form():
    """Binaries are no spins, and a model with integers is no QUBO."""
    with pytest.raises(ValueError, match="Q must be a model of spins, got BINARY"):
        Qubo(random_bqm(2, "BINARY"), ising=True)
    with pytest.raises(ValueError, match="got QuadraticModel"):
        Qubo(dimod.QuadraticModel())


def test_names_of_the_package():
    """The public names are listed, and another is an attribute error."""
    assert set(interop.__all__) <= set(dir(interop))
    with pytest.raises(AttributeError, match="no attribute 'Sampler'"):
        interop.Sampler  # noqa: B018


def test_best_met_comes_first():
    """Ends are sorted, and the best met stands before them where no replica ended there."""
    ends = np.array([[1, 1], [1, -1]], dtype=np.int8)
    result = SimpleNamespace(states=ends, energies=np.array([2.0, 1.0]), state=-ends[0], energy=0.0)
    assert _best_first(result).tolist() == [[-1, -1], [1, -1], [1, 1]]
    result.energy = 1.0
    assert _best_first(result).tolist() == [[1, -1], [1, 1]]
