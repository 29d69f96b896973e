"""The library of problems, one file each; importing this package loads none of them.

A class is found by its name (`problems.MaxCut` lives in `max_cut.py`), and `available` lists
every one by its name on the command line.
"""

from typing import Any

from hopfield_opt.registry import Registry

if __name__ != "hopfield_opt.problems":
    # a second copy of every class would come to life, and `is` and pickle would fail
    raise ImportError("import hopfield_opt.problems: this folder is only its source")

_registry = Registry(__name__, "problem")
available = _registry.available
named = _registry.find


def __getattr__(name: str) -> type[Any]:
    return _registry.attribute(name)


def __dir__() -> list[str]:
    return ["available", "named", *_registry.own_names()]
