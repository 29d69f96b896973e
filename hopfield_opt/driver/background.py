"""`submit`: a call of `solve` in a thread of its own, that can be asked, stopped and awaited."""

import atexit
import inspect
import threading
import weakref
from collections.abc import Callable, Generator
from concurrent.futures import Future
from contextvars import copy_context
from functools import partial
from typing import Any

from hopfield_opt.driver import checks
from hopfield_opt.driver.checks import optional
from hopfield_opt.driver.listening import Incumbent
from hopfield_opt.driver.progress import Progress
from hopfield_opt.driver.solving import solve
from hopfield_opt.result import Result

# how long the end of the process waits for a job that is stopped by it
PATIENCE = 1.0


class Job:
    """A call of `solve` in the background; made by `submit`.

    Await it, or ask for its `result()`. Whoever is cancelled while awaiting it cancels it.

    Attributes
    ----------
    future : concurrent.futures.Future
        Has the `Result`, or the error.
    incumbent : Incumbent or None
        The best so far: `value`, `feasible`, `answer()`, ...
    progress : Progress
        How far it is.
    """

    def __init__(self) -> None:
        self.future: Future[Result] = Future()
        self.incumbent: Incumbent | None = None
        self.progress = Progress()
        self._cancelled = threading.Event()
        self._thread: threading.Thread | None = None

    def cancel(self) -> None:
        """Ask it to end now: its result, within some 0.05 s, is the best so far."""
        self._cancelled.set()

    def done(self) -> bool:
        """Whether it has ended."""
        return self.future.done()

    def result(self, timeout: float | None = None) -> Result:
        """Return its result, or raise its error, when there is one.

        Parameters
        ----------
        timeout : float, optional
            Seconds to wait for it.

        Raises
        ------
        TimeoutError
            If there is none by then; the job goes on.
        """
        return self.future.result(timeout)

    def __repr__(self) -> str:
        state = "running" if not self.done() else "failed" if self.future.exception() else "done"
        return f"Job({state}, {self.incumbent!r})"

    def __await__(self) -> Generator[Any, None, Result]:
        """Wait for the result in an event loop of asyncio, which is free meanwhile."""
        return self._wait().__await__()

    async def _wait(self) -> Result:
        # imported here: it takes a while, and most calls are not awaited
        import asyncio

        try:
            return await asyncio.wrap_future(self.future)
        except asyncio.CancelledError:
            self.cancel()
            raise

    def _begin(self, call: Callable[..., Result], arguments: dict[str, Any]) -> None:
        """Begin the call; what its user listens to is told as well."""
        tell = optional(checks.function, "callback", arguments.get("callback"))
        wanted = optional(checks.switch, "stop", arguments.get("stop"))
        shown = arguments.get("progress")

        def note(incumbent: Incumbent) -> object:
            self.incumbent = incumbent
            return tell is not None and tell(incumbent)

        def is_over() -> bool:
            return self._cancelled.is_set() or (wanted is not None and bool(wanted()))

        def show(progress: Progress) -> None:
            self.progress = progress
            if callable(shown):
                shown(progress)

        own = {"callback": note, "stop": is_over, "progress": show}
        self.future.set_running_or_notify_cancel()
        run = partial(copy_context().run, self._run, partial(call, **{**arguments, **own}))
        self._thread = threading.Thread(target=run, name="hopfield_opt job", daemon=True)
        _running.add(self)
        self._thread.start()

    def _run(self, call: Callable[[], Result]) -> None:
        try:
            result = call()
        except BaseException as error:  # whoever asks for the result gets it, SystemExit, too
            self.future.set_exception(error)
        else:
            self.future.set_result(result)
        finally:
            _running.discard(self)


# jobs that have not ended
_running: "weakref.WeakSet[Job]" = weakref.WeakSet()


def submit(subject: Any, **arguments: Any) -> Job:
    """Begin to solve in the background, and return at once.

    Nobody needs to wait for a job: it is stopped when the process ends.

    Parameters
    ----------
    subject : Problem, Model, Compiled or Hamiltonian
        What to solve.
    **arguments
        Those of `solve`. `callback`, `progress` and `stop` are called from the threads of the job;
        a bar is shown by none.

    Returns
    -------
    Job
        Errors come from its `result()`.

    Raises
    ------
    TypeError
        If `solve` has no such argument.

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> import time
    >>> job = submit(ho.problems.MaxCut.random(200, seed=0), time_limit=60, seed=0)
    >>> while job.incumbent is None:
    ...     time.sleep(0.01)
    >>> job.cancel()
    >>> result = job.result()
    >>> result.status.name, result.value >= job.incumbent.value
    ('STOPPED', True)
    """
    inspect.signature(solve).bind(subject, **arguments)
    job = Job()
    job._begin(partial(solve, subject), arguments)
    return job


def _end_all() -> None:
    """Stop all jobs before the interpreter goes away under them."""
    left = list(_running)
    for job in left:
        job.cancel()
    for job in left:
        if job._thread is not None:
            job._thread.join(PATIENCE)


atexit.register(_end_all)
