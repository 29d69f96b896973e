"""The command line: `hopfield-opt solve`, `compare`, `recall`, `problems` and `methods`.

Whatever takes long to import is imported inside the commands: `--help` answers at once.
"""

import contextlib
import io
import os
import sys
import warnings
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from hopfield_opt import __version__
from hopfield_opt.cli.comparing import compare
from hopfield_opt.cli.listing import methods, problems
from hopfield_opt.cli.recalling import recall
from hopfield_opt.cli.solving import solve
from hopfield_opt.cli.verifying import verify
from hopfield_opt.cli.warming import warm_up
from hopfield_opt.errors import HopfieldWarning, InputError
from hopfield_opt.files import reason
from hopfield_opt.signals import INTERRUPTED

# click's UsageError, found by way of typer: newer versions of it bring a click of their own
_USAGE_ERROR: type[Exception] = typer.BadParameter.__bases__[0]

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
for _command in (solve, verify, compare, recall, problems, methods, warm_up):
    app.command()(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after the program's name; None takes those of the process.

    Returns
    -------
    int
        0 for a feasible answer, 1 for none, 2 for bad input, 130 after Ctrl-C or, from a batch
        system, SIGTERM, or after a lost connection, SIGHUP.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    _open_streams()
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
        return _fail(f"{error.filename or 'system'}: {reason(error)}.")
    except MemoryError as error:
        return _fail(f"memory must suffice, got too little: {error or 'none is left'}.")
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


def _open_streams() -> None:
    """Write all characters that a stream has no code for as escapes, and open those closed."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = getattr(sys, name)
        if stream is None:  # closed, as by `>&-`: print would write errors elsewhere
            setattr(sys, name, open(os.devnull, "w" if number else "r"))  # noqa: SIM115
        elif number and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _say(line: str) -> None:
    with contextlib.suppress(OSError, ValueError):  # after SIGHUP there may be no terminal
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
