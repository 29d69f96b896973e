"""Models from MPS and LP files."""

from os import PathLike
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, vstack

from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.model.programs import Program, with_variables

if TYPE_CHECKING:
    from hopfield_opt.model.model import Model


def read(cls: type["Model"], path: str | PathLike[str], format: str | None = None) -> "Model":
    r"""Return the model of an MPS or LP file, as HiGHS reads it: integers by their names there.

    Continuous variables that equalities define are put in.

    Parameters
    ----------
    path : path-like, or open file
        The file, which may be packed (`.gz`). Its objective may be quadratic.
    format : {"mps", "lp"} or None
        None takes it from the suffix.

    Raises
    ------
    InputError
        If there is no such file, or its suffix says nothing.
    ReadError
        If it is not of this format, a continuous variable is left, or an integer has no bounds.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from hopfield_opt.model import Model
    >>> text = "min\n obj: - x - 2 y\nst\n c: x + y <= 1\nbin\n x\n y\nend\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "tiny.lp")
    ...     _ = file.write_text(text)
    ...     model = Model.read(file)
    >>> model.evaluate({"x": 0, "y": 1}).value
    -2.0
    """
    from hopfield_opt.io.programs import read_program

    found = read_program(path, format)
    sign = -1.0 if found.maximize else 1.0
    equal = found.lower == found.upper
    above = np.isfinite(found.upper) & ~equal
    below = np.isfinite(found.lower) & ~equal
    rows = csr_array(found.rows)
    program = Program(
        P=found.P * sign,
        q=found.q * sign,
        A=rows[np.flatnonzero(equal)],
        b=found.upper[equal],
        F=csr_array(vstack([rows[np.flatnonzero(above)], -rows[np.flatnonzero(below)]])),
        g=np.concatenate([found.upper[above], -found.lower[below]]),
        low=found.low,
        high=found.high,
        whole=found.whole,
        offset=found.offset * sign,
    )
    names = [name for name, whole in zip(found.names, found.whole, strict=True) if whole]
    try:
        integers, _, _ = program.integers(lambda column: found.names[column])
        low, high = integers.bounded(lambda column: names[column])
        model = cls()
        order = with_variables(model, [(name, ()) for name in names], low, high)
    except ReadError:
        raise
    except InputError as error:
        raise ReadError(path, None, str(error)) from error
    sense = "maximize" if found.maximize else "minimize"
    integers.into(model, model.everything()[order], sense)
    return model
