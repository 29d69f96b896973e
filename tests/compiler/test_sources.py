"""A network with groups, and the model that says the same, go through the same passes."""

from typing import Any

import numpy as np
import pytest

from hopfield_opt.compiler import Compiled, compile
from hopfield_opt.compiler.structure import ALL_KINDS
from hopfield_opt.errors import InputError
from hopfield_opt.groups import AtMostOne, Cardinality, Group, Linear, OneHot, Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model import Model

SIZE = 10
GROUPS: list[list[Group]] = [
    [OneHot([0, 1, 2]), AtMostOne([3, 4, 5, 6])],
    [Cardinality([0, 1, 2, 3], 0, 2), OneHot([4, 7])],
    [Cardinality([5, 6, 7, 8], 2, 2), AtMostOne([0, 1, 9])],
    [Linear([0, 1, 2, 3], [1.0, 2, 3, -1], -np.inf, 4), OneHot([4, 5, 6])],
    [Linear([0, 1, 2, 3], [1.0, 2, 3, -1], 1, np.inf), Linear([2, 3, 5], [3.0, 2, 2], -np.inf, 5)],
    [Permutation(np.arange(9).reshape(3, 3))],
    [],
]


def both(groups: list[Group], seed: int, unit: float = 1.0) -> tuple[Hamiltonian, Model]:
    """Return a random network with groups, and its energy and groups as a model."""
    rng = np.random.default_rng(seed)
    pairs = np.triu(rng.integers(-3, 4, (SIZE, SIZE)), 1) * unit
    thresholds = rng.integers(-2, 3, SIZE) * unit
    model = Model()
    spins = model.spin(SIZE, name="spins")
    model.minimize(-(spins * (pairs @ spins)).sum() + (thresholds * spins).sum() + 1.5)
    for number, group in enumerate(groups):
        name = f"{type(group).__name__}[{number}]"
        if isinstance(group, Permutation):
            lines = [*group.indices, *group.indices.T]
            model.add(*(spins[line].sum() == 2 - len(line) for line in lines), name=name)
            continue
        on = (1 + spins[group.indices]) / 2
        total = (on * group.coefficients if isinstance(group, Linear) else on).sum()
        lower, upper = (group.lower, group.upper) if isinstance(group, Linear) else group.bounds
        one_sided = total >= lower if upper == np.inf else total <= upper
        model.add(total == lower if lower == upper else one_sided, name=name)
    return Hamiltonian(pairs + pairs.T, thresholds, 1.5, groups), model


def energies(compiled: Compiled, size: int) -> Any:
    """Return the energies of random states, whose number of spins must be as expected."""
    states = 2 * np.random.default_rng(0).integers(0, 2, (50, size)) - 1
    return compiled.hamiltonian.energy(states)


KEPT = [ALL_KINDS, frozenset(), {OneHot, Permutation}, {Cardinality, AtMostOne, Permutation}]


@pytest.mark.parametrize("groups", GROUPS)
@pytest.mark.parametrize("keeps", KEPT)
@pytest.mark.parametrize("unit", [1.0, 0.25, 0.1])
def test_a_network_and_the_model_that_says_the_same_are_compiled_to_the_same(
    groups: Any, keeps: Any, unit: float
) -> None:
    """With given weights all energies agree, slack included; so do the kept groups."""
    subjects = both(groups, 3, unit)
    one, other = (compile(made, "auto", 64.0, "off", keeps=keeps) for made in subjects)
    assert sorted(map(repr, one.hamiltonian.groups)) == sorted(map(repr, other.hamiltonian.groups))
    assert one.num_auxiliaries == other.num_auxiliaries
    size = one.hamiltonian.num_spins
    np.testing.assert_allclose(energies(one, size), energies(other, size))
    spins = 2 * np.random.default_rng(1).integers(0, 2, SIZE) - 1
    np.testing.assert_array_equal(one.encode({"spins": spins}), other.encode({"spins": spins}))


@pytest.mark.parametrize("groups", GROUPS[:-1])
@pytest.mark.parametrize("penalty", ["exact", "adaptive"])
def test_a_network_and_its_model_have_the_same_optimum(groups: Any, penalty: str) -> None:
    """Weights that are found may differ, by what is known of the energies: not what they prove."""
    one, other = (compile(made, "penalty", penalty, "off") for made in both(groups, 5))
    assert one.hamiltonian.num_spins == other.hamiltonian.num_spins
    assert bool(one.unproven) == bool(other.unproven) == (penalty == "adaptive")
    if penalty == "exact":
        assert one.verify().holds
        assert one.verify().best == other.verify().best


def test_energies_of_a_network_that_lose_digits_are_known_to() -> None:
    """Next to a large penalty nothing is left of small weights, for a network as for a model."""
    for weight, doubtful in ((2.0**20, False), (1e17, True)):
        network, model = both(GROUPS[0], 3, 0.1)
        one, other = (compile(made, "penalty", weight, "off") for made in (network, model))
        assert bool(one.rounding) == bool(other.rounding) == doubtful
    with pytest.raises(InputError, match="coefficients must give energies below"):
        compile(network, "penalty", 1e307)
