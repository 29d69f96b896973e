"""Averages over a standard normal variable z: nodes and weights."""

import numpy as np

from hopfield_opt.arrays import FloatArray

# A fine grid and not Gauss-Hermite nodes: at low temperatures the averaged functions are steps,
# which the grid follows down to a width of 0.02; beyond 9 the weights are below 1e-18.
NODES: FloatArray = np.linspace(-9.0, 9.0, 901)
_density = np.exp(-0.5 * NODES**2)
WEIGHTS: FloatArray = _density / _density.sum()
