"""An assignment together with what it is worth."""

from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Decoded:
    """An assignment of the user's variables, its value and what it violates.

    Parameters
    ----------
    assignment : dict of str to array
        The variables by name.
    value : float
        The objective in the user's sense, soft constraints included; computed from the model,
        never from the energy.
    violations : dict of str to float
        The amount (> 0) of each violated constraint, by name.
    """

    assignment: dict[str, NDArray[Any]]
    value: float
    violations: dict[str, float] = field(default_factory=dict)

    @property
    def feasible(self) -> bool:
        """Whether nothing is violated."""
        return not self.violations
