"""Checks for dynamics and problems of your own: what `solve`, `run` and `compare` count on.

A check raises AssertionError with the law that was broken, and returns None if all hold.
"""

from hopfield_opt.testing.dynamics_laws import check_dynamics
from hopfield_opt.testing.problem_laws import check_problem

__all__ = ["check_dynamics", "check_problem"]
