"""What README and docs/ show is true: Python and commands run, and print what they say."""

import ast
import doctest
import re
import runpy
import shlex
import sys
import tomllib
import types
from pathlib import Path

import networkx as nx
import pytest

from hopfield_opt import dynamics, problems
from hopfield_opt.cli import main

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
README = ROOT / "README.md"
DOCUMENTS = [README, ROOT / "CONTRIBUTING.md", ROOT / "examples" / "README.md"]
DOCUMENTS += sorted(DOCS.glob("*.md"))
# what they show needs packages that are optional
WITH_HOSTS = ("ecosystem.md", "service.md")
every_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix()
)
SHELLS = ("console", "bash", "sh", "shell")


def blocks(document: Path, *languages: str) -> list[str]:
    """Return the fenced blocks in one of the languages, in order."""
    found = re.findall(r"^```(\w*)[^\n]*\n(.*?)^```", document.read_text("utf-8"), re.S | re.M)
    return [text for language, text in found if language in languages]


def block_after(document: Path, block: str) -> str | None:
    """Return the block of text that stands directly below a block, if there is one."""
    _, _, below = document.read_text("utf-8").partition(f"{block}```\n")
    found = re.match(r"\n```text\n(.*?)^```", below, re.S | re.M)
    return found and found[1]


def agree(shown: str, printed: str) -> bool:
    """Compare as doctest does, `...` standing for anything; times are those of one machine."""
    shown, printed = (re.sub(r"\d+\.?\d* s\b", "T s", text) for text in (shown, printed))
    # said where the cache is empty
    printed = printed.replace("; before that T s to compile kernels, kept for later runs", "")
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return doctest.OutputChecker().check_output(shown, printed, flags)


def commands(text: str, program: str) -> list[list[str]]:
    """Return the words after the program's name in each command line that calls it."""
    lines = text.replace("\\\n", " ").replace("&&", "\n").splitlines()
    calls = [shlex.split(line.strip().removeprefix("$ "), comments=True) for line in lines]
    return [words[1:] for words in calls if words[:1] == [program]]


class Prints:
    """A `print` that keeps what it was given, by the line that it was called on."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []

    def __call__(self, *values: object) -> None:
        """Keep one line."""
        self.lines.append((sys._getframe(1).f_lineno, " ".join(map(str, values))))

    def untrue(self, block: str) -> list[str]:
        """Return the comments behind one-line calls that say something else than was printed.

        A comment is what is printed, and may go on after a colon.
        """
        said = {
            number: found[1]
            for number, line in enumerate(block.splitlines(), 1)
            if (found := re.match(r"print\(.*\) +# (.*)", line))
        }
        return [
            f"{said[number]!r}, but {printed!r} was printed"
            for number, printed in self.lines
            if number in said and not f"{said[number]}:".startswith(f"{printed}:")
        ]


@every_document
def test_python_blocks_run(document, tmp_path, monkeypatch):
    """The blocks of a document run as one module, and print what their comments say."""
    if document.name == "ecosystem.md" and "hopfield" not in nx.utils.backends.backends:
        pytest.skip("the installed package is older than its entry points: pip install -e .")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    # a module of its own: its classes can be pickled
    session = types.ModuleType(f"the_blocks_of_{document.stem}")
    monkeypatch.setitem(sys.modules, session.__name__, session)
    missing: list[str] = []  # hosts that are optional
    for number, block in enumerate(blocks(document, "python"), start=1):
        session.print = prints = Prints()
        try:
            exec(compile(block, f"{document.name}, block {number}", "exec"), session.__dict__)
        except (ImportError, NameError) as error:
            # a name is missing where the block that makes it needs a host that is missing
            known = document.name in WITH_HOSTS
            if not known or (isinstance(error, NameError) and not missing):
                raise
            missing.append(str(error))
            continue
        assert prints.untrue(block) == []
        shown = block_after(document, block)
        assert shown is None or agree(shown, "\n".join(line for _, line in prints.lines))
    if missing:
        pytest.skip(f"some of what it shows is not installed: {missing}")


@every_document
def test_commands_run(document, tmp_path, monkeypatch, capsys):
    """The command lines end well, and print what is shown below them."""
    for path in ROOT.iterdir():  # as in the checkout, in which nothing that they write shall stay
        (tmp_path / path.name).symlink_to(path)
    monkeypatch.chdir(tmp_path)
    for block in blocks(document, *SHELLS):
        for words in commands(block, "hopfield-opt"):
            assert main(words) == 0
            shown = block_after(document, block)
            assert shown is None or agree(shown, capsys.readouterr().out)


def test_readme_has_commands():
    """A newcomer finds a line to install, one to solve and one to test."""
    text = "\n".join(blocks(README, *SHELLS))
    assert blocks(README, "python")
    assert ["install", "."] in commands(text, "pip")
    assert any(words[0] == "solve" for words in commands(text, "hopfield-opt"))
    assert commands(text, "pytest")


def anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub and the site make them."""
    titles = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@every_document
