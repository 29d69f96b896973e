"""Glauber dynamics: single flips at a fixed temperature."""

from dataclasses import dataclass
from typing import ClassVar

from hopfield_opt.dynamics.parts.fixed_temperature import FixedTemperature
from hopfield_opt.groups import Group
from hopfield_opt.moves import single


@dataclass(frozen=True)
class Glauber(FixedTemperature):
    """Sample at a fixed temperature by single flips in random order.

    A visited spin flips with probability ``1 / (1 + exp(dE / temperature))``,

        p_i = 1/2 (1 - s_i tanh(h_i / temperature)),   h = W s - thresholds,

    where a flip costs ``dE = 2 s_i h_i``: the rates of Glauber's chain with the field of any
    network in the place of its neighbours'. The Boltzmann distribution is stationary where the
    weights are symmetric; on a `Network` of asymmetric weights there is no energy, and the
    stationary law is another.

    Spins are visited once a sweep, in a fresh order each time (they exchange places in blocks
    of 16): about as fast as independent draws with Poisson clocks, and with the same stationary
    law. With groups no single flip is possible: see `HeatBath`, `Metropolis`.

    Parameters
    ----------
    temperature : float
        In units of energy, positive.

    References
    ----------
    R. J. Glauber, J. Math. Phys. 4, 294 (1963).

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> pair = ho.Hamiltonian([[0, 1], [1, 0]])
    >>> result = ho.solve(pair, method=Glauber(temperature=0.5), sweeps=50, seed=0)
    >>> result.energies.shape
    (128,)
    """

    name: ClassVar[str] = "glauber"
    summary: ClassVar[str] = "sample at a fixed temperature by single flips (Glauber 1963)"
    keeps: ClassVar[frozenset[type[Group]]] = frozenset()
    rule: ClassVar[int] = single.HEAT_BATH
