"""The dynamics, one file each; importing this package loads none of them.

A class is found by its name (`dynamics.SimulatedAnnealing`), and `available` lists every one by
the name that `solve(method=...)` takes.
"""

from typing import Any

from hopfield_opt.registry import Registry

_registry = Registry(__name__, "method")
available = _registry.available
named = _registry.find


def __getattr__(name: str) -> type[Any]:
    return _registry.attribute(name)


def __dir__() -> list[str]:
    return ["available", "named", *_registry.own_names()]
