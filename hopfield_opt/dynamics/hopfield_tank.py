"""Hopfield and Tank's network of graded neurons: an analogue circuit as an ordinary equation."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.random import SeedSequence
from numpy.typing import ArrayLike

from hopfield_opt.arrays import SpinArray, check_array, check_integer, check_number, check_truth
from hopfield_opt.dynamics.parts.fields import Fields
from hopfield_opt.dynamics.parts.flow import Flow, Solution
from hopfield_opt.dynamics.parts.graded import Graded, SideBySide
from hopfield_opt.dynamics.parts.parameters import keep
from hopfield_opt.dynamics.parts.transfer import TRANSFERS
from hopfield_opt.errors import InputError, check_choice
from hopfield_opt.groups import Group
from hopfield_opt.hamiltonian import Hamiltonian, Network
from hopfield_opt.moves import graded_steps as kernel

VARIABLES = ("field", "output")

# The gain scale falls from where the neutral point loses its stability to this share of it, at
# which all but a few outputs are saturated.
COLD_SHARE = 0.05
# An Euler step is this share of the time constant of the fastest mode, but no more than that of
# tau: beyond 2 the iteration would be unstable.
STEP_SHARE = 1.0
# Outputs that change by less in a time of tau stand still, and so do those that float32 can
# hardly tell apart. They are compared every so many sweeps.
STILL_RATE = 1e-6
STILL_CHANGE = 1.5e-7
LOOK_EVERY = 16


@dataclass(frozen=True)
class HopfieldTank(SideBySide):
    """Let graded neurons follow ``tau du/dt = -u + W v - thresholds``, ``v = F(u / u0)``.

    These are Hopfield's equations of 1984. The outputs v lie between -1 and 1 (a binary is
    ``x = (1 + v) / 2``), the answer is their sign. With symmetric weights the Lyapunov energy

        L(v) = -1/2 v'Wv + thresholds'v + offset + u0 sum_i int_0^v_i F^-1

    never rises along a solution at constant u0; without decay the last term is left out. The
    classical network ends in whatever it finds: the answer is not improved by a descent, and
    where constraints became penalties it may violate them.

    Parameters
    ----------
    transfer : {"tanh", "logistic", "rational"}
        F: tanh u; ``2 / (1 + exp(-u)) - 1``, which is the logistic output of the binary and equals
        ``tanh(u / 2)``; ``u / (1 + |u|)``.
    u0 : float, optional
        The gain scale, in units of energy: small is steep. None lets it fall from the largest
        eigenvalue of W times F'(0), where the neutral point loses its stability.
    tau : float
        The time constant.
    step : float, optional
        The time step of Euler's method, one for each sweep; None is a share of the time constant
        of the fastest mode.
    decay : bool
        Whether the term -u is there.
    variable : {"field", "output"}
        What relaxes: the inputs u as above, or the outputs, ``tau dv/dt = -v + F(h / u0)`` with
        ``h = W v - thresholds``. The fixed points are the same.
    start_size, start_output : float
        ``u(0) = u0 (F^-1(start_output) + start_size U s)`` with the starting spins s and U uniform
        in (0, 1): a start near the neutral point, on the side of s.

    References
    ----------
    J. J. Hopfield, Proc. Natl. Acad. Sci. USA 81, 3088 (1984), Eqs. 5 and 7;
    J. J. Hopfield, D. W. Tank, Biol. Cybern. 52, 141 (1985).

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> pair = ho.Hamiltonian([[0, 1], [1, 0]])
    >>> ho.solve(pair, method="hopfield-tank", seed=0).energy
    -1.0
    """

    transfer: str = "tanh"
    u0: float | None = None
    tau: float = 1.0
    step: float | None = None
    decay: bool = True
    variable: str = "field"
    start_size: float = 0.1
    start_output: float = 0.0

    name: ClassVar[str] = "hopfield-tank"
    summary: ClassVar[str] = "graded neurons follow their equations (Hopfield and Tank)"
    keeps: ClassVar[frozenset[type[Group]]] = frozenset()
    bytes_per_spin: ClassVar[int] = 40
    needs_energy: ClassVar[bool] = False
    finish_sweeps: ClassVar[int] = 0

    def __post_init__(self) -> None:
        check_choice("transfer", self.transfer, TRANSFERS)
        check_choice("variable", self.variable, VARIABLES)
        keep(self, check_truth, "decay")
        keep(self, check_number, "u0", "tau", "step", "start_size", "start_output")
        for name in ("u0", "tau", "step", "start_size"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise InputError(f"{name} must be positive, got {value!r}.")
        if not abs(self.start_output) < 1:
            raise InputError(f"start_output must lie between -1 and 1, got {self.start_output!r}.")
        if self.variable == "output" and not self.decay:
            raise InputError(
                'decay must be true with variable="output", got False. Without it the outputs '
                'would leave the interval from -1 to 1: use variable="field".'
            )

    def init(self, network: Hamiltonian | Network, start: SpinArray, seed: SeedSequence) -> Graded:
        """Return the replicas near the neutral point, on the sides of their starts (R, N)."""
        fields, transfer = Fields.of(network), TRANSFERS[self.transfer]
        u0 = self._gain_scale(fields, 0.0)
        size = 1.0 - np.random.default_rng(seed).random(start.shape, np.float32)
        centre = transfer.inverse(np.array(self.start_output))
        levels = (centre + self.start_size * size.T * start.T).astype(np.float32)
        outputs = np.empty_like(levels)
        kernel.transfer(levels, np.float32(transfer.slope), transfer.kind, outputs)
        levels *= np.float32(u0)
        flow, pulls = self.flow(network, u0 * fields.unit), np.empty_like(levels)
        earlier = (levels if self.variable == "field" else outputs).copy()
        return Graded(flow, fields, levels, outputs, pulls, earlier)

    def _gain_scale(self, fields: Fields, share: float) -> float:
        """Return u0 in units of the network where `share` of the sweeps is done."""
        if self.u0 is not None:
            return self.u0 / fields.unit
        # without a positive eigenvalue nothing is lost at any gain: the unit will do
        start = (fields.spectrum[1] or 1.0) * TRANSFERS[self.transfer].slope
        return float(start * COLD_SHARE**share)

    def _share(self, fields: Fields, u0: float) -> float:
        """Return the time step in units of tau."""
        if self.step is not None:
            return self.step / self.tau
        slope = TRANSFERS[self.transfer].slope
        fastest = max(map(abs, fields.spectrum)) * slope / u0
        return STEP_SHARE / (float(self.decay) + fastest)

    def advance(self, state: Graded, sweeps: int, horizon: int) -> Graded:
        """Return the state after at most `sweeps` time steps of a run that ends with `horizon`."""
        total, fields, done = state.sweeps + horizon, state.fields, state.sweeps
        u0, converged = state.u0 / fields.unit, state.converged
        for _ in range(0 if converged else sweeps):
            u0 = self._gain_scale(fields, (done + 0.5) / total)
            share = self._share(fields, u0)
            self._step(state, share, u0)
            done += 1
            if self.u0 is not None and done % LOOK_EVERY == 0:
                converged = self._stands_still(state, share, u0)
                if converged:
                    break
        flow = state.flow._replace(u0=u0 * fields.unit)
        return replace(state, flow=flow, sweeps=done, converged=converged)

    def _stands_still(self, state: Graded, share: float, u0: float) -> bool:
        """Whether the outputs are as they were when they were last looked at, and will remain so.

        A saturated output does not tell that its input is on the way to the other side: no input
        may come closer to 0.
        """
        small = max(LOOK_EVERY * share * STILL_RATE, STILL_CHANGE)
        outputs, earlier, before = state.graded, state.earlier, state.earlier
        returning = 0.0
        if self.variable == "field":
            transfer, before = TRANSFERS[self.transfer], state.pulls
            gain = np.float32(transfer.slope / u0)
            kernel.transfer(earlier, gain, transfer.kind, before)
            now = np.abs(state.levels)
            returning = float(((np.abs(earlier) - now) / (now + u0)).max(initial=0.0))
        change = float(np.abs(outputs - before).max(initial=0.0))
        earlier[:] = state.levels if self.variable == "field" else outputs
        return max(change, returning) <= small

    def _step(self, state: Graded, share: float, u0: float) -> None:
        """Make one step of Euler's method in place."""
        transfer, fields = TRANSFERS[self.transfer], state.fields
        gain = np.float32(transfer.slope / u0)
        fields.pull(state.graded, state.pulls)
        arrays = state.pulls, fields.thresholds
        if self.variable == "output":
            kernel.relax_outputs(state.graded, *arrays, np.float32(share), gain, transfer.kind)
            return
        kept = np.float32(1.0 - share if self.decay else 1.0)
        steps = kept, np.float32(share), gain, transfer.kind
        kernel.relax_fields(state.levels, *arrays, *steps, state.graded)

    def flow(self, network: Hamiltonian | Network, u0: float) -> Flow:
        """Return the equation at a constant u0."""
        by_output = self.variable == "output"
        return Flow(network, TRANSFERS[self.transfer], u0, self.tau, self.decay, by_output)

    def trajectory(
        self, network: Hamiltonian | Network, outputs: ArrayLike, duration: float, points: int = 101
    ) -> Solution:
        """Solve the equation with adaptive steps (`scipy.integrate.solve_ivp`), at constant u0.

        Parameters
        ----------
        network : Hamiltonian or Network
            N neurons.
        outputs : (N,) array
            v at time 0, between -1 and 1; for spins s take 0.9 s or the like.
        duration : float
            The time to cover, in the unit of `tau`.
        points : int
            How many times of the solution are returned, evenly spaced, the ends included.

        Examples
        --------
        One neuron that drives itself settles where ``v = tanh(2 v)``:

        >>> path = HopfieldTank(u0=0.5).trajectory(Network([[1.0]]), [0.1], duration=50)
        >>> path.outputs[-1].round(5)
        array([0.9575])
        """
        start = check_array("outputs", outputs, (network.num_spins,))
        if np.abs(start).max(initial=0.0) >= 1:
            raise InputError(
                f"outputs must lie between -1 and 1, got {start[np.argmax(np.abs(start))]}. "
                "For spins s take 0.9 * s."
            )
        if not check_number("duration", duration) > 0:
            raise InputError(f"duration must be positive, got {duration!r}.")
        count = check_integer("points", points, lowest=2)
        fields = Fields.of(network)
        flow = self.flow(network, self._gain_scale(fields, 1.0) * fields.unit)
        return flow.solve(start, np.linspace(0.0, duration, count))

    def finish(self, state: Graded) -> Graded:
        """Return the state as it is: the classical network has no descent."""
        return state
