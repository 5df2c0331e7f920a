"""Where in a Markdown text the addresses of its links and images stand.

HTML has no positions: the n-th link with an address is taken to be the n-th place where the text names
that address as a link's. Most addresses stand in the text letter by letter, and are looked for as they
are; those that are written in another way (escaped, with parentheses, quotes or spaces, or without
quotes in HTML) are read as Markdown reads them, which takes longer. So are those that stand in more
places than there are links, for some of these are code, comments or mere words.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from html import unescape
from typing import TYPE_CHECKING

from builder.body.blocks import without_code
from builder.signs import offsets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_ADDRESS = re.compile(r"""[^\s()<>\[\]"']+""")
_BEFORE_ADDRESS = re.compile(r"""(?:[(<"'=]|\]:[ ]?)\Z""")
#: So many addresses are looked for one by one: a few are found sooner than all words are looked at.
_MOST_SOUGHT = 16
#: What an address stands behind: of a link, of the line that explains a reference, of an attribute.
_BEGINS = re.compile(
    r"(?P<link>\]\([ \t\n]*+)|(?P<reference>\]:[ \t]*+\n?[ \t]*+)|\b(?:href|src)[ \t\n]*+=[ \t\n]*+",
    re.IGNORECASE,
)
_ANGLED = re.compile(r"<([^<>\n]*)>")
_ATTRIBUTE = re.compile(r"""(?P<quote>["'])(?P<address>(?:(?!(?P=quote))[^<>\n])*)""")
_UNQUOTED = re.compile(r"[^\s\"'<>]*")
#: What ends or begins the words of a link, or keeps them from running on: a blank line.
_BRACKET = re.compile(r"\\.|[\[\]]|\n[ \t]*\n", re.DOTALL)
_NESTING = re.compile(r"\\.|[()\n]", re.DOTALL)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()<>#+.!|~-])")
#: No address is longer; behind a parenthesis that nothing closes one could be looked for very far.
_LONGEST = 300


def link_places(text: str, written: Sequence[str]) -> list[int]:
    """The offsets of the addresses of links, which come in the order of the links; 0 for none."""
    wanted = Counter(written)
    as_link: dict[str, deque[int]] = {one: deque() for one in wanted}
    as_word: dict[str, deque[int]] = {one: deque() for one in wanted}
    for start, address in _verbatim(text, wanted):
        linked = _BEFORE_ADDRESS.search(text, max(start - 4, 0), start)
        (as_link if linked else as_word)[address].append(start)
    if any(len(as_link[one]) < number for one, number in wanted.items()):
        as_target: dict[str, deque[int]] = {one: deque() for one in wanted}
        for start, address in _targets(text, wanted):
            as_target[address].append(start)
        as_link |= {one: found for one, found in as_target.items() if len(found) > len(as_link[one])}
    if any(len(as_link[one]) > number for one, number in wanted.items()):
        certain: dict[str, deque[int]] = {one: deque() for one in wanted}
        for start, address in _targets(_links_alone(text), wanted):
            certain[address].append(start)
        as_link |= {one: found for one, found in certain.items() if len(found) >= wanted[one]}
    offsets = []
    for one in written:
        found = as_link[one] or as_word[one]
        offsets.append((found.popleft() if len(found) > 1 else found[0]) if found else 0)
    return offsets


def _verbatim(text: str, wanted: Collection[str]) -> Iterator[tuple[int, str]]:
    """Where one of the wanted addresses stands in the text by itself."""
    if "&" in text or len(wanted) > _MOST_SOUGHT:
        for word in _ADDRESS.finditer(text):
            written = unescape(word.group())
            if written in wanted:
                yield word.start(), written
        return
    for written in filter(_ADDRESS.fullmatch, wanted):
        for start in offsets(text, written):
            # A word is looked at from its beginning alone.
            if not start or not _ADDRESS.match(text[start - 1]):
                found = _ADDRESS.match(text, start)
                if found and found.group() == written:
                    yield start, written


def _targets(text: str, wanted: Collection[str]) -> Iterator[tuple[int, str]]:
    """Where one of the wanted addresses is that of a link, whatever way it is written."""
    for begin in _BEGINS.finditer(text):
        start = begin.end()
        for offset, raw in _readings(text, start, begin.lastgroup):
            found = next((one for one in _meanings(raw) if one in wanted), None)
            if found is not None:
                yield offset, found
                break


def _readings(text: str, start: int, kind: str | None) -> Iterator[tuple[int, str]]:
    """What may be the address that begins at an offset, and where it does."""
    if kind is None:
        quoted = _ATTRIBUTE.match(text, start, start + _LONGEST)
        if quoted:
            yield quoted.start("address"), quoted["address"]
    elif angled := _ANGLED.match(text, start, start + _LONGEST):
        yield angled.start(1), angled[1]
        return
    elif kind == "link":
        raw = _destination(text, start)
        yield start, raw
        # A title may stand behind the address.
        yield start, re.split("[\"']", raw, maxsplit=1)[0]
    word = _UNQUOTED.match(text, start, start + _LONGEST)
    yield start, word.group() if word else ""


def _destination(text: str, start: int) -> str:
    """What stands before the parenthesis that closes the one before an offset."""
    depth = 1
    for sign in _NESTING.finditer(text, start, start + _LONGEST):
        if sign.group() == "\n":
            return text[start : sign.start()]
        depth += {"(": 1, ")": -1}.get(sign.group(), 0)
        if not depth:
            return text[start : sign.start()]
    return ""


def _meanings(raw: str) -> tuple[str, str, str]:
    """An address as it is written, and with the characters that escapes and references stand for."""
    plain = raw.strip()
    return plain, unescape(plain), unescape(_ESCAPE.sub(r"\1", plain))


def _links_alone(text: str) -> str:
    """The text with blanks in place of what holds no link: code, comments, braces, escaped brackets."""
    kept = list(without_code(text))
    plain = "".join(kept)
    opened = 0
    for sign in _BRACKET.finditer(plain):
        if sign.group() == "[":
            opened += 1
        elif sign.group() == "]":
            # A bracket that nothing opens ends no words of a link.
            if not opened:
                kept[sign.start()] = " "
            opened = max(opened - 1, 0)
        elif sign.group()[0] == "\n":
            opened = 0
    return "".join(kept)
