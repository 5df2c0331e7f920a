"""Where signs stand in a text: where they are few, many times as fast as a regular expression.

And texts of which nothing is to be found, though what stands around them keeps its place.
"""

from __future__ import annotations

import re

_LETTER = re.compile(r"[^\n]")


def offsets(text: str, *signs: str) -> list[int]:
    """Where the signs stand in the text, in its order; none is found where it overlaps itself."""
    found: list[int] = []
    for sign in signs:
        length = len(sign)
        at = text.find(sign)
        while at >= 0:
            found.append(at)
            at = text.find(sign, at + length)
    found.sort()
    return found


def blanked(text: str) -> str:
    """As many blanks as the text has letters, on the same lines."""
    return _LETTER.sub(" ", text)
