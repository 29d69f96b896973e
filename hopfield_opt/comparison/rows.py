"""Rows of a comparison: the runs of one algorithm on one problem, put together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hopfield_opt.bounds import Certificate
from hopfield_opt.comparison.runs import Kind, Run

# Values that differ by less, relative to the larger one, are the same but for rounding.
SAME = 1e-9


@dataclass(frozen=True)
class Bound:
    """A value that no feasible answer beats.

    Attributes
    ----------
    value : float
        The bound, in the user's sense.
    by : str
        What proves it; of somebody else's the algorithm.
    rounding : float
        By how much a value in floating point may be off.
    """

    value: float
    by: str
    rounding: float = 0.0

    def gap(self, value: float) -> float:
        """Return the relative distance of a value, 0 where rounding is all that is between."""
        is_met = abs(value - self.value) <= self.rounding
        return 0.0 if is_met else distance(value, self.value)


@dataclass(frozen=True)
class Row:
    """One algorithm on one problem, over all seeds.

    Attributes
    ----------
    problem, algorithm : str
        What was solved, and by what.
    kind : {"method", "baseline", "relaxation"}
        One of ours, somebody else's, or a bound.
    value, best, worst : float or None
        Median, best and worst value of the feasible answers; of a relaxation the bound.
    gap : float or None
        Relative distance of `value` to the best value of the whole table for this problem.
    bound : float or None
        The tightest bound on the values of this problem, whosoever it is.
    gap_to_bound : float or None
        Relative distance of `value` to `bound`.
    feasible : float or None
        The share of runs with a feasible answer; None for a relaxation.
    seconds_to_best : float or None
        Median time of the last improvement. What a baseline found on its way is not known: its
        answer is there at its end.
    seconds : float
        Median time of a run.
    runs : int
        How many runs there were.
    remark : str
        Proofs, and what went wrong.
    """

    problem: str
    algorithm: str
    kind: Kind
    value: float | None
    best: float | None
    worst: float | None
    gap: float | None
    bound: float | None
    gap_to_bound: float | None
    feasible: float | None
    seconds_to_best: float | None
    seconds: float
    runs: int
    remark: str


@dataclass(frozen=True)
class Total:
    """One algorithm over all problems.

    Attributes
    ----------
    algorithm : str
        Which one.
    kind : {"method", "baseline"}
        One of ours, or somebody else's.
    first : int
        The problems on which no algorithm has a better median.
    problems : int
        The problems that it was run on.
    mean_gap : float or None
        The mean of `Row.gap` where every problem got a feasible answer, else None.
    """

    algorithm: str
    kind: Kind
    first: int
    problems: int
    mean_gap: float | None


def distance(value: float, other: float) -> float:
    """Return ``|value - other| / max(|value|, |other|)``, 0 where they differ by rounding only.

    Examples
    --------
    >>> distance(9.0, 10.0), distance(0.0, 0.0)
    (0.1, 0.0)
    """
    largest = max(abs(value), abs(other))
    difference = abs(value - other)
    return 0.0 if difference <= SAME * largest else difference / largest


def better(values: Sequence[float], sense: str) -> float:
    """Return the best of some values in the user's sense."""
    return max(values) if sense == "maximize" else min(values)


