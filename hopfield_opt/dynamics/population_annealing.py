"""Population annealing: replicas multiply or die as the temperature falls."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.random import SeedSequence

from hopfield_opt.arrays import IntArray, SpinArray, check_integer, check_number
from hopfield_opt.dynamics.base import LANES, Dynamics
from hopfield_opt.dynamics.parts.parameters import keep
from hopfield_opt.dynamics.parts.replicas import Replicas
from hopfield_opt.dynamics.parts.schedule import default_schedule
from hopfield_opt.dynamics.parts.thermal import Thermal, interval, steps
from hopfield_opt.dynamics.simulated_annealing import SimulatedAnnealing
from hopfield_opt.errors import InputError
from hopfield_opt.groups import ALL_KINDS, Group
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves import single

# The population of a small network; a larger one has fewer, so that their spins stay in the
# cache, but fills the lanes.
MOST_REPLICAS, MOST_SPINS = 512, 2**18
# Moves that keep groups are made replica by replica.
WITH_GROUPS = 16
# Sweeps at infinite temperature at the start: a single flip draws every spin afresh in one,
# moves that keep groups need some to forget.
FORGET, FORGET_GROUPS = 1, 32


@dataclass(frozen=True, eq=False)
class Population(Thermal):
    """A population, and what it knows of the free energy.

    Attributes
    ----------
    log_mean : float
        Estimate of ``ln <exp(-beta E)>``, the mean over all states in which the groups hold.
    log_states : float
        ln of the number of these states; nan where groups leave it unknown.
    families : (R,) int64
        The replica at the start from which each descends.
    cold : float
        The last inverse temperature.
    every : int
        Sweeps at each temperature.
    """

    log_mean: float
    log_states: float
    families: IntArray
    cold: float
    every: int
    generator: np.random.Generator

    observables: ClassVar[Mapping[str, str]] = {
        "temperature": "temperatures",
        "free_energy": "free_energy",
    }

    @property
    def free_energy(self) -> float:
        """Estimate of ``-ln(Z) / beta`` at the present temperature; nan with groups.

        ``Z = sum exp(-beta E)`` over all states. At infinite temperature it is minus infinity.
        """
        beta = float(self.betas[0])
        log_sum = self.log_mean + self.log_states
        return -log_sum / beta if beta > 0 else -np.inf

    @property
    def effective_families(self) -> float:
        """``exp(-sum_i f_i ln f_i)``, f_i the share of the population from the i-th start.

        Few families in a large population mean that it was too small (Wang, Machta, Katzgraber,
        Phys. Rev. E 92, 063307 (2015)).
        """
        shares = np.unique(self.families, return_counts=True)[1] / len(self.families)
        return float(np.exp(-np.sum(shares * np.log(shares))))

    def cool(self, beta: float) -> "Population":
        """Return the population resampled for a lower temperature.

        The expected number of copies of replica i is R w_i, with

            w_i = exp(-(beta' - beta) E_i) / sum_j exp(-(beta' - beta) E_j),

        and the real one is that number rounded down or up (systematic resampling). The mean
        weight is an estimate of ``Z(beta') / Z(beta)``.
        """
        if beta == self.betas[0]:
            return self
        exponents = -(beta - self.betas) * self.replicas.energies
        largest = exponents.max()
        weights = np.exp(exponents - largest)
        heights = np.cumsum(weights) / weights.sum()
        places = (np.arange(len(weights)) + self.generator.random()) / len(weights)
        # rounding may leave the last height below the last place
        parents = np.minimum(np.searchsorted(heights, places), len(weights) - 1)
        return replace(
            self,
            replicas=self.replicas.select(parents),
            betas=np.full(len(weights), beta),
            log_mean=self.log_mean + float(largest + np.log(weights.mean())),
            families=self.families[parents],
        )

    def sweep(self, sweeps: int) -> "Population":
        """Return the population after sweeps at its temperature."""
        betas = np.full((sweeps, 1), self.betas[0])
        return replace(self, replicas=self.replicas.sweep(betas))


@dataclass(frozen=True)
class PopulationAnnealing(Dynamics):
    """Cool a population of replicas; at each step copy the good ones and drop the bad.

    From beta = 0 on beta grows in equal steps. At each the population is resampled with weights
    ``exp(-(beta' - beta) E)``, so that it follows the Boltzmann distribution even before the
    sweeps at the new temperature; the mean weights multiply to an estimate of the partition
    function, ``free_energy`` of the state. Each population is an island of its own.

    With `temperature` this is a sampler, and the population stays as it is at the end. Without,
    it is a search, and the end is a descent.

    Parameters
    ----------
    population : int, optional
        The replicas of one population; None is 512 for small networks, down to 64 for large
        ones, and 16 with groups.
    temperature : float, optional
        The last one, in units of energy; None derives it from the network, see
        `default_schedule`.

    References
    ----------
    K. Hukushima, Y. Iba, AIP Conf. Proc. 690, 200 (2003);
    J. Machta, Phys. Rev. E 82, 026704 (2010).

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> square = ho.problems.MaxCut([(0, 1), (1, 2), (2, 3), (3, 0)])
    >>> ho.solve(square, method=PopulationAnnealing(population=64), seed=0).value
    4.0
    """

    population: int | None = None
    temperature: float | None = None

    name: ClassVar[str] = "population-annealing"
    summary: ClassVar[str] = "cool a population, copying good replicas and dropping bad ones"
    keeps: ClassVar[frozenset[type[Group]]] = ALL_KINDS

    def __post_init__(self) -> None:
        keep(self, check_integer, "population", lowest=1)
        keep(self, check_number, "temperature")
        if self.temperature is not None and self.temperature <= 0:
            raise InputError(f"temperature must be positive, got {self.temperature}.")

    def default_sweeps(self, network: Hamiltonian) -> int:
        """Return the sweeps of an anneal."""
        return SimulatedAnnealing().default_sweeps(network)

    def batch(self, network: Hamiltonian) -> int:
        """Return the replicas of one population."""
        if self.population is not None:
            return self.population
        if network.groups:
            return WITH_GROUPS
        fits = MOST_SPINS // max(1, network.num_spins) // LANES * LANES
        return int(np.clip(fits, LANES, MOST_REPLICAS))

    def init(self, network: Hamiltonian, start: SpinArray, seed: SeedSequence) -> Population:
        """Return a population at infinite temperature, which forgets `start` (R, N)."""
        replicas = Replicas.init(network, start, seed, sampling=True)
        hot = np.zeros((FORGET_GROUPS if network.groups else FORGET, 1))
        forgot = replicas.sweep(hot, rule=single.HEAT_BATH)
        if self.temperature is None:
            cold = default_schedule(network).cold
        else:
            cold = 1.0 / self.temperature
        return Population(
            replicas=replace(forgot, sweeps=0),
            betas=np.zeros(len(start)),
            log_mean=0.0,
            log_states=np.nan if network.groups else network.num_spins * float(np.log(2.0)),
            families=np.arange(len(start)),
            cold=cold,
            every=interval(network.num_spins),
            generator=np.random.default_rng(seed.spawn(1)[0]),
        )

    def advance(self, state: Population, sweeps: int, horizon: int) -> Population:
        """Return the population after `sweeps` sweeps of an anneal that ends with `horizon`."""
        stages = -(-(state.sweeps + horizon) // state.every)
        for step in steps(state.sweeps, sweeps, state.every):
            if state.sweeps % state.every == 0:
                share = min(1.0, (state.sweeps // state.every + 1) / stages)
                # where a time limit moves the end away, the temperature waits
                state = state.cool(max(float(state.betas[0]), share * state.cold))
            state = state.sweep(step)
        return state

    def finish(self, state: Population) -> Population:
        """Return the local minima below the current states; a sample stays as it is."""
        if self.temperature is not None:
            return state
        return replace(state, replicas=state.replicas.descend())
