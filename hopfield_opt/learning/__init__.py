"""Learning rules: from patterns to weights."""

from hopfield_opt.learning.boltzmann import BoltzmannMachine
from hopfield_opt.learning.hebb import hebb, hebb_added, hebb_factors, hebb_forgotten
from hopfield_opt.learning.patterns import Patterns, check_cues, check_patterns
from hopfield_opt.learning.pseudo_inverse import pseudo_inverse, pseudo_inverse_factors
from hopfield_opt.learning.rules import RULES, couplings, network
from hopfield_opt.learning.sequence import sequence
from hopfield_opt.learning.storkey import storkey

__all__ = [
    "RULES",
    "BoltzmannMachine",
    "Patterns",
    "check_cues",
    "check_patterns",
    "couplings",
    "hebb",
    "hebb_added",
    "hebb_factors",
    "hebb_forgotten",
    "network",
    "pseudo_inverse",
    "pseudo_inverse_factors",
    "sequence",
    "storkey",
]
