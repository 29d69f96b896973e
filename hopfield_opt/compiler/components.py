"""Into how many independent parts a network falls."""

import numpy as np
import scipy.sparse

from hopfield_opt import deadline
from hopfield_opt.couplings import Explicit
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model.nodes import AnyMatrix


def components(hamiltonian: Hamiltonian) -> int:
    """Return into how many parts the network falls that share no coupling and no group.

    A structured coupling counts as joining all spins of one square, or of one block.

    Examples
    --------
    >>> components(Hamiltonian([[0, 1, 0], [1, 0, 0], [0, 0, 0]]))
    2
    """
    from scipy.sparse.csgraph import connected_components

    start = np.zeros(1, np.intp)
    sets = [(group.members, start) for group in deadline.check_each(hamiltonian.groups, 100)]
    others = [term for term in hamiltonian.couplings if not isinstance(term, Explicit)]
    sets += [term.coupled_sets() for term in others]
    graph = scipy.sparse.csr_array(explicit_matrix(hamiltonian))
    for members, starts in deadline.check_each(sets):
        # a set is joined by a path through it, not by all its pairs
        inside = np.ones(len(members), dtype=bool)
        inside[starts[starts < len(members)]] = False
        steps = np.flatnonzero(inside)
        ones = np.ones(len(steps))
        path = scipy.sparse.coo_array((ones, (members[steps - 1], members[steps])), graph.shape)
        graph = scipy.sparse.csr_array(abs(graph) + path)
    return int(connected_components(graph, directed=False)[0])


def explicit_matrix(hamiltonian: Hamiltonian) -> AnyMatrix:
    """Return the explicit couplings of a network alone, dense or sparse as they are."""
    for term in hamiltonian.couplings:
        if isinstance(term, Explicit):
            return term.matrix
    return scipy.sparse.csr_array((hamiltonian.num_spins, hamiltonian.num_spins))
