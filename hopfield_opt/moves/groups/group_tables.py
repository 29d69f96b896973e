"""Tables of the kernel for networks with groups: the groups by spin.

Counting groups (OneHot, AtMostOne, Cardinality) come first and are one kind: a list of members
and a range of how many are on. Permutation blocks follow, then the Linear groups, which are
*ranges* here. Runs are described in `coupling_tables.py`.
"""

from typing import Any

import numpy as np

from hopfield_opt import deadline
from hopfield_opt.arrays import FloatArray, SpinArray
from hopfield_opt.couplings import Factored, Kronecker
from hopfield_opt.groups import Group, Linear, OneHot, Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.exact_rows import snap
from hopfield_opt.moves.groups.coupling_tables import Runs, concatenate, pointers

FREE, COUNT, PLACE = 0, 1, 2
EXCHANGE, AT_MOST_ONE, RANGE = 0, 1, 2

# So many of a spin's strongest couplings are preferred partners of an exchange.
NEAR = 8

# the inverse of a smaller number is no float
TINY = float(np.finfo(np.float64).tiny)


def counting_groups(hamiltonian: Hamiltonian) -> list[Any]:
    """Return the groups that bound how many of their spins are on."""
    return [g for g in hamiltonian.groups if not isinstance(g, Linear | Permutation)]


def squares(hamiltonian: Hamiltonian) -> list[Permutation]:
    """Return the permutation blocks."""
    return [g for g in hamiltonian.groups if isinstance(g, Permutation)]


def lines(hamiltonian: Hamiltonian) -> list[Linear]:
    """Return the Linear groups."""
    return [g for g in hamiltonian.groups if isinstance(g, Linear)]


def disjoint_groups(hamiltonian: Hamiltonian, link: Runs) -> Runs:
    """Return the counting groups and the permutation blocks."""
    groups: list[Group] = [*counting_groups(hamiltonian), *squares(hamiltonian)]
    deadline.check(5 * len(link["link_spin"]))
    kind, group = np.zeros(hamiltonian.num_spins, np.int64), np.full(hamiltonian.num_spins, -1)
    for number, members in deadline.check_each(enumerate(group.members for group in groups), 100):
        kind[members] = COUNT if number < len(counting_groups(hamiltonian)) else PLACE
        group[members] = number
    runs = {"kind": kind, "group": group, **_counts(hamiltonian, link), **_blocks(hamiltonian)}
    return {**runs, "plain": _plain(hamiltonian, runs)}


def _plain(hamiltonian: Hamiltonian, runs: Runs) -> Any:
    """Return for each spin of a plain one-hot group its size and first member, else zeros.

    Plain: nothing but local fields decides, as no member is in a form or in a Linear group and
    no two are coupled.
    """
    plain = np.zeros((hamiltonian.num_spins, 2), np.int64)
    others = np.zeros(hamiltonian.num_spins, np.bool_)
    others[concatenate([g.indices for g in lines(hamiltonian)])] = True
    for term in hamiltonian.couplings:
        if isinstance(term, Factored):
            others |= term.coupled_spins()
    for number, group in deadline.check_each(enumerate(counting_groups(hamiltonian)), 100):
        bound = runs["linked"][number] or others[group.indices].any()
        if isinstance(group, OneHot) and not bound:
            plain[group.indices] = len(group.indices), runs["first"][number]
    return plain.ravel()


def start(
    hamiltonian: Hamiltonian, runs: Runs, spins: SpinArray
) -> tuple[dict[str, Any], FloatArray]:
    """Return the lists of a replica by name, and its local fields, forms and totals."""
    on = spins > 0
    group = np.repeat(np.arange(len(runs["lower"])), np.diff(runs["first"]))
    members, position = runs["members"], np.zeros(len(spins), np.int64)
    order = members[np.lexsort((~on[members], group))]
    position[order] = np.arange(len(order))
    blocks = squares(hamiltonian)
    column = [np.nonzero(on[block.indices])[1] for block in blocks]
    owner, value = runs["range_of"], runs["range_coefficient"]
    high = on[runs["range_spin"]] == (value > 0)
    listed = np.lexsort((~high, owner))
    slot = np.zeros(len(listed), np.int64)
    slot[listed] = np.arange(len(listed))
    num_ranges = len(runs["range_lower"])
    total = np.bincount(owner, weights=value * on[runs["range_spin"]], minlength=num_ranges)
    lists = {
        "ORDER": order,
        "POSITION": position,
        "ON": np.bincount(group, weights=on[members], minlength=len(runs["lower"])),
        "COLUMN": concatenate(column),
        "ROW": concatenate([np.argsort(c) for c in column]),
        "LISTED": listed,
        "SLOT": slot,
        "HIGH": np.bincount(owner, weights=high, minlength=num_ranges),
    }
    return lists, np.concatenate([_fields(hamiltonian, spins), total[:num_ranges]])


def _fields(hamiltonian: Hamiltonian, spins: SpinArray) -> FloatArray:
    field, forms = -hamiltonian.thresholds, [np.zeros(1)]  # the zero is for holes
    for term in hamiltonian.couplings:
        if isinstance(term, Factored):
            forms.append(np.asarray(term.rows @ spins.astype(np.float64)))
        else:
            field = field + term.local_field(spins[None])[0]
    return np.concatenate([field, *forms])


