"""A bound as data: what it is a bound of, and a proof that anybody can check."""

import hashlib
import io
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from os import PathLike
from typing import Any, Literal, Self, cast

import numpy as np

from hopfield_opt import arrays as limits
from hopfield_opt.bounds.instance import Bounded, instance_of
from hopfield_opt.bounds.polynomials import Number
from hopfield_opt.bounds.proofs import BY, PROOFS, Kind, prove
from hopfield_opt.errors import InputError, ReadError, SizeError, show
from hopfield_opt.exactness import FEASIBILITY_TOLERANCE, check_tolerance
from hopfield_opt.files import check_path, read_bytes, write_whole
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.hamiltonian.archive import DAMAGE, Archive
from hopfield_opt.model import Model

VERSION = 1
_TEXTS = ("kind", "sense", "digest", "formula")
_NUMBERS = ("bound", "rounding", "tolerance")
_SEAL = 64  # hexadecimal digits of sha256


@dataclass(frozen=True, eq=False, repr=False)
class Certificate:
    """A proven bound on all values of a problem, a model or a network.

    Attributes
    ----------
    bound : float
        No feasible answer has a better value, up to the rounding of values.
    sense : {"minimize", "maximize"}
        The user's sense: the bound is a lower one of what is minimised.
    kind : str
        What proves it: one of `hopfield_opt.bounds.proofs.BY`.
    rounding : float
        By how much a value in floating point may be off; 0 where none is rounded.
    tolerance : float
        The part of its terms by which a constraint with decimals may be missed.
    digest : str
        A hash of the instance, in exact numbers.
    formula : str
        The instance as it is printed.
    proof : dict of str to array
        Multipliers of the rows of a linear program or of cities, a flow, or a diagonal.

    Examples
    --------
    >>> m = Model()
    >>> x = m.binary(3, name="x")
    >>> m.maximize((x * [3, 4, 5]).sum())
    >>> m.add((x * [2, 3, 4]).sum() <= 6)
    >>> from hopfield_opt.bounds import bound
    >>> found = bound(m)
    >>> found
    Certificate(at most 8, by a linear program)
    >>> found.verify(m)
    8.0
    """

    bound: float
    sense: Literal["minimize", "maximize"]
    kind: Kind
    rounding: float
    tolerance: float
    digest: str
    formula: str
    proof: Mapping[str, Any]

    @classmethod
    def of(
        cls, instance: Bounded, tolerance: float, kind: Kind, proof: Mapping[str, Any]
    ) -> "Certificate":
        """Return the certificate of what a proof proves of an instance."""
        grid = instance.grid
        least = grid.above(prove(instance, kind, proof))
        value = outwards(instance.sign * least, -instance.sign)
        return cls(
            bound=value,
            sense=instance.sense,
            kind=kind,
            rounding=outwards(grid.rounding + grid.off, 1),
            tolerance=tolerance,
            digest=instance.digest,
            formula=instance.formula,
            proof=dict(proof),
        )

    def verify(self, subject: Any) -> float:
        """Return the bound after everything was reckoned anew, in exact arithmetic.

        Parameters
        ----------
        subject : Problem, Model, Compiled or Hamiltonian
            What it is to be a bound of.

        Raises
        ------
        InputError
            If this is of another instance, or proves something else.
        """
        found = read_subject(subject)
        if found is None:
            raise InputError(
                f"problem must have a model whose objective is its value, got {show(subject)}. "
                "A bound on another one proves nothing of it."
            )
        # more is allowed, and less proven, where rules may be missed by more
        tolerance = max(check_tolerance(self.tolerance), tolerance_of(subject))
        instance = in_exact_numbers(found, tolerance)
        if (self.digest, self.formula) != (instance.digest, instance.formula):
            looser = tolerance > self.tolerance
            other = f"one with tolerance {tolerance:g}" if looser else f"another ({show(subject)})"
            raise InputError(
                f"problem must be the one that was certified, got {other}. The certificate is of: "
                f"{self.formula.partition(chr(10))[0]}, with tolerance {self.tolerance:g}."
            )
        again = Certificate.of(instance, self.tolerance, self.kind, self.proof)
        for name in ("bound", "sense", "rounding"):
            if getattr(again, name) != getattr(self, name):
                raise InputError(
                    f"{name} must be {getattr(again, name)}, which is proven, got "
                    f"{getattr(self, name)}. The certificate is damaged."
                )
        return self.bound

    def agrees(self, value: float) -> bool:
        """Whether a value is as good as the bound allows, up to rounding: it is the optimum."""
        return abs(value - self.bound) <= self.rounding

    def allows(self, value: float) -> bool:
        """Whether a value is on the right side of the bound, up to rounding."""
        beyond = self.bound - value if self.sense == "minimize" else value - self.bound
        return beyond <= self.rounding

    def is_tighter(self, other: "Certificate") -> bool:
        """Whether the bound is better than another one's."""
        return self.bound > other.bound if self.sense == "minimize" else self.bound < other.bound

    def save(self, path: str | PathLike[str]) -> None:
        """Write an npz file, without pickles; its comment is a hash of all that stands before."""
        content = self.to_bytes()
        write_whole(path, lambda file: file.write(content))

    def to_bytes(self) -> bytes:
        """Return what `save` writes."""
        data = io.BytesIO()
        fields = {name: np.array(getattr(self, name)) for name in (*_TEXTS, *_NUMBERS)}
        fields |= {"version": np.array(VERSION)}
        fields |= {f"proof.{name}": np.asarray(value) for name, value in self.proof.items()}
        with zipfile.ZipFile(data, "w") as file:
            for name, value in fields.items():
                entry = zipfile.ZipInfo(f"{name}.npy")
                with file.open(entry, "w") as out:
                    np.lib.format.write_array(cast(Any, out), value, allow_pickle=False)
            file.comment = bytes(_SEAL)
        content = data.getvalue()[:-_SEAL]
        seal = hashlib.sha256(content).hexdigest().encode()
        return content + seal

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Self:
        """Return the certificate of a file that `save` wrote.

        Raises
        ------
        ReadError
            If it is none, or if a bit of it was changed.
        """
        check_path(path)
        try:
            return cls.of_bytes(read_bytes(path, limits.MEMORY_LIMIT))
        except InputError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise ReadError(path, None, "no such file.") from None
            text = f"must be a file that Certificate.save wrote, got {str(error).rstrip('.')}."
            raise ReadError(path, None, text) from None

    @classmethod
    def of_bytes(cls, data: bytes) -> Self:
        """Return the certificate of what `to_bytes` gave.

        Raises
        ------
        InputError
            If it is none, or if a bit of it was changed.
        """
        try:
            return cls._parse(data)
        except DAMAGE as error:
            found = " ".join(str(error).split()).rstrip(".")
            raise InputError(found or "another one") from None

    @classmethod
    def _parse(cls, data: bytes) -> Self:
        content, seal = data[:-_SEAL], data[-_SEAL:]
        if hashlib.sha256(content).hexdigest().encode() != seal:
            raise InputError("something else, or a file that was changed or cut off")
        archive = Archive(data)

        def read(name: str, kinds: str, axes: int) -> Any:
            array = archive.array(name, kinds, axes)
            if kinds == "f" and not np.isfinite(array).all():
                raise InputError(f"{name} that is not finite")
            return array

        if (version := int(read("version", "i", 0))) != VERSION:
            raise InputError(f"version {version}, which only another version reads")
        texts = {name: str(read(name, "U", 0)) for name in _TEXTS}
        numbers = {name: float(read(name, "f", 0)) for name in _NUMBERS}
        check_tolerance(numbers["tolerance"])
        if (wanted := PROOFS.get(texts["kind"])) is None:
            raise InputError(f"a proof of the kind {show(texts['kind'])}")
        proof = {name: read(f"proof.{name}", *kind) for name, kind in wanted.items()}
        fields: Any = texts | numbers
        return cls(**fields, proof=proof)

    @property
    def by(self) -> str:
        """What proves it, in words."""
        return BY[self.kind]

    def __repr__(self) -> str:
        side = "at least" if self.sense == "minimize" else "at most"
        return f"Certificate({side} {self.bound:.10g}, by {self.by})"


