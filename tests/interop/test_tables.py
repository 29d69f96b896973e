"""Tables of pandas, polars and xarray: followed by label on their way in, or refused by name."""

import datetime

import numpy as np
import pandas as pd
import pytest

import hopfield_opt as ho
from hopfield_opt.errors import InputError
from hopfield_opt.problems import (
    GraphBipartition,
    GraphColoring,
    Knapsack,
    MaxClique,
    MaxCut,
    MaxIndependentSet,
    MinVertexCover,
    NumberPartition,
    QuadraticAssignment,
    Qubo,
    SetCover,
    TravellingSalesman,
    WeightedMatching,
)

polars = pytest.importorskip("polars")
xarray = pytest.importorskip("xarray")

NAMES = ["ada", "bob", "cyd", "dee"]
SQUARE = pd.DataFrame(
    [[0, 1, 2, 9], [1, 0, 8, 3], [2, 8, 0, 4], [9, 3, 4, 0]], index=NAMES, columns=NAMES
)
ITEMS = pd.Series([5, 4, 3, 7], index=NAMES)


def to_polars(table):
    """Return a table of polars whose first column names the rows."""
    return polars.DataFrame({"name": list(table.index), **pd.DataFrame(table)}, strict=False)


def to_xarray(table):
    """Return a table of xarray with coordinates."""
    axes = [("row", list(table.index)), ("column", list(getattr(table, "columns", [])))]
    return xarray.DataArray(table.to_numpy(), coords=axes[: table.ndim])


def to_keyed_polars(series):
    """Return names and values in two columns."""
    return polars.DataFrame({"name": list(series.index), "value": series.to_list()})


HOSTS = {"pandas": (lambda t: t, lambda s: s), "polars": (to_polars, to_keyed_polars)}
HOSTS["xarray"] = (to_xarray, to_xarray)


def shuffled(table, seed):
    """Return a table with its rows and columns in another order."""
    draws = np.random.default_rng(seed)
    rows = table.iloc[draws.permutation(len(table))]
    return rows if rows.ndim == 1 else rows.iloc[:, draws.permutation(rows.shape[1])]


SQUARES = {
    TravellingSalesman: ["ada", "bob", "dee", "cyd"],
    MaxCut: ({"ada", "dee"}, {"bob", "cyd"}),
    GraphBipartition: ({"ada", "dee"}, {"bob", "cyd"}),
    GraphColoring: dict(zip(NAMES, range(4), strict=True)),
    MaxClique: {"ada", "dee"},
    MaxIndependentSet: {"ada"},
    MinVertexCover: set(NAMES[1:]),
    WeightedMatching: {("ada", "dee"), ("bob", "cyd")},
    Qubo: {"ada": 1, "bob": 0, "cyd": 0, "dee": 1},
}


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("make", SQUARES, ids=lambda make: make.__name__)
def test_square_tables_go_by_label(host, make):
    """However the rows and columns stand, a table is the same problem, and answers in its names."""
    convert, answer = HOSTS[host][0], SQUARES[make]
    wanted = make(SQUARE).evaluate(answer)
    assert wanted.feasible
    for seed in range(3):
        problem = make(convert(shuffled(SQUARE, seed)))
        assert problem.evaluate(answer) == wanted
    found = ho.solve(problem, sweeps=8, seed=0).answer
    assert problem.evaluate(found).feasible
    assert "ada" in repr(found) or make in (MaxClique, MaxIndependentSet, MinVertexCover)


@pytest.mark.parametrize("host", HOSTS)
def test_items_go_by_label(host):
    """Items, sets and numbers come back by their names."""
    table, series = HOSTS[host]
    weights = pd.DataFrame({"kg": [1, 2, 3, 4], "litres": [4, 3, 2, 1]}, index=NAMES)
    room = pd.Series({"litres": 5, "kg": 5})
    bag = Knapsack(series(ITEMS), table(shuffled(weights, 1)), series(room))
    assert ho.solve(bag, seed=0).answer == {"ada", "dee"}
    assert bag.evaluate({"ada", "dee"}).value == 12
    assert bag.evaluate({"ada", "cyd"}).violations == {"capacity 1": 1.0}
    parts = ho.solve(NumberPartition(series(ITEMS)), seed=0).answer
    assert set.union(*parts) == set(NAMES)
    teams = pd.DataFrame(
        [[1, 1, 0], [0, 1, 1], [0, 0, 1]], index=list("abc"), columns=["x", "y", "z"]
    )
    cover = SetCover(table(teams), series(pd.Series({"c": 1, "a": 2, "b": 3})))
    assert ho.solve(cover, seed=0).answer == {"a", "c"}
    nobody = SetCover(table(teams.assign(w=0)))
    assert nobody.evaluate({"a", "c"}).violations == {"not covered: 'w'": 1.0}
    with pytest.raises(InputError, match="sets must be a table of 0 and 1"):
        SetCover(table(teams * 2))


