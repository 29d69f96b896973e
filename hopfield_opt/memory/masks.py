"""Cues of which a part is unknown: where the units begin that no cue tells about."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import rng
from hopfield_opt.arrays import FloatArray, SpinArray
from hopfield_opt.border import as_array
from hopfield_opt.errors import InputError
from hopfield_opt.learning.patterns import Cues


def mask(cues: Cues, known: Any) -> Cues:
    """Return cues (C, N) that are 0 where they are not known.

    Parameters
    ----------
    cues : Cues
        Checked.
    known : array of truth values, or None
        In the shape of one cue, or of all of them. None knows everything.

    Raises
    ------
    InputError
        If it has another shape, holds other values, or a cue is not known anywhere.
    """
    if known is None:
        return cues
    given = as_array("known", known)
    shapes = {cues.shape, cues.shape[1:]} - {()}
    if given.dtype.kind != "b" or given.shape not in shapes:
        raise InputError(
            f"known must be truth values of shape {cues.shape}, got {given.dtype} of shape "
            f"{given.shape}. Write False where a pixel is unknown."
        )
    where = np.broadcast_to(given, cues.shape).reshape(cues.spins.shape)
    if not where.any(axis=1).all():
        raise InputError("known must be True somewhere in each cue, got a cue without. Give more.")
    return replace(cues, spins=np.where(where, cues.spins, 0).astype(np.int8))


def fill(spins: SpinArray, pull: FloatArray, seed: int) -> SpinArray:
    """Return states (C, N): where `spins` are 0 their units begin at the sign of `pull`.

    Parameters
    ----------
    spins : (C, N) int8
        Cues, 0 where unknown.
    pull : (C, N) float64
        With which force the known units pull each one on; a coin is thrown where it is 0.
    seed : int
        Of the coins.
    """
    coins: NDArray[Any] = 2 * rng.generator(seed).integers(0, 2, spins.shape) - 1
    pulled = np.where(pull == 0, coins, np.sign(pull))
    return np.where(spins == 0, pulled, spins).astype(np.int8)
