"""Input is read as what it is: labels are followed, missing entries missing, edges no matrix."""

from decimal import Decimal

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array, csr_array, dok_array, dok_matrix, lil_matrix

import hopfield_opt as ho
from hopfield_opt.errors import HopfieldWarning, InputError
from hopfield_opt.problems import (
    GraphColoring,
    ImageRestoration,
    Knapsack,
    MaxClique,
    MaxCut,
    NQueens,
    NumberPartition,
    QuadraticAssignment,
    Qubo,
    SetCover,
    TravellingSalesman,
    WeightedMatching,
)

FULL = 1.0 - np.eye(3)
COSTS = np.arange(16.0).reshape(4, 4)


# forms in which a square matrix of small whole numbers comes
FORMS = {
    "list": lambda a: a.tolist(),
    "tuple": lambda a: tuple(map(tuple, a.tolist())),
    "rows": list,
    "int8": lambda a: a.astype(np.int8),
    "uint16": lambda a: a.astype(np.uint16),
    "float32": lambda a: a.astype(np.float32),
    "longdouble": lambda a: a.astype(np.longdouble),
    "objects": lambda a: a.astype(object),
    "decimals": lambda a: np.array([[Decimal(int(v)) for v in row] for row in a], dtype=object),
    "big endian": lambda a: a.astype(">f8"),
    "Fortran": np.asfortranarray,
    "strided": lambda a: np.repeat(np.repeat(a, 2, axis=0), 3, axis=1)[::2, ::3],
    "reversed": lambda a: a[::-1, ::-1].copy()[::-1, ::-1],
    "read-only": lambda a: np.frombuffer(a.tobytes()).reshape(a.shape),
    "unmasked": np.ma.asarray,
    "frame": pd.DataFrame,
    "csr": csr_array,
    "csc": lambda a: csr_array(a).tocsc(),
    "coo": coo_array,
    "dok": dok_array,
    "dok matrix": dok_matrix,
    "lil": lil_matrix,
    "bsr": lambda a: csr_array(a).tobsr(),
    "dia": lambda a: csr_array(a).todia(),
}


# what is made of a matrix, as numbers that tell one matrix from another
MADE = {
    "Qubo": lambda m: Qubo(m).evaluate([1, 0, 1, 1]).value,
    "Hamiltonian": lambda m: ho.Hamiltonian(m).energy([1, -1, 1, 1]),
    "Network": lambda m: ho.Network(m).local_field([1, -1, 1, 1]).tolist(),
    "from_qubo": lambda m: ho.Hamiltonian.from_qubo(m).energy([1, -1, 1, 1]),
    "Model": lambda m: ho.Model.from_qubo(m).evaluate({"x": [1, 0, 1, 1]}).value,
    "product": lambda m: (
        (ho.Model().binary(4, name="x") @ m).evaluate({"x": [1, 0, 1, 1]}).tolist()
    ),
    "qap": lambda m: QuadraticAssignment(m, COSTS).evaluate([2, 0, 1, 3]).value,
}
# for these a matrix in lists is edges, and what a sparse one does not store is no road
DENSE_ONLY = {
    "MaxCut": (lambda m: MaxCut(m).evaluate(({0, 3}, {1, 2})).value, ("list", "tuple", "rows")),
    "tour": (
        lambda m: TravellingSalesman(m).evaluate([2, 0, 1, 3]).value,
        ("csr", "csc", "coo", "dok", "dok matrix", "lil", "bsr", "dia"),
    ),
}


@given(entries=st.lists(st.integers(0, 9), min_size=6, max_size=6))
@settings(max_examples=10)
def test_a_matrix_is_the_same_in_every_form(entries):
    """Lists, arrays of any type and order, sparse matrices and tables give the same problem."""
    square = np.zeros((4, 4))
    square[np.triu_indices(4, 1)] = entries
    square += square.T
    for form, convert in FORMS.items():
        for made, value in MADE.items():
            assert value(convert(square)) == value(square), (made, form)
        for made, (value, others) in DENSE_ONLY.items():
            if form not in others:
                assert value(convert(square)) == value(square), (made, form)


@given(
    numbers=st.lists(st.integers(1, 9), min_size=4, max_size=4),
    order=st.permutations(range(4)),
    named=st.booleans(),
)
@settings(max_examples=25)
def test_rows_of_a_series_in_any_order_are_the_same_items(numbers, order, named):
    """Series with the same labels give the same problem, whatever their order."""
    labels = [f"item {k}" for k in range(4)] if named else list(range(4))
    values = pd.Series(numbers, index=labels)
    weights = pd.Series(numbers[::-1], index=labels)
    shuffled = weights.iloc[list(order)]
    for answer in ({labels[0]}, {labels[1], labels[3]}):
        wanted = Knapsack(values, weights, 9).evaluate(answer)
        assert Knapsack(values, shuffled, 9).evaluate(answer) == wanted
        assert Knapsack(dict(values), dict(shuffled), 9).evaluate(answer) == wanted
        assert Knapsack(values.iloc[list(order)], weights, 9).evaluate(answer) == wanted


