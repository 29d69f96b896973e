"""Results in files: one JSON object, of a version that later versions of this package read.

It has what `Result.to_dict` and ``hopfield-opt solve --output`` have, so that ``hopfield-opt
verify`` checks it, and

=============================================  ==================================================
`format`, `version`                            "hopfield_opt.Result", 1
`reason`, `bound_by`, `notes`                  as the attributes, texts
`sweeps`, `num_spins`                          as the attributes, whole numbers
`trace`                                        of lists: `seconds`, `sweeps`, `energy`, `value`,
                                               `bound_seconds`, `bound`
`certificate`                                  base64 of `Certificate.to_bytes`, or null
`arrays`                                       only where they were asked for: by name `state`,
                                               `states`, `energies`, and ``assignment.NAME``,
                                               ``details.NAME``
=============================================  ==================================================

An array is ``{"dtype": "<i1", "shape": [2, 3], "zlib": base64 of its bytes, row by row}``. A number
that is none (nan) is null. What a later version adds stands under other names, or has a greater
version.
"""

import base64
import binascii
import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import fields
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import check_memory, check_truth
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.files import read_bytes, write_whole
from hopfield_opt.printing import as_json
from hopfield_opt.result.candidate import Candidate
from hopfield_opt.result.status import Status
from hopfield_opt.trace import Trace

if TYPE_CHECKING:
    from hopfield_opt.result.result import Result

FORMAT, VERSION = "hopfield_opt.Result", 1
_TEXTS = ("problem", "sense", "method", "reason", "bound_by")
_NUMBERS = ("seed", "sweeps", "num_variables", "num_spins", "feasibility_tolerance")
_TRACE = tuple(field.name for field in fields(Trace))
# what stands in a file that somebody has written or cut
_DAMAGE = (KeyError, TypeError, ValueError, AttributeError, RecursionError, binascii.Error)


class Saved:
    """The judge of a result that was read: nothing is left to judge other states by."""

    def __call__(self, state: NDArray[np.int8], energy: float) -> Candidate:
        """Refuse."""
        raise InputError(
            "result must be of a call of solve to judge its other states, got one from a file. "
            "Its own answer is result.best; for others solve again with result.seed."
        )

    def listed(self, answer: Any) -> Any:
        """Return the answer: it was listed before it was written."""
        return answer

    def code(self, candidate: Candidate) -> Any:
        """Return the variables of the answer."""
        return candidate.assignment


def save(self: "Result", path: str | PathLike[str], arrays: bool = False) -> None:
    """Write the result as JSON, wholly or not at all; `Result.load` reads it.

    Parameters
    ----------
    path : path-like
        The file.
    arrays : bool
        Whether the states of all replicas and the assignment are written as well.

    Raises
    ------
    InputError
        If the file cannot be written, or labels of the answer look alike.
    """
    found = {"format": FORMAT, "version": VERSION, **self.to_dict()}
    found |= {name: getattr(self, name) for name in (*_TEXTS, *_NUMBERS)}
    found |= {"notes": list(self.notes)}
    # what a `run` has recorded is not written
    trace = vars(self.trace) if isinstance(self.trace, Trace) else {}
    found["trace"] = {name: as_json(trace.get(name, [])) for name in _TRACE}
    packed = None if self.certificate is None else self.certificate.to_bytes()
    found["certificate"] = None if packed is None else base64.b64encode(packed).decode()
    if check_truth("arrays", arrays):
        found["arrays"] = {name: _pack(array) for name, array in _arrays_of(self).items()}
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    write_whole(path, lambda file: file.write(text.encode()))


