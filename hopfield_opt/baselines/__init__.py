"""Algorithms that know no Hamiltonian, to compare with."""
