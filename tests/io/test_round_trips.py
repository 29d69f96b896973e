"""What is written reads back as the same problem, or is not written."""

import runpy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hopfield_opt import problems
from hopfield_opt.errors import InputError
from hopfield_opt.io import GRAPH_FORMATS, formats
from hopfield_opt.io.cities import Cities
from hopfield_opt.io.weighted_graph import WeightedGraph

# decimal, negative, huge and tiny numbers, and those beyond what is read
usual = st.one_of(
    st.integers(-99, 99).map(float),
    st.floats(-1e100, 1e100, allow_nan=False),
    st.sampled_from([0.1, -0.0, 1e-300, 5e-324, 1e100, -1e100, 1e15 + 0.3]),
)
numbers = st.one_of(usual, usual, usual, st.sampled_from([1e101, -1.7e300]))
positive = numbers.map(abs)
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=4)
labels = st.one_of(
    st.lists(st.integers(-5, 10**20), unique=True, max_size=6),
    st.lists(words, unique=True, max_size=6),
    st.lists(st.sampled_from(["1", "-2", "3.0", "x", "#", "a#b", "%", "nan", "é"]), unique=True),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where files are written, with a cue for patterns beside."""
    return tmp_path_factory.mktemp("trips") / "file"


@st.composite
def graphs(draw, names=labels):
    """Return a graph with some labels, isolated vertices among them, maybe none at all."""
    own = tuple(draw(names))
    pairs = st.tuples(st.integers(0, len(own) - 1), st.integers(0, len(own) - 1))
    ends = draw(st.lists(pairs.filter(lambda p: p[0] != p[1]), max_size=9)) if len(own) > 1 else []
    values = draw(st.lists(usual, min_size=len(ends), max_size=len(ends)))
    heads, tails = zip(*ends, strict=True) if ends else ((), ())
    return WeightedGraph(own, heads, tails, values)


def edges(graph, own=None):
    """Return the weight of each edge, by the labels of its ends or others in their place."""
    names = graph.labels if own is None else own
    return {
        frozenset((names[u], names[v])): w
        for u, v, w in zip(graph.heads.tolist(), graph.tails.tolist(), graph.weights, strict=True)
    }


@pytest.mark.parametrize("name", [*GRAPH_FORMATS, "dimacs"])
@given(graph=graphs())
@settings(max_examples=40)
def test_graphs(path, name, graph):
    """Edges and weights are the same; labels too in a list or table, numbers from 1 elsewhere."""
    try:
        formats[name].write(graph, path)
    except InputError:
        # parallel edges were summed
        assert name in ("dimacs", "edge-list", "csv") or np.abs(graph.weights).max() > 1e100
        return
    back = formats[name].read(path)
    own = graph.labels if name in ("edge-list", "csv") else range(1, graph.num_vertices + 1)
    assert set(back.labels) == set(own)
    assert {*map(type, back.labels)} == {*map(type, own)}
    assert edges(back) == edges(graph, own)


def test_weights_that_no_reader_takes_are_not_written(path):
    """A weight above 1e100 in size is refused by each writer of weights, and names the limit."""
    graph = WeightedGraph((1, 2), [0], [1], [1e300])
    for name in GRAPH_FORMATS:
        with pytest.raises(InputError, match=r"must be at most 1e\+100 in size .* got 1e\+300"):
            formats[name].write(graph, path)


@pytest.mark.parametrize("kind", [problems.GraphColoring, problems.MaxCut])
def test_a_graph_without_vertices(path, kind):
    """It is written in every format, the edge list too, and read again."""
    for name in kind.formats:
        kind([]).write(path, name)
        assert kind.read(path, name).graph.num_vertices == 0


@pytest.mark.parametrize("name", ["rudy", "dimacs", "metis"])
def test_isolated_vertices_are_written_where_they_can_be_read(path, name):
    """So many that no reader believes them are refused, but where each has a line."""
    for size in (2**14, 2**14 + 1):
        graph = WeightedGraph(range(size), [], [], [])
        if size > 2**14 and name != "metis":
            with pytest.raises(InputError, match="number of vertices must be at most 16384"):
                formats[name].write(graph, path)
            continue
        formats[name].write(graph, path)
        assert formats[name].read(path).num_vertices == size


def square(values, n):
    """Return the first numbers as a matrix."""
    return np.array(values[: n * n], dtype=float).reshape(n, n)


@given(n=st.integers(0, 4), values=st.lists(numbers, min_size=16, max_size=16), k=st.integers(0, 3))
@settings(max_examples=40)
def test_cities(path, n, values, k):
    """Distances and fixed roads are the same, or a distance is beyond what is read."""
    matrix = square(values, n)
    np.fill_diagonal(matrix, 0.0)
    pairs = [(u, v) for u in range(n) for v in range(n) if u != v][:k]
    problem = problems.TravellingSalesman(Cities(range(n), matrix, fixed=pairs))
    try:
        problem.write(path, "tsplib")
    except InputError:
        assert np.abs(matrix).max() > 1e100
        return
    back = problems.TravellingSalesman.read(path, "tsplib").cities
    assert back.labels == tuple(range(1, n + 1))
    assert (back.distances == problem.cities.distances).all()
    assert back.fixed == tuple((u + 1, v + 1) for u, v in problem.cities.fixed)


@given(n=st.integers(0, 3), values=st.lists(numbers, min_size=18, max_size=18))
@settings(max_examples=40)
def test_assignments(path, n, values):
    """Both matrices are the same, or a number is beyond what is read."""
    flows, distances = square(values, n), square(values[9:], n)
    try:
        problems.QuadraticAssignment(flows, distances).write(path)
    except InputError:
        assert max(np.abs(flows).max(), np.abs(distances).max()) > 1e100
        return
    back = problems.QuadraticAssignment.read(path).data
    assert (back.flows == flows).all()
    assert (back.distances == distances).all()


@pytest.mark.parametrize("sense", ["minimize", "maximize"])
@given(n=st.integers(0, 4), values=st.lists(numbers, min_size=16, max_size=16))
@settings(max_examples=40)
def test_forms(path, sense, n, values):
    """Each pair has the same number, or one that is halved or beyond what is read is refused."""
    problem = problems.Qubo(square(values, n), sense=sense)
    wanted = square(values, n) + square(values, n).T
    try:
        problem.write(path)
    except InputError:
        assert np.abs(wanted).max() > 2e100 or (wanted / 2 * 2 != wanted).any()
        return
    back = problems.Qubo.read(path, "bqp" if sense == "maximize" else "biq-mac")
    form = np.asarray(back.matrix.toarray() if hasattr(back.matrix, "toarray") else back.matrix)
    assert (form + form.T + 2 * np.diag(back.linear) == wanted).all()


@given(
    n=st.integers(0, 3), m=st.integers(1, 2), values=st.lists(positive, min_size=11, max_size=11)
)
@settings(max_examples=40)
def test_knapsacks(path, n, m, values):
    """Values, weights and capacities are the same, or one is beyond what is read."""
    worth, rest = np.array(values[:n]), np.array(values[n : n + n * m]).reshape(n, m)
    problem = problems.Knapsack(worth, rest, np.array(values[9 : 9 + m]))
    try:
        problem.write(path)
    except InputError:
        assert max(values) > 1e100
        return
    back = problems.Knapsack.read(path)
    for one, other in zip(back.items, problem.items, strict=True):
        assert np.array_equal(one, other)


@given(
    sets=st.lists(st.sets(st.integers(0, 4)), max_size=4),
    values=st.lists(positive, min_size=4, max_size=4),
)
@settings(max_examples=40)
def test_covers(path, sets, values):
    """Sets, elements in none of them and weights are the same."""
    problem = problems.SetCover(sets, values[: len(sets)], universe=range(5))
    try:
        problem.write(path)
    except InputError:
        assert max(values) > 1e100
        return
    back = problems.SetCover.read(path).instance
    assert (back.incidence.toarray() == problem.instance.incidence.toarray()).all()
    assert (back.weights == problem.instance.weights).all()


@given(whole=st.lists(st.integers(-(2**49), 2**49), max_size=9))
def test_numbers(path, whole):
    """Whole numbers are the same; none at all are refused."""
    problem = problems.NumberPartition(whole)
    if not whole:
        with pytest.raises(InputError, match="at least one"):
            problem.write(path)
        return
    problem.write(path)
    assert problems.NumberPartition.read(path).numbers == tuple(whole)


@pytest.mark.parametrize("name", ["patterns", "npy"])
@given(rows=st.lists(st.lists(st.sampled_from([-1, 1]), min_size=6, max_size=6), min_size=1))
@settings(max_examples=30)
def test_patterns(path, name, rows):
    """Patterns are the same, of two axes in text."""
    spins = np.array(rows[:4]).reshape(-1, 2, 3)
    cue = path.with_name("cue.npy")
    np.save(cue, spins[0])
    problems.PatternMemory(spins, spins[0]).write(path, name)
    back = problems.PatternMemory.read(path, name, cue=cue)
    assert (back.patterns.spins == spins.reshape(len(spins), -1)).all()
    assert back.patterns.shape == (2, 3)


@given(levels=st.integers(2, 9), seed=st.integers(0, 99))
@settings(max_examples=30)
def test_images(path, levels, seed):
    """An array holds the same levels, an image grey values that are the same in 256 steps."""
    noisy = np.random.default_rng(seed).integers(0, levels, (3, 4))
    problem = problems.ImageRestoration(noisy, levels)
    problem.write(path, "npy")
    assert (problems.ImageRestoration.read(path, "npy", levels).noisy == noisy).all()
    problem.write(path, "png")
    back = problems.ImageRestoration.read(path, "png", levels).noisy
    assert np.abs(back - noisy).max() <= (levels - 1) * (0.5 / 255 + 1e-7)


def test_what_a_file_cannot_say_is_not_written(path):
    """Weights of vertices, items with different counts, and no pattern at all are refused."""
    weighted = problems.MaxIndependentSet([(1, 2)], weight={1: 2, 2: 1})
    with pytest.raises(InputError, match="weights of vertices must all be 1 for a file, got 2"):
        weighted.write(path, "rudy")
    with pytest.raises(InputError, match="counts must be one number for a file, got 1 and 2"):
        problems.Knapsack([1, 2], [1, 2], 3, counts=[1, 2]).write(path)
    problems.Knapsack([1, 2], [1, 2], 3, counts=[2, 2]).write(path)
    assert problems.Knapsack.read(path, counts=2).most.tolist() == [2, 2]
    with pytest.raises(InputError, match="patterns must have places for a file"):
        formats["patterns"].write(np.zeros((0, 2, 3)), path)
    with pytest.raises(InputError, match="array must be of numbers for a file, got dtype object"):
        formats["npy"].write(np.array([None]), path)


def test_files_above_the_limit_are_not_written(path, monkeypatch):
    """A text that would be too large to be read is refused, and an old file stays."""
    samples = runpy.run_path(str(Path(__file__).with_name("samples.py")))["SAMPLES"]
    path.write_bytes(samples["rudy"].content)
    problem = problems.MaxCut.read(path)
    monkeypatch.setattr("hopfield_opt.files.FILE_LIMIT", 20)
    with pytest.raises(InputError, match=r"file must have at most 1.907e-05 MiB, got more"):
        problem.write(path)
    assert path.read_bytes() == samples["rudy"].content
