"""Quadratic forms against brute force, in all the ways that people write them."""

import itertools
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from scipy.sparse import csr_array

import hopfield_opt as ho
from hopfield_opt.compiler import compile
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.problems import Qubo


@st.composite
def forms(draw, ising=False):
    """Return a dict of pairs to whole numbers over up to six named variables."""
    labels = draw(st.permutations("abcdef"))[: draw(st.integers(0, 6))]
    pairs = list(itertools.product(labels, repeat=2))
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    return {pair: draw(st.integers(-9, 9)) for pair in chosen}


def recount(form, answer, offset=0.0):
    """Return the value, entry by entry."""
    return sum(w * answer[u] * answer[v] for (u, v), w in form.items()) + offset


def answers(problem):
    """Return all answers of a small problem with labels."""
    for values in itertools.product(problem.domain, repeat=problem.num_variables):
        yield dict(zip(problem.labels, values, strict=True))


@given(forms(), st.sampled_from(["minimize", "maximize"]), st.integers(-3, 3))
@settings(max_examples=20)
def test_binaries_against_brute_force(form, sense, offset):
    """Values, energies, the compiled optimum and both baselines agree with a recount."""
    problem = Qubo(form, sense, offset=offset)
    whole = compile(problem, presolve="off")
    sign = 1 if sense == "minimize" else -1
    values = []
    for answer in answers(problem):
        value = problem.evaluate(answer).value
        values.append(value)
        assert value == recount(form, answer, offset)
        assignment = problem.encode(answer)
        assert problem.decode(assignment) == answer
        assert whole.hamiltonian.energy(whole.encode(assignment)) == sign * value
    best = min(values) if sense == "minimize" else max(values)
    for baseline in problem.baselines():
        assert baseline.exact
        assert problem.evaluate(baseline.run(0, None)).value == best


@given(forms(), st.dictionaries(st.sampled_from("abcxyz"), st.integers(-5, 5), max_size=3))
@settings(max_examples=20)
def test_spins_against_brute_force(couplings, field):
    """The same for spins with fields, of which some variables may have no coupling."""
    problem = Qubo((field, couplings), ising=True)
    whole = compile(problem, presolve="off")
    values = []
    for answer in answers(problem):
        expected = recount(couplings, answer) + sum(w * answer[v] for v, w in field.items())
        assert problem.evaluate(answer).value == expected
        values.append(expected)
        spins = whole.encode(problem.encode(answer))
        assert whole.hamiltonian.energy(spins) == expected
    for baseline in problem.baselines():
        assert problem.evaluate(baseline.run(0, None)).value == min(values)


@given(st.integers(0, 5), st.integers(0, 2**32))
@settings(max_examples=30)
def test_layouts_are_the_same_form(n, seed):
    """Triangular, symmetric, sparse and dict forms of one matrix have the same values."""
    draws = np.random.default_rng(seed)
    matrix = draws.integers(-5, 6, size=(n, n)).astype(float)
    upper = np.triu(matrix) + np.tril(matrix, -1).T
    pairs = {(i, j): w for (i, j), w in np.ndenumerate(matrix)}
    problems = [Qubo(q) for q in (matrix, upper, (matrix + matrix.T) / 2, csr_array(matrix))]
    for x in itertools.product((0, 1), repeat=n):
        values = {problem.evaluate(list(x)).value for problem in [*problems, Qubo(pairs)]}
        assert values == {float(np.array(x) @ matrix @ np.array(x))}


@given(st.integers(1, 8), st.integers(0, 2**32), st.integers(2, 5))
@settings(max_examples=15)
def test_relabelling_and_scaling(n, seed, factor):
    """Another order of the variables changes no optimum, a factor multiplies it."""
    draws = np.random.default_rng(seed)
    matrix = draws.integers(-9, 10, size=(n, n)).astype(float)
    order = draws.permutation(n)

    def optimum(form):
        problem = Qubo(form)
        return problem.evaluate(problem.baselines()[0].run(0, None)).value

    assert optimum(matrix[np.ix_(order, order)]) == optimum(matrix)
    assert optimum(factor * matrix) == factor * optimum(matrix)


