"""The Hamiltonian: couplings, thresholds, offset and groups; what both halves agree on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import is_
from os import PathLike
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from hopfield_opt.arrays import (
    FloatArray,
    Frozen,
    Matrix,
    blockwise,
    check_number,
    check_spins,
    check_vector,
)
from hopfield_opt.couplings import Coupling, Explicit, as_terms, check_size, gather_terms
from hopfield_opt.errors import InputError
from hopfield_opt.frames import in_order_of, square_frame
from hopfield_opt.groups import Group, check_groups
from hopfield_opt.hamiltonian import conversions, storage, transformations
from hopfield_opt.hamiltonian.transformations import Parts


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Hamiltonian(Frozen):
    """The energy ``E(s) = -1/2 s'Ws + thresholds.s + offset`` of spins s_i = -1 or +1.

    W is symmetric with a zero diagonal and is kept as a sum of terms. Objects are immutable:
    arrays are copied and read-only, and every method returns a new Hamiltonian.

    Parameters
    ----------
    weights : (N, N) array, sparse matrix, coupling term or sequence of terms, optional
        W, or terms that add up to it. A nonzero diagonal goes into the offset, with a warning.
    thresholds : (N,) array or float, optional
        Spin i feels ``sum_j W_ij s_j - thresholds_i``; 0 if None.
    offset : float, default 0
        A constant part of the energy.
    groups : sequence of groups, optional
        Constraints that the moves keep; they do not enter the energy. All but Linear ones
        are disjoint.
    num_spins : int, optional
        N; needed where neither weights nor thresholds tell it.

    Raises
    ------
    InputError
        If shapes do not fit, W is not symmetric, an entry is not finite, energies are no floats,
        or groups overlap.

    Examples
    --------
    >>> hamiltonian = Hamiltonian([[0, 1], [1, 0]], thresholds=[0.5, 0])
    >>> hamiltonian.energy([1, -1]), hamiltonian.flip_energy([1, -1])
    (1.5, array([-3., -2.]))
    >>> hamiltonian
    Hamiltonian(2 spins, Explicit(2 spins, 1 coupling, density 1, weights 1 to 1), \
thresholds 0 to 0.5)
    """

    couplings: tuple[Coupling, ...]
    thresholds: FloatArray
    offset: float
    groups: tuple[Group, ...]
    num_spins: int

    def __init__(
        self,
        weights: Any = None,
        thresholds: ArrayLike | None = None,
        offset: float = 0.0,
        groups: Sequence[Group] = (),
        *,
        num_spins: int | None = None,
    ) -> None:
        labels, square = square_frame("weights", weights)
        thresholds = in_order_of("thresholds", thresholds, labels)
        terms = as_terms(square)
        size = check_size(terms, thresholds, num_spins)
        couplings, constant = gather_terms(terms, size)
        self._set(
            couplings=couplings,
            thresholds=check_vector("thresholds", 0.0 if thresholds is None else thresholds, size),
            offset=check_number("offset", offset) + constant,
            groups=check_groups(groups, size),
            num_spins=size,
        )
        conversions.check_energies(self.couplings, self.thresholds, self.offset)

    @property
    def field(self) -> FloatArray:
        """The physicists' external field (N,), ``-thresholds``."""
        return 0.0 - self.thresholds

    @property
    def weights(self) -> Matrix:
        """W (N, N): the matrix itself if it came as one, else all terms expanded.

        The expansion is CSR or dense, whichever is smaller; SizeError above the memory limit.
        """
        if len(self.couplings) == 1 and isinstance(self.couplings[0], Explicit):
            return self.couplings[0].matrix
        is_sparse = conversions.sparse_bytes(self.couplings) <= 8 * self.num_spins**2
        return self.to_sparse() if is_sparse else self.to_dense()

    def to_dense(self) -> FloatArray:
        """Return W expanded as a new ndarray (N, N); SizeError above the memory limit."""
        return conversions.dense_sum(self.couplings, self.num_spins)

    def to_sparse(self) -> csr_array:
        """Return W expanded as a new CSR array (N, N); SizeError above the memory limit."""
        return conversions.sparse_sum(self.couplings, self.num_spins)

    def energy(self, states: ArrayLike) -> Any:
        """Return the energy of a state (N,) as a float, of states (R, N) as an array (R,)."""
        spins = check_spins("states", states, self.num_spins)
        rows = np.atleast_2d(spins)
        total = blockwise(lambda s: s @ self.thresholds, rows, self.num_spins) + self.offset
        for term in self.couplings:
            total += term.energy(rows)
        return float(total[0]) if spins.ndim == 1 else total

    def local_field(self, states: ArrayLike) -> FloatArray:
        """Return ``h = Ws - thresholds`` for a state (N,) or states (R, N), in their shape."""
        spins = check_spins("states", states, self.num_spins)
        rows = np.atleast_2d(spins)
        local = np.tile(0.0 - self.thresholds, (len(rows), 1))
        for term in self.couplings:
            local += term.local_field(rows)
        return local.reshape(spins.shape)

    def flip_energy(self, states: ArrayLike) -> FloatArray:
        """Return by how much a flip of spin k alone changes the energy, ``2 s_k h_k``, all k."""
        field = self.local_field(states)
        return np.asarray(2.0 * np.asarray(states) * field)

    def to_qubo(self) -> tuple[Matrix, float]:
        """Return (Q upper triangular, offset) with ``E = x'Qx + offset``, ``x = (1 + s) / 2``.

        ``Q_ij = -4 W_ij`` (i < j), ``Q_ii = 2 sum_j W_ij + 2 thresholds_i``; Q is dense or CSR
        as `weights`. InputError if there are groups: a constraint is never lost silently.
        """
        return conversions.to_qubo(*self._parts_without_groups("to_qubo"))

    @classmethod
    def from_qubo(cls, Q: Any, offset: float = 0.0, *, num_spins: int | None = None) -> Self:
        """Return the Hamiltonian of ``E = x'Qx + offset`` with ``x = (1 + s) / 2``.

        Parameters
        ----------
        Q : dict {(i, j): value}, array or sparse matrix
            Both triangles count, (i, j) and (j, i) are added up.
        offset : float, default 0
            A constant part of the energy.
        num_spins : int, optional
            The number of binaries; by default up to the highest in a dict.

        Examples
        --------
        >>> Hamiltonian.from_qubo({(0, 0): -1, (0, 1): 2}).energy([[1, -1], [1, 1]])
        array([-1.,  1.])
        """
        return cls(*conversions.from_qubo(Q, offset, num_spins))

    def to_ising(self) -> tuple[FloatArray, Matrix, float]:
        """Return (h, J upper triangular, offset), ``E = sum h s + sum J s s + offset``.

        ``h = thresholds``, ``J_ij = -W_ij`` (i < j), as in dimod; J is dense or CSR as
        `weights`. InputError if there are groups: a constraint is never lost silently.
        """
        return conversions.to_ising(*self._parts_without_groups("to_ising"))

    @classmethod
    def from_ising(
        cls, h: Any, J: Any, offset: float = 0.0, *, num_spins: int | None = None
    ) -> Self:
        """Return the Hamiltonian of ``E = sum h s + sum J s s + offset``.

        ``thresholds = h``, ``W = -(J + J')``.

        Parameters
        ----------
        h : dict {i: value} or (N,) array
            The linear part.
        J : dict {(i, j): value}, array or sparse matrix
            Both triangles count, (i, j) and (j, i) are added up.
        offset : float, default 0
            A constant part of the energy.
        num_spins : int, optional
            The number of spins; by default up to the highest that `h` or `J` speak of.
        """
        return cls(*conversions.from_ising(h, J, offset, num_spins))

    def _parts_without_groups(self, method: str) -> tuple[Matrix, FloatArray, float]:
        """Return weights, thresholds and all constants, which say everything without groups."""
        if self.groups:
            raise InputError(
                f"{method} must start from a Hamiltonian without groups, got {len(self.groups)}. "
                'Compile with structure="penalty" to turn groups into penalties.'
            )
        constant = sum(term.constant for term in self.couplings)
        return self.weights, self.thresholds, self.offset + constant

    @classmethod
    def _from(cls, parts: Parts) -> Self:
        return cls(**parts._asdict())

    @property
    def _parts(self) -> Parts:
        return Parts(self.couplings, self.thresholds, self.offset, self.groups, self.num_spins)

    def scaled(self, factor: float) -> Self:
        """Return the Hamiltonian with the energy ``factor * E``, factor > 0."""
        return self._from(transformations.scale(self._parts, factor))

    def gauge(self, signs: ArrayLike) -> Self:
        """Return the Hamiltonian with ``E'(s) = E(signs * s)`` for signs (N,) of -1 and +1.

        A group with flipped members becomes Linear ones that accept the same states.
        """
        return self._from(transformations.gauge(self._parts, signs))

    def relabelled(self, order: ArrayLike) -> Self:
        """Return the Hamiltonian whose spin k is this one's spin ``order[k]``.

        ``E'(s[order]) = E(s)``.
        """
        return self._from(transformations.relabel(self._parts, order))

    def fixed(self, spins: Mapping[int, int]) -> Self:
        """Return the Hamiltonian over the other spins, in their order, when some are fixed.

        The energies stay those of the whole state. Spins of a Permutation are not removed:
        they are pinned through its `allowed`, and the block stays whole.

        Examples
        --------
        >>> hamiltonian = Hamiltonian([[0, 1, 2], [1, 0, 3], [2, 3, 0]])
        >>> hamiltonian.energy([-1, 1, 1]), hamiltonian.fixed({0: -1}).energy([1, 1])
        (0.0, 0.0)
        """
        return self._from(transformations.fix(self._parts, spins))

    def contract(self, labels: ArrayLike) -> Self:
        """Return the Hamiltonian over clusters: ``E'(t) = E(t[labels])``.

        Groups with members that merge become weighted Linear ones. A Kronecker term in which
        spins merge is expanded, after the check of the memory limit.

        Parameters
        ----------
        labels : (N,) array of int
            The cluster 0 to K - 1 of each spin; each cluster has a spin.
        """
        return self._from(transformations.contract(self._parts, labels))

    def expanded(self, keep: tuple[type[Coupling], ...] = ()) -> Self:
        """Return the Hamiltonian with explicit couplings, but for kinds to `keep` as they came.

        It is this one itself where nothing is to be expanded; SizeError above the memory limit.
        """
        terms = tuple(t if isinstance(t, keep) else t.expanded() for t in self.couplings)
        # an explicit term expands to itself
        unchanged = all(map(is_, terms, self.couplings))
        return self if unchanged else self._from(self._parts._replace(weights=terms))

    def save(self, path: str | PathLike[str]) -> None:
        """Write all terms, thresholds, offset and groups to an npz file, without pickle."""
        storage.save(path, self._parts)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Self:
        """Return the Hamiltonian that `save` wrote; ReadError for any other file."""
        return storage.load(path, cls._from)

    def __repr__(self) -> str:
        parts = [f"{self.num_spins} spins", *map(repr, self.couplings)]
        if self.thresholds.any():
            parts.append(f"thresholds {self.thresholds.min():.6g} to {self.thresholds.max():.6g}")
        if self.offset:
            parts.append(f"offset {self.offset:.6g}")
        if self.groups:
            kinds = Counter(type(group).__name__ for group in self.groups)
            parts.append("groups " + " + ".join(f"{k} {kind}" for kind, k in kinds.items()))
        return f"Hamiltonian({', '.join(parts)})"
