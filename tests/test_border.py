"""What users hand over: read as what it is, in any form, or refused in one line that helps."""

import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

import hopfield_opt as ho
from hopfield_opt import couplings, learning, memory
from hopfield_opt.errors import InputError
from hopfield_opt.groups import Cardinality, Linear, OneHot, Permutation
from hopfield_opt.problems import (
    GraphBipartition,
    GraphColoring,
    ImageRestoration,
    Knapsack,
    MaxClique,
    MaxCut,
    MaxIndependentSet,
    MinVertexCover,
    NQueens,
    NumberPartition,
    PatternMemory,
    QuadraticAssignment,
    Qubo,
    SetCover,
    TravellingSalesman,
    WeightedMatching,
)

FULL = 1.0 - np.eye(3)
PATTERNS = [[1, 1, -1], [1, -1, 1]]


def variables() -> Any:
    """Return three binaries of a model."""
    return ho.Model().binary(3, name="x")


def add_penalised(penalty: Any) -> None:
    """Add a rule with a penalty to a model."""
    x = variables()
    x.model.add(x.sum() <= 1, penalty=penalty, soft=True)


# what takes each kind of data, and what the argument is called
NUMBERS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "Qubo offset": (lambda v: Qubo(FULL, offset=v), "offset"),
    "Qubo coefficient": (lambda v: Qubo({(0, 1): v}), "Q"),
    "Ising field": (lambda v: Qubo(({0: v}, {(0, 1): 1}), ising=True), "h"),
    "Knapsack value": (lambda v: Knapsack({"a": v}, {"a": 1}, 1), "values"),
    "Knapsack capacity": (lambda v: Knapsack([1, 2], [1, 2], v), "capacity"),
    "edge": (lambda v: MaxCut([(0, 1, {"weight": v})]), "weight"),
    "networkx edge": (lambda v: MaxCut(nx.Graph([(0, 1, {"weight": v})])), "weight"),
    "road": (lambda v: TravellingSalesman(nx.Graph([(0, 1, {"weight": v})])), "weight"),
    "vertex": (lambda v: MaxClique([(0, 1)], {0: v, 1: 1}), "weight"),
    "imbalance": (lambda v: GraphBipartition([(0, 1)], imbalance=v), "imbalance"),
    "number to split": (lambda v: NumberPartition([v, 1]), "numbers"),
    "number of queens": (lambda v: NQueens(v), "n"),
    "levels": (lambda v: ImageRestoration([[0, 1]], v), "levels"),
    "coupling": (lambda v: ImageRestoration([[0, 1]], coupling=v), "coupling"),
    "Hamiltonian offset": (lambda v: ho.Hamiltonian(FULL, offset=v), "offset"),
    "from_qubo": (lambda v: ho.Hamiltonian.from_qubo({(0, 1): v}), "Q"),
    "from_ising": (lambda v: ho.Hamiltonian.from_ising({0: v}, {(0, 1): 1}), "h"),
    "scaled": (lambda v: ho.Hamiltonian(FULL).scaled(v), "factor"),
    "lower": (lambda v: Cardinality([0, 1], v, 2), "lower"),
    "Linear": (lambda v: Linear([0, 1], [1, 1], 0, [v]), "upper"),
    "polynomial": (lambda v: ho.Model.from_polynomial({(0, 1): v}), "polynomial"),
    "constant": (lambda v: ho.Model.from_qubo({(0, 1): 1}, v), "offset"),
    "penalty": (add_penalised, "penalty"),
    "beta": (lambda v: memory.ContinuousMemory(PATTERNS, v), "beta"),
}
VECTORS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "values": (lambda v: Knapsack(v, [1, 2, 3], 3), "values"),
    "weights": (lambda v: Knapsack([1, 2, 3], v, 3), "weights"),
    "counts": (lambda v: Knapsack([1, 2, 3], [1, 2, 3], 3, v), "counts"),
    "set weights": (lambda v: SetCover([{1}, {2}, {3}], v), "weights"),
    "numbers": (NumberPartition, "numbers"),
    "h": (lambda v: Qubo((v, FULL), ising=True), "h"),
    "thresholds": (lambda v: ho.Hamiltonian(FULL, v), "thresholds"),
    "network thresholds": (lambda v: ho.Network(FULL, v), "thresholds"),
    "from_ising": (lambda v: ho.Hamiltonian.from_ising(v, FULL), "h"),
    "states": (lambda v: ho.Hamiltonian(FULL).energy(v), "states"),
    "flips": (lambda v: ho.Hamiltonian(FULL).flip_energy(v), "states"),
    "gauge": (lambda v: ho.Hamiltonian(FULL).gauge(v), "signs"),
    "order": (lambda v: ho.Hamiltonian(FULL).relabelled(v), "order"),
    "clusters": (lambda v: ho.Hamiltonian(FULL).contract(v), "labels"),
    "factors": (lambda v: couplings.Factored(FULL, v), "coefficients"),
    "one-hot": (OneHot, "indices"),
    "linear": (lambda v: Linear([0, 1, 2], v, 0, 1), "coefficients"),
    "cue": (lambda v: PatternMemory(PATTERNS, v), "cue"),
    "recall": (lambda v: ho.AssociativeMemory(PATTERNS).recall(v, seed=0), "cue"),
    "dense recall": (lambda v: ho.DenseAssociativeMemory(PATTERNS).recall(v, seed=0), "cue"),
    "lower": (lambda v: ho.Model().integer(3, v, 5), "lower"),
    "upper": (lambda v: ho.Model().integer(3, 0, v), "upper"),
    "assignment": (lambda v: variables().evaluate({"x": v}), "assignment"),
    "cost": (lambda v: ho.Model.from_matrices(c=v), "c"),
    "sides": (lambda v: ho.Model.from_matrices(c=[1, 2, 3], A_ub=FULL, b_ub=v), "b_ub"),
    "addend": (lambda v: variables() + v, "operand|coefficients"),
    "factor": (lambda v: v * variables(), "operand|coefficients"),
    "divisor": (lambda v: variables() / v, "divisor"),
    "product": (lambda v: variables() @ v, "matrix|coefficients"),
    "bound": (lambda v: variables() <= v, "bound"),
    "start": (lambda v: ho.run(ho.Hamiltonian(FULL), "tabu", v, 1, seed=0), "start"),
    "start of a problem": (lambda v: ho.solve(Qubo(FULL), start=v, seed=0), "answer"),
}
MATRICES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "Q": (Qubo, "Q"),
    "J": (lambda v: Qubo(([0, 0, 0], v), ising=True), "J"),
    "flows": (lambda v: QuadraticAssignment(v, FULL), "flows"),
    "distances": (lambda v: QuadraticAssignment(FULL, v), "distances"),
    "costs": (lambda v: QuadraticAssignment(FULL, FULL, v), "costs"),
    "weights": (ho.Hamiltonian, "weights"),
    "network": (ho.Network, "weights"),
    "explicit": (couplings.Explicit, "weights"),
    "rows": (couplings.Factored, "rows"),
    "kronecker": (lambda v: couplings.Kronecker(v, FULL, np.arange(9).reshape(3, 3)), "left"),
    "from_qubo": (ho.Hamiltonian.from_qubo, "Q"),
    "from_ising": (lambda v: ho.Hamiltonian.from_ising([0, 0, 0], v), "J"),
    "model": (ho.Model.from_qubo, "qubo"),
    "program": (lambda v: ho.Model.from_matrices(Q=v), "Q"),
    "image": (ImageRestoration, "noisy"),
    "patterns": (lambda v: PatternMemory(v, [1, 1, 1]), "patterns"),
    "memory": (ho.AssociativeMemory, "patterns"),
    "dense memory": (ho.DenseAssociativeMemory, "patterns"),
    "continuous": (memory.ContinuousMemory, "patterns"),
    "bipartite": (memory.BipartiteMemory, "patterns"),
    "hebb": (learning.hebb, "patterns"),
    "storkey": (learning.storkey, "patterns"),
    "pseudo-inverse": (learning.pseudo_inverse, "patterns"),
    "sequence": (learning.sequence, "patterns"),
    "block": (Permutation, "indices"),
    "sum": (lambda v: variables() + v, "operand|coefficients"),
}
GRAPHS: dict[str, tuple[Callable[[Any], Any], str]] = {
    kind.name: (kind, "graph|edge")
    for kind in (
        MaxCut,
        GraphBipartition,
        GraphColoring,
        MaxClique,
        MaxIndependentSet,
        MinVertexCover,
        WeightedMatching,
    )
} | {"tsp": (TravellingSalesman, "cities|distance|edge")}

