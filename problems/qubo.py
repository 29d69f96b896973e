"""Quadratic unconstrained binary optimisation: the least or largest value of a quadratic form."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, Self, get_args

import numpy as np
from scipy.sparse import csr_array

from hopfield_opt import rng
from hopfield_opt.arrays import (
    FloatArray,
    Frozen,
    Matrix,
    check_integer,
    check_number,
    check_truth,
    dense,
    num_stored,
)
from hopfield_opt.baselines import qubos
from hopfield_opt.errors import InputError, check_choice
from hopfield_opt.io import find_format
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Assignment, Baseline, Evaluation, Sense
from hopfield_opt.problems.parts.quadratic_data import (
    ising_form,
    over_binaries,
    qubo_form,
    read_answer,
    split_offset,
    symmetric,
)
from hopfield_opt.problems.parts.random_graphs import random_graph

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# what the files of a format are meant for
SENSES: dict[str, Sense] = {"bqp": "maximize", "biq-mac": "minimize"}


@dataclass(frozen=True, init=False, eq=False)
class Qubo(Frozen):
    """Find the binaries with the least, or the largest, value of a quadratic form.

    ``minimize x'Qx + offset = sum over all entries of Q_ij x_i x_j + offset`` for x_i in {0, 1}.
    Q is taken as it comes, upper triangular, symmetric or neither: Q_ij and Q_ji are added up,
    so that a symmetric matrix counts each pair twice, and a diagonal entry is the weight of one
    variable. With ``ising=True`` it is ``h.s + s'Js + offset`` for spins s_i in {-1, +1}.

    The answer of a matrix is an array of 0 and 1 (spins: -1 and +1), that of a dict is a dict
    from its labels, in order of appearance, to these; the variables of a file are 1, 2, ....

    Parameters
    ----------
    Q : dict of (i, j) to number, (n, n) array or sparse matrix, (Q, offset), (h, J), or BQM
        The form, with its constant or not; for spins a pair: a dict of labels or a vector, a dict
        of pairs or a matrix; (h, J, offset), too. A model of dimod brings its variables along.
    sense : {"minimize", "maximize"}
        What is wanted.
    ising : bool
        Whether the variables are spins.
    offset : float
        A constant.

    Raises
    ------
    InputError
        If Q is not square, a key is no pair, or a number is not finite.

    Notes
    -----
    With x = (1 + s) / 2 and P = Q + Q' the network has ``W = -P/4`` off the diagonal.

    References
    ----------
    P. L. Hammer, S. Rudeanu, "Boolean Methods in Operations Research and Related Areas",
    Springer (1968), chapter VI.

    Examples
    --------
    >>> problem = Qubo({("a", "a"): -1, ("a", "b"): 3, ("b", "b"): -2})
    >>> problem.evaluate({"a": 0, "b": 1}).value
    -2.0
    >>> Qubo(([0.5, 0], [[0, 1], [0, 0]]), ising=True).evaluate([-1, 1]).value
    -1.5
    """

    name: ClassVar[str] = "qubo"
    formats: ClassVar[tuple[str, ...]] = ("bqp", "biq-mac")
    bounded_by_model: ClassVar[bool] = True

    matrix: Matrix
    linear: FloatArray
    labels: tuple[Hashable, ...] | None
    ising: bool
    offset: float
    sense: Sense = "minimize"

    def __init__(
        self, Q: Any, sense: Sense = "minimize", ising: bool = False, offset: float = 0.0
    ) -> None:
        check_choice("sense", sense, get_args(Sense))
        Q, ising, own = split_offset(Q, check_truth("ising", ising))
        labels, linear, matrix = ising_form(Q) if ising else qubo_form(Q)
        self._set(matrix=matrix, linear=linear, labels=labels, ising=ising, sense=sense)
        self._set(offset=check_number("offset", offset) + own)

    @classmethod
    def read(
        cls,
        path: str | PathLike[str],
        format: str | None = None,
        index: int = 1,
        sense: str | None = None,
    ) -> Self:
        """Return a problem of a file, whose variables are called 1, 2, ... as there.

        Parameters
        ----------
        path : path-like
            The file, which may be packed (`.gz`).
        format : {"bqp", "biq-mac"} or None
            The format of the OR-Library or of Biq Mac. None takes it from the suffix (`.sparse`
            is Biq Mac), and the first where the suffix says nothing.
        index : int
            Which instance of the file, from 1 on.
        sense : {"minimize", "maximize"} or None
            None takes what the format is meant for: bqp is maximised, Biq Mac minimised.

        Raises
        ------
        InputError
            If there is no such file, format or instance, or (ReadError, naming the line) the file
            is not of this format.
        """
        found = find_format(path, format, cls.formats)
        matrices = found.read(path)
        if check_integer("index", index, lowest=1) > len(matrices):
            raise InputError(f"index must be from 1 to {len(matrices)}, got {index} at {path}.")
        wanted: Any = SENSES[found.name] if sense is None else sense
        problem = cls(matrices[index - 1], wanted)
        return problem._replace_fields(labels=tuple(range(1, problem.num_variables + 1)))

    def write(self, path: str | PathLike[str], format: str | None = None) -> None:
        """Write the form to a file; labels are not kept.

        With no `format` it is that of the suffix, else the one that is meant for the sense.

        Raises
        ------
        InputError
            If the format cannot hold the problem, or the file cannot be written.
        """
        usual = sorted(self.formats, key=lambda name: SENSES[name] != self.sense)
        found = find_format(path, format, usual)
        if self.ising or self.offset:
            held = "spins" if self.ising else f"offset {self.offset:g}"
            raise InputError(f"problem must be of binaries without offset for a file, got {held}.")
        if SENSES[found.name] != self.sense:
            raise InputError(
                f"format must be meant for {self.sense}, got {found.name!r}. Use {usual[0]!r}."
            )
        found.write([symmetric(self.matrix)], path)

    @classmethod
    def random(
        cls, n: int, p: float = 0.1, sense: Sense = "minimize", seed: int | None = None
    ) -> Self:
        """Return a form with random whole coefficients from -100 to 100, as Beasley's.

        Parameters
        ----------
        n : int
            The number of variables.
        p : float
            The probability of each pair; each variable has a weight of its own.
        sense : {"minimize", "maximize"}
            What is wanted.
        seed : int or None
            The same seed gives the same form.

        References
        ----------
        J. E. Beasley, "Heuristic algorithms for the unconstrained binary quadratic programming
        problem", technical report, Imperial College (1998), section 4.
        """
        seed = rng.check_seed(seed)
        graph = random_graph(n, p, "ones", seed)
        draws = rng.generator(seed, 1)
        own = np.arange(n)
        places = np.concatenate([graph.heads, own]), np.concatenate([graph.tails, own])
        values = draws.integers(-100, 101, size=len(places[0])).astype(np.float64)
        upper = csr_array((values, places), shape=(n, n))
        return cls((upper + upper.T) / 2, sense)

    @property
    def _name(self) -> str:
        return "s" if self.ising else "x"

    @property
    def num_variables(self) -> int:
        """The number of variables."""
        return len(self.linear)

    def model(self) -> Model:
        """Return the form over one variable for each label: binaries `x` or spins `s`."""
        model = Model()
        x = (model.spin if self.ising else model.binary)(self.num_variables, name=self._name)
        cost = x @ (self.matrix @ x) + (self.linear * x).sum() + self.offset
        (model.minimize if self.sense == "minimize" else model.maximize)(cost)
        return model

    def encode(self, answer: Any) -> Assignment:
        """Return the variables of an answer.

        Raises
        ------
        InputError
            If a variable has no value, or another than the two.
        """
        values, violations = read_answer(answer, self.labels, self.domain, self.num_variables)
        if violations:
            wanted = " or ".join(map(str, self.domain))
            found = next(iter(violations))
            raise InputError(f"answer must give each variable {wanted}, got {found}.")
        return {self._name: values.astype(np.int8)}

    def first_answer(self) -> Any:
        """Return all values as low as they are."""
        return self.decode({self._name: np.full(self.num_variables, self.domain[0])})

    def decode(self, assignment: Assignment) -> Any:
        """Return the values by label, or as an array where the problem came as a matrix."""
        values = np.asarray(assignment[self._name])
        if self.labels is None:
            return values.astype(np.int8)
        return dict(zip(self.labels, values.tolist(), strict=True))

    def evaluate(self, answer: Any) -> Evaluation:
        """Return the value of the form.

        Parameters
        ----------
        answer : dict of labels to values, or (n,) array
            0 and 1, or -1 and +1 for spins. What has no such value counts as 0.

        Raises
        ------
        InputError
            If `answer` is neither a dict nor one number for each variable.

        Examples
        --------
        >>> Qubo({("a", "b"): 1}).evaluate({"a": 2, "c": 1})
        Evaluation(value=0.0, violations={"not 0 or 1: 'a'": 1.0, "no value: 'b'": 1.0, \
"unknown: 'c'": 1.0})
        """
        x, violations = read_answer(answer, self.labels, self.domain, self.num_variables)
        value = float(x @ (self.matrix @ x) + self.linear @ x) + self.offset
        return Evaluation(value, violations)

    @property
    def domain(self) -> tuple[int, int]:
        """The two values of a variable."""
        return (-1, 1) if self.ising else (0, 1)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return what finds the optimum of small forms: enumeration, and HiGHS of sparse ones."""
        found = []
        if self.num_variables <= qubos.MAX_VARIABLES_EXACT:
            run = partial(self._solve, qubos.enumeration)
            found.append(Baseline("enumeration", run, exact=True))
        if num_stored(self.matrix) <= qubos.MAX_ENTRIES:
            run = partial(self._solve, qubos.integer_program)
            found.append(Baseline("HiGHS", run, exact=True))
        return tuple(found)

    def _as_cost(self) -> tuple[Matrix, FloatArray]:
        """Return Q and c of the form over binaries whose least value is wanted."""
        sign = 1.0 if self.sense == "minimize" else -1.0
        matrix, linear = sign * self.matrix, sign * self.linear
        return over_binaries(matrix, linear) if self.ising else (matrix, linear)

    def _solve(self, algorithm: Callable[..., Any], seed: int, deadline: float | None) -> Any:
        """Return the answer of an algorithm that minimises a form over binaries."""
        binaries = algorithm(*self._as_cost(), seed, deadline)
        return self.decode({self._name: np.where(binaries > 0, *self.domain[::-1])})

    def plot(self, answer: Any, ax: "Axes | None" = None) -> "Axes":
        """Draw the matrix with the variables that are 1 first; `ax` None makes a new figure."""
        from hopfield_opt.plot.forms import form

        evaluation = self.evaluate(answer)
        values, _ = read_answer(answer, self.labels, self.domain, self.num_variables)
        square = dense(self.matrix) + np.diag(self.linear)
        return form((square + square.T) / 2, values > 0, evaluation.value, ax)
