"""Heat-bath dynamics (Gibbs sampling) at a fixed temperature."""

from dataclasses import dataclass
from typing import ClassVar

from hopfield_opt.dynamics.parts.fixed_temperature import InOrder
from hopfield_opt.groups import ALL_KINDS, Group
from hopfield_opt.moves import single


@dataclass(frozen=True)
class HeatBath(InOrder):
    """Sample at a fixed temperature: draw each spin from its law given all others.

    ``p(s_i = +1) = 1 / (1 + exp(-2 h_i / temperature))`` with ``h = W s - thresholds``, whatever
    the spin was before: Gibbs sampling. For a single spin this is a flip with Glauber's
    probability; unlike `Glauber` the spins may be visited by number, and groups are kept: there
    the draw is between the present state and one proposed move (Barker's rule), with the
    conditional law of these two. The Boltzmann distribution over the states in which all groups
    hold is stationary.

    Parameters
    ----------
    temperature : float
        In units of energy, positive.
    order : {"random", "sequential"}
        A fresh order in each sweep (spins exchange places in blocks of 16; with groups they are
        drawn with repetition), or the spins by number, without groups only.

    References
    ----------
    S. Geman, D. Geman, IEEE Trans. Pattern Anal. Mach. Intell. 6, 721 (1984);
    A. A. Barker, Aust. J. Phys. 18, 119 (1965).

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> pair = ho.Hamiltonian([[0, 1], [1, 0]])
    >>> result = ho.solve(pair, method=HeatBath(temperature=0.5), sweeps=50, seed=0)
    >>> result.energies.shape
    (128,)
    """

    name: ClassVar[str] = "heat-bath"
    summary: ClassVar[str] = "sample at a fixed temperature, each spin from its law given the rest"
    keeps: ClassVar[frozenset[type[Group]]] = ALL_KINDS
    rule: ClassVar[int] = single.HEAT_BATH
