"""Couplings and fields as a signed graph, and what frustrated cycles in it prove.

A term ``-J s s'`` is satisfied where s and s' are as the sign of J wants them. Around a closed walk
the signs of the satisfied terms have the product 1: where an odd number of couplings on it are
negative, the walk is frustrated, and a state leaves one of its terms, or three, unsatisfied
(Toulouse 1977). Let x_e be 1 where term e is unsatisfied, and w_e its size. For weights y >= 0 of
frustrated cycles C, ::

    sum_e w_e x_e >= sum_C y_C - sum_e max(0, sum_(C through e) y_C - w_e)

The most that can be proven so is the dual of a linear program, whose bound on a maximum cut is that
of all odd cycles (Barahona & Mahjoub 1986), and the maximum itself where a graph is planar.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.bounds.instance import Instance
from hopfield_opt.bounds.linearised import as_integers
from hopfield_opt.bounds.polynomials import Number
from hopfield_opt.bounds.spin_form import SpinForm
from hopfield_opt.errors import InputError
from hopfield_opt.model.nodes import Floats, Indices

# sums of so many bits are exact in int64
MOST_BITS = 62


@dataclass(frozen=True, eq=False)
class SignedGraph:
    """Terms of two spins as edges; fields are edges to a last vertex, whose spin is +1.

    Attributes
    ----------
    num_vertices : int
        The spins, and one more where there are fields.
    ends : (2, E) int
        The vertices of each edge: couplings first, then fields that are not 0.
    is_negative : (E,) bool
        Which edges want different spins.
    sizes : list of int or Fraction
        The sizes of the terms.
    least : int or Fraction
        What the objective is if all terms are satisfied.
    """

    num_vertices: int
    ends: Indices
    is_negative: NDArray[np.bool_]
    sizes: list[Number]
    least: Number

    @classmethod
    def of(cls, instance: Instance) -> "SignedGraph | None":
        """Return the signed graph of an instance; None where it has other terms."""
        form = instance.derive(SpinForm.of)
        if form is None:
            return None
        pulled = [k for k, one in enumerate(form.fields) if one]
        last = len(form.fields)
        values = [*form.couplings, *(form.fields[k] for k in pulled)]
        ends = np.stack([form.heads, form.tails])
        fields = np.array([pulled, [last] * len(pulled)], dtype=np.intp).reshape(2, len(pulled))
        return cls(
            last + bool(pulled),
            np.concatenate([ends, fields], axis=1),
            np.array([one < 0 for one in values], dtype=bool),
            [one if one > 0 else -one for one in values],
            form.least,
        )

    def packing_proves(
        self, starts: NDArray[np.int64], edges: NDArray[np.int64], multipliers: Floats
    ) -> Number:
        """Return what the objective is at least by weights of frustrated cycles.

        Parameters
        ----------
        starts : (K + 1,) int64
            Where the edges of each cycle begin.
        edges : (L,) int64
            The edges of all cycles.
        multipliers : (K,) float64
            Their weights.

        Raises
        ------
        InputError
            If one is no frustrated cycle, or has a weight below 0.
        """
        self._check_cycles(starts, edges, multipliers)
        whole, unit = as_integers(multipliers)
        used = self._used(starts, edges, whole)
        total: Number = sum(whole) * unit
        for number in np.flatnonzero(used != 0).tolist():
            beyond = int(used[number]) * unit - self.sizes[number]
            if beyond > 0:
                total -= beyond
        return self.least + 2 * max(total, 0)

    def _check_cycles(
        self, starts: NDArray[np.int64], edges: NDArray[np.int64], multipliers: Floats
    ) -> None:
        count = len(multipliers)
        fits = starts.shape == (count + 1,) and starts[0] == 0 and starts[-1] == len(edges)
        fits = fits and bool((np.diff(starts) > 0).all())
        fits = fits and bool(((edges >= 0) & (edges < len(self.sizes))).all())
        if not fits or not np.isfinite(multipliers).all() or (multipliers < 0).any():
            raise InputError("cycles must fit the graph. The certificate is damaged.")
        if not count:
            return
        owner = np.repeat(np.arange(count), np.diff(starts))
        odd = np.bincount(owner, self.is_negative[edges], count).astype(np.int64) % 2 == 1
        visits = (owner * self.num_vertices + self.ends[:, edges]).ravel()
        closed = (np.unique(visits, return_counts=True)[1] % 2 == 0).all()
        if not odd.all() or not closed:
            raise InputError("cycles must be frustrated ones. The certificate is damaged.")

    def _used(
        self, starts: NDArray[np.int64], edges: NDArray[np.int64], whole: list[int]
    ) -> NDArray[np.object_] | NDArray[np.int64]:
        """Return the weight of all cycles through each edge, in units."""
        bits = max(whole, default=0).bit_length() + len(whole).bit_length()
        kind = np.int64 if bits <= MOST_BITS else object
        used = np.zeros(len(self.sizes), dtype=kind)
        np.add.at(used, edges, np.repeat(np.array(whole, dtype=kind), np.diff(starts)))
        return used


def weights_of(graph: SignedGraph) -> Floats:
    """Return the sizes of terms as floats, the largest of them 1."""
    largest = max(graph.sizes, default=1)
    return np.array([float(Fraction(one) / largest) for one in graph.sizes], dtype=np.float64)
