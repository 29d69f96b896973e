"""Pictures: one function each, ``(..., ax=None) -> Axes``; importing this loads no matplotlib."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hopfield_opt.plot.cuts import cut as cut

# where each picture lives; no module has the name of a function, which it would replace
_HOME = {"cut": "cuts"}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
