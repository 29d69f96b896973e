"""Number partitions against brute force, with numbers that floats hardly hold."""

import itertools
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

import hopfield_opt as ho
from hopfield_opt.compiler import compile
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.problems import NumberPartition

numbers = st.lists(st.integers(-30, 60), max_size=7)


def brute_force(values):
    """Return the least difference of all splits."""
    signs = itertools.product((-1, 1), repeat=len(values))
    return min(abs(sum(s * a for s, a in zip(row, values, strict=True))) for row in signs)


@given(numbers)
@settings(max_examples=25)
def test_against_brute_force(values):
    """Search and complete baseline find the least difference, the others are valid."""
    problem, best = NumberPartition(values), brute_force(values)
    for baseline in problem.baselines():
        evaluation = problem.evaluate(baseline.run(0, None))
        assert evaluation.feasible
        assert evaluation.value >= best
        assert evaluation.value == best or not baseline.exact
    result = ho.solve(problem, sweeps=50, seed=0)
    assert (result.value, result.feasible) == (best, True)


@given(numbers)
@settings(max_examples=25)
def test_the_energy_is_the_square(values):
    """For each split the energy is the square of its difference, and encoding is faithful."""
    problem = NumberPartition(values)
    whole = compile(problem, presolve="off")
    for row in itertools.product((-1, 1), repeat=len(values)):
        answer = problem.decode({"part": np.array(row, dtype=np.int8)})
        value = problem.evaluate(answer).value
        first, second = (sum(values[k] for k in part) for part in answer)
        assert value == abs(first - second)
        assignment = problem.encode(answer)
        assert problem.decode(assignment) == answer
        assert whole.hamiltonian.energy(whole.encode(assignment)) == value**2


