"""Runs that begin anew until the time is over."""

import time

from hopfield_opt.baselines.restarts import best_of_runs


def test_the_first_of_the_best_runs_is_returned():
    """Runs are numbered, the cheapest counts, and of equal ones the first."""
    costs = [3.0, 1.0, 2.0, 1.0]
    numbers = []

    def run(number):
        numbers.append(number)
        time.sleep(0.02)
        return costs[number] if number < len(costs) else 5.0, number

    assert best_of_runs(run, time.monotonic() + 0.5) == 1
    assert numbers == list(range(len(numbers)))
    assert len(numbers) > 4


def test_one_run_is_made_whatever_the_time():
    """Without a deadline there is one run, and with a deadline in the past as well."""
    for deadline in (None, time.monotonic() - 1):
        assert best_of_runs(lambda number: (0.0, number), deadline) == 0
