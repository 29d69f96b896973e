"""The package is quick to import, and what it promises is there."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import hopfield_opt

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("numba", "scipy", "networkx", "matplotlib", "cvxpy", "highspy", "rich")


@pytest.mark.parametrize("module", ["hopfield_opt", "hopfield_opt.cli"])
def test_import_loads_nothing_heavy(module, elsewhere):
    """Importing the package, or its command line, loads no module that takes long."""
    code = f"import sys, {module}; print([name for name in {HEAVY} if name in sys.modules])"
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, capture_output=True, timeout=60, **elsewhere)
    assert (run.stdout.strip(), run.stderr) == ("[]", "")


@pytest.mark.parametrize("name", hopfield_opt.__all__)
def test_public_name_resolves(name):
    """Every name of the public list can be had, is listed by dir(), and has a docstring."""
    assert getattr(hopfield_opt, name).__doc__
    assert name in dir(hopfield_opt)


def test_unknown_name_is_an_attribute_error():
    """A misspelt name fails as in any other module."""
    with pytest.raises(AttributeError, match="has no attribute 'solv'"):
        hopfield_opt.solv  # noqa: B018


def test_type_checkers_see_the_same_names():
    """The imports for type checkers name what the table names, from the same modules."""
    source = Path(hopfield_opt.__file__).read_text("utf-8")
    seen = {
        alias.asname: node.module.removeprefix("hopfield_opt").removeprefix(".") or alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module.startswith("hopfield_opt")
        for alias in node.names
    }
    assert seen == hopfield_opt._HOME


def test_no_module_hides_a_public_function():
    """A module with the name of a public function would replace it once it is imported."""
    functions = {name for name, home in hopfield_opt._HOME.items() if name != home}
    modules = {path.stem for path in (ROOT / "hopfield_opt").iterdir()}
    assert functions & modules == set()
