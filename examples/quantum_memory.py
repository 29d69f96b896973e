"""A quantum Hopfield network: memory in a transverse field.

What to see: tunnelling, not heat, wipes out the memory: in mean field m = sqrt(1 - Gamma^2), and
exact diagonalisation of few spins comes near it with their number. Together, temperature and field
leave a quarter of a disc in which the pattern is recalled.

    python examples/quantum_memory.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import numpy as np

from hopfield_opt.learning import hebb
from hopfield_opt.physics.enumeration import states_of
from hopfield_opt.physics.overlaps import overlaps
from hopfield_opt.physics.quantum import quantum_ground_state, quantum_overlaps
from hopfield_opt.plot.scripts import MARKERS, arguments, curve_axes, progress, save, styled
from hopfield_opt.plot.style import BLACK


def exact(size: int, fields: np.ndarray) -> list[float]:
    """Return the root of the mean squared overlap in the ground state of one pattern."""
    pattern = np.random.default_rng(size).choice([-1, 1], (1, size))
    squares = overlaps(states_of(np.arange(2**size), size), pattern[0]) ** 2
    weights = hebb(pattern)
    return [np.sqrt(quantum_ground_state(weights, g).probabilities @ squares) for g in fields]


@styled
def main(words: list[str] | None = None) -> None:
    """Draw m(Gamma) of few and of many spins, and the map m(T, Gamma)."""
    options = arguments(__doc__, __file__, words)
    fields = np.linspace(0.05, 1.6, 9 if options.quick else 32)
    grid = np.linspace(0.01, 1.2, 25 if options.quick else 40)
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.6), layout="constrained")
    sizes = (4, 8) if options.quick else (4, 8, 12, 14)
    for marker, size in zip(MARKERS, progress(sizes, "sizes"), strict=False):
        left.plot(fields, exact(size, fields), marker + "-", label=f"N = {size}", markersize=4)
    fine = np.linspace(0, 1.6, 400)
    left.plot(fine, np.sqrt(np.maximum(0, 1 - fine**2)), color=BLACK, label="mean field")
    left.set(xlabel="transverse field Gamma", ylabel="overlap", title="ground state, one pattern")

    # one pattern is like another in mean field
    many = [
        [quantum_overlaps([[1, -1]], [1.0], gamma, t)[0] for t in grid]
        for gamma in progress(grid, "map")
    ]
    picture = right.pcolormesh(grid, grid, many, cmap="cividis", vmin=0, vmax=1)
    figure.colorbar(picture, ax=right, label="overlap")
    right.set(xlabel="temperature T", ylabel="transverse field Gamma", title="mean field")
    print(f"m(Gamma = 0.6) = {quantum_overlaps([[1, -1]], [1.0], 0.6)[0]:.3f}")
    curve_axes(left)
    save(figure, options)


if __name__ == "__main__":
    main()
