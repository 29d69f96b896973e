"""Variables with labels: data of pandas is followed by label, and answers come back in them."""

import copy
import json
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.driver.clock import Clock
from hopfield_opt.errors import InputError
from hopfield_opt.model import Model
from hopfield_opt.model.labels import axes_of

WORKERS, SHIFTS = ["ann", "bob", "cy"], [("mon", 1), ("mon", 2), ("tue", 1), "tue 2"]
WISHES = np.arange(12.0).reshape(3, 4)
SOLID = np.array([[1, 0, 0, 1], [0, 1, 0, 0], [1, 1, 0, 1]])


def columns(labels):
    """Return labels as an index of one level."""
    return pd.Index(labels, tupleize_cols=False)


def frame(values):
    """Return values by worker and shift."""
    return pd.DataFrame(values, columns(WORKERS), columns(SHIFTS))


def shuffled(data, seed):
    """Return the same data with its axes in another order."""
    order = np.random.default_rng(seed)
    for axis in range(data.ndim):
        data = data.take(order.permutation(data.shape[axis]), axis=axis)
    return data


def labelled():
    """Return a model with one labelled array."""
    model = Model()
    return model, model.binary(index=[columns(WORKERS), columns(SHIFTS)], name="x")


BY_SHIFT = pd.Series([2.0, -1.0, 4.0, 3.0], columns(SHIFTS))
BY_WORKER = pd.Series([5.0, 7.0, -2.0], columns(WORKERS))
SQUARE = pd.DataFrame(np.arange(9.0).reshape(3, 3), columns(WORKERS), columns(WORKERS))
CASES = [
    (lambda x, d: (d(frame(WISHES)) * x).sum(), (WISHES * SOLID).sum()),
    (lambda x, d: (x * d(frame(WISHES))).sum(), (WISHES * SOLID).sum()),
    (lambda x, d: x + d(frame(WISHES)), SOLID + WISHES),
    (lambda x, d: d(frame(WISHES)) - x, WISHES - SOLID),
    (lambda x, d: x - d(frame(WISHES)), SOLID - WISHES),
    (lambda x, d: x / d(frame(WISHES + 1)), SOLID / (WISHES + 1)),
    (lambda x, d: x * d(BY_SHIFT), SOLID * BY_SHIFT.to_numpy()),
    (lambda x, d: x.T * d(BY_WORKER), SOLID.T * BY_WORKER.to_numpy()),
    (lambda x, d: x.sum(axis=1) * d(BY_WORKER), SOLID.sum(axis=1) * BY_WORKER.to_numpy()),
    (lambda x, d: (2 * x).sum(axis=0) + d(BY_SHIFT), 2 * SOLID.sum(axis=0) + BY_SHIFT.to_numpy()),
    (lambda x, d: x @ d(BY_SHIFT), SOLID @ BY_SHIFT.to_numpy()),
    (lambda x, d: x.T @ d(SQUARE), SOLID.T @ SQUARE.to_numpy()),
    (lambda x, d: x[1:] * d(BY_SHIFT), SOLID[1:] * BY_SHIFT.to_numpy()),
    (lambda x, d: x[:, 2] + d(BY_WORKER), SOLID[:, 2] + BY_WORKER.to_numpy()),
    (lambda x, d: x**2 * d(frame(WISHES)), SOLID**2 * WISHES),
    (lambda x, d: (x * x[::1]) * d(frame(WISHES)), SOLID**2 * WISHES),
    (lambda x, d: (x + 1) * d(frame(WISHES)), (SOLID + 1) * WISHES),
]


@pytest.mark.parametrize(("write", "expected"), CASES)
@given(seed=st.integers(0, 50))
def test_data_goes_by_label(write, expected, seed):
    """However the rows and columns of data are ordered, it meets the variables of its labels."""
    _, x = labelled()

    def ordered(data):
        if data is SQUARE:  # what comes out has no labels: only the inner axis is followed
            return data.take(np.random.default_rng(seed).permutation(3), axis=0)
        return shuffled(data, seed)

    values = {"x": shuffled(frame(SOLID), seed + 1)}
    assert write(x, ordered).evaluate(values) == pytest.approx(expected)


@given(seed=st.integers(0, 20))
def test_limits_go_by_label(seed):
    """A Series on either side of a comparison limits what has its labels."""
    need = pd.Series([2, 2, 0, 2], columns(SHIFTS))
    for build in (
        lambda x: x.sum(axis=0) == shuffled(need, seed),
        lambda x: shuffled(need, seed) >= x,
    ):
        model, x = labelled()
        model.add(build(x))
        assert model.evaluate({"x": SOLID}).feasible
        assert not model.evaluate({"x": 1 - SOLID}).feasible


def test_answers_come_back_in_labels():
    """A result has a DataFrame, which is taken as a start and an assignment in any order."""
    model, x = labelled()
    model.maximize((shuffled(frame(WISHES), 3) * x).sum())
    model.add(x.sum(axis=0) == 1, x.sum(axis=1) <= pd.Series([2, 1, 1], columns(WORKERS[::-1])))
    result = ho.solve(model, seed=0)
    plan = result.answer["x"]
    assert plan.index.tolist() == WORKERS
    assert plan.columns.tolist() == SHIFTS
    assert result.feasible
    assert (frame(WISHES) * plan).to_numpy().sum() == result.value
    assert model.evaluate({"x": shuffled(plan, 1)}).value == result.value
    again = ho.solve(model, start={"x": shuffled(plan, 2)}, sweeps=1, seed=1)
    assert again.value == result.value
    assert json.loads(result.to_json())["answer"]["x"] == plan.to_numpy().tolist()
    assert isinstance(result.assignment["x"], np.ndarray)


