"""Names of patterns: in labels, in pictures, and in what is stored and forgotten."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.errors import InputError
from hopfield_opt.physics.labels import attractor_labels, parse_label, with_names

KINDS = (ho.AssociativeMemory, ho.DenseAssociativeMemory)


@given(st.integers(0, 10**6), st.sampled_from(KINDS))
def test_names_replace_numbers_and_nothing_else(seed, kind):
    """With and without names a recall is the same; labels differ by the names only."""
    random = np.random.default_rng(seed)
    patterns, cues = random.choice([-1, 1], (5, 20)), random.choice([-1, 1], (12, 20))
    plain = kind(patterns).recall(cues, seed=seed)
    named = kind(patterns, names="ABCDE").recall(cues, seed=seed)
    assert (plain.state == named.state).all()
    for number, name in zip(plain.label, named.label, strict=True):
        back = re.sub(r"\b[A-E]\b", lambda found: str("ABCDE".index(found[0])), name)
        mixed = number.startswith(("memory", "anti-memory"))
        assert back == (number.replace("memory ", "") if mixed else number)


def test_labels_with_names():
    """Each kind of label, and a pattern without a name among those that have one."""
    names = ("cat", "memory 1", "dog")
    labels = ("memory 1", "anti-memory 0", "mixture of 0, anti-1, 2", "spurious", "2-cycle")
    assert [with_names(label, names) for label in labels] == [
        "memory 1",
        "anti-cat",
        "mixture of cat, anti-1, dog",
        "spurious",
        "2-cycle",
    ]
    assert parse_label("mixture of 0, anti-1, 2", 3)[0].tolist() == [1, -1, 1]
    assert attractor_labels(ho.Hamiltonian([[0, 1], [1, 0]]), np.array([[1, 1]]), [[1, 1]])


@pytest.mark.parametrize("kind", KINDS)
def test_names_stay_with_their_patterns(kind):
    """What is stored later may have a name or not; forgetting moves numbers up, and no names."""
    letters = ho.data.letters("ABCDE")
    memory = kind(letters[:2], names="AB").store(letters[2]).store(letters[3:], names=["D", "E"])
    assert memory.patterns.names == ("A", "B", "memory 2", "D", "E")
    memory.forget("A")
    assert memory.patterns.names == ("B", "memory 1", "D", "E")
    assert (memory.patterns.images == letters[1:]).all()
    memory.forget(1)
    assert memory.patterns.names == ("B", "D", "E")
    with pytest.raises(InputError, match="pattern must be one of B, D, E, got 'A'"):
        memory.forget("A")
    with pytest.raises(InputError, match="names must be different words, got 'D' twice"):
        memory.store(letters[0], names="D")


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ("AB", "names must be 3, one for each pattern, got 2"),
        ("ABA", "got 'A' twice"),
        (["A", "", "C"], r"got '' at \[1\]"),
        (["A", 2, "C"], r"got 2 at \[1\]"),
        (["spurious", "B", "C"], "got 'spurious'"),
        (["memory 2", "B", "C"], "got 'memory 2'"),
        (["anti-B", "B", "C"], "got 'anti-B'"),
    ],
)
def test_names_that_say_something_else_are_refused(names, says):
    """A name is one word for one pattern, and no other label."""
    with pytest.raises(InputError, match=says):
        ho.AssociativeMemory(ho.data.letters("ABC"), names=names)


def test_pictures_say_names():
    """Legends, titles and tables of a notebook say A, not memory 0."""
    letters = ho.data.letters("AC")
    memory = ho.AssociativeMemory(letters, names="AC")
    recall = memory.recall(letters[0], seed=0, record=("overlap", "energy"))
    axes = ho.plot.trajectory(recall)
    assert axes.get_title() == "A"
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["A", "C"]


def test_tables_of_notebooks():
    """A memory shows patterns and which are stable, a recall cues and ends; text is safe."""
    letters = ho.data.letters("ABCDEFG")
    memory = ho.AssociativeMemory(letters, names=["<A>", *"BCDEFG"])
    page = memory._repr_html_()
    assert page.count("<svg") == 7
    assert page.count("<td>stable</td>") == 1
    assert "<A>" not in page
    assert "&lt;A&gt;" in page
    known = np.zeros((8, 8), dtype=bool)
    known[:4] = True
    recall = memory.recall(np.repeat(letters, 3, axis=0), known=known, seed=0)
    page = recall._repr_html_()
    assert page.count("<svg") == 24
    assert 'opacity="0.3"' in page
    assert "and 9 more" in page
    one = memory.recall(letters[0], seed=0)._repr_html_()
    assert one.count("<svg") == 2
    large = ho.DenseAssociativeMemory(np.ones((1, 100, 100), dtype=int))
    assert "100 x 100 units" in large._repr_html_()
