"""The shipped check of problems finds each broken law, and nothing where there is none.

A list of small classes, one for each law, to be read one by one; hence the length.
"""

import numpy as np
import pytest

from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Baseline, Evaluation, Relaxation
from hopfield_opt.testing import check_problem


class Pair:
    """Choose the two most valuable of four things; the answer is a list."""

    name = "pair"
    sense = "maximize"
    values = (3, 5, 4, 1)

    def model(self):
        """Return the value of two things."""
        model = Model()
        x = model.binary(4, name="x")
        model.maximize((list(self.values) * x).sum())
        model.add(x.sum() == 2)
        return model

    def encode(self, answer):
        """Return the things as binaries."""
        return {"x": [int(k in answer) for k in range(4)]}

    def decode(self, assignment):
        """Return the things in a list."""
        return [k for k in range(4) if assignment["x"][k]]

    def evaluate(self, answer):
        """Return the value of the things."""
        wrong = {} if len(answer) == 2 else {"number": abs(len(answer) - 2.0)}
        return Evaluation(float(sum(self.values[k] for k in answer)), wrong)

    def baselines(self):
        """Return what is known."""
        return (Baseline("known", first_best, exact=True),)


def first_best(seed, deadline):
    """Return the best pair."""
    return [1, 2]


def test_small_problem_passes():
    """A class with nothing but the protocol passes."""
    check_problem(Pair())


class Reserved(Pair):
    """Pass although a file cannot hold it and a random instance needs more than a size."""

    formats = ("plain",)

    @classmethod
    def random(cls, n, number, seed=None):
        """Return nothing that one could look at."""

    def write(self, path, format=None):
        """Refuse."""
        raise InputError("values must be whole numbers in this format, got 0.5. Round them.")

    @classmethod
    def read(cls, path, format=None):
        """Return nothing that one could look at."""


class WritesOnly(Pair):
    """Pass although there is no way back from its files."""

    formats = ("plain",)

    def write(self, path, format=None):
        """Write nothing."""


@pytest.mark.parametrize("kind", [Reserved, WritesOnly])
def test_what_cannot_be_checked_is_no_fault(kind):
    """A format that refuses an instance, one without a reader, more that `random` must be told."""
    check_problem(kind())


class Nameless(Pair):
    """Have no name."""

    name = None


class Senseless(Pair):
    """Have a sense of its own."""

    sense = "max"


class WithoutDecode(Pair):
    """Do not know the way back."""

    decode = None


class Unpicklable(Pair):
    """Hold what cannot be sent to another process."""

    def __init__(self):
        self.rule = lambda: None


class TurnedSense(Pair):
    """Minimise what is to be maximised."""

    sense = "minimize"


class OtherValue(Pair):
    """Count one thing more than the model does."""

    def evaluate(self, answer):
        """Return the value and one."""
        evaluation = super().evaluate(answer)
        return Evaluation(evaluation.value + (0 in answer), evaluation.violations)


class Unsorted(Pair):
    """Change what it is asked about."""

    def evaluate(self, answer):
        """Sort the answer in place, backwards."""
        answer.sort(reverse=True)
        return super().evaluate(answer)


class Stricter(Pair):
    """Forbid what the model allows."""

    def evaluate(self, answer):
        """Refuse the best thing."""
        evaluation = super().evaluate(answer)
        return Evaluation(evaluation.value, {"best": 1.0} if 1 in answer else {})


class Forgetful(Pair):
    """Lose the last thing on the way to the variables."""

    def encode(self, answer):
        """Return only the first thing."""
        return super().encode(answer[:1])


class Undecided(Pair):
    """Decode nothing."""

    def decode(self, assignment):
        """Return None."""


class BadBaseline(Pair):
    """Have a baseline with an invalid answer."""

    def baselines(self):
        """Return it."""
        return (Baseline("bad", lambda seed, deadline: [1]),)


class WeakExact(Pair):
    """Have a baseline that claims too much."""

    def baselines(self):
        """Return it."""
        return (Baseline("weak", lambda seed, deadline: [0, 3], exact=True),)


class NoBound(Pair):
    """Have a bound on the wrong side."""

    def relaxations(self):
        """Return it."""
        return (Relaxation("low", lambda deadline: 8.0),)


class Sets(Pair):
    """List sets."""

    def listed(self, answer):
        """Return a set."""
        return {"chosen": set(answer)}


class Worsens(Pair):
    """Polish to the worst."""

    def polish(self, answer, seed, deadline):
        """Return the least valuable things."""
        return [0, 3]


class DrawsNothing(Pair):
    """Have a plot that forgets its Axes."""

    def plot(self, answer, ax=None):
        """Return nothing."""


class Unrepeatable(Pair):
    """Make another instance each time."""

    made = 0

    @classmethod
    def random(cls, n, seed=None):
        """Return one with values of its own."""
        cls.made += 1
        problem = cls()
        problem.values = (cls.made, 5, 4, 1)
        return problem


class LosesValues(Pair):
    """Write a file without the values."""

    formats = ("plain",)

    def write(self, path, format=None):
        """Write nothing."""
        path.write_text("")

    @classmethod
    def read(cls, path, format=None):
        """Return other values."""
        problem = cls()
        problem.values = (1, 1, 1, 1)
        return problem


class Shapeless(Pair):
    """Be no energy at all."""

    model = None


class BareValue(Pair):
    """Evaluate to a number, which says nothing of what is violated."""

    def evaluate(self, answer):
        """Return the value."""
        return super().evaluate(answer).value


