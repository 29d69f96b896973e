"""Optimisation with Hopfield networks: a cost or a graph goes in, a checked answer comes out.

Every name is loaded on first use, so that ``import hopfield_opt`` costs next to nothing.

Examples
--------
>>> import networkx as nx
>>> import hopfield_opt as ho
>>> ho.solve(ho.problems.MaxCut(nx.cycle_graph(4)), seed=0).value
4.0
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hopfield_opt import data as data
    from hopfield_opt import dynamics as dynamics
    from hopfield_opt import interop as interop
    from hopfield_opt import io as io
    from hopfield_opt import plot as plot
    from hopfield_opt import problems as problems
    from hopfield_opt import testing as testing
    from hopfield_opt.bounds import Certificate as Certificate
    from hopfield_opt.bounds import bound as bound
    from hopfield_opt.comparison import compare as compare
    from hopfield_opt.compiler import Compiled as Compiled
    from hopfield_opt.compiler import compile as compile
    from hopfield_opt.driver import run as run
    from hopfield_opt.driver import solve as solve
    from hopfield_opt.driver import solve_many as solve_many
    from hopfield_opt.driver import submit as submit
    from hopfield_opt.hamiltonian import Hamiltonian as Hamiltonian
    from hopfield_opt.hamiltonian import Network as Network
    from hopfield_opt.memory import AssociativeMemory as AssociativeMemory
    from hopfield_opt.memory import DenseAssociativeMemory as DenseAssociativeMemory
    from hopfield_opt.model import Model as Model
    from hopfield_opt.result import Result as Result
    from hopfield_opt.result import Status as Status

__version__ = "0.1.0"

# the same list for the interpreter: where each public name lives; a module stands for itself
_HOME = {
    "AssociativeMemory": "memory",
    "Certificate": "bounds",
    "Compiled": "compiler",
    "DenseAssociativeMemory": "memory",
    "Hamiltonian": "hamiltonian",
    "Model": "model",
    "Network": "hamiltonian",
    "Result": "result",
    "Status": "result",
    "bound": "bounds",
    "compare": "comparison",
    "compile": "compiler",
    "data": "data",
    "dynamics": "dynamics",
    "interop": "interop",
    "io": "io",
    "plot": "plot",
    "problems": "problems",
    "run": "driver",
    "solve": "driver",
    "solve_many": "driver",
    "submit": "driver",
    "testing": "testing",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    """Load a public name on first use (PEP 562) and keep it."""
    if name not in _HOME:
        errors = importlib.import_module("hopfield_opt.errors")
        raise errors.unknown_attribute(__name__, name, {own: own for own in _HOME})
    home = importlib.import_module(f"hopfield_opt.{_HOME[name]}")
    found = home if name == _HOME[name] else getattr(home, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Return the public names, loaded or not."""
    return sorted({*globals(), *__all__})
