"""Time and pace: what is left, and how many sweeps fit into it."""

import math

from hopfield_opt import jit
from hopfield_opt.driver.clock import Clock, Pace


class FrozenClock(Clock):
    """A clock whose hands are set by the test."""

    def __init__(self, time_limit, elapsed=0.0):
        super().__init__(time_limit)
        self.now = elapsed

    @property
    def elapsed(self):
        """The seconds that the test says."""
        return self.now


def test_without_a_limit_time_never_runs_out():
    """No limit means infinitely much time and no deadline."""
    clock = Clock(None)
    assert clock.remaining == math.inf
    assert clock.deadline is None


def test_the_deadline_stays_while_time_passes(monkeypatch):
    """However late it is asked for, the deadline is the start plus the limit, or a share of it."""
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    clock = Clock(10.0)
    for now[0] in (100.0, 104.0, 113.0):
        assert clock.deadline == 110.0
        assert clock.shorten(0.5).deadline == 105.0
        assert clock.shorten(0.5).elapsed == clock.elapsed == now[0] - 100.0


def test_what_is_kept_is_at_most_half_of_a_limit():
    """A shortened clock leaves what something else needs, as far as it has it."""
    for kept, left in ((0.0, 8.0), (1.5, 6.5), (100.0, 4.0)):
        assert Clock(10.0).shorten(0.8, kept).time_limit == left
    assert Clock(None).shorten(0.8, 1.0).time_limit is None


def test_compiling_does_not_count(monkeypatch):
    """Seconds that numba spends in compiling are taken off the clock."""
    clock, before = Clock(10.0), jit.compile_seconds()
    monkeypatch.setattr(jit, "compile_seconds", lambda: before + 5.0)
    assert clock.jit == 5.0
    assert clock.elapsed < -4.0
    assert clock.remaining > 14.0


def test_budget_of_sweeps_is_counted_down():
    """A budget of sweeps alone is its own horizon."""
    pace = Pace(FrozenClock(None), 100, 7)
    assert pace.horizon() == 100
    pace.measure(30, 1.0)
    assert pace.horizon() == 70


def test_a_block_has_its_fewest_sweeps():
    """Slow sweeps make short blocks, but none below the fewest, except at a look or the end."""
    pace = Pace(FrozenClock(None), 100, 7, fewest=32)
    for block, grid in ((32, 100), (8, 40), (32, 100), (28, 100)):
        assert pace.next_block(grid)[0] == block
        pace.measure(block, 10.0 * block)


def test_default_budget_without_limits():
    """With neither limit the default of the method is the budget."""
    pace = Pace(FrozenClock(None), None, 10)
    pace.measure(3, 1.0)
    assert pace.horizon() == 7


def test_time_limit_gives_what_fits():
    """The measured rate times the rest of the time, less the reserve, is the horizon."""
    clock = FrozenClock(10.0)
    pace = Pace(clock, None, 1000)
    assert pace.horizon() == 1000  # nothing is measured yet
    pace.measure(500, 1.0)
    clock.now = 4.0
    assert pace.horizon() == int(500 * 6 * (1 - Pace.RESERVE))


def test_a_slow_first_block_does_not_end_the_run():
    """While another block would fit twice there is one, whatever is reserved for the end."""
    clock = FrozenClock(10.0)
    pace = Pace(clock, None, 1000, finish=8)
    pace.measure(1, 2.0)
    clock.now = 2.0
    assert pace.horizon() == 1
    clock.now = 7.0
    assert pace.horizon() == 0


def test_both_limits_end_with_the_first_reached():
    """The horizon is the smaller of the rest of the sweeps and what fits into the time."""
    clock = FrozenClock(10.0)
    pace = Pace(clock, 1000, 1)
    pace.measure(100, 1.0)
    assert pace.horizon() == 900
    clock.now = 9.0
    assert pace.horizon() < 100


def test_blocks_stop_at_the_grid_and_at_the_horizon():
    """States are looked at where the count of sweeps is a multiple of the grid."""
    pace = Pace(FrozenClock(None), 107, 1)
    assert pace.next_block(50) == (1, 107)
    pace.measure(1, 1e-4)
    assert pace.next_block(50) == (49, 106)
    pace.measure(99, 1e-2)
    assert pace.next_block(50) == (7, 7)
