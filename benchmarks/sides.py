"""Who takes part in a contest for equal time: ours, and what people use otherwise.

A side makes an `Algorithm` of a problem, outside the clock: models are built, modules and kernels
are loaded, and reads are sized. The algorithm gets seconds and a seed, and returns an answer that
the problem itself evaluates.
"""

import importlib.util
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

import hopfield_opt as ho
from benchmarks.base import OURS
from benchmarks.samplers import (
    Anneal,
    beta_range,
    dimod_model,
    dwave,
    openjij,
    sorted_spins,
    sweeps_per_second,
)
from hopfield_opt.hamiltonian import Hamiltonian

Algorithm = Callable[[float, int], Any]

# what cannot be stopped is cut after so many times the limit, of CPU time
PATIENCE = 3.0
LEAST_PATIENCE = 30.0


class Run(NamedTuple):
    """The value of a feasible answer or None, and what it took on the clock and of the CPU."""

    value: float | None
    seconds: float
    cpu: float


class Side(NamedTuple):
    """One algorithm.

    Attributes
    ----------
    name : str
        Who it is.
    start : callable
        Makes the algorithm of a problem.
    module : str
        What must be installed.
    draws : bool
        Whether another seed gives another answer.
    anytime : bool
        Whether more time helps; if not it is run once, for as long as it takes.
    """

    name: str
    start: Callable[[Any], Algorithm]
    module: str = "hopfield_opt"
    draws: bool = True
    anytime: bool = True

    @property
    def installed(self) -> bool:
        """Whether it can take part."""
        return importlib.util.find_spec(self.module) is not None


def timed(algorithm: Algorithm, problem: Any, seconds: float, seed: int) -> Run:
    """Return what one algorithm comes to."""
    wall, cpu = time.monotonic(), time.process_time()
    answer = None
    try:
        with cut(max(LEAST_PATIENCE, PATIENCE * seconds)):
            answer = algorithm(seconds, seed)
    except TimeoutError:
        pass
    spent = time.monotonic() - wall, time.process_time() - cpu
    found = None if answer is None else problem.evaluate(answer)
    value = found.value if found is not None and found.feasible else None
    return Run(value, *(round(each, 3) for each in spent))


@contextmanager
def cut(seconds: float) -> Iterator[None]:
    """Raise TimeoutError after some seconds of CPU time, where Python gets to it.

    On the clock those whose reads are sized by CPU time would be cut on a busy machine.
    """

    def stop(*_: Any) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def ours(problem: Any) -> Algorithm:
    """Solve with the defaults; everything from the problem on is on the clock."""

    def algorithm(seconds: float, seed: int) -> Any:
        return ho.solve(problem, time_limit=seconds, seed=seed, n_jobs=1).answer

    algorithm(0.3, 0)  # loads the kernels
    return algorithm


def annealing(load: Callable[[Hamiltonian], Anneal], problem: Any) -> Algorithm:
    """Anneal once, with as many sweeps as fit, from hot to cold."""
    compiled = ho.compile(problem)
    anneal = load(compiled.hamiltonian)
    hot, cold = beta_range(compiled.hamiltonian)
    rate = sweeps_per_second(anneal, hot, cold)

    def algorithm(seconds: float, seed: int) -> Any:
        betas = np.linspace(hot, cold, max(2, int(rate * seconds)))
        return decoded(problem, compiled, anneal(betas, 1, seed).spins[0])

    return algorithm


def tabu(problem: Any) -> Algorithm:
    """Search with the tabu search of dwave-samplers, whose time limit is its own."""
    compiled = ho.compile(problem)
    model = dimod_model(compiled.hamiltonian)
    sampler = import_module("dwave.samplers").TabuSampler()

    def algorithm(seconds: float, seed: int) -> Any:
        found = sampler.sample(model, timeout=1000 * seconds, seed=seed)
        return decoded(problem, compiled, sorted_spins(found)[found.record.energy.argmin()])

    return algorithm


def decoded(problem: Any, compiled: Any, spins: Any) -> Any:
    """Return the answer that spins stand for."""
    return problem.decode(compiled.decode(spins).assignment)


