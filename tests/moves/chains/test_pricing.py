"""Prices of rows: what members cost in the end, by an ascent of the dual."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array

import hopfield_opt as ho
from hopfield_opt.groups import Linear
from hopfield_opt.moves.chains.chained import ChainLayout
from hopfield_opt.moves.chains.pricing import find_prices
from hopfield_opt.moves.chains.rows import RowTerms
from hopfield_opt.rng import stream


def assignment(seed, size=8, ranges=False):
    """Return a network of two families of one-hots, and capacities if there are to be ranges."""
    source = np.random.default_rng(seed)
    cells = np.arange(size * size).reshape(size, size)
    groups = [Linear(line, np.ones(size), 1, 1) for line in cells]
    loads = source.integers(1, 5, (size, size)) if ranges else np.ones((size, size))
    lower = -np.inf if ranges else 1
    upper = 4 if ranges else 1
    groups += [Linear(cells[:, j], loads[:, j], lower, upper) for j in range(size)]
    return ho.Hamiltonian(
        csr_array((size * size, size * size)),
        thresholds=source.integers(1, 50, size * size) / 2.0,
        groups=groups,
    )


def priced(network):
    """Return the rows of a network without couplings, and their prices."""
    rows = RowTerms.of(network)
    empty = csr_array((network.num_spins, network.num_spins))
    return rows, find_prices(rows, empty, network.thresholds)


def matrix_of(rows, size):
    """Return the rows as a dense matrix."""
    return csr_array((rows.coefficient, rows.spin, rows.start), (len(rows.lower), size)).toarray()


@pytest.mark.parametrize("ranges", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_prices_bound_the_costs_as_a_linear_program_does(seed, ranges):
    """The dual value of the prices is below that of the program, and near to it."""
    network = assignment(seed, ranges=ranges)
    rows, prices = priced(network)
    matrix = matrix_of(rows, network.num_spins)
    same = rows.lower == rows.upper
    found = linprog(
        prices.costs,
        A_eq=matrix[same],
        b_eq=rows.upper[same],
        A_ub=matrix[~same] if ranges else None,
        b_ub=rows.upper[~same] if ranges else None,
        bounds=(0, 1),
    )
    price = np.linalg.lstsq(matrix.T, prices.taken, rcond=None)[0]
    assert matrix.T @ price == pytest.approx(prices.taken, abs=1e-8)
    if not ranges:  # else several prices give the same, some of them below 0
        dual = np.minimum(prices.reduced, 0).sum() - price @ rows.upper
        assert dual <= found.fun + 1e-9
        assert dual > 0.9 * found.fun
        plain = np.minimum(prices.costs, 0).sum()
        assert plain < 0.5 * found.fun
    # what the program takes is among the cheapest once it is priced, and less so before
    taken = found.x > 0.5
    rank = np.argsort(np.argsort(prices.reduced))[taken].mean()
    assert rank < np.argsort(np.argsort(prices.costs))[taken].mean()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.001, 1000.0))
def test_prices_follow_the_unit_of_the_costs(seed, factor):
    """Costs that are twice as large have prices that are twice as large."""
    network = assignment(seed, 5, ranges=True)
    prices = priced(network)[1]
    scaled = priced(network.scaled(factor))[1]
    assert scaled.reduced == pytest.approx(factor * prices.reduced, rel=1e-6, abs=1e-9 * factor)
    assert scaled.trust == prices.trust == 1.0


def test_an_order_is_trusted_as_far_as_spins_decide_their_costs():
    """Couplings that outweigh the costs of single spins make an order worth little; none, all."""
    network = assignment(0)
    rows, size = RowTerms.of(network), network.num_spins
    trusts = []
    for strength in (0.0, 5.0, 500.0):
        weights = strength * (np.ones((size, size)) - np.eye(size))
        trusts.append(find_prices(rows, csr_array(weights), network.thresholds).trust)
    assert trusts[0] == 1.0
    assert 1.0 > trusts[1] > trusts[2]
    assert trusts[2] < 0.01
    assert find_prices(rows, csr_array((size, size)), np.full(size, 3.0)).trust == 0.0


def test_rows_keep_their_members_and_cheap_ones_come_first():
    """The layout sorts the members of each row by priced costs, and changes no row."""
    network = assignment(3, ranges=True)
    layout, plain = ChainLayout.build(network), RowTerms.of(network)
    rows, prices = layout.tables.rows, priced(network)[1]
    size = network.num_spins
    assert np.array_equal(matrix_of(rows, size), matrix_of(plain, size))
    for first, end in zip(rows.start[:-1], rows.start[1:], strict=True):
        assert (np.diff(prices.reduced[rows.spin[first:end]]) >= 0).all()
    assert np.array_equal(rows.spin[rows.spin_entry], np.repeat(np.arange(size), 2))


def test_what_is_cheap_in_the_end_is_found_sooner():
    """Annealed as long, three families of one-hots end lower where rows are sorted by prices."""
    source, n = np.random.default_rng(0), 8
    cells = np.arange(n**3).reshape(n, n, n)
    lines = [np.moveaxis(cells, axis, 0)[i].ravel() for axis in range(3) for i in range(n)]
    network = ho.Hamiltonian(
        csr_array((n**3, n**3)),
        thresholds=source.integers(1, 100, n**3) / 2.0,
        groups=[Linear(line, np.ones(n * n), 1, 1) for line in lines],
    )
    layout = ChainLayout.build(network)
    blind = ChainLayout.build(network)
    plain = {"rows": RowTerms.of(network), "taken": np.zeros(n**3), "trust": 0}
    object.__setattr__(blind, "tables", blind.tables._replace(**plain))
    ends = []
    for one in (layout, blind):
        words = stream(0, words=16)
        lanes = one.allocate(-np.ones((4, n**3), np.int8), words)
        hot, cold = layout.betas()
        ends.append(one.sweep_block(lanes, np.geomspace(hot, cold, 10)[:, None], words).mean())
    assert ends[0] < ends[1]
