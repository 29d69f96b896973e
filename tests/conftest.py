"""What all tests share: reproducible hypothesis runs and pictures without a screen."""

import os

from hypothesis import settings

# no deadline: the first example of a test may compile a kernel; derandomized: the suite is the
# same in every run, so that a failure is the change's and not the day's
settings.register_profile("repo", deadline=None, derandomize=True)
settings.load_profile("repo")

os.environ["MPLBACKEND"] = "Agg"
