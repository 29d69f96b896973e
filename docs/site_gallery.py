"""Dress the gallery: the committed picture of each example, a heading, its command as code.

sphinx-gallery would run the scripts for their pictures. They take minutes, and the tests run
them anyway; so each page shows docs/pictures/examples/NAME.png, which `python examples/NAME.py
--output ...` has made.
"""

import re
import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

# the anchor of an example's page, and the first line of its docstring
_HEAD = re.compile(r"^(\.\. _sphx_glr_gallery_\w+\.py:\n+)(.+)\n", re.MULTILINE)
_PROSE = re.compile(r"^.*?(?=^\.\. GENERATED FROM)", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\n {4}(?=python examples/)", re.MULTILINE)


class AsListed:
    """The order of the examples: as README.md there lists them, then the rest."""

    def __init__(self, folder: str) -> None:
        self.text = (Path(folder) / "README.md").read_text("utf-8")

    def __call__(self, name: str) -> tuple[int, str]:
        """Return the key to sort by."""
        place = self.text.find(f"({name})")
        return (place if place >= 0 else len(self.text), name)


def picture(app: Sphinx, name: str) -> Path:
    """Return where sphinx-gallery looks for the first picture of an example."""
    return Path(app.srcdir) / "gallery" / "images" / f"sphx_glr_{name}_001.png"


def place_pictures(app: Sphinx) -> None:
    """Put the committed pictures where sphinx-gallery makes its thumbnails from."""
    # a page of an example that is gone would be in no table of contents
    shutil.rmtree(Path(app.srcdir) / "gallery", ignore_errors=True)
    for source in (Path(app.srcdir) / "pictures").rglob("*.png"):
        goal = picture(app, source.stem)
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, goal)


def dress(app: Sphinx, docname: str, source: list[str]) -> None:
    """Make a heading of the first line of an example, and show its picture."""
    folder, _, name = docname.partition("/")
    if folder != "gallery" or name == "index":
        return
    image = f"\n.. image:: images/{picture(app, name).name}\n   :alt: what the script draws\n"
    shown = image if picture(app, name).exists() else ""

    def heading(found: re.Match[str]) -> str:
        anchor, title = found.groups()
        title = title.removesuffix(".")
        return f"{anchor}{title}\n{'=' * len(title)}\n"

    def prose(found: re.Match[str]) -> str:
        # the docstrings are plain text: a bar or a star is itself
        text = _HEAD.sub(heading, re.sub(r"([|*])", r"\\\1", found[0]), count=1)
        return _COMMAND.sub("\n.. code-block:: console\n\n    ", text) + f"{shown}\n"

    source[0] = _PROSE.sub(prose, source[0], count=1)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the two steps; the first comes before the gallery is made."""
    app.connect("builder-inited", place_pictures, priority=100)
    app.connect("source-read", dress)
    return {"parallel_read_safe": True}