NO_NUMBERS: dict[str, Any] = {
    "text": "1_0",
    "bytes": b"10",
    "other digits": "١٢",
    "nothing": None,
    "complex": 1j,
    "not a number": np.nan,
    "masked": np.ma.masked,
    "a span of time": np.timedelta64(3, "s"),
    "a date": np.datetime64("2020-01-01"),
    "a list": [1, 2],
    "a dict": {},
    "an expression": variables()[0],
    "a class": float,
    "a long text": "9" * 9000,
    "a signalling nan": Decimal("sNaN"),
    "more digits than a float": 2**53 + 1,
}
NO_VECTORS: dict[str, Any] = {
    "masked": np.ma.array([1, 1, 1], mask=[0, 1, 0]),
    "masked in a list": [1, np.ma.masked, 1],
    "other labels": pd.Series([1, 1, 1], index=["x", "y", "z"]),
    "a label twice": pd.Series([1, 1, 1], index=[0, 1, 1]),
    "missing": pd.Series([1, None, 1], dtype="Int64"),
    "text": ["1", "1", "1"],
    "bytes": b"111",
    "complex": np.ones(3) * 1j,
    "dates": np.array(["2020-01-01"] * 3, dtype="M8[D]"),
    "nothing": np.array([None, 1, 1], dtype=object),
    "text among objects": np.array(["1_0", 1, 1], dtype=object),
    "not a number": [np.nan, 1, 1],
    "ragged": [[1, 1], [1]],
    "a set": {1, 2, 3},
    "records": np.zeros(3, dtype=[("a", "f8")]),
    "expressions": list(variables()),
    "a function": len,
    "more digits than a float": [2**53 + 1, 1, 1],
    "more digits among objects": [2**70 + 1, 1, 1],
}
NO_MATRICES: dict[str, Any] = {
    "masked": np.ma.array(FULL, mask=np.eye(3)[::-1]),
    "masked rows": [np.ma.array([0, 1, 1], mask=[0, 1, 0])] * 3,
    "other labels": pd.DataFrame(FULL, index=list("abc"), columns=list("abd")),
    "labels of two levels": pd.DataFrame(
        np.ones((2, 4)), columns=pd.MultiIndex.from_product([[0, 1], [2, 3]])
    ),
    "a table of edges": pd.DataFrame({"u": [0, 1], "v": [1, 2], "w": [1.0, 2.0]}),
    "text": [["0", "1"], ["1", "0"]],
    "text itself": "graph.txt",
    "complex": FULL * 1j,
    "complex sparse": csr_array(FULL * 1j),
    "ragged": [[0, 1, 1], [1, 0]],
    "not a number": np.full((3, 3), np.nan),
    "nothing": None,
    "a class": np.ndarray,
    "a model": ho.Model(),
    "three axes": np.full((3, 3, 3), 0.5),
    "more digits than a float": FULL.astype(np.int64) * (2**53 + 1),
    "more digits, sparse": csr_array(FULL.astype(np.int64) * (2**53 + 1)),
}
# a masked entry is no edge, and lists are edges
NO_GRAPHS: dict[str, Any] = {
    name: value
    for name, value in NO_MATRICES.items()
    if name not in ("masked", "masked rows", "text", "ragged")
} | {"a number": 3, "a dict": {0: [1]}, "a rectangle": np.ones((2, 3)), "one edge": [(0, [1])]}

