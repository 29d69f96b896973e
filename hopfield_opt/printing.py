"""Values in the words of JSON, and numbers as people write them."""

from collections.abc import Mapping
from typing import Any

import numpy as np


def number_text(value: float | None) -> str:
    """Return a number as people write it; "none" where there is none."""
    return "none" if value is None else f"{value:.10g}"


def as_json(value: Any) -> Any:
    """Return `value` in the words of JSON; what has none is written with `repr`.

    Numpy numbers become numbers, sets sorted lists: their own order changes with the process.

    Examples
    --------
    >>> as_json({"cut": (np.int64(3), 2.0, None), ("a", 1): frozenset([4])})
    {'cut': [3, 2.0, None], "('a', 1)": [4]}
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (float, np.floating)):
        return float(value) if np.isfinite(value) else None
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return as_json(value.tolist())
    if isinstance(value, Mapping):
        return {k if isinstance(k, str) else repr(k): as_json(v) for k, v in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(map(as_json, value), key=repr)
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    return repr(value)
