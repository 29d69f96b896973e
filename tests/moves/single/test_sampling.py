"""At a fixed temperature the kernels sample Boltzmann's law."""

from itertools import product
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from numpy.typing import NDArray
from scipy import stats

from hopfield_opt.moves import single
from hopfield_opt.moves.single.kept import KeptLayout
from hopfield_opt.moves.single.sparse import SparseLayout

SIZE = 6
LANES = 64 * 300


def by_lists(weights: Any, thresholds: Any, **options: Any) -> KeptLayout:
    """Return kept fields for sparse weights."""
    return KeptLayout.build(scipy.sparse.csr_array(weights), thresholds, **options)


BUILDS: dict[str, Any] = {
    "neighbours": SparseLayout.build,
    "rows": KeptLayout.build,
    "lists": by_lists,
}
WEIGHTS: dict[str, Any] = {
    "signs": lambda rng, shape: rng.choice([-1.0, 0.0, 1.0], shape),
    "integers": lambda rng, shape: rng.integers(-50, 50, shape) / 40,
    "reals": lambda rng, shape: rng.standard_normal(shape),
}


def p_value(weights: Any, thresholds: Any, beta: float, states: NDArray[np.int8]) -> float:
    """Return how likely so large a deviation from Boltzmann's law is."""
    spins = np.array(list(product([-1, 1], repeat=SIZE)))
    energies = -0.5 * np.einsum("ri,ij,rj->r", spins, weights, spins) + spins @ thresholds
    law = np.exp(-beta * (energies - energies.min()))
    numbers = ((states + 1) // 2).T @ (1 << np.arange(SIZE)[::-1])
    counts = np.bincount(numbers, minlength=2**SIZE)
    expected = law / law.sum() * states.shape[1]
    rare = expected < 5
    if rare.any():
        counts = np.append(counts[~rare], counts[rare].sum())
        expected = np.append(expected[~rare], expected[rare].sum())
    return float(stats.chisquare(counts, expected).pvalue)


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
@pytest.mark.parametrize("values", WEIGHTS)
@pytest.mark.parametrize("rule", [single.METROPOLIS, single.HEAT_BATH])
@pytest.mark.parametrize("precise", [False, True])
def test_states_follow_the_boltzmann_law(build: Any, values: str, rule: int, precise: bool) -> None:
    """Independent replicas after 60 sweeps fit at their beta, and do not at another."""
    rng = np.random.default_rng(7)
    weights = np.triu(WEIGHTS[values](rng, (SIZE, SIZE)), k=1)
    weights, thresholds = weights + weights.T, WEIGHTS[values](rng, (SIZE,))
    layout = build(weights, thresholds, precise=precise)
    beta = 0.4
    start = rng.choice(np.array([-1, 1], dtype=np.int8), (LANES, SIZE))
    states = single.allocate(start)
    words: Any = np.random.SeedSequence(1).generate_state(single.rng_words(LANES), np.uint64)
    single.sweep_block(layout, states, np.full((60, 1), beta), words, rule)
    assert p_value(weights, thresholds, beta, states) > 1e-3
    assert p_value(weights, thresholds, 1.1 * beta, states) < 1e-6