@pytest.mark.parametrize("sense", ["minimize", "maximize"])
@pytest.mark.parametrize("ising", [False, True])
def test_solve(sense, ising):
    """The search finds what the enumeration finds, in either sense, for either domain."""
    draws = np.random.default_rng(5)
    matrix, field = draws.integers(-9, 10, size=(12, 12)), draws.integers(-9, 10, size=12)
    problem = Qubo((field, matrix) if ising else matrix, sense, ising)
    best = problem.evaluate(problem.baselines()[0].run(0, None)).value
    result = ho.solve(problem, sweeps=100, seed=0)
    assert (result.value, result.feasible) == (best, True)


def test_answers_have_the_labels_of_the_data():
    """A matrix gives an array, a dict and a file give dicts from their labels."""
    form = {("z", "a"): -1, ("a", 3): -1}
    assert ho.solve(Qubo(form), seed=0).answer == {"z": 1, "a": 1, 3: 1}
    assert Qubo(form).labels == ("z", "a", 3)
    answer = ho.solve(Qubo(np.diag([-1.0, 1.0])), seed=0).answer
    assert answer.tolist() == [1, 0]
    assert answer.dtype == np.int8
    spins = ho.solve(Qubo(([1, -1], np.zeros((2, 2))), ising=True), seed=0).answer
    assert spins.tolist() == [-1, 1]


def test_wrong_values_are_violations():
    """What is missing, unknown or not of the domain is named; encode refuses it."""
    problem = Qubo({("a", "b"): 2, ("c", "c"): 1})
    evaluation = problem.evaluate({"a": 1, "b": -1, "d": 0})
    assert evaluation.violations == {"not 0 or 1: 'b'": 1, "no value: 'c'": 1, "unknown: 'd'": 1}
    assert evaluation.value == 0
    with pytest.raises(InputError, match="must give each variable 0 or 1, got not 0 or 1: 'b'"):
        problem.encode({"a": 1, "b": -1, "c": 0})
    with pytest.raises(InputError, match="-1 or 1"):
        Qubo(({"a": 1}, {}), ising=True).encode({"a": 0})


@pytest.mark.parametrize("answer", [None, 3, "01", [1], np.zeros((2, 2)), ["a", "b"], {1}])
def test_what_is_no_answer(answer):
    """What is neither a dict nor one number for each variable is refused."""
    with pytest.raises(InputError, match="answer must be a dict, or one number for each of 2"):
        Qubo(np.eye(2)).evaluate(answer)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"Q": np.zeros((2, 3))}, "Q must be square"),
        ({"Q": [[np.nan]]}, "Q must be finite"),
        ({"Q": 3}, "Q must be a matrix"),
        ({"Q": {"ab": 1}}, "keys of Q must be pairs"),
        ({"Q": {("a", "b", "c"): 1}}, "keys of Q must be pairs"),
        ({"Q": {("a", "b"): np.inf}}, r"Q\['a', 'b'\] must be finite"),
        ({"Q": {("a", "b"): "x"}}, "must be a number"),
        ({"Q": np.eye(2), "sense": "max"}, "sense must be one of"),
        ({"Q": np.eye(2), "offset": np.nan}, "offset must be finite"),
        ({"Q": {}, "ising": True}, r"pair \(h, J\)"),
        ({"Q": ([1, 2], {(0, 1): 1}), "ising": True}, r"dict\(enumerate\(h\)\)"),
        ({"Q": ([1], np.eye(2)), "ising": True}, "h must have shape"),
    ],
)
def test_bad_input(arguments, message):
    """Each bad argument is named with what to do."""
    with pytest.raises(InputError, match=message):
        Qubo(**arguments)


