"""What a state means to the user, and what the user's start means as a state."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.driver.task import Task
from hopfield_opt.errors import InputError
from hopfield_opt.problems import MaxCut

NETWORK = ho.Hamiltonian([[0, 1, 0], [1, 0, 2], [0, 2, 0]])


def task(subject):
    """Return what is to be solved."""
    return Task(ho.compile(subject), subject)


def choice():
    """Return a model that chooses two of three things."""
    model = ho.Model()
    x = model.binary(3, name="x")
    model.maximize((np.array([1, 2, 3]) * x).sum())
    model.add(x.sum() == 2)
    return model


def test_the_start_of_a_model_is_a_dict_of_arrays():
    """The state that it becomes decodes to the same arrays."""
    given = task(choice())
    state = given.start({"x": [1, 0, 1]})
    assert given(state, 0.0).assignment["x"].tolist() == [1, 0, 1]
    assert given(state, 0.0).value == 4


@pytest.mark.parametrize("kind", [list, np.array, lambda spins: np.array(spins, float)])
def test_the_start_of_a_network_is_spins(kind):
    """They are taken as they are, of whatever type the numbers are."""
    state = task(NETWORK).start(kind([1, -1, 1]))
    assert state.dtype == np.int8
    assert state.tolist() == [1, -1, 1]


@pytest.mark.parametrize("start", [[1, -1], [[1, -1, 1]], [1, 0, 1], [np.nan, 1, 1]])
def test_what_is_no_state_of_the_network_is_refused(start):
    """Other numbers than -1 and +1, or more or fewer than there are spins."""
    with pytest.raises(InputError, match="start must be 3 spins of -1 and"):
        task(NETWORK).start(start)


class Nothing(MaxCut):
    """Have no answer for any state."""

    def decode(self, assignment):
        """Return None."""


def test_a_state_without_an_answer_is_infeasible():
    """It has no value, and what the model allows is violated by the missing answer alone."""
    given = task(Nothing([(0, 1), (1, 2)]))
    found = given(np.ones(given.hamiltonian.num_spins, np.int8), 0.0)
    assert (found.answer, found.value, found.feasible) == (None, None, False)
    assert found.violations == {"answer": 1.0}
    assert not ho.solve(Nothing([(0, 1), (1, 2)]), seed=0).feasible


class Silent(ho.Model):
    """Be no judge: what a problem's answer is worth, the problem says."""

    def judge(self, values):
        """Refuse."""
        raise AssertionError("the model was asked")


class Judged(MaxCut):
    """Have a model that does not judge."""

    def model(self):
        """Return the model of the cut."""
        model = super().model()
        model.__class__ = Silent
        return model


def test_an_answer_is_judged_once():
    """The problem evaluates its answer; the model, whose verdict nobody needs, is not asked."""
    given = task(Judged([(0, 1), (1, 2)]))
    state = given.start(({0, 2}, {1}))
    assert given(state, 0.0).value == 2
    with pytest.raises(AssertionError, match="the model was asked"):
        given.compiled.decode(state)
