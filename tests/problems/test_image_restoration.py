"""Image restoration against brute force and the minimum cut."""

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
from hopfield_opt.problems import ImageRestoration


@st.composite
def restorations(draw):
    """Return problems of up to six pixels, with two or three levels, greys or levels."""
    height, width = draw(st.sampled_from([(1, 1), (1, 5), (2, 2), (3, 2), (2, 3)]))
    levels = draw(st.sampled_from([2, 2, 3])) if height * width <= 5 else 2
    size = height * width
    if draw(st.booleans()):
        pixels = draw(st.lists(st.integers(0, levels - 1), min_size=size, max_size=size))
    else:
        pixels = draw(st.lists(st.floats(0, 1, width=16), min_size=size, max_size=size))
    strengths = [draw(st.integers(0, 8)) / 4 for _ in range(2)]
    return ImageRestoration(np.array(pixels).reshape(height, width), levels, *strengths)


def recount(problem, image):
    """Return the cost, pixel by pixel."""
    height, width = image.shape
    total = 0.0
    for i, j in itertools.product(range(height), range(width)):
        total += problem.field * abs(image[i, j] - problem.noisy[i, j])
        for u, v in ((i + 1, j), (i, j + 1)):
            if u < height and v < width:
                total += problem.coupling * (image[i, j] != image[u, v])
    return total


def all_images(problem):
    """Return all images of a small problem."""
    for row in itertools.product(range(problem.levels), repeat=problem.noisy.size):
        yield np.array(row).reshape(problem.noisy.shape)


@given(restorations())
@settings(max_examples=15)
def test_against_brute_force(problem):
    """Costs and energies agree with a recount; search and exact baseline find the least."""
    whole = compile(problem, presolve="off")
    costs = []
    for image in all_images(problem):
        cost = recount(problem, image)
        costs.append(cost)
        assert problem.evaluate(image).value == pytest.approx(cost, abs=1e-9)
        assignment = problem.encode(image)
        assert (problem.decode(assignment) == image).all()
        assert whole.hamiltonian.energy(whole.encode(assignment)) == pytest.approx(cost, abs=1e-9)
    best = pytest.approx(min(costs), abs=1e-9)
    for baseline in problem.baselines():
        value = problem.evaluate(baseline.run(0, None)).value
        assert value >= min(costs) - 1e-9
        assert value == best or not baseline.exact
    result = ho.solve(problem, sweeps=50, seed=0)
    assert result.feasible
    assert result.value == best


@pytest.mark.parametrize(("coupling", "field"), [(1.0, 1.5), (0.7, 1.1), (2.0, 0.3)])
def test_binary_images_are_restored_to_the_optimum(coupling, field):
    """The answer costs what the minimum cut costs, with weights that are no short binaries too."""
    noisy = ImageRestoration.random(24, noise=0.2, seed=3).noisy.astype(int)
    problem = ImageRestoration(noisy, coupling=coupling, field=field)
    cut = next(baseline for baseline in problem.baselines() if baseline.exact)
    result = ho.solve(problem, sweeps=20, seed=0)
    assert result.value == pytest.approx(problem.evaluate(cut.run(0, None)).value, abs=1e-9)
    assert result.value <= problem.evaluate(noisy).value


def test_grey_levels():
    """More levels are restored at least as well as by single changes."""
    problem = ImageRestoration.random(10, levels=4, noise=0.2, seed=1)
    modes, moves = (problem.evaluate(b.run(0, None)).value for b in problem.baselines())
    result = ho.solve(problem, sweeps=20, seed=0)
    assert result.feasible
    assert result.value <= moves <= modes < problem.evaluate(problem.start).value
    assert not any(baseline.exact for baseline in problem.baselines())


def test_symmetries():
    """Turned, mirrored and inverted images cost as much; a factor multiplies the cost."""
    noisy = ImageRestoration.random(12, noise=0.2, seed=5).noisy.astype(int)

    def optimum(image, *strengths):
        problem = ImageRestoration(image, 2, *strengths)
        return problem.evaluate(problem.baselines()[-1].run(0, None)).value

    expected = optimum(noisy)
    assert optimum(np.rot90(noisy)) == optimum(noisy[:, ::-1]) == optimum(1 - noisy) == expected
    assert optimum(noisy, 3.0, 4.5) == 3 * expected