def test_links_lead_somewhere(document):
    """The files and headings that links and pictures name are there."""
    text = document.read_text("utf-8")
    links = re.findall(r"\]\(([^):]+)\)|src=\"([^\":]+)\"", text)
    # what the site makes of itself is checked where it is built
    links = [a or b for a, b in links if not a.startswith(("generated/", "gallery/"))]
    lost = []
    for link in links:
        name, _, anchor = link.partition("#")
        goal = document.parent / name if name else document
        if not goal.exists() or (anchor and anchor not in anchors(goal)):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize(
    ("page", "group", "lines"),
    [("adding_a_problem", "problems", 60), ("adding_a_dynamics", "dynamics", 80)],
)
def test_worked_examples_are_found(page, group, lines, tmp_path, monkeypatch, capsys):
    """The code is short, and installed with its entry point it is found and solves by its name."""
    document = DOCS / f"{page}.md"
    code = blocks(document, "python")[0]
    assert len(code.splitlines()) < lines
    (toml,) = blocks(document, "toml")
    entry_points = tomllib.loads(toml)["project"]["entry-points"]
    ((name, place),) = entry_points[f"hopfield_opt.{group}"].items()
    package, _, module = place.partition(":")[0].partition(".")
    info = tmp_path / f"{package}-1.0.dist-info"
    for folder in (tmp_path / package, info):
        folder.mkdir()
    (tmp_path / package / f"{module}.py").write_text(code)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[hopfield_opt.{group}]\n{name} = {place}\n")
    monkeypatch.syspath_prepend(tmp_path)

    assert main(["problems" if group == "problems" else "methods"]) == 0
    assert f"\n{name} " in capsys.readouterr().out
    problem, method = (name, "auto") if group == "problems" else ("max-cut", name)
    assert main(["solve", problem, "--random", "n=6", "--method", method, "--sweeps", "20"]) == 0
    for loaded in (package, f"{package}.{module}"):
        sys.modules.pop(loaded, None)


def test_every_method_is_explained():
    """The page on dynamics names each method."""
    text = (DOCS / "choosing_a_dynamics.md").read_text("utf-8")
    assert [name for name in dynamics.available() if f"`{name}`" not in text] == []


def test_every_problem_has_a_formula():
    """The page of problems shows each in mathematical notation."""
    formulas = runpy.run_path(str(DOCS / "site_formulas.py"))["FORMULAS"]
    assert set(formulas) == set(problems.available())


def test_every_example_is_in_a_lesson():
    """The page for teachers names each example, and none that is not there."""
    named = re.findall(r"\[(\w+\.py)\]", (DOCS / "teaching.md").read_text("utf-8"))
    there = [path.name for path in (ROOT / "examples").glob("*.py") if path.name[0] != "_"]
    assert sorted(named) == sorted(there)


def stops() -> list[tuple[str, str]]:
    """Return the file and the function of each stop of the page on the engine."""
    text = (DOCS / "engine.md").read_text("utf-8")
    return re.findall(r"`([\w/]+\.py)`,\s+`([\w.]+)`", text)


def definitions_of(file: Path) -> set[str]:
    """Return what a file defines: functions, classes, and what stands in these."""
    found = set()
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                name = part.target if isinstance(part, ast.AnnAssign) else part
                found.add(f"{node.name}.{getattr(name, 'id', getattr(name, 'name', ''))}")
    return found


@pytest.mark.parametrize(("file", "name"), stops())
def test_each_stop_in_the_engine_is_there(file, name):
    """The function stands in the file that the page names."""
    assert name in definitions_of(ROOT / "hopfield_opt" / file)


def test_both_ways_through_the_engine_are_short():
    """A reader walks at most twelve numbered stops for a cut, and for a tour."""
    text = (DOCS / "engine.md").read_text("utf-8")
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", text, re.M)]
    assert numbers == [*range(1, 9), 9, 10, 11, 9, 10, 11, 12]
