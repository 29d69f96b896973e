"""Mean-field annealing: the mean-field equations solved while the temperature falls."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.random import SeedSequence

from hopfield_opt.arrays import FloatArray, SpinArray, check_number
from hopfield_opt.dynamics.parts.fields import Fields, Floats, extremes
from hopfield_opt.dynamics.parts.graded import SideBySide
from hopfield_opt.dynamics.parts.one_hots import Groups, drop_own_couplings
from hopfield_opt.dynamics.parts.parameters import keep
from hopfield_opt.dynamics.parts.replicas import Replicas
from hopfield_opt.dynamics.parts.rounding import Rounded, check_energy
from hopfield_opt.errors import InputError
from hopfield_opt.groups import Group, OneHot
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves import graded_steps as kernel

# The temperature falls from the critical one to this share of it: nearly all means are saturated.
COLD_SHARE = 0.02
# The means begin within this distance of their values at infinite temperature.
START_SIZE = 0.1


@dataclass(frozen=True, eq=False)
class MeanField(Rounded):
    """Replicas of mean spins, and the spins that they were rounded to at last.

    The fields are without what the spins of one group do to each other.

    Attributes
    ----------
    graded, pulls : (N, R) float32
        The means v, and work space; changed in place.
    temperature : float
        Of the last sweep.
    """

    groups: Groups
    critical: float
    graded: Floats
    pulls: Floats
    temperature: float

    observables: ClassVar[Mapping[str, str]] = {
        "temperature": "temperatures",
        "outputs": "outputs",
    }

    @property
    def outputs(self) -> FloatArray:
        """(R, N) means v, from -1 to 1."""
        return self.graded.T.astype(np.float64)

    @property
    def temperatures(self) -> FloatArray:
        """(R,) temperatures of the last sweep."""
        return np.full(self.graded.shape[1], self.temperature)

    def round(self, replicas: slice) -> SpinArray:
        """Return the signs of the means (R, N) of some replicas, the largest of each group on."""
        return self.groups.round(np.ascontiguousarray(self.graded[:, replicas]))


@dataclass(frozen=True)
class MeanFieldAnnealing(SideBySide):
    """Solve the mean-field equations while the temperature T falls, and round the means.

    For a free spin and for the spins of a one-hot group g (with means ``v = 2 x - 1``),

        v_i = tanh(h_i / T),    x_a = exp(2 h_a / T) / sum_(b in g) exp(2 h_b / T),

    with ``h = W v - thresholds``, without what the spins of g do to each other. All means move
    a share of the way at once, small enough to be stable; the end is a descent. Each group stays
    whole: its means add up to one spin that is on.

    Parameters
    ----------
    hot : float, optional
        The first temperature, in units of energy; None is the critical one, at which the means of
        infinite temperature lose their stability, or what thresholds ask for if that is more.
    cold : float, optional
        The last temperature; None is a small share of the first.

    References
    ----------
    C. Peterson, J. R. Anderson, Complex Syst. 1, 995 (1987), for spins;
    C. Peterson, B. Soderberg, Int. J. Neural Syst. 1, 3 (1989), for groups and the critical
    temperature.

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> square = ho.problems.MaxCut([(0, 1), (1, 2), (2, 3), (3, 0)])
    >>> ho.solve(square, method="mean-field-annealing", seed=0).value
    4.0
    """

    hot: float | None = None
    cold: float | None = None

    name: ClassVar[str] = "mean-field-annealing"
    summary: ClassVar[str] = "mean spins and one-hot groups while the temperature falls"
    keeps: ClassVar[frozenset[type[Group]]] = frozenset((OneHot,))
    bytes_per_spin: ClassVar[int] = 40

    def __post_init__(self) -> None:
        keep(self, check_number, "hot", "cold")
        for name in ("hot", "cold"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise InputError(f"{name} must be positive, got {value!r}.")
        if self.hot is not None and self.cold is not None and self.cold > self.hot:
            raise InputError(f"cold must be at most hot ({self.hot!r}), got {self.cold!r}.")

    def init(self, network: Hamiltonian, start: SpinArray, seed: SeedSequence) -> MeanField:
        """Return the means near those of infinite temperature, on the sides of starts (R, N)."""
        check_energy(self.name, network)
        groups, apart = Groups.of(network), drop_own_couplings(network)
        fields = Fields.of(apart)
        critical = critical_temperature(fields, groups)
        noise = 1 - np.random.default_rng(seed).random(start.shape, np.float32)
        room = (1 - np.abs(groups.neutral)) * START_SIZE
        outputs = (groups.neutral + room * noise * start).astype(np.float32).T
        outputs = np.ascontiguousarray(outputs)
        hot = critical * fields.unit if self.hot is None else self.hot
        rounded = Replicas.init(network, start, seed)
        arrays = outputs, np.empty_like(outputs)
        return MeanField(network, fields, rounded, groups, critical, *arrays, hot)

    def _temperature(self, state: MeanField, share: float) -> float:
        """Return the temperature where `share` of the sweeps is done, in units."""
        unit = state.fields.unit
        hot = state.critical if self.hot is None else self.hot / unit
        cold = COLD_SHARE * hot if self.cold is None else self.cold / unit
        return float(hot * (cold / hot) ** share)

    def advance(self, state: MeanField, sweeps: int, horizon: int) -> MeanField:
        """Return the state after `sweeps` sweeps of an anneal that ends with `horizon`."""
        fields, groups, total = state.fields, state.groups, state.sweeps + horizon
        outputs, pulls = state.graded, state.pulls
        # how far the means overshoot if they move at once: they answer a field h with h / T, two
        # spins that compete in a group with 2 h / T, and couplings turn that back
        back, temperature = -fields.spectrum[0] * (2 if len(groups.members) else 1), 0.0
        for done in range(state.sweeps, state.sweeps + sweeps):
            temperature = self._temperature(state, (done + 0.5) / total)
            share = np.float32(1 / (1 + back / temperature))
            beta = np.float32(1 / temperature)
            fields.pull(outputs, pulls)
            thresholds = fields.thresholds
            if len(groups.members):
                parts = groups.begins, groups.members
                kernel.relax_groups(outputs, pulls, thresholds, share, beta, *parts)
            arrays = outputs, pulls, thresholds
            kernel.relax_chosen(*arrays, groups.free, share, beta)
        last = temperature * fields.unit
        return replace(state, sweeps=state.sweeps + sweeps, temperature=last, finished=False)

    def finish(self, state: MeanField) -> MeanField:
        """Return the local minima below the rounded means."""
        return state.descend()


def critical_temperature(fields: Fields, groups: Groups) -> float:
    """Return where the means of infinite temperature lose their stability, in units.

    That is the largest eigenvalue of ``D W D``, see `Groups.spread` (Peterson and Soderberg
    1989, where D is 1 / sqrt k on the groups). Thresholds blur the transition: no less than
    the rms field at the means of infinite temperature.
    """
    neutral = groups.neutral.astype(np.float32)[:, None]
    field = np.empty_like(neutral)
    fields.pull(neutral, field)
    even = groups.spread(field[:, 0] - fields.thresholds)
    size = float(np.sqrt(np.mean(even.astype(np.float64) ** 2))) if len(even) else 0.0
    return max(extremes(fields, groups.spread)[1], size) or 1.0
