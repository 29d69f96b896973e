"""The command `solve`."""

import base64
import json
import sys
import time
import typing
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from hopfield_opt.arguments import parse_value
from hopfield_opt.cli.instances import (
    Columns,
    FileFormat,
    InstanceFile,
    Settings,
    instance_of,
    kind_of,
    known_value,
    method_of,
)
from hopfield_opt.cli.outputs import check_files, check_picture, deliver, draw, show, write
from hopfield_opt.errors import InputError
from hopfield_opt.exactness import FEASIBILITY_TOLERANCE
from hopfield_opt.signals import INTERRUPTED

if typing.TYPE_CHECKING:
    from hopfield_opt.result import Result

ANSWER_WIDTH = 200  # of an answer in the table


def solve(
    problem: Annotated[str, typer.Argument(help="A name of `hopfield-opt problems`, or model.")],
    file: InstanceFile = None,
    file_format: FileFormat = None,
    columns: Columns = None,
    settings: Settings = None,
    random: Annotated[
        str | None, typer.Option(metavar="NAME=VALUE,..", help="Make a random instance.")
    ] = None,
    time_limit: Annotated[float | None, typer.Option(metavar="S", help="Seconds.")] = None,
    sweeps: Annotated[int | None, typer.Option(metavar="N", help="Sweeps of a replica.")] = None,
    replicas: Annotated[int | None, typer.Option(metavar="R", help="Runs side by side.")] = None,
    tour: Annotated[
        str | None, typer.Option(metavar="FILE", help="A known tour: show the gap to it.")
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Repeats a run.")] = None,
    method: Annotated[
        str, typer.Option(metavar="M", help="A name listed by `hopfield-opt methods`.")
    ] = "auto",
    method_settings: Annotated[
        list[str] | None, typer.Option("--set-method", metavar="NAME=VALUE", help="Of the method.")
    ] = None,
    structure: Annotated[
        str, typer.Option(metavar="S", help="auto, all, counts, disjoint (kept), or penalty.")
    ] = "auto",
    penalty: Annotated[str, typer.Option(metavar="P", help="How penalties are weighed.")] = "exact",
    feasibility_tolerance: Annotated[
        float, typer.Option(metavar="T", help="Of rules with decimals, relative to their terms.")
    ] = FEASIBILITY_TOLERANCE,
    bound: Annotated[
        str, typer.Option(metavar="B", help="auto, none, or strong: how long to look for one.")
    ] = "auto",
    no_polish: Annotated[bool, typer.Option("--no-polish", help="No local search after.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    plot: Annotated[Path | None, typer.Option(metavar="FILE.png", help="Draw the answer.")] = None,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the JSON.")] = None,
) -> int:
    """Solve PROBLEM, read from FILE or made with --random or --set; `model` is an MPS or LP file.

    Exit codes: 0 a feasible answer, 1 none, 2 bad input, 130 interrupted.
    """
    from hopfield_opt import driver, rng

    kind = kind_of(problem)
    check_files(plot=plot, output=output)
    _check_plot(plot, kind)
    dynamics = method_of(method, method_settings or [])
    seed = rng.check_seed(seed)
    started = time.monotonic()
    subject, instance = instance_of(kind, file, file_format, settings or [], random, seed, columns)
    known = None if tour is None else known_value(subject, tour)
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
        feasibility_tolerance=feasibility_tolerance,
        polish=not no_polish,
        bound=bound,  # type: ignore[arg-type]
    )
    summary = _summary(result, problem, instance, read_seconds)
    lines = [str(result), _answer_line(summary["answer"])]
    if known is not None:
        summary |= {"known": known, "known_gap": _gap(result, known)}
        lines.insert(1, _known_line(known, summary["known_gap"]))
    steps: list[Callable[[], object]]
    steps = [partial(show, json.dumps(summary) if as_json else "\n".join(lines))]
    if output is not None:
        text = json.dumps(summary, indent=2, ensure_ascii=False) + "\n"
        steps.append(partial(write, output, text))
    if plot is not None:
        steps.append(partial(_draw_answer, subject, plot, result.answer))
    if deliver(*steps) or result.status.name == "INTERRUPTED":
        return INTERRUPTED
    return 0 if result.feasible else 1


def _packed(certificate: Any) -> str | None:
    """Return a certificate as text, for `verify`."""
    if certificate is None:
        return None
    return base64.b64encode(certificate.to_bytes()).decode()


def _check_plot(plot: Path | None, kind: type[Any]) -> None:
    if plot is not None and not hasattr(kind, "plot"):
        name = getattr(kind, "name", "a model")
        raise InputError(f"--plot must be left out for {name}, which draws no picture.")
    check_picture(plot)


def _draw_answer(subject: Any, plot: Path, answer: Any) -> None:
    if answer is None:
        print("warning: there is no answer, and so no picture.", file=sys.stderr)
    else:
        draw(subject, plot, answer)


def _gap(result: "Result", known: float) -> float | None:
    """Return how much longer an answer is than a known one, below 0 if it is shorter."""
    value = result.value
    if value is None or not result.feasible:
        return None
    return 0.0 if value == known else (value - known) / max(abs(value), abs(known))


def _known_line(known: float, gap: float | None) -> str:
    """Return the line of the table that compares with a known tour."""
    return f"  known    {known:.10g} ({'no answer' if gap is None else f'gap {gap:.2%}'})"


def _answer_line(answer: Any) -> str:
    """Return the answer in one line of the table, or its beginning and where to find the rest."""
    text = json.dumps(answer, ensure_ascii=False)
    if len(text) > ANSWER_WIDTH:
        text = f"{text[:ANSWER_WIDTH]} ... (all of it: --json or --output FILE)"
    return f"  answer   {text}"


def _summary(result: "Result", problem: str, instance: str, read: float) -> dict[str, Any]:
    """Return what --json prints: the result with its instance and the time of reading it."""
    parts = {part: result.seconds.get(part, 0.0) for part in ("compile", "solve", "decode")}
    seconds = {"read": read, **parts, "total": read + result.seconds["total"]}
    first = {"problem": problem, "instance": instance}
    proof = {"certificate": _packed(result.certificate)}
    return {**first, **result.to_dict(), **first, "seconds": seconds, **proof}
