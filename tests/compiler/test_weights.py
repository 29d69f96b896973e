"""Each argument for a weight, in instances where less would be too little."""

from typing import Any

import numpy as np
import pytest

from hopfield_opt.compiler import Compiled, compile
from hopfield_opt.errors import InputError
from hopfield_opt.groups import OneHot
from hopfield_opt.model import Model


def compile_and_check(m: Model, **options: Any) -> Compiled:
    """Compile, enumerate, and return the network."""
    compiled = compile(m, presolve="off", **options)
    found = compiled.verify()
    assert found.holds, found.failures
    return compiled


@pytest.mark.parametrize("seed", range(8))
def test_blocks_of_a_tour_are_weighed_by_three_flips(seed: int) -> None:
    """Distances of both signs: turning off costs, too."""
    distances = np.random.default_rng(seed).integers(-9, 10, (3, 3))
    if seed == 0:
        distances = np.array([[7, 3, 0], [-4, -4, -9], [-8, -9, -6]])
    m = Model()
    x = m.binary((3, 3), name="x")
    m.minimize((x * (distances @ x.roll(-1, axis=1))).sum())
    m.add(x.sum(axis=0) == 1, x.sum(axis=1) == 1)
    assert "(block)" in compile_and_check(m, structure="penalty").report()


def test_both_bits_that_a_repair_turns_off_are_paid_for() -> None:
    """Here half of what two bits are worth would be too little."""
    costs = np.array([[-6, 1, -6], [1, -6, 1], [1, -6, 0]])
    m = Model()
    x = m.binary((3, 3), name="x")
    m.minimize((costs * x).sum())
    m.add(x.sum(axis=0) == 1, x.sum(axis=1) == 1)
    assert compile_and_check(m, structure="penalty").verify().best == -12.0


@pytest.mark.parametrize("seed", range(40))
def test_overlapping_rules_count_each_other(seed: int) -> None:
    """A flip that repairs one rule and breaks another is no proof for the first."""
    rng = np.random.default_rng(seed)
    m = Model()
    x = m.binary(4, name="x")
    m.minimize((x * rng.integers(-9, 10, 4)).sum())
    for _ in range(3):
        total = x[rng.choice(4, rng.integers(2, 4), replace=False)].sum()
        m.add([total == 1, total <= 1, total >= 1][rng.integers(3)])
    compiled = compile(m, structure="penalty", presolve="off")
    if compiled.infeasible is None:
        assert compiled.verify().holds


@pytest.mark.parametrize("seed", [66, 126, 0, 1])
def test_range_over_kept_groups_is_enough(seed: int) -> None:
    """Where one-hots are kept the range is that of their best and worst members."""
    m = Model()
    x = m.binary((3, 3), name="x")
    m.minimize((x * np.random.default_rng(seed).integers(0, 9, (3, 3))).sum())
    m.add(x.sum(axis=1) == 1)
    m.add(x[0] * x[1] == 0, x[1] * x[2] == 0, x[0] * x[2] == 0)
    assert "(range)" in compile_and_check(m, structure="disjoint").report()


def test_a_product_that_is_forced_is_a_constraint() -> None:
    """If a rule fixes the bit of a product, its definition carries the rule's whole weight."""
    m = Model()
    x = m.binary(2, name="x")
    m.maximize(10 * x.sum())
    m.add(-1 * x[0] * x[1] >= 0, name="apart")
    compiled = compile_and_check(m, structure="penalty")
    assert "products of two: weight 30" in compiled.report()


def test_a_bit_that_stands_for_a_product_outweighs_its_use() -> None:
    """A positive cubic term is exact at the best product bit, and wrong bits cost more."""
    m = Model()
    x = m.binary(4, name="x")
    m.minimize(7 * x[0] * x[1] * x[2] + 5 * x[0] * x[1] * x[3] - 4 * x.sum())
    compiled = compile_and_check(m)
    assert compiled.num_auxiliaries == 1


def test_range_over_kept_groups_holds_soft_constraints() -> None:
    """What must not be violated outweighs all that soft constraints could gain by it."""
    m = Model()
    x, y = m.binary(3, name="x"), m.binary(name="y")
    m.add(x.sum() == 1, name="one")
    m.add(x[0] * y + x[1] * y == 0, name="never")
    m.add(y == 1, name="on", soft=True, penalty=50.0)
    m.add(x[2] == 0, name="off", soft=True, penalty=50.0)
    compiled = compile(m, presolve="off")
    assert [type(group) for group in compiled.hamiltonian.groups] == [OneHot]
    found = compiled.verify()
    assert found.holds, found.failures
    assert found.best == 50.0


