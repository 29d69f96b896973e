"""What tests and doctests share: no figure is left open, no module whose host is missing."""

import sys
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

# modules that subclass what an optional host has: they cannot be imported without it
HOSTS = {"estimators": "sklearn", "samplers": "dimod"}
collect_ignore = [
    f"hopfield_opt/interop/{module}.py" for module, host in HOSTS.items() if not find_spec(host)
]


@pytest.fixture(autouse=True)
def _figures_are_closed() -> Iterator[None]:
    """Close the figures of a test: how many stay open in a process is a matter of chance."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
