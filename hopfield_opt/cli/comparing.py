"""The command `compare`."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from hopfield_opt.arguments import parse_value
from hopfield_opt.cli.instances import Columns, Settings, instance_of
from hopfield_opt.cli.outputs import check_files, check_picture, deliver, draw, show
from hopfield_opt.errors import InputError
from hopfield_opt.signals import INTERRUPTED


def compare(
    problem: Annotated[str, typer.Argument(help="A name listed by `hopfield-opt problems`.")],
    files: Annotated[list[str] | None, typer.Argument(metavar="[FILE]...")] = None,
    file_format: Annotated[
        str | None, typer.Option("--format", metavar="F", help="Their format, else by suffix.")
    ] = None,
    columns: Columns = None,
    settings: Settings = None,
    random: Annotated[
        str | None, typer.Option(metavar="NAME=VALUE,..", help="Make a random instance.")
    ] = None,
    time_limit: Annotated[float, typer.Option(metavar="S", help="Seconds for each run.")] = 1.0,
    seeds: Annotated[
        str, typer.Option(metavar="N", help="How many runs; or the seeds, as in 3,4,5.")
    ] = "5",
    methods: Annotated[
        list[str] | None,
        typer.Option("--method", metavar="M", help="One of `hopfield-opt methods`; repeatable."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the rows.")] = None,
    plot: Annotated[Path | None, typer.Option(metavar="FILE.png", help="Draw the curves.")] = None,
) -> int:
    """Run methods and baselines on PROBLEM for the same time; FILEs may be several.

    Exit codes: 0 a feasible answer to each, 1 not to all, 2 bad input, 130 interrupted.
    """
    from hopfield_opt import comparison
    from hopfield_opt.problems import named

    kind = named(problem)
    check_files(csv=csv, plot=plot)
    check_picture(plot)
    repeats = _seeds(seeds)
    sources: list[str | None] = [*(files or [])] or [None]
    subjects = {}
    for file in sources:
        made, instance = instance_of(kind, file, file_format, settings or [], random, 0, columns)
        subjects[f"{problem} {instance}".strip()] = made
    table = comparison.compare(
        subjects, methods=methods or ("auto",), time_limit=time_limit, seeds=repeats
    )
    steps: list[Callable[[], object]] = [
        partial(show, json.dumps(table.to_dict()) if as_json else str(table))
    ]
    if csv is not None:
        steps.append(partial(table.to_csv, csv))
    if plot is not None and table.curves:
        steps.append(partial(draw, table, plot))
    if deliver(*steps) or table.interrupted:
        return INTERRUPTED
    answered = {row.problem for row in table.rows if row.feasible}
    return 0 if answered == set(subjects) else 1


def _seeds(text: str) -> Any:
    """Return how many seeds are meant, or which."""
    numbers = [parse_value(part) for part in text.split(",") if part.strip()]
    if not numbers or not all(type(number) is int for number in numbers):
        raise InputError(f"--seeds must be a number, or seeds as in 3,4,5, got {text!r}.")
    return numbers if "," in text else numbers[0]
