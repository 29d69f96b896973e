"""Imports of the package point downwards only, as in the table of CONTRIBUTING.md."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the top. A module imports from lines below its own, and from its own package.
LAYERS = (
    "__main__",
    "cli lab interop",
    "__init__",  # the facade `hopfield_opt`: only the outermost modules may go through it
    "comparison memory testing",
    "driver",
    "problems dynamics",
    "compiler learning bounds baselines moves plot",
    "model result",
    "hamiltonian io physics trace",
    "couplings groups",
    "array_files arrays xoshiro",
    "arguments border exactness files jit registry rng",
    "kernel_files",
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


def imported(source: str) -> Iterator[tuple[int, str]]:
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
        for line, other in imported(source)
        if other != own and (other not in LEVEL or LEVEL[other] >= LEVEL[own])
    ]


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
