"""Write the pages that follow from the code: the problems and the names of the API.

They go to docs/generated/, which is not committed, before sphinx looks for its sources.
"""

import importlib
import inspect
import pkgutil
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpydoc.docscrape import NumpyDocString
from site_formulas import FORMULAS
from sphinx.application import Sphinx
from sphinx.config import Config

import hopfield_opt as ho
from hopfield_opt import testing
from hopfield_opt.io import patterns

HERE = Path(__file__).resolve().parent
GENERATED = HERE / "generated"

# how large an instance makes a picture that can be read; 12 where nothing is said
SIZES = {"image-restoration": 24, "queens": 8, "number-partition": 9}
# what a command line needs where a file alone is not enough
SOURCES = {"queens": "--random n=8", "memory": "FILE --set cue=FILE"}

ABOUT_PROBLEMS = """\
`hopfield-opt problems` lists them, and each can be solved from the command line: `hopfield-opt
solve NAME FILE`, or with `--random n=50` instead of a file. In Python it is a class; follow the
link to its parameters, `random`, `read`, `evaluate` and `plot`. The pictures are answers to small
instances; `network` says what the pictured one was compiled to, and which constraints the moves
keep (:doc:`/concepts`). `compared with` is what `compare` runs next to ours, some of it only on
small instances. :doc:`/file_formats` shows a sample of each format.

What is missing here can be stated as :doc:`a model </concepts>`, or becomes a problem of its own
:doc:`in 60 lines </adding_a_problem>`."""

# the packages in the order in which a reader needs them: (name, what it is for)
PACKAGES = (
    ("hopfield_opt", "What `import hopfield_opt as ho` gives."),
    ("hopfield_opt.model", "What a `Model` is written with."),
    ("hopfield_opt.problems", "The problems; :doc:`/generated/problems` shows them."),
    ("hopfield_opt.problems.base", "What a problem has, and the small objects that it returns."),
    ("hopfield_opt.dynamics", "The dynamics; :doc:`/choosing_a_dynamics` says when to take which."),
    ("hopfield_opt.dynamics.base", "What a dynamics has."),
    ("hopfield_opt.dynamics.parts.schedule", "Temperatures and betas over time."),
    ("hopfield_opt.groups", "The constraints that moves keep."),
    ("hopfield_opt.couplings", "The terms that weights are a sum of."),
    ("hopfield_opt.trace", "What a result carries of the way."),
    ("hopfield_opt.comparison", "What `compare` returns."),
    ("hopfield_opt.memory", "Memories besides the two above, and what they return."),
    ("hopfield_opt.memory.experiments", "Capacity, basins of attraction, phase diagrams."),
    ("hopfield_opt.memory.noise", "Cues with errors."),
    ("hopfield_opt.learning", "Rules from patterns to weights."),
    ("hopfield_opt.physics", "Formulas and observables, one module each."),
    ("hopfield_opt.plot", "One function for each picture: `(..., ax=None)` to Axes."),
    ("hopfield_opt.io", "Readers, writers, and graphs from whatever the user has."),
    ("hopfield_opt.testing", "Checks of problems and dynamics of your own."),
    ("hopfield_opt.errors", "What is raised."),
)

# modules that only serve their neighbours
INTERNAL = ("hopfield_opt.physics.gaussian", "hopfield_opt.physics.gray_code")


def write(name: str, lines: list[str]) -> None:
    """Write a generated page, unless it already says the same (sphinx would read it again)."""
    path, text = GENERATED / name, "\n".join(lines) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")


def heading(title: str, line: str = "-") -> list[str]:
    """Return a heading."""
    return ["", title, line * len(title), ""]


def instance(name: str, kind: type[Any]) -> Any:
    """Return the problem that is shown: a small random one, but letters for a memory."""
    if name != "memory":
        return kind.random(SIZES.get(name, 12), seed=1)
    letters = patterns.read(HERE.parent / "hopfield_opt" / "data" / "letters_8.txt")[:3]
    noise = np.random.default_rng(0).random(letters[0].shape) < 0.25
    return kind(letters, np.where(noise, -letters[0], letters[0]))


def draw(problem: Any, path: Path) -> None:
    """Solve a problem and save the picture that it makes of its answer."""
    result = ho.solve(problem, sweeps=200, seed=0, progress=False)
    figure = Figure(figsize=(5, 3.75), layout="constrained")
    problem.plot(result.answer, ax=figure.add_subplot())
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=160, bbox_inches="tight")


def network(problem: Any) -> str:
    """Return the size of what a problem is compiled to, and the groups that the moves keep."""
    hamiltonian = ho.compile(problem, presolve="off").hamiltonian
    kinds = Counter(type(group).__name__ for group in hamiltonian.groups)
    return ", ".join([f"{hamiltonian.num_spins} spins", *(f"{n} {k}" for k, n in kinds.items())])


