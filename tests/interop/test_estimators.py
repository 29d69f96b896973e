"""scikit-learn: its own checks of estimators, and what memory and selection promise."""

import itertools

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator

from hopfield_opt.interop.estimators import (
    HopfieldFeatureSelector,
    HopfieldMemory,
    _relevance,
    _standardised,
)


@pytest.mark.filterwarnings("ignore:Hebb's rule stores up to")
@pytest.mark.parametrize(
    "estimator",
    [HopfieldMemory(), HopfieldMemory("hebb"), HopfieldFeatureSelector(sweeps=20)],
    ids=["dense", "hebb", "selector"],
)
def test_checks_of_estimators(estimator):
    """No check of scikit-learn fails, and hardly one is skipped."""
    found = check_estimator(estimator, on_fail=None, on_skip=None)
    assert [one["check_name"] for one in found if one["status"] == "failed"] == []
    assert sum(one["status"] == "passed" for one in found) > 40


@pytest.mark.parametrize("rule", ["exponential", "hebb", "pseudo-inverse"])
@pytest.mark.parametrize("low", [-1, 0])
def test_noise_is_recalled_away(rule, low):
    """Samples with a tenth of the units wrong come back as they were stored, coded as they were."""
    draws = np.random.default_rng(0)
    stored = np.where(draws.random((5, 100)) < 0.5, low, 1)
    noise = draws.random((5, 100)) < 0.1
    noisy = np.where(noise, 1 + low - stored, stored)
    memory = HopfieldMemory(rule, threshold=(1 + low) / 2, random_state=0).fit(stored)
    assert (memory.transform(noisy) == stored).all()
    assert (memory.predict(noisy) == stored).all()
    assert memory.score(stored) == 1
    assert memory.score(noisy) == pytest.approx(1 - 2 * noise.mean())


def test_fit_forgets_and_partial_fit_does_not():
    """A second fit begins anew; partial_fit adds to what is stored."""
    draws = np.random.default_rng(1)
    first, second = draws.choice([-1.0, 1.0], size=(2, 3, 60))
    memory = HopfieldMemory(random_state=0).fit(first).fit(second)
    assert len(memory.patterns_) == 3
    memory.partial_fit(first)
    assert (memory.transform(first) == first).all()
    assert (memory.transform(second) == second).all()
    assert (HopfieldMemory().partial_fit(first).patterns_ == first).all()


def table(seed=0, samples=120, size=8, classes=3):
    """Return features, some of which are nearly copies, and classes that two of them make."""
    draws = np.random.default_rng(seed)
    X = draws.normal(size=(samples, size))
    X[:, 1] = X[:, 0] + 0.1 * draws.normal(size=samples)
    y = np.digitize(X[:, 0] + 0.6 * X[:, 4], np.linspace(-1, 1, classes - 1))
    return X, y


@pytest.mark.parametrize("redundancy", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("count", [1, 3, 8])
def test_choice_is_the_best_of_all(count, redundancy):
    """The objective of the choice is the largest over all choices of as many features."""
    X, y = table()
    selector = HopfieldFeatureSelector(count, redundancy=redundancy, random_state=0).fit(X, y)
    assert selector.get_support().sum() == count
    alike = np.abs(np.corrcoef(X.T))
    means = {label: X[y == label].mean(axis=0) for label in np.unique(y)}
    between = sum(
        (y == label).sum() * (mean - X.mean(axis=0)) ** 2 for label, mean in means.items()
    )
    ratio = np.sqrt(between / (len(X) * X.var(axis=0)))
    assert selector.relevance_ == pytest.approx(ratio)

    def value(chosen):
        pairs = sum(alike[i, j] for i, j in itertools.combinations(chosen, 2))
        return ratio[list(chosen)].sum() - redundancy * pairs / max(1, count - 1)

    best = max(map(value, itertools.combinations(range(8), count)))
    assert selector.value_ == pytest.approx(best)
    assert value(np.flatnonzero(selector.get_support())) == pytest.approx(best)


def test_copies_are_not_chosen_together():
    """The best two by themselves are nearly the same feature; chosen is one, and what it lacks."""
    X, y = table()
    alone = SelectKBest(f_classif, k=2).fit(X, y).get_support(indices=True)
    chosen = HopfieldFeatureSelector(2, random_state=0).fit(X, y).get_support(indices=True)
    assert alone.tolist() == [0, 1]
    assert 4 in chosen


def test_in_a_pipeline_and_a_search():
    """Features are chosen inside of each fold, and the number of them by the search."""
    X, y = table()
    line = make_pipeline(HopfieldFeatureSelector(sweeps=20, random_state=0), LogisticRegression())
    grid = {"hopfieldfeatureselector__n_features_to_select": [1, 2, 0.5]}
    search = GridSearchCV(line, grid, cv=3).fit(X, y)
    assert search.best_score_ > 0.7


def test_numbers_as_targets():
    """For numbers the relevance is the correlation, of a constant column none."""
    draws = np.random.default_rng(2)
    X = draws.normal(size=(50, 4))
    X[:, 3] = 7
    y = X @ [1.0, -2, 0.1, 0]
    found = _relevance(_standardised(X), y)
    assert found[:3] == pytest.approx([abs(np.corrcoef(X[:, k], y)[0, 1]) for k in range(3)])
    assert found[3] == 0


@pytest.mark.parametrize("count", [0, 9, 1.5, True, -0.5])
def test_numbers_of_features_that_are_refused(count):
    """What is no number of features is said, with what it may be."""
    X, y = table()
    with pytest.raises(ValueError, match="n_features_to_select must be a number from 1 to 8"):
        HopfieldFeatureSelector(count).fit(X, y)
