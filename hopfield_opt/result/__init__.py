"""What a run gives back: a checked answer, why the run ended, and where it went."""

from hopfield_opt.result.candidate import Candidate as Candidate
from hopfield_opt.result.candidate import Judge as Judge
from hopfield_opt.result.result import NOT_SEARCHED as NOT_SEARCHED
from hopfield_opt.result.result import Result as Result
from hopfield_opt.result.status import Status as Status

__all__ = ["NOT_SEARCHED", "Candidate", "Judge", "Result", "Status"]