# what is right somewhere: items have the names of a Series, costs may be left out, sums broadcast
RIGHT = {
    ("values", "other labels"),
    ("numbers", "other labels"),
    ("costs", "nothing"),
}
RIGHT |= {("sum", "three axes"), ("one-hot", "more digits than a float")}
RIGHT |= {(kind, "more digits than a float") for kind in ("number of queens", "penalty")}


def cases() -> Iterator[Any]:
    """Yield each thing that takes data with what is no such data."""
    tables = (NUMBERS, NO_NUMBERS), (VECTORS, NO_VECTORS), (MATRICES, NO_MATRICES)
    for sites, malformed in (*tables, (GRAPHS, NO_GRAPHS)):
        for site, (make, name) in sites.items():
            wrong = {kind: malformed[kind] for kind in malformed if (site, kind) not in RIGHT}
            yield pytest.param(make, name, wrong, id=site)


def refusal(make: Callable[[Any], Any], value: Any) -> str:
    """Return what is said about a value; nothing if it is taken."""
    try:
        make(value)
    except InputError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(("make", "name", "malformed"), list(cases()))
def test_what_is_no_data_is_refused_in_one_line(make, name, malformed):
    """Every constructor names the argument in one short line, whatever it is given."""
    for kind, value in malformed.items():
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            message = refusal(make, value)
        assert "\n" not in message, kind
        assert len(message) <= 300, kind
        assert any(part in message for part in name.split("|")), (kind, message)


def model_of_one_rule(coefficients: Any, bound: Any) -> ho.Model:
    """Return a model of two binaries with one rule."""
    model = ho.Model()
    x = model.binary(2, name="x")
    model.minimize(x.sum())
    model.add((x * coefficients).sum() == bound)
    return model


WHOLE: dict[str, Callable[[Any], Any]] = {
    "bound": lambda v: model_of_one_rule([2**60, 0], v),
    "coefficient": lambda v: model_of_one_rule([v, 0], 1),
    "array": lambda v: model_of_one_rule(np.array([v, 0]), 1),
    "objects": lambda v: model_of_one_rule([v, 2**70], 1),
    "matrix": lambda v: ho.Model().binary(1) @ csr_array([[v]]),
    "lower": lambda v: ho.Model().integer((), v, 2**62),
    "capacity": lambda v: Knapsack([1], [1], v),
    "weights": lambda v: Knapsack([1], [v], 1),
    "range": lambda v: Linear([0, 1], [v, 1], 0, 2**60),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_whole_numbers_that_float64_would_change_are_refused(kind: str) -> None:
    """2^60 + 1 is not taken for 2^60, which a rule tells apart; rounded by the user, it may be."""
    WHOLE[kind](2**60)
    WHOLE[kind](float(2**60 + 1) if kind != "lower" else 2**60)
    with pytest.raises(InputError, match=r"that float64 holds, .* got 11\d*7\. Divide"):
        WHOLE[kind](2**60 + 1)


def test_a_rule_of_large_whole_numbers_is_judged_exactly() -> None:
    """2^60 misses 2^60 + 2^8 by the least that float64 tells apart there."""
    assert not ho.solve(model_of_one_rule([2**60, 0], 2**60 + 2**8), seed=0).feasible
    assert ho.solve(model_of_one_rule([2**60, 2**60], 2**61), seed=0).value == 2.0
