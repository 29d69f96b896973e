"""Values in the words of JSON, and numbers as people write them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.errors import InputError

# So many variables are named in a line.
MOST_NAMES = 4


def number_text(value: float | None) -> str:
    """Return a number as people write it; "none" where there is none."""
    return "none" if value is None else f"{value:.10g}"


def bound_text(bound: float | None, gap: float | None, by: str) -> str:
    """Return a bound with its gap, if there is one, and what it is by, if that is known."""
    if bound is None:
        return "unknown"
    return f"{bound:.10g}{'' if gap is None else f' (gap {gap:.2%})'}{f', by {by}' if by else ''}"


def method_rows(method: str, reason: str) -> list[tuple[str, str]]:
    """Return a method with why it was taken, then what else is to be said, a row for each.

    Examples
    --------
    >>> method_rows("tabu", "as asked; some start from a linear program")
    [('method', 'tabu (as asked)'), ('', 'some start from a linear program')]
    """
    why, *others = reason.split("; ")
    first = f"{method} ({why})" if why else method
    return [("method", first), *(("", other) for other in others)]


def variables_text(answer: Any) -> str:
    """Return how to get at the variables of a model, and how large they are; "" for other answers.

    Examples
    --------
    >>> import numpy as np
    >>> variables_text({"works": np.eye(3), "level": np.array(5)})
    '["works"]: 3 x 3, 3 of them 1; ["level"]: 5'
    >>> variables_text({"a": 1}), variables_text(None)
    ('', '')
    """
    arrays = answer if isinstance(answer, Mapping) else {}
    if not arrays or not all(hasattr(one, "shape") for one in arrays.values()):
        return ""
    texts = [f'["{name}"]: {_array_text(np.asarray(one))}' for name, one in arrays.items()]
    rest = len(texts) - MOST_NAMES
    return "; ".join(texts[:MOST_NAMES] + [f"and {rest} more"] * (rest > 0))


def _array_text(array: NDArray[Any]) -> str:
    """Return the size of an array and what is in it."""
    if array.ndim == 0:
        return number_text(float(array))
    size = " x ".join(map(str, array.shape))
    if not array.size:
        return size
    if ((array == 0) | (array == 1)).all():
        return f"{size}, {int(array.sum())} of them 1"
    return f"{size}, from {number_text(float(array.min()))} to {number_text(float(array.max()))}"


def as_json(value: Any) -> Any:
    """Return `value` in the words of JSON; what has none is written with `repr`.

    Numpy numbers become numbers, sets sorted lists: their own order changes with the process.
    Keys of a dict are text, which stands as it is unless another key looks the same: 1 and "1"
    become ``1`` and ``'1'``.

    Raises
    ------
    InputError
        If two keys of a dict have the same `repr`.

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
        return dict(zip(_key_texts(list(value)), map(as_json, value.values()), strict=True))
    if isinstance(value, (set, frozenset)):
        return sorted(map(as_json, value), key=repr)
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    return repr(value)


def _key_texts(keys: list[Any]) -> list[str]:
    """Return keys as texts that differ."""
    texts = [key if isinstance(key, str) else repr(key) for key in keys]
    if len(set(texts)) < len(texts):
        texts = [repr(key) for key in keys]
    if len(set(texts)) < len(texts):
        twice = next(text for k, text in enumerate(texts) if text in texts[:k])
        raise InputError(
            f"labels must be told apart by their repr to be written, got {twice} twice. "
            "Use numbers, texts or tuples of them as labels."
        )
    return texts
