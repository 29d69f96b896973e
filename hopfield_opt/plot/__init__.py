"""Pictures: one function each, ``(..., ax=None) -> Axes``; importing this loads no matplotlib."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hopfield_opt.plot.assignments import assignment as assignment
    from hopfield_opt.plot.bars import partition as partition
    from hopfield_opt.plot.boards import board as board
    from hopfield_opt.plot.choices import cover as cover
    from hopfield_opt.plot.choices import knapsack as knapsack
    from hopfield_opt.plot.colorings import coloring as coloring
    from hopfield_opt.plot.comparisons import comparison as comparison
    from hopfield_opt.plot.cuts import cut as cut
    from hopfield_opt.plot.films import animate as animate
    from hopfield_opt.plot.forms import form as form
    from hopfield_opt.plot.gaps import gap as gap
    from hopfield_opt.plot.images import image as image
    from hopfield_opt.plot.landscapes import landscape as landscape
    from hopfield_opt.plot.lattices import states as states
    from hopfield_opt.plot.lattices import weights as weights
    from hopfield_opt.plot.models import constraints as constraints
    from hopfield_opt.plot.models import variable as variable
    from hopfield_opt.plot.tours import tour as tour
    from hopfield_opt.plot.traces import energy as energy
    from hopfield_opt.plot.traces import overlaps as overlaps
    from hopfield_opt.plot.traces import trajectory as trajectory
    from hopfield_opt.plot.vertex_sets import matching as matching
    from hopfield_opt.plot.vertex_sets import vertex_set as vertex_set

# where each picture lives; no module has the name of a function, which it would replace
_HOME = {
    "animate": "films",
    "assignment": "assignments",
    "board": "boards",
    "coloring": "colorings",
    "comparison": "comparisons",
    "constraints": "models",
    "cover": "choices",
    "cut": "cuts",
    "energy": "traces",
    "form": "forms",
    "gap": "gaps",
    "image": "images",
    "knapsack": "choices",
    "landscape": "landscapes",
    "matching": "vertex_sets",
    "overlaps": "traces",
    "partition": "bars",
    "states": "lattices",
    "tour": "tours",
    "trajectory": "traces",
    "variable": "models",
    "vertex_set": "vertex_sets",
    "weights": "lattices",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
