"""The ids of a body: those of raw HTML, headings and footnotes, kept apart from the site's own.

A mention's anchor begins with `m-` and the theme's own ids begin with `page-`; no other id of a
page may. An id that would is given the prefix `x-`, and one that stands twice is dropped.
"""

from __future__ import annotations

import re

RESERVED = ("m-", "page-")
#: An id made of a heading is no longer than this.
_LONGEST = 60
_SPACE = re.compile(r"\s")


def slug(text: str) -> str:
    """The words of a heading in lower case, with hyphens between them; empty if it has none."""
    if len(text) <= _LONGEST and text.isascii() and text.replace(" ", "").isalnum():
        # Most headings are such; the library takes thirty times as long to find nothing to change.
        return "-".join(text.lower().split())
    from slugify import slugify

    return slugify(text, max_length=_LONGEST, word_boundary=True, allow_unicode=True)


class Identifiers:
    """Hands out the ids of one page."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}

    def claim(self, wanted: str) -> str:
        """The id to use for one that the text asks for; empty if it is taken, or is none.

        One that could pass for an id of the site's own gets another beginning.
        """
        name = _SPACE.sub("-", wanted.strip())
        if name.casefold().startswith(RESERVED):
            name = "x-" + name
        if not name or name in self._taken:
            return ""
        self._taken.add(name)
        return name

    def heading(self, text: str) -> str:
        """An id for a heading without one, from its words; never empty, never twice."""
        base = self._free(slug(text))
        name = base
        # Numbers go on where the last heading with these words left off.
        number = self._numbers.get(base, 2)
        while name in self._taken:
            # With its number, the heading "M" could pass for a mention.
            name, number = self._free(f"{base}-{number}"), number + 1
        self._numbers[base] = number
        self._taken.add(name)
        return name

    @staticmethod
    def _free(name: str) -> str:
        """The name, with another beginning if it could pass for an id of the site's own."""
        name = name or "section"
        return "x-" + name if name.startswith(RESERVED) else name
