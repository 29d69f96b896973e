"""The problem and the method that the words of a command line stand for."""

import functools
import inspect
import sys
from types import SimpleNamespace
from typing import Annotated, Any

import typer

from hopfield_opt.arguments import check_arguments, parse_pairs
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.files import Source
from hopfield_opt.io.registry import find_format

# what stands for a model of no problem in the library
MODEL = "model"

# what the commands ask for that read one instance
InstanceFile = Annotated[str | None, typer.Argument(help="The instance; - is standard input.")]
FileFormat = Annotated[
    str | None, typer.Option("--format", metavar="F", help="Its format, else by its suffix.")
]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Of the problem.")
]
Columns = Annotated[
    str | None, typer.Option(metavar="NAME,..", help="Of a CSV table: two ends, and a weight.")
]


def method_of(name: str, settings: list[str]) -> Any:
    """Return the method's name, or the dynamics itself where parameters are set."""
    if not settings:
        return name
    from hopfield_opt.dynamics import named

    kind = named(name)
    return kind(**check_arguments("--set-method", kind, parse_pairs("--set-method", settings)))


def kind_of(name: str) -> type[Any]:
    """Return the class of a problem, or the model for `model`."""
    from hopfield_opt.problems import named

    if name != MODEL:
        return named(name)
    from hopfield_opt.model import Model

    return Model


def instance_of(
    kind: type[Any],
    file: str | None,
    file_format: str | None,
    settings: list[str],
    random: str | None,
    seed: int,
    columns: str | None = None,
) -> tuple[Any, str]:
    """Return the problem and what names its instance: the file, or how it was made."""
    given = parse_pairs("--set", settings)
    if file is None and not hasattr(kind, "name"):
        raise InputError("FILE must be given for a model, got none. Name an MPS or LP file.")
    if file is not None:
        if random is not None:
            raise InputError(f"--random must be left out with a file, got {random!r}.")
        if not hasattr(kind, "read"):
            raise InputError(f"FILE must be left out for {kind.name}, got {file!r}.")
        source = _source_of(kind, file, file_format, columns)
        read = functools.partial(kind.read, source, format=file_format)
        arguments = check_arguments("--set", read, given)
        try:
            return read(**arguments), source
        except ReadError as error:
            # what is wrong further down is no matter of the format
            hint = _other_formats(kind, file_format) if (error.line or 1) == 1 else ""
            raise InputError(f"{error}{hint}") from None
    if columns is not None:
        raise InputError(f"--columns must come with a CSV file, got {columns!r} alone.")
    if file_format is not None:
        raise InputError(f"--format must come with a FILE, got {file_format!r} alone.")
    make, option = kind, "--set"
    if random is not None:
        make, option = kind.random, "--random"
        given = {**parse_pairs("--random", random.split(",")), **given}
        given.setdefault("seed", seed)
    elif not given and hasattr(kind, "random"):
        names = ", ".join(name for name in inspect.signature(kind.random).parameters)
        raise InputError(
            f"{kind.name} must have an instance, got none. Name a FILE, or use --random "
            f"NAME=VALUE,.. with {names}."
        )
    chosen = check_arguments(option, make, given)
    return make(**chosen), ", ".join(f"{name}={value}" for name, value in chosen.items())


def _source_of(kind: type[Any], file: str, file_format: str | None, columns: str | None) -> Source:
    """Return the file, or what is read from the standard input, and the columns wanted of it."""
    if columns is not None:
        formats = getattr(kind, "formats", ())
        if "csv" not in formats or find_format(file, file_format, formats).name != "csv":
            raise InputError(
                f"--columns must come with a CSV file, got {file!r}. Say --format csv if it is one."
            )
    # Python gives the name of its number to what it reads bytes from
    named = SimpleNamespace(name="standard input", read=sys.stdin.buffer.read)
    wanted = [] if columns is None else [name.strip() for name in columns.split(",")]
    return Source.of(named if file == "-" else file, wanted)


def known_value(subject: Any, tour: str) -> float:
    """Return the length of the tour in a file."""
    if not hasattr(subject, "read_tour"):
        name = getattr(subject, "name", "a model")
        raise InputError(f"--tour must be left out for {name}, got {tour!r}.")
    found = subject.evaluate(subject.read_tour(tour))
    if found.violations:
        wrong = next(iter(found.violations))
        raise InputError(f"{tour}: tour must be one of the cities of FILE, got {wrong}.")
    return float(found.value)


def _other_formats(kind: type[Any], file_format: str | None) -> str:
    """Return the hint that the file may be of another format, where none was named."""
    formats = getattr(kind, "formats", ())
    if file_format is not None or len(formats) < 2:
        return ""
    return f" (If it is of another format, say so: --format {' | '.join(formats)}.)"
