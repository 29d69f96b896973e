"""Magnetisations of the Curie-Weiss model: every solution, also where rounding saturates."""

import numpy as np
import pytest

from hopfield_opt.physics.curie_weiss import magnetisations


@pytest.mark.parametrize("temperature", [1e-3, 0.02, 0.3, 0.9, 0.999])
@pytest.mark.parametrize("field", [0.0, 1e-3])
def test_below_the_transition_there_are_three(temperature, field):
    """Two stable ones and one between them, each a solution; at T near 0 they are -1 and +1.

    A field as strong as the wells are deep leaves one.
    """
    found = magnetisations(temperature, field=field)
    assert len(found) == (1 if temperature == 0.999 and field else 3)
    np.testing.assert_allclose(np.tanh((found + field) / temperature), found, atol=1e-9)
    if temperature == 1e-3:
        assert found[[0, 2]].tolist() == [-1, 1]


@pytest.mark.parametrize(("field", "end"), [(-5.0, -1.0), (5.0, 1.0)])
def test_a_strong_field_saturates(field, end):
    """The only solution is an end of the interval, to the last bit."""
    assert magnetisations(0.1, field=field).tolist() == [end]
