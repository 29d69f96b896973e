"""Find the classes of a folder: one file each, known by name, loaded when asked for."""

import importlib
import pkgutil
import re
from typing import Any

from hopfield_opt.errors import unknown


class Registry:
    """The named classes in the modules of a package.

    A class belongs to it if it is defined there and has a `name`, the one that people type.

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

    def available(self) -> dict[str, type[Any]]:
        """Return every class by the name that people type, in alphabetical order."""
        found = [cls for module in self._modules() for cls in self._classes(module).values()]
        return {cls.name: cls for cls in sorted(found, key=lambda cls: str(cls.name))}

    def named(self, name: str) -> type[Any]:
        """Return the class that people call `name`: `max-cut` is first looked for in `max_cut`."""
        own = name.replace("-", "_")
        for module in sorted(self._modules(), key=lambda module: module != own):
            for found in self._classes(module).values():
                if found.name == name:
                    return found
        raise unknown(self._kind, name, self.available())

    def attribute(self, name: str) -> type[Any]:
        """Return a class by its Python name; `MaxCut` is looked for in `max_cut.py` first."""
        own = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        modules = self._modules() if name[:1].isupper() else []
        for module in sorted(modules, key=lambda module: module != own):
            if name in (classes := self._classes(module)):
                return classes[name]
        raise AttributeError(f"module {self._package!r} has no attribute {name!r}")

    def listed(self) -> list[str]:
        """Return the Python names of all classes."""
        return sorted(cls.__name__ for cls in self.available().values())
