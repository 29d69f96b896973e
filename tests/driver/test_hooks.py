"""What a user's problem raises or returns: errors name class and method, and lose nothing."""

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.errors import InputError
from hopfield_opt.problems.base import Evaluation

SIZE = 6


class Most:
    """Take the most valuable three of six things."""

    name = "most"
    sense = "maximize"

    def model(self):
        """Return the value of any three."""
        model = ho.Model()
        x = model.binary(SIZE, name="x")
        model.maximize((np.arange(1, SIZE + 1) * x).sum())
        model.add(x.sum() == 3)
        return model

    def encode(self, answer):
        """Return the things as binaries."""
        return {"x": np.isin(np.arange(SIZE), list(answer)).astype(int)}

    def decode(self, assignment):
        """Return the things."""
        return set(np.flatnonzero(assignment["x"]).tolist())

    def evaluate(self, answer):
        """Return their value."""
        return Evaluation(float(sum(k + 1 for k in answer)))

    def baselines(self):
        """Return none."""
        return ()


def after(times, method, outcome):
    """Return a class whose method does as it should some times, and then something else."""
    calls = []

    def work(self, *arguments):
        calls.append(1)
        if len(calls) <= times:
            return getattr(Most, method)(self, *arguments)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    return type("Mine", (Most,), {method: work})


def solve_briefly(kind, **options):
    """Return what comes of a short search, which meets several answers, or raise as it does."""
    settings = {"method": "simulated-annealing", "sweeps": 20, "replicas": 4, "seed": 3}
    return ho.solve(kind(), start={0, 1, 2}, **{**settings, **options})


WRONG = [None, np.nan, "12", 3.0, (3.0, {}), Evaluation, SimpleNamespace(value=1.0)]
NO_NUMBER = [np.nan, np.inf, -np.inf, None, "12", 1j, [1.0], np.array([1.0, 2.0]), 10**400]
NO_AMOUNTS = [None, np.nan, ["late"], "late", {"late": np.nan}, {"late": -1.0}, {"late": 0.0}]
NO_AMOUNTS += [{"late": np.inf}, {"late": "1"}, {"late": None}, {"ok": 1.0, "late": np.nan}]


@pytest.mark.parametrize(
    "outcome",
    [
        *WRONG,
        *(Evaluation(value) for value in NO_NUMBER),
        *(Evaluation(1.0, amounts) for amounts in NO_AMOUNTS),
    ],
    ids=str,
)
@pytest.mark.parametrize("times", [0, 1])
def test_an_evaluation_that_is_none_is_named(outcome, times):
    """At the first answer or at a later one: nothing that is no number becomes a value."""
    with pytest.raises(
        InputError, match=r"Mine\.evaluate.* must be |Mine\.evaluate must"
    ) as caught:
        solve_briefly(after(times, "evaluate", outcome))
    result = caught.value.result
    assert result.status is ho.Status.STOPPED
    assert (result.value, result.bound) == ((None, 6.0)[times], None)
    assert result.answer == (None, {0, 1, 2})[times]


@pytest.mark.parametrize("method", ["exhaustive", "auto"])
def test_nan_is_never_proven(method):
    """A search that has seen all states has no optimum where there are no values."""
    with pytest.raises(InputError, match=r"value of Mine\.evaluate must be finite, got nan"):
        ho.solve(after(0, "evaluate", Evaluation(np.nan))(), method=method, seed=0)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (3, int),
        (True, float),
        (np.int64(3), float),
        (np.float32(0.1), float),
        (np.array(2.5), float),
        (Fraction(1, 3), float),
        (Decimal("0.1"), float),
    ],
)
def test_every_kind_of_number_is_a_value(value, kind):
    """The result holds it as a number of Python."""
    result = solve_briefly(after(0, "evaluate", Evaluation(value, {})))
    assert type(result.value) is kind
    assert result.value == float(value)


def test_anything_with_value_and_violations_is_an_evaluation():
    """The class of the package is not asked for."""
    made = SimpleNamespace(value=2, violations={"late": np.int64(3)})
    result = solve_briefly(after(0, "evaluate", made))
    assert (result.value, result.violations) == (2, {"late": 3})


ERRORS = [RuntimeError("broken"), ZeroDivisionError(), SystemExit(3), BaseException("base")]


@pytest.mark.parametrize("error", ERRORS, ids=repr)
@pytest.mark.parametrize("method", ["evaluate", "decode", "encode"])
def test_what_is_raised_keeps_its_kind_and_says_where(method, error):
    """The user's own exception leaves, with the place in a note and the result so far."""
    error.__notes__ = []
    times = 0 if method == "encode" else 1
    with pytest.raises(type(error)) as caught:
        solve_briefly(after(times, method, error))
    assert caught.value is error
    assert caught.value.result.value == (6.0 if times else None)
    if isinstance(error, Exception):
        assert any(f"raised in Mine.{method}, of " in note for note in error.__notes__)


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_whatever_a_callback_raises_carries_the_result(error):
    """SystemExit, too."""

    def fail(incumbent):
        raise error

    with pytest.raises(type(error)) as caught:
        solve_briefly(Most, callback=fail)
    assert caught.value.result.value == 6
    assert caught.value.result.status is ho.Status.STOPPED