def problem_rows(name: str, kind: type[Any], problem: Any) -> dict[str, str]:
    """Return the facts of a problem by what they are."""
    exact = {baseline.name: baseline.exact for baseline in problem.baselines()}
    formats = getattr(kind, "formats", ())
    return {
        "class": f":class:`~hopfield_opt.problems.{kind.__name__}`, {problem.sense}",
        "network": network(problem),
        "command": f"`hopfield-opt solve {name} {SOURCES.get(name, 'FILE')}`",
        "files": ", ".join(f"`{key} <../file_formats.html#{key}>`__" for key in formats),
        "compared with": ", ".join(f"{key} (exact)" if exact[key] else key for key in exact),
        "bounds": ", ".join(bound.name for bound in getattr(problem, "relaxations", tuple)()),
    }


def statement(name: str, doc: NumpyDocString) -> list[str]:
    """Return the formula and its legend, or the words of the docstring where there is none."""
    if name not in FORMULAS:
        return list(doc["Extended Summary"])
    formula, legend = FORMULAS[name]
    return [f".. math:: {formula}", "", legend]


def problem_section(name: str, kind: type[Any]) -> list[str]:
    """Return what a problem asks for, its picture, and what it is compared with."""
    doc = NumpyDocString(inspect.getdoc(kind) or "")
    problem = instance(name, kind)
    path = GENERATED / "pictures" / f"{name}.png"
    if not path.exists():
        draw(problem, path)
    rows = problem_rows(name, kind, problem)
    return [
        *heading(name),
        *doc["Summary"],
        "",
        *statement(name, doc),
        "",
        f".. image:: pictures/{name}.png",
        f"   :alt: an answer to a small instance of {name}",
        "   :class: problem",
        "",
        *(f":{key}: {value}" for key, value in rows.items() if value),
        "",
        *(["From", *doc["References"], ""] if doc["References"] else []),
    ]


def write_problems() -> None:
    """Write the page of all problems."""
    lines = [*heading("Problems", "="), ABOUT_PROBLEMS]
    for name, kind in ho.problems.available().items():
        if kind.__module__.startswith("hopfield_opt."):
            lines += problem_section(name, kind)
    write("problems.rst", lines)


def names(module: ModuleType) -> list[str]:
    """Return the public functions and classes of a module: those it lists, else its own.

    What `hopfield_opt` itself has is described there.
    """
    found = getattr(module, "__all__", None) or (dir(module) if is_registry(module) else None)
    if found is None:
        found = [
            key
            for key, value in vars(module).items()
            if getattr(value, "__module__", None) == module.__name__
        ]
    # checks of arguments are of no use outside, but for those that are the purpose of a module
    hidden = ("_",) if module is testing else ("_", "check_")
    public = [key for key in found if not key.startswith(hidden)]
    above = () if module is ho else [getattr(ho, key) for key in ho.__all__]
    things = {key: getattr(module, key) for key in public}
    return sorted(key for key in things if callable(things[key]) and things[key] not in above)


def is_registry(module: ModuleType) -> bool:
    """Say whether a package finds its classes by itself."""
    return hasattr(module, "available")


def modules(package: str) -> Iterator[ModuleType]:
    """Yield the package, or its modules where they are what people import from."""
    module = importlib.import_module(package)
    if names(module):
        yield module
    elif hasattr(module, "__path__"):
        for item in pkgutil.iter_modules(module.__path__, f"{package}."):
            if item.name not in INTERNAL:
                yield importlib.import_module(item.name)


def write_api() -> None:
    """Write the page of all public names."""
    lines = [*heading("API", "="), "Whatever is not on this page may change without notice."]
    for package, purpose in PACKAGES:
        lines += [*heading(package), purpose, ""]
        for module in modules(package):
            if module.__name__ != package:
                lines += heading(module.__name__, "^")
                lines += [(inspect.getdoc(module) or "").partition("\n\n")[0], ""]
            lines += [f".. currentmodule:: {module.__name__}", ""]
            lines += [".. autosummary::", "   :toctree: api", "   :nosignatures:", ""]
            lines += [f"   {name}" for name in names(module)]
    write("api.rst", lines)


def generate(app: Sphinx, config: Config) -> None:
    """Write all pages."""
    matplotlib.use("Agg")
    # pages of names that are gone would be in no table of contents
    shutil.rmtree(GENERATED / "api", ignore_errors=True)
    write_problems()
    write_api()


def initials(app: Sphinx, kind: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Keep an author's first initial at the start of a line from becoming item A of a list."""
    lines[:] = [re.sub(r"^(\s*)(?=[A-Z]\. )", r"\1\\", line) for line in lines]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the step; later ones come after the list of sources was made."""
    app.connect("config-inited", generate)
    app.connect("autodoc-process-docstring", initials)
    return {"parallel_read_safe": True}
