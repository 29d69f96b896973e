"""What the tests of the readers share: a file to write, and the ways to spoil one."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str | bytes], Path]:
    """Return a function that writes the one file of this session and returns its path."""
    path = tmp_path_factory.mktemp("readers") / "instance"

    def write(content: str | bytes) -> Path:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture(scope="session")
def spoiled() -> Callable[[str, random.Random], str]:
    """Return a function that edits a text at a few random places."""
    pieces = ["", " ", "\n", "-", ".", "1e999", "nan", "inf", "0", "99999999999999999999", "x", "#"]
    pieces += [
        "\t",
        "%",
        "1_0",
        "١",
        "\x0b",
        "\ufeff",
        "1 2\n",
        "\r",
        "0x1",
        "é",
        "_",
        "+1",
        "\x00",
    ]

    def edit(text: str, chance: random.Random) -> str:
        for _ in range(chance.randint(1, 4)):
            start = chance.randrange(len(text) + 1)
            end = min(len(text), start + chance.choice((0, 0, 1, 1, 2, 5, len(text))))
            text = text[:start] + chance.choice(pieces) + text[end:]
        return text

    return edit