@pytest.mark.parametrize("host", HOSTS)
def test_assignments_answer_in_names(host):
    """Flows, distances and costs go by label; the answer is a dict of facilities to locations."""
    table = HOSTS[host][0]
    people, desks = ["ann", "ben", "cem"], ["door", "wall", "yard"]
    draws = np.random.default_rng(2)
    flows, distances, costs = (
        pd.DataFrame(draws.integers(0, 9, (3, 3)), rows, columns)
        for rows, columns in ((people, people), (desks, desks), (people, desks))
    )
    plain = QuadraticAssignment(flows.to_numpy(), distances.to_numpy(), costs.to_numpy())
    named = QuadraticAssignment(*(table(shuffled(one, 3)) for one in (flows, distances, costs)))
    result = ho.solve(named, seed=0)
    assert result.value == ho.solve(plain, seed=0).value
    assert list(result.answer) == list(named.data.facilities)
    assert set(result.answer.values()) == set(desks)
    places = [desks.index(result.answer[one]) for one in people]
    assert plain.evaluate(places).value == named.evaluate(result.answer).value == result.value
    for baseline in named.baselines():
        assert named.evaluate(baseline.run(0, None)).feasible
    assert ho.solve(named, start=result.answer, sweeps=1, seed=0).value == result.value
    assert named.plot(result.answer).get_title() == f"3 facilities, cost {result.value:g}"
    with pytest.raises(InputError, match="answer must give each facility"):
        named.evaluate({"ann": "door"})
    assert named.evaluate(["door", "wall", "hall"]).violations == {
        "empty locations: 'yard'": 1.0,
        "unknown: 'hall'": 1.0,
    }


@pytest.mark.parametrize("host", HOSTS)
def test_data_of_a_model_goes_by_label(host):
    """Costs and bounds meet the variables of their labels."""
    table, series = HOSTS[host]
    days = [datetime.date(2027, 1, day) for day in (1, 2, 3)]
    wishes = pd.DataFrame(np.arange(12).reshape(4, 3) % 7, NAMES, days)
    needed = pd.Series([1, 2, 1], index=days)
    if host == "polars":  # its columns are called by text
        wishes.columns = needed.index = list(map(str, days))
    plans = []
    for order in (0, 1):
        model = ho.Model()
        x = model.binary(index=[wishes.index, wishes.columns], name="x")
        gain, rows = table(shuffled(wishes, order)), series(shuffled(needed, order))
        model.maximize((x * gain).sum() + (x + gain - x - gain).sum())
        model.add(x.sum(axis=0) == rows, x.sum(axis=0) <= rows)
        plans.append(ho.solve(model, seed=0).answer["x"])
    assert plans[0].equals(plans[1])
    assert (plans[0].sum() == needed).all()
    assert list(plans[0].index) == NAMES


def test_tables_of_pandas_may_stand_on_the_left():
    """With pandas the order of the factors, and of the sides of a comparison, is free."""
    model = ho.Model()
    x = model.binary(index=[SQUARE.index, SQUARE.columns], name="x")
    table, needed = shuffled(SQUARE, 1), shuffled(ITEMS, 1)
    state = {"x": np.arange(16).reshape(4, 4) % 3 % 2}
    for one, other in (
        (table * x, x * table),
        (needed * x, x * needed),
        (table - x, -1 * (x - table)),
        (needed + x.sum(axis=0), x.sum(axis=0) + needed),
    ):
        assert (one.evaluate(state) == other.evaluate(state)).all()
    model.minimize(x.sum())
    model.add(needed <= 3 * x.sum(axis=1), table >= x)
    plan = ho.solve(model, seed=0).answer["x"]
    assert (3 * plan.sum(axis=1) >= ITEMS).all()
    assert (plan <= SQUARE).all(axis=None)


def test_tables_that_do_not_leave_their_turn_are_refused():
    """What would go by position is an error that says what to write, or that of the host."""
    x = by_name()
    array = xarray.DataArray([1, 2], coords=[("name", ["a", "b"])])
    for use in (
        lambda: pd.Series([1, 2], ["a", "b"]) @ x,
        lambda: (array * x).sum(),
        lambda: ho.Model().minimize((array + x).sum()),
    ):
        with pytest.raises(InputError, match="must get numbers.* Write x on the left"):
            use()
    with pytest.raises(polars.exceptions.PolarsError):
        polars.DataFrame({"k": ["a", "b"], "v": [1, 2]}) * x


def test_coordinates_are_an_index():
    """Coordinates of xarray and columns of polars label variables."""
    array = to_xarray(SQUARE)
    model = ho.Model()
    x = model.binary(index=[array["row"], polars.Series(["u", "v"])])
    assert model.variables[0].labels == (tuple(NAMES), ("u", "v"))
    assert x.shape == (4, 2)


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda: TravellingSalesman(two_columns()), "labels on axis 0"),
        (lambda: MaxCut(to_polars(SQUARE.rename(index={"ada": "eve"}))), "the same labels on rows"),
        (lambda: NumberPartition(two_columns()), "one value for each"),
        (lambda: by_name() * xarray.DataArray([1, 2]), "must have labels on axis 0, got none"),
        (lambda: by_name() * pairs(["a", "b"], [1, None]), "must be finite, got nan"),
        (lambda: by_name() * pairs(["a", None], [1, 2]), "got a missing one"),
        (lambda: by_name() <= pairs(["a", "c"], [1, 2]), "got 'b' on one side"),
        (lambda: by_name() * pd.Series([1, None], ["a", "b"], dtype="Int64"), "must be finite"),
        (lambda: by_name() * np.ma.array([1, 2], mask=[0, 1]), r"no masked .* got one at \[1"),
    ],
)
def test_what_has_no_labels_is_not_taken_by_position(use, message):
    """A table without names where names are wanted, and what is missing, is refused in a line."""
    with pytest.raises(InputError, match=message):
        use()


def two_columns():
    """Return a square table of polars without names of its rows."""
    return polars.DataFrame({"a": [0, 1], "b": [1, 0]})


def pairs(names, values):
    """Return names and values in two columns."""
    return polars.DataFrame({"name": names, "value": values})


def by_name():
    """Return binaries with two labels."""
    return ho.Model().binary(index=["a", "b"], name="x")
