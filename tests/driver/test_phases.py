"""What a call is doing goes to Python's logging, and nowhere else."""

import logging

import numpy as np

import hopfield_opt as ho


def roster():
    """Return a model whose rows can be kept in several ways."""
    draws = np.random.default_rng(0)
    m = ho.Model()
    x = m.binary((12, 12), name="x")
    m.minimize((x * draws.integers(0, 9, (12, 12))).sum())
    m.add(x.sum(axis=0) >= 2, x.sum(axis=1) <= 4, (x[:3] * draws.integers(1, 5, 12)).sum() <= 40)
    return m


def test_phases_are_told_at_info(caplog):
    """Compiling, the bound, the search and the end, in their order, with what they brought."""
    with caplog.at_level(logging.INFO, "hopfield_opt"):
        result = ho.solve(ho.problems.TravellingSalesman.random(60, seed=0), sweeps=9, seed=0)
    said = [record.getMessage() for record in caplog.records]
    assert {(record.name, record.levelname) for record in caplog.records} == {
        ("hopfield_opt", "INFO")
    }
    starts = ["compiled for ", "bound: ", "search by ", "local search of TravellingSalesman"]
    starts += ["search ended after "]
    places = [next(k for k, one in enumerate(said) if one.startswith(start)) for start in starts]
    assert places == sorted(places)
    assert said[-1].startswith(f"ended: {result.status.name}, value {result.value:.10g}, ")


def test_a_race_is_told(caplog):
    """With what each way and method brought, as in the reason of the result."""
    draws = np.random.default_rng(0)
    weights = np.triu(draws.choice([-1.0, 1.0], (300, 300)), 1)
    pairs = ho.Hamiltonian(weights + weights.T)
    with caplog.at_level(logging.INFO, "hopfield_opt"):
        result = ho.solve(pairs, seed=0, sweeps=400, n_jobs=1)
    (told,) = (one.getMessage() for one in caplog.records if "race: " in one.getMessage())
    assert told.removeprefix("race: ") in result.reason
    assert "best of probes" in told


def test_nothing_is_shown_by_default(capsys):
    """The package adds no handler and sets no level: that is the program's."""
    log = logging.getLogger("hopfield_opt")
    assert (log.handlers, log.level, log.propagate) == ([], logging.NOTSET, True)
    ho.solve(roster(), sweeps=20, seed=0)
    assert capsys.readouterr() == ("", "")
