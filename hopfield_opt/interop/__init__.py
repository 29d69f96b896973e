"""Where users already are: what other packages call, one folder or file for each of them.

Nothing here is loaded by ``import hopfield_opt``, and a host is loaded with the name that needs
it. networkx finds its backend by an entry point: ``f(graph, backend="hopfield")``.
"""

import importlib
from typing import TYPE_CHECKING, Any

from hopfield_opt.errors import unknown_attribute

if TYPE_CHECKING:
    from hopfield_opt.interop.estimators import (
        HopfieldFeatureSelector as HopfieldFeatureSelector,
    )
    from hopfield_opt.interop.estimators import HopfieldMemory as HopfieldMemory
    from hopfield_opt.interop.programs import CvxpySolver as CvxpySolver
    from hopfield_opt.interop.ray_tasks import RayExecutor as RayExecutor
    from hopfield_opt.interop.samplers import HopfieldSampler as HopfieldSampler

_HOME = {
    "CvxpySolver": "programs",
    "HopfieldFeatureSelector": "estimators",
    "HopfieldMemory": "estimators",
    "HopfieldSampler": "samplers",
    "RayExecutor": "ray_tasks",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    """Load a public name on first use, and its host with it."""
    if name not in _HOME:
        raise unknown_attribute(__name__, name, {own: own for own in _HOME})
    return getattr(importlib.import_module(f"hopfield_opt.interop.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names, loaded or not."""
    return sorted({*globals(), *__all__})
