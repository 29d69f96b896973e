"""What a user meets: small models, their reports, adaptive weights, and errors."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hopfield_opt.compiler import Compiled, compile
from hopfield_opt.errors import InputError, SizeError
from hopfield_opt.groups import Linear, OneHot, Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model import Model


def vertex_cover() -> Model:
    """Return minimum vertex cover of a path of five."""
    m = Model()
    x = m.binary(5, name="x")
    m.minimize(x.sum())
    m.add(x[:-1] + x[1:] >= 1, name="covered")
    return m


def knapsack() -> Model:
    """Return a knapsack of four things."""
    m = Model()
    x = m.binary(4, name="x")
    m.maximize((x * [6, 5, 8, 9]).sum())
    m.add((x * [2, 3, 6, 7]).sum() <= 9, name="weight")
    return m


def set_cover() -> Model:
    """Return a set cover of five elements by four sets."""
    m = Model()
    x = m.binary(4, name="x")
    member = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [1, 0, 1, 1], [1, 1, 0, 1]])
    m.minimize((x * [3, 2, 2, 3]).sum())
    m.add(member @ x >= 1, name="elements")
    return m


def tour() -> Model:
    """Return a tour of three cities."""
    m = Model()
    x = m.binary((3, 3), name="x")
    m.minimize((x * (np.array([[0, 2, 9], [5, 0, 1], [4, 3, 0]]) @ x.roll(-1, axis=1))).sum())
    m.add(x.sum(axis=0) == 1, x.sum(axis=1) == 1, name="tour")
    return m


def cubic() -> Model:
    """Return a cubic cost over spins."""
    m = Model()
    s = m.spin(5, name="s")
    m.minimize((s[:3] * s[1:4] * s[2:]).sum() - 2 * s[0] * s[1] * s[4])
    return m


BEST = {vertex_cover: 2.0, knapsack: 15.0, set_cover: 4.0, tour: 7.0, cubic: -5.0}


@pytest.mark.parametrize("structure", ["auto", "penalty"])
@pytest.mark.parametrize("make", BEST)
def test_known_optima(make: Any, structure: str) -> None:
    """The enumerated networks have the known best values, and nothing falsifies them."""
    found = compile(make(), structure=structure).verify()
    assert found.holds, found.failures
    assert found.best == BEST[make]


def test_published_counter_example_needs_no_more_than_15() -> None:
    """Ten times the largest bias is too little here; what is proven is enough, and tight."""
    m = Model()
    y, a, b = m.binary(14, name="y"), m.binary(name="a"), m.binary(name="b")
    m.minimize(-(a * y + b * y).sum())
    m.add(a + b == 1, name="one")
    proven = compile(m, structure="penalty", presolve="off")
    assert proven.verify().holds
    assert "one: 1 row, weight 15" in proven.report()
    low = compile(m, structure="penalty", presolve="off", penalty=10.0)
    assert not low.verify().holds
    assert "unproven" in low.report()


def test_pattern_penalties_need_no_slack() -> None:
    """The usual table falls out of one formula: no slack for two bits and at most one of many."""
    m = Model()
    x = m.binary(12, name="x")
    m.maximize(x.sum())
    m.add(x[0] + x[1] <= 1, x[2] + x[3] >= 1, x[4] <= x[5], x[6:].sum() <= 1, x[0] == x[2])
    compiled = compile(m, structure="penalty", presolve="off")
    assert compiled.num_auxiliaries == 0
    assert compiled.verify().holds


def test_slack_is_one_bit_less_than_a_square_needs() -> None:
    """An inequality over a range of 7 takes two bits, and the report says what was saved."""
    m = Model()
    x = m.binary(9, name="x")
    m.maximize(x.sum())
    m.add(x.sum() <= 7, name="few")
    compiled = compile(m, structure="penalty", presolve="off")
    assert compiled.num_auxiliaries == 2
    assert "few: 1 row, weight 2, 2 bits of slack (a plain square needs 3)" in compiled.report()
    assert compiled.verify().holds


def test_forbidden_pairs_are_linear_and_missing_edges_keep_their_operator() -> None:
    """Missing edges add a Kronecker term: no auxiliary, nothing expanded."""
    m = tour()
    x = m["x"]
    missing = np.zeros((3, 3))
    missing[0, 1] = 1
    m.add((x * (missing @ x.roll(-1, axis=1))).sum() == 0, name="missing")
    compiled = compile(m)
    assert compiled.num_auxiliaries == 0
    assert "missing: forbidden products" in compiled.report()
    found = compiled.verify()
    assert found.holds
    assert found.best == 17.0


def test_pairs_get_weights_of_their_own() -> None:
    """An independent set is penalised edge by edge with the lighter end."""
    m = Model()
    x = m.binary(3, name="x")
    m.maximize((x * [1, 5, 9]).sum())
    m.add(x[:-1] * x[1:] == 0, name="edges")
    compiled = compile(m, presolve="off")
    assert "edges: 2 rows, weights 2 to 6" in compiled.report()
    assert compiled.verify().holds


@pytest.mark.parametrize("offset", [-1.0, 1.0])
def test_verify_finds_energies_that_are_not_the_objective(offset: float) -> None:
    """Too low is as wrong as too high."""
    compiled = compile(knapsack(), presolve="off")
    own = compiled.hamiltonian
    moved = Hamiltonian(own.couplings, own.thresholds, own.offset + offset, own.groups)
    assert not replace(compiled, hamiltonian=moved).verify().holds


def test_verify_finds_an_infeasible_state_as_low_as_the_best() -> None:
    """Penalties must lift it above, not only up to the best feasible state."""
    m = Model()
    x = m.binary(2, name="x")
    m.maximize(x.sum())
    m.add(x.sum() <= 1, penalty=1.0)
    found = compile(m, structure="penalty", presolve="off").verify()
    assert found.failures[0].startswith("infeasible must lie above the best, got energy -1 against")


def test_keeps_decides_what_becomes_a_group() -> None:
    """Only kinds that the method keeps become groups; a rule with a penalty never does."""
    assert [type(g) for g in compile(tour()).hamiltonian.groups] == [Permutation]
    kept = compile(tour(), keeps=[OneHot]).hamiltonian.groups
    assert [type(g) for g in kept] == [OneHot] * 3
    assert [type(g) for g in compile(knapsack()).hamiltonian.groups] == [Linear]
    assert compile(knapsack(), keeps=[]).hamiltonian.groups == ()
    m = tour()
    m.add(m["x"].diagonal().sum() == 1, penalty=50.0, name="own")
    assert "own: 1 row, weight 50" in compile(m).report()
    m = Model()
    x = m.binary(4, name="x")
    m.add(x.sum() == 1, penalty=50.0)
    assert compile(m, presolve="off").hamiltonian.groups == ()


@pytest.mark.parametrize(
    ("rule", "proof"),
    [
        (lambda x: x.sum() >= 5, "asks for a sum in 5..inf, but its bits can only make 0..4"),
        (lambda x: 2 * x.sum() == 3, "empty range 2..1"),
        (lambda x: x[0] * x[1] == -1, "asks for"),
    ],
)
def test_infeasible_is_a_result_with_a_proof(rule: Any, proof: str) -> None:
    """A rule that nothing satisfies is proven infeasible; decoding still works."""
    m = Model()
    x = m.binary(4, name="x")
    m.minimize(x.sum())
    m.add(rule(x), name="rule")
    compiled = compile(m)
    assert proof in str(compiled.infeasible)
    assert "infeasible: rule" in compiled.report()
    state = np.ones(compiled.hamiltonian.num_spins, dtype=np.int8)
    assert compiled.decode(state).violations


def test_adaptive_weights_rise_to_what_is_proven() -> None:
    """Adaptive penalties start low and double where asked, up to the exact weight."""
    exact = compile(knapsack(), structure="penalty", presolve="off")
    adaptive = compile(knapsack(), structure="penalty", presolve="off", penalty="adaptive")
    assert "adaptive" in adaptive.report()
    state = exact.encode({"x": [1, 1, 1, 1]})
    energies = [adaptive.hamiltonian.energy(state)]
    for _ in range(6):
        adaptive = adaptive.raise_penalties(["weight"])
        energies.append(adaptive.hamiltonian.energy(state))
    assert energies == sorted(energies)
    assert energies[-1] == energies[-2] == exact.hamiltonian.energy(state)


@pytest.mark.parametrize("unit", [1.0, 0.5, 3.0])
def test_soft_constraints_cost_their_amount_squared(unit: float) -> None:
    """The energy at the best slack is objective plus price, in whatever unit the amount is."""
    m = Model()
    x = m.binary(5, name="x")
    m.maximize(3 * x.sum())
    m.add(unit * x.sum() <= 2 * unit, name="few", soft=True, penalty=1.5 / unit**2)
    m.add(unit * (x[0] + x[1]) == unit, name="one", soft=True, penalty=0.5 / unit**2)
    compiled = compile(m, presolve="off")
    found = compiled.verify()
    assert found.holds, found.failures
    assert found.best == 9 - 1.5
    assert compiled.decode(compiled.encode({"x": [1, 1, 1, 1, 1]})).value == 15 - 13.5 - 0.5


def test_soft_equation_may_ask_for_what_cannot_be() -> None:
    """What lies between two sums is paid for by the distance to it."""
    m = Model()
    x = m.binary(2, name="x")
    m.maximize(x.sum())
    m.add(x.sum() == 0.5, name="half", soft=True, penalty=4.0)
    found = compile(m, presolve="off").verify()
    assert found.holds, found.failures
    assert found.best == 0.0


@pytest.mark.parametrize("bound", [-3.0, -0.5, 0.0, 0.5, 1.25, 3.5, 4.0, 5.0, 9.0])
@pytest.mark.parametrize("above", [True, False])
@pytest.mark.parametrize("encoding", ["binary", "one-hot", "unary"])
def test_soft_inequality_may_ask_for_what_cannot_be(
    bound: float, above: bool, encoding: str
) -> None:
    """What lies between two sums, or beyond all of them, is paid for by the distance to it."""
    m = Model()
    x, y = m.binary(1, name="x"), m.integer(1, 0, 3, name="y", encoding=encoding)
    total = x.sum() + y.sum()
    m.maximize(2 * total if above else -2 * total)
    m.add(total <= bound if above else total >= bound, name="wish", soft=True, penalty=0.75)
    found = compile(m, presolve="off").verify()
    assert found.holds, found.failures
    sign = 1 if above else -1
    assert found.best == max(
        sign * 2 * s - 0.75 * max(0.0, sign * (s - bound)) ** 2 for s in range(5)
    )


@pytest.mark.parametrize("unit", [1.0, 0.1, 3.0])
def test_soft_inequality_with_coefficients_that_have_a_common_factor(unit: float) -> None:
    """An odd bound on even numbers is no reason to refuse, whatever the unit."""
    m = Model()
    x = m.integer(1, 0, 4, name="x")
    m.minimize(-5 * x.sum())
    m.add(2 * unit * x.sum() <= 5 * unit, soft=True, penalty=1.0 / unit**2)
    result = compile(m)
    assert result.verify().holds
    assert result.verify().best == pytest.approx(-14)


def test_soft_inequality_asks_for_a_bound_between_two_sums() -> None:
    """A bound that no sum meets has its price, too: of the amount, and none inside."""
    m = Model()
    x = m.binary(3, name="x")
    m.add(x.sum() >= 0.5, name="half", soft=True, penalty=4.0)
    m.add(2 * x.sum() <= 3, name="three", soft=True, penalty=1.0)
    compiled = compile(m, presolve="off")
    assert compiled.verify().holds
    for values, price in (([0, 0, 0], 1.0), ([1, 0, 0], 0.0), ([1, 1, 0], 1.0), ([1, 1, 1], 9.0)):
        assert m.evaluate({"x": values}).value == price
        assert compiled.hamiltonian.energy(compiled.encode({"x": values})) == price


def test_integers_are_encoded_as_asked() -> None:
    """A variable's own encoding wins over the one for its name, and that over the default."""
    m = Model()
    m.integer(1, 0, 5, name="own", encoding="unary")
    m.integer(1, 0, 5, name="named")
    m.integer(1, 0, 5, name="other")
    asked = {"own": "one-hot", "named": "one-hot"}
    assert compile(m, encoding=asked, presolve="off").hamiltonian.num_spins == 5 + 6 + 3
    assert compile(m, encoding="one-hot", presolve="off").hamiltonian.num_spins == 5 + 6 + 6
    assert compile(m, presolve="off").hamiltonian.num_spins == 5 + 3 + 3
    m.integer(1, 0, 10**12, name="large")
    with pytest.raises(SizeError, match="at most .* bits, got 10{12} for 'large' with 'unary'"):
        compile(m, encoding="unary")


