"""The driver: one loop for every network and every dynamics."""

from hopfield_opt.driver.background import Job, submit
from hopfield_opt.driver.listening import Incumbent
from hopfield_opt.driver.many import solve_many
from hopfield_opt.driver.progress import Progress
from hopfield_opt.driver.running import run
from hopfield_opt.driver.solving import solve

__all__ = ["Incumbent", "Job", "Progress", "run", "solve", "solve_many", "submit"]
