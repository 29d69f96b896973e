"""`solve_many`: many problems, at once where an executor takes them."""

import time
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from hopfield_opt import rng
from hopfield_opt.arguments import check_arguments
from hopfield_opt.arrays import check_truth
from hopfield_opt.border import as_list
from hopfield_opt.driver import checks
from hopfield_opt.driver.errands import Errands
from hopfield_opt.driver.interrupt import Interruptible
from hopfield_opt.driver.progress import ProgressBar, shows_progress
from hopfield_opt.driver.solving import solve
from hopfield_opt.errors import InputError, show
from hopfield_opt.result import Result, Status


@dataclass(frozen=True, eq=False)
class Solving:
    """A call of `solve` as a job, ready to be pickled."""

    subject: Any
    options: Mapping[str, Any]

    def __call__(self) -> Result:
        """Solve it."""
        return solve(self.subject, **self.options)


def solve_many(
    subjects: Any,
    *,
    executor: Executor | None = None,
    seed: int | None = None,
    progress: bool | None = None,
    **options: Any,
) -> Any:
    """Solve many problems, models or networks, each as `solve` does with the same seed.

    Parameters
    ----------
    subjects : iterable of Problem, Model, Compiled or Hamiltonian, or dict of title to one
        What to solve.
    executor : concurrent.futures.Executor, optional
        Where each is solved as a job of its own: processes, joblib's loky, a cluster by Dask
        (`client.get_executor()`) or Ray (`interop.RayExecutor()`). None: one after another, here.
        Jobs whose worker dies are done again; where the whole host goes away, here.
    seed : int, optional
        Of each of them; None draws one. The answers are the same wherever they are found.
    progress : bool, optional
        Show how many are done; None does so on a terminal or in a notebook.
    **options
        Others of `solve`. With an executor `n_jobs`, the threads of each job, is 1 if not given.

    Returns
    -------
    list of Result, or dict of title to Result
        In the order of the subjects. Ctrl-C returns what there is, and None for what is not.

    Raises
    ------
    InputError
        For options that `solve` does not have, and what cannot be pickled. An error in one of
        them is raised with its place among the subjects, and the results so far as
        `error.result`.

    Examples
    --------
    >>> from hopfield_opt.problems import MaxCut
    >>> cycles = [MaxCut([(k, (k + 1) % n) for k in range(n)]) for n in (4, 5, 6)]
    >>> [result.value for result in solve_many(cycles, seed=0)]
    [4.0, 4.0, 6.0]
    """
    titled = _by_title(subjects)
    if executor is not None:
        checks.executor("executor", executor)
        options = {"n_jobs": 1, **options}
    shown = shows_progress(checks.optional(check_truth, "progress", progress))
    own = {"seed": rng.check_seed(seed), "progress": False, **options}
    for title, subject in titled.items():
        check_arguments("solve_many", solve, {"subject": subject, **own})
        if isinstance(subject, type):
            raise InputError(f"subjects must be problems, got {show(subject)} at {show(title)}.")
    jobs = {place: Solving(subject, own) for place, subject in enumerate(titled.values())}
    found: dict[int, Result] = {}
    try:
        _solve_all(jobs, executor, shown, found)
    except BaseException as error:
        error.result = _in_order(subjects, titled, found)  # type: ignore[attr-defined]
        raise
    return _in_order(subjects, titled, found)


def _solve_all(
    jobs: Mapping[int, Solving], executor: Executor | None, shown: bool, found: dict[int, Result]
) -> None:
    """Fill in what is found until all of it is there, or Ctrl-C."""
    started = time.monotonic()
    with (
        Interruptible() as interrupt,
        ProgressBar(shown, "solve_many") as bar,
        Errands(executor, "problems") as errands,
    ):
        errands.send(jobs)
        while errands.are_out and not interrupt.requested:
            for place, result in errands.receive().items():
                found[place] = result
                share = len(found) / len(jobs)
                bar.update(time.monotonic() - started, share, f"{len(found)} of {len(jobs)}")
                if result.status is Status.INTERRUPTED:
                    return


def _by_title(subjects: Any) -> dict[Any, Any]:
    if isinstance(subjects, Mapping):
        return dict(subjects)
    listed = None if hasattr(subjects, "evaluate") else as_list(subjects)
    if listed is None:
        raise InputError(
            f"subjects must be several problems, got {checks.kind_of(subjects)}. "
            "Give a list, or call solve for one."
        )
    return dict(enumerate(listed))


def _in_order(subjects: Any, titled: dict[Any, Any], found: dict[int, Result]) -> Any:
    """Return the results in the form in which the subjects came."""
    results = [found.get(place) for place in range(len(titled))]
    by_title = isinstance(subjects, Mapping)
    return dict(zip(titled, results, strict=True)) if by_title else results
