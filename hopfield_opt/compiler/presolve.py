"""Leave out neurons whose best value is certain: it never changes the optimum.

Two rules, applied until nothing changes, on neurons that have explicit couplings only and stand
in no group. With h_i the local field from thresholds alone and |W_i| the sum of |W_ij|:

fix
    If |h_i| >= |W_i| and h_i is not 0, then s_i = sign(h_i) whatever the others do.
merge
    If |W_ij| >= |h_i| + the sum of |W_ik| over all k but j, then s_i = sign(W_ij) s_j is best
    whatever the others do: identical or opposite neurons become one.

Together they take away every neuron of degree 1, and so whole trees. A neuron without couplings
and threshold is left: a symmetry is not broken. Where neither rule finds more, `roof_duality` looks
at all neurons at once.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.compiler.components import explicit_matrix
from hopfield_opt.compiler.roof_duality import persistent
from hopfield_opt.compiler.undo import Fixed, Undo
from hopfield_opt.couplings import Explicit
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model.nodes import AnyMatrix, Floats, Indices

# a count, never a clock: the compiled network must not depend on the machine
MOST_ROUNDS = 40
# making a large network anew takes longer than what a handful of neurons less can save
LARGE = 1 << 18
WORTH = 1.0 / 32.0
# sums of weights are off by rounding: what is equal only up to it is left alone
SAFE = 1.0 + 1e-12


@dataclass(frozen=True, eq=False)
class Merged:
    """Several spins follow one: spin i is `signs[i]` times spin `labels[i]` of the rest."""

    labels: Indices
    signs: Floats
    leaders: Indices

    def encode(self, values: Floats) -> Floats:
        """Return the spins that lead."""
        return values[:, self.leaders]

    def decode(self, values: Floats) -> Floats:
        """Return all spins."""
        return values[:, self.labels] * self.signs


def presolve(
    hamiltonian: Hamiltonian, error: float = 0.0
) -> tuple[Hamiltonian, tuple[Undo, ...], tuple[str, ...]]:
    """Return a network with the same optimum and fewer neurons, the way back, and the report.

    Where fields may be off by an `error`, only what is certain nevertheless is left out.
    """
    undos: list[Undo] = []
    fixed = merged = by_flow = 0
    for _ in deadline.check_each(range(MOST_ROUNDS)):
        hamiltonian, *counts = _by_bounds(hamiltonian, undos, error)
        fixed, merged = fixed + counts[0], merged + counts[1]
        found, reason = persistent(hamiltonian, error)
        if not found.any():
            break
        by_flow += int(np.count_nonzero(found))
        hamiltonian = _fix(hamiltonian, found, undos)
    lines = [f"presolve fixes {fixed} neurons and merges {merged}"] if fixed + merged else []
    if reason is None or by_flow:
        lines.append(f"roof duality fixes {by_flow} neurons")
    elif not hamiltonian.groups:  # with groups nobody expects it
        lines.append(f"roof duality is skipped: {reason}")
    return hamiltonian, tuple(undos), tuple(lines)


def _by_bounds(
    hamiltonian: Hamiltonian, undos: list[Undo], error: float
) -> tuple[Hamiltonian, int, int]:
    """Return the network after the rules "fix" and "merge", and how many neurons each took."""
    fixed = merged = 0
    for _ in range(MOST_ROUNDS):
        explicit = [term for term in hamiltonian.couplings if isinstance(term, Explicit)]
        deadline.check(6 * sum(term.num_couplings() for term in explicit))
        free = _free(hamiltonian)
        if not free.any():
            break
        found = _certain(hamiltonian, free, error)
        number = int(np.count_nonzero(found))
        if _worth(hamiltonian, number):
            fixed += number
            hamiltonian = _fix(hamiltonian, found, undos)
            continue
        leader, signs = _followers(hamiltonian, free, error)
        leaders = np.flatnonzero(leader == np.arange(len(leader)))
        if not _worth(hamiltonian, len(leader) - len(leaders)):
            break
        labels = np.searchsorted(leaders, leader)
        merged += len(labels) - len(leaders)
        undos.append(Merged(labels, signs, leaders))
        hamiltonian = hamiltonian.gauge(signs).contract(labels)
    return hamiltonian, fixed, merged


def _fix(hamiltonian: Hamiltonian, found: NDArray[np.int8], undos: list[Undo]) -> Hamiltonian:
    """Return the network without the spins found (not 0), and note the way back."""
    undos.append(Fixed(np.flatnonzero(found == 0), found))
    known = np.flatnonzero(found)
    return hamiltonian.fixed(dict(zip(known.tolist(), found[known].tolist(), strict=True)))


def _worth(hamiltonian: Hamiltonian, number: int) -> bool:
    """Whether leaving out so many neurons is worth making the network anew."""
    couplings = sum(term.num_couplings() for term in hamiltonian.couplings)
    return number > (WORTH * hamiltonian.num_spins if couplings > LARGE else 0)


def _free(hamiltonian: Hamiltonian) -> NDArray[np.bool_]:
    """Return which spins stand in no group and no implicit coupling."""
    free = np.ones(hamiltonian.num_spins, dtype=bool)
    for group in hamiltonian.groups:
        free[group.members] = False
    for term in hamiltonian.couplings:
        if not isinstance(term, Explicit):
            free &= ~term.coupled_spins()
    return free


def _certain(hamiltonian: Hamiltonian, free: NDArray[np.bool_], error: float) -> NDArray[np.int8]:
    """Return -1 or +1 for spins whose best value is known, 0 for the others."""
    field = hamiltonian.field
    strength, _ = _strengths(explicit_matrix(hamiltonian))
    sure = free & (field != 0) & (np.abs(field) >= strength * SAFE + error)
    return np.where(sure, np.sign(field), 0.0).astype(np.int8)


def _strengths(weights: AnyMatrix) -> tuple[Floats, Floats]:
    """Return the sum and the largest of |W_ij| for each neuron i."""
    sizes = abs(weights)
    total = np.asarray(sizes.sum(axis=1))
    if isinstance(sizes, np.ndarray):
        return total, sizes.max(axis=1, initial=0.0)
    filled = np.flatnonzero(np.diff(sizes.indptr))
    largest = np.zeros(len(total))
    largest[filled] = np.maximum.reduceat(sizes.data, sizes.indptr[filled])
    return total, largest


def _followers(
    hamiltonian: Hamiltonian, free: NDArray[np.bool_], error: float
) -> tuple[Indices, Floats]:
    """Return for each neuron the one that it follows (or itself), and with which sign."""
    weights, size = explicit_matrix(hamiltonian), hamiltonian.num_spins
    leader, sign = np.arange(size), np.ones(size)
    total, largest = _strengths(weights)
    others = (total - largest) + np.abs(hamiltonian.thresholds)
    follows = free & (largest > 0) & (largest >= others * SAFE + error)
    candidates = np.flatnonzero(follows)
    if not len(candidates):
        return leader, sign
    rows = scipy.sparse.csr_array(weights[candidates])
    owner = np.repeat(candidates, np.diff(rows.indptr))
    # written backwards, the first of the largest stays
    places = np.flatnonzero(np.abs(rows.data) == largest[owner])[::-1]
    leader[owner[places]] = rows.indices[places]
    sign[owner[places]] = np.sign(rows.data[places])
    # a member of a group stays one neuron
    follows &= free[leader]
    # stars only: who is followed does not follow in the same round; of two that follow each
    # other the later one does; there are no longer rings, as `largest` exceeds all others together
    every = np.arange(size)
    accepted = follows & (~follows[leader] | ((leader[leader] == every) & (every > leader)))
    return np.where(accepted, leader, every), np.where(accepted, sign, 1.0)
