"""Jobs that travel to an executor: what comes back, what is lost, and where that is done again."""

import pickle
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from typing import Any, Self

from hopfield_opt.arrays import warn
from hopfield_opt.errors import InputError

# Ctrl-C is looked for this often while jobs are out, in seconds.
PATIENCE = 0.05
# what is raised where a job cannot be sent, or not be read at the other end
_UNSENT = (pickle.PickleError, TypeError, AttributeError, ImportError)


@dataclass(frozen=True, eq=False)
class Reply:
    """What a job returned, or the error that it raised."""

    value: Any
    error: Exception | None = None


@dataclass(frozen=True, eq=False)
class Errand:
    """A job that brings its own errors back: what else is raised is the host's."""

    job: Callable[[], Any]

    def __call__(self) -> Reply:
        """Do the job."""
        try:
            return Reply(self.job())
        except Exception as error:
            return Reply(None, error)


class Errands:
    """Jobs by number, each sent to an executor, or done in this process where there is none.

    What is lost because its worker dies, or the whole host goes away, is sent to a fresh pool
    where the executor is one of processes, and is done in this process else.

    Parameters
    ----------
    executor : Executor or None
        Where the jobs are done.
    what : str
        What the jobs are about, for messages: a plural.
    """

    def __init__(self, executor: Executor | None, what: str) -> None:
        self._executor = executor
        self._what = what
        self._jobs: dict[int, Callable[[], Any]] = {}  # all that are not back
        self._waiting: dict[Future[Reply], int] = {}
        self._here: list[int] = []
        self._lost: list[int] = []
        self._fresh: Executor | None = None
        self._warned = False
        self._error: Exception | None = None  # raised once what came with it is taken

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for future in self._waiting:
            future.cancel()
        if self._fresh is not None:
            self._fresh.shutdown()

    @property
    def are_out(self) -> bool:
        """Whether any has not come back."""
        return bool(self._jobs) or self._error is not None

    def send(self, jobs: Mapping[int, Callable[[], Any]]) -> None:
        """Send jobs by their numbers."""
        self._jobs.update(jobs)
        self._submit(self._executor, sorted(jobs))

    def give_up(self) -> None:
        """Take what is out for lost: nothing is heard of the host."""
        for future, number in self._waiting.items():
            future.cancel()
            self._lost.append(number)
        self._waiting.clear()

    def receive(self) -> dict[int, Any]:
        """Return what came back in the last moment, in the order of the numbers.

        Where nothing is out any more that is not lost, it is sent or done again.

        Raises
        ------
        Exception
            What a job raised, with its number as a note.
        InputError
            If a job cannot be sent.
        """
        found: dict[int, Any] = {}
        if self._error is not None:
            raise self._error
        if self._waiting:
            through, _ = wait(self._waiting, PATIENCE, FIRST_COMPLETED)
            for future in sorted(through, key=self._waiting.__getitem__):
                self._land(self._waiting.pop(future), future.result, found)
        elif self._lost:
            self._try_again()
        elif self._here:
            number = self._here.pop(0)
            self._land(number, Errand(self._jobs[number]), found)
        return found

    def _submit(self, executor: Executor | None, numbers: list[int]) -> None:
        if executor is None:
            self._here += numbers
            return
        for number in numbers:
            try:
                self._waiting[executor.submit(Errand(self._jobs[number]))] = number
            except Exception as error:
                self._lose(number, error)

    def _land(self, number: int, result: Callable[[], Reply], found: dict[int, Any]) -> None:
        """Look at what came back of a job, if it did."""
        try:
            reply = result()
        except Exception as error:
            self._lose(number, error)
            return
        del self._jobs[number]
        if reply.error is None:
            found[number] = reply.value
        else:
            reply.error.add_note(f"raised in number {number} of the {self._what}")
            self._error = self._error or reply.error

    def _lose(self, number: int, error: Exception) -> None:
        if isinstance(error, _UNSENT):
            raise InputError(
                f"what an executor does must be picklable and importable there, got {error}. "
                "Put functions and classes into a module of their own."
            ) from error
        self._lost.append(number)

    def _try_again(self) -> None:
        """Send what was lost to a pool like the one that broke; what is lost again stays here."""
        lost, self._lost = sorted(self._lost), []
        if self._warned:
            self._here += lost
            return
        self._warned = True
        warn(
            f"A worker of the executor died: {len(lost)} of {len(self._jobs)} {self._what} that "
            "are not back run again. What the others found is kept."
        )
        self._fresh = _pool_like(self._executor)
        self._submit(self._fresh, lost)


def _pool_like(executor: Executor | None) -> Executor | None:
    """Return a fresh pool like one of processes that broke."""
    # imported here: it takes ten milliseconds, and most runs have no pool
    from concurrent.futures import ProcessPoolExecutor

    if not isinstance(executor, ProcessPoolExecutor):
        return None
    # no public names; without them the pool has as many workers as there are CPUs
    names = ("max_workers", "mp_context", "initializer", "initargs")
    kept = {name: getattr(executor, f"_{name}", None) for name in names}
    return ProcessPoolExecutor(**{name: value for name, value in kept.items() if value is not None})