def test_a_false_proof_is_falsified() -> None:
    """A network that is called infeasible and has a feasible state fails its verification."""
    found = replace(compile(knapsack(), presolve="off"), infeasible="weight asks too much").verify()
    assert found.failures == ("model is called infeasible (weight asks too much), and is not",)


def test_compiled_is_shown_by_its_report() -> None:
    """Printed at a prompt, a network tells how it was made."""
    compiled = compile(knapsack())
    assert repr(compiled) == compiled.report()


def test_hamiltonian_is_taken_as_it_is() -> None:
    """A Hamiltonian, or what makes one, has the one variable "spins"."""
    hamiltonian = Hamiltonian(np.array([[0.0, 1], [1, 0]]), groups=[OneHot([0, 1])])
    compiled = compile(hamiltonian)
    assert compiled.hamiltonian is hamiltonian
    assert compiled.encode({"spins": [1, -1]}).tolist() == [1, -1]
    assert compiled.decode(np.array([1, 1])).violations == {"OneHot[0]": 1.0}
    for spins in ([1, 0], [1, -1, 1], []):
        with pytest.raises(InputError, match=r"array of -1 and \+1"):
            compiled.encode({"spins": spins})
    with pytest.raises(InputError, match="must come from a Model"):
        compiled.update(1)