def test_an_exception_that_can_carry_nothing_leaves_as_it_is():
    """One without room for attributes is not replaced by an AttributeError."""

    class Bare(Exception):
        def __setattr__(self, name, value):
            raise AttributeError(name)

    def fail(incumbent):
        raise Bare

    with pytest.raises(Bare):
        solve_briefly(Most, callback=fail)


def test_keyboard_interrupt_of_the_users_own_returns_the_best():
    """As Ctrl-C does: it is no error."""
    result = solve_briefly(after(1, "evaluate", KeyboardInterrupt()))
    assert (result.status, result.value) == (ho.Status.INTERRUPTED, 6)


@pytest.mark.parametrize("outcome", [None, np.nan, "x", [1, 0, 1], {"y": [0] * SIZE}, {}])
def test_an_encoding_that_is_none_is_named(outcome):
    """A start has to become arrays by name, those of the model."""
    with pytest.raises(InputError) as caught:
        solve_briefly(after(0, "encode", outcome))
    told = f"{caught.value} {getattr(caught.value, '__notes__', '')}"
    assert "Mine.encode" in told
    assert caught.value.result.value is None


@pytest.mark.parametrize("values", [[0.5] * SIZE, [np.nan] * SIZE, ["1"] * SIZE, [2] * SIZE, [1]])
def test_an_encoding_outside_of_the_model_is_an_error(values):
    """Numbers that the variables cannot be are refused, and never rounded."""
    with pytest.raises(InputError):
        solve_briefly(after(0, "encode", {"x": values}))


def test_no_answer_at_all_is_no_error():
    """None from decode says that a state stands for nothing: there is no feasible one."""
    result = solve_briefly(after(1, "decode", None), polish=False)
    assert (result.value, result.feasible) == (6.0, True)
    result = ho.solve(after(0, "decode", None)(), method="simulated-annealing", seed=0)
    assert (result.status, result.value, result.bound) == (ho.Status.NO_FEASIBLE, None, None)


def polishing_class(outcome):
    """Return a class whose local search returns this, or raises it."""

    def polish(self, answer, seed, deadline):
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    return type("Mine", (Most,), {"polish": polish})


@pytest.mark.parametrize("outcome", [None, np.nan, 3.5, RuntimeError("broken"), SystemExit(1)])
def test_a_polish_that_goes_wrong_loses_nothing(outcome):
    """What the search has found is in the error, whose text or note names the place."""
    kind = type(outcome) if isinstance(outcome, BaseException) else (InputError, TypeError)
    with pytest.raises(kind) as caught:
        solve_briefly(polishing_class(outcome))
    assert caught.value.result.value == 15
    told = f"{caught.value} {getattr(caught.value, '__notes__', '')}"
    assert "Mine.polish" in told or isinstance(outcome, SystemExit)


@pytest.mark.parametrize("share", [np.nan, "0.5", None, -0.1, 1, 2.0, [0.5]])
def test_a_share_for_the_polish_must_leave_time_for_the_search(share):
    """Anything but a number from 0 to below 1 is refused."""
    kind = type("Mine", (Most,), {"polish_share": share})
    with pytest.raises(InputError, match=r"Mine\.polish_share must be"):
        solve_briefly(kind)


@pytest.mark.parametrize("outcome", [np.nan, "tighter", 3, Most, RuntimeError("broken"), True])
def test_a_tightening_that_is_no_problem_is_named(outcome):
    """Only None is a proof, and the answer that was to be tightened is not lost."""

    def tighten(self, answer):
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    kind = type("Mine", (Most,), {"tighten": tighten})
    with pytest.raises((InputError, RuntimeError)) as caught:
        solve_briefly(kind)
    told = f"{caught.value} {getattr(caught.value, '__notes__', '')}"
    assert "Mine.tighten" in told
    assert caught.value.result.feasible
    assert caught.value.result.bound is None


def test_the_start_of_a_problem_may_go_wrong():
    """A property that raises is named, and what it gives is encoded under its name."""

    class Mine(Most):
        @property
        def start(self):
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError) as caught:
        ho.solve(Mine(), seed=0)
    assert "Mine.start" in str(caught.value.__notes__)
    assert caught.value.result.value is None
    with pytest.raises(TypeError) as caught:
        ho.solve(type("Mine", (Most,), {"start": 3.5})(), seed=0)
    assert caught.value.__notes__ == ["raised in Mine.encode, of 3.5, which is Mine.start"]


@pytest.mark.parametrize("sense", ["max", "Maximize", None, 1])
def test_a_sense_that_is_none_is_refused(sense):
    """A misspelt sense is not taken for the other one."""
    with pytest.raises(InputError, match=r"Mine\.sense must be one of maximize, minimize"):
        solve_briefly(type("Mine", (Most,), {"sense": sense}))
