"""The line of a file that a message is about, cut to what fits beside it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.diagnostics import printable
from builder.stamps import Stamp, stamp_of

if TYPE_CHECKING:
    from pathlib import Path

    from builder.diagnostics import Diagnostic

#: A longer line is shown in part.
_WIDEST = 100


class Quoted(Struct, frozen=True):
    """A line of a file: its number, what is shown of it, and which character is meant (from 0)."""

    number: int
    text: str
    column: int

    def lines(self) -> tuple[str, str, str]:
        """The line in its margin, an empty line above it, and the one below that a caret goes into."""
        margin = " " * len(str(self.number))
        caret = " " * self.column
        return f"  {margin} |", f"  {self.number} | {self.text}", f"  {margin} | {caret}"


def quote_line(one: Diagnostic, root: Path) -> Quoted | None:
    """The line that a diagnostic is about; None if it can't be read or is no line of the site."""
    file = root / one.file
    try:
        # A message about a link out of the site must not show what stands behind it.
        if not file.is_file() or not file.resolve().is_relative_to(root.resolve()):
            return None
        line = _lines(file, stamp_of(file.stat()))[one.line - 1]
    except (OSError, ValueError, IndexError):
        return None
    # A long line is shown from a little before the column, so that the caret is on the screen.
    start = max(one.column - _WIDEST // 2, 0) if len(line) > _WIDEST else 0
    return Quoted(one.line, printable(line[start : start + _WIDEST]), one.column - 1 - start)


@lru_cache(maxsize=1)
def _lines(file: Path, _: Stamp) -> list[str]:
    """The lines of a file with this stamp: a file may have thousands of mistakes, told one by one."""
    # Lines are what the reader of articles takes for lines: other separators stand within one.
    return file.read_text(encoding="utf-8-sig", errors="replace").split("\n")
