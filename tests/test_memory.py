"""What would not fit into memory is refused before it is made, and what is accepted fits."""

import time
import tracemalloc

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt import arrays
from hopfield_opt.compiler.encodings import BYTES_PER_VARIABLE
from hopfield_opt.compiler.quadratic import BYTES_OF_DENSE
from hopfield_opt.errors import SizeError
from hopfield_opt.groups import OneHot
from hopfield_opt.problems import max_clique

P = ho.problems
HUGE = 10**10


def small_model(shape):
    """Return variables of a model of their own."""
    return ho.Model().binary(shape, name="x")


REFUSED = {
    "binary": lambda: ho.Model().binary(10**9),
    "spin": lambda: ho.Model().spin((10**5, 10**5)),
    "integer": lambda: ho.Model().integer((10**6, 10**6), 0, 7),
    "integer_bounds": lambda: ho.Model().integer((HUGE,), np.zeros(1), np.ones(1)),
    "second_array": lambda: [one.binary(n) for one in [ho.Model()] for n in (10**5, 9 * 10**7)],
    "outer_product": lambda: [x[:, None] * x for x in [small_model(10**5)]],
    "outer_sum": lambda: [x[:, None] + x for x in [small_model(10**5)]],
    "broadcast_number": lambda: small_model(10**5)[:, None] + np.zeros((10**5, 1, 2)),
    "hamiltonian": lambda: ho.Hamiltonian(num_spins=HUGE),
    "hamiltonian_with_group": lambda: ho.Hamiltonian(groups=[OneHot([0, 9])], num_spins=10**9),
    "from_qubo": lambda: ho.Hamiltonian.from_qubo({(0, HUGE): 1.0}),
    "from_qubo_size": lambda: ho.Hamiltonian.from_qubo({(0, 1): 1.0}, num_spins=HUGE),
    "from_ising": lambda: ho.Hamiltonian.from_ising({HUGE: 1.0}, {}),
    "from_ising_size": lambda: ho.Hamiltonian.from_ising({}, {(0, 1): 1.0}, num_spins=HUGE),
    "model_from_qubo": lambda: ho.Model.from_qubo({(0, HUGE): 1.0}),
    "model_from_polynomial": lambda: ho.Model.from_polynomial({(HUGE,): 1.0}, kind="spin"),
    "replicas": lambda: ho.solve(ho.Hamiltonian(num_spins=100), replicas=10**8),
    "replicas_of_floats": lambda: ho.solve(
        ho.Hamiltonian(num_spins=1000), method="hopfield-tank", replicas=10**5
    ),
    "replicas_of_elites": lambda: ho.solve(
        ho.Hamiltonian(num_spins=1000), method="tabu", replicas=2 * 10**4
    ),
    "records": lambda: ho.run(
        ho.Hamiltonian([[0, 1], [1, 0]]), "synchronous", [1, 1], HUGE, record="states"
    ),
    "sparse_clique": lambda: ho.compile(P.MaxClique(range_graph(10**5))),
    "placed_matching": lambda: P.WeightedMatching(range_graph(10**5), formulation="places").model(),
}


def range_graph(size):
    """Return a graph of many vertices and one edge."""
    return ho.io.WeightedGraph(range(size), [0], [1], [1.0])


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused_at_once(name):
    """The size is predicted: the error names the limit, and no memory is taken for it."""
    message = r"must need at most 2 GiB, .*arrays\.MEMORY_LIMIT\.$"
    with pytest.raises(SizeError, match=message):
        REFUSED[name]()  # the second time nothing has to be imported
    tracemalloc.start()
    before = time.process_time()
    try:
        with pytest.raises(SizeError, match=message):
            REFUSED[name]()
        assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
        assert time.process_time() - before < 1.0
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("make", "limit"),
    [
        (lambda: ho.solve(ho.Hamiltonian(num_spins=9), replicas=1000, sweeps=1), 20000),
        (lambda: ho.Model().binary(1000), 1000),
        (lambda: ho.Hamiltonian(num_spins=1000), 1000),
        (
            lambda: ho.run(
                ho.Hamiltonian([[0, 1], [1, 0]]), "synchronous", [1, 1], 1000, record="states"
            ),
            100,
        ),
    ],
    ids=["replicas", "variables", "spins", "records"],
)
def test_the_limit_can_be_moved(monkeypatch, make, limit):
    """Every check looks at the limit when it is asked, as the message says."""
    make()
    monkeypatch.setattr(arrays, "MEMORY_LIMIT", limit)
    with pytest.raises(SizeError):
        make()


def peak_of(call):
    """Return the bytes that a call holds at once, at the most."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


ACCEPTED = {
    "dense_form": lambda: (
        P.Qubo(np.random.default_rng(0).standard_normal((1200, 1200))),
        BYTES_OF_DENSE * 1200**2,
    ),
    "tour": lambda: (P.TravellingSalesman.random(300, seed=0), BYTES_PER_VARIABLE * 300**2),
    "sparse_clique": lambda: (
        P.MaxClique(range_graph(700)),
        max_clique.BYTES_PER_MISSING_EDGE * 700 * 699 // 2,
    ),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_accepted_needs_no_more_than_predicted(monkeypatch, name):
    """A whole run stays within what the check looked at, and is refused just below that."""
    problem, predicted = ACCEPTED[name]()
    ho.solve(type(problem).random(9, seed=0), sweeps=1, seed=0)  # kernels and modules are loaded
    needed = peak_of(lambda: ho.solve(problem, sweeps=1, seed=0, n_jobs=1))
    assert 0.5 * predicted < needed < predicted + 8 * 2**20
    monkeypatch.setattr(arrays, "MEMORY_LIMIT", int(0.98 * predicted))
    with pytest.raises(SizeError):
        ho.compile(problem)
