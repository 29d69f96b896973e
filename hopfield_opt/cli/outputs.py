"""What the commands leave behind: files, pictures and exit codes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hopfield_opt.errors import InputError, unknown_name
from hopfield_opt.files import write_whole


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
        raise unknown_name("the suffix of --plot", plot.suffix, known)


def deliver(*steps: Callable[[], object]) -> bool:
    """Take all steps, whatever becomes of one: what was computed is not lost.

    Returns
    -------
    bool
        Whether Ctrl-C was pressed meanwhile.

    Raises
    ------
    InputError or OSError
        What was raised first, after the last step.
    """
    from hopfield_opt.driver.interrupt import Interruptible

    failures: list[Exception] = []
    with Interruptible() as interrupt:
        for step in steps:
            try:
                step()
            except (InputError, OSError) as error:
                failures.append(error)
    if failures:
        raise failures[0]
    return interrupt.requested


def show(text: str) -> None:
    """Print a text, now."""
    print(text, flush=True)


def write(path: Path, text: str) -> None:
    """Write a text file wholly or not at all."""
    write_whole(path, lambda file: file.write(text.encode()))


def draw(subject: Any, path: Path, *answer: Any) -> None:
    """Save the picture that a problem makes of an answer, or a comparison of itself."""
    # a figure of its own, without pyplot: no window system is asked for
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 6), layout="constrained")
    subject.plot(*answer, ax=figure.add_subplot())
    suffix = path.suffix.removeprefix(".").lower()
    write_whole(path, lambda file: figure.savefig(file, format=suffix, dpi=150))
