"""What is written in pictures can be read: nothing is cut, and nothing covers something else."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.figure import Figure

import hopfield_opt as ho
from hopfield_opt.learning import hebb
from hopfield_opt.physics.enumeration import all_energies
from hopfield_opt.physics.landscapes import landscape
from hopfield_opt.physics.spin_glass import sherrington_kirkpatrick


def networks():
    """Return weights whose landscapes have two to eight wells, wide and narrow ones."""
    memories = np.random.default_rng(3).choice([-1, 1], (3, 10))
    stored = [hebb(memories[:count]) for count in (1, 2, 3)]
    return [*stored, *(sherrington_kirkpatrick(10, seed=k) for k in range(6))]


@pytest.mark.parametrize("number", range(9))
def test_names_of_wells_stand_apart(number):
    """The names of neighbouring wells do not run together, in a panel of a quarter's width."""
    figure = Figure(figsize=(15, 3.5), layout="constrained")
    axes = figure.subplots(1, 4)[2]
    ho.plot.landscape(landscape(all_energies(networks()[number])), axes)
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in axes.texts]
    assert boxes
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]


@pytest.mark.parametrize("colors", range(1, 9))
def test_legends_are_within_the_picture(colors):
    """However many colours there are, no name in the legend is cut, in the size of --plot."""
    vertices = 4 * colors
    edges = [(a, b) for a, b in combinations(range(vertices), 2) if a % colors != b % colors]
    figure = Figure(figsize=(8, 6), layout="constrained")
    axes = figure.add_subplot()
    ho.plot.coloring(edges or [(0, 1)], {v: v % colors for v in range(vertices)}, axes)
    figure.draw_without_rendering()
    legend = axes.get_legend()
    if legend is not None:
        box = legend.get_window_extent()
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.x1


def test_curves_that_coincide_are_both_seen():
    """A curve on top of another is dashed, so that both colours show."""
    letters = ho.data.letters("HX", size=8)
    twice = ho.AssociativeMemory(letters).recall(letters[0], seed=0, record="overlap")
    same = np.repeat(twice.trace.overlap[:, :1], 3, axis=1)
    from hopfield_opt.trace import Trajectory

    lines = ho.plot.overlaps(Trajectory(twice.trace.sweeps, overlap=same[:, None])).lines[3:]
    assert lines[0].get_linestyle() == "-"
    assert [line.get_linestyle() for line in lines[1:]] == ["--", "--"]


def test_a_memory_is_drawn_as_all_states_are():
    """The picture of a pattern memory has two lattices in blue, each with its own name."""
    letters = ho.data.letters("AB")
    problem = ho.problems.PatternMemory(letters, letters[0])
    axes = problem.plot("memory 0")
    assert [text.get_text() for text in axes.texts] == ["cue", "memory 0"]
    assert len(axes.images) == 2
    assert axes.images[0].cmap(1)[2] > axes.images[0].cmap(1)[0]