@given(st.lists(st.integers(1, 50), min_size=2, max_size=8), st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_order_signs_and_scale(values, chance):
    """Neither the order nor the sign of a number changes the least difference."""
    shuffled = [a * chance.choice((-1, 1)) for a in chance.sample(values, len(values))]

    def optimum(values):
        problem = NumberPartition(values)
        return problem.evaluate(problem.baselines()[-1].run(0, None)).value

    assert optimum(shuffled) == optimum(values)
    assert optimum([7 * a for a in values]) == 7 * optimum(values)


def test_large_numbers_are_exact():
    """A difference of one is seen in sums near 2^53."""
    problem = NumberPartition([2**51 + 1, 2**51])
    assert problem.evaluate(({0}, {1})).value == 1
    assert problem.evaluate(({0, 1}, set())).value == 2**52 + 1
    assert ho.solve(problem, seed=0).value == 1
    with pytest.raises(InputError, match=r"sum of at most 2\^53"):
        NumberPartition([2**52, 2**52, 1])
    assert NumberPartition([2**52, 2**52]).evaluate(({0}, {1})).value == 0


def test_the_coupling_stays_factored():
    """The square is one row, not n^2 couplings."""
    hamiltonian = ho.compile(NumberPartition.random(50, seed=1)).hamiltonian
    assert [type(term).__name__ for term in hamiltonian.couplings] == ["Factored"]


def test_the_search_is_not_worse_than_differences():
    """It starts from the split by differences, and the polish goes on from there."""
    problem = NumberPartition.random(30, largest=10**9, seed=2)
    differences = problem.evaluate(problem.baselines()[1].run(0, None)).value
    plain = ho.solve(problem, sweeps=20, seed=0, polish=False)
    assert plain.value <= differences
    assert ho.solve(problem, sweeps=20, seed=0).value < differences / 10


def test_answers():
    """Parts hold the names of the numbers, the first the first; what is wrong is named."""
    problem = NumberPartition({"z": 3, "a": 2, "b": 1})
    assert ho.solve(problem, seed=0).answer == ({"z"}, {"a", "b"})
    assert problem.listed(({"b", "z"}, {"a"})) == (["z", "b"], ["a"])
    evaluation = problem.evaluate(({"z", "a"}, {"z", "x"}))
    assert evaluation.violations == {
        "in both parts: 'z'": 1,
        "in no part: 'b'": 1,
        "unknown: 'x'": 1,
    }
    with pytest.raises(InputError, match="each number into one part, got in no part: 'b'"):
        problem.encode(({"z", "a"}, set()))


@pytest.mark.parametrize("answer", [None, 3, ({1},), ([[1]], [2])])
def test_what_is_no_answer(answer):
    """What is no pair of collections is refused."""
    with pytest.raises(InputError, match="answer must be two collections"):
        NumberPartition([1, 2]).evaluate(answer)


@pytest.mark.parametrize(
    ("given_numbers", "message"),
    [
        (3, "numbers must be a sequence"),
        ("123", "numbers must be a sequence"),
        ([1, 0.5], "numbers must be whole, got 0.5 at 1"),
        ([1, float("nan")], "numbers must be whole, got nan"),
        ([float("inf")], "numbers must be whole, got inf"),
        ([True], "numbers must be whole, got True"),
        (["1"], "numbers must be whole, got '1'"),
        ({"a": None}, "got None at 'a'"),
    ],
)
def test_bad_input(given_numbers, message):
    """Each bad number is named."""
    with pytest.raises(InputError, match=message):
        NumberPartition(given_numbers)


def test_random_numbers_are_whole_as_floats_too():
    """Above 2^53 two numbers would be one float: the largest one is the limit."""
    assert len(NumberPartition.random(1, largest=2**53, seed=0).numbers) == 1
    with pytest.raises(InputError, match="largest must be at most 2.53, got"):
        NumberPartition.random(5, largest=2**53 + 1)


@pytest.mark.parametrize(
    ("values", "best"), [([], 0), ([7], 7), ([0, 0], 0), ([-3], 3), ([2.0], 2)]
)
def test_degenerate_numbers(values, best):
    """No number, one number, zeros: there is an answer, and a picture of it."""
    problem = NumberPartition(np.array(values))
    result = ho.solve(problem, seed=0)
    assert (result.value, result.feasible) == (best, True)
    for baseline in problem.baselines():
        assert problem.evaluate(baseline.run(0, None)).value == best
        assert pickle.loads(pickle.dumps(baseline)).run(0, None) == baseline.run(0, None)
    assert f"difference {best}" in problem.plot(result.answer, Figure().add_subplot()).get_title()


def test_read_and_write(tmp_path):
    """A problem reads back as it was written, under numbers from 1."""
    problem = NumberPartition.random(9, largest=10**12, seed=1)
    problem.write(tmp_path / "n")
    back = NumberPartition.read(tmp_path / "n")
    assert (back.numbers, back.labels) == (problem.numbers, tuple(range(1, 10)))
    (tmp_path / "n").write_text("1 2\n3.5\n")
    with pytest.raises(ReadError, match=r"n:2: number must be whole, got '3.5'"):
        NumberPartition.read(tmp_path / "n")
    with pytest.raises(InputError, match="at least one for a file, got none"):
        NumberPartition([]).write(tmp_path / "n")


@pytest.mark.parametrize("largest", [1, 10**6, 2**53 // 5000, 2**53 // 3])
def test_large_sums_are_exact(largest):
    """The value is that of Python's integers, up to the largest that a number may be."""
    size = max(1, min(5000, 2**53 // largest))
    numbers = np.random.default_rng(7).integers(-largest, largest, size, endpoint=True).tolist()
    problem = NumberPartition({f"n{k}": number for k, number in enumerate(numbers)})
    for seed in range(3):
        first = np.random.default_rng(seed).random(size) < 0.5
        parts = [{f"n{k}" for k in np.flatnonzero(side).tolist()} for side in (first, ~first)]
        sums = [sum(numbers[k] for k in np.flatnonzero(side).tolist()) for side in (first, ~first)]
        evaluation = problem.evaluate(parts)
        assert evaluation.feasible
        assert evaluation.value == abs(sums[0] - sums[1])


def test_a_start_that_takes_too_long_is_the_greedy_one():
    """Differencing looks at the deadline; without one it ends as it always does."""
    from hopfield_opt import deadline
    from hopfield_opt.baselines import partitions

    numbers = list(range(1, 2502))
    with deadline.within(lambda: -1.0):
        signs = partitions.differences(numbers, 0)
    assert (signs == partitions.greedy(numbers, 0)).all()
    assert (signs != partitions.differences(numbers, 0)).any()
