"""Metropolis dynamics at a fixed temperature."""

from dataclasses import dataclass
from typing import ClassVar

from hopfield_opt.dynamics.parts.fixed_temperature import InOrder
from hopfield_opt.groups import ALL_KINDS, Group
from hopfield_opt.moves import single


@dataclass(frozen=True)
class Metropolis(InOrder):
    """Sample at a fixed temperature: accept proposals uphill with ``exp(-dE / temperature)``.

    A proposal flips a spin, or moves several so that the groups hold; one that lowers the energy
    or keeps it is always accepted. The Boltzmann distribution ``exp(-E / temperature) / Z`` over
    the states in which all groups hold is stationary.

    A flip that costs nothing is made at every visit, so that spins on which nothing acts flip in
    every sweep: sample such networks with `HeatBath`. On a `Network` of asymmetric weights a
    flip of spin i "costs" ``2 s_i h_i``; there are no energies then.

    Parameters
    ----------
    temperature : float
        In units of energy, positive.
    order : {"random", "sequential"}
        A fresh order in each sweep (spins exchange places in blocks of 16; with groups they are
        drawn with repetition), or the spins by number, without groups only.

    References
    ----------
    N. Metropolis, A. W. Rosenbluth, M. N. Rosenbluth, A. H. Teller, E. Teller, J. Chem. Phys.
    21, 1087 (1953).

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> pair = ho.Hamiltonian([[0, 1], [1, 0]])
    >>> result = ho.solve(pair, method=Metropolis(temperature=0.5), sweeps=50, seed=0)
    >>> result.energies.shape
    (128,)
    """

    name: ClassVar[str] = "metropolis"
    summary: ClassVar[str] = "sample at a fixed temperature by Metropolis's rule"
    keeps: ClassVar[frozenset[type[Group]]] = ALL_KINDS
    rule: ClassVar[int] = single.METROPOLIS
