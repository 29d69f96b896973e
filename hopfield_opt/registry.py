"""Find the classes of a folder, one file each, and those that other packages add to them."""

import importlib
import pkgutil
import re
import warnings
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from hopfield_opt.errors import HopfieldWarning, InputError, unknown_attribute, unknown_name


def spelled(name: str) -> str:
    """Return the name of a class as people type it.

    Parameters
    ----------
    name : str
        The name in Python.

    Examples
    --------
    >>> spelled("GraphColoring")
    'graph-coloring'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


class Registry:
    """The named classes in the modules of a package.

    A class belongs to it if it is defined there and has a `name`, the one that people type.
    Another package adds a class of its own by an entry point of the same name in the group that
    is called as this package; a name of ours cannot be taken. What Python calls GraphColoring is
    graph-coloring where people type, too, whatever shorter name it has.

    Parameters
    ----------
    package : str
        The dotted name of the package.
    kind : str
        What its classes are called in messages.
    """

    def __init__(self, package: str, kind: str) -> None:
        self._package = package
        self._kind = kind

    def _modules(self) -> list[str]:
        path = importlib.import_module(self._package).__path__
        return sorted(item.name for item in pkgutil.iter_modules(path) if not item.ispkg)

    def _classes(self, module: str) -> dict[str, type[Any]]:
        loaded = importlib.import_module(f"{self._package}.{module}")
        return {
            key: value
            for key, value in vars(loaded).items()
            if isinstance(value, type)
            and value.__module__ == loaded.__name__
            and isinstance(getattr(value, "name", None), str)
        }

    def _own_classes(self) -> dict[str, type[Any]]:
        classes = [cls for module in self._modules() for cls in self._classes(module).values()]
        return {str(cls.name): cls for cls in classes}

    def _entry_points(self) -> dict[str, EntryPoint]:
        return {entry.name: entry for entry in entry_points(group=self._package)}

    def available(self) -> dict[str, type[Any]]:
        """Return every class by the name that people type, in alphabetical order.

        A class of another package that cannot be loaded is left out with a warning.
        """
        found = self._own_classes()
        for name, entry in self._entry_points().items():
            if name not in found:
                try:
                    found[name] = self._load(entry)
                except InputError as error:
                    warnings.warn(str(error), HopfieldWarning, stacklevel=2)
        return dict(sorted(found.items()))

    def _load(self, entry: EntryPoint) -> type[Any]:
        try:
            loaded: type[Any] = entry.load()
        except Exception as error:
            raise InputError(
                f"{self._kind} {entry.name} must be loadable from {entry.value}, got {error!r}. "
                "Reinstall the package that it is from."
            ) from error
        return loaded

    def find(self, name: str) -> type[Any]:
        """Return the class that people call `name`: `max-cut` is first looked for in `max_cut`."""
        own = name.replace("-", "_")
        for module in sorted(self._modules(), key=lambda module: module != own):
            for found in self._classes(module).values():
                if name in (found.name, spelled(found.__name__)):
                    return found
        if name in (added := self._entry_points()):
            return self._load(added[name])
        raise unknown_name(self._kind, name, self.available(), map(spelled, self.own_names()))

    def attribute(self, name: str) -> type[Any]:
        """Return a class by its Python name; `MaxCut` is looked for in `max_cut.py` first."""
        own = spelled(name).replace("-", "_")
        modules = self._modules() if name[:1].isupper() else []
        for module in sorted(modules, key=lambda module: module != own):
            if name in (classes := self._classes(module)):
                return classes[name]
        raise unknown_attribute(self._package, name, self._words() if modules else {})

    def _words(self) -> dict[str, str]:
        """Return what the words of Python, and of the command line, are called in Python."""
        found = {cls.__name__: cls.__name__ for cls in self._own_classes().values()}
        for name, cls in self._own_classes().items():
            found.setdefault(name.replace("-", ""), cls.__name__)
        return found

    def own_names(self) -> list[str]:
        """Return the Python names of our own classes."""
        return sorted(cls.__name__ for cls in self._own_classes().values())
