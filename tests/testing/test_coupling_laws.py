"""The shipped check of couplings: every kind passes, and each broken law is found.

A list of small classes, one for each law, to be read one by one; hence the length.
"""

import numpy as np
import pytest
from scipy.sparse import csr_array

from hopfield_opt.couplings import Coupling, Explicit, Factored, Kronecker
from hopfield_opt.errors import InputError
from hopfield_opt.testing import check_coupling

ROWS = np.array([[1, 0, 2, 0, -1, 0], [0, 1, 1, 0, 0, 0.5]])
COEFFICIENTS = np.array([1.5, -2.0])
MATRIX = np.array([[0, 3, 0, 1], [3, 0, -2, 0], [0, -2, 0, 0], [1, 0, 0, 0.0]])
SIDE = [[1, 2], [0, -1]]


@pytest.mark.parametrize(
    "term",
    [
        Explicit(MATRIX),
        Explicit(csr_array(MATRIX)),
        Explicit(np.zeros((3, 3))),
        Explicit(np.zeros((0, 0))),
        Factored(ROWS, COEFFICIENTS),
        Factored(csr_array(ROWS), 1e9 * COEFFICIENTS),
        Factored(np.zeros((0, 4))),
        Factored(np.zeros((2, 0))),
        Kronecker(SIDE, csr_array(SIDE), [[0, 4], [-1, 2]], 0.3, [[1, 2], [3, 0.1]], num_spins=7),
        Kronecker(np.zeros((0, 0)), SIDE, np.zeros((0, 2), int)),
    ],
    ids=lambda term: repr(term)[:30],
)
def test_every_kind_keeps_the_laws(term):
    """Each kind passes, also without spins and without couplings."""
    check_coupling(term)
    check_coupling(term, term.to_dense())


class WrongField(Factored):
    """Pull on oneself."""

    def local_field(self, states):
        """Leave the diagonal in."""
        return super().local_field(states) - 2.0 * self.diagonal * states


class FieldOfSignsOnly(Factored):
    """Know spins only."""

    def local_field(self, states):
        """Round to spins first."""
        return super().local_field(np.sign(states))


class FieldInPlace(Factored):
    """Work in the caller's array."""

    def local_field(self, states):
        """Negate the states."""
        field = super().local_field(states)
        states *= -1
        return field


class FieldOverflows(Factored):
    """Count in the type of the states."""

    def local_field(self, states):
        """Keep int8."""
        return (100 * super().local_field(states)).astype(states.dtype) / 100


class EnergyInPlace(Factored):
    """Work in the caller's array."""

    def energy(self, states):
        """Negate the states."""
        energies = super().energy(states)
        states *= -1
        return energies


class WrongEnergy(Factored):
    """Forget the constant."""

    def energy(self, states):
        """Leave out what the diagonal adds."""
        return super().energy(states) - self.constant


class WrongConstant(Factored):
    """Have a constant that is nobody's."""

    @property
    def constant(self):
        """Forget it."""
        return 0.0


class WrongDense(Factored):
    """Expand to half of the pairs."""

    def _dense(self):
        return np.triu(super()._dense())


class DiagonalInDense(Factored):
    """Expand with the diagonal."""

    def _dense(self):
        return super()._dense() + np.diag(self.diagonal)


class WrongSparse(Factored):
    """Lose couplings of the last spin in one expansion."""

    def _sparse(self):
        keep = np.arange(self.num_spins) < self.num_spins - 1
        return csr_array(super()._sparse() * np.multiply.outer(keep, keep))


class UncheckedExpansion(Factored):
    """Expand without a look at the memory."""

    def to_dense(self):
        """Skip the check."""
        return self._dense()


class TooFewBytes(Factored):
    """Predict too little memory."""

    def dense_bytes(self):
        """Forget the size of a float."""
        return self.num_spins**2


class TooFewCouplings(Factored):
    """Count each pair once."""

    def num_couplings(self):
        """Halve the number."""
        return super().num_couplings() // 4


class WrongScaled(Factored):
    """Scale twice."""

    def scaled(self, factor):
        """Square the factor."""
        return super().scaled(factor * factor)


class WrongGauge(Factored):
    """Leave the spins as they are."""

    def gauge(self, signs):
        """Do nothing."""
        return self


class WrongOrder(Factored):
    """Relabel the other way."""

    def relabelled(self, order):
        """Invert the order."""
        return super().relabelled(np.argsort(order))


class WrongContract(Factored):
    """Lose what merged spins did to each other."""

    def contract(self, labels, num_clusters):
        """Expand, and forget the constant."""
        whole = self.expanded().contract(labels, num_clusters)
        return Explicit._make(matrix=whole.matrix, constant=self.constant)


class WrongThresholds(Factored):
    """Pull with half the strength."""

    def restricted(self, keep, fixed_spins):
        """Halve the thresholds."""
        term, thresholds, offset = super().restricted(keep, fixed_spins)
        return term, thresholds / 2, offset


class WrongOffset(Factored):
    """Forget what fixed spins do to each other."""

    def restricted(self, keep, fixed_spins):
        """Drop the offset."""
        term, thresholds, _ = super().restricted(keep, fixed_spins)
        return term, thresholds, 0.0