def test_decode_of_many_states_is_a_list() -> None:
    """States (R, N) decode one by one, and wrong shapes are errors."""
    compiled: Compiled = compile(knapsack(), presolve="off")
    both = compiled.decode(np.array([[1, 1, 1, 1], [-1, -1, -1, 1]]))
    assert [one.value for one in both] == [28.0, 9.0]
    assert both[0].violations == {"weight": 9.0}
    with pytest.raises(InputError, match="states must be"):
        compiled.decode(np.ones(3))


def test_degenerate_models_compile() -> None:
    """No variables, no objective, a constant, and fixed integers all have a network."""
    assert compile(Model()).hamiltonian.num_spins == 0
    m = Model()
    m.integer(3, 2, 2, name="y")
    m.binary((), name="x")
    m.minimize(4.0)
    compiled = compile(m)
    decoded = compiled.decode(np.ones(compiled.hamiltonian.num_spins, dtype=np.int8))
    assert decoded.value == 4.0
    assert decoded.assignment["y"].tolist() == [2, 2, 2]


def test_model_is_copied_by_compiling() -> None:
    """Later changes of the model do not reach what was compiled."""
    m = knapsack()
    compiled = compile(m)
    m.minimize(0)
    m.add(m["x"] == 0)
    assert compiled.decode(compiled.encode({"x": [1, 0, 0, 1]})).value == 15.0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"structure": "penalties"}, "Did you mean 'penalty'"),
        ({"penalty": "exakt"}, "Did you mean 'exact'"),
        ({"penalty": 0.0}, "finite number > 0"),
        ({"presolve": "on"}, "presolve must be one of"),
        ({"encoding": "onehot"}, "Did you mean 'one-hot'"),
        ({"encoding": {"x": "gray"}}, "encoding must be one of"),
    ],
)
def test_unknown_options_are_errors(options: Any, message: str) -> None:
    """Options are checked, with a suggestion."""
    with pytest.raises(InputError, match=message):
        compile(knapsack(), **options)


def test_what_cannot_be_compiled_says_so() -> None:
    """Other objects, irrational coefficients, huge slacks and networks have their errors."""
    with pytest.raises(InputError, match="a Model or a Hamiltonian, got int"):
        compile(3)
    m = Model()
    x = m.binary(4, name="x")
    m.add((x * [np.pi, np.e, 1.0, 2**0.5]).sum() <= 5, name="odd")
    with pytest.raises(InputError, match="common denominator .* at 'odd'"):
        compile(m, structure="penalty")
    assert [type(g) for g in compile(m).hamiltonian.groups] == [Linear]
    compile(m, structure="penalty", penalty="adaptive")
    m = Model()
    y = m.integer(2, 0, 2**30, name="y")
    m.add(y.sum() <= 2**30, name="wide")
    with pytest.raises(InputError, match="slack must be at most .* at 'wide'"):
        compile(m, structure="penalty")
    with pytest.raises(SizeError, match="at most 22 spins"):
        compile(m).verify()
