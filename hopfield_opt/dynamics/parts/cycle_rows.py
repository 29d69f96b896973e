"""Frustrated cycles as rows of an integer program: what its relaxation lacks of a spin glass."""

import math
from typing import Any

import numpy as np
import scipy.sparse

from hopfield_opt import deadline
from hopfield_opt.arrays import FloatArray
from hopfield_opt.bounds.instance import instance_of
from hopfield_opt.bounds.odd_cycles import Packing, pack_cycles
from hopfield_opt.bounds.signed_graph import SignedGraph
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.integer_program import IntegerProgram

# The packing of a larger network may take long.
MOST_TERMS = 2000
# The share of the time in which cycles are looked for.
SHARE = 0.2


def with_cycles(program: IntegerProgram, network: Hamiltonian) -> IntegerProgram:
    """Return the program of a network without groups with a row for each tight frustrated cycle.

    Parameters
    ----------
    program : IntegerProgram
        Binaries x and products z.
    network : Hamiltonian
        What it is of.
    """
    terms = program.pairs.shape[1] + np.count_nonzero(network.thresholds)
    if network.groups or not program.pairs.size or terms > MOST_TERMS:
        return program
    graph = SignedGraph.of(instance_of(network, 0.0))
    whole = deadline.remaining()
    kept = 0.0 if math.isinf(whole) else (1.0 - SHARE) * whole
    packing = None if graph is None else pack_cycles(graph, lambda: deadline.remaining() - kept)
    if graph is None or packing is None or not len(packing.multipliers):
        return program
    matrix, lower = _rows(program, graph, packing)
    return program.with_rows(matrix, lower, np.full(len(lower), np.inf))


def _rows(program: IntegerProgram, graph: SignedGraph, packing: Packing) -> tuple[Any, FloatArray]:
    """Return rows that hold where at least one term of each cycle is unsatisfied, and their ends.

    One of spins i and j that want to be alike is where ``x_i + x_j - 2 z_ij`` is 1, one of spins
    that want to differ where that is 0; a field that wants a spin to be +1 where x is 0.
    """
    (heads, tails), count = graph.ends, program.pairs.shape[1]
    numbers = {pair: k for k, pair in enumerate(zip(*program.pairs.tolist(), strict=True))}
    pairs = zip(heads[:count].tolist(), tails[:count].tolist(), strict=True)
    products = program.num_binaries + np.array([numbers[pair] for pair in pairs], np.intp)
    owner = np.repeat(np.arange(len(packing.multipliers)), np.diff(packing.starts))
    is_field = packing.edges >= count
    alike = np.where(graph.is_negative[packing.edges], -1.0, 1.0)
    own, field = (packing.edges[one] for one in (~is_field, is_field))
    sign = alike[~is_field]
    data = [sign, sign, -2.0 * sign, -alike[is_field]]
    columns = [heads[own], tails[own], products[own], heads[field]]
    rows = [*[owner[~is_field]] * 3, owner[is_field]]
    # what is unsatisfied where all columns are 0
    alone = np.where(is_field, alike > 0, alike < 0)
    shape = (len(packing.multipliers), len(program.costs))
    entries = (np.concatenate(data), (np.concatenate(rows), np.concatenate(columns)))
    matrix = scipy.sparse.csr_array(scipy.sparse.coo_array(entries, shape))
    lower = 1.0 - np.bincount(owner, alone, shape[0]).astype(np.float64)
    return matrix, lower
