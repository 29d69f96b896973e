"""The flow of graded neurons in float64: its Lyapunov energy, and solutions with adaptive steps."""

from typing import NamedTuple

import numpy as np

from hopfield_opt.arrays import FloatArray
from hopfield_opt.dynamics.parts.fields import is_symmetric, local_field
from hopfield_opt.dynamics.parts.transfer import Transfer
from hopfield_opt.hamiltonian import Hamiltonian, Network

# Of the inputs, in units of u0, and of the outputs: far below what a picture shows.
RELATIVE_ERROR = 1e-8
ABSOLUTE_ERROR = 1e-10


class Solution(NamedTuple):
    """A solution of the equation.

    Attributes
    ----------
    times : (T,) float64
        In the unit of `tau`.
    outputs : (T, N) float64
        The outputs v at these times.
    lyapunov : (T,) float64
        The Lyapunov energy there; nan for a network without symmetric weights.
    """

    times: FloatArray
    outputs: FloatArray
    lyapunov: FloatArray


class Flow(NamedTuple):
    """``tau du/dt = -u + W F(u / u0) - thresholds``, or the same for the outputs.

    Attributes
    ----------
    by_output : bool
        Whether ``tau dv/dt = -v + F((W v - thresholds) / u0)`` is meant.
    decay : bool
        Whether the term -u is there.
    """

    network: Hamiltonian | Network
    transfer: Transfer
    u0: float
    tau: float
    decay: bool
    by_output: bool

    def lyapunov(self, outputs: FloatArray) -> FloatArray:
        """Return the Lyapunov energies (R,) of outputs (R, N); nan without symmetric weights."""
        network = self.network
        constant = 0.0
        if isinstance(network, Network):
            if not is_symmetric(network):
                return np.full(len(outputs), np.nan)
        else:
            constant = network.offset + sum(term.constant for term in network.couplings)
        field = local_field(network, outputs)
        quadratic = -0.5 * np.einsum("rn,rn->r", field - network.thresholds, outputs)
        inverse = self.transfer.integral(outputs).sum(axis=1) if self.decay else 0.0
        return np.asarray(constant + quadratic + self.u0 * inverse)

    def slope(self, time: float, variable: FloatArray) -> FloatArray:
        """Return the derivative of u / u0, or of v, after the time."""
        outputs = variable if self.by_output else self.transfer.function(variable)
        field = local_field(self.network, outputs[None])[0] / self.u0
        if self.by_output:
            return np.asarray((self.transfer.function(field) - variable) / self.tau)
        return np.asarray((field - self.decay * variable) / self.tau)

    def solve(self, outputs: FloatArray, times: FloatArray) -> Solution:
        """Return the solution from `outputs` at the first of the times."""
        from scipy.integrate import solve_ivp  # it takes a while to load, and few need it

        if len(outputs):
            solution = solve_ivp(
                self.slope,
                (times[0], times[-1]),
                outputs if self.by_output else self.transfer.inverse(outputs),
                method="LSODA",
                t_eval=times,
                rtol=RELATIVE_ERROR,
                atol=ABSOLUTE_ERROR,
            )
            path = solution.y.T if self.by_output else self.transfer.function(solution.y.T)
        else:
            path = np.zeros((len(times), 0))
        return Solution(times, path, self.lyapunov(path))