def test_series_of_every_kind():
    """One axis gives a Series; spins and integers have labels as binaries do."""
    model = Model()
    spins = model.spin(index=["a", "b"], name="s")
    counts = model.integer(lower=0, upper=3, index=pd.RangeIndex(5, 8), name="k")
    plain = model.binary(2, name="x")
    model.maximize((spins * pd.Series({"b": -1, "a": 2})).sum() + counts.sum() + plain.sum())
    answer = ho.solve(model, seed=0).answer
    assert answer["s"].to_dict() == {"a": 1, "b": -1}
    assert answer["k"].to_dict() == {5: 3, 6: 3, 7: 3}
    assert answer["x"].tolist() == [1, 1]
    assert isinstance(answer["x"], np.ndarray)


def test_answers_without_a_search_are_labelled(monkeypatch):
    """Where time is over at once, or nothing is free, the answer is in labels as well."""
    model, x = labelled()
    model.add(x == shuffled(frame(SOLID), 5))
    assert ho.solve(model, seed=0).answer["x"].equals(frame(SOLID).astype(np.int8))
    large = Model()
    many = large.binary(index=[range(50), range(50)], name="many")
    distances = np.arange(2500.0).reshape(50, 50)
    large.maximize((many * (distances @ many.roll(-1, axis=1))).sum())
    large.add(many.sum(axis=0) == 1, many.sum(axis=1) == 1)
    # a fast machine would search within the grace of any limit
    monkeypatch.setattr(Clock, "remaining", property(lambda clock: -1e9))
    result = ho.solve(large, time_limit=1e-6, seed=0)
    assert result.method == "none"
    assert isinstance(result.answer["many"], pd.DataFrame)


@pytest.mark.parametrize(
    ("index", "labels"),
    [
        (["a", 1, pd.Timestamp(0)], [("a", 1, pd.Timestamp(0))]),
        ([("a", 1), ("a", 2)], [(("a", 1), ("a", 2))]),
        (pd.MultiIndex.from_product([["a"], [1, 2]]), [(("a", 1), ("a", 2))]),
        ((range(2), np.array([5, 7])), [(0, 1), (5, 7)]),
        ([["a", "b"]], [("a", "b")]),
        ([], [()]),
    ],
)
def test_what_is_an_index(index, labels):
    """Labels of one axis, or a list of axes; a tuple is a label."""
    model = Model()
    x = model.binary(index=index)
    assert list(model.variables[0].labels) == labels
    assert x.shape == tuple(map(len, labels))


def test_labels_follow_the_entries():
    """Slices, transposes and sums keep the labels of what is left; mixtures have none."""
    _, x = labelled()
    rows, line = tuple(WORKERS), tuple(SHIFTS)
    assert axes_of(x) == (rows, line)
    assert axes_of(x.T) == (line, rows)
    assert axes_of(x[::-1, 1:3]) == (rows[::-1], line[1:3])
    assert axes_of(x.sum(axis=0)) == (line,)
    assert axes_of(x[0]) == (line,)
    assert axes_of(x.ravel()) == (None,)
    assert axes_of(x[[0, 0]]) == (None, line)
    assert axes_of(np.ones((2, 3)) @ x) == (None, line)
    assert axes_of(x[:0]) == (None, None)


def test_copies_keep_labels():
    """A copy and a pickle of a model are labelled as it is."""
    model, _ = labelled()
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert axes_of(other["x"]) == (tuple(WORKERS), tuple(SHIFTS))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda m: m.binary(3, index=["a", "b"]), "shape must be left out where index is given"),
        (
            lambda m: m.binary(index=["a", "a"]),
            "the labels of index must be distinct, got 'a' twice",
        ),
        (lambda m: m.binary(index=[["a"], ["b"], ["c"]]), "index must have one or two axes, got 3"),
        (lambda m: m.binary(index=3), "index must be labels"),
        (lambda m: m.binary(index="abc"), "index must be labels"),
        (lambda m: m.binary(index=[["a"], "b"]), "index must be labels"),
        (lambda m: m.binary(index=["a", "b"]) * pd.Series({"a": 1, "c": 2}), "got 'b' on one side"),
        (lambda m: m.binary(index=["a", "b"]) * pd.Series({"a": 1}), "got 'b' on one side"),
        (
            lambda m: m.binary(index=["a", "b"]) * pd.Series({"a": 1, "b": np.nan}),
            "coefficients must be finite, got nan",
        ),
        (lambda m: m.binary(2) * pd.Series({"a": 1, "b": 2}), "the labels of operand must be 0"),
        (lambda m: labelled()[1] * BY_WORKER, "must have the labels of what it belongs to"),
    ],
)
def test_what_does_not_fit_is_named(build, message):
    """A label on one side only, or twice, or nothing by which to go, is said."""
    with pytest.raises(InputError, match=message):
        build(Model())