def test_a_flip_that_breaks_another_rule_is_no_cheap_repair() -> None:
    """A row that can only be mended at the price of a forbidden product weighs as much."""
    m = Model()
    bits = m.binary(4, name="bits")
    x, y, w, z = (bits[k] for k in range(4))
    m.maximize(10 * y + w - 7 * z)
    m.add(x * y + x * w == 0, name="never")
    m.add(x + z >= 1, name="one of two")
    assert compile_and_check(m, structure="penalty").verify().best == 4.0


def test_a_forbidden_product_may_be_small() -> None:
    """A function whose least positive value is a quarter is weighed four times as much."""
    m = Model()
    bits = m.binary(3, name="bits")
    x, y, w = (bits[k] for k in range(3))
    m.maximize(4 * x + 4 * y)
    m.add(0.25 * x * y + 0.25 * x * w == 0, name="never")
    assert compile_and_check(m).verify().best == 4.0


def test_a_forbidden_product_has_the_weight_that_it_is_given() -> None:
    """The user's weight is taken as it is, that of the rule before that of all."""
    m = Model()
    x = m.binary(3, name="x")
    m.maximize(4 * x.sum())
    m.add(x[0] * x[1] + 2 * x[0] * x[2] == 0, name="never", penalty=30.0)
    assert "never: forbidden products, weight 30, no slack (given)" in compile_and_check(m).report()
    state = {"x": [1, 1, 1]}
    for penalty in ("exact", 7.0):
        compiled = compile(m, presolve="off", penalty=penalty)
        assert compiled.hamiltonian.energy(compiled.encode(state)) == -12.0 + 90.0


def test_a_forbidden_function_without_denominator_has_no_exact_weight() -> None:
    """How small it may be is not known: the user must say what it costs."""
    m = Model()
    x = m.binary(3, name="x")
    m.add(np.pi * x[0] * x[1] + np.e * x[0] * x[2] == 0, name="odd")
    with pytest.raises(InputError, match="common denominator .* at 'odd'"):
        compile(m)
    assert "odd: forbidden products" in compile(m, penalty=3.0, presolve="off").report()


def test_what_may_be_negative_is_not_forbidden() -> None:
    """A difference of products is 0 also where both are 1."""
    m = Model()
    bits = m.binary(3, name="bits")
    x, y, w = (bits[k] for k in range(3))
    m.maximize(x + 2 * y + 3 * w)
    m.add(x * y - x * w == 0, name="alike")
    assert compile_and_check(m).verify().best == 6.0


def test_a_product_with_a_number_that_is_never_0_leaves_one_choice() -> None:
    """An integer from 1 to 2 is one bit, but no binary: times x it is 0 only where x is."""
    m = Model()
    number, x = m.integer(2, 1, 2, name="number"), m.binary(2, name="x")
    m.maximize(number.sum() + 3 * x.sum())
    m.add(number * x == 0, name="never")
    assert compile_and_check(m).verify().best == 4.0


def test_two_bits_that_just_fit_stay_together() -> None:
    """A row becomes "at most one" of its bits only where the two smallest are too much."""
    m = Model()
    x = m.binary(3, name="x")
    m.maximize((x * [2, 3, 4]).sum())
    m.add((x * [2, 3, 4]).sum() <= 5, name="room")
    assert compile_and_check(m, structure="penalty").verify().best == 5.0


def test_what_a_repair_adds_to_other_penalties_is_paid_for() -> None:
    """One flip that mends the last rule breaks an equation, which no single flip can mend."""
    m = Model()
    bits = m.binary(4, name="bits")
    x, y, z, u = (bits[k] for k in range(4))
    m.maximize(10 * y - 100 * z)
    m.add(3 * x + 3 * y + 2 * u == 5, name="five")
    m.add(x + z >= 1, name="one of two")
    compiled = compile_and_check(m, structure="penalty")
    assert "one of two: 1 row, weight 110, 0 bits" in compiled.report()
    assert compiled.verify().best == 0.0


def test_soft_constraints_count_squared_in_the_range() -> None:
    """A forbidden product outweighs the square of what its violation gains."""
    m = Model()
    x = m.binary(3, name="x")
    m.add(7 * x[0] + 5 * x[1] == 12, name="wish", soft=True, penalty=1.0)
    m.add(x[0] * x[1] + x[0] * x[2] == 0, name="never")
    compiled = compile_and_check(m)
    assert "(range)" in compiled.report()
    assert compiled.verify().best == 25.0


def test_two_bits_that_must_not_both_be_off_are_at_least_all_but_one() -> None:
    """3x + 3y + 4z >= 6 is x + y + z >= 2: two of them are enough."""
    m = Model()
    x = m.binary(3, name="x")
    m.minimize(x.sum())
    m.add((x * [3, 3, 4]).sum() >= 6, name="enough")
    assert compile_and_check(m, structure="penalty").verify().best == 2.0
