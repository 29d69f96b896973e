"""Find the place of a fault in the syntax of a program, and put the fault there.

A fault names a file, a function of it (with its class; none is the body of the module) and what it
replaces there, as code. Code is compared token by token: how lines are broken, indented, commented
or ended with a comma does not matter, and what stands in other functions neither.
"""

import ast
import contextlib
import functools
import io
import token
import tokenize
from pathlib import Path

Fault = dict[str, str]

LAYOUT = {
    token.NL,
    token.NEWLINE,
    token.INDENT,
    token.DEDENT,
    token.COMMENT,
    token.ENCODING,
    token.ENDMARKER,
}
# a comma before a closing bracket comes and goes with the length of the line
CLOSING = {")", "]", "}"}
OPEN = 8 * "("


class Misfit(Exception):
    """Say that a fault fits no place of its function, or several."""


def plant(root: Path, fault: Fault) -> str:
    """Return the source of the fault's file with the fault in it.

    Raises
    ------
    Misfit
        If there is no such function, if the code stands in it not just once, or if the new one
        makes no other program.
    """
    source = (root / fault["file"]).read_text("utf-8")
    first, last = _span(source, fault)
    program = _tokens(source)
    inside = [one for one in program if first <= one.start[0] <= last]
    # within brackets lines and indentation say nothing, and a fragment may close some
    old = [one.string for one in _tokens(OPEN + fault["old"])][len(OPEN) :]
    new, places = fault["new"].strip(), _places(inside, old)
    if old[-1:] == [","] and not places:
        old, new = old[:-1], new.rstrip(",")
        places = _places(inside, old)
    if len(places) != 1:
        raise Misfit(f"{fault['name']}: its code stands in {_where(fault)} {len(places)} times")
    begin, end = inside[places[0]], inside[places[0] + len(old) - 1]
    before, after = _around(source, begin.start, end.end)
    for code in (new, "pass"):  # a block of one statement must not be left with none
        try:
            changed = ast.parse(before + code + after)
        except SyntaxError:
            continue
        if ast.dump(changed) == ast.dump(ast.parse(source)):
            raise Misfit(f"{fault['name']}: it changes nothing in {_where(fault)}")
        return before + code + after
    raise Misfit(f"{fault['name']}: it makes no program of {_where(fault)}")


def _places(program: list[tokenize.TokenInfo], code: list[str]) -> list[int]:
    words = [one.string for one in program]
    last = len(words) - len(code) if code else -1
    return [k for k in range(last + 1) if words[k : k + len(code)] == code]


def function_at(source: str, line: int) -> str:
    """Return the name of the innermost function at a line, with what it stands in."""
    return _innermost(ast.parse(source), line)


def _innermost(node: ast.AST, line: int) -> str:
    for child in ast.iter_child_nodes(node):
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        if isinstance(child, kinds) and _first_line(child) <= line <= (child.end_lineno or 0):
            inner = _innermost(child, line)
            return f"{child.name}.{inner}" if inner else child.name
        if not isinstance(child, kinds) and (found := _innermost(child, line)):
            return found
    return ""


def _first_line(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    return min([node.lineno, *(one.lineno for one in node.decorator_list)])


def _where(fault: Fault) -> str:
    return f"{fault['function'] or 'the body'} of {fault['file']}"


def _span(source: str, fault: Fault) -> tuple[int, int]:
    """Return the first and the last line of the fault's function; of the file without one."""
    if not fault["function"]:
        return 1, source.count("\n") + 1
    spans = {}
    waiting: list[tuple[str, ast.AST]] = [("", ast.parse(source))]
    while waiting:
        prefix, node = waiting.pop()
        for child in ast.iter_child_nodes(node):
            name = prefix
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                name = f"{prefix}.{child.name}".lstrip(".")
                spans[name] = _first_line(child), child.end_lineno or child.lineno
            waiting.append((name, child))
    if fault["function"] not in spans:
        raise Misfit(f"{fault['name']}: there is no {_where(fault)}")
    return spans[fault["function"]]


@functools.cache
def _tokens(code: str) -> list[tokenize.TokenInfo]:
    """Return the tokens of code that may be a fragment, without those that are layout."""
    found: list[tokenize.TokenInfo] = []
    with contextlib.suppress(tokenize.TokenError):  # a fragment may end within a bracket
        found.extend(tokenize.generate_tokens(io.StringIO(code).readline))
    found = [one for one in found if one.type not in LAYOUT]
    kept = []
    for one, after in zip(found, [*found[1:], None], strict=True):
        if one.string == "," and after is not None and after.string in CLOSING:
            continue
        kept.append(one)
    return kept


def _around(source: str, start: tuple[int, int], end: tuple[int, int]) -> tuple[str, str]:
    """Return what stands before a place of the source and behind it."""
    lines = source.splitlines(keepends=True)
    before = "".join(lines[: start[0] - 1]) + lines[start[0] - 1][: start[1]]
    return before, lines[end[0] - 1][end[1] :] + "".join(lines[end[0] :])