def baseline(name: str, problem: Any) -> Algorithm:
    """Run the problem's own baseline of a name; those that begin anew do so until the time ends."""
    run = next(one.run for one in problem.baselines() if one.name == name)
    return lambda seconds, seed: run(seed, time.monotonic() + seconds)


def metis(problem: Any) -> Algorithm:
    """Bisect by METIS with one seed after another, and keep the best cut that is even enough."""
    pymetis: Any = import_module("pymetis")
    graph = problem.graph
    ends = np.concatenate([graph.heads, graph.tails]), np.concatenate([graph.tails, graph.heads])
    order = np.argsort(ends[0], kind="stable")
    starts = np.searchsorted(ends[0][order], np.arange(graph.num_vertices + 1))
    near = pymetis.CSRAdjacency(starts, ends[1][order])

    def algorithm(seconds: float, seed: int) -> Any:
        deadline, best, answer = time.monotonic() + seconds, np.inf, None
        for number in range(1000 * seed, 1000 * (seed + 1)):
            options = pymetis.Options(seed=number, ncuts=10, ufactor=1)
            _, parts = pymetis.part_graph(2, near, recursive=True, options=options)
            sides = graph.sides(1 - 2 * np.array(parts))
            found = problem.evaluate(sides)
            if found.feasible and found.value < best:
                best, answer = found.value, sides
            if time.monotonic() >= deadline:
                break
        return answer

    return algorithm


def routing(problem: Any) -> Algorithm:
    """Find a tour by the routing library of OR-Tools with guided local search."""
    solver: Any = import_module("ortools.constraint_solver.pywrapcp")
    enums: Any = import_module("ortools.constraint_solver.routing_enums_pb2")
    lengths, labels = problem.cities.fill_missing().astype(np.int64).tolist(), problem.cities.labels

    def algorithm(seconds: float, seed: int) -> Any:
        manager = solver.RoutingIndexManager(len(labels), 1, 0)
        model = solver.RoutingModel(manager)
        model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(lengths))
        options = solver.DefaultRoutingSearchParameters()
        options.first_solution_strategy = enums.FirstSolutionStrategy.PATH_CHEAPEST_ARC
        search = enums.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        options.local_search_metaheuristic = search
        options.time_limit.FromMilliseconds(round(1000 * seconds))
        found = model.SolveWithParameters(options)
        if found is None:
            return None
        order, place = [], model.Start(0)
        while not model.IsEnd(place):
            order.append(labels[manager.IndexToNode(place)])
            place = found.Value(model.NextVar(place))
        return order

    return algorithm


def lin_kernighan(problem: Any) -> Algorithm:
    """Find a tour by LKH: what can be reached, not a competitor of ours."""
    matrix = import_module("elkai").DistanceMatrix(
        problem.cities.fill_missing().astype(int).tolist()
    )
    labels = problem.cities.labels
    return lambda seconds, seed: [labels[city] for city in matrix.solve_tsp(runs=1)[:-1]]


def by_baseline(name: str, **details: Any) -> Side:
    """Return one of the problem's baselines as a side."""
    return Side(name, partial(baseline, name), **details)


SELF = Side(OURS, ours)
SIDES = {
    "max-cut": (
        SELF,
        Side("dwave-samplers SA", partial(annealing, dwave), "dwave"),
        Side("OpenJij SA", partial(annealing, openjij), "openjij"),
    ),
    "qubo": (
        SELF,
        Side("dwave-samplers tabu", tabu, "dwave"),
        Side("dwave-samplers SA", partial(annealing, dwave), "dwave"),
    ),
    "tsp": (
        SELF,
        Side("LKH (elkai)", lin_kernighan, "elkai", draws=False, anytime=False),
        Side("OR-Tools routing", routing, "ortools", draws=False),
        by_baseline("iterated 2-opt"),
    ),
    "qap": (SELF, by_baseline("scipy faq")),
    "bipartition": (
        SELF,
        Side("METIS (pymetis)", metis, "pymetis"),
        by_baseline("networkx kernighan_lin"),
    ),
    "coloring": (SELF, by_baseline("networkx greedy_color DSATUR", draws=False, anytime=False)),
    "clique": (
        SELF,
        by_baseline("networkx max_clique", draws=False, anytime=False),
        by_baseline("networkx max_weight_clique", draws=False, anytime=False),
    ),
}
