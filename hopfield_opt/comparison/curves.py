"""Quality over time: the median of the best so far, run by run, of each algorithm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.comparison.rows import better, distance
from hopfield_opt.comparison.runs import Kind, Run

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Curve:
    """How good the answer of one algorithm is after so many seconds.

    Attributes
    ----------
    algorithm : str
        Which one.
    kind : {"method", "baseline", "relaxation"}
        A method has a curve, a baseline one point at its end, a relaxation one value.
    seconds, values : (T,) float64
        From each of these moments on the value holds. For one problem it is the median over
        the seeds of the best so far, for several the mean of its relative distance to the best
        value of all runs.
    """

    algorithm: str
    kind: Kind
    seconds: Floats
    values: Floats


def curves_of(runs: Sequence[Run], senses: Mapping[str, str]) -> list[Curve]:
    """Return one curve for each algorithm that has a feasible answer to every problem."""
    algorithms = dict.fromkeys((run.algorithm, run.kind) for run in runs)
    several = len(senses) > 1
    curves = []
    for algorithm, kind in algorithms:
        own = [run for run in runs if run.algorithm == algorithm]
        if kind == "relaxation":
            values = [run.value for run in own if run.value is not None]
            if values and not several:
                seconds = np.array([own[0].seconds])
                curves.append(Curve(algorithm, kind, seconds, np.array(values[:1])))
            continue
        moments = np.unique([moment for run in own for moment in run.moments])
        rows = [
            _gaps(values, _best(runs, problem, sense)) if several else values
            for problem, sense in senses.items()
            for values in [_median([r for r in own if r.problem == problem], moments, sense)]
        ]
        mean = np.mean(rows, axis=0)
        known = np.isfinite(mean)
        if kind == "baseline":
            # only the end is known: where half of the runs have their answers
            known &= np.cumsum(mean == mean[-1:]) == 1
        if known.any():
            curves.append(Curve(algorithm, kind, moments[known], mean[known]))
    return curves


def _best(runs: Sequence[Run], problem: str, sense: str) -> float:
    values = [value for run in runs if run.problem == problem for value in run.values]
    return better(values, sense) if values else np.nan


def _gaps(values: Floats, best: float) -> Floats:
    return np.array([distance(v, best) if np.isfinite(v) else np.nan for v in values.tolist()])


def _median(runs: Sequence[Run], moments: Floats, sense: str) -> Floats:
    """Return the median best so far at some moments; nan until half of the runs have one."""
    worst = -np.inf if sense == "maximize" else np.inf
    table = np.full((len(runs), len(moments)), worst)
    for row, run in zip(table, runs, strict=True):
        if run.moments:
            at = np.searchsorted(run.moments, moments, side="right") - 1
            row[at >= 0] = np.array(run.values)[at[at >= 0]]
    if not len(runs):
        return np.full(len(moments), np.nan)
    # of an even number the worse of the two in the middle, as in the rows
    ranked = np.sort(table, axis=0) if sense == "minimize" else -np.sort(-table, axis=0)
    middle = ranked[len(runs) // 2]
    return np.where(np.isfinite(middle), middle, np.nan)
