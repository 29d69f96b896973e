"""Associative memory of spiking neurons: the spike-response model with escape noise."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt import rng
from hopfield_opt.arrays import BoolArray, FloatArray, Frozen, check_array, check_number
from hopfield_opt.errors import InputError
from hopfield_opt.learning.hebb import hebb
from hopfield_opt.learning.patterns import Patterns, check_patterns

# Spikes per ms of a neuron that a pattern turns on: with the defaults below it fires nearly as
# soon as the refractory time allows, so that the rates say on or off.
ACTIVE_RATE = 0.1


def firing_rate(
    drive: ArrayLike, *, threshold: float = 1.0, tau: float = 10.0, refractory: float = 0.0
) -> FloatArray:
    """Return the rate of a leaky integrate-and-fire neuron under a constant drive.

        f = 1 / (Delta + tau ln(R I / (R I - theta))),   0 where R I <= theta

    for ``tau du/dt = -u + R I``, reset to 0 at theta and held there for Delta.

    Parameters
    ----------
    drive : float or array
        R I, in the unit of the threshold.
    threshold, tau, refractory : float
        theta, the membrane's time constant and Delta; the rate is per unit of these times.

    References
    ----------
    W. Gerstner et al., Neuronal Dynamics (2014), chapter 1.

    Examples
    --------
    >>> firing_rate([0.5, 2.0]).round(4)
    array([0.    , 0.1443])
    """
    current = check_array("drive", drive)
    above = current > threshold
    ratio = np.where(above, current, 2.0 * threshold)
    ratio = ratio / (ratio - threshold)
    return np.asarray(np.where(above, 1.0 / (refractory + tau * np.log(ratio)), 0.0))


@dataclass(frozen=True)
class SpikeResponse:
    """A spiking neuron, by its responses to its own spikes and to those of others.

    ``u(t) = sum_f eta(t - t^f) + h(t) + u_rest`` with ``h(t) = sum_j w_j epsilon(t - t_j^f)``.
    The kernels are those of a leaky integrate-and-fire neuron whose input currents decay with
    `tau_synapse`; a spike subtracts ``threshold - rest``:

        epsilon(s) = (exp(-s / tau_m) - exp(-s / tau_s)) / (tau_m - tau_s),  s >= 0
        eta(s) = -(threshold - rest) exp(-s / tau_m)

    It fires with the rate ``rho = escape exp((u - threshold) / noise)``, or where u reaches the
    threshold if there is no noise, and not during the refractory time.

    Parameters
    ----------
    tau_membrane, tau_synapse : float
        Time constants in ms, different from one another.
    threshold, rest : float
        In units of which the threshold is 1.
    refractory : float
        ms after a spike in which there is no other one.
    escape : float
        Spikes per ms at the threshold.
    noise : float
        How soft the threshold is; 0 is none.

    References
    ----------
    W. Gerstner et al., Neuronal Dynamics (2014), Secs. 6.4 and 9.1.
    """

    tau_membrane: float = 10.0
    tau_synapse: float = 20.0
    threshold: float = 1.0
    rest: float = 0.0
    refractory: float = 9.0
    escape: float = 0.5
    noise: float = 0.2

    def __post_init__(self) -> None:
        for name in ("tau_membrane", "tau_synapse"):
            if check_number(name, getattr(self, name)) <= 0:
                raise InputError(f"{name} must be positive, got {getattr(self, name)}.")
        if self.tau_membrane == self.tau_synapse:
            raise InputError(
                f"tau_synapse must differ from tau_membrane, got {self.tau_synapse} for both."
            )
        for name in ("refractory", "escape", "noise"):
            if check_number(name, getattr(self, name)) < 0:
                raise InputError(f"{name} must not be negative, got {getattr(self, name)}.")

    def epsilon(self, times: ArrayLike) -> FloatArray:
        """Return the response to an input spike after some times; its integral is 1."""
        s = np.asarray(times, dtype=np.float64)
        late = np.exp(-np.maximum(s, 0) / self.tau_membrane)
        early = np.exp(-np.maximum(s, 0) / self.tau_synapse)
        return np.where(s >= 0, (late - early) / (self.tau_membrane - self.tau_synapse), 0.0)

    def eta(self, times: ArrayLike) -> FloatArray:
        """Return the response to an own spike after some times."""
        s = np.asarray(times, dtype=np.float64)
        decay = np.exp(-np.maximum(s, 0) / self.tau_membrane)
        return np.where(s >= 0, -(self.threshold - self.rest) * decay, 0.0)

    def fires(self, potentials: FloatArray, step: float, uniform: FloatArray) -> Any:
        """Return which neurons fire within a step; `uniform` are random numbers from 0 to 1."""
        if self.noise == 0:
            return potentials >= self.threshold
        above = np.minimum((potentials - self.threshold) / self.noise, 50.0)
        return uniform < -np.expm1(-self.escape * np.exp(above) * step)


@dataclass(frozen=True, eq=False)
class SpikeTrains:
    """What a network of spiking neurons did.

    Attributes
    ----------
    times : (T,) float64
        The ends of the time steps, in ms.
    spikes : (T, N) bool
        Who fired in each.
    potentials : (T, N) float64
        u at these times, before a spike is taken into account.
    """

    times: FloatArray
    spikes: BoolArray
    potentials: FloatArray

    def rates(self, first: float = 0.0, last: float = np.inf) -> FloatArray:
        """Return the spikes per ms (N,) between two times."""
        inside = (self.times > first) & (self.times <= last)
        step = self.times[0] if len(self.times) else 1.0
        return np.asarray(self.spikes[inside].sum(axis=0) / max(step, step * inside.sum()))


def rate_overlaps(rates: ArrayLike, patterns: Any) -> FloatArray:
    """Return the correlation coefficient of rates (N,) with each pattern (P, N); 0 for silence.

    Examples
    --------
    >>> rate_overlaps([0.1, 0.1, 0.0, 0.0], [[1, 1, -1, -1], [1, -1, 1, -1]])
    array([1., 0.])
    """
    rows = check_patterns(patterns).floats()
    own = check_array("rates", rates, rows.shape[1:])
    rows, own = rows - rows.mean(axis=1, keepdims=True), own - own.mean()
    norms = np.linalg.norm(rows, axis=1) * np.linalg.norm(own)
    return np.asarray(rows @ own / np.where(norms > 0, norms, 1.0))


@dataclass(frozen=True, eq=False, init=False)
class SpikingMemory(Frozen):
    """Patterns stored in the synapses of spiking neurons.

    A neuron is "on" in a pattern where it fires with about `active_rate`, else silent. With the
    rates as ``sigma = 2 rate / active_rate - 1`` the mean input of a neuron is
    ``drive + gain sum_j W_ij sigma_j``, W by Hebb's rule: the Hopfield network.

    Parameters
    ----------
    patterns : (P, ...) array
        Two-valued.
    neuron : SpikeResponse
        What each neuron is.
    gain, drive : float
        As above; the input of the neurons that are on is ``drive + gain``.
    active_rate : float
        Spikes per ms.

    References
    ----------
    W. Gerstner et al., Neuronal Dynamics (2014), Sec. 17.2.6.

    Examples
    --------
    >>> memory = SpikingMemory(np.repeat([[1, -1], [1, 1]], 15, axis=1))
    >>> trains = memory.recall(np.repeat([1, -1], 15), 300, seed=0)
    >>> bool(rate_overlaps(trains.rates(first=150), memory.patterns.spins)[0] > 0.9)
    True
    """

    patterns: Patterns
    neuron: SpikeResponse
    weights: FloatArray
    drive: FloatArray

    def __init__(
        self,
        patterns: Any,
        neuron: SpikeResponse | None = None,
        *,
        gain: float = 2.0,
        drive: float = 1.0,
        active_rate: float = ACTIVE_RATE,
    ) -> None:
        known = check_patterns(patterns)
        if check_number("active_rate", active_rate) <= 0:
            raise InputError(f"active_rate must be positive, got {active_rate}.")
        couplings = check_number("gain", gain) * hebb(known)
        self._set(
            patterns=known,
            neuron=SpikeResponse() if neuron is None else neuron,
            weights=2.0 * couplings / active_rate,
            drive=check_number("drive", drive) - couplings.sum(axis=1),
        )

    def recall(
        self,
        cue: ArrayLike,
        duration: float,
        *,
        cue_time: float = 50.0,
        cue_strength: float = 2.0,
        step: float = 1.0,
        seed: int | None = None,
    ) -> SpikeTrains:
        """Return the spikes of the network, which is silent before.

        Parameters
        ----------
        cue : (N,) of -1 and +1
            Adds ``cue_strength * cue`` to the drive for the first `cue_time` ms.
        duration, step : float
            In ms.
        cue_time, cue_strength : float
            How long and how strong.
        seed : int, optional
            Of the escape noise; None draws one.
        """
        extra = cue_strength * check_array("cue", cue, (self.patterns.num_spins,))
        random = rng.generator(rng.check_seed(seed))
        count = round(duration / step)
        circuit = _Circuit(self.neuron, self.weights, step)
        spikes = np.zeros((count, len(extra)), dtype=bool)
        potentials = np.zeros(spikes.shape)
        for k in range(count):
            cued = k * step < cue_time
            noise = random.random(len(extra))
            potentials[k], spikes[k] = circuit.advance(self.drive + cued * extra, noise)
        return SpikeTrains(step * np.arange(1.0, count + 1.0), spikes, potentials)


@dataclass(eq=False)
class _Circuit:
    """The potentials of all neurons, advanced exactly from step to step.

    The part of the drive relaxes like the membrane; kernels that are differences of
    exponentials need one decaying number each.
    """

    neuron: SpikeResponse
    weights: FloatArray
    step: float
    membrane: FloatArray = field(init=False)
    current: FloatArray = field(init=False)
    quiet: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        size = len(self.weights)
        self.membrane, self.current = np.zeros(size), np.zeros(size)
        self.quiet = np.full(size, np.inf)

    def advance(self, drive: FloatArray, uniform: FloatArray) -> tuple[FloatArray, Any]:
        """Return potentials and spikes at the end of a step."""
        neuron = self.neuron
        late = np.exp(-self.step / neuron.tau_membrane)
        early = np.exp(-self.step / neuron.tau_synapse)
        # exact for a drive that is constant within the step
        mixed = (late - early) / (neuron.tau_membrane - neuron.tau_synapse)
        self.membrane = late * self.membrane + mixed * self.current + (1 - late) * drive
        self.current = early * self.current
        self.quiet = self.quiet + self.step
        potentials = neuron.rest + self.membrane
        fired = neuron.fires(potentials, self.step, uniform) & (self.quiet > neuron.refractory)
        self.quiet[fired] = 0.0
        self.membrane = self.membrane - (neuron.threshold - neuron.rest) * fired
        self.current = self.current + self.weights @ fired
        return potentials, fired
