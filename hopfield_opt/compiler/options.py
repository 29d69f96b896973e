"""How something is compiled: the options of one call, checked, and carried by what comes of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from hopfield_opt.arrays import check_truth
from hopfield_opt.border import as_float, as_list
from hopfield_opt.compiler.structure import ALL_KINDS, WAYS, Keepable
from hopfield_opt.errors import InputError, check_choice, show
from hopfield_opt.exactness import FEASIBILITY_TOLERANCE, check_tolerance
from hopfield_opt.model.variable import ENCODINGS

STRUCTURES = ("auto", *WAYS)
PRESOLVES = ("safe", "off")
PENALTIES = ("exact", "adaptive")
# what the method brings along, and nobody asks for
METHOD = ("keeps", "keeps_overlaps", "keeps_all_rows")


@dataclass(frozen=True)
class CompileOptions:
    """The options of `compile`, which tells what they mean.

    Attributes
    ----------
    structure : "auto", "all", "counts", "disjoint" or "penalty"
        Which constraints become groups that the moves keep.
    penalty : "exact", "adaptive" or float
        How penalties are weighed.
    presolve : "safe" or "off"
        Whether neurons whose best value is certain are left out.
    encoding : str or dict of str to str, optional
        How integers become bits.
    keeps : iterable of group classes
        What the method keeps.
    keeps_overlaps : bool
        Whether the method keeps equalities that overlap, too.
    keeps_all_rows : bool
        Whether it keeps any other linear constraint as well.
    feasibility_tolerance : float
        By how much constraints with decimals may be missed.

    Raises
    ------
    InputError
        If one of them is none of these.
    """

    structure: str = "auto"
    penalty: str | float = "exact"
    presolve: str = "safe"
    encoding: str | Mapping[str, str] | None = None
    keeps: Iterable[type] = ALL_KINDS
    keeps_overlaps: bool = True
    keeps_all_rows: bool = False
    feasibility_tolerance: float = FEASIBILITY_TOLERANCE

    def __post_init__(self) -> None:
        check_choice("structure", self.structure, STRUCTURES)
        check_choice("presolve", self.presolve, PRESOLVES)
        _check_penalty(self.penalty)
        if isinstance(self.encoding, Mapping):
            object.__setattr__(self, "encoding", dict(self.encoding))
        names = self.encoding.values() if isinstance(self.encoding, Mapping) else [self.encoding]
        for name in names:
            if name is not None:
                check_choice("encoding", name, ENCODINGS)
        object.__setattr__(self, "keeps", _check_kinds(self.keeps))
        check_truth("keeps_overlaps", self.keeps_overlaps)
        check_truth("keeps_all_rows", self.keeps_all_rows)
        tolerance = check_tolerance(self.feasibility_tolerance)
        object.__setattr__(self, "feasibility_tolerance", tolerance)

    @property
    def kinds(self) -> frozenset[type]:
        """The kinds of groups that constraints may become."""
        return frozenset() if self.structure == "penalty" else frozenset(self.keeps)

    @property
    def keepable(self) -> Keepable:
        """What may be kept."""
        return Keepable(self.kinds, self.keeps_overlaps, self.keeps_all_rows)

    def check_agrees(self, asked: "CompileOptions") -> None:
        """Raise InputError if a compiled network is asked for with options that it has not.

        Those that were left out, and what the method keeps, ask for nothing.
        """
        for field in fields(self):
            own, other = getattr(self, field.name), getattr(asked, field.name)
            if field.name not in METHOD and other not in (field.default, own):
                raise InputError(
                    f"{field.name} must be left out for a compiled network, or {own!r} as it was "
                    f"compiled with, got {show(other)}. Compile it with {field.name}={other!r}."
                )


def _check_kinds(keeps: Any) -> frozenset[type]:
    kinds = as_list(keeps)
    if kinds is None or not all(isinstance(kind, type) for kind in kinds):
        raise InputError(
            f"keeps must be a collection of classes of groups, got {show(keeps)}. "
            "Take those of a method: method.keeps."
        )
    return frozenset(kinds)


def _check_penalty(penalty: Any) -> None:
    if isinstance(penalty, str):
        check_choice("penalty", penalty, PENALTIES)
    weight = None if isinstance(penalty, (bool, np.bool_)) else as_float(penalty)
    if not isinstance(penalty, str) and not (weight and 0 < weight < float("inf")):
        raise InputError(
            f"penalty must be 'exact', 'adaptive' or a finite number > 0, got {show(penalty)}. "
            "Use 'exact' for proven weights."
        )
