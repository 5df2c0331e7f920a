"""Diagnostics as open pages show them: the words of the terminal, the line, the way to the editor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from builder.diagnostics import printable
from builder.quoting import quote_line

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from builder.diagnostics import Diagnostic

#: A placeholder of the path behind a single slash: the path brings the slash with it.
_BEHIND_SLASH = re.compile(r"(?<!/)/\{path\}")


def editor_link(template: str, root: Path, file: str, line: int, column: int) -> str:
    """The address that opens a file of the site in the editor; empty if there is no such file."""
    full = root / file
    if not template or not full.is_file():
        return ""
    path = quote(full.resolve().as_posix(), safe="/:")
    link = _BEHIND_SLASH.sub(lambda _: "/" + path.lstrip("/"), template)
    return link.replace("{path}", path).replace("{line}", str(line)).replace("{column}", str(column))


class Messages:
    """Makes the messages of each build; what a build before has made and still holds is kept."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._made: dict[Diagnostic, dict[str, Any]] = {}
        self._template = ""

    def of(
        self, diagnostics: Sequence[Diagnostic], saved: Collection[str] | None, template: str
    ) -> list[dict[str, Any]]:
        """The messages for diagnostics. `saved` are the files that have changed, None for any.

        `template` is the site's `editor_url`.
        """
        if saved is None or template != self._template:
            self._made.clear()
            self._template = template
        # Lines are read again only from files that changed: a site may have a thousand warnings.
        fresh = frozenset(saved or ())
        self._made = {
            one: (self._made.get(one) if one.file not in fresh else None) or self._make(one)
            for one in diagnostics
        }
        return list(self._made.values())

    def _make(self, one: Diagnostic) -> dict[str, Any]:
        quoted = quote_line(one, self._root)
        place = f"{printable(one.file)}:{one.line}:{one.column}"
        return {
            "place": place,
            "severity": one.severity,
            "rest": one.head().removeprefix(place),
            "hint": one.hint,
            "href": editor_link(self._template, self._root, one.file, one.line, one.column),
            "quoted": {"lines": quoted.lines(), "column": quoted.column} if quoted else None,
        }
