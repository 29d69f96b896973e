"""Spins whose value is the same in every optimum, found by one maximum flow (roof duality).

Each spin i becomes two nodes, "s_i = +1" and "s_i = -1". With source side meaning true, the
energy and its mirror image are cut together: a coupling W > 0 joins equal literals of its two
spins, W < 0 opposite ones, with capacity |W| both ways; a field h joins the source to the literal
it favours, and the other literal to the sink, with capacity |h|. Literals that the source still
reaches in the residual network lie on the source side of every minimum cut, and hold in every
optimum (Hammer, Hansen & Simeone 1984; Boros & Hammer 2002).

Without fields nothing flows: a flip symmetry is not broken.

The flow needs integers. Weights without a common denominator are scaled by a power of 2, which is
exact, and rounded: couplings to the nearest integer, the pull of each of the 2 n literals down, and
down again by the most that the rounded couplings of its spin are off in all. What is found then
holds for the weights as they are. For let G be the exact cut function of the literals, G' the
rounded one, P the least set that is true in a minimum of G', and x any set without all of P. As
G' is submodular, G'(x or P) < G'(x). To turn the literals of P that x lacks on changes G by less
than G', since each pull gains at least what the couplings of the literal can lose: G(x or P) <
G(x). So P is true in every minimum of G, and in every optimum.
"""

import math
from typing import TypeAlias

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.compiler.exact import denominator
from hopfield_opt.couplings import Explicit
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model.nodes import Floats, Indices

Integers: TypeAlias = NDArray[np.int64]

# a count, never a clock: the compiled network must not depend on the machine
MOST_COUPLINGS = 200_000
# the flow is computed in int32; the room left on an edge may be twice its capacity
LARGEST_TOTAL = 2**31 - 1
LARGEST_CAPACITY = LARGEST_TOTAL // 2

# a sum of so many numbers is off by less than this part
SAFE = 1.0 + 1e-9

# fields that may be off by a larger part of the largest one, all together, decide nothing
UNSURE = 1e-4

NO_THRESHOLD = "no threshold can decide"
ROUNDED = "rounding hides what thresholds are"
STRUCTURED = "groups or structured couplings"


def persistent(hamiltonian: Hamiltonian, error: float = 0.0) -> tuple[NDArray[np.int8], str | None]:
    """Return -1 or +1 for spins whose value is certain, else 0, and why it was skipped, if so.

    Fields may be off by an `error`.

    Examples
    --------
    >>> ring = np.array([[0, 3, -3], [3, 0, -3], [-3, -3, 0]])
    >>> persistent(Hamiltonian(ring, thresholds=[-1, 0, 0]))
    (array([ 1,  1, -1], dtype=int8), None)
    >>> persistent(Hamiltonian(ring))
    (array([0, 0, 0], dtype=int8), 'no threshold can decide')
    """
    nothing = np.zeros(hamiltonian.num_spins, dtype=np.int8)
    field = hamiltonian.field
    if not field.any():
        return nothing, NO_THRESHOLD
    terms = hamiltonian.couplings
    if hamiltonian.groups or not all(isinstance(term, Explicit) for term in terms):
        return nothing, STRUCTURED
    # both triangles are stored
    if sum(term.num_couplings() for term in terms) > 2 * MOST_COUPLINGS:
        return nothing, f"more than {MOST_COUPLINGS} couplings"
    deadline.check(20 * sum(term.num_couplings() for term in terms))
    upper = scipy.sparse.coo_array(scipy.sparse.triu(hamiltonian.to_sparse(), 1))
    heads, tails = (one.astype(np.intp) for one in upper.coords)
    largest = max(float(np.abs(upper.data).max(initial=0.0)), float(np.abs(field).max()))
    if error * hamiltonian.num_spins > UNSURE * largest:
        return nothing, ROUNDED
    numbers = None if error else _integers(upper.data, field)
    if numbers is None:
        numbers = _round_down(heads, tails, upper.data, field, error)
    return _reached_literals(_capacities(heads, tails, *numbers)), None


def _integers(couplings: Floats, field: Floats) -> tuple[Integers, Integers] | None:
    """Return couplings and pulls of the literals as integers; None where they do not fit.

    A float stands for a fraction within a few units in the last place. What that is off, added
    up over all couplings, is less than the 2 units by which energies differ at least.
    """
    values = np.concatenate([couplings, field])
    scale = denominator(values)
    if scale is None or float(np.abs(values).max()) * scale > LARGEST_CAPACITY:
        return None
    found = np.rint(values * scale).astype(np.int64)
    found //= np.gcd.reduce(found)
    pulls = found[len(couplings) :]
    if int(np.abs(pulls).sum()) > LARGEST_TOTAL:
        return None
    return found[: len(couplings)], np.concatenate([pulls, -pulls])


def _round_down(
    heads: Indices, tails: Indices, couplings: Floats, field: Floats, error: float
) -> tuple[Integers, Integers]:
    """Return couplings and pulls of the literals as integers that decide no more than they do."""
    n = len(field)
    largest = max(np.abs(couplings).max(initial=0.0), np.abs(field).max())
    total = max(float(np.abs(field / largest).sum()), 1.0)
    room = min(LARGEST_TOTAL / total, LARGEST_CAPACITY)
    # 2^power * largest <= room, of which half is kept for what fields are off by
    power = math.frexp(room)[1] - 1 - math.frexp(largest)[1] - (error > 0)
    exact, pulls = np.ldexp(couplings, power), np.ldexp(field, power)
    whole = np.rint(exact)
    off = np.abs(exact - whole)
    off_by = np.bincount(heads, off, n) + np.bincount(tails, off, n)
    lost = np.ceil(SAFE * (off_by + np.ldexp(error, power)))
    both = np.concatenate([np.floor(pulls) - lost, np.floor(-pulls) - lost])
    return whole.astype(np.int64), both.astype(np.int64)


def _capacities(
    heads: Indices, tails: Indices, couplings: Integers, pulls: Integers
) -> scipy.sparse.csr_array:
    """Return the network over literals "+1", literals "-1", source and sink."""
    n = len(pulls) // 2
    source, sink = 2 * n, 2 * n + 1
    # an unlike literal of the second spin where the coupling is negative
    same, other = np.where(couplings > 0, 0, n), np.where(couplings > 0, n, 0)
    ends = np.concatenate([heads, heads + n]), np.concatenate([tails + same, tails + other])
    towards, away = np.flatnonzero(pulls > 0), np.flatnonzero(pulls < 0)
    rows = [ends[0], ends[1], np.full(len(towards), source), away]
    columns = [ends[1], ends[0], towards, np.full(len(away), sink)]
    size = np.abs(couplings)
    data = np.concatenate([size, size, size, size, pulls[towards], -pulls[away]]).astype(np.int32)
    where = (np.concatenate(rows).astype(np.int32), np.concatenate(columns).astype(np.int32))
    return scipy.sparse.coo_array((data, where), shape=(2 * n + 2, 2 * n + 2)).tocsr()


def _reached_literals(capacities: scipy.sparse.csr_array) -> NDArray[np.int8]:
    """Return which literals the source reaches once the flow is largest, as spins or 0."""
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    source, sink = capacities.shape[0] - 2, capacities.shape[0] - 1
    left = scipy.sparse.csr_array(capacities - maximum_flow(capacities, source, sink).flow)
    left.eliminate_zeros()
    reached = np.zeros(capacities.shape[0], dtype=np.int8)
    reached[breadth_first_order(left, source, return_predecessors=False)] = 1
    n = source // 2
    return reached[:n] - reached[n:source]
