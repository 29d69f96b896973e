"""Image restoration: remove noise from an image whose neighbouring pixels tend to be alike."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from hopfield_opt import rng
from hopfield_opt.arrays import (
    FloatArray,
    Frozen,
    check_array,
    check_integer,
    check_memory,
    check_number,
)
from hopfield_opt.baselines import images
from hopfield_opt.errors import InputError
from hopfield_opt.io import find_format
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Assignment, Baseline, Evaluation, Sense
from hopfield_opt.problems.parts.image_data import Image, check_image, check_levels, noisy_discs

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, init=False, eq=False)
class ImageRestoration(Frozen):
    """Find the levels of pixels that are near the noisy ones and alike among neighbours.

    ``minimize field * sum_p |x_p - y_p| + coupling * number of neighbours p, q with x_p != x_q``
    over levels x_p in 0 ... levels - 1: an Ising prior for two levels, a Potts prior for more. A
    pixel has up to four neighbours. The answer is the array of levels.

    Parameters
    ----------
    noisy : (height, width) array
        The image y. Integers (and truth values) are levels 0 ... levels - 1; floats are grey
        values from 0 to 1, multiplied by levels - 1.
    levels : int
        How many, at least 2.
    coupling : float
        What two unlike neighbours cost, >= 0.
    field : float
        What a pixel costs for each level that it is away from the noisy one, >= 0. With the
        defaults a pixel of a binary image follows its neighbours where at least three of four
        differ from it.

    Raises
    ------
    InputError
        If the image has not two axes, or a number is out of its range.

    References
    ----------
    S. Geman, D. Geman, "Stochastic relaxation, Gibbs distributions, and the Bayesian restoration
    of images", IEEE PAMI 6 (1984), section VI.

    Examples
    --------
    >>> dot = ImageRestoration([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
    >>> dot.evaluate(np.zeros((3, 3))).value, dot.evaluate(dot.noisy).value
    (1.5, 4.0)
    """

    name: ClassVar[str] = "image-restoration"
    sense: ClassVar[Sense] = "minimize"
    bounded_by_model: ClassVar[bool] = True
    formats: ClassVar[tuple[str, ...]] = ("npy", "png")

    noisy: FloatArray
    levels: int
    coupling: float
    field: float

    def __init__(
        self, noisy: Any, levels: int = 2, coupling: float = 1.0, field: float = 1.5
    ) -> None:
        levels = check_levels(levels)
        strengths = {"coupling": check_number("coupling", coupling)}
        strengths["field"] = check_number("field", field)
        for name, value in strengths.items():
            if value < 0:
                raise InputError(f"{name} must be at least 0, got {value:g}.")
        self._set(noisy=check_image(noisy, levels), levels=levels, **strengths)

    @classmethod
    def read(
        cls,
        path: str | PathLike[str],
        format: str | None = None,
        levels: int = 2,
        coupling: float = 1.0,
        field: float = 1.5,
    ) -> Self:
        """Return the problem of a noisy image in a file.

        Parameters
        ----------
        path : path-like
            An array of numpy or a PNG image, whose colours become grey.
        format : {"npy", "png"} or None
            None takes the format from the suffix, and npy where the suffix says nothing.
        levels, coupling, field
            As for the problem itself.

        Raises
        ------
        InputError
            If there is no such file or format, or the array is no image.
        ReadError
            If the file is not of this format.
        """
        noisy = find_format(path, format, cls.formats).read(path)
        return cls(noisy, levels, coupling, field)

    def write(self, path: str | PathLike[str], format: str | None = None) -> None:
        """Write the noisy image to a file, as grey values from 0 to 1; a PNG rounds them.

        Levels that would be rounded as grey values stand in an array as whole numbers.

        Raises
        ------
        InputError
            If there is no such format, or the file cannot be written.
        """
        found, top = find_format(path, format, self.formats), self.levels - 1
        grey = self.noisy / top
        if found.name == "npy" and (grey * top != self.noisy).any() and not (self.noisy % 1).any():
            found.write(self.noisy.astype(np.int64), path)
        else:
            found.write(grey, path)

    @classmethod
    def random(cls, n: int, levels: int = 2, noise: float = 0.1, seed: int | None = None) -> Self:
        """Return the problem of an image of n x n pixels, discs on a ground, with random noise.

        Parameters
        ----------
        n : int
            The number of rows, and of columns.
        levels : int
            How many.
        noise : float
            The probability that a pixel gets a random other level.
        seed : int or None
            The same seed gives the same image.

        Raises
        ------
        InputError
            If an argument is out of its range.
        """
        check_memory("image", 64 * check_integer("n", n, lowest=0) ** 2)
        levels = check_levels(levels)
        if not 0 <= check_number("noise", noise) <= 1:
            raise InputError(f"noise must be a probability from 0 to 1, got {noise}.")
        draws = rng.generator(rng.check_seed(seed))
        return cls(noisy_discs(n, levels, noise, draws), levels)

    @property
    def _grid(self) -> images.Grid:
        """The costs of each pixel for each level, and the coupling."""
        away = np.abs(self.noisy[..., None] - np.arange(self.levels))
        return images.Grid(self.field * away, self.coupling)

    def model(self) -> Model:
        """Return the cost over one binary `level` a pixel, or one for each pixel and level."""
        height, width = self.noisy.shape
        model, costs = Model(), self._grid.costs
        first, second = images.neighbours(height, width)
        if self.levels == 2:
            level = model.binary((height, width), name="level")
            x = level.reshape(height * width)
            u, v = x[first], x[second]
            data = (costs[..., 0] + (costs[..., 1] - costs[..., 0]) * level).sum()
            model.minimize(data + self.coupling * (u + v - 2 * u * v).sum())
            return model
        level = model.binary((height, width, self.levels), name="level")
        model.add(level.sum(axis=2) == 1, name="one level")
        x = level.reshape(height * width, self.levels)
        unlike = len(first) - (x[first] * x[second]).sum()
        model.minimize((costs * level).sum() + self.coupling * unlike)
        return model

    def encode(self, answer: Any) -> Assignment:
        """Return the binaries of an image.

        Raises
        ------
        InputError
            If the image has another shape, or a pixel no level.
        """
        image, violations = self._pixels(answer)
        if violations:
            raise InputError(f"answer must be an image of levels, got {next(iter(violations))}.")
        if self.levels == 2:
            return {"level": image.astype(np.int8)}
        return {"level": (image[..., None] == np.arange(self.levels)).astype(np.int8)}

    def decode(self, assignment: Assignment) -> Image | None:
        """Return the levels, or None where a pixel has none or several."""
        level: Image = np.asarray(assignment["level"]).astype(np.int64)
        if self.levels == 2:
            return level
        if (level.sum(axis=2) != 1).any():
            return None
        found: Image = level.argmax(axis=2)
        return found

    def evaluate(self, answer: Any) -> Evaluation:
        """Return what an image costs.

        Parameters
        ----------
        answer : (height, width) array
            The levels. What is no level is violated, and counts as the nearest one.

        Raises
        ------
        InputError
            If the image has another shape, or is not of numbers.
        """
        x, violations = self._pixels(answer)
        data = float(np.abs(x - self.noisy).sum())
        unlike = int((x[1:] != x[:-1]).sum()) + int((x[:, 1:] != x[:, :-1]).sum())
        return Evaluation(self.field * data + self.coupling * unlike, violations)

    def _pixels(self, answer: Any) -> tuple[Image, dict[str, float]]:
        """Return the levels, and how many pixels have none."""
        given = check_array("answer", answer, self.noisy.shape)
        image = np.clip(np.round(given), 0, self.levels - 1)
        wrong = int((image != given).sum())
        return image.astype(np.int64), {"no level": float(wrong)} if wrong else {}

    @property
    def start(self) -> Image:
        """The noisy image, rounded to levels: the search is never worse."""
        return np.round(self.noisy).astype(np.int64)

    def polish(self, answer: Any, seed: int, deadline: float | None) -> Image:
        """Return an image that giving one level to any set of pixels does not improve."""
        image, _ = self._pixels(answer)
        return images.improve_image(self._grid, image, deadline)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return conditional modes, and the exact minimum cut, or expansions for more levels."""
        modes = partial(self._solve, images.conditional_modes)
        found = [Baseline("iterated conditional modes", modes)]
        if self.levels == 2:
            cut = partial(self._solve, images.minimum_cut)
            found.append(Baseline("minimum cut", cut, exact=True))
        else:
            moves = partial(self._solve, images.expansions)
            found.append(Baseline("expansions", moves))
        return tuple(found)

    def _solve(self, algorithm: Callable[..., Image], seed: int, deadline: float | None) -> Image:
        """Return the image of an algorithm that knows the grid of costs."""
        return algorithm(self._grid, seed, deadline)

    def plot(self, answer: Any, ax: "Axes | None" = None) -> "Axes":
        """Draw the noisy and the restored image side by side.

        Parameters
        ----------
        answer : (height, width) array
            The levels.
        ax : Axes or None
            None makes a new figure.
        """
        from hopfield_opt.plot.images import image

        restored, _ = self._pixels(answer)
        return image(self.noisy, restored, self.levels, ax)
