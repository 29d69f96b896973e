"""MPS and LP files of mixed-integer programs, by the reader of HiGHS."""

import tempfile
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from hopfield_opt.errors import InputError, ReadError, check_choice
from hopfield_opt.files import Source
from hopfield_opt.io.text import read_lines

FORMATS = ("mps", "lp")


@dataclass(frozen=True)
class ProgramFile:
    """``minimize or maximize 1/2 x'Px + q'x + offset`` with rows and bounds, as a file has it.

    Attributes
    ----------
    names : tuple of str
        Of the columns.
    maximize : bool
        What is wanted.
    P, q, offset : sparse array (n, n), array (n,), float
        The objective, P symmetric.
    rows : sparse array (m, n)
        The constraints' left sides.
    lower, upper : arrays (m,)
        What they are between.
    low, high : arrays (n,)
        Bounds of the columns.
    whole : bool array (n,)
        Which columns are integers.
    """

    names: tuple[str, ...]
    maximize: bool
    P: Any
    q: NDArray[np.float64]
    offset: float
    rows: Any
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    whole: NDArray[np.bool_]


def read_program(path: str | PathLike[str], format: str | None = None) -> ProgramFile:
    """Return the program of a file, which may be packed (`.gz`).

    Parameters
    ----------
    path : path-like
        The file.
    format : {"mps", "lp"} or None
        None takes it from the suffix.

    Raises
    ------
    InputError
        If there is no such file, or its suffix says nothing.
    ReadError
        If the file is not of this format, or has what HiGHS only warns of.
    """
    path = Source.of(path)
    suffix = Path(path.removesuffix(".gz")).suffix.lower().removeprefix(".")
    if format is None and suffix not in FORMATS:
        raise InputError(f"format must be mps or lp, got a file called {str(path)!r}. Say which.")
    kind = suffix if format is None else format
    check_choice("format", kind, FORMATS)
    text = "\n".join(read_lines(path)) + "\n"
    solver, states = _silent()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, f"program.{kind}")  # unpacked, and of a suffix that HiGHS knows
        copy.write_text(text, "utf-8")
        status = solver.readModel(str(copy))
    if status != states.kOk or not solver.getNumCol():
        raise ReadError(
            path, None, f"file must be of the format {kind}, got what HiGHS cannot read."
        )
    return _program(path, solver)


def _silent() -> tuple[Any, Any]:
    """Return a HiGHS that says nothing, and its states."""
    import highspy

    own: Any = highspy.Highs

    class Silent(own):  # type: ignore[misc]
        """Be silent before anything is said, as is done with the first callback."""

        def enableCallbacks(self) -> None:
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()

    make: Any = Silent
    solver = make()
    solver.setOptionValue("output_flag", False)
    return solver, highspy.HighsStatus


def _program(path: str | PathLike[str], solver: Any) -> ProgramFile:
    solver.ensureColwise()
    lp, square = solver.getLp(), solver.getModel().hessian_
    size = lp.num_col_
    kinds = [one.name for one in lp.integrality_] or ["kContinuous"] * size
    names = tuple(lp.col_names_)
    for name, kind in zip(names, kinds, strict=True):
        if kind not in ("kInteger", "kContinuous"):
            raise ReadError(
                path,
                None,
                f"columns must be integer or continuous, got {name!r}, which "
                "may be 0 or in a range.",
            )
    matrix = lp.a_matrix_
    parts = [np.asarray(one) for one in (matrix.value_, matrix.index_, matrix.start_)]
    rows = csr_array(tuple(parts), shape=(size, lp.num_row_)).T
    P = csr_array((size, size))
    if square.dim_:
        half = [np.asarray(one) for one in (square.value_, square.index_, square.start_)]
        lower = csr_array(tuple(half), shape=(size, size))
        P = csr_array(lower + lower.T - diags_array(lower.diagonal()))
    limits = [
        np.asarray(one, dtype=np.float64)
        for one in (lp.row_lower_, lp.row_upper_, lp.col_lower_, lp.col_upper_)
    ]
    return ProgramFile(
        names=names,
        maximize="kMaximize" in str(lp.sense_),
        P=P,
        q=np.asarray(lp.col_cost_, dtype=np.float64),
        offset=float(lp.offset_),
        rows=csr_array(rows),
        lower=limits[0],
        upper=limits[1],
        low=limits[2],
        high=limits[3],
        whole=np.array([kind == "kInteger" for kind in kinds], dtype=np.bool_),
    )
