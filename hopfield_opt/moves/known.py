"""What was read off networks: once for each, and for as long as it lives."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from hopfield_opt.hamiltonian import Hamiltonian

T = TypeVar("T")


class Known(Generic[T]):
    """What one reader found in each network; threads that start together share it."""

    def __init__(self) -> None:
        self._found: WeakKeyDictionary[Hamiltonian, T] = WeakKeyDictionary()
        self._lock = Lock()

    def of(self, network: Hamiltonian, read: Callable[[Hamiltonian], T]) -> T:
        """Return what a network was read as, after reading it where this is the first time."""
        with self._lock:
            if network not in self._found:
                self._found[network] = read(network)
            return self._found[network]
