"""Why a run ended."""

from enum import Enum


class Status(Enum):
    """Why a run ended: the first that applies, in this order."""

    INTERRUPTED = "interrupted by Ctrl-C; the best so far is returned"
    STOPPED = "stopped from outside, or by the callback"
    INFEASIBLE = "proven infeasible: no answer can satisfy all constraints"
    OPTIMAL = "proven optimal: value and bound agree"
    TARGET = "the target was reached"
    NO_FEASIBLE = "no feasible answer was found; what violates least is kept"
    CONVERGED = "converged: nothing moves any more, or what moves repeats itself"
    TIME_LIMIT = "the time limit was reached"
    SWEEP_LIMIT = "the budget of sweeps was used"
