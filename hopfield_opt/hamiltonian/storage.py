"""Hamiltonians on disk: an npz file of plain arrays, without pickle."""

import math
from collections.abc import Callable, Iterator, Sequence
from os import PathLike
from typing import Any, TypeVar

import numpy as np
from scipy.sparse import csr_array

from hopfield_opt import arrays as limits
from hopfield_opt.couplings.base import Coupling, find_kind
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.files import check_path, read_bytes, write_whole
from hopfield_opt.groups import AtMostOne, Cardinality, Group, Linear, OneHot, Permutation
from hopfield_opt.hamiltonian import archive
from hopfield_opt.hamiltonian.archive import Archive
from hopfield_opt.hamiltonian.transformations import Parts

Built = TypeVar("Built")

# written into each file; a change of the layout below raises it
_FORMAT = 1

_GROUPS: tuple[type[Group], ...] = (OneHot, AtMostOne, Cardinality, Linear, Permutation)


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
        for name in term.arguments:
            arrays |= _pack(f"term{k}.{name}", getattr(term, name))
    arrays |= _pack_groups(parts.groups)
    content = archive.pack_content(arrays)
    # an open file, since numpy would append .npz to a name
    write_whole(path, lambda file: np.savez(file, **content))


def load(path: str | PathLike[str], build: Callable[[Parts], Built]) -> Built:
    """Return what `build` makes of the parts in a file that `save` wrote.

    Raises
    ------
    ReadError
        If there is no such file, or it is not of this kind, or `build` refuses its content.
    """
    check_path(path)
    try:
        return build(_parts(Archive(read_bytes(path, limits.MEMORY_LIMIT))))
    except archive.DAMAGE as error:
        if isinstance(error.__cause__, FileNotFoundError):
            raise ReadError(path, None, "no such file.") from None
        found = str(error) if isinstance(error, InputError) else f"a damaged one ({error})"
        text = f"must be a file that Hamiltonian.save wrote, got {' '.join(found.split())}"
        raise ReadError(path, None, f"{text.rstrip('.')}.") from None


def _parts(arrays: Archive) -> Parts:
    if (version := arrays.whole("format")) != _FORMAT:
        raise InputError(f"format {version}, which only another version reads")
    num_spins, thresholds = arrays.whole("num_spins"), arrays.array("thresholds", "f", 1)
    if len(thresholds) != num_spins:
        raise InputError(f"{len(thresholds)} thresholds for {num_spins} spins")
    return Parts(
        weights=tuple(_terms(arrays)),
        thresholds=thresholds,
        offset=float(arrays.array("offset", "f", 0)),
        groups=tuple(_unpack_groups(arrays)),
        num_spins=num_spins,
    )


def _pack(name: str, value: Any) -> dict[str, Any]:
    """Return a field as arrays: a CSR matrix as its three and its shape."""
    if not isinstance(value, csr_array):
        return {name: value}
    return {
        f"{name}.data": value.data,
        f"{name}.indices": value.indices,
        f"{name}.indptr": value.indptr,
        f"{name}.shape": value.shape,
    }


def _unpack(name: str, kinds: str, ndim: int, arrays: Archive) -> Any:
    if name in arrays or ndim != 2:
        return arrays.array(name, kinds, ndim)
    data = arrays.array(f"{name}.data", kinds, 1)
    indices, indptr = (arrays.array(f"{name}.{part}", "i", 1) for part in ("indices", "indptr"))
    shape = arrays.array(f"{name}.shape", "i", 1)
    if shape.shape != (2,) or (shape < 0).any() or len(indptr) != shape[0] + 1:
        raise InputError(f"a shape of {name} that does not fit")
    return csr_array((data, indices, indptr), shape=tuple(shape.tolist()))


def _terms(arrays: Archive) -> Iterator[Coupling]:
    for k, name in enumerate(arrays.array("terms", "U", 1).tolist()):
        kind = find_kind(name)
        build: Callable[..., Coupling] = kind
        fields = kind.arguments.items()
        yield build(
            **{field: _unpack(f"term{k}.{field}", *wanted, arrays) for field, wanted in fields}
        )


def _pack_groups(groups: Sequence[Group]) -> dict[str, Any]:
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


def _unpack_groups(arrays: Archive) -> list[Group]:
    kinds, sizes = (arrays.array(f"groups.{name}", "i", 1) for name in ("kind", "size"))
    ranges = arrays.array("groups.range", "f", 2)
    if not len(kinds) == len(sizes) == len(ranges) or (len(ranges) and ranges.shape[1] != 2):
        raise InputError(f"{len(kinds)} kinds, {len(sizes)} sizes and {len(ranges)} ranges")
    if ((kinds < 0) | (kinds >= len(_GROUPS)) | (sizes < 0)).any():
        raise InputError("a group of an unknown kind, or of a size below 0")
    members = _Reader("members", arrays.array("groups.members", "i", 1))
    coefficients = _Reader("coefficients", arrays.array("groups.coefficients", "f", 1))
    allowed = _Reader("allowed places", arrays.array("groups.allowed", "b", 1))
    groups = [
        _group(_GROUPS[kind], members.take(size), lower, upper, coefficients, allowed)
        for kind, size, (lower, upper) in zip(
            kinds.tolist(), sizes.tolist(), ranges.tolist(), strict=True
        )
    ]
    for reader in (members, coefficients, allowed):
        reader.end()
    return groups


def _group(
    kind: type[Group],
    members: Any,
    lower: float,
    upper: float,
    coefficients: "_Reader",
    allowed: "_Reader",
) -> Group:
    """Return one group, with what belongs to it from the long arrays."""
    if kind is Permutation:
        side = math.isqrt(len(members))
        if side * side != len(members):
            raise InputError(f"a permutation of {len(members)} spins")
        places = allowed.take(len(members)).reshape(side, side)
        return Permutation(members.reshape(side, side), places)
    if kind is Linear:
        return Linear(members, coefficients.take(len(members)), lower, upper)
    if kind is Cardinality:
        if not (lower.is_integer() and upper.is_integer()):
            raise InputError(f"a count from {lower:g} to {upper:g}")
        return Cardinality(members, int(lower), int(upper))
    return OneHot(members) if kind is OneHot else AtMostOne(members)


class _Reader:
    """Takes a long array piece by piece."""

    def __init__(self, name: str, array: Any) -> None:
        self.name, self.array, self.start = name, array, 0

    def take(self, size: int) -> Any:
        self.start += size
        if self.start > len(self.array):
            raise InputError(f"too few {self.name} of groups")
        return self.array[self.start - size : self.start]

    def end(self) -> None:
        if self.start < len(self.array):
            raise InputError(f"too many {self.name} of groups")