class LeavesValuesBehind(Pair):
    """Be another instance after a journey to another process."""

    def __init__(self):
        self.values = (3, 5, 4, 2)

    def __getstate__(self):
        """Forget the values."""
        return {}


class SortsWhatItEncodes(Pair):
    """Change what it encodes."""

    def encode(self, answer):
        """Sort the answer in place, backwards."""
        answer.sort(reverse=True)
        return super().encode(answer)


class NoWayBack(Pair):
    """Encode so that nothing can be decoded."""

    def encode(self, answer):
        """Return no thing."""
        return super().encode([])

    def decode(self, assignment):
        """Return None for no thing."""
        return super().decode(assignment) or None


class Overfull(Pair):
    """Encode one thing too many, and overlook it on the way back."""

    def encode(self, answer):
        """Add the last thing."""
        return super().encode([*answer, 3])

    def decode(self, assignment):
        """Return the first two."""
        return super().decode(assignment)[:2]


class Doubled:
    """Choose one of two spins; the energy is twice the value."""

    name = "doubled"
    sense = "minimize"

    def hamiltonian(self):
        """Return an energy that does not count what the value counts."""
        return Hamiltonian(None, [2.0, -2.0])

    def encode(self, answer):
        """Return the spins."""
        return {"spins": np.array(answer)}

    def decode(self, assignment):
        """Return the spins in a list."""
        return assignment["spins"].tolist()

    def evaluate(self, answer):
        """Return half of the energy."""
        return Evaluation(float(answer[0] - answer[1]))

    def baselines(self):
        """Return none."""
        return ()


class StartsOutside(Pair):
    """Start from an answer that the model forbids, and that alone is feasible."""

    start = (0, 1, 2)

    def evaluate(self, answer):
        """Ask for three things."""
        evaluation = super().evaluate(answer)
        return Evaluation(evaluation.value, {} if len(answer) == 3 else {"number": 1.0})


class GivesUp(Pair):
    """Say of the first answer that there is no better one."""

    def model(self):
        """Return the rule alone."""
        model = Model()
        x = model.binary(4, name="x")
        model.add(x.sum() == 2)
        return model

    def tighten(self, answer):
        """Return None."""


class LosesTheBest(Pair):
    """Have an exact baseline that finds nothing."""

    def baselines(self):
        """Return it."""
        return (Baseline("lost", lambda seed, deadline: None, exact=True),)


class TooGoodBaseline(Pair):
    """Have a baseline with an answer that the model does not know."""

    def baselines(self):
        """Return one that takes the best thing twice."""
        return (Baseline("twice", lambda seed, deadline: [1, 1]),)


class Seedless(Pair):
    """Make random instances that nobody can make again."""

    @classmethod
    def random(cls, n):
        """Return one."""
        return cls()


class SometimesNone(Pair):
    """Make an instance without answers each second time."""

    made = 0
    number = 2

    @classmethod
    def random(cls, n, seed=None):
        """Return one."""
        problem = cls()
        cls.made += 1
        problem.number = 2 if cls.made % 2 else 7
        return problem

    def model(self):
        """Return the value of so many things."""
        model = Model()
        x = model.binary(4, name="x")
        model.maximize((list(self.values) * x).sum())
        model.add(x.sum() == self.number)
        return model


class SetInAList(Pair):
    """List a set within a list."""

    def listed(self, answer):
        """Return it."""
        return [set(answer)]


class PolishesTooFar(Pair):
    """Polish to an answer that is none."""

    def polish(self, answer, seed, deadline):
        """Return all things."""
        return [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("broken", "law"),
    [
        (Shapeless, "has the method model, or hamiltonian"),
        (BareValue, "evaluate returns an Evaluation, got 8.0"),
        (LeavesValuesBehind, "pickled copy evaluates"),
        (SortsWhatItEncodes, "encode leaves its argument"),
        (NoWayBack, "an encoded answer decodes"),
        (Overfull, "keeps the model"),
        (Doubled, "its energy 4.0 is 1 times its value 2.0"),
        (StartsOutside, r"solve calls .* feasible"),
        (GivesUp, "the best value is 9"),
        (LosesTheBest, "baseline lost: exact, but finds no answer of value 9"),
        (TooGoodBaseline, "baseline twice: its value 10.0 is not better"),
        (Seedless, "random takes a seed"),
        (SometimesNone, "same seed makes the same"),
        (SetInAList, "leaves no sets"),
        (PolishesTooFar, "polish keeps it feasible"),
        (Nameless, "has a name"),
        (Senseless, "sense is minimize or maximize"),
        (WithoutDecode, "has the method decode"),
        (Unpicklable, "can be pickled"),
        (TurnedSense, "lower energy is a better value"),
        (OtherValue, "the model's value 8.0 is that of evaluate, 9.0"),
        (Unsorted, "leaves its argument"),
        (Stricter, "ground state .* it is feasible"),
        (Forgetful, "encoded and decoded it is no worse"),
        (Undecided, "allows decodes to an answer"),
        (BadBaseline, "baseline bad: its answer is feasible"),
        (WeakExact, "baseline weak: exact, but its value 4"),
        (NoBound, "low 8.0 bounds"),
        (Sets, "leaves no sets"),
        (Worsens, "no worse, got 4"),
        (DrawsNothing, "plot returns the Axes"),
        (Unrepeatable, "same seed makes the same"),
        (LosesValues, "same values as what was written"),
    ],
)
def test_broken_ones_are_found(broken, law):
    """Each broken law is named."""
    with pytest.raises(AssertionError, match=law):
        check_problem(broken())
