"""Readers and writers of the field's instance files, and graphs from any input."""

import importlib
from typing import TYPE_CHECKING, Any

from hopfield_opt.io.registry import (
    GRAPH_FORMATS,
    Format,
    find_format,
    formats,
    read_graph,
    write_graph,
)

if TYPE_CHECKING:
    from hopfield_opt.io.cities import Cities
    from hopfield_opt.io.city_tables import as_cities
    from hopfield_opt.io.graphs import as_graph
    from hopfield_opt.io.qaplib import Assignments
    from hopfield_opt.io.weighted_graph import WeightedGraph

__all__ = [
    "GRAPH_FORMATS",
    "Assignments",
    "Cities",
    "Format",
    "WeightedGraph",
    "as_cities",
    "as_graph",
    "find_format",
    "formats",
    "read_graph",
    "write_graph",
]


# these need scipy or numpy, which `import hopfield_opt` must not load
_HOME = {
    "Assignments": "qaplib",
    "Cities": "cities",
    "WeightedGraph": "weighted_graph",
    "as_cities": "city_tables",
    "as_graph": "graphs",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
