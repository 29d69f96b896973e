"""A quadratic objective over bits as couplings and fields of spins, and what a flow in it proves.

With ``E(s) = constant - sum_k J_k s s' - sum_i h_i s_i`` every term is at least minus its size: the
trivial bound. A state that leaves terms unsatisfied pays twice their sizes. Each spin i becomes
two nodes, "s_i = +1" and "s_i = -1", joined as in roof duality (Hammer, Hansen & Simeone 1984): the
cut that belongs to a state costs what it leaves unsatisfied, and no cut is less than any flow from
source to sink. So the least energy is at least the trivial bound plus the value of a flow, be it
the largest or not.
"""

import sys
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.bounds.instance import Instance
from hopfield_opt.bounds.polynomials import Number
from hopfield_opt.errors import InputError, SizeError
from hopfield_opt.exactness import EPS
from hopfield_opt.model.nodes import Floats, Indices

# more than what underflows
TINY = 1e-280


def _floats(numbers: list[Number]) -> Floats:
    return np.array([float(one) for one in numbers], dtype=np.float64)


@dataclass(frozen=True, eq=False)
class SpinForm:
    """An objective ``constant - sum_k J_k s s' - sum_i h_i s_i``.

    Attributes
    ----------
    constant : int or Fraction
        The constant.
    heads, tails : (K,) int
        The spins that are coupled, in the order of the pairs.
    couplings : list of int or Fraction
        J.
    fields : list of int or Fraction
        h, one for each spin.
    """

    constant: Number
    heads: Indices
    tails: Indices
    couplings: list[Number]
    fields: list[Number]

    @classmethod
    def of(cls, instance: Instance) -> "SpinForm | None":
        """Return the objective of an instance over spins; None where it has other terms."""
        if not all(instance.is_bit) or any(len(key) > 2 for key in instance.objective):
            return None
        pairs = sorted((key, value) for key, value in instance.objective.items() if len(key) == 2)
        constant: Number = instance.constant
        fields: list[Number] = [0] * len(instance.is_bit)
        for key, value in instance.objective.items():
            # x = (1 + s) / 2
            part = Fraction(value) / 2 ** len(key)
            constant += part if key else 0
            for number in key:
                fields[number] -= part
        places = np.array([key for key, _ in pairs], dtype=np.intp).reshape(len(pairs), 2)
        couplings: list[Number] = [-Fraction(value) / 4 for _, value in pairs]
        return cls(constant, places[:, 0], places[:, 1], couplings, fields)

    @cached_property
    def sizes(self) -> list[Number]:
        """The sizes of couplings, then of fields."""
        return [one if one >= 0 else -one for one in (*self.couplings, *self.fields)]

    @cached_property
    def largest(self) -> Number:
        """The largest size, 0 where there are no terms."""
        return max(self.sizes, default=0)

    @property
    def least(self) -> Number:
        """What the objective is at least, term by term."""
        return self.constant - sum(self.sizes)

    def ends(self) -> tuple[Indices, Indices]:
        """Return the two nodes (2, K) of both copies of each coupling: i, and N + i for -1."""
        n = len(self.fields)
        positive = np.array([one > 0 for one in self.couplings], dtype=bool)
        same, other = np.where(positive, 0, n), np.where(positive, n, 0)
        heads, tails = self.heads, self.tails
        return np.stack([heads, heads + n]), np.stack([tails + same, tails + other])

    def favoured(self) -> Indices:
        """Return the node (N,) that the field of each spin favours."""
        n = len(self.fields)
        return np.arange(n) + n * np.array([one < 0 for one in self.fields], dtype=np.intp)

    def flow_proves(
        self, between: NDArray[np.int64], inwards: NDArray[np.int64], power: int
    ) -> Number:
        """Return what the objective is at least by a flow.

        Parameters
        ----------
        between : (2, K) int64
            Through both copies of each coupling, from its first end to its second.
        inwards : (2, N) int64
            From the source to the node that a field favours, and from the other one to the sink.
        power : int
            Of 2, in units of whose inverse the flow is given.

        Raises
        ------
        InputError
            If it is no flow within the capacities.
        """
        n, count = len(self.fields), len(self.couplings)
        if between.shape != (2, count) or inwards.shape != (2, n):
            raise InputError("flow must fit the couplings. The certificate is damaged.")
        scale = Fraction(2) ** power
        limits = [one * scale for one in self.sizes]
        through = np.concatenate([between, inwards], axis=1).tolist()
        within = all(
            abs(one) <= limit and abs(other) <= limit
            for one, other, limit in zip(*through, limits, strict=True)
        )
        if not within or (inwards < 0).any() or not self._conserves(between, inwards):
            raise InputError("flow must be one within its capacities. The certificate is damaged.")
        return self.least + Fraction(sum(inwards[0].tolist())) / scale

    def matrix(self) -> Floats:
        """Return the couplings as a symmetric matrix, fields as those of a last spin that is +1.

        There is no last spin where no field is. Numbers that are no floats are rounded.
        """
        if self.largest > sys.float_info.max:
            raise SizeError("couplings must be numbers of float64, got larger ones. Scale them.")
        n, has_fields = len(self.fields), any(self.fields)
        found = np.zeros((n + has_fields, n + has_fields))
        found[self.heads, self.tails] = found[self.tails, self.heads] = _floats(self.couplings)
        if has_fields:
            found[n, :n] = found[:n, n] = _floats(self.fields)
        return found

    def is_dominated(self, diagonal: Floats, shift: float) -> bool:
        """Whether a Cholesky factorisation of ``diagonal + shift - couplings`` succeeds."""
        difference = np.diag(diagonal + shift) - self.matrix()
        try:
            return bool(np.isfinite(np.linalg.cholesky(difference)).all())
        except np.linalg.LinAlgError:
            return False

    def diagonal_proves(self, diagonal: Floats, shift: float) -> Number:
        """Return what the objective is at least by a diagonal that dominates the couplings.

        Where ``D - J`` is positive semidefinite, ``s'Js / 2`` is at most ``s'Ds / 2``, half the sum
        of D. A Cholesky factorisation of order N that succeeds is exact for a matrix that differs
        by at most ``gamma / (1 - gamma)`` times the trace, ``gamma = (N + 1) u / (1 - (N + 1) u)``
        (Rump 2006; Higham 2002, theorem 10.3): the diagonal is made larger by that.

        Raises
        ------
        InputError
            If the factorisation fails, or the numbers fit no diagonal.
        """
        matrix = self.matrix()
        size = len(matrix)
        if diagonal.shape != (size,) or not np.isfinite([*diagonal, shift]).all():
            raise InputError(f"diagonal must be {size} finite numbers. The certificate is damaged.")
        if not self.is_dominated(diagonal, shift):
            raise InputError("diagonal must dominate the couplings. The certificate is damaged.")
        # EPS is 2 u, so that terms of higher order, and sums in floating point, are covered
        trace = float(np.abs(diagonal + shift).sum())
        widest = float((np.abs(matrix).sum(axis=1) + np.abs(diagonal) + abs(shift)).max(initial=0))
        off = Fraction(EPS) * (size + 4) * Fraction(trace + TINY) + 2 * Fraction(EPS * widest)
        whole = sum(map(Fraction, diagonal.tolist())) + size * (Fraction(shift) + off)
        return self.constant - whole / 2

    def _conserves(self, between: NDArray[np.int64], inwards: NDArray[np.int64]) -> bool:
        n = len(self.fields)
        start, end = self.ends()
        favoured = self.favoured()
        balance = [0] * (2 * n)
        for nodes, flows, sign in (
            (start.ravel(), between.ravel(), -1),
            (end.ravel(), between.ravel(), 1),
            (favoured, inwards[0], 1),
            ((favoured + n) % (2 * n), inwards[1], -1),
        ):
            for node, flow in zip(nodes.tolist(), flows.tolist(), strict=True):
                balance[node] += sign * flow
        return not any(balance)
