"""The simple inline patterns: code, escapes, footnote references, automatic links, HTML.

Each follows the pattern of the same name in `markdown.inlinepatterns`, match for match.
"""

import re
from html.entities import codepoint2name
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AMP_SUBSTITUTE, ETX, INLINE_PLACEHOLDER_RE, STX, AtomicString, code_escape

from builder.prose.transparent import is_transparent, strip_transparent

if TYPE_CHECKING:
    from builder.prose.inline import Inline

_TICKS = re.compile("`+")
_BEFORE_TICKS = re.compile(r"(?<!\\)((?:\\\\)+)(?=`)|(?<!\\)`")
_ESCAPED_BACKSLASH = f"{STX}{ord(chr(92))}{ETX}"
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*://[^<>]*)>")
_AUTOMAIL = re.compile(r"<([^<> !]+@[^@<> ]+)>")
_ENTITY = re.compile(r"&(?:#[0-9]+|#x[0-9a-fA-F]+|[a-zA-Z0-9]+);")
_ESCAPED = re.compile(rf"{STX}(\d+){ETX}")


class _Ticks:
    """The runs of backticks of a text, and which of them closes which."""

    def __init__(self, text: str) -> None:
        self.spans = [match.span() for match in _TICKS.finditer(text)]
        self._next = 0
        lengths = [end - start for start, end in self.spans]
        self._of_length: dict[int, list[int]] = {}
        for index in range(len(lengths) - 1, -1, -1):
            self._of_length.setdefault(lengths[index], []).append(index)
        # The first of the longest runs from each run on.
        self._longest = [len(lengths)] * (len(lengths) + 1)
        for index in range(len(lengths) - 1, -1, -1):
            best = self._longest[index + 1]
            self._longest[index] = (
                index if best == len(lengths) or lengths[index] >= lengths[best] else best
            )
        self._lengths = lengths

    def close(self, begin: int) -> tuple[int, int, int]:
        """Where content and closing run of the code opened at the position begin, and where to go on.

        A code that never closes has a closing run at -1.
        """
        while self.spans[self._next][1] <= begin:
            self._next += 1
        opened = self.spans[self._next][1]
        length = opened - begin
        same = self._of_length.get(length, [])
        while same and same[-1] <= self._next:
            same.pop()
        if same:
            start, end = self.spans[same[-1]]
            return opened, start, end
        longest = self._longest[self._next + 1]
        if longest < len(self.spans) and self._lengths[longest] < length:
            start, end = self.spans[longest]
            return begin + self._lengths[longest], start, end
        # The library goes on as far behind the run as the run is long.
        return opened, -1, opened + length


def code(inline: "Inline", text: str, _pattern: int) -> str:
    """Code between runs of backticks; pairs of backslashes before a run."""
    ticks = _Ticks(text)
    pieces: list[str] = []
    done = position = 0
    while match := _BEFORE_TICKS.search(text, position):
        begin = match.start()
        if match.group(1):
            pieces.append(text[done:begin])
            pieces.append(inline.stash(_ESCAPED_BACKSLASH * (len(match.group(1)) // 2)))
            # Behind the placeholder nothing escapes the backtick any more.
            done = begin = match.end()
        content, closing, end = ticks.close(begin)
        if closing >= 0:
            pieces.append(text[done:begin])
            element = Element("code")
            element.text = AtomicString(code_escape(text[content:closing].strip()))
            pieces.append(inline.stash(element))
            done = end
        position = end
    pieces.append(text[done:])
    return "".join(pieces)


def escape(inline: "Inline", text: str, _pattern: int) -> str:
    """A backslash before a character that has a meaning."""
    escaped = inline.md.ESCAPED_CHARS

    def replace(match: re.Match[str]) -> str:
        character = match.group(1)
        if character not in escaped:
            return match.group()
        return inline.stash(f"{STX}{ord(character)}{ETX}")

    return _ESCAPE.sub(replace, text)


def footnote(inline: "Inline", text: str, pattern: int) -> str:
    """A reference to a footnote that is defined."""
    notes = inline.md.footnotes
    if not notes.footnotes:
        return text
    pieces: list[str] = []
    done = position = 0
    while (begin := text.find("[^", position)) >= 0 and (close := text.find("]", begin + 2)) >= 0:
        position = close + 1
        identifier = text[begin + 2 : close]
        number = notes.number(identifier)
        if number is None:
            continue
        superscript = Element("sup")
        link = SubElement(superscript, "a")
        superscript.set("id", notes.makeFootnoteRefId(identifier, found=True))
        link.set("href", f"#{notes.makeFootnoteId(identifier)}")
        link.set("class", "footnote-ref")
        link.text = str(number)
        pieces.append(text[done:begin])
        pieces.append(inline.stash_element(superscript, pattern))
        done = position
    pieces.append(text[done:])
    return "".join(pieces)


def autolink(inline: "Inline", text: str, _pattern: int) -> str:
    """An address of a scheme between angle brackets."""

    def replace(match: re.Match[str]) -> str:
        element = Element("a")
        element.set("href", strip_transparent(inline.plain(match.group(1))))
        element.text = AtomicString(match.group(1))
        return inline.stash(element)

    return _AUTOLINK.sub(replace, text)


def automail(inline: "Inline", text: str, _pattern: int) -> str:
    """A mail address between angle brackets, written as character references."""

    def replace(match: re.Match[str]) -> str:
        element = Element("a")
        address = inline.plain(match.group(1)).removeprefix("mailto:")
        element.text = AtomicString("".join(map(_referenced, address)))
        written = strip_transparent(f"mailto:{address}")
        element.set("href", "".join(f"{AMP_SUBSTITUTE}#{ord(letter)};" for letter in written))
        return inline.stash(element)

    return _AUTOMAIL.sub(replace, text)


def _referenced(letter: str) -> str:
    if is_transparent(letter):
        return letter
    return f"{AMP_SUBSTITUTE}{codepoint2name.get(ord(letter)) or f'#{ord(letter)}'};"


def line_break(inline: "Inline", text: str, _pattern: int) -> str:
    """Two spaces before the end of a line."""
    parts = text.split("  \n")
    pieces = [parts[0]]
    for _, part in pairwise(parts):
        pieces.append(inline.stash(Element("br")))
        pieces.append(part)
    return "".join(pieces)


def entity(inline: "Inline", text: str, _pattern: int) -> str:
    """A character reference, kept as it is written."""
    return _ENTITY.sub(lambda match: keep_html(inline, match.group()), text)


def keep_html(inline: "Inline", html: str) -> str:
    """The placeholder for HTML that goes to the page as it was written."""
    html = _ESCAPED.sub(lambda match: chr(int(match.group(1))), _written(inline, html))
    return inline.stash(inline.md.htmlStash.store(html))


def _written(inline: "Inline", html: str) -> str:
    """The HTML with placeholders replaced by what stood there."""

    def replace(match: re.Match[str]) -> str:
        node = inline.stashed_nodes.get(match.group(1))
        if node is None:
            return ""
        if isinstance(node, str):
            return f"\\{node}"
        return _written(inline, inline.md.serializer(node))

    return INLINE_PLACEHOLDER_RE.sub(replace, html)
