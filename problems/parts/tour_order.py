"""What is wrong with a list that should name all cities in order."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

from hopfield_opt.problems.parts.violations import name_violations


def wrong_order(
    labels: Sequence[Hashable], order: list[Hashable], first: Hashable | None, last: Hashable | None
) -> dict[str, float]:
    """Return the violations of an order of all cities with fixed ends (None: any).

    Examples
    --------
    >>> wrong_order("abc", ["a", "b", "a"], None, "c")
    {"not visited: 'c'": 1.0, "visited twice: 'a'": 1.0, "does not end at: 'c'": 1.0}
    """
    known, visits = set(labels), Counter(order)
    wrong: dict[str, Iterable[Hashable]] = {
        "not visited": (label for label in labels if label not in visits),
        "visited twice": (label for label, count in visits.items() if count > 1),
        "unknown": (label for label in visits if label not in known),
    }
    if first is not None and order[:1] != [first]:
        wrong["does not begin at"] = [first]
    if last is not None and order[-1:] != [last]:
        wrong["does not end at"] = [last]
    return name_violations(wrong)