def outwards(exact: Number, side: int) -> float:
    """Return the float next to a number: not below it if `side` is 1, not above if it is -1."""
    if max(exact, -exact) > sys.float_info.max:
        raise SizeError("bound must be a number of float64, got one beyond. Take a smaller unit.")
    near = float(exact)
    if side * (Fraction(near) - exact) < 0:
        near = float(np.nextafter(near, side * np.inf))
    return near


def tolerance_of(subject: Any) -> float:
    """Return the part of its terms by which a rule of a subject may be missed."""
    own = getattr(subject, "front", subject)  # a problem's own, or that of what was compiled
    return float(getattr(own, "feasibility_tolerance", FEASIBILITY_TOLERANCE))


def in_exact_numbers(subject: Model | Hamiltonian | Bounded, tolerance: float) -> Bounded:
    """Return what certificates are made of: a model or a network is read, the rest is as it is."""
    if isinstance(subject, (Model, Hamiltonian)):
        return instance_of(subject, tolerance)
    return subject


def read_subject(subject: Any) -> Model | Hamiltonian | Bounded | None:
    """Return that on which a bound is one on the value: the data, a model or a network, or None.

    Raises
    ------
    InputError
        If it is neither a Problem nor a Model nor a Hamiltonian, nor compiled from one.
    """
    own = getattr(subject, "front", subject)  # what it was compiled from
    if isinstance(own, (Model, Hamiltonian)):
        return own
    network = getattr(own, "hamiltonian", None)
    if isinstance(network, Hamiltonian):
        return network
    if isinstance(own, type) or not (hasattr(own, "evaluate") and hasattr(own, "sense")):
        raise InputError(
            f"problem must be a Problem, a Model or a Hamiltonian, got {show(subject)}. "
            "What is bounded has a value."
        )
    if not getattr(own, "bounded_by_model", False):
        return None
    if hasattr(own, "bounded_data") and (data := own.bounded_data()) is not None:
        return cast(Bounded, data)
    found: Model | Hamiltonian = own.model() if hasattr(own, "model") else own.hamiltonian()
    return found
