"""Pattern memory: recall the stored pattern that a cue is nearest to."""

from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import learning, rng
from hopfield_opt.arrays import Frozen, check_integer, check_memory, check_number
from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.io import find_format
from hopfield_opt.learning.rules import check_rule, warn_of_load
from hopfield_opt.physics.labels import NOT_CONVERGED, attractor_labels, mixture
from hopfield_opt.problems.base import Assignment, Baseline, Evaluation, Sense

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# An end that has a name ranks before a state that is none: the least violated is the answer.
NO_END = 2.0


@dataclass(frozen=True, init=False, eq=False)
class PatternMemory(Frozen):
    """Find the stored pattern with the largest overlap with a cue.

    ``maximize m_k = (1/N) sum_i xi_i^k cue_i`` over the patterns k: the network recalls from the
    cue, and the answer is the label of the state in which it ends, "memory 2". An anti-memory
    names its pattern too. A mixture, a spurious state or a cycle names no single one: it is not
    feasible, and the violation says so.

    Parameters
    ----------
    patterns : (P, ...) array
        All -1 and +1, or all 0 and 1, or truth values; vectors or images of one shape.
    cue : (N,) array or image
        What the recall starts from, coded as patterns may be.
    rule : {"hebb", "pseudo-inverse", "storkey"}
        How the patterns are learnt.

    Raises
    ------
    InputError
        If there is no pattern, shapes differ, a value is neither of two, the rule is unknown, or
        the patterns are too many for it.

    References
    ----------
    J. J. Hopfield, Proc. Natl. Acad. Sci. USA 79, 2554 (1982).

    Examples
    --------
    >>> problem = PatternMemory([[1, 1, 1, 1], [1, 1, -1, -1]], [1, 1, 1, -1])
    >>> problem.evaluate("memory 0"), problem.evaluate("spurious").feasible
    (Evaluation(value=0.5, violations={}), False)
    """

    name: ClassVar[str] = "memory"
    sense: ClassVar[Sense] = "maximize"
    formats: ClassVar[tuple[str, ...]] = ("patterns", "npy")
    method: ClassVar[str] = "asynchronous"
    ordered: ClassVar[bool] = False

    patterns: learning.Patterns
    cue: NDArray[np.int8]
    rule: str
    network: Hamiltonian

    def __init__(self, patterns: Any, cue: Any, rule: str = "hebb") -> None:
        known = learning.check_patterns(patterns)
        cues = learning.check_cues("cue", cue, known)
        if not cues.single and len(cues.spins) != 1:
            raise InputError(f"cue must be one, got {len(cues.spins)}. Make a problem of each.")
        warn_of_load(known, check_rule(rule))
        network = learning.network(learning.couplings(known, rule))
        self._set(patterns=known, cue=cues.spins[0], rule=rule, network=network)

    @classmethod
    def read(
        cls,
        path: str | PathLike[str],
        format: str | None = None,
        cue: Any = None,
        rule: str = "hebb",
    ) -> Self:
        """Return the problem of patterns in a file.

        Parameters
        ----------
        path : path-like
            Blocks of `#` and `.`, or an array (P, ...) of numpy.
        format : {"patterns", "npy"} or None
            None takes the format from the suffix, and patterns where the suffix says nothing.
        cue : path-like
            A file of either format with one pattern: what the recall starts from.
        rule : {"hebb", "pseudo-inverse", "storkey"}
            How the patterns are learnt.

        Raises
        ------
        InputError
            If there is no such file or format, no cue, or they do not fit.
        ReadError
            If a file is not of its format, naming the line.
        """
        known = find_format(path, format, cls.formats).read(path)
        if cue is None:
            raise InputError("cue must be a file with one pattern, got none. Use --set cue=FILE.")
        # on the command line a name may look like a number
        file = str(cue) if isinstance(cue, (int, float)) else cue
        return cls(known, find_format(file, None, cls.formats).read(file), rule)

    def write(self, path: str | PathLike[str], format: str | None = None) -> None:
        """Write the patterns to a file; the cue is not part of it.

        Raises
        ------
        InputError
            If the format cannot hold the patterns, or the file cannot be written.
        """
        shaped = self.patterns.spins.reshape(len(self.patterns), *self.patterns.shape)
        find_format(path, format, self.formats).write(shaped, path)

    @classmethod
    def random(
        cls,
        n: int,
        patterns: int = 5,
        noise: float = 0.1,
        rule: str = "hebb",
        seed: int | None = None,
    ) -> Self:
        """Return the problem of random patterns and a noisy copy of one of them.

        Parameters
        ----------
        n : int
            The number of units.
        patterns : int
            How many patterns.
        noise : float
            The probability with which each unit of the cue is flipped.
        rule : {"hebb", "pseudo-inverse", "storkey"}
            How the patterns are learnt.
        seed : int or None
            The same seed gives the same problem.

        Raises
        ------
        InputError
            If an argument is out of its range.

        Examples
        --------
        >>> PatternMemory.random(50, seed=1).patterns
        Patterns(5 of shape (50,))
        """
        n = check_integer("n", n, lowest=1)
        patterns = check_integer("patterns", patterns, lowest=1)
        noise = check_number("noise", noise)
        if not 0 <= noise <= 1:
            raise InputError(f"noise must be a probability from 0 to 1, got {noise}.")
        check_memory("patterns", 16 * patterns * n)
        draws = rng.generator(rng.check_seed(seed))
        known = draws.choice(np.array([-1, 1], dtype=np.int8), (patterns, n))
        flips = np.where(draws.random(n) < noise, -1, 1)
        return cls(known, known[draws.integers(patterns)] * flips, rule)

    def hamiltonian(self) -> Hamiltonian:
        """Return the network in which the patterns are stored, one spin for each unit."""
        return self.network

    @property
    def start(self) -> NDArray[np.int8]:
        """The cue: where the recall starts."""
        return self.cue

    def encode(self, answer: Any) -> Assignment:
        """Return the spins of a label, or of a state.

        Raises
        ------
        InputError
            If the label names no pattern, or the state has another size.
        """
        if isinstance(answer, str):
            return {"spins": mixture(answer, self.patterns.spins)}
        states = learning.check_cues("answer", answer, self.patterns).spins
        if len(states) != 1:
            raise InputError(f"answer must be one state, got {len(states)}. Choose one of them.")
        return {"spins": states[0]}

    def first_answer(self) -> str:
        """Return the label of the cue."""
        return self.decode({"spins": self.cue})

    def decode(self, assignment: Assignment) -> str:
        """Return the label of a state; "2-cycle" if all units at once would go to and fro."""
        state = np.asarray(assignment["spins"], dtype=np.int8)[None]
        (label,) = attractor_labels(self.network, state, self.patterns.spins)
        if label == NOT_CONVERGED and np.array_equal(self._after(self._after(state)), state):
            return "2-cycle"
        return label

    def _after(self, state: NDArray[np.int8]) -> NDArray[np.int8]:
        """Return the state after all units have followed their fields at once."""
        field = self.network.local_field(state)
        return np.where(field == 0, state, np.sign(field)).astype(np.int8)

    def evaluate(self, answer: Any) -> Evaluation:
        """Return the overlap of the named pattern, or mixture, with the cue.

        Parameters
        ----------
        answer : str
            A label. Of the negative of pattern k the value is that of pattern k; 0 where no
            pattern is named.

        Raises
        ------
        InputError
            If the answer names a pattern that does not exist, or is no label.
        """
        if not isinstance(answer, str):
            raise InputError(f"answer must be a label, got {type(answer).__name__}.")
        if answer == NOT_CONVERGED:
            return Evaluation(0.0, {answer: NO_END})
        if answer == "spurious" or answer.endswith("-cycle"):
            return Evaluation(0.0, {answer: 1.0})
        state = mixture(answer.removeprefix("anti-"), self.patterns.spins)
        value = float(state @ self.cue.astype(np.int64)) / self.patterns.num_spins
        return Evaluation(value, {answer: 1.0} if answer.startswith("mixture") else {})

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the comparison of the cue with every pattern."""
        return (Baseline("nearest pattern", self._nearest, exact=True),)

    def _nearest(self, seed: int, deadline: float | None) -> str:
        sums = self.patterns.spins.astype(np.int64) @ self.cue.astype(np.int64)
        return f"memory {int(np.argmax(sums))}"

    def plot(self, answer: Any, ax: "Axes | None" = None) -> "Axes":
        """Draw the cue and, to the right of it, what it led to.

        Parameters
        ----------
        answer : str
            A label that names a pattern or a mixture.
        ax : Axes or None
            Where to draw; None makes a new figure.

        Raises
        ------
        InputError
            If the label names no pattern.
        """
        from hopfield_opt.plot.lattices import states

        shape = self.patterns.shape
        shape = shape if len(shape) == 2 else (1, self.patterns.num_spins)
        state = self.encode(answer)["spins"]
        return states([self.cue, state], ax, shape=shape, labels=["cue", answer])
