"""The command line: `hopfield-opt solve PROBLEM [FILE]`, `problems` and `methods`.

Whatever takes long to import is imported inside the commands: `--help` answers at once.
"""

import functools
import inspect
import json
import os
import sys
import time
import typing
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from hopfield_opt import __version__
from hopfield_opt.arguments import checked, parse_pairs, parse_value
from hopfield_opt.errors import HopfieldWarning, InputError, ReadError, unknown

if typing.TYPE_CHECKING:
    from hopfield_opt.result import Result

INTERRUPTED = 130  # what a shell reports for a program ended by Ctrl-C

# click's UsageError, found by way of typer: newer versions of it bring a click of their own
_USAGE_ERROR: type[Exception] = typer.BadParameter.__bases__[0]

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after the program's name; None takes those of the process.

    Returns
    -------
    int
        0 for a feasible answer, 1 for none, 2 for bad input, 130 after Ctrl-C.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", HopfieldWarning)
            warnings.showwarning = _show_warning
            return _run(given or ["--help"])
    except _USAGE_ERROR as error:
        message = error.format_message()  # type: ignore[attr-defined]
        end = "" if message.endswith((".", "?")) else "."
        return _fail(f"{message}{end} See hopfield-opt --help.")
    except InputError as error:
        return _fail(str(error))
    except BrokenPipeError:
        # who read our output has gone, as in `| head`; Python must not flush once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _fail(f"{error.filename or 'system'}: {error.strerror or error}.")
    except KeyboardInterrupt:
        _say("interrupted: there is no answer yet.")
        return INTERRUPTED


def _run(given: list[str]) -> int:
    """Run one command; unlike click's own `main`, leave every exception to the caller."""
    command = typer.main.get_command(app)
    try:
        with command.make_context("hopfield-opt", given) as context:
            code = command.invoke(context)
    except typer.Exit as done:  # --help, --version
        code = done.exit_code
    sys.stdout.flush()
    return code or 0


def _say(line: str) -> None:
    print(" ".join(line.split()), file=sys.stderr)


def _fail(message: str) -> int:
    _say(f"error: {message}")
    return 2


def _show_warning(
    message: Warning | str, category: type[Warning], *where: Any, **also_where: Any
) -> None:
    _say(f"warning: {message}")


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"hopfield-opt {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print it.")
    ] = False,
) -> None:
    """Solve optimisation problems with Hopfield networks."""


@app.command()
def solve(
    problem: Annotated[str, typer.Argument(help="A name listed by `hopfield-opt problems`.")],
    file: Annotated[str | None, typer.Argument(help="The instance.")] = None,
    file_format: Annotated[
        str | None, typer.Option("--format", metavar="F", help="Its format, else by its suffix.")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Of the problem.")
    ] = None,
    random: Annotated[
        str | None, typer.Option(metavar="NAME=VALUE,..", help="Make a random instance.")
    ] = None,
    time_limit: Annotated[float | None, typer.Option(metavar="S", help="Seconds.")] = None,
    sweeps: Annotated[int | None, typer.Option(metavar="N", help="Sweeps of a replica.")] = None,
    replicas: Annotated[int | None, typer.Option(metavar="R", help="Runs side by side.")] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Repeats a run.")] = None,
    method: Annotated[
        str, typer.Option(metavar="M", help="A name listed by `hopfield-opt methods`.")
    ] = "auto",
    method_settings: Annotated[
        list[str] | None, typer.Option("--set-method", metavar="NAME=VALUE", help="Of the method.")
    ] = None,
    structure: Annotated[
        str, typer.Option(metavar="S", help="auto: moves keep constraints; penalty: costs do.")
    ] = "auto",
    penalty: Annotated[str, typer.Option(metavar="P", help="How penalties are weighed.")] = "exact",
    no_polish: Annotated[bool, typer.Option("--no-polish", help="No local search after.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    plot: Annotated[Path | None, typer.Option(metavar="FILE.png", help="Draw the answer.")] = None,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the JSON.")] = None,
) -> int:
    """Solve PROBLEM, read from FILE or made with --random or --set.

    Exit codes: 0 a feasible answer, 1 none, 2 bad input, 130 interrupted.
    """
    from hopfield_opt import driver, rng
    from hopfield_opt.problems import named

    kind = named(problem)
    _check_targets(kind, plot, output)
    dynamics = _method(method, method_settings or [])
    seed = rng.checked_seed(seed)
    started = time.monotonic()
    subject, instance = _instance(kind, file, file_format, settings or [], random, seed)
    read_seconds = time.monotonic() - started
    result = driver.solve(
        subject,
        method=dynamics,
        time_limit=time_limit,
        sweeps=sweeps,
        replicas=replicas,
        seed=seed,
        structure=structure,
        penalty=parse_value(penalty),
        polish=not no_polish,
    )
    summary = _summary(result, problem, instance, read_seconds)
    print(json.dumps(summary) if as_json else result)
    if output is not None:
        _write(output, json.dumps(summary, indent=2) + "\n")
    if plot is not None and result.answer is not None:
        _draw(subject, result.answer, plot)
    if result.status.name == "INTERRUPTED":
        return INTERRUPTED
    return 0 if result.feasible else 1


