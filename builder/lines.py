"""Offsets of a text -> lines and columns, as messages name them. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right

from builder.signs import offsets

_LINE_BREAK = re.compile(r"\r\n|\n|\r")


class Lines:
    """Turns offsets of a text into lines and columns, both from 1; columns count characters."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        if "\r" in text:
            self._starts = [0, *(match.end() for match in _LINE_BREAK.finditer(text))]
        else:
            self._starts = [0, *(place + 1 for place in offsets(text, "\n"))]
        self._first = first_line

    def at(self, offset: int) -> tuple[int, int]:
        """The line and the column of the character at `offset`."""
        line = bisect_right(self._starts, offset) - 1
        return line + self._first, offset - self._starts[line] + 1
