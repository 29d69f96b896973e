"""The library of problems, one file each; importing it loads none of them.

A class is found by its name (`hopfield_opt.problems.MaxCut` lives in `max_cut.py`), and
`available` lists every problem by its name on the command line.
"""

import importlib
import pkgutil
import re
from typing import Any

if __name__ != "hopfield_opt.problems":
    # a second copy of every class would come to life, and `is` and pickle would fail
    raise ImportError("Import hopfield_opt.problems: this folder is only its source.")


def _classes(module: str) -> dict[str, type[Any]]:
    """Return the problem classes that one file defines, by class name."""
    loaded = importlib.import_module(f"{__name__}.{module}")
    return {
        key: value
        for key, value in vars(loaded).items()
        if isinstance(value, type)
        and value.__module__ == loaded.__name__
        and isinstance(getattr(value, "name", None), str)
    }


def _modules() -> list[str]:
    """Return the names of the problem files."""
    return sorted(item.name for item in pkgutil.iter_modules(__path__) if item.name != "base")


def available() -> dict[str, type[Any]]:
    """Return every problem class by its name on the command line.

    Examples
    --------
    >>> available()["max-cut"].__name__
    'MaxCut'
    """
    classes = [found for module in _modules() for found in _classes(module).values()]
    return {found.name: found for found in sorted(classes, key=lambda found: found.name)}


def __getattr__(name: str) -> Any:
    own = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    modules = _modules()
    # the file of that name first: only views that share a file with another problem need the scan
    ordered = [own] if own in modules else modules if name[:1].isupper() else []
    for module in ordered:
        if name in (found := _classes(module)):
            return found[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(["available", *(found.__name__ for found in available().values())])
