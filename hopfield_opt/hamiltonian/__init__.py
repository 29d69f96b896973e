"""The Hamiltonian: what the two halves of the house agree on."""

from hopfield_opt.hamiltonian.hamiltonian import Hamiltonian
from hopfield_opt.hamiltonian.network import EnergyFunction, Network

__all__ = ["EnergyFunction", "Hamiltonian", "Network"]
