"""What the commands leave behind: files, pictures and exit codes."""

import os
from pathlib import Path
from typing import Any

from hopfield_opt.errors import InputError, unknown

INTERRUPTED = 130  # what a shell reports for a program ended by Ctrl-C


def check_files(**paths: Path | None) -> None:
    """Refuse before the work what could not be written after it; by the names of the options."""
    for option, path in paths.items():
        if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
            raise InputError(f"--{option} must be a file in an existing folder, got {str(path)!r}.")


def check_picture(plot: Path | None) -> None:
    """Refuse a picture of a format that matplotlib does not write."""
    if plot is None:
        return
    from matplotlib.backend_bases import FigureCanvasBase

    known = [f".{suffix}" for suffix in FigureCanvasBase.get_supported_filetypes()]
    if plot.suffix.lower() not in known:
        raise unknown("the suffix of --plot", plot.suffix, known)


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def draw(subject: Any, path: Path, *answer: Any) -> None:
    """Save the picture that a problem makes of an answer, or a comparison of itself."""
    # a figure of its own, without pyplot: no window system is asked for
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 6), layout="constrained")
    subject.plot(*answer, ax=figure.add_subplot())
    figure.savefig(path, dpi=150)
