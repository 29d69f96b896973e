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
    from hopfield_opt.io.graphs import WeightedGraph, as_graph

__all__ = [
    "GRAPH_FORMATS",
    "Format",
    "WeightedGraph",
    "as_graph",
    "find_format",
    "formats",
    "read_graph",
    "write_graph",
]


def __getattr__(name: str) -> Any:
    # graphs.py needs scipy, which `import hopfield_opt` must not load
    if name in ("WeightedGraph", "as_graph"):
        return getattr(importlib.import_module("hopfield_opt.io.graphs"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
