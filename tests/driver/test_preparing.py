"""Networks of one model, one for each way to keep its constraints."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.driver import preparing
from hopfield_opt.dynamics import SimulatedAnnealing


def matching():
    """Return a model whose equalities overlap: a cheap perfect matching in three dimensions."""
    model = ho.Model()
    x = model.binary((6, 6, 6), name="x")
    model.minimize((x * np.random.default_rng(0).integers(1, 9, (6, 6, 6))).sum())
    model.add(x.sum(axis=(1, 2)) == 1, x.sum(axis=(0, 2)) == 1, x.sum(axis=(0, 1)) == 1)
    return model


@pytest.mark.parametrize("structure", ["auto", "all"])
def test_the_result_says_where_no_start_was_found(monkeypatch, structure):
    """What was to be kept and is a penalty instead is not said to be kept."""
    keeps_all = ho.compile(matching(), structure="all").hamiltonian.groups

    def finds(network, *_):
        return len(network.groups) < len(keeps_all)

    options = {"method": SimulatedAnnealing(), "structure": structure, "sweeps": 20, "seed": 0}
    quiet = ho.solve(matching(), **options)
    assert not any("no state" in note for note in quiet.notes)
    monkeypatch.setattr(preparing, "finds_start", finds)
    monkeypatch.setattr(preparing, "has_start", finds)
    result = ho.solve(matching(), **options)
    wanted = 'no state was found in which all rows hold that structure="all" keeps'
    assert result.notes[0] == wanted
    assert "equalities became penalties" in result.notes[1]
    assert "kept: all" not in str(result)
    assert wanted in str(result)


def test_what_the_moves_keep_is_named():
    """Annealing in a network with groups names their kinds, and no others."""
    found = ho.dynamics.Auto().pick(ho.compile(matching(), structure="all").hamiltonian)
    assert found[1] == "its moves keep one-hots and rows that may overlap"
    found = ho.dynamics.Auto().pick(ho.compile(matching(), structure="disjoint").hamiltonian)
    assert "rows" not in found[1]
