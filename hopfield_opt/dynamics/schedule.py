"""Temperatures that fit a network: derived from its local fields, free of any scale."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.errors import unknown
from hopfield_opt.hamiltonian import Hamiltonian

SHAPES = ("linear", "geometric")

# At the hot end the typical uphill flip is accepted with this probability: everything moves.
HOT_ACCEPTANCE = 0.5
# At the cold end fewer than one spin of N is excited by a small uphill flip; on small networks
# an acceptance of 1 % is cold enough.
MIN_SPINS = 100
# "Small" is this quantile of the local fields that are not zero.
SMALL_QUANTILE = 0.3
# The last share of the sweeps is spent at so cold a temperature that only ties move: domain walls
# and other defects that cost nothing to shift meet and vanish.
TIES_SHARE = 0.1
TIES_COLDER = 10.0
# Fields below this fraction of the largest are rounding errors.
FIELD_ROUNDING = 1e-12
# Random states whose local fields are looked at: some 2^20 of them give quantiles to 1 %.
FIELD_SAMPLES = 2**20


@dataclass(frozen=True)
class Schedule:
    """Inverse temperatures from hot to cold, and at last so cold that only ties move.

    Attributes
    ----------
    hot, cold : float
        The first and the last inverse temperature, in 1 / energy.
    shape : {"linear", "geometric"}
        How beta grows between them.
    """

    hot: float
    cold: float
    shape: str = "linear"

    def __post_init__(self) -> None:
        if self.shape not in SHAPES:
            raise unknown("shape", self.shape, SHAPES)

    def betas(self, share: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the inverse temperatures where `share` (0 to 1) of the sweeps are done.

        Examples
        --------
        >>> Schedule(1.0, 4.0, "geometric").betas(np.array([0.0, 0.45, 0.9, 1.0])).tolist()
        [1.0, 2.0, 4.0, 40.0]
        """
        falling = share / (1 - TIES_SHARE)
        if self.shape == "geometric":
            betas = self.hot * (self.cold / self.hot) ** falling
        else:
            betas = self.hot + (self.cold - self.hot) * falling
        return np.where(falling > 1, TIES_COLDER * self.cold, betas)


def default_schedule(hamiltonian: Hamiltonian, shape: str = "linear") -> Schedule:
    """Return the schedule that the local fields of random states ask for.

    A flip of spin i costs ``2 |h_i|`` when it goes uphill. Metropolis accepts it with
    ``exp(-2 beta |h_i|)``, so

        beta_hot  = ln(1 / HOT_ACCEPTANCE)  / (2 rms |h|)
        beta_cold = ln(max(N, MIN_SPINS)) / (2 quantile of the |h| that are not 0)

    with the quantile SMALL_QUANTILE: at the cold end fewer than one small excitation is left.
    Multiplying all couplings by c multiplies every field by c and divides both betas by it: the
    trajectory stays the same.

    Parameters
    ----------
    hamiltonian : Hamiltonian
        The network.
    shape : {"linear", "geometric"}
        How beta grows.

    Examples
    --------
    >>> ring = Hamiltonian(-np.roll(np.eye(6), 1, axis=0) - np.roll(np.eye(6), 1, axis=1))
    >>> default_schedule(ring).cold == 4 * default_schedule(ring.scaled(4)).cold
    True
    """
    fields = np.abs(_random_fields(hamiltonian))
    fields = fields[fields > FIELD_ROUNDING * fields.max(initial=0.0)]
    if not len(fields):
        return Schedule(1.0, 1.0, shape)  # nothing depends on the state: any temperature will do
    hot = -np.log(HOT_ACCEPTANCE) / (2 * np.sqrt(np.mean(fields**2)))
    spins = max(hamiltonian.num_spins, MIN_SPINS)
    cold = np.log(spins) / (2 * np.quantile(fields, SMALL_QUANTILE))
    return Schedule(float(hot), float(cold), shape)


def _random_fields(hamiltonian: Hamiltonian) -> NDArray[np.float64]:
    """Return local fields of random states, always the same ones for a given size."""
    size = hamiltonian.num_spins
    count = int(np.clip(FIELD_SAMPLES // max(1, size), 1, 64))
    states = np.random.default_rng(0).choice(np.array([-1, 1], dtype=np.int8), (count, size))
    return hamiltonian.local_field(states).ravel()
