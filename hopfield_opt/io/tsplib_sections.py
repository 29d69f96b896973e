"""The parts of a TSPLIB file: `KEYWORD : value` lines, and sections of lines.

G. Reinelt, "TSPLIB 95" (1995), section 1.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from hopfield_opt.errors import ReadError
from hopfield_opt.io import text

COORDINATES, WEIGHTS, DISPLAY = "NODE_COORD_SECTION", "EDGE_WEIGHT_SECTION", "DISPLAY_DATA_SECTION"
FIXED, TOUR = "FIXED_EDGES_SECTION", "TOUR_SECTION"
SECTIONS = (COORDINATES, WEIGHTS, DISPLAY, FIXED, TOUR)
END = "-1"  # of a list whose length is nowhere said


@dataclass(frozen=True)
class Sections:
    """The parts of a file: values with their lines, and sections as numbered lines."""

    path: text.PathName
    last: int
    header: dict[str, tuple[int, str]]
    sections: dict[str, tuple[int, list[tuple[int, str]]]]

    def choice(self, key: str, options: tuple[str, ...], default: str | None = None) -> str:
        """Return a value of the header that begins with one of some words; a remark may follow."""
        if key not in self.header and default is not None:
            return default
        line, value = self.require(key)
        word = value.partition(" ")[0].partition("(")[0].upper()
        if word not in options:
            message = f"{key} must be one of {', '.join(options)}, got {text.show_token(value)}."
            raise ReadError(self.path, line, message)
        return word

    def size(self) -> int:
        """Return the number of cities."""
        line, value = self.require("DIMENSION")
        return text.count(self.path, line, "DIMENSION", value)

    def require(self, key: str) -> tuple[int, str]:
        """Return line and value of a keyword."""
        if key not in self.header:
            message = f"file must have a line '{key} : ...', got none. Is it a TSPLIB file?"
            raise ReadError(self.path, self.last, message)
        return self.header[key]

    def section(self, name: str) -> tuple[int, list[tuple[int, str]]]:
        """Return the line of a section's name and the lines in it."""
        if name not in self.sections:
            message = f"file must have a section {name}, got none. Is it cut off?"
            raise ReadError(self.path, self.last, message)
        return self.sections[name]

    def read_list(self, name: str) -> Iterator[tuple[int, str]]:
        """Yield line and word of a list that -1 ends, or the end of the section."""
        ended = False
        for line, content in self.section(name)[1]:
            for word in content.split():
                if ended and word != END:
                    message = f"{name} must end with {END}, got {text.show_token(word)} behind it."
                    raise ReadError(self.path, line, message)
                ended = ended or word == END
                if not ended:
                    yield line, word


def split(path: text.PathName) -> Sections:
    """Split a file into its header and its sections.

    Raises
    ------
    ReadError
        If a line belongs to neither.
    """
    # names and remarks are often older than UTF-8
    lines = text.read_lines(path, encoding="latin-1")
    header: dict[str, tuple[int, str]] = {}
    sections: dict[str, tuple[int, list[tuple[int, str]]]] = {}
    body: list[tuple[int, str]] | None = None
    for line, content in enumerate(lines, 1):
        word, colon, value = (part.strip() for part in content.partition(":"))
        bare = text.COMMENT_BEHIND_BLANK.sub("", content)
        if word == "EOF":
            break
        if word in SECTIONS:
            if word in sections:
                raise ReadError(path, line, f"section must stand once, got a second {word}.")
            body = []
            sections[word] = (line, body)
        elif not bare.strip():
            continue
        elif word and (word[0].isalpha() or colon):
            if not colon or word.endswith("_SECTION"):
                _refuse(path, line, word, content)
            # in a name, or in words on the file, it is none
            known = value if word in ("NAME", "COMMENT") else bare.partition(":")[2].strip()
            header.setdefault(word.upper(), (line, known))
            body = None
        elif body is None:
            _refuse(path, line, word, content)
        else:
            body.append((line, bare))
    return Sections(path, len(lines), header, sections)


def _refuse(path: text.PathName, line: int, word: str, content: str) -> NoReturn:
    """Raise the error for a line that stands where it has no meaning."""
    if word.endswith("_SECTION"):
        message = f"section must be one of {', '.join(SECTIONS)}, got {text.show_token(word)}."
        raise ReadError(path, line, f"{message} It is not supported.")
    message = f"line must be 'KEYWORD : value', got {text.show_token(content.strip())}."
    raise ReadError(path, line, message)
