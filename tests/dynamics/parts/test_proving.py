"""What the dynamics that prove have in common."""

from dataclasses import replace

import pytest

from hopfield_opt.dynamics import available, named
from hopfield_opt.dynamics.parts.proving import Proving
from hopfield_opt.errors import InputError

PROVING = [rule for rule in map(named, available()) if issubclass(rule, Proving)]


def test_who_proves():
    """All methods whose summary promises a proof, and no others."""
    promising = {
        rule for rule in map(named, available()) if "proof" in getattr(rule, "summary", "")
    }
    assert set(PROVING) == promising
    assert len(PROVING) == 3


@pytest.mark.parametrize("rule", PROVING)
def test_a_tolerance_only_grows(rule):
    """What the user asked for stays, and nothing else is changed."""
    given = rule(tolerance=0.5)
    assert given.with_tolerance(0.25) == given
    assert given.with_tolerance(2.0) == replace(given, tolerance=2.0)


@pytest.mark.parametrize("rule", PROVING)
def test_a_tolerance_is_a_number(rule):
    """Another thing is refused by its name."""
    with pytest.raises(InputError, match="^tolerance must be"):
        rule(tolerance="much")
