"""The command `verify`."""

import base64
import binascii
import json
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from hopfield_opt.cli.instances import Columns, FileFormat, InstanceFile, Settings, instance_of
from hopfield_opt.cli.outputs import deliver, show
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.files import read_bytes

WANTED = ("problem", "sense", "value", "feasible", "bound", "answer", "feasibility_tolerance")


def verify(
    result: Annotated[Path, typer.Argument(metavar="RESULT.json", help="What --output wrote.")],
    file: InstanceFile = None,
    file_format: FileFormat = None,
    columns: Columns = None,
    settings: Settings = None,
    random: Annotated[
        str | None, typer.Option(metavar="NAME=VALUE,..", help="The random instance, with seed=.")
    ] = None,
) -> int:
    """Check what RESULT.json claims of the instance: its answer, and the proof of its bound.

    Exit codes: 0 all of it holds, 1 something does not, 2 bad input.
    """
    from hopfield_opt.problems import named

    claimed = _read(result)
    kind = named(claimed["problem"])
    subject, _ = instance_of(kind, file, file_format, settings or [], random, 0, columns)
    if hasattr(subject, "with_tolerance"):
        subject = subject.with_tolerance(claimed["feasibility_tolerance"])
    checks = [_check_answer(subject, claimed), _check_bound(subject, claimed)]
    deliver(partial(show, "\n".join(text for text, _ in checks)))
    return 0 if all(holds for _, holds in checks) else 1


def _read(path: Path) -> dict[str, Any]:
    """Return the claims of a result."""
    try:
        found = json.loads(read_bytes(path))
    except (ValueError, RecursionError):
        raise ReadError(
            path, None, "must be JSON that --output wrote, got something else."
        ) from None
    missing = [name for name in WANTED if not isinstance(found, dict) or name not in found]
    if missing:
        raise ReadError(path, None, f"must be JSON that --output wrote, got no {missing[0]!r}.")
    return dict(found)


def _check_answer(subject: Any, claimed: dict[str, Any]) -> tuple[str, bool]:
    """Evaluate the answer anew."""
    if claimed["answer"] is None:
        return "answer   none", True
    try:
        found = subject.evaluate(_as_given(claimed["answer"], subject))
    except Exception as error:  # the file may hold anything
        return f"answer   NOT of this instance: {error}", False
    same = (found.value, found.feasible) == (claimed["value"], claimed["feasible"])
    state = "feasible" if found.feasible else "not feasible"
    said = "as claimed" if same else f"NOT {claimed['value']!r} as claimed"
    return f"answer   value {found.value:.10g}, {state}, {said}", same


def _is_beaten(bound: float | None, claimed: dict[str, Any]) -> bool:
    """Whether the answer itself is better than the bound allows."""
    if bound is None or not claimed["feasible"] or claimed["value"] is None:
        return False
    beyond = bound - claimed["value"]
    return bool(beyond > 0 if claimed["sense"] == "minimize" else beyond < 0)


def _as_given(answer: Any, subject: Any) -> Any:
    """Return an answer of JSON whose names of a dict are the user's labels again."""
    from hopfield_opt.printing import as_json

    if not isinstance(answer, dict):
        return answer
    labels = list(getattr(getattr(subject, "graph", subject), "labels", ()))
    names = dict(zip(as_json(dict.fromkeys(labels)), labels, strict=True))
    return {names.get(name, name): value for name, value in answer.items()}


def _check_bound(subject: Any, claimed: dict[str, Any]) -> tuple[str, bool]:
    """Reckon the certificate anew, and compare it with the bound and the answer."""
    from hopfield_opt.bounds import Certificate

    bound, packed = claimed["bound"], claimed.get("certificate")
    if _is_beaten(bound, claimed):
        return f"bound    {bound:.10g} is WRONG: the answer is better", False
    if packed is None:
        return (
            f"bound    {'none' if bound is None else f'{bound:.10g}, without a certificate'}",
            True,
        )
    try:
        certificate = Certificate.of_bytes(base64.b64decode(packed, validate=True))
        proven = certificate.verify(subject)
    except (InputError, binascii.Error, TypeError) as error:
        return f"bound    NOT proven: {error}", False
    text = f"bound    {proven:.10g} verified, by {certificate.by}"
    if certificate.agrees(bound):
        return text, True
    # a search has proven more than the certificate, and left no proof
    more = certificate.allows(bound)
    return f"{text}; {bound:.10g} {'without a certificate' if more else 'is WRONG'}", more
