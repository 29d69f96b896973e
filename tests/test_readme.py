"""What the README shows is true: its Python runs, its commands exist, its files are there."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from hopfield_opt.cli import app

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(*languages: str) -> list[str]:
    """Return the fenced blocks in one of the languages, in order."""
    found = re.findall(r"^```(\w*)[^\n]*\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)
    return [text for language, text in found if language in languages]


def commands(program: str) -> list[list[str]]:
    """Return the words after the program's name in each command line that calls it."""
    text = "\n".join(blocks("console", "bash", "sh", "shell")).replace("\\\n", " ")
    lines = [line.removeprefix("$ ") for line in text.replace("&&", "\n").splitlines()]
    calls = [shlex.split(line, comments=True) for line in lines]
    return [words[1:] for words in calls if words[:1] == [program]]


def test_python_blocks_run(tmp_path, monkeypatch):
    """The blocks run one after another, as in one session; they may write files."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    session = {"__name__": "__main__"}
    for number, block in enumerate(blocks("python"), start=1):
        exec(compile(block, f"README.md, block {number}", "exec"), session)
    assert "hopfield_opt" in README


def test_readme_has_commands():
    """A newcomer finds a line to install, one to solve and one to test."""
    assert ["install", "."] in commands("pip")
    assert any(words[0] == "solve" for words in commands("hopfield-opt"))
    assert commands("pytest")


@pytest.mark.parametrize("words", commands("hopfield-opt"), ids=" ".join)
def test_command_can_be_parsed(words):
    """Command, options and values are what the command line takes; named files exist."""
    group = typer.main.get_command(app)
    with group.make_context("hopfield-opt", words[:1]) as context:
        command = group.get_command(context, words[0])
        parsed = command.make_context(words[0], words[1:], parent=context).params
    file = parsed.get("file")
    assert file is None or (ROOT / file).is_file()


def test_linked_files_exist():
    """Relative links and pictures lead somewhere."""
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []
