"""Roof duality fixes only what holds in every optimum, and says why it does not run."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hopfield_opt.compiler import compile
from hopfield_opt.compiler import roof_duality as rd
from hopfield_opt.compiler.presolve import presolve
from hopfield_opt.groups import OneHot
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model import Model
from hopfield_opt.problems import ImageRestoration

WEIGHTS = st.sampled_from((-3.0, -2.0, -1.0, -0.5, 0.0, 0.0, 0.5, 1.0, 2.0, 3.0))
FIELDS = st.sampled_from((-2.0, -1.0, 0.0, 0.0, 0.0, 1.0, 2.0))


def states(n: int) -> np.ndarray:
    """Return all states of n spins."""
    return 2 * (np.arange(1 << n)[:, None] >> np.arange(n) & 1) - 1


@st.composite
def networks(draw: st.DrawFn) -> Hamiltonian:
    """Draw weights and thresholds of two to seven spins."""
    n = draw(st.integers(2, 7))
    upper = np.triu(draw(arrays(np.float64, (n, n), elements=WEIGHTS)), 1)
    return Hamiltonian(upper + upper.T, draw(arrays(np.float64, n, elements=FIELDS)))


def roof_dual_fixed(hamiltonian: Hamiltonian) -> np.ndarray:
    """Return the spins that are equal in all minima of the relaxation, from all its states.

    The relaxation is the least of (E(p) + E(q)) / 2 with couplings between p and q, over all
    pairs of states: a spin with p = q = v in each minimum of that is certain.
    """
    n = hamiltonian.num_spins
    weights, every = hamiltonian.to_dense(), states(n)
    field = every @ hamiltonian.thresholds / 2
    equal = every @ np.maximum(weights, 0.0) @ every.T
    unlike = every @ np.minimum(weights, 0.0) @ every.T
    own = np.diag(equal)
    energy = field[:, None] + field - (own[:, None] + own) / 4 - unlike / 2
    p, q = np.nonzero(energy <= energy.min() + 1e-9)
    first, second = every[p], every[q]
    certain = (first == second).all(axis=0) & (first == first[0]).all(axis=0)
    return np.where(certain, first[0], 0)


@settings(max_examples=400)
@given(networks())
def test_fixed_values_hold_in_every_optimum(hamiltonian: Hamiltonian) -> None:
    """What is fixed has that value in all ground states, and is all that the relaxation fixes."""
    found, _ = rd.persistent(hamiltonian)
    every = states(hamiltonian.num_spins)
    energies = hamiltonian.energy(every)
    ground = every[energies == energies.min()]
    fixed = np.flatnonzero(found)
    assert (ground[:, fixed] == found[fixed]).all()
    assert np.array_equal(found, roof_dual_fixed(hamiltonian))


@settings(max_examples=300)
@given(st.data(), st.integers(2, 7))
def test_small_qubo_has_the_same_optimum_with_presolve(data: st.DataObject, n: int) -> None:
    """A random QUBO has one optimum, with presolve and without."""
    matrix = np.triu(data.draw(arrays(np.float64, (n, n), elements=WEIGHTS)))
    m = Model.from_qubo(matrix)
    values = []
    for option in ("safe", "off"):
        network = compile(m, presolve=option)
        every = states(network.hamiltonian.num_spins)
        energies = network.hamiltonian.energy(every)
        decoded = network.decode(every[energies.argmin()])
        assert decoded.value == energies.min()
        values.append(decoded.value)
    bits = (states(n) + 1) / 2
    assert values[0] == values[1] == np.einsum("ri,ij,rj->r", bits, matrix, bits).min()


def frustrated() -> Hamiltonian:
    """Return a network in which no single bound decides, but the flow does."""
    weights = np.diag([2.0, 2, 2, 2], 1)
    weights[0, 4] = weights[0, 2] = weights[1, 3] = 2.0
    return Hamiltonian(weights + weights.T, [1.0, 0, 0, 0, 0])


def test_flow_decides_where_bounds_do_not() -> None:
    """A small field decides a ring of equal couplings; the decoder gives the spins back."""
    after, undos, lines = presolve(frustrated())
    assert after.num_spins == 0
    assert "roof duality fixes 5 neurons" in lines
    values = np.empty((1, 0))
    for undo in reversed(undos):
        values = undo.decode(values)
    assert values.tolist() == [[-1.0] * 5]


ROUNDED = st.integers(-40, 40).map(lambda number: number * np.pi / 10)


@settings(max_examples=400)
@given(st.data(), st.integers(2, 7), st.sampled_from((8, 40, 1000, rd.LARGEST_TOTAL)))
def test_rounded_weights_decide_nothing_wrong(data: st.DataObject, n: int, total: int) -> None:
    """However few integers there are for the flow, what it fixes holds for the true weights."""
    upper = np.triu(data.draw(arrays(np.float64, (n, n), elements=ROUNDED)), 1)
    field = data.draw(arrays(np.float64, n, elements=ROUNDED))
    hamiltonian = Hamiltonian(upper + upper.T, field)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rd, "LARGEST_TOTAL", total)
        patch.setattr(rd, "LARGEST_CAPACITY", total // 2)
        patch.setattr(rd, "denominator", lambda values: None)
        found, _ = rd.persistent(hamiltonian)
    every = states(n)
    energies = hamiltonian.energy(every)
    fixed = np.flatnonzero(found)
    # an energy is a sum of many floats
    ground = every[energies <= energies.min() + 1e-12]
    assert (ground[:, fixed] == found[fixed]).all()


@pytest.mark.parametrize("up", [1, -1])
@pytest.mark.parametrize(
    ("couplings", "joined", "field"),
    [([1.4, 1.4, 1.4], 1, 4.0), ([4.0], 3, 1.1), ([1.6, 2.4], 1, 3.5)],
)
def test_rounding_turns_no_spin_the_wrong_way(
    monkeypatch: pytest.MonkeyPatch, couplings: list[float], joined: int, field: float, up: int
) -> None:
    """Spins pulled up by less than neighbours hold them down are not fixed up, in integers near.

    Nor the other way round.
    """
    monkeypatch.setattr(rd, "LARGEST_CAPACITY", 100)
    monkeypatch.setattr(rd, "denominator", lambda values: None)
    n = joined + len(couplings)
    weights = np.zeros((n, n))
    weights[:joined, :joined] = 20.0 * (1 - np.eye(joined))
    weights[0, joined:] = weights[joined:, 0] = couplings
    thresholds = np.array([-field] * joined + [40.0] * len(couplings))
    found, _ = rd.persistent(Hamiltonian(weights, up * thresholds))
    assert (up * found[joined:] == -1).all()
    assert (up * found[:joined] <= 0).all()


def test_few_integers_leave_a_close_call_open() -> None:
    """A pull that beats a coupling by less than the rounding is not trusted, a clear one is."""
    weights = np.pi * (1 - np.eye(2))
    for thresholds, found in (([-4.0, 0.7], [1, 1]), ([-4.0, np.pi - 1e-12], [1, 0])):
        assert rd.persistent(Hamiltonian(weights, thresholds))[0].tolist() == found


def test_a_grey_image_is_solved_by_the_flow() -> None:
    """Greys have no denominator, and yet every pixel is decided: the energy is submodular."""
    grey = np.random.default_rng(4).random((12, 12))
    problem = ImageRestoration(grey, coupling=0.35)
    compiled = compile(problem)
    assert "roof duality fixes" in compiled.report() or compiled.hamiltonian.num_spins == 0
    assert compiled.hamiltonian.num_spins == 0
    best = compiled.decode(np.empty(0, dtype=np.int8))
    level = best.assignment["level"]
    for place in np.ndindex(level.shape):
        other = level.copy()
        other[place] ^= 1
        assert problem.evaluate(other).value > best.value


@pytest.mark.parametrize(
    "thresholds",
    [
        np.full(5, np.pi),
        [2.0**31, 1, 0, 0, 0],
        [2.0**30 - 1, 0, 1, 2.0**30, 7],
        [2.0**30 - 1, 2.0**30 - 2, 2.0**30 - 3, 2.0**30 - 5, 1],
        [1e300, 0, 0, 0, 0],
        [1e-300, 1, 0, 0, 0],
    ],
)
def test_fields_of_any_size_are_rounded(thresholds: list[float]) -> None:
    """What has no denominator, or is too large for it, is decided where it is clear."""
    found, reason = rd.persistent(Hamiltonian(frustrated().weights, thresholds))
    assert reason is None
    assert (found[np.array(thresholds) > 100] == -1).all()
    assert found[int(np.argmax(thresholds))] == -1


@pytest.mark.parametrize(
    ("hamiltonian", "reason"),
    [
        (Hamiltonian(frustrated().weights), rd.NO_THRESHOLD),
        (Hamiltonian(frustrated().weights, 1.0, groups=[OneHot([0, 1])]), rd.STRUCTURED),
    ],
)
def test_report_says_why_it_is_skipped(hamiltonian: Hamiltonian, reason: str) -> None:
    """No thresholds, and groups: each has its line."""
    found, skipped = rd.persistent(hamiltonian)
    assert not found.any()
    assert skipped == reason


def test_count_of_couplings_is_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """One coupling more than the limit, and the flow is not computed."""
    monkeypatch.setattr(rd, "MOST_COUPLINGS", 7)
    assert rd.persistent(frustrated())[0].all()
    monkeypatch.setattr(rd, "MOST_COUPLINGS", 6)
    assert rd.persistent(frustrated())[1] == "more than 6 couplings"
