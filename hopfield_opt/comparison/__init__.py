"""Ours next to what people use today, for equal time."""

from hopfield_opt.comparison.comparing import compare
from hopfield_opt.comparison.results import Comparison
from hopfield_opt.comparison.rows import Row
from hopfield_opt.comparison.runs import Run

__all__ = ["Comparison", "Row", "Run", "compare"]
