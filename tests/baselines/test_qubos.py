"""Quadratic forms by enumeration."""

import numpy as np
import pytest

from hopfield_opt.baselines import qubos
from hopfield_opt.errors import InputError


def test_enumeration_is_for_few():
    """More than thirty variables are refused."""
    with pytest.raises(InputError, match="at most 30"):
        qubos.enumeration(np.zeros((31, 31)), np.zeros(31), 0)
