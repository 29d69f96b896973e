"""`solve`: wire compiler, dynamics and decoder together."""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from hopfield_opt.compiler import CompileOptions
from hopfield_opt.driver.bounding import Effort
from hopfield_opt.driver.call import Call
from hopfield_opt.driver.checks import optional, switch
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.limits import Limits
from hopfield_opt.driver.listening import Incumbent
from hopfield_opt.driver.progress import Progress
from hopfield_opt.driver.request import Request
from hopfield_opt.driver.starting import read_start
from hopfield_opt.dynamics.auto import Auto
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.exactness import FEASIBILITY_TOLERANCE
from hopfield_opt.result import Result


def solve(
    subject: Any,
    *,
    method: str | Dynamics | Auto = "auto",
    time_limit: float | None = None,
    sweeps: int | None = None,
    replicas: int | None = None,
    target: float | None = None,
    seed: int | None = None,
    start: Any = None,
    n_jobs: int | None = None,
    executor: Executor | None = None,
    callback: Callable[[Incumbent], object] | None = None,
    callback_every: float | None = None,
    stop: Any = None,
    progress: bool | Callable[[Progress], object] | None = None,
    structure: str = "auto",
    penalty: str | float = "exact",
    presolve: str = "safe",
    encoding: str | None = None,
    feasibility_tolerance: float = FEASIBILITY_TOLERANCE,
    polish: bool = True,
    bound: Effort = "auto",
) -> Result:
    """Minimise the energy of a problem, a model or a network, and check the answer.

    Parameters
    ----------
    subject : Problem, Model, Compiled or Hamiltonian
        What to solve.
    method : str or Dynamics
        A name of `hopfield-opt methods`, or a dynamics with its parameters. "auto" is the
        problem's own method, if it has one.
    time_limit : float, optional
        Seconds. With neither limit the method's own default budget is used; with both, the
        first reached ends the run.
    sweeps : int, optional
        Sweeps of each replica; one sweep is N proposals. The same seed then gives the same
        answer on every machine.
    replicas : int, optional
        Independent copies; None is the method's default.
    target : float, optional
        Stop at a feasible value at least as good, in the user's sense (an energy for a
        Hamiltonian).
    seed : int, optional
        None draws one, which the result carries.
    start : object, optional
        Where all replicas begin: an answer for a problem, a dict of arrays for a model, spins
        for a Hamiltonian, or the `Result` of an earlier call. Variables of a model that are not
        named, or nan, begin as near to 0 as they come. The result is never worse than it.
    n_jobs : int, optional
        Threads; None uses the CPUs of this process. The answer does not depend on it.
    executor : concurrent.futures.Executor, optional
        Where whole groups of replicas run instead, each to its end: processes or a cluster.
        What a group has met is seen when it comes back, so that `target` and `callback` can
        stop only between groups. The states are the same as with threads.
    callback : callable, optional
        Called with each better `Incumbent`; a true return stops the run. An exception in it
        carries the result so far as `error.result`.
    callback_every : float, optional
        The least seconds between two calls of it: of what is found meanwhile it is told the best,
        and of the last at the end.
    stop : threading.Event or callable, optional
        Ends the run, from any thread, once it is set or returns something true: within some
        0.05 s, unless a kernel is being compiled or one step goes over millions of numbers. It
        is asked often, from several threads.
    progress : bool or callable, optional
        Show a progress bar; None does so on a terminal or in a notebook, after a second. A
        function is told of `Progress` instead, some fifty times a second.
    structure, penalty, presolve, encoding
        How to compile, see `hopfield_opt.compile`. A `Compiled` is as it was compiled.
    feasibility_tolerance : float
        The part of the sum of its ``|terms|``, bound included, by which a constraint that holds
        decimals may be missed. Whole numbers, and those of few digits in binary, are judged
        exactly.
    polish : bool
        Whether the problem's own local search, if it has one, may improve the answer at last.
    bound : {"auto", "none", "strong"}
        Whether to look for a bound on all values before the search: in a tenth of the time limit,
        or .2 s, not at all, or in half of the limit, or as long as it takes. A search ends when
        its best is as good as the bound; what it answers does not depend on it otherwise.

    Returns
    -------
    Result
        Ctrl-C returns the best so far, with `Status.INTERRUPTED`; `stop` does, too, with
        `Status.STOPPED`.

    Raises
    ------
    InputError
        For a budget, a method or a start that cannot be used, and for a `Compiled` that was
        compiled otherwise than is asked.

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> square = ho.problems.MaxCut([(0, 1), (1, 2), (2, 3), (3, 0)])
    >>> ho.solve(square, seed=0).answer
    ({0, 2}, {1, 3})
    """
    limits = Limits(time_limit, sweeps, replicas, target, n_jobs)
    clock = Clock(limits.time_limit, optional(switch, "stop", stop))
    options = CompileOptions(
        structure, penalty, presolve, encoding, feasibility_tolerance=feasibility_tolerance
    )
    given = (executor, callback, progress, polish, bound, callback_every)
    request = Request.of(subject, method, options, limits, seed, *given)
    return Call(request, clock).run(read_start(request.subject, start))
