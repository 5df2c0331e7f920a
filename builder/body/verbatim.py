"""Stretches of sanitised HTML that the walk would leave as they are but for their headings.

Most lists, quotations, tables and lines of code come out of the sanitiser as elements without
attributes, around words alone. In these there is nothing to rewrite, and no span to look for.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from builder.body.sanitize import VOID
from builder.prose.transparent import TRANSPARENT_CLASS

if TYPE_CHECKING:
    from collections.abc import Callable

_PLACEHOLDERS = re.compile(f"[{TRANSPARENT_CLASS}]")
_TAG = re.compile(r"<(/?[a-z][a-z0-9]*)>")
_HEADING = re.compile(r"<(h[1-6])>([^<]*)</h[1-6]>")
_IS_HEADING = re.compile(r"<h[1-6]>")
#: A header of a table with words in it: one that has none heads nothing, and becomes a cell.
_HEADER = re.compile(r"<th>[^<&\s][^<]*</th>")


def verbatim(html: str, heading: Callable[[str, str], str]) -> str | None:
    """What the walk makes of words and elements without attributes; None for any other HTML.

    `heading(tag, words)` gives the beginning of a heading, its words with single spaces. All that
    begins in the HTML must end in it, and there are no placeholders.
    """
    if '="' in html or (not html.isascii() and _PLACEHOLDERS.search(html)):
        return None
    if not _is_bare(html):
        return None
    if "<h" not in html:
        return html
    pieces = _HEADING.split(html)
    if len(pieces) != 3 * len(_IS_HEADING.findall(html)) + 1:
        return None
    for place in range(1, len(pieces), 3):
        tag, inside = pieces[place], pieces[place + 1]
        opened = heading(tag, " ".join(unescape(inside).split()))
        pieces[place], pieces[place + 1] = opened, f"{inside}</{opened[1:3]}>"
    return "".join(pieces)


def _is_bare(html: str) -> bool:
    """Whether all tags lack attributes, all elements end, and there are no images or empty headers."""
    tags = _TAG.findall(html)
    if len(tags) != html.count("<") or "img" in tags:
        return False
    if len(tags) - sum(map(tags.count, VOID)) != 2 * html.count("</"):
        return False
    return "<th>" not in html or html.count("<th>") == len(_HEADER.findall(html))