def variables(count=3):
    """Return binaries of a model."""
    return ho.Model().binary(count, name="x")


def test_labels_of_items_must_be_the_same():
    """Two labelled inputs go by label; where the labels differ, or one has none, they do not."""
    values = pd.Series([5, 4, 2], index=["x", "y", "z"])
    weights = pd.Series([1, 2, 3], index=["z", "y", "x"])
    problem = Knapsack(values, weights, 3)
    # x weighs 3, y 2 and z 1: by position 11 would fit
    result = ho.solve(problem, seed=0)
    assert (result.value, problem.evaluate({"x"}).value) == (6, 5)
    assert result.answer == {"y", "z"}
    assert problem.evaluate({"x"}).feasible
    for other in (weights.rename({"z": "w"}), weights.reset_index(drop=True), {"x": 1, "y": 1}):
        with pytest.raises(InputError, match="weights must be given for each item and no other"):
            Knapsack(values, other, 3)


def test_names_of_capacities_are_followed():
    """Capacities follow the columns of a table of weights where both have names."""
    table = pd.DataFrame({"kg": [1, 9], "litres": [9, 1]}, index=["a", "b"])
    values = pd.Series({"b": 1.0, "a": 2.0})
    capacities = pd.Series({"litres": 10, "kg": 5})
    problem = Knapsack(values, table, capacities)
    assert problem.items.capacities.tolist() == [5, 10]
    assert problem.evaluate({"a"}) == Knapsack(
        {"a": 2.0, "b": 1.0}, {"a": [1, 9], "b": [9, 1]}, [5, 10]
    ).evaluate({"a"})
    with pytest.raises(InputError, match="capacity must have the labels of what it belongs to"):
        Knapsack(values, table, capacities.rename({"kg": "lb"}))


@pytest.mark.parametrize("make", [TravellingSalesman, MaxCut, Qubo, MaxClique, WeightedMatching])
def test_columns_follow_rows(make):
    """A square table is read by its labels, in whatever order its rows and columns stand."""
    square = np.array([[0, 1, 2, 9], [1, 0, 8, 3], [2, 8, 0, 4], [9, 3, 4, 0]], dtype=float)
    names = list("abcd")
    table = pd.DataFrame(square, index=names, columns=names)
    shuffled = table.loc[["c", "a", "d", "b"], ["b", "d", "a", "c"]]
    found = []
    for one in (table, shuffled, table.loc[:, ["d", "c", "b", "a"]]):
        problem = make(one)
        answers = {
            TravellingSalesman: ["a", "b", "d", "c"],
            MaxCut: ({"a", "d"}, {"b", "c"}),
            Qubo: {"a": 1, "b": 0, "c": 0, "d": 1},
            MaxClique: {"a", "d"},
            WeightedMatching: {("a", "d")},
        }
        found.append(problem.evaluate(answers[make]))
    assert found[0].feasible
    assert found == [found[0]] * 3


def test_tables_of_assignments_follow_their_labels():
    """Flows, distances and costs of facilities and locations are aligned by their names."""
    flows = pd.DataFrame([[0, 3], [1, 0]], index=["f", "g"], columns=["f", "g"])
    distances = pd.DataFrame([[0, 5], [7, 0]], index=["p", "q"], columns=["p", "q"])
    costs = pd.DataFrame([[10, 20], [30, 40]], index=["f", "g"], columns=["p", "q"])
    right = QuadraticAssignment(flows.to_numpy(), distances.to_numpy(), costs.to_numpy())
    mixed = QuadraticAssignment(
        flows[["g", "f"]], distances[["q", "p"]], costs.loc[["g", "f"], ["q", "p"]]
    )
    for answer in ([0, 1], [1, 0]):
        names = ["pq"[place] for place in answer]
        assert mixed.evaluate(names) == right.evaluate(answer)
        assert mixed.evaluate(dict(zip("fg", names, strict=True))) == right.evaluate(answer)
    with pytest.raises(InputError, match="costs must have the labels of what it belongs to"):
        QuadraticAssignment(flows, distances, costs.T)


