"""Hamiltonians on disk: an npz file of plain arrays, without pickle."""

import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from os import PathLike
from typing import Any, TypeVar

import numpy as np
from scipy.sparse import csr_array

from hopfield_opt.couplings import Coupling, Explicit, Factored, Kronecker
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.files import write_whole
from hopfield_opt.groups import AtMostOne, Cardinality, Group, Linear, OneHot, Permutation
from hopfield_opt.hamiltonian.transformations import Parts

Built = TypeVar("Built")

# written into each file; a change of the layout below raises it
_FORMAT = 1

# the arguments of each kind of term, which are also its fields
_TERMS: dict[type[Coupling], tuple[str, ...]] = {
    Explicit: ("matrix",),
    Factored: ("rows", "coefficients"),
    Kronecker: ("left", "right", "indices", "coefficient", "factors", "num_spins"),
}
_GROUPS: tuple[type[Group], ...] = (OneHot, AtMostOne, Cardinality, Linear, Permutation)


# what numpy and zipfile raise for bytes that are no npz file, or one cut off or altered, and
# what our own checks raise for arrays that make no sense
_DAMAGE = (
    OSError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    EOFError,
    MemoryError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)


def save(path: str | PathLike[str], parts: Parts) -> None:
    """Write the parts of a Hamiltonian to the file `path`."""
    arrays: dict[str, Any] = {
        "format": _FORMAT,
        "num_spins": parts.num_spins,
        "thresholds": parts.thresholds,
        "offset": parts.offset,
        "terms": np.array([type(term).__name__ for term in parts.weights], dtype=np.str_),
    }
    for k, term in enumerate(parts.weights):
        for name in _TERMS[type(term)]:
            arrays |= _packed(f"term{k}.{name}", getattr(term, name))
    arrays |= _packed_groups(parts.groups)
    # an open file, since numpy would append .npz to a name
    write_whole(path, lambda file: np.savez(file, **arrays))


def load(path: str | PathLike[str], build: Callable[[Parts], Built]) -> Built:
    """Return what `build` makes of the parts in a file that `save` wrote.

    Raises
    ------
    ReadError
        If there is no such file, or it is not of this kind, or `build` refuses its content.
    """
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as arrays:
            return build(_parts(arrays))
    except FileNotFoundError:
        raise ReadError(path, None, "no such file.") from None
    except _DAMAGE as error:
        text = f"must be a file that Hamiltonian.save wrote, got {error or type(error).__name__}"
        raise ReadError(path, None, f"{text.rstrip('.')}.") from None


def _parts(arrays: Mapping[str, Any]) -> Parts:
    if int(arrays["format"]) != _FORMAT:
        raise InputError(f"format {arrays['format']}, which only another version reads")
    return Parts(
        weights=tuple(_terms(arrays)),
        thresholds=arrays["thresholds"],
        offset=float(arrays["offset"]),
        groups=tuple(_unpacked_groups(arrays)),
        num_spins=int(arrays["num_spins"]),
    )


def _packed(name: str, value: Any) -> dict[str, Any]:
    """Return a field as arrays: a CSR matrix as its three and its shape."""
    if not isinstance(value, csr_array):
        return {name: value}
    return {
        f"{name}.data": value.data,
        f"{name}.indices": value.indices,
        f"{name}.indptr": value.indptr,
        f"{name}.shape": value.shape,
    }


def _unpacked(name: str, arrays: Mapping[str, Any]) -> Any:
    if name in arrays:
        return arrays[name][()]
    data, indices, indptr = (arrays[f"{name}.{part}"] for part in ("data", "indices", "indptr"))
    rows, columns = arrays[f"{name}.shape"].tolist()
    return csr_array((data, indices, indptr), shape=(rows, columns))


def _terms(arrays: Mapping[str, Any]) -> Iterator[Coupling]:
    kinds = {kind.__name__: kind for kind in _TERMS}
    for k, name in enumerate(arrays["terms"].tolist()):
        kind: Callable[..., Coupling] = kinds[name]
        yield kind(
            **{field: _unpacked(f"term{k}.{field}", arrays) for field in _TERMS[kinds[name]]}
        )


def _packed_groups(groups: Sequence[Group]) -> dict[str, Any]:
    """Return all groups as a few long arrays: there may be 10^5 of them."""
    empty = np.zeros(0)
    linear = [group.coefficients for group in groups if isinstance(group, Linear)]
    blocks = [group for group in groups if isinstance(group, Permutation)]
    ranges = [
        (group.lower, group.upper) if isinstance(group, Cardinality | Linear) else (0, 0)
        for group in groups
    ]
    members = [group.members for group in groups]
    return {
        "groups.kind": np.array([_GROUPS.index(type(group)) for group in groups], dtype=np.int8),
        "groups.size": np.array([len(group.members) for group in groups], dtype=np.int64),
        "groups.members": np.concatenate([empty.astype(np.int64), *members]),
        "groups.range": np.array(ranges, dtype=np.float64).reshape(len(groups), 2),
        "groups.coefficients": np.concatenate([empty, *linear]),
        "groups.allowed": np.concatenate(
            [empty.astype(np.bool_), *(block.allowed_places.ravel() for block in blocks)]
        ),
    }


def _unpacked_groups(arrays: Mapping[str, Any]) -> list[Group]:
    kinds, sizes = arrays["groups.kind"].tolist(), arrays["groups.size"].tolist()
    ranges = arrays["groups.range"].tolist()
    members = _Reader(arrays["groups.members"])
    coefficients = _Reader(arrays["groups.coefficients"])
    allowed = _Reader(arrays["groups.allowed"])
    groups: list[Group] = []
    for kind, size, (lower, upper) in zip(kinds, sizes, ranges, strict=True):
        own = members.take(size)
        if _GROUPS[kind] is Permutation:
            side = round(size**0.5)
            places = allowed.take(size).reshape(side, side)
            groups.append(Permutation(own.reshape(side, side), places))
        elif _GROUPS[kind] is Linear:
            groups.append(Linear(own, coefficients.take(size), lower, upper))
        elif _GROUPS[kind] is Cardinality:
            groups.append(Cardinality(own, int(lower), int(upper)))
        else:
            groups.append(OneHot(own) if _GROUPS[kind] is OneHot else AtMostOne(own))
    return groups


class _Reader:
    """Takes a long array piece by piece."""

    def __init__(self, array: Any) -> None:
        self.array, self.start = array, 0

    def take(self, size: int) -> Any:
        self.start += size
        return self.array[self.start - size : self.start]
