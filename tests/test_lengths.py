"""No file has more than 300 lines, no function more than 40, as CONTRIBUTING.md says."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = {
    str(path.relative_to(ROOT)): path.read_text("utf-8")
    for folder in ("hopfield_opt", "problems")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if folder == "problems" or path.relative_to(ROOT).parts[1] != "problems"  # a link
}
MOST_IN_FILE = 300
MOST_IN_FUNCTION = 40
COMPILERS = {"njit", "borrowing", "part", "borrowing_part", "register_jitable", "inlined"}
REASON = "One long "  # with which a compiled loop begins to say why it is longer


def long_functions(source: str) -> Iterator[str]:
    """Yield the functions with too many lines, the signature and the docstring left out."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef):
            continue
        body = node.body[1:] if ast.get_docstring(node) else node.body
        if not body or body[-1].end_lineno - body[0].lineno < MOST_IN_FUNCTION:
            continue
        words = {
            part.id for one in node.decorator_list for part in ast.walk(one) if hasattr(part, "id")
        }
        first = min(one.lineno for one in [node, *node.decorator_list])
        while lines[first - 2].startswith("#"):
            first -= 1
        if not words & COMPILERS or REASON not in "\n".join(lines[first - 1 : body[0].lineno]):
            yield node.name


@pytest.mark.parametrize("file", SOURCES)
def test_files_and_functions_are_short(file):
    """A function fits on a page and a file on some; a compiled loop that does not says why."""
    assert list(long_functions(SOURCES[file])) == []
    assert len(SOURCES[file].splitlines()) <= MOST_IN_FILE


def test_planted_long_function_is_found():
    """Neither a docstring counts nor a signature, and only a reason lets a compiled loop pass."""
    lines = "\n".join(["    x = 1"] * MOST_IN_FUNCTION)
    short = f'def f(\n    a,\n    b,\n):\n    """Do.\n\n    More.\n    """\n{lines}\n'
    assert list(long_functions(short)) == []
    assert list(long_functions(short + "    return x\n")) == ["f"]
    assert list(long_functions("@njit\n" + short + "    return x\n")) == ["f"]
    assert list(long_functions("# One long loop.\n" + short + "    return x\n")) == ["f"]
    assert (
        list(long_functions("# One long loop.\n@njit(cache=True)\n" + short + "    return x\n"))
        == []
    )
