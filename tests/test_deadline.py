"""The deadline that everything long looks at."""

import contextvars
import threading
import time

import pytest

from hopfield_opt import deadline


def after(looks):
    """Return a clock by which the time is over after so many looks."""
    left = iter(range(looks, -1_000_000, -1))
    return lambda: float(next(left))


def test_without_a_deadline_nothing_passes():
    """Outside of any call there is no deadline to be missed."""
    deadline.check()
    assert not deadline.has_passed()
    assert list(deadline.check_each(range(3))) == [0, 1, 2]


def test_a_loop_ends_where_the_deadline_passes():
    """A loop is left at the first look after the end: before the item that follows."""
    items = iter(range(100))
    with deadline.within(after(2)), pytest.raises(deadline.OutOfTime):
        list(deadline.check_each(items, every=10))
    assert next(items) == 21


def test_deadlines_are_nested():
    """An inner deadline, or none, holds inside only."""
    with deadline.within(lambda: 0.0):
        assert deadline.has_passed()
        with deadline.within(None):
            assert not deadline.has_passed()
        with pytest.raises(deadline.OutOfTime):
            deadline.check()
    assert not deadline.has_passed()


def test_a_thread_that_runs_in_a_copy_looks_at_the_same_deadline():
    """A copied context carries the deadline into a thread; a bare thread has none."""
    seen = []
    with deadline.within(lambda: 0.0):
        copied = contextvars.copy_context()
        for run in (copied.run, lambda function: function()):
            thread = threading.Thread(
                target=run, args=(lambda: seen.append(deadline.has_passed()),)
            )
            thread.start()
            thread.join()
    assert seen == [True, False]


def test_a_long_step_is_not_begun_where_it_would_not_end():
    """A step over more entries than the rest of the time allows raises before it begins."""
    with deadline.within(lambda: 0.5):
        deadline.check(0.4 * deadline.ENTRIES_PER_SECOND)
        with pytest.raises(deadline.OutOfTime):
            deadline.check(0.6 * deadline.ENTRIES_PER_SECOND)
    deadline.check(1e30)


def test_a_moment_has_come_or_the_call_is_over():
    """A problem's own search ends at its moment, and earlier where the deadline is moved."""
    far, near = time.monotonic() + 1e6, time.monotonic() - 1.0
    assert not deadline.is_over(None)
    assert not deadline.is_over(far)
    assert deadline.is_over(near)
    with deadline.within(lambda: 0.0):
        assert deadline.is_over(None)
        assert deadline.is_over(far)