def test_pixels_without_a_level_are_no_image():
    """Where a pixel has no level or two there is no answer; wrong numbers are violations."""
    problem = ImageRestoration([[0, 2]], levels=3)
    assert problem.decode({"level": np.zeros((1, 2, 3))}) is None
    assert problem.decode({"level": np.ones((1, 2, 3))}) is None
    evaluation = problem.evaluate([[0, 7]])
    assert (evaluation.value, evaluation.violations) == (1.0, {"no level": 1.0})
    with pytest.raises(InputError, match="image of levels, got no level"):
        problem.encode([[0, 0.5]])
    with pytest.raises(InputError, match="answer must have shape"):
        problem.evaluate([0, 1])


def test_greys_are_scaled_and_levels_are_not():
    """Floats are greys from 0 to 1, integers are levels."""
    assert ImageRestoration([[0.0, 0.5, 1.0]], levels=5).noisy.tolist() == [[0, 2, 4]]
    assert ImageRestoration([[0, 1, 4]], levels=5).noisy.tolist() == [[0, 1, 4]]
    assert ImageRestoration([[True, False]]).noisy.tolist() == [[1, 0]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 0],), "noisy must have two axes"),
        ((np.zeros((2, 2, 3)),), "Turn colours to grey"),
        (([[0, 255]],), r"levels from 0 to 1, got 255 at \[0, 1\]. Divide by 255"),
        (([[0.5, 2.0]],), "grey values from 0 to 1, got 2"),
        (([[0, -1]],), "levels from 0 to 1, got -1"),
        (([[np.nan]],), "noisy must be finite"),
        (([["a"]],), "noisy must be an array of real numbers"),
        (([[0]], 1), "levels must be at least 2"),
        (([[0]], 2.5), "levels must be an integer"),
        (([[0]], 1000), "levels must be at most 256"),
        (([[0]], 2, -1.0), "coupling must be at least 0"),
        (([[0]], 2, 1.0, np.inf), "field must be finite"),
    ],
)
def test_bad_input(arguments, message):
    """Each bad argument is named."""
    with pytest.raises(InputError, match=message):
        ImageRestoration(*arguments)


@pytest.mark.parametrize("levels", [2, 3])
@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (1, 1), (1, 4)])
def test_degenerate_images(shape, levels):
    """No pixel, one pixel, one row: there is an answer, and a picture of it."""
    problem = ImageRestoration(np.ones(shape, dtype=int), levels)
    result = ho.solve(problem, sweeps=10, seed=0)
    assert (result.value, result.feasible) == (0, True)
    for baseline in problem.baselines():
        assert baseline.run(0, None).shape == shape
    assert "0 of" in problem.plot(result.answer, Figure().add_subplot()).get_title()


@pytest.mark.parametrize(("name", "exact"), [("i.npy", True), ("i.png", False)])
def test_read_and_write(tmp_path, name, exact):
    """An image reads back as it was written, up to the 256 greys of a PNG."""
    problem = ImageRestoration(np.random.default_rng(0).random((5, 7)), levels=4)
    problem.write(tmp_path / name)
    back = ImageRestoration.read(tmp_path / name, levels=4, coupling=0.5)
    assert (back.coupling, back.levels) == (0.5, 4)
    assert np.abs(back.noisy - problem.noisy).max() <= (0 if exact else 3 / 254)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:60])
    with pytest.raises(ReadError, match="cut off"):
        ImageRestoration.read(tmp_path / name)


def test_baselines_and_problems_travel():
    """They can be pickled, and the same seed makes the same image."""
    problem = ImageRestoration.random(6, seed=1)
    for baseline in problem.baselines():
        again = pickle.loads(pickle.dumps(baseline))
        assert (again.run(0, None) == baseline.run(0, None)).all()
    assert (ImageRestoration.random(6, seed=1).noisy == problem.noisy).all()
