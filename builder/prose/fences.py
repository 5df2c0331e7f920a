"""Fenced code, found in one walk over the lines that can be a fence.

The grammar is that of `markdown.extensions.fenced_code`, which looks for the end of every
fence by reading on to the end of the text.
"""

import re
from bisect import bisect_left
from html import escape

from markdown.extensions.attr_list import get_attrs_and_remainder
from markdown.extensions.fenced_code import FencedBlockPreprocessor

_FENCE = re.compile(r"^(~{3,}+|`{3,}+) *", re.MULTILINE)
_ATTRIBUTES = re.compile(r"\{([^\n]*)\}\n")
_LANGUAGE = re.compile(r"\.?([\w#.+-]*) *\n")
_HIGHLIGHTED = re.compile(r"(?:\.?([\w#.+-]*?) *)hl_lines=([\"'])")
_END_OF_VALUE = {quote: re.compile(rf"{quote} *\n") for quote in "\"'"}
_CLOSING = re.compile(r"^(~{3,}+|`{3,}+) *$", re.MULTILINE)


class Fences(FencedBlockPreprocessor):
    """Stashes the fenced code of a document."""

    def run(self, lines: list[str]) -> list[str]:
        """The lines with placeholders for the fenced code."""
        text = "\n".join(lines)
        if "```" not in text and "~~~" not in text:
            return lines
        return self._replace(text).split("\n")

    def _replace(self, text: str) -> str:
        closings: dict[str, list[tuple[int, int]]] = {}
        for match in _CLOSING.finditer(text):
            closings.setdefault(match.group(1), []).append(match.span())
        values = {quote: _Values(text, pattern) for quote, pattern in _END_OF_VALUE.items()}
        pieces: list[str] = []
        done = position = 0
        while opening := _FENCE.search(text, position):
            position = opening.end()
            head = self._head(text, opening.end(), values)
            if head is None:
                continue
            language, attributes, begin = head
            ends = closings.get(opening.group(1), [])
            index = bisect_left(ends, (begin, 0))
            if index == len(ends):
                continue
            opened = _opening_tag("", [], language)
            if attributes is not None:
                pairs, remainder = get_attrs_and_remainder(attributes)
                if remainder:
                    continue
                identifier, classes, _ = self.handle_attrs(pairs)
                opened = _opening_tag(identifier, classes[1:], classes[0] if classes else "")
            code = escape(text[begin : ends[index][0]]).replace("&#x27;", "'")
            placeholder = self.md.htmlStash.store(f"{opened}{code}</code></pre>")
            pieces.append(f"{text[done : opening.start()]}\n{placeholder}\n")
            done = position = ends[index][1]
        pieces.append(text[done:])
        return "".join(pieces)

    @staticmethod
    def _head(
        text: str, start: int, values: "dict[str, _Values]"
    ) -> tuple[str, str | None, int] | None:
        """The language, the attributes and the end of a line that opens a fence."""
        if match := _ATTRIBUTES.match(text, start):
            return "", match.group(1), match.end()
        if match := _LANGUAGE.match(text, start):
            return match.group(1), None, match.end()
        if match := _HIGHLIGHTED.match(text, start):
            end = values[match.group(2)].end(match.end())
            if end is not None:
                return match.group(1), None, end
        return None


class _Values:
    """Where quoted values end that are the last on their line; asked for ever later starts."""

    def __init__(self, text: str, pattern: re.Pattern[str]) -> None:
        self._text = text
        self._pattern = pattern
        self._next = pattern.search(text)

    def end(self, start: int) -> int | None:
        if self._next and self._next.start() < start:
            self._next = self._pattern.search(self._text, start)
        return self._next.end() if self._next else None


def _opening_tag(identifier: str, classes: list[str], language: str) -> str:
    parts = ["<pre"]
    if identifier:
        parts.append(f' id="{_attribute(identifier)}"')
    if classes:
        parts.append(f' class="{_attribute(" ".join(classes))}"')
    parts.append("><code")
    if language:
        parts.append(f' class="language-{_attribute(language)}"')
    parts.append(">")
    return "".join(parts)


def _attribute(value: str) -> str:
    from builder.prose.finish import escape as escape_text

    return escape_text(value).replace('"', "&quot;")
