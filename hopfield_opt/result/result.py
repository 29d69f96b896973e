"""What a run gives back: a checked answer, why the run ended, and where it went."""

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import check_integer
from hopfield_opt.exactness import FEASIBILITY_TOLERANCE
from hopfield_opt.printing import as_json, bound_text, method_rows, number_text, variables_text
from hopfield_opt.result.candidate import Candidate, Judge
from hopfield_opt.result.saving import load, save
from hopfield_opt.result.status import Status
from hopfield_opt.trace import Trace, Trajectory

NOT_SEARCHED = "none"
"""The `method` of a result for which no state was searched."""


@dataclass(frozen=True, eq=False)
class Result:
    """A checked answer with everything that led to it.

    Attributes
    ----------
    status : Status
        Why the run ended.
    best : Candidate or None
        The best met, feasible before infeasible, then value; None if proven infeasible.
        Its fields are also read as `value`, `answer`, `assignment`, `feasible`, ...
    sense : {"minimize", "maximize"}
        The user's sense of `value` and `bound`.
    bound : float or None
        A proven bound on the optimistic side of the value; None where unknown.
    states, energies : (R, N) int8, (R,) float64
        Where each replica ended.
    trace : Trace or Trajectory
        The improvements over time; what `run` recorded.
    seed : int
        The seed that repeats this run.
    seconds : dict
        Seconds by part: compile, solve, decode, jit, total.
    sweeps : int
        Sweeps done by each replica; one sweep is N proposals.
    method : str
        The name of the dynamics; "none" where no state was searched.
    reason : str
        Why this method was taken, or none.
    problem : str
        Its kind.
    num_variables, num_spins : int
        The sizes of the user's own problem and of the compiled network: presolve and encodings
        make them differ. Both are 0 where there was no time to find out.
    details : dict of str to array
        What only this method knows of the end of a `run`, by replica: `periods` and `flipping` of
        cycles, `outputs` of graded neurons, `temperatures`; see `observables` of its states.
    feasibility_tolerance : float
        The part of the sum of its ``|terms|`` by which a constraint with decimals may be missed.
    notes : tuple of str
        What may have kept a search from better answers: equalities that became penalties.
    certificate : Certificate or None
        What proves the bound; None where a search does.
    bound_by : str
        What the bound is by, in words; empty where all states were looked at.
    archive : tuple of (A, N) int8 and (A,) float64, or None
        States that the search has passed by, the lowest of each stretch, and their energies.
    """

    status: Status
    best: Candidate | None
    sense: str
    bound: float | None
    states: NDArray[np.int8]
    energies: NDArray[np.float64]
    trace: Trace | Trajectory
    seed: int
    seconds: Mapping[str, float]
    sweeps: int
    method: str
    reason: str
    problem: str
    num_variables: int
    num_spins: int
    _judge: Judge = field(repr=False)
    details: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    feasibility_tolerance: float = FEASIBILITY_TOLERANCE
    notes: tuple[str, ...] = ()
    certificate: Any = None
    bound_by: str = ""
    archive: tuple[NDArray[np.int8], NDArray[np.float64]] | None = None

    @property
    def value(self) -> float | None:
        """The value of the answer in the user's sense, computed from the user's data."""
        return self.best.value if self.best else None

    @property
    def answer(self) -> Any:
        """The user's object: two sets, a tour, a colouring, arrays by name, or the state."""
        return self.best.answer if self.best else None

    @property
    def assignment(self) -> Mapping[str, NDArray[Any]] | None:
        """The variables of the model."""
        return self.best.assignment if self.best else None

    @property
    def feasible(self) -> bool:
        """Whether the answer violates no constraint."""
        return self.best is not None and self.best.feasible

    @property
    def violations(self) -> Mapping[str, float]:
        """Each violated constraint by name with its amount."""
        return self.best.violations if self.best else {}

    @property
    def energy(self) -> float | None:
        """The energy of `state` in the compiled network; None where the weights have none."""
        return None if self.best is None or np.isnan(self.best.energy) else self.best.energy

    @property
    def state(self) -> NDArray[np.int8] | None:
        """The spins of the answer."""
        return self.best.state if self.best else None

    @property
    def gap(self) -> float | None:
        """Relative distance of value and bound, ``|value - bound| / max(|value|, |bound|)``."""
        if self.value is None or self.bound is None or not self.feasible:
            return None
        if self.value == self.bound:
            return 0.0
        return abs(self.value - self.bound) / max(abs(self.value), abs(self.bound))

    def top(self, k: int) -> list[Candidate]:
        """Return the k best distinct answers among the ends of all replicas and the best met.

        Parameters
        ----------
        k : int
            How many at the most.

        Raises
        ------
        InputError
            If `k` is no number of answers.
        """
        k = check_integer("k", k, lowest=0)
        return self._distinct((self.states, self.energies))[:k]

    def diverse(self, k: int, min_distance: int = 1) -> list[Candidate]:
        """Return good answers that are far from each other, the best first.

        Each is the best of those met whose distance to all before is large enough: among the ends
        of all replicas and states that the search has passed by, as feasible as the best.

        Parameters
        ----------
        k : int
            How many at the most.
        min_distance : int
            The least number of variables in which two of them differ, those of the model.

        Raises
        ------
        InputError
            If one of them is no such number.

        Examples
        --------
        >>> import hopfield_opt as ho
        >>> result = ho.solve(ho.problems.MaxCut([(0, 1), (2, 3)]), seed=0)
        >>> [found.answer for found in result.diverse(2, min_distance=2)]
        [({0, 2}, {1, 3}), ({0, 3}, {1, 2})]
        """
        k = check_integer("k", k, lowest=0)
        least = check_integer("min_distance", min_distance, lowest=1)
        chosen: list[Candidate] = []
        codes: list[NDArray[Any]] = []
        passed_by = () if self.archive is None else (self.archive,)
        for candidate in self._distinct((self.states, self.energies), *passed_by):
            if len(chosen) == k:
                break
            if candidate.feasible != self.feasible:
                continue
            by_name = self._judge.code(candidate)
            flat = [np.ravel(np.asarray(by_name[name])) for name in sorted(by_name)]
            code = np.concatenate([np.empty(0), *flat])
            if all(np.count_nonzero(code != other) >= least for other in codes):
                chosen.append(candidate)
                codes.append(code)
        return chosen

    def _distinct(self, *sources: tuple[NDArray[np.int8], NDArray[np.float64]]) -> list[Candidate]:
        """Return the distinct answers among the best met and some states, best first."""
        if self.best is None:
            return []
        met = [(states, energies) for states, energies in sources if len(states)]
        states = np.concatenate([self.best.state[None], *(states for states, _ in met)])
        energies = np.concatenate([[self.best.energy], *(energies for _, energies in met)])
        distinct = np.unique(states, axis=0, return_index=True)[1]
        found = [self._judge(states[i], float(energies[i])) for i in distinct]
        best: dict[str, Candidate] = {}
        for candidate in sorted(found, key=lambda candidate: candidate.rank(self.sense)):
            # several states may stand for one answer: those of a cut and its mirror image
            answer = candidate.answer
            listed = candidate.assignment if answer is None else self._judge.listed(answer)
            best.setdefault(json.dumps(as_json(listed)), candidate)
        return list(best.values())

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain Python values, in the order of the command line's JSON."""
        return {
            "problem": self.problem,
            "method": self.method,
            "seed": self.seed,
            "status": self.status.name,
            "value": as_json(self.value),
            "sense": self.sense,
            "feasible": self.feasible,
            "violations": as_json(self.violations),
            "feasibility_tolerance": self.feasibility_tolerance,
            "bound": as_json(self.bound),
            "gap": as_json(self.gap),
            "energy": as_json(self.energy),
            "num_variables": self.num_variables,
            "seconds": as_json(self.seconds),
            "answer": as_json(None if self.best is None else self._judge.listed(self.answer)),
        }

    def to_json(self) -> str:
        """Return the result as one JSON object."""
        return json.dumps(self.to_dict())

    save = save
    load = classmethod(load)

    def _rows(self) -> list[tuple[str, str]]:
        """Return what a reader wants to know first, as pairs of name and text."""
        known = bound_text(self.bound, self.gap, self.bound_by)
        rows = [("value", f"{number_text(self.value)} ({self.sense})"), ("bound", known)]
        if variables := variables_text(self.answer):
            rows.insert(1, ("answer", f"result.answer{variables}"))
        if self.feasible:
            rows.append(("feasible", "yes"))
        else:
            named = ", ".join(f"{name} by {amount:g}" for name, amount in self.violations.items())
            rows.append(("feasible", f"no: {named or 'no answer'}"))
        total = self.seconds.get("total", 0.0)
        spent = f"{total:.2f} s, {self.sweeps} sweeps x {len(self.energies)} replicas"
        if (jit := self.seconds.get("jit", 0.0)) >= 0.1:
            spent += f"; before that {jit:.1f} s to compile kernels, kept for later runs"
        return [
            *rows,
            ("status", self.status.value),
            *method_rows(self.method, self.reason),
            *(("note", note) for note in self.notes),
            ("spent", spent),
            ("seed", str(self.seed)),
        ]

    def _head(self) -> str:
        if self.method == NOT_SEARCHED and not self.num_variables:
            return self.problem  # there was no time to count them
        spins = f" ({self.num_spins} spins)" if self.num_spins != self.num_variables else ""
        return f"{self.problem}, {self.num_variables} variables{spins}"

    def __str__(self) -> str:
        """Return a table of a few lines."""
        rows = (f"  {name:<9}{value}" for name, value in self._rows())
        return "\n".join([self._head(), *rows])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return the table for a notebook."""
        cells = "".join(
            f"<tr><th style='text-align:left'>{html.escape(name)}</th>"
            f"<td style='text-align:left'>{html.escape(value)}</td></tr>"
            for name, value in self._rows()
        )
        head = html.escape(self._head())
        return f"<table><caption>{head}</caption>{cells}</table>"