def rows_of(runs: Sequence[Run], sense: str, bound: Bound | None) -> list[Row]:
    """Return the rows of one problem in the order of its runs."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        groups.setdefault(run.algorithm, []).append(run)
    best = _best(runs, sense)
    return [_row(group, sense, best, bound) for group in groups.values()]


def totals_of(rows: Sequence[Row], senses: dict[str, str]) -> list[Total]:
    """Return how each algorithm did over all problems."""
    contests = [row for row in rows if row.kind != "relaxation"]
    leaders = {
        problem: better(values, sense)
        for problem, sense in senses.items()
        if (values := [r.value for r in contests if r.problem == problem and r.value is not None])
    }
    groups: dict[str, list[Row]] = {}
    for row in contests:
        groups.setdefault(row.algorithm, []).append(row)
    totals = []
    for algorithm, group in groups.items():
        gaps = [row.gap for row in group if row.gap is not None]
        first = [
            r for r in group if r.value is not None and not distance(r.value, leaders[r.problem])
        ]
        mean = float(np.mean(gaps)) if len(gaps) == len(group) else None
        totals.append(Total(algorithm, group[0].kind, len(first), len(group), mean))
    return totals


def tightest(runs: Sequence[Run], sense: str, certificate: Certificate | None) -> Bound | None:
    """Return the tightest bound of one problem, None where there is none.

    It is that of the certificate, of a relaxation, or a proven optimum; of equal ones the first
    of these. What a feasible answer beats is no bound.
    """
    best = _best(runs, sense)
    found = []
    if certificate is not None and (best is None or certificate.allows(best)):
        found.append(Bound(certificate.bound, certificate.by, certificate.rounding))
    found += [
        Bound(run.value, run.algorithm)
        for run in runs
        if run.value is not None and (_is_valid(run, sense, best) or _is_proven(run, best))
    ]
    outermost = -1 if sense == "maximize" else 1
    return max(found, key=lambda bound: outermost * bound.value, default=None)


def _is_valid(run: Run, sense: str, best: float | None) -> bool:
    """Whether a run is a bound that no answer has beaten."""
    if run.kind != "relaxation" or run.value is None:
        return False
    if best is None or better([best, run.value], sense) == run.value:
        return True
    return distance(run.value, best) == 0.0


def _best(runs: Sequence[Run], sense: str) -> float | None:
    """Return the best feasible value of all runs."""
    known = [value for run in runs if (value := _feasible_value(run)) is not None]
    return better(known, sense) if known else None


def _feasible_value(run: Run) -> float | None:
    """Return the value of a run if it is that of a feasible answer."""
    return run.value if run.feasible and run.kind != "relaxation" else None


def _is_proven(run: Run, best: float | None) -> bool:
    """Whether a run is optimal, and no other run says otherwise."""
    if not run.optimal or run.value is None or best is None:
        return False
    return distance(run.value, best) == 0.0


def _row(runs: Sequence[Run], sense: str, best: float | None, bound: Bound | None) -> Row:
    first = runs[0]
    relaxed = first.kind == "relaxation"
    values = [run.value for run in runs if run.value is not None and (run.feasible or relaxed)]
    # of an even number the worse of the two in the middle: a value that was met
    ranked = sorted(values, reverse=sense == "maximize")
    value = ranked[len(ranked) // 2] if ranked else None
    to_best = [run.moments[-1] for run in runs if run.moments]
    return Row(
        problem=first.problem,
        algorithm=first.algorithm,
        kind=first.kind,
        value=value,
        best=ranked[0] if ranked and not relaxed else None,
        worst=ranked[-1] if ranked and not relaxed else None,
        gap=None if value is None or best is None else distance(value, best),
        bound=None if bound is None else bound.value,
        gap_to_bound=None if value is None or bound is None else bound.gap(value),
        feasible=None if relaxed else sum(run.feasible for run in runs) / len(runs),
        seconds_to_best=float(np.median(to_best)) if to_best else None,
        seconds=float(np.median([run.seconds for run in runs])),
        runs=len(runs),
        remark=_remark(runs, sense, best),
    )


def _remark(runs: Sequence[Run], sense: str, best: float | None) -> str:
    """Return what is to be said about some runs of one algorithm."""
    said = []
    proven = sum(_is_proven(run, best) for run in runs)
    if proven:
        said.append("optimal" if proven == len(runs) else f"optimal in {proven} of {len(runs)}")
    if any(run.optimal and not _is_proven(run, best) for run in runs):
        said.append("claims an optimum that was beaten")
    if runs[0].kind == "relaxation" and runs[0].value is not None:
        valid = _is_valid(runs[0], sense, best)
        said.append("bound" if valid else "claims a bound that was beaten")
    notes = [run.note for run in runs if run.note]
    for note in dict.fromkeys(notes):
        count = notes.count(note)
        said.append(note if count == len(runs) else f"{note} ({count} of {len(runs)})")
    return "; ".join(said)
