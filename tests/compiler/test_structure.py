"""Groups are seen in whatever order and form the constraints were written."""

from typing import Any

import numpy as np
import pytest

from hopfield_opt.compiler import compile
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot, Permutation
from hopfield_opt.model import Expression, Model


def groups(*rules: Any, shape: Any = (4, 4)) -> tuple[Any, ...]:
    """Return the groups of a model with rules over one block of binaries."""
    m = Model()
    x = m.binary(shape, name="x")
    for rule in rules:
        m.add(rule(x))
    return compile(m, "disjoint", presolve="off").hamiltonian.groups


def test_a_block_line_by_line_is_a_permutation() -> None:
    """Rows and columns one by one, mixed and scaled, are still one permutation."""
    m = Model()
    x = m.binary((4, 4), name="x")
    for k in (2, 0, 3, 1):
        m.add(2 * x[:, k].sum() == 2)
        m.add(1 - x[k].sum() == 0)
    (found,) = compile(m).hamiltonian.groups
    assert isinstance(found, Permutation)
    lines = {frozenset(line) for line in (*found.indices.tolist(), *found.indices.T.tolist())}
    block = np.arange(16).reshape(4, 4)
    assert lines == {frozenset(line) for line in (*block.tolist(), *block.T.tolist())}


def test_two_blocks_are_two_permutations() -> None:
    """Blocks in one variable are found apart."""
    found = groups(lambda x: x.sum(axis=1) == 1, lambda x: x.sum(axis=2) == 1, shape=(2, 3, 3))
    assert [type(one) for one in found] == [Permutation] * 2


def test_blocks_of_several_sizes_are_told_apart() -> None:
    """Lines of three blocks and of one that is not square, in a mixed order."""
    m = Model()
    blocks = [m.binary(shape, name=f"x{k}") for k, shape in enumerate([(3, 3), (2, 2), (2, 3)])]
    blocks.append(m.binary((3, 3), name="y"))
    lines = [block[k] for block in blocks for k in range(block.shape[0])]
    lines += [block[:, k] for block in blocks for k in range(block.shape[1])]
    for k in np.random.default_rng(1).permutation(len(lines)).tolist():
        m.add(lines[k].sum() == 1)
    found = compile(m, presolve="off").hamiltonian.groups
    squares = [one for one in found if isinstance(one, Permutation)]
    wanted = [np.arange(9).reshape(3, 3), np.arange(9, 13).reshape(2, 2)]
    wanted.append(np.arange(19, 28).reshape(3, 3))
    for block in wanted:
        lines_of = {frozenset(line) for line in (*block.tolist(), *block.T.tolist())}
        assert lines_of in [
            {frozenset(line) for line in (*one.indices.tolist(), *one.indices.T.tolist())}
            for one in squares
        ]
    assert len(squares) == 3


def test_a_pinned_place_stays_in_the_block() -> None:
    """A fixed entry pins its place, the block stays whole."""
    (found,) = groups(
        lambda x: x.sum(axis=0) == 1, lambda x: x.sum(axis=1) == 1, lambda x: x[1, 2] == 1
    )
    assert found.indices.shape == (4, 4)
    assert found.allowed.sum() == 1 + 9


@pytest.mark.parametrize(
    ("rule", "kinds"),
    [
        (lambda x: x.sum(axis=0) == 1, [OneHot] * 4),
        (lambda x: x.sum(axis=0) <= 1, [AtMostOne] * 4),
        (lambda x: 3 * x.sum(axis=0) <= 5, [AtMostOne] * 4),
        (lambda x: x.sum() == 5, [Cardinality]),
        (lambda x: x.sum() >= 5, [Cardinality]),
        (lambda x: (x * np.arange(16).reshape(4, 4)).sum() <= 30, [Linear]),
        (lambda x: x[:, 0] - x[:, 1] - x[:, 2] <= 0, [Linear] * 4),
        (lambda x: x[0] + x[1] <= 1, []),
        (lambda x: x[0] <= x[1], []),
    ],
)
def test_kinds_of_groups(rule: Any, kinds: list[type]) -> None:
    """Each form of constraint is its kind of group; two bits are a penalty."""
    assert [type(one) for one in groups(rule)] == kinds


def test_what_clashes_is_a_range_or_a_penalty() -> None:
    """Of clashing one-hots the second is a penalty, lines over a permutation are ranges."""

    def first(x: Expression) -> Any:
        return x[0].sum() == 1

    found = groups(first, lambda x: x[:, 0].sum() == 1)
    assert [type(one) for one in found] == [OneHot]
    found = groups(
        lambda x: x.sum(axis=0) == 1,
        lambda x: x.sum(axis=1) == 1,
        lambda x: x.diagonal().sum() <= 1,
    )
    assert [type(one) for one in found] == [Permutation, Linear]


def test_a_range_written_as_two_constraints_is_one_group() -> None:
    """The ranges of equal left sides are joined, whatever their order and factors."""
    (found,) = groups(lambda x: 2 * x.sum() <= 14, lambda x: x.sum() >= 3, lambda x: x.sum() <= 9)
    assert isinstance(found, Cardinality)
    assert found.bounds == (3, 7)
    found = groups(lambda x: x[0].sum() + x[1].sum() >= 2, lambda x: x[0].sum() <= 3)
    assert sorted(type(one).__name__ for one in found) == ["Cardinality", "Linear"]


def test_a_lower_bound_lets_all_be_on() -> None:
    """At least five of sixteen may be all sixteen."""
    (found,) = groups(lambda x: x.sum() >= 5)
    assert found.bounds == (5, 16)


def test_a_block_with_a_hole_is_no_permutation() -> None:
    """Nine bits in three and three one-hots, two of them in the same pair: one pair has none."""
    m = Model()
    x = m.binary(9, name="x")
    rows = [[0, 1, 2, 3], [4, 5], [6, 7, 8]]
    columns = [[0, 1, 4, 6], [2, 7], [3, 5, 8]]
    m.add(*(x[line].sum() == 1 for line in rows + columns))
    kinds = {type(group) for group in compile(m, presolve="off").hamiltonian.groups}
    assert OneHot in kinds
    assert Permutation not in kinds