@app.command()
def problems() -> None:
    """List the problems, with the formats that they can be read from."""
    from hopfield_opt.problems import available

    for name, kind in available().items():
        title = (inspect.getdoc(kind) or "").partition("\n")[0]
        print(f"{name:<20}{title} [{', '.join(getattr(kind, 'formats', ())) or 'no files'}]")


@app.command()
def methods() -> None:
    """List the methods."""
    from hopfield_opt.dynamics import available

    for name, kind in available().items():
        print(f"{name:<22}{kind.summary}")


def _check_targets(kind: type[Any], plot: Path | None, output: Path | None) -> None:
    """Refuse before the work what could not be written after it."""
    for option, path in (("--plot", plot), ("--output", output)):
        if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
            raise InputError(f"{option} must be a file in an existing folder, got {str(path)!r}.")
    if plot is None:
        return
    if not hasattr(kind, "plot"):
        raise InputError(f"--plot must be left out for {kind.name}, which draws no picture.")
    from matplotlib.backend_bases import FigureCanvasBase

    known = [f".{suffix}" for suffix in FigureCanvasBase.get_supported_filetypes()]
    if plot.suffix.lower() not in known:
        raise unknown("the suffix of --plot", plot.suffix, known)


def _method(name: str, settings: list[str]) -> Any:
    """Return the method's name, or the dynamics itself where parameters are set."""
    if not settings:
        return name
    from hopfield_opt.dynamics import named

    kind = named(name)
    return kind(**checked("--set-method", kind, parse_pairs("--set-method", settings)))


def _other_formats(kind: type[Any], file_format: str | None) -> str:
    """Return the hint that the file may be of another format, where none was named."""
    formats = getattr(kind, "formats", ())
    if file_format is not None or len(formats) < 2:
        return ""
    return f" (If it is of another format, say so: --format {' | '.join(formats)}.)"


def _instance(
    kind: type[Any],
    file: str | None,
    file_format: str | None,
    settings: list[str],
    random: str | None,
    seed: int,
) -> tuple[Any, str]:
    """Return the problem and what names its instance: the file, or how it was made."""
    given = parse_pairs("--set", settings)
    if file is not None:
        if random is not None:
            raise InputError(f"--random must be left out with a file, got {random!r}.")
        if not hasattr(kind, "read"):
            raise InputError(f"FILE must be left out for {kind.name}, got {file!r}.")
        read = functools.partial(kind.read, file, format=file_format)
        arguments = checked("--set", read, given)
        try:
            return read(**arguments), file
        except ReadError as error:
            raise InputError(f"{error}{_other_formats(kind, file_format)}") from None
    if file_format is not None:
        raise InputError(f"--format must come with a FILE, got {file_format!r} alone.")
    make, option = kind, "--set"
    if random is not None:
        make, option = kind.random, "--random"
        given = {**parse_pairs("--random", random.split(",")), **given}
        given.setdefault("seed", seed)
    elif not given and "random" in vars(kind):
        names = ", ".join(name for name in inspect.signature(kind.random).parameters)
        raise InputError(
            f"{kind.name} must have an instance, got none. Name a FILE, or use --random "
            f"NAME=VALUE,.. with {names}."
        )
    chosen = checked(option, make, given)
    return make(**chosen), ", ".join(f"{name}={value}" for name, value in chosen.items())


def _summary(result: "Result", problem: str, instance: str, read: float) -> dict[str, Any]:
    """Return what --json prints: the result with its instance and the time of reading it."""
    parts = {part: result.seconds.get(part, 0.0) for part in ("compile", "solve", "decode")}
    seconds = {"read": read, **parts, "total": read + result.seconds["total"]}
    first = {"problem": problem, "instance": instance}
    return {**first, **result.to_dict(), **first, "seconds": seconds}


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _draw(problem: Any, answer: Any, path: Path) -> None:
    # a figure of its own, without pyplot: no window system is asked for
    from matplotlib.figure import Figure

    figure = Figure(layout="constrained")
    problem.plot(answer, ax=figure.add_subplot())
    figure.savefig(path, dpi=150)