@pytest.mark.parametrize("form", [{}, np.zeros((0, 0)), np.zeros((1, 1)), {("a", "a"): 5}])
def test_degenerate_forms(form):
    """No variable, one variable and a zero form have answers, baselines and pictures."""
    problem = Qubo(form)
    result = ho.solve(problem, seed=0)
    assert (result.value, result.feasible) == (0, True)
    for baseline in problem.baselines():
        assert problem.evaluate(baseline.run(0, None)).value == 0
    assert "value 0" in problem.plot(result.answer, Figure().add_subplot()).get_title()


FILE = "2\n2 2\n1 1 3\n1 2 -1\n3 2\n2 2 5\n1 3 4\n"


def test_read(tmp_path):
    """Instances are chosen by index, the sense follows the format unless it is said."""
    path = tmp_path / "two.txt"
    path.write_text(FILE)
    first, second = (Qubo.read(path, index=k) for k in (1, 2))
    assert (first.sense, first.labels) == ("maximize", (1, 2))
    # a pair counts twice
    assert first.evaluate({1: 1, 2: 1}).value == 1
    assert second.evaluate({1: 1, 2: 0, 3: 1}).value == 8
    assert Qubo.read(path, sense="minimize").sense == "minimize"
    with pytest.raises(InputError, match="index must be from 1 to 2, got 3"):
        Qubo.read(path, index=3)
    with pytest.raises(InputError, match="index must be at least 1"):
        Qubo.read(path, index=0)
    with pytest.raises(InputError, match="sense must be one of"):
        Qubo.read(path, sense="down")
    with pytest.raises(ReadError, match="'variables entries'"):
        Qubo.read(path, "biq-mac")


@pytest.mark.parametrize("name", ["q.sparse", "q.bqp", "q.sparse.gz", "q.bqp.gz", "q"])
@pytest.mark.parametrize("sense", ["minimize", "maximize"])
def test_write_and_read_again(tmp_path, name, sense):
    """What is written in the format for its sense reads back; the other format is refused."""
    problem = Qubo.random(6, 0.7, sense, seed=4)
    path = tmp_path / name
    if ("sparse" in name) == (sense == "maximize") and name != "q":
        with pytest.raises(InputError, match="format must be meant for"):
            problem.write(path)
        return
    problem.write(path)
    back = Qubo.read(path, "biq-mac" if name == "q" and sense == "minimize" else None)
    assert back.sense == sense
    assert (csr_array(back.matrix) != csr_array(problem.matrix)).nnz == 0
    with pytest.raises(InputError, match="binaries without offset"):
        Qubo(np.eye(2), offset=1).write(path)
    with pytest.raises(InputError, match="binaries without offset"):
        Qubo((np.ones(2), np.eye(2)), ising=True).write(path)


def test_baselines_are_offered_by_size_and_travel():
    """Enumeration is for few variables, HiGHS for few pairs, and both can be pickled."""
    names = [b.name for b in Qubo.random(30, seed=0).baselines()]
    assert names == ["enumeration", "HiGHS"]
    assert [b.name for b in Qubo.random(31, seed=0).baselines()] == ["HiGHS"]
    assert Qubo(np.ones((200, 200))).baselines() == ()
    problem = Qubo(np.diag([-1.0, 2.0]))
    for baseline in problem.baselines():
        assert pickle.loads(pickle.dumps(baseline)).run(0, None).tolist() == [1, 0]
    assert not pickle.loads(pickle.dumps(problem)).linear.flags.writeable


def test_random_repeats():
    """The same seed gives the same form, another one another."""
    first, again, other = (Qubo.random(20, 0.5, seed=s).matrix for s in (1, 1, 2))
    assert (first != again).nnz == 0
    assert (first != other).nnz > 0
    assert abs(Qubo.random(50, 1.0, seed=0).matrix).max() <= 100
