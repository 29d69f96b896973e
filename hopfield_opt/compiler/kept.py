"""What is kept by the moves, and why the rest is not: for the report, and as an error."""

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.compiler.naming import together
from hopfield_opt.compiler.program import Program
from hopfield_opt.compiler.rows import Rows
from hopfield_opt.errors import InputError


def kept_lines(program: Program, reasons: NDArray[np.object_]) -> list[str]:
    """Return the lines of the report on groups and on the rows that are left.

    Parameters
    ----------
    program : Program
        With groups.
    reasons : (m,) array of str
        Why each of its rows is not kept.
    """
    counts: dict[str, int] = {}
    for group in program.groups:
        counts[type(group).__name__] = counts.get(type(group).__name__, 0) + 1
    rest = len(program.rows)
    if not counts and not rest:
        return []
    kept = ", ".join(f"{number} {name}" for name, number in counts.items()) or "nothing"
    lines = [f"kept by the moves: {kept}; {rest} rows of constraints become penalties"]
    for reason in dict.fromkeys(reasons.tolist()):
        parts = together(program.rules, program.rows.owner, reasons == reason)
        names = ", ".join(f"{name} ({len(rows)})" for name, rows in parts)
        lines.append(f"  {reason}: {names}")
    return lines


def refuse_forced(program: Program, reasons: NDArray[np.object_]) -> None:
    """Raise InputError where a rule is not kept that must be."""
    why = dict(zip(program.rows.owner.tolist(), reasons.tolist(), strict=True))
    why |= {forbidden.owner: "products" for forbidden in program.forbidden}
    why |= {int(one): "products" for terms in program.polynomials for one in set(terms.owner)}
    for number, rule in enumerate(program.rules):
        if rule.keep is True and number in why:
            raise InputError(
                f"keep must be None or False where moves cannot keep a constraint, got True at "
                f"{rule.name!r}: {why[number]}. Leave it out, or take another structure or method."
            )


def equality_notes(program: Program, rows: Rows) -> tuple[str, ...]:
    """Return a line on the equalities among rows that became penalties, unless the user said so."""
    asked = np.array([bool(rule.unkept) for rule in program.rules], dtype=bool)[rows.owner]
    equal = (rows.lower == rows.upper) & (rows.lengths > 1) & ~asked
    parts = together(program.rules, rows.owner, equal)
    if not parts:
        return ()
    names = ", ".join(f"{name} ({len(own)})" for name, own in parts)
    return (f"equalities became penalties, which moves may not get over: {names}",)
