"""Marks of notes and links by reference that nothing in the text explains: they are published as text.

Brackets alone, as in `[sic]` or `[1]`, are words. What looks like a mark in code is told by Markdown: a
fault that ends in code is not reported.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.braces import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOTE = re.compile(r"(?<!\\)\[\^([\w-]{1,60})\](?!:)")
#: Words without brackets, and the name of what they lead to, which may be that of the words.
_LINK = re.compile(r"(?<![\\\]])\[([^\[\]\n^]++)\]\[([^\[\]\n^]*+)\](?![\[({:])")
#: A line that explains a note or a reference, wherever it may stand.
_EXPLAINED = re.compile(r"^[ \t>*+-]*+\[([^\[\]\n]++)\]:", re.MULTILINE)


def undefined(text: str) -> tuple[Fault, ...]:
    """The marks and references of a text that nothing explains, in their order."""
    if "[^" not in text and "][" not in text:
        return ()
    known = {_name(one[1]) for one in _EXPLAINED.finditer(text)}
    found = [*_notes(text, known), *_links(text, known)]
    return tuple(sorted(found, key=lambda one: one.start))


def _notes(text: str, known: set[str]) -> Iterator[Fault]:
    for one in _NOTE.finditer(text):
        if _name(f"^{one[1]}") not in known:
            yield Fault(
                one.start(),
                "missing-note",
                f'there is no note "{one[0]}"',
                f"write it on a line of its own, `{one[0]}: ...`, or `\\{one[0]}` if no note is meant",
            )


def _links(text: str, known: set[str]) -> Iterator[Fault]:
    for one in _LINK.finditer(text):
        words, name = one.groups()
        # Numbers one after another are those of sources that somebody else has listed.
        if _name(name or words) in known or not re.search(r"[^\W\d]", words):
            continue
        image = text.startswith("!", one.start() - 1)
        code, word = ("dead-image", "image") if image else ("dead-link", "link")
        yield Fault(
            one.start(),
            code,
            f'the {word} "{one[0][:60]}" leads to nothing',
            f"write its address on a line of its own: `[{(name or words)[:60]}]: https://...`",
        )


def _name(label: str) -> str:
    """What two labels are compared by."""
    return " ".join(label.split()).casefold()
