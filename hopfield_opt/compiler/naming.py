"""Names of constraints for readers: those of one call of `add` together, the rest counted."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.compiler.program import RuleInfo
from hopfield_opt.model.nodes import Indices

# lines, or names in a line, beyond which the others are counted
MOST = 8


class Together(NamedTuple):
    """Rows that a report names together, and how it calls them."""

    name: str
    rows: Indices


def together(
    rules: Sequence[RuleInfo], owner: Indices, chosen: NDArray[np.bool_]
) -> list[Together]:
    """Return the rows that are chosen, those of one call together, at most `MOST` such parts."""
    rows = np.flatnonzero(chosen)
    # a rule that no call made stands for itself
    calls = np.array([one.call if one.call >= 0 else -1 - k for k, one in enumerate(rules)])
    own = calls[owner[rows]]
    order = np.argsort(own, kind="stable")
    _, starts = np.unique(own[order], return_index=True)
    parts = [rows[part] for part in np.split(order, starts[1:])] if len(rows) else []
    parts.sort(key=lambda part: int(owner[part].min()))
    shown = parts if len(parts) <= MOST else parts[: MOST - 1]
    found = [Together(_name(rules, owner[part]), part) for part in shown]
    if len(shown) < len(parts):
        rest = np.concatenate(parts[MOST - 1 :])
        names = f"{len(np.unique(owner[rest]))} others, {_name(rules, owner[rest])}"
        found.append(Together(names, rest))
    return found


def _name(rules: Sequence[RuleInfo], owner: Indices) -> str:
    first, last = rules[int(owner.min())].name, rules[int(owner.max())].name
    base = first.rpartition("[")[0]
    if first == last:
        return first
    return base if base and last.rpartition("[")[0] == base else f"{first} to {last}"
