"""Text of a file -> its front matter and its body. Pure."""

from __future__ import annotations

import re

from msgspec import Struct

from builder.diagnostics import Place

_START = re.compile(r"\s*^---[ \t]*\n", re.MULTILINE)
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)


class FrontMatterError(Exception):
    """A file has no front matter, or none that ends: the place, the code, the message and a hint."""

    def __init__(self, place: Place, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.place = place
        self.code = code
        self.message = message
        self.hint = hint


class FrontMatter(Struct, frozen=True):
    """Front matter as YAML, its first line, and where the body begins: its offset and its line."""

    yaml: str
    line: int
    body: int
    body_line: int


def front_matter(text: str) -> FrontMatter:
    """The front matter at the beginning of a text whose lines end in newlines.

    Raises FrontMatterError.
    """
    start = _START.match(text)
    if start is None:
        raise FrontMatterError(
            Place(),
            "missing-front-matter",
            "the file does not begin with front matter",
            "begin it with a line `---`, the keys, and another line `---`",
        )
    line = text.count("\n", 0, start.end()) + 1
    end = _END.search(text, start.end())
    if end is None:
        raise FrontMatterError(
            Place(line - 1, 1),
            "unclosed-front-matter",
            "the front matter is not closed",
            "write a line `---` behind the last key",
        )
    # YAML allows tabs almost nowhere, and editors can't see them: each is read as a space.
    yaml = text[start.end() : end.start()].replace("\t", " ")
    return FrontMatter(yaml, line, end.end(), line + text.count("\n", start.end(), end.end()))
