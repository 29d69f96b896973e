"""Checks for what you add: what `solve`, `run` and `compare` count on.

A check raises AssertionError with the law that was broken, and returns None if all hold.
"""

from hopfield_opt.testing.coupling_laws import check_coupling
from hopfield_opt.testing.dynamics_laws import check_dynamics
from hopfield_opt.testing.problem_laws import check_problem

__all__ = ["check_coupling", "check_dynamics", "check_problem"]
