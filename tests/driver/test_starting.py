"""A start may be a result, or say something of some variables only."""

import numpy as np
import pandas as pd
import pytest

import hopfield_opt as ho
from hopfield_opt.driver.starting import read_start
from hopfield_opt.errors import InputError
from hopfield_opt.model.partial import complete

P = ho.problems


def model():
    """Return a model with variables of each kind, one of them with labels."""
    m = ho.Model()
    x = m.binary(4, name="x")
    s = m.spin(2, name="s")
    k = m.integer((), 2, 6, name="k")
    y = m.binary(index=[["a", "b"], ["u", "v", "w"]], name="y")
    m.minimize(x.sum() + s.sum() + k + y.sum())
    m.add(x.sum() >= 2)
    return m


def values(assignment):
    """Return an assignment as lists."""
    return {name: np.asarray(value).tolist() for name, value in assignment.items()}


def test_what_is_left_open_is_as_near_to_zero_as_it_comes():
    """Names that are not there, and entries that are nan; what is there stands."""
    found = values(complete(model(), {"x": [1, np.nan, np.nan, 1]}))
    assert found == {"x": [1, 0, 0, 1], "s": [-1, -1], "k": 2, "y": [[0, 0, 0], [0, 0, 0]]}


def test_tables_are_known_by_label():
    """A frame with some of the labels, in another order, says what it says."""
    frame = pd.DataFrame([[1.0, np.nan]], index=["b"], columns=["w", "u"])
    found = values(complete(model(), {"y": frame}))
    assert found["y"] == [[0, 0, 0], [0, 0, 1]]


def test_a_series_without_labels_to_follow_says_positions():
    """Its index are the numbers of the entries, in any order, where the variable has no labels."""
    series = pd.Series([1.0, np.nan, 0.0, 1.0], index=[3, 0, 1, 2])
    assert values(complete(model(), {"x": series}))["x"] == [0, 0, 1, 1]


def test_the_rest_is_checked_as_before():
    """An unknown name, an unknown label and a wrong shape are errors, not gaps."""
    m, wrong = model(), pd.DataFrame([[1.0]], index=["c"], columns=["w"])
    for start, message in (
        ({"z": [1]}, "assignment must name the variables"),
        ({"x": [1, np.nan]}, "assignment"),
        ({"x": [2, np.nan, 0, 0]}, "assignment must be binary in 0..1, got 2"),
        ({"y": wrong}, "labels"),
    ):
        with pytest.raises(InputError, match=message):
            ho.solve(m, start=start, sweeps=5)


@pytest.mark.parametrize("time_limit", [1e-9, None])
def test_a_start_of_some_variables_is_begun_from(time_limit):
    """Whether or not there is time for a search."""
    m = model()
    sweeps = 5 if time_limit is None else None
    start = {"x": [0, 0, 1, 1], "k": np.nan}
    result = ho.solve(m, start=start, time_limit=time_limit, sweeps=sweeps, seed=0)
    assert result.feasible
    assert result.value <= m.evaluate(complete(m, start)).value
    if time_limit is not None:
        assert result.answer["x"].tolist() == [0, 0, 1, 1]


SUBJECTS = {
    "problem": lambda: P.MaxCut.random(30, seed=0),
    "tour": lambda: P.TravellingSalesman.random(9, seed=0),
    "model": model,
    "compiled": lambda: ho.compile(model()),
    "network": lambda: ho.compile(P.Qubo.random(30, seed=0)).hamiltonian,
}


@pytest.mark.parametrize("name", sorted(SUBJECTS))
@pytest.mark.parametrize("saved", [False, True])
def test_a_result_is_a_start(name, saved, tmp_path):
    """What comes after is never worse; one that was saved with its variables serves as well."""
    subject = SUBJECTS[name]()
    options = {"sweeps": 2, "replicas": 1, "polish": False}
    before = ho.solve(subject, seed=0, **options)
    if saved:
        before.save(tmp_path / "before.json", arrays=True)
        given = ho.Result.load(tmp_path / "before.json")
        if name == "network":  # its answer is a list there
            assert given.answer == before.answer.tolist()
    else:
        given = before
    after = ho.solve(subject, start=given, seed=1, **options)
    better = after.value - before.value
    assert (better >= 0) if after.sense == "maximize" else (better <= 0)


def test_a_result_without_an_answer_is_no_start():
    """One that is proven infeasible has none."""
    m = ho.Model()
    x = m.binary(2, name="x")
    m.add(x.sum() >= 3)
    none = ho.solve(m, seed=0)
    assert none.answer is None
    with pytest.raises(InputError, match="start must be a result with an answer, got one that has"):
        read_start(m, none)