def test_labels_of_a_network_are_followed():
    """Thresholds and fields follow the labels of the couplings."""
    names = ["a", "b", "c"]
    weights = pd.DataFrame(FULL * [[0, 1, 2], [1, 0, 3], [2, 3, 0]], index=names, columns=names)
    thresholds = pd.Series({"c": 3.0, "a": 1.0, "b": 2.0})
    for make in (ho.Hamiltonian, ho.Network):
        assert make(weights, thresholds).thresholds.tolist() == [1, 2, 3]
        with pytest.raises(InputError, match="thresholds must have the labels"):
            make(weights, thresholds.rename({"a": "z"}))
        with pytest.raises(InputError, match="got 'z' on one side only"):
            make(weights, pd.concat([thresholds, pd.Series({"z": 4.0})]))
    upper = pd.DataFrame(np.triu(weights), index=names, columns=names)
    spins = {"a": 1, "b": -1, "c": 1}
    wanted = Qubo(([1, 2, 3], upper.to_numpy()), ising=True).evaluate([1, -1, 1]).value
    assert Qubo((thresholds, upper[["c", "a", "b"]]), ising=True).evaluate(spins).value == wanted


def test_whole_labels_are_positions():
    """A Series with the labels 0 ... n - 1 in any order stands for the vector by position."""
    shuffled = pd.Series([30.0, 10.0, 20.0], index=[2, 0, 1])
    assert ho.Hamiltonian(FULL, shuffled).thresholds.tolist() == [10, 20, 30]
    x = variables()
    assert (shuffled * x).sum().evaluate({"x": [1, 0, 0]}) == 10
    assert x.evaluate({"x": pd.Series([1, 0, 0], index=[2, 0, 1])}).tolist() == [0, 0, 1]
    table = pd.DataFrame(np.arange(9).reshape(3, 3), index=[2, 0, 1], columns=[1, 0, 2])
    wanted = table.sort_index(axis=0).sort_index(axis=1).to_numpy()
    assert Qubo(table).evaluate([1, 1, 0]) == Qubo(wanted).evaluate([1, 1, 0])


def test_masked_entries_are_missing_where_that_has_a_meaning():
    """A masked edge and a masked road are none; a mask without anything behind it is no mask."""
    square = np.array([[0, 5, 7], [5, 0, 2], [7, 2, 0]])
    masked = np.ma.array(square, mask=square == 7)
    assert MaxCut(masked).evaluate(({0, 1}, {2})).value == 2
    assert (0, 2) not in {tuple(edge) for edge in zip(MaxCut(masked).graph.heads.tolist(),
                          MaxCut(masked).graph.tails.tolist(), strict=True)}  # fmt: skip
    tour = TravellingSalesman(masked)
    assert tour.cities.distances[0, 2] == np.inf
    assert tour.evaluate([0, 1, 2]).violations == {"no road: (2, 0)": 1.0}
    for make in (Qubo, MaxCut, TravellingSalesman, ho.Hamiltonian, ho.Network):
        make(np.ma.array(square))
    assert (np.ma.array([1.0, 2.0, 3.0]) * variables()).sum().evaluate({"x": [1, 1, 1]}) == 6


def test_a_diagonal_of_distances_is_not_lost_silently():
    """What stands on the diagonal of distances is said to be ignored; 0, inf and nan are usual."""
    for diagonal in (0.0, np.inf, np.nan):
        distances = FULL.copy()
        np.fill_diagonal(distances, diagonal)
        assert TravellingSalesman(distances).cities.distances.tolist() == FULL.tolist()
    loop = nx.complete_graph(3)
    loop.add_edge(1, 1, weight=4)
    for given_ in (FULL + 4 * np.diag([0, 1, 0]), csr_array(FULL + np.diag([0, 4, 0])), loop):
        with pytest.warns(HopfieldWarning, match=r"zero diagonal, got 4 at \[1, 1\]"):
            found = TravellingSalesman(given_)
        assert found.cities.distances.tolist() == FULL.tolist()


@pytest.mark.parametrize(
    "triples",
    [
        [(0, 1, 1), (0, 2, 3), (1, 2, 1)],
        ((0, 1, 5), (2, 0, 3), (1, 2, 0)),
    ],
)
def test_edges_are_no_matrix(triples):
    """Three triples may be edges or distances: a tour wants to know which."""
    with pytest.raises(InputError, match="matrix or a graph, got .* which may be either"):
        TravellingSalesman(triples)
    TravellingSalesman(np.array(triples) * (1 - np.eye(3, dtype=int)))


@pytest.mark.parametrize("rows", [[[0, 1], [1, 0]], [[0, 1, 1], [1, 0, 1], [1, 1, 0]]])
def test_a_matrix_in_lists_is_no_edges(rows):
    """A symmetric matrix in lists is not taken for edges; edges are tuples."""
    with pytest.raises(InputError, match="matrix or edges, got .* which may be either"):
        MaxCut(rows)
    assert MaxCut(np.array(rows)).graph.num_edges == len(rows) * (len(rows) - 1) // 2
    assert MaxCut([(0, 1), (1, 0)]).graph.weights.tolist() == [2.0]


