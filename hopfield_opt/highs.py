"""The one door to HiGHS itself, which maintains highspy: a solver that says nothing."""

from typing import Any


def silent_solver(**options: Any) -> Any:
    """Return a solver in one thread with some of HiGHS' options.

    References
    ----------
    Q. Huangfu, J. A. J. Hall, "Parallelizing the dual revised simplex method", Mathematical
    Programming Computation 10 (2018) 119; https://highs.dev.
    """
    # imported here: it takes a tenth of a second
    import highspy

    own: Any = highspy.Highs

    class Silent(own):  # type: ignore[misc]
        """Be silent before anything is said, as is done with the first callback."""

        def enableCallbacks(self) -> None:
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()

    make: Any = Silent
    solver = make()
    for name, value in {"output_flag": False, "threads": 1, **options}.items():
        solver.setOptionValue(name, value)
    return solver
