"""Images as arrays of levels: what a user gives, and random ones."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import FloatArray, check_array, check_integer
from hopfield_opt.border import real_array
from hopfield_opt.errors import InputError

Image = NDArray[np.int64]

# the one-hot rows and the costs of an image need memory for each of its levels
MOST_LEVELS = 256


def check_levels(levels: Any) -> int:
    """Return the number of levels, from 2 to 256."""
    if check_integer("levels", levels, lowest=2) > MOST_LEVELS:
        raise InputError(f"levels must be at most {MOST_LEVELS}, got {levels}.")
    return int(levels)


def check_image(noisy: Any, levels: int) -> FloatArray:
    """Return an image in units of levels."""
    given = real_array("noisy", noisy)
    whole, image = given.dtype.kind in "biu", check_array("noisy", given)
    if image.ndim != 2:
        raise InputError(
            f"noisy must have two axes, height and width, got shape {image.shape}. "
            "Turn colours to grey, e.g. by image.mean(axis=2)."
        )
    top = levels - 1 if whole else 1
    wrong = (image < 0) | (image > top)
    if wrong.any():
        where = [int(k) for k in np.argwhere(wrong)[0]]
        advice = "Divide by 255 for grey values." if whole else "Scale it, or give whole levels."
        raise InputError(
            f"noisy must be {'levels' if whole else 'grey values'} from 0 to {top}, "
            f"got {image[tuple(where)]:g} at {where}. {advice}"
        )
    return image if whole else image * (levels - 1)


def noisy_discs(n: int, levels: int, noise: float, draws: np.random.Generator) -> Image:
    """Return n x n pixels, discs on a ground, of which a share `noise` has a random other level."""
    rows, columns = np.mgrid[:n, :n]
    image = np.zeros((n, n), dtype=np.int64)
    for disc in range(3 * (levels - 1)):
        y, x, radius = draws.random(3) * (n, n, n / 4)
        inside = (rows - y) ** 2 + (columns - x) ** 2 < (radius + n / 12) ** 2
        image[inside] = 1 + disc % (levels - 1)
    wrong = draws.random((n, n)) < noise
    image[wrong] += draws.integers(1, levels, size=int(wrong.sum()))
    return image % levels
