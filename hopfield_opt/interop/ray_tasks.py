"""Ray: its tasks as an executor, which it has none of."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any


class RayExecutor(Executor):
    """Do each job as a task of Ray.

    Ray is started where it does not run yet, and goes on after a `shutdown` of this.

    Parameters
    ----------
    **options
        Of `ray.remote`, what a task needs: `num_cpus`, `memory`, `max_retries`, ...

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> with RayExecutor(num_cpus=2) as executor:  # doctest: +SKIP
    ...     results = ho.solve_many(problems, executor=executor, n_jobs=2)
    """

    def __init__(self, **options: Any) -> None:
        import ray

        if not ray.is_initialized():
            ray.init()
        self._call = ray.remote(**options)(_call) if options else ray.remote(_call)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return the future of a call that some worker makes."""
        future: Future[Any] = self._call.remote(fn, args, kwargs).future()
        return future


def _call(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return function(*args, **kwargs)
