"""Estimators for scikit-learn: an associative memory, and a selection of features."""

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.feature_selection import SelectorMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data

from hopfield_opt.arrays import FloatArray
from hopfield_opt.driver import solve
from hopfield_opt.errors import InputError
from hopfield_opt.learning import RULES
from hopfield_opt.memory import AssociativeMemory, DenseAssociativeMemory
from hopfield_opt.model import Model


class HopfieldMemory(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Store samples as patterns, and recall from noisy ones what they were.

    A number above `threshold` is +1, another -1; data of 0 and 1 come back as 0 and 1.

    Parameters
    ----------
    rule : {"exponential", "rectified", "polynomial", "hebb", "pseudo-inverse", "storkey"}
        The first three are dense memories, which hold many patterns; the others are learning
        rules of pairwise networks, see `AssociativeMemory`.
    threshold : float
        Between low and high; take .5 for data of 0 and 1.
    random_state : int, RandomState or None
        Of the order in which units are looked at.

    Attributes
    ----------
    patterns_ : (P, n_features) int8
        What is stored, -1 and +1.
    memory_ : AssociativeMemory or DenseAssociativeMemory
        The network.
    n_features_in_ : int
        The number of features.

    References
    ----------
    J. J. Hopfield, Proc. Natl. Acad. Sci. USA 79, 2554 (1982); D. Krotov, J. J. Hopfield,
    "Dense associative memory for pattern recognition", NeurIPS 29 (2016).

    Examples
    --------
    >>> memory = HopfieldMemory(random_state=0).fit([[1, 1, 1, -1, -1], [1, -1, -1, 1, -1]])
    >>> memory.transform([[1, 1, 1, 1, -1]])
    array([[ 1.,  1.,  1., -1., -1.]])
    """

    def __init__(
        self, rule: str = "exponential", *, threshold: float = 0.0, random_state: Any = None
    ) -> None:
        self.rule = rule
        self.threshold = threshold
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> Self:
        """Store the samples (n, n_features), and nothing that was stored before; y is ignored."""
        values = validate_data(self, X)
        self.patterns_ = self._spins(values)
        self._low = 0.0 if np.isin(values, (0, 1)).all() else -1.0
        self.memory_ = self._learn()
        return self

    def partial_fit(self, X: Any, y: Any = None) -> Self:
        """Store more samples (n, n_features) to those there are; y is ignored."""
        if not hasattr(self, "patterns_"):
            return self.fit(X)
        values = validate_data(self, X, reset=False)
        self.patterns_ = np.concatenate([self.patterns_, self._spins(values)])
        self._low = self._low if np.isin(values, (0, 1)).all() else -1.0
        self.memory_ = self._learn()
        return self

    def _spins(self, values: Any) -> Any:
        return np.where(values > self.threshold, 1, -1).astype(np.int8)

    def _learn(self) -> AssociativeMemory | DenseAssociativeMemory:
        if self.rule in RULES:
            return AssociativeMemory(self.patterns_, self.rule)
        return DenseAssociativeMemory(self.patterns_, self.rule)

    def transform(self, X: Any) -> FloatArray:
        """Return where the network ends from each sample (n, n_features)."""
        check_is_fitted(self)
        cues = self._spins(validate_data(self, X, reset=False))
        return np.where(self._recall(cues) > 0, 1.0, self._low)

    def predict(self, X: Any) -> FloatArray:
        """Return what `transform` does: the recalled samples."""
        return self.transform(X)

    def score(self, X: Any, y: Any = None) -> float:
        """Return the mean overlap, from -1 to 1, of samples and what is recalled from them."""
        check_is_fitted(self)
        cues = self._spins(validate_data(self, X, reset=False))
        return float((cues * self._recall(cues)).mean())

    def _recall(self, cues: Any) -> Any:
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        # one by one: what is recalled from a sample depends on no other
        return np.array([self.memory_.recall(cue, seed=seed).state for cue in cues])


class HopfieldFeatureSelector(SelectorMixin, BaseEstimator):
    """Choose features that say much of the target and little of each other.

    ``maximize sum_i r_i x_i - redundancy / (k - 1) sum_{i<j} c_ij x_i x_j`` with exactly k of
    the binaries x one: r is the correlation of a feature and the target (the correlation ratio
    for classes), c that of two features, without their signs. The moves keep the number.

    Parameters
    ----------
    n_features_to_select : int, float or None
        k, a part of the features, or half of them.
    redundancy : float
        How much it counts that features are alike; with 0 the best are taken one by one.
    sweeps : int, optional
        The length of the search; None is the method's own.
    random_state : int, RandomState or None
        Of the search.

    Attributes
    ----------
    relevance_ : (n_features,) array
        r.
    value_ : float
        The objective of the choice.
    n_features_in_ : int
        The number of features.

    References
    ----------
    H. Peng, F. Long, C. Ding, "Feature selection based on mutual information: criteria of
    max-dependency, max-relevance, and min-redundancy", IEEE Transactions on Pattern Analysis and
    Machine Intelligence 27 (2005); I. Rodriguez-Lujan et al., "Quadratic programming feature
    selection", Journal of Machine Learning Research 11 (2010).

    Examples
    --------
    >>> draws = np.random.default_rng(0)
    >>> a, b = draws.normal(size=(2, 200))
    >>> X = np.column_stack([a, a + draws.normal(size=200), b])
    >>> HopfieldFeatureSelector(2, random_state=0).fit(X, a + b / 2).get_support()
    array([ True, False,  True])
    """

    def __init__(
        self,
        n_features_to_select: float | None = None,
        *,
        redundancy: float = 1.0,
        sweeps: int | None = None,
        random_state: Any = None,
    ) -> None:
        self.n_features_to_select = n_features_to_select
        self.redundancy = redundancy
        self.sweeps = sweeps
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> Self:
        """Choose features of X (n, n_features) for a target y (n,), numbers or classes."""
        values, target = validate_data(self, X, y, dtype=np.float64, y_numeric=False)
        count = self._count(values.shape[1])
        spread = _standardised(values)
        self.relevance_ = _relevance(spread, target)
        alike = np.abs(spread.T @ spread)
        np.fill_diagonal(alike, 0)
        model = Model()
        x = model.binary(values.shape[1], name="x")
        cost = float(self.redundancy) / (2 * max(1, count - 1))
        model.maximize((self.relevance_ * x).sum() - x @ ((cost * alike) @ x))
        model.add(x.sum() == count, name="count")
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        result = solve(model, seed=seed, sweeps=self.sweeps, progress=False)
        self._chosen = np.asarray(result.answer["x"]) > 0
        self.value_ = float(result.value or 0.0)
        return self

    def _count(self, size: int) -> int:
        wanted = self.n_features_to_select
        if wanted is None:
            return max(1, size // 2)
        count = int(wanted * size) if isinstance(wanted, float) and 0 < wanted < 1 else wanted
        if isinstance(count, bool) or count != int(count) or not 1 <= count <= size:
            raise InputError(
                f"n_features_to_select must be a number from 1 to {size}, or a part of them, got "
                f"{wanted!r}."
            )
        return int(count)

    def _get_support_mask(self) -> Any:
        check_is_fitted(self)
        return self._chosen

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags


def _standardised(values: FloatArray) -> FloatArray:
    """Return columns of mean 0 and length 1, of zeros where they do not vary."""
    # large numbers would overflow in squares
    centred = values / np.maximum(np.abs(values).max(axis=0), np.finfo(float).tiny)
    centred = centred - centred.mean(axis=0)
    lengths = np.linalg.norm(centred, axis=0)
    found: FloatArray = np.where(lengths > 1e-12, centred / np.maximum(lengths, 1e-300), 0.0)
    return found


def _relevance(spread: FloatArray, target: Any) -> FloatArray:
    """Return how much of each column the target explains, from 0 to 1."""
    if type_of_target(target) in ("binary", "multiclass"):
        _, place = np.unique(target, return_inverse=True)
        member = np.eye(int(place.max()) + 1)[place]
        # the length of the part that is the same within each class
        return np.asarray(np.linalg.norm((member / np.sqrt(member.sum(axis=0))).T @ spread, axis=0))
    return np.asarray(np.abs(_standardised(np.asarray(target, float)[:, None])[:, 0] @ spread))
