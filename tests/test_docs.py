"""What README and docs/ show is true: their Python runs, commands exist, files are there."""

import re
import shlex
import sys
import types
from pathlib import Path

import pytest
import typer

from hopfield_opt.cli import app

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
DOCUMENTS = [README, *sorted((ROOT / "docs").glob("*.md"))]
every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)


def blocks(document: Path, *languages: str) -> list[str]:
    """Return the fenced blocks in one of the languages, in order."""
    text = document.read_text("utf-8")
    found = re.findall(r"^```(\w*)[^\n]*\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    return [text for language, text in found if language in languages]


def commands(document: Path, program: str) -> list[list[str]]:
    """Return the words after the program's name in each command line that calls it."""
    text = "\n".join(blocks(document, "console", "bash", "sh", "shell")).replace("\\\n", " ")
    lines = [line.removeprefix("$ ") for line in text.replace("&&", "\n").splitlines()]
    calls = [shlex.split(line, comments=True) for line in lines]
    return [words[1:] for words in calls if words[:1] == [program]]


@every_document
def test_python_blocks_run(document, tmp_path, monkeypatch):
    """The blocks of a document run one after another, as one module; they may write files."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    # a module of its own: its classes can be pickled
    session = types.ModuleType(f"the_blocks_of_{document.stem}")
    monkeypatch.setitem(sys.modules, session.__name__, session)
    for number, block in enumerate(blocks(document, "python"), start=1):
        exec(compile(block, f"{document.name}, block {number}", "exec"), session.__dict__)


def test_readme_has_commands():
    """A newcomer finds a line to install, one to solve and one to test."""
    assert blocks(README, "python")
    assert ["install", "."] in commands(README, "pip")
    assert any(words[0] == "solve" for words in commands(README, "hopfield-opt"))
    assert commands(README, "pytest")


@pytest.mark.parametrize(
    "words", [words for path in DOCUMENTS for words in commands(path, "hopfield-opt")], ids=" ".join
)
def test_command_can_be_parsed(words):
    """Command, options and values are what the command line takes; named files exist."""
    group = typer.main.get_command(app)
    with group.make_context("hopfield-opt", words[:1]) as context:
        command = group.get_command(context, words[0])
        parsed = command.make_context(words[0], words[1:], parent=context).params
    files = [parsed.get("file"), *(parsed.get("files") or [])]
    assert [file for file in files if file is not None and not (ROOT / file).is_file()] == []


@every_document
def test_linked_files_exist(document):
    """Relative links and pictures lead somewhere."""
    links = re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8"))
    # what the site makes of itself is checked where it is built
    links = [link for link in links if not link.startswith(("generated/", "gallery/"))]
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_example_problem_is_short():
    """A problem takes fewer than 60 lines."""
    example = blocks(ROOT / "docs" / "adding_a_problem.md", "python")[0]
    assert len(example.splitlines()) < 60
