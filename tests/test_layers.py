"""Imports of the package point downwards only, as in the table of CONTRIBUTING.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the top. A module imports from lines below its own, and from its own package.
LAYERS = (
    "__main__",
    "cli",
    "__init__",  # the facade `hopfield_opt`: only the outermost modules may go through it
    "interop",
    "comparison memory testing",
    "driver",
    "problems dynamics",
    "compiler learning bounds baselines moves plot",
    "data model result",
    "hamiltonian io physics trace",
    "couplings groups",
    "answers array_files arrays tour_moves xoshiro",
    "arguments border exactness files highs jit printing registry rng",
    "frames kernel_files",
    "deadline errors signals",
)
LEVEL = {name: -row for row, names in enumerate(LAYERS) for name in names.split()}


def modules() -> Iterator[tuple[str, str]]:
    """Yield the dotted name below `hopfield_opt` and the source of every module."""
    package = ROOT / "hopfield_opt"
    for folder, prefix in ((package, ""), (ROOT / "problems", "problems.")):
        for path in sorted(folder.rglob("*.py")):
            inside = path.relative_to(folder)
            if prefix or inside.parts[0] != "problems":
                yield prefix + ".".join(inside.with_suffix("").parts), path.read_text("utf-8")


def imports_of(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and top-level module of each import of ours, those inside functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            names = ["hopfield_opt.<relative>"]
        elif isinstance(node, ast.ImportFrom) and node.module == "hopfield_opt":
            # `from hopfield_opt import io` is that module, any other name is the facade
            names = [
                f"hopfield_opt.{alias.name}" if alias.name in LEVEL else "hopfield_opt"
                for alias in node.names
            ]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        for parts in (name.split(".") for name in names):
            if parts[0] == "hopfield_opt":
                yield node.lineno, parts[1] if len(parts) > 1 else "__init__"
            elif parts[0] == "problems":
                yield node.lineno, "<problems without hopfield_opt>"


def upward(module: str, source: str) -> list[str]:
    """Return a sentence for each import in `module` that does not point downwards."""
    own = module.split(".")[0]
    if own not in LEVEL:
        return [f"{module}: not in the table of layers"]
    return [
        f"{module}:{line} imports {other}"
        for line, other in imports_of(source)
        if other != own and (other not in LEVEL or LEVEL[other] >= LEVEL[own])
    ]


def test_the_table_of_contributing_is_this_one():
    """CONTRIBUTING.md shows the same layers; the facade, which is on top of all, is left out."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    _, table = text.split("## Where things are: the layers")[1].split("```")[:2]
    lines = [line.split("   ")[0] for line in table.strip().splitlines()]
    shown = [re.findall(r"\w+", line) for line in lines]
    assert shown == [names.split() for names in LAYERS if not names.startswith("__")]


@pytest.mark.parametrize(
    ("module", "source"), [pytest.param(name, text, id=name) for name, text in modules()]
)
def test_imports_point_downwards(module, source):
    """No module imports from its own line of the table or from above."""
    assert upward(module, source) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("errors", "import hopfield_opt.hamiltonian"),
        ("couplings", "from hopfield_opt.hamiltonian import Hamiltonian"),
        ("hamiltonian", "from hopfield_opt.io import graphs"),
        ("model.expression", "def f():\n    from hopfield_opt.compiler import compile"),
        ("problems.max_cut", "from hopfield_opt.driver import solve"),
        ("problems.max_cut", "from hopfield_opt import driver"),
        ("problems.max_cut", "import hopfield_opt as ho"),
        ("problems.max_cut", "from hopfield_opt import solve"),
        ("problems.max_cut", "from hopfield_opt.dynamics import Asynchronous"),
        ("dynamics.annealing", "from hopfield_opt.problems import MaxCut"),
        ("dynamics.annealing", "from . import base"),
        ("dynamics.annealing", "from problems import MaxCut"),
        ("plot.cuts", "from hopfield_opt.driver import solve"),
        ("newcomer", "import numpy"),
    ],
)
def test_planted_import_is_found(module, source):
    """The check finds an import that points upwards or sideways, wherever it stands."""
    assert len(upward(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("hamiltonian", "from hopfield_opt.couplings import Explicit"),
        ("dynamics.annealing", "from hopfield_opt.dynamics.base import Dynamics"),
        ("cli", "from hopfield_opt import __version__, io\nimport hopfield_opt.driver"),
        ("problems.max_cut", "import numpy\nfrom hopfield_opt import io"),
    ],
)
def test_downward_import_passes(module, source):
    """The check is silent about imports that point downwards or stay inside a package."""
    assert upward(module, source) == []


# The same inside of two packages. What stands on one line imports nothing from its neighbours.
INSIDE = {
    "moves": (
        "__init__",
        "rounds integer_program",
        "single groups chains permutation potts conflicts multilevel",
        "repair keeping",
        "base decisions known plans graded_steps all_states exact_rows rounding_free",
    ),
    "dynamics": ("__init__ *", "parts", "base"),
}


def find_unordered(module: str, source: str) -> list[str]:
    """Return a sentence for each import that does not point downwards inside of its package."""
    package, *rest = module.split(".")
    if package not in INSIDE:
        return []
    rows = {name: row for row, names in enumerate(INSIDE[package]) for name in names.split()}

    def place(name: str) -> int:
        return rows.get(name, rows.get("*", -1))

    own = rest[0] if rest else "__init__"
    found = [] if place(own) >= 0 else [f"{module}: not in the table of rooms"]
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        names = node.module.split(".")[1:]
        if names == [package]:  # a module of the package, or a name of its own file
            others = [a.name if place(a.name) >= 0 else "__init__" for a in node.names]
        elif names[:1] == [package]:
            others = [names[1]]
        else:
            continue
        below = [place(other) > place(own) for other in others]
        same = ["*" in INSIDE[package][place(own)] or other == own for other in others]
        found += [
            f"{module}:{node.lineno} imports {other}"
            for other, lower, free in zip(others, below, same, strict=True)
            if not lower and not (free and place(other) == place(own))
        ]
    return found


@pytest.mark.parametrize(
    ("module", "source"), [pytest.param(name, text, id=name) for name, text in modules()]
)
def test_rooms_are_in_order(module, source):
    """Inside of moves and dynamics imports point downwards, too, and rooms know no other room."""
    assert find_unordered(module, source) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("moves.single.kept", "from hopfield_opt.moves.groups.grouped import GroupedLayout"),
        ("moves.groups.grouped", "from hopfield_opt.moves import layout_of"),
        ("moves.base", "from hopfield_opt.moves import single"),
        ("moves.newcomer", "import numpy"),
        ("dynamics.parts.replicas", "from hopfield_opt.dynamics.tabu import TabuSearch"),
        ("dynamics.base", "from hopfield_opt.dynamics.parts.replicas import Replicas"),
    ],
)
def test_planted_disorder_is_found(module, source):
    """The check finds what points upwards or from room to room."""
    assert len(find_unordered(module, source)) == 1