def _counts(hamiltonian: Hamiltonian, link: Runs) -> Runs:
    groups = counting_groups(hamiltonian)
    sizes = np.array([len(g.indices) for g in groups], dtype=np.int64)
    bounds = np.array([g.bounds for g in groups], dtype=np.int64).reshape(-1, 2)
    lower, upper = np.maximum(bounds[:, 0], 0), np.minimum(bounds[:, 1], sizes)
    owner = np.full(hamiltonian.num_spins, len(groups))
    for number, group in deadline.check_each(enumerate(groups), 100):
        owner[group.indices] = number
    return {
        "first": pointers(sizes),
        "members": concatenate([g.indices for g in groups]),
        "mode": np.where(lower == upper, EXCHANGE, np.where(upper == 1, AT_MOST_ONE, RANGE)),
        "lower": lower,
        "upper": upper,
        "linked": _linked_groups(hamiltonian, owner, len(groups), link),
        **_near(link, owner, np.append((upper > 1) & (lower < sizes), False)),
    }


def _linked_groups(hamiltonian: Hamiltonian, owner: Any, num_groups: int, link: Runs) -> Any:
    """Return which counting groups may have couplings between two of their members.

    `owner` is the group of each spin, `num_groups` for none. Forms need no pairs; Kronecker
    terms get no closer look than `_meets`: a false "may" only costs time.
    """
    found = np.zeros(num_groups + 1, np.bool_)
    rows = np.repeat(owner, np.diff(link["link_ptr"]))
    found[rows[rows == owner[link["link_spin"]]]] = True
    for term in hamiltonian.couplings:
        if isinstance(term, Kronecker):
            row, column = np.nonzero(term.indices >= 0)
            here = owner[term.indices[row, column]]
            by_row = _meets(here, row, term.left, num_groups)
            found |= by_row & _meets(here, column, term.right, num_groups)
    return found[:-1]


def _meets(owner: Any, line: Any, matrix: Any, num_groups: int) -> Any:
    """Return which groups are not confined to one line i with ``matrix[i, i] == 0``."""
    low = np.full(num_groups + 1, matrix.shape[0])
    high = np.full(num_groups + 1, -1)
    np.minimum.at(low, owner, line)
    np.maximum.at(high, owner, line)
    own = np.append(np.asarray(matrix.diagonal()) != 0, False)
    return (high > low) | ((high == low) & own[low])


def _near(link: Runs, owner: Any, wide: Any) -> Runs:
    """Return for each spin its strongest couplings inside its group, for groups that are wide."""
    rows = np.repeat(np.arange(len(owner)), np.diff(link["link_ptr"]))
    columns, weight = link["link_spin"], np.abs(link["link_weight"])
    inside = (owner[rows] == owner[columns]) & wide[owner[rows]]
    rows, columns, weight = rows[inside], columns[inside], weight[inside]
    order = np.lexsort((-weight, rows))
    rows, columns = rows[order], columns[order]
    before = pointers(np.bincount(rows, minlength=len(owner)))
    strongest = np.arange(len(rows)) - before[rows] < NEAR
    count = np.bincount(rows[strongest], minlength=len(owner))
    return {"near_ptr": pointers(count), "near": columns[strongest]}


def _blocks(hamiltonian: Hamiltonian) -> Runs:
    """Return the permutation blocks; `cycles`: swaps alone may not reach every state."""
    blocks = squares(hamiltonian)
    ranged = np.zeros(hamiltonian.num_spins, np.bool_)
    ranged[concatenate([g.indices for g in lines(hamiltonian)])] = True
    sizes = np.array([len(g.indices) for g in blocks], dtype=np.int64)
    row, column = np.zeros((2, hamiltonian.num_spins), np.int64)
    masks, cycles = [], []
    for block, n in zip(blocks, sizes, strict=True):
        row[block.indices], column[block.indices] = np.arange(n)[:, None], np.arange(n)
        masks.append(np.ones((n, n), np.bool_) if block.allowed is None else block.allowed)
        cycles.append(block.allowed is not None or ranged[block.members].any())
    return {
        "size": sizes,
        "origin": pointers(sizes**2),
        "line": pointers(sizes),
        "spin_at": concatenate([g.members for g in blocks]),
        "allowed": concatenate(masks, np.bool_),
        "open_ptr": pointers(concatenate([mask.sum(axis=1) for mask in masks])),
        "open_column": concatenate([np.nonzero(mask)[1] for mask in masks]),
        "cycles": np.array(cycles, dtype=np.bool_),
        "row_of": row,
        "column_of": column,
    }


def ranges(hamiltonian: Hamiltonian) -> Runs:
    """Return the Linear groups: their entries by spin, and the entries of each.

    Coefficients are rounded to a grid on which sums are exact, so that running totals never
    drift; what this moves is below the tolerance of the group, half of which widens the range.
    """
    groups = lines(hamiltonian)
    exact = [snap(group) for group in deadline.check_each(groups, 100)]
    spin = concatenate([group.indices for group in groups])
    value = concatenate([values for values, _, _ in exact], np.float64)
    number = np.repeat(np.arange(len(groups)), [len(group.indices) for group in groups])
    order = np.argsort(spin, kind="stable")
    order = order[value[order] != 0]
    spin, value, number = spin[order], value[order], number[order]
    largest = np.zeros(len(groups))
    np.maximum.at(largest, number, np.abs(value))
    return {
        "range_ptr": pointers(np.bincount(spin, minlength=hamiltonian.num_spins)),
        "range_of": number,
        "range_coefficient": value,
        "range_spin": spin,
        "range_first": pointers(np.bincount(number, minlength=len(groups))),
        "range_members": np.argsort(number, kind="stable"),
        "range_lower": np.array([low for _, low, _ in exact], dtype=np.float64),
        "range_upper": np.array([high for _, _, high in exact], dtype=np.float64),
        "range_scale": 1.0 / np.where(largest > TINY, largest, 1.0),
    }
