"""The front of a network that was handed over as it is: its variables are its spins."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.errors import InputError
from hopfield_opt.exactness import FEASIBILITY_TOLERANCE
from hopfield_opt.hamiltonian import Hamiltonian


@dataclass(frozen=True, eq=False)
class SpinFront:
    """One variable, `spins`; the objective is the energy."""

    hamiltonian: Hamiltonian
    sense: Literal["minimize", "maximize"] = "minimize"
    feasibility_tolerance: float = FEASIBILITY_TOLERANCE

    @property
    def num_variables(self) -> int:
        """The number of spins."""
        return self.hamiltonian.num_spins

    def pack(self, assignment: Mapping[str, Any]) -> NDArray[np.float64]:
        """Return the spins as one vector."""
        size = self.hamiltonian.num_spins
        spins = np.asarray(assignment.get("spins", ()), dtype=np.float64)
        if spins.shape != (size,) or not np.isin(spins, (-1, 1)).all():
            raise InputError(
                f"assignment must be {{'spins': ({size},) array of -1 and +1}}, "
                f"got {sorted(assignment)}. Give each neuron a sign."
            )
        return spins

    def unpack(self, values: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
        """Return the spins under their name."""
        return {"spins": values.astype(np.int8)}

    def judge(self, values: NDArray[np.float64]) -> tuple[float, dict[str, float]]:
        """Return the energy and what is violated of each group."""
        state = values.astype(np.int8)
        violations = {
            f"{type(group).__name__}[{number}]": float(group.violation(state[None])[0])
            for number, group in enumerate(self.hamiltonian.groups)
        }
        broken = {name: amount for name, amount in violations.items() if amount > 0}
        return float(self.hamiltonian.energy(state)), broken
