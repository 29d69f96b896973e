"""`compare` of models of one's own: HiGHS and CP-SAT stand beside our methods."""

import importlib.util

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.baselines.integer_programs import ProgramArrays, by_cp_sat, by_highs
from hopfield_opt.bounds import arrays_of
from hopfield_opt.comparison.model_problem import ModelProblem
from tests.bounds.random_models import best_value, random_model
from tests.driver.test_beside import roster

HAS_CP_SAT = importlib.util.find_spec("ortools") is not None


def test_a_model_is_compared_with_highs():
    """Rows are ours and the solvers', their values the model's own."""
    model = roster(8, 9)
    table = ho.compare(model, time_limit=0.5, seeds=1)
    rows = {row.algorithm: row for row in table.rows}
    assert list(rows) == ["auto", "HiGHS", *["CP-SAT"] * HAS_CP_SAT]
    best = ho.solve(model, method="milp", seed=0).value
    assert rows["HiGHS"].value == rows["auto"].value == best
    assert "optimal" in rows["HiGHS"].remark
    assert str(table).startswith("Model (maximize)")


def test_several_models_and_problems_stand_side_by_side():
    """A title for each."""
    named = {"roster": roster(6, 6), "cut": ho.problems.MaxCut([(0, 1), (1, 2)])}
    table = ho.compare(named, time_limit=0.2, seeds=1, baselines=())
    assert {row.problem for row in table.rows} == {"roster", "cut"}


@pytest.mark.parametrize("solver", [by_highs, *[by_cp_sat] * HAS_CP_SAT])
def test_solvers_find_the_optimum_of_what_is_an_integer_program(solver):
    """Spins, integers and products of bits; what is none has no baselines."""
    rng, compared = np.random.default_rng(4), 0
    for _ in range(120):
        model = random_model(rng)
        rows = {one.name: one for one in ModelProblem(model).baselines()}
        name = "HiGHS" if solver is by_highs else "CP-SAT"
        if name not in rows:
            continue
        answer, best = rows[name].run(0, None), best_value(model)
        assert (answer is None) == (best is None)
        if best is not None:
            assert model.evaluate(answer).value == pytest.approx(best, abs=1e-6)
            compared += 1
    assert compared > 3


def test_what_is_no_integer_program_has_no_baselines():
    """Soft constraints and products of integers are no rows."""
    soft, product = ho.Model(), ho.Model()
    x, k = soft.binary(3, name="x"), product.integer(2, 0, 3, name="k")
    soft.minimize(x.sum())
    soft.add(x.sum() >= 2, soft=True, penalty=1.0)
    product.minimize(k[0] * k[1])
    assert ModelProblem(soft).baselines() == ModelProblem(product).baselines() == ()


def test_only_whole_numbers_go_to_cp_sat():
    """It takes no others."""
    model = ho.Model()
    x = model.binary(3, name="x")
    model.maximize((x * [0.5, 0.25, 1]).sum())
    model.add(x.sum() <= 2)
    assert not ProgramArrays(*arrays_of(model)).is_whole
    assert [one.name for one in ModelProblem(model).baselines()] == ["HiGHS"]
