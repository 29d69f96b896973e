"""Parts of kernels, as Python may call them."""

from collections.abc import Callable
from typing import Any

import numba


def callable_part(part: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel that does nothing but call a part."""

    @numba.njit
    def call(*arguments: Any) -> Any:
        return part(*arguments)

    return call  # type: ignore[no-any-return]  # numba has no types