def load(cls: "type[Result]", path: str | PathLike[str]) -> "Result":
    """Return a result that `save` wrote.

    Its answer is as JSON has it, with lists in the place of sets; with arrays, the user's own
    object is ``problem.decode(result.assignment)``. The certificate stays in the file.

    Parameters
    ----------
    path : path-like
        The file.

    Raises
    ------
    ReadError
        If it is none, or of a later version than this package knows.

    Examples
    --------
    >>> import hopfield_opt as ho, tempfile
    >>> result = ho.solve(ho.problems.MaxCut([(0, 1), (1, 2)]), seed=0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     result.save(f"{folder}/cut.json")
    ...     again = ho.Result.load(f"{folder}/cut.json")
    >>> again.value, again.answer, again.status.name
    (2.0, [[0, 2], [1]], 'OPTIMAL')
    """
    content = read_bytes(path)
    try:
        found = json.loads(content)
        if found["format"] != FORMAT:
            raise ValueError
        version = int(found["version"])
    except _DAMAGE:
        raise ReadError(path, None, "must be JSON that Result.save wrote, got another.") from None
    if version > VERSION:
        advice = f"must be of version {VERSION} or less, got {version}. Use a later hopfield_opt."
        raise ReadError(path, None, advice)
    try:
        return cls(**_fields(cls, found))
    except _DAMAGE as error:
        told = f"must be JSON that Result.save wrote, got a damaged one ({error!r})."
        raise ReadError(path, None, told) from None


def _fields(cls: "type[Result]", found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a result."""
    arrays = {name: _unpack(name, one) for name, one in found.get("arrays", {}).items()}
    energies = arrays.get("energies", np.empty(0))
    written = found.get("trace", {name: [] for name in _TRACE})
    trace: dict[str, Any] = {name: _number(written[name]) for name in _TRACE}
    trace["sweeps"] = trace["sweeps"].astype(np.int64)
    return {
        **{name: str(found[name]) for name in _TEXTS},
        **{name: found[name] for name in _NUMBERS},
        "status": Status[found["status"]],
        "best": _best(found, arrays),
        "bound": found["bound"],
        "states": arrays.get("states", np.empty((0, int(found["num_spins"])), np.int8)),
        "energies": energies,
        "trace": Trace(**trace),
        "seconds": {str(part): float(value) for part, value in found["seconds"].items()},
        "details": _named("details.", arrays),
        "notes": tuple(map(str, found["notes"])),
        "_judge": Saved(),
    }


def _best(found: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Candidate | None:
    if found["answer"] is None and found["value"] is None and not found["violations"]:
        return None
    energy = math.nan if found["energy"] is None else float(found["energy"])
    state = arrays.get("state", np.empty(0, np.int8))
    judged = (found["answer"], found["value"], dict(found["violations"]))
    return Candidate(state, energy, _named("assignment.", arrays), *judged)


def _number(values: list[float | None]) -> NDArray[np.float64]:
    return np.array([math.nan if one is None else one for one in values], dtype=np.float64)


def _named(prefix: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    own = (name for name in arrays if name.startswith(prefix))
    return {name.removeprefix(prefix): arrays[name] for name in own}


def _arrays_of(result: "Result") -> dict[str, NDArray[Any]]:
    found: dict[str, NDArray[Any]] = {"states": result.states, "energies": result.energies}
    found |= {f"details.{name}": np.asarray(one) for name, one in result.details.items()}
    if result.best is not None:
        own = result.best.assignment
        found["state"] = result.best.state
        found |= {f"assignment.{name}": np.asarray(one) for name, one in own.items()}
    return found


def _pack(array: NDArray[Any]) -> dict[str, Any]:
    """Return numbers as a JSON object."""
    own = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"))
    data = base64.b64encode(zlib.compress(own.tobytes())).decode()
    return {"dtype": own.dtype.str, "shape": list(array.shape), "zlib": data}


def _unpack(name: str, packed: Mapping[str, Any]) -> NDArray[Any]:
    """Return the numbers of a JSON object: as many as it says, and no more."""
    dtype, shape = np.dtype(packed["dtype"]), tuple(int(size) for size in packed["shape"])
    if dtype.kind not in "biuf" or min(shape, default=0) < 0:
        raise ValueError(f"{name} holds no numbers")
    size = math.prod(shape) * dtype.itemsize
    check_memory(name, size, "Save fewer replicas")
    stream = zlib.decompressobj()
    data = stream.decompress(base64.b64decode(packed["zlib"], validate=True), size + 1)
    if len(data) != size:
        raise ValueError(f"{name} has another size")
    return np.frombuffer(data, dtype).reshape(shape).copy()