class WrongSpins(Factored):
    """Call every other spin free."""

    def coupled_spins(self):
        """Leave out the first spin."""
        return super().coupled_spins() & (np.arange(self.num_spins) > 0)


class WrongSets(Factored):
    """Put each spin in a set of its own."""

    def coupled_sets(self):
        """Join nothing."""
        return np.arange(self.num_spins), np.arange(self.num_spins)


class WrongFile(Factored):
    """Store the rows only."""

    arguments = {"rows": ("f", 2)}  # noqa: RUF012


class NoSuchArgument(Factored):
    """Name an argument that is no attribute."""

    arguments = {"lines": ("f", 2)}  # noqa: RUF012


class Writable(Factored):
    """Leave an array open."""

    def _fill(self, rows, coefficients):
        super()._fill(rows, coefficients)
        self.__dict__["coefficients"] = np.array(coefficients)


class WrongPickle(Factored):
    """Come back from a pickle as another."""

    def __setstate__(self, state):
        """Negate the coefficients."""
        super().__setstate__({**state, "coefficients": -state["coefficients"]})


@pytest.mark.parametrize(
    ("kind", "law"),
    [
        (WrongField, "local_field is W s, for spins"),
        (FieldOfSignsOnly, "local_field is W s, for graded states"),
        (FieldInPlace, "local_field leaves states as they are"),
        (FieldOverflows, "local_field is W s, for spins"),
        (EnergyInPlace, "energy leaves states as they are"),
        (WrongEnergy, r"energy is -1/2 s'Ws \+ constant"),
        (WrongConstant, r"energy is -1/2 s'Ws \+ constant"),
        (WrongDense, "to_dense is symmetric"),
        (DiagonalInDense, "to_dense has a zero diagonal"),
        (WrongSparse, "to_sparse is W"),
        (UncheckedExpansion, "to_dense is that of Coupling"),
        (TooFewBytes, "dense_bytes is at least 288, got 36"),
        (TooFewCouplings, "num_couplings is at least"),
        (WrongScaled, "scaled by -1.5: "),
        (WrongGauge, "gauge: to_dense is W"),
        (WrongOrder, "relabelled: to_dense is W"),
        (WrongContract, "contracted to 1: constant is"),
        (WrongThresholds, "restricted to 0: its offset|restricted to .: its thresholds"),
        (WrongOffset, "restricted to .: its offset"),
        (WrongSpins, "coupled_spins has all spins with couplings"),
        (WrongSets, "coupled_sets has all spins that are coupled"),
        (WrongFile, "saved and loaded: "),
        (NoSuchArgument, "the argument lines is an attribute"),
        (Writable, "its array coefficients is read-only"),
        (WrongPickle, "pickled: "),
    ],
)
def test_each_broken_law_is_found(kind, law):
    """A term that breaks one law is refused with that law."""
    with pytest.raises(AssertionError, match=law):
        check_coupling(kind(ROWS, COEFFICIENTS))


class WrongWidth(Kronecker):
    """Do not grow."""

    def widened(self, num_spins):
        """Stay as wide."""
        return self


def test_a_term_that_does_not_grow_is_found():
    """An open-ended term must fit a larger network."""
    with pytest.raises(AssertionError, match="widened: num_spins is 6, got 4"):
        check_coupling(WrongWidth(SIDE, SIDE, [[0, 1], [2, 3]]))


class Lopsided(Coupling):
    """Be no symmetric matrix; expand to what the local fields say."""

    arguments = {"num_spins": ("i", 0)}  # noqa: RUF012
    num_spins = 3
    constant = 0.0

    def local_field(self, states):
        """Let each spin feel the one before."""
        return np.roll(states, 1, axis=1) * 1.0

    def scaled(self, factor):
        """Do nothing."""
        return self


class Stronger(Lopsided):
    """Be symmetric, but not what was meant."""

    def local_field(self, states):
        """Let each spin feel both neighbours, twice."""
        return 2.0 * (np.roll(states, 1, axis=1) + np.roll(states, -1, axis=1))


def test_fields_that_the_expansion_is_made_of_are_checked_too():
    """Local fields of no symmetric matrix are found, those of another with the weights given."""
    with pytest.raises(AssertionError, match="Lopsided: local_field is W s"):
        check_coupling(Lopsided())
    with pytest.raises(AssertionError, match="Stronger: to_dense is W"):
        check_coupling(Stronger(), np.ones((3, 3)) - np.eye(3))


def test_what_cannot_be_checked_is_refused():
    """A term that is too large, weights of another shape and what is no Coupling are refused."""
    with pytest.raises(InputError, match="coupling must be over at most 256 spins, got 300"):
        check_coupling(Factored(np.ones((1, 300))))
    with pytest.raises(AssertionError, match="num_spins is 2, got 6"):
        check_coupling(Factored(ROWS), np.zeros((2, 2)))
    with pytest.raises(AssertionError, match="a kind of coupling is a subclass of Coupling"):
        check_coupling(MATRIX)
