"""Pictures of runs: energies and overlaps over time."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

import hopfield_opt as ho
from hopfield_opt.errors import InputError
from hopfield_opt.learning import hebb
from hopfield_opt.plot import style


@pytest.fixture(autouse=True)
def _close():
    """Close what a test drew."""
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def patterns():
    """Return three patterns."""
    return np.random.default_rng(0).choice(np.array([-1, 1]), (3, 60))


def recall(patterns, every="sweep", record=("energy", "overlap"), starts=None):
    """Return a run from two noisy cues."""
    cues = patterns[:2].copy()
    cues[:, :12] *= -1
    network = ho.Hamiltonian(hebb(patterns))
    starts = cues if starts is None else starts
    return ho.run(
        network, "asynchronous", starts, record=record, every=every, patterns=patterns, seed=1
    )


def test_energy(patterns):
    """One line for each replica, through its recorded energies."""
    result = recall(patterns)
    axes = ho.plot.energy(result)
    lines = axes.get_lines()
    assert len(lines) == 2
    for line, values in zip(lines, result.trace.energy.T, strict=True):
        assert line.get_ydata().tolist() == values.tolist()
        assert line.get_xdata().tolist() == result.trace.sweeps.tolist()
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("sweeps", "energy")


@pytest.mark.parametrize("every", ["sweep", "flip"])
def test_overlaps(patterns, every):
    """One named line for each pattern, of the replica that was asked for; flips are steps."""
    result = recall(patterns, every)
    axes = ho.plot.overlaps(result, replica=1, labels=["A", "B", "C"])
    named = [line for line in axes.get_lines() if not line.get_label().startswith("_")]
    assert [line.get_label() for line in named] == ["A", "B", "C"]
    for k, line in enumerate(named):
        assert line.get_ydata().tolist() == result.trace.overlap[:, 1, k].tolist()
        assert line.get_drawstyle() == ("steps-post" if every == "flip" else "default")
    assert to_hex(named[0].get_color()) == style.BLUE.lower()
    assert axes.get_xlabel().startswith("sweeps")


def test_many_patterns_have_dashes_and_no_legend():
    """More lines than colours differ in their dashes, and too many are not named."""
    many = np.random.default_rng(1).choice(np.array([-1, 1]), (14, 40))
    axes = ho.plot.overlaps(recall(many))
    looks = {(line.get_color(), line.get_linestyle()) for line in axes.get_lines()[3:]}
    assert len(looks) == 14
    assert axes.get_legend() is None


def test_trajectory(patterns):
    """Overlaps below, the energy of the same replica above, at the same times."""
    result = recall(patterns, "flip")
    axes = ho.plot.trajectory(result, replica=1)
    (inset,) = axes.child_axes
    moments = result.trace.energy[:, 1]
    assert inset.get_lines()[0].get_ydata().tolist() == moments.tolist()
    assert inset.get_xlim() == axes.get_xlim()
    axes.figure.canvas.draw()


def test_trajectory_of_what_was_recorded(patterns):
    """Without overlaps it is the energy, of a network without energy the overlaps alone."""
    assert ho.plot.trajectory(recall(patterns, record="energy")).get_ylabel() == "energy"
    network = ho.Network(hebb(patterns))
    result = ho.run(
        network, "synchronous", patterns[0], 5, record=("energy", "overlap"), patterns=patterns
    )
    assert not ho.plot.trajectory(result).child_axes


def test_trajectory_of_anything_recorded(patterns):
    """Any number of each replica stands in the place of the energy, with overlaps or alone."""
    network = ho.Hamiltonian(hebb(patterns))
    cooled = {
        record: ho.run(network, "simulated-annealing", patterns[:2], 9, record=record, seed=0)
        for record in (("temperature", "overlap"), ("temperature",))
    }
    for record, result in cooled.items():
        axes = ho.plot.trajectory(result, replica=1, record="temperature")
        part = axes.child_axes[0] if "overlap" in record else axes
        assert part.get_ylabel() == "temperature"
        assert part.get_lines()[-1].get_ydata().tolist() == result.trace.temperature[:, 1].tolist()
    opened = len(plt.get_fignums())
    with pytest.raises(InputError, match='Use record="lyapunov"'):
        ho.plot.trajectory(result, record="lyapunov")
    both = ho.run(network, "hopfield-tank", patterns[:2], 9, record=("overlap", "outputs"), seed=0)
    with pytest.raises(InputError, match="one number for each replica, got 'outputs'"):
        ho.plot.trajectory(both, record="outputs")
    assert len(plt.get_fignums()) == opened


def test_given_axes(patterns):
    """The pictures are drawn where they are asked for, and nothing is opened."""
    _, axes = plt.subplots()
    result = recall(patterns)
    for picture in (ho.plot.energy, ho.plot.overlaps, ho.plot.trajectory):
        assert picture(result, axes) is axes
        assert picture(result.trace, ax=axes) is axes
    assert len(plt.get_fignums()) == 1


def test_what_is_missing_is_named(patterns):
    """A picture says what should have been recorded."""
    energy, overlap = (recall(patterns, record=name) for name in ("energy", "overlap"))
    with pytest.raises(InputError, match='Use record="overlap"'):
        ho.plot.overlaps(energy)
    with pytest.raises(InputError, match='Use record="energy"'):
        ho.plot.energy(overlap)
    with pytest.raises(InputError, match="replica must be 0 to 1, got 2"):
        ho.plot.overlaps(overlap, replica=2)
    with pytest.raises(InputError, match="labels must be 3 names, got 1"):
        ho.plot.overlaps(overlap, labels=["A"])
    with pytest.raises(InputError, match="result must carry what run recorded, got int"):
        ho.plot.trajectory(3)


@pytest.mark.parametrize("record", ["energy", ("energy", "overlap"), "overlap"])
@pytest.mark.parametrize("replica", [-1, 2, "0", 0.5])
def test_a_replica_that_is_none_is_refused(patterns, record, replica):
    """Whatever was recorded; -1 is not the last one."""
    result = recall(patterns, record=record)
    with pytest.raises(InputError, match="replica must be"):
        ho.plot.trajectory(result, replica=replica)
