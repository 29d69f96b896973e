"""The rules by name, and the network that a rule makes of patterns."""

from collections.abc import Callable
from typing import Any

from numpy.typing import ArrayLike

from hopfield_opt.arrays import FloatArray, warn
from hopfield_opt.couplings import Coupling, Explicit
from hopfield_opt.errors import check_choice
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.learning.hebb import hebb, hebb_factors
from hopfield_opt.learning.patterns import Patterns, check_patterns
from hopfield_opt.learning.pseudo_inverse import pseudo_inverse, pseudo_inverse_factors
from hopfield_opt.learning.storkey import storkey

RULES: dict[str, Callable[..., FloatArray]] = {
    "hebb": hebb,
    "pseudo-inverse": pseudo_inverse,
    "storkey": storkey,
}
FACTORS: dict[str, Callable[[Any], Coupling]] = {
    "hebb": hebb_factors,
    "pseudo-inverse": pseudo_inverse_factors,
}
# Above so many units weights are kept as factors if the patterns are fewer than half of them: a
# matrix of 2000 x 2000 fills the caches of a processor (32 MB).
MOST_DENSE = 2000
# The load above which Hebbian memories are no attractors any more.
# D. J. Amit, H. Gutfreund, H. Sompolinsky, Ann. Phys. 173, 30 (1987).
CAPACITY = 0.138


def check_rule(rule: str) -> str:
    """Return the name of a rule that exists."""
    check_choice("rule", rule, RULES)
    return rule


def is_factored(rule: str, patterns: Patterns) -> bool:
    """Whether a rule keeps the weights of these patterns as factors."""
    size = patterns.num_spins
    return rule in FACTORS and size > MOST_DENSE and 2 * len(patterns) < size


def couplings(patterns: Any, rule: str = "hebb") -> Coupling:
    """Return the couplings (zero diagonal) by which a rule stores patterns.

    Parameters
    ----------
    patterns : (P, ...) array
        Two-valued, see `Patterns`.
    rule : {"hebb", "pseudo-inverse", "storkey"}
        How they are learnt.

    Raises
    ------
    InputError
        For an unknown rule, or patterns that it cannot store.
    """
    known = check_patterns(patterns)
    if is_factored(check_rule(rule), known):
        return FACTORS[rule](known)
    return Explicit(RULES[rule](known))


def network(terms: Coupling, thresholds: ArrayLike | None = None) -> Hamiltonian:
    """Return the Hamiltonian of learnt couplings, ``E = -1/2 sum_{i != j} W_ij s_i s_j``.

    Without an offset: factors count ``W_ii`` too, which is taken out again.

    Parameters
    ----------
    terms : Explicit, Factored or Kronecker
        The couplings that a rule has learnt.
    thresholds : (N,) array, optional
        By default 0.
    """
    return Hamiltonian(terms, thresholds, 0.0 - terms.constant)


def warn_of_load(patterns: Patterns, rule: str) -> None:
    """Warn where Hebb's rule cannot work: above its capacity nothing is recalled."""
    if rule == "hebb" and len(patterns) > patterns.num_spins:
        warn(
            f"Hebb's rule stores up to about {CAPACITY} N patterns, got P/N = "
            f"{len(patterns)}/{patterns.num_spins} = {patterns.load:.3g}: none will be recalled. "
            "Take rule='pseudo-inverse', or a DenseAssociativeMemory."
        )
