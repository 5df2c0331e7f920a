"""Marks of notes and links by reference that nothing explains, and notes that nothing leads to.

The marks are published as text; of two notes of one name, the first is lost. So is a line of words that
Markdown takes for the address of a link.

Links as wikis write them, `[[Iran]]`, lead nowhere here either.

Brackets alone, as in `[sic]` or `[1]`, are words. What looks like a mark in code is told by Markdown: a
fault that ends in code is not reported.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from builder.body.blocks import without_code
from builder.body.braces import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOTE = re.compile(r"(?<!\\)\[\^([\w-]{1,60})\](?!:)")
#: Words without brackets, and the name of what they lead to, which may be that of the words.
_LINK = re.compile(r"(?<![\\\]])\[([^\[\]\n^]++)\]\[([^\[\]\n^]*+)\](?![\[({:])")
#: A link as wikis and notebooks write it: the name of a page, and the words that are shown for it.
_WIKI = re.compile(r"(?<![\\\[])\[\[([^\[\]{}\n|]++)(?:\|([^\[\]{}\n|]++))?\]\](?![\[({:\]])")
_NOTE_ITSELF = re.compile(r"^[ \t>*+-]*+\[\^([^\[\]\n]++)\]:", re.MULTILINE)
#: The link from a note back to its mark, which may have a paragraph of its own.
_WAY_BACK = re.compile(
    r'(?P<alone><p>)?(?:&nbsp;)?<a class="footnote-backref" href="#(?P<mark>[^"]+)"[^<>]*>↩</a>'
    r"(?(alone)</p>)"
)
_MARK = re.compile(r'<sup id="([^"]+)"')
#: A line that explains a note or a reference, wherever it may stand.
_EXPLAINED = re.compile(r"^[ \t>*+-]*+\[([^\[\]\n]++)\]:", re.MULTILINE)
#: A line that explains a reference by a word which is no address, as in an interview: `[Q]: Why?`.
_SPEECH = re.compile(
    r"^(?:[ \t>]|(?:[*+:-]|\d{1,9}\.)[ \t])*\[(?P<name>[^\[\]\n^]++)\]:[ ]*+(?:\n[ ]*+)?"
    r"(?P<word>[^\s\w<&:/#]*+(?P<first>\w++)[\w'’-]*+[^\s\w:/#@=&]*+)"
    r"(?:[ ]++[\"'(][^\n]*[\"')])?[ ]*$",
    re.MULTILINE,
)
#: Words in brackets that a reference may be meant by, and such lines where a page shows them.
_NAMED = re.compile(r"\[([^\[\]\n]++)\](?!:)")
_SHOWN = re.compile(r"\[([^\[\]<>\n]++)\]:\W*+(\w++)")


def undefined(text: str) -> tuple[Fault, ...]:
    """The marks and references of a text that nothing explains, in their order."""
    wiki = list(_wiki(text)) if "[[" in text and "]]" in text else []
    if "[^" not in text and "][" not in text:
        return tuple(wiki)
    known = {_name(one[1]) for one in _EXPLAINED.finditer(text)}
    found = [*_notes(text, known), *_links(text, known), *wiki]
    return tuple(sorted(found, key=lambda one: one.start))


def lost_notes(text: str, html: str) -> Iterator[Fault]:
    """The notes of a text that nothing leads to in its HTML, or that are written once more below."""
    if "]:" not in text:
        return
    places: dict[str, list[int]] = {}
    for one in _NOTE_ITSELF.finditer(without_code(text)):
        places.setdefault(one[1], []).append(one.start(1) - len("[^"))
    # To look through the HTML for each of many notes would take time by the square of their number.
    unused = {one["mark"] for one in _WAY_BACK.finditer(html)} - {*_MARK.findall(html)}
    for name, starts in places.items():
        shown = name[:60]
        for start in starts[:-1]:
            message = f'the note "[^{shown}]" is written once more below, and this one is lost'
            yield Fault(start, "duplicate-note", message, "give one of the two another name")
        if f"fnref:{escape(name)}".replace(" ", "-") in unused:
            message = f'nothing leads to the note "[^{shown}]"'
            hint = f"write `[^{shown}]` where it belongs, or take it away"
            yield Fault(starts[-1], "unused-note", message, hint)


def without_lost_ways(html: str) -> str:
    """HTML in which no note leads back to a mark that stands nowhere."""
    if 'class="footnote-backref"' not in html:
        return html
    marks = set(_MARK.findall(html))
    return _WAY_BACK.sub(lambda found: found[0] if found["mark"] in marks else "", html)


def lost_lines(text: str, html: str) -> Iterator[Fault]:
    """The lines of a text that no page shows, for they have the form of the address of a link."""
    lines = list(_SPEECH.finditer(without_code(text))) if "]:" in text else []
    if not lines:
        return
    # A link by such a name has a message of its own if it leads nowhere.
    names = {_name(one[1]) for one in _NAMED.finditer(text)}
    shown = {(unescape(name), word) for name, word in _SHOWN.findall(html)}
    for one in lines:
        name, word = one["name"], one["word"]
        if _name(name) not in names and (name, one["first"]) not in shown:
            line = f"[{name[:60]}]: {word[:60]}"
            message = f'"{line}" has the form of the address of a link, and no page shows it'
            yield Fault(one.start("name") - len("["), "lost-line", message, f"write `\\{line}`")


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
        image = text[max(one.start() - 1, 0) : one.start()] == "!"
        code, word = ("dead-image", "image") if image else ("dead-link", "link")
        yield Fault(
            one.start(),
            code,
            f'the {word} "{one[0][:60]}" leads to nothing',
            f"write its address on a line of its own: `[{(name or words)[:60]}]: https://...`",
        )


def _wiki(text: str) -> Iterator[Fault]:
    for one in _WIKI.finditer(text):
        page, words = one.groups()
        # A number in such brackets is that of a source.
        if not re.search(r"[^\W\d]", page):
            continue
        image = text[max(one.start() - 1, 0) : one.start()] == "!"
        code, word = ("dead-image", "image") if image else ("dead-link", "link")
        shown = (words or page)[:60]
        hint = f"write `[{shown}](address)`, or an annotation, `[{shown}]{{kind=id}}`"
        if image:
            hint = "write `![words](address)`"
        hint += f"; for the brackets themselves, `\\{one[0][:60]}`"
        yield Fault(one.start(), code, f'the {word} "{one[0][:60]}" leads to nothing', hint)


def _name(label: str) -> str:
    """What two labels are compared by."""
    return " ".join(label.split()).casefold()
