"""The driver: one loop for every network and every dynamics."""

from hopfield_opt.driver.listening import Incumbent
from hopfield_opt.driver.running import run
from hopfield_opt.driver.solving import solve

__all__ = ["Incumbent", "run", "solve"]