def test_a_list_goes_by_number():
    """A list of values goes by label where these are 0 ... n - 1, and is refused for others."""
    form = {(2, 2): 3.0, (0, 2): 5.0, (1, 1): 7.0}
    problem = Qubo(form)
    for answer in ([0, 0, 1], np.array([0, 0, 1]), {0: 0, 1: 0, 2: 1}):
        assert problem.evaluate(answer).value == 3
    assert ho.solve(problem, start=[0, 1, 0], sweeps=1, seed=0).value == 0
    assert problem.encode([0, 1, 0])["x"].tolist() == [0, 0, 1]  # 1 came last
    for labels in (("a", "b"), (1, 2), (0, 2)):
        other = Qubo({(label, label): 1.0 for label in labels})
        for use in (other.evaluate, other.encode):
            with pytest.raises(InputError, match="answer must be a dict of labels, got list"):
                use([0, 1])
        with pytest.raises(InputError, match="answer must be a dict of labels"):
            ho.solve(other, start=[0, 1], seed=0)


@pytest.mark.parametrize("make", [dok_array, dok_matrix, lil_matrix, coo_array, csr_array])
def test_every_sparse_format_is_a_matrix(make):
    """A dok is a dict by birth only; duplicates of a coo are summed."""
    matrix = make(np.array([[1.0, 2.0], [0.0, 3.0]]))
    assert Qubo(matrix).evaluate([1, 1]).value == 6
    assert ho.Hamiltonian.from_qubo(matrix).energy([1, 1]) == 6
    assert ho.Model.from_qubo(matrix).evaluate({"x": [1, 1]}).value == 6
    twice = coo_array(([1.0, 1.0, 2.0], ([0, 0, 1], [1, 1, 0])), shape=(2, 2))
    assert MaxCut(make(twice.tocsr())).graph.weights.tolist() == [2.0]
    assert MaxCut(twice).graph.weights.tolist() == [2.0]


def test_what_makes_a_form_says_how():
    """An object with `to_qubo` is not read by accident: the error shows the two lines to write."""

    class Foreign:
        def to_qubo(self):
            return {(0, 0): 1.0}, 2.0

    for make in (Qubo, ho.Hamiltonian.from_qubo, ho.Model.from_qubo):
        with pytest.raises(InputError, match=r"got (a )?Foreign. .*to_qubo\(\)"):
            make(Foreign())
    Q, offset = Foreign().to_qubo()
    assert Qubo(Q, offset=offset).evaluate([1]).value == 3


@pytest.mark.parametrize(
    ("problem", "answers"),
    [
        (Knapsack([1, 2, 3], [1, 2, 3], 9), [[0, 0, 1], np.array([1, 0, 1]), "ab", 3, None]),
        (MaxClique([(0, 1), (1, 2)]), [[0, 1, 1], np.array([1, 1, 0]), 3, None]),
        (SetCover([{1}, {2}, {3}]), [[1, 0, 0], 3, None]),
        (MaxCut([("a", "b")]), [{"a": 0, "b": 0}, "ab", [0, 1], None]),
        (NumberPartition({"a": 1, "b": 1}), [{"a": 1, "b": 1}, "ab", [0, 1], None]),
        (WeightedMatching([("a", "b")]), [{"ab": "ba"}, {"a": "b"}, 3, None]),
        (TravellingSalesman(FULL), [{0, 1, 2}, {0: 1, 1: 2, 2: 0}, pd.DataFrame(FULL), b"abc"]),
        (QuadraticAssignment(FULL, FULL), [{0, 1, 2}, {0: 1, 1: 2}, pd.DataFrame(FULL), b"abc"]),
        (GraphColoring([(0, 1)]), [[0, 1], {0, 1}, pd.DataFrame(FULL), None]),
        (NQueens(4), [{1, 3, 0, 2}, {0: 1}, np.ma.array([1, 3, 0, 2], mask=[0, 1, 0, 0])]),
        (Qubo(FULL), [{0, 1}, "010", np.ma.array([0, 1, 0], mask=[0, 1, 0]), [0, 1]]),
        (ImageRestoration([[0, 1]]), [np.ma.array([[0, 1]], mask=[[0, 1]]), "01", [["0", "1"]]]),
    ],
    ids=lambda case: getattr(case, "name", ""),
)
def test_what_is_no_answer_is_not_read_as_one(problem, answers):
    """A vector of 0 and 1 is no set, a set no order, and the keys of a dict are no answer."""
    for answer in answers:
        for use in (problem.evaluate, problem.encode):
            with pytest.raises(InputError, match="answer must"):
                use(answer)
        with pytest.raises(InputError, match="answer must"):
            ho.solve(problem, start=answer if answer is not None else 3.5, seed=0)
