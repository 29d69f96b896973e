"""Temperatures that fit a network: derived from its local fields, free of any scale."""

from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np

from hopfield_opt import deadline
from hopfield_opt.arrays import FloatArray
from hopfield_opt.couplings import Explicit
from hopfield_opt.errors import check_choice
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves import flips_alone, layout_of
from hopfield_opt.moves.base import Layout
from hopfield_opt.rng import stream

_schedules: WeakKeyDictionary[Hamiltonian, dict[str | None, "Schedule"]] = WeakKeyDictionary()
_lock = Lock()

SHAPES = ("linear", "geometric")

# At the hot end the typical uphill flip is accepted with this probability: everything moves.
HOT_ACCEPTANCE = 0.5
# At the cold end fewer than one spin of N is excited by a small uphill flip; on small networks
# an acceptance of 1 % is cold enough.
MIN_SPINS = 100
# "Small" is this quantile of the costs that are not zero.
SMALL_QUANTILE = 0.3
# The last share of the sweeps is spent at so cold a temperature that only ties move: domain walls
# and other defects that cost nothing to shift meet and vanish.
TIES_SHARE = 0.1
TIES_COLDER = 10.0
# Costs below this fraction of the largest are rounding errors.
COST_ROUNDING = 1e-12
# Random states whose local fields are looked at: some 2^20 of them give quantiles to 1 %.
FIELD_SAMPLES = 2**20
# Moves that keep groups are slower to sample; so many give quantiles to some per cent.
MOVE_SAMPLES = 2**16


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
        check_choice("shape", self.shape, SHAPES)

    def betas(self, share: FloatArray) -> FloatArray:
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


def default_schedule(hamiltonian: Hamiltonian, shape: str | None = None) -> Schedule:
    """Return the schedule that the costs of proposals ask for.

    A flip of spin i costs ``2 |h_i|`` when it goes uphill, a move that keeps groups what it
    costs. Metropolis accepts a cost c with ``exp(-beta c)``, so

        beta_hot  = ln(1 / HOT_ACCEPTANCE) / rms cost
        beta_cold = ln(max(N, MIN_SPINS)) / quantile of the costs that are not 0

    over proposals at random states, with the quantile SMALL_QUANTILE: at the cold end fewer than
    one small excitation is left. Multiplying all couplings by c multiplies every cost by c and
    divides both betas by it: the trajectory stays the same. One block of a permutation has
    rules of its own, see `PermutationLayout.betas`.

    Parameters
    ----------
    hamiltonian : Hamiltonian
        The network.
    shape : {"linear", "geometric"}, optional
        How beta grows; None is geometric for a permutation and linear else.

    Examples
    --------
    >>> ring = Hamiltonian(-np.roll(np.eye(6), 1, axis=0) - np.roll(np.eye(6), 1, axis=1))
    >>> default_schedule(ring).cold == 4 * default_schedule(ring.scaled(4)).cold
    True
    """
    with _lock:  # groups of replicas ask for the same one, from several threads
        known = _schedules.setdefault(hamiltonian, {})
        if shape not in known:
            known[shape] = _derive(hamiltonian, shape)
        return known[shape]


def _derive(hamiltonian: Hamiltonian, shape: str | None) -> Schedule:
    if flips_alone(hamiltonian):  # no layout is needed to know what flips cost
        costs = 2 * np.abs(_random_fields(hamiltonian))
    else:
        layout = layout_of(hamiltonian, 1)
        betas = layout.betas()
        if betas is not None:
            return Schedule(*betas, shape or "geometric")
        costs = _move_costs(layout, hamiltonian.num_spins)
    scale = costs.max(initial=0.0)  # squares of very large or small costs stay in range
    costs = costs[costs > COST_ROUNDING * scale]
    if not len(costs):
        return Schedule(1.0, 1.0)  # nothing depends on the state: any temperature will do
    hot = -np.log(HOT_ACCEPTANCE) / (scale * np.sqrt(np.mean((costs / scale) ** 2)))
    spins = max(hamiltonian.num_spins, MIN_SPINS)
    cold = np.log(spins) / np.quantile(costs, SMALL_QUANTILE)
    return Schedule(float(hot), float(cold), shape or "linear")


def _random_fields(hamiltonian: Hamiltonian) -> FloatArray:
    """Return local fields of random states, always the same ones for a given size."""
    size = hamiltonian.num_spins
    count = int(np.clip(FIELD_SAMPLES // max(1, size), 1, 64))
    explicit = [term for term in hamiltonian.couplings if isinstance(term, Explicit)]
    deadline.check(count * sum(term.num_couplings() for term in explicit) / 4)
    states = np.random.default_rng(0).choice(np.array([-1, 1], dtype=np.int8), (count, size))
    return hamiltonian.local_field(states).ravel()


def _move_costs(layout: Layout, size: int) -> FloatArray:
    """Return the costs of proposals at random states in which all groups hold."""
    replicas = int(np.clip(MOVE_SAMPLES // max(size, 1), 1, 16))
    spins = np.random.default_rng(0).choice(np.array([-1, 1], np.int8), (replicas, size))
    words = stream(0, words=layout.rng_words(replicas))
    costs = np.abs(layout.costs(layout.allocate(spins, words), words))
    return np.asarray(costs[~np.isnan(costs)])
