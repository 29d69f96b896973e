"""What the functions of the backend share: graphs as they are now, and the search."""

import functools
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import networkx as nx

from hopfield_opt.driver import solve
from hopfield_opt.driver.limits import Limits
from hopfield_opt.errors import InputError
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Problem

# while a function of ours runs, what networkx itself calls inside of it stays networkx'
_running: ContextVar[bool] = ContextVar("running", default=False)


class HopfieldGraph:
    """A networkx graph as the backend gets it: a reference, so that no weight is ever stale."""

    __networkx_backend__ = "hopfield"

    def __init__(self, graph: Any) -> None:
        self.graph = graph

    def is_directed(self) -> bool:
        """Whether the edges have a direction."""
        return bool(self.graph.is_directed())

    def is_multigraph(self) -> bool:
        """Whether there may be parallel edges."""
        return bool(self.graph.is_multigraph())


def is_running() -> bool:
    """Whether a function of the backend runs in this context."""
    return _running.get()


@contextmanager
def _mark_running() -> Iterator[None]:
    token = _running.set(True)
    try:
        yield
    finally:
        _running.reset(token)


def takes_graphs(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function that is written for networkx graphs be called by networkx' dispatch.

    What our problems refuse (a weight that is no number) becomes a `NotImplementedError`, on
    which networkx goes on by itself where the backend was chosen by priority.
    """

    @functools.wraps(function)
    def called(
        graph: Any,
        *arguments: Any,
        time_limit: float | None = None,
        sweeps: int | None = None,
        **keywords: Any,
    ) -> Any:
        Limits(time_limit, sweeps, None, None, None)  # a limit that is none is said at once
        if isinstance(graph, HopfieldGraph):
            graph = graph.graph
        # networkx keeps what was converted, and warns when it finds it: there is nothing to keep
        kept = (getattr(graph, "__networkx_cache__", None) or {}).get("backends", {})
        kept.pop("hopfield", None)
        with _mark_running():
            try:
                limits = {"time_limit": time_limit, "sweeps": sweeps}
                return function(graph, *arguments, **keywords, **limits)
            except InputError as error:
                raise NotImplementedError(f"{function.__name__}: {error}") from error

    return called


def improve(
    subject: Problem | Model,
    start: Any,
    seed: random.Random | None,
    time_limit: float | None,
    sweeps: int | None,
) -> Any:
    """Return the best answer of a search that begins at a start and is never worse than it.

    `seed` is networkx' generator, None for the functions that draw nothing there: they draw the
    same here in each run.
    """
    drawn = 0 if seed is None else seed.getrandbits(32)
    return solve(
        subject, start=start, seed=drawn, progress=False, time_limit=time_limit, sweeps=sweeps
    ).answer


def undirected(graph: Any, weight: Any = None) -> Any:
    """Return an undirected copy without loops, the weights of parallel edges summed.

    Parameters
    ----------
    graph : networkx graph
        Directed or not, with parallel edges or not.
    weight : str, callable or None
        The attribute that holds the weight, 1 where it is missing; a function of both ends and
        the attributes, None from which hides an edge; None: all edges weigh 1.
    """
    plain: Any = nx.Graph()
    plain.add_nodes_from(graph)
    for u, v, data in graph.edges(data=True):
        if weight is None:
            value = 1
        else:
            value = weight(u, v, data) if callable(weight) else data.get(weight, 1)
        if u != v and value is not None:
            before = plain.edges[u, v]["weight"] if weight and plain.has_edge(u, v) else 0
            plain.add_edge(u, v, weight=before + value)
    return plain
