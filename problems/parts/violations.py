"""How problems name what is wrong with an answer."""

from collections.abc import Hashable, Iterable, Mapping

from hopfield_opt.errors import show


def name_violations(wrong: Mapping[str, Iterable[Hashable]]) -> dict[str, float]:
    """Return the violations: how many things of each kind are wrong, and the first three.

    Examples
    --------
    >>> name_violations({"unknown": ["a", "b"], "missing": []})
    {"unknown: 'a', 'b'": 2.0}
    """
    violations = {}
    for kind, things in wrong.items():
        if listed := list(things):
            names = ", ".join(map(show, listed[:3])) + ", ..." * (len(listed) > 3)
            violations[f"{kind}: {names}"] = float(len(listed))
    return violations
