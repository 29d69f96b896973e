"""Simulated bifurcation: coupled oscillators that pass from one rest point to two."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.random import SeedSequence

from hopfield_opt.arrays import FloatArray, SpinArray, check_number
from hopfield_opt.dynamics.parts.fields import Fields, Floats
from hopfield_opt.dynamics.parts.graded import SideBySide, signs
from hopfield_opt.dynamics.parts.parameters import keep
from hopfield_opt.dynamics.parts.replicas import Replicas
from hopfield_opt.dynamics.parts.rounding import Rounded, check_energy
from hopfield_opt.errors import InputError, check_choice
from hopfield_opt.groups import Group
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves import graded_steps as kernel

VARIANTS = ("ballistic", "discrete")

# c_0 sigma sqrt(N) of Goto et al. 2021: the couplings set in when the pressure has risen half way.
FORCE = 0.5
# Positions and momenta begin at random within this distance of the rest point.
START_SIZE = 0.1


@dataclass(frozen=True, eq=False)
class Oscillators(Rounded):
    """Replicas of oscillators, and the spins that they were rounded to at last.

    Attributes
    ----------
    positions, momenta, pulls : (N + 1, R) float32
        x, y and the forces; the last oscillator is what the thresholds couple to. Changed in
        place.
    seen : (N + 1, R) float32
        What the couplings see: x, or the signs of x.
    """

    positions: Floats
    momenta: Floats
    pulls: Floats
    seen: Floats

    observables: ClassVar[Mapping[str, str]] = {"outputs": "outputs"}

    @property
    def outputs(self) -> FloatArray:
        """(R, N) positions x, from -1 to 1."""
        return self.positions[:-1].T.astype(np.float64)

    def round(self, replicas: slice) -> SpinArray:
        """Return the signs (R, N) of the positions of some replicas."""
        side = signs(self.positions[:, replicas].T)
        return np.ascontiguousarray(side[:, :-1] * side[:, -1:])


@dataclass(frozen=True)
class SimulatedBifurcation(SideBySide):
    """Let oscillators roll under a rising pressure until each has picked a side.

    With positions x, momenta y and the pressure a, which rises from 0 to 1 with the budget,

        dy/dt = -(1 - a) x + c_0 (W z - thresholds z_0),   dx/dt = y,

    where z = x (ballistic) or sign(x) (discrete), between inelastic walls: beyond +-1, x stops
    there and y = 0. ``c_0 = 1/2 / h_rms``, with the rms local field at random spins (which is
    sigma sqrt(N) where all spins are coupled). Thresholds are couplings to one more oscillator
    z_0. The answer is the sign of x, and the end is a descent.

    Parameters
    ----------
    variant : {"ballistic", "discrete"}
        Ballistic finds good states fast, discrete better ones slowly.
    step : float
        The time step of the symplectic Euler method, one for each sweep.

    References
    ----------
    H. Goto et al., Sci. Adv. 7, eabe7953 (2021).

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> square = ho.problems.MaxCut([(0, 1), (1, 2), (2, 3), (3, 0)])
    >>> ho.solve(square, method="simulated-bifurcation", seed=0).value
    4.0
    """

    variant: str = "discrete"
    step: float = 0.5

    name: ClassVar[str] = "simulated-bifurcation"
    summary: ClassVar[str] = "oscillators under rising pressure pick their sides (Goto 2021)"
    keeps: ClassVar[frozenset[type[Group]]] = frozenset()
    bytes_per_spin: ClassVar[int] = 40

    def __post_init__(self) -> None:
        check_choice("variant", self.variant, VARIANTS)
        keep(self, check_number, "step")
        if not 0 < self.step < 2:
            raise InputError(
                f"step must be positive and below 2, got {self.step!r}. At 2 the oscillators "
                "leave their rest point at once."
            )

    def init(self, network: Hamiltonian, start: SpinArray, seed: SeedSequence) -> Oscillators:
        """Return oscillators near rest, on the sides of their starts (R, N)."""
        check_energy(self.name, network)
        replicas, size = start.shape
        side = np.ones((size + 1, replicas), np.float32)
        side[:-1] = start.T
        stream = np.random.default_rng(seed)
        near = np.float32(START_SIZE) * side
        positions = near * (1 - stream.random(side.shape, np.float32))
        momenta = near * (2 * stream.random(side.shape, np.float32) - 1)
        seen = side.copy() if self.variant == "discrete" else positions
        return Oscillators(
            network,
            Fields.of(network),
            Replicas.init(network, start, seed),
            positions,
            momenta,
            np.empty_like(positions),
            seen,
        )

    def advance(self, state: Oscillators, sweeps: int, horizon: int) -> Oscillators:
        """Return the state after `sweeps` time steps of a run that ends with `horizon`."""
        fields, seen, pulls = state.fields, state.seen, state.pulls
        thresholds = np.append(fields.thresholds, np.float32(0))
        scales = np.float32(FORCE), np.float32(self.step)
        total = state.sweeps + horizon
        for done in range(state.sweeps, state.sweeps + sweeps):
            stiffness = np.float32(1 - (done + 0.5) / total)
            fields.pull(seen[:-1], pulls[:-1])
            pulls[-1] = -(fields.thresholds @ seen[:-1])
            arrays = state.positions, state.momenta, pulls, thresholds, seen[-1]
            kernel.bifurcate(*arrays, stiffness, *scales, seen, self.variant == "discrete")
        return replace(state, sweeps=state.sweeps + sweeps, finished=False)

    def finish(self, state: Oscillators) -> Oscillators:
        """Return the local minima below the signs of the positions."""
        return state.descend()
