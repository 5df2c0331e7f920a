"""A block of text that is worked off from its front, and what was found in it already.

The library cuts a block in two at every heading, rule or definition, copies the rest and
looks through all of it again. Here the rest is the same text from a later position on, and
a search goes on from where the last one ended.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from builder.prose.transparent import strip_transparent

_NOTE = re.compile(r"^ {0,3}\[\^", re.MULTILINE)
_ABBREVIATION = re.compile(r"^\*\[", re.MULTILINE)
_ABBREVIATION_END = re.compile(r"\] ?:")
_ABBREVIATION_TITLE = re.compile(r" *+\n?+ *+(.*)")
_REFERENCE = re.compile(r"^ {0,3}\[([^\[\]]*)\]: *+(?:\n *+)?(\S++)", re.MULTILINE)
_SPACES = re.compile(" *+")
_LINE = re.compile(" *+(.*)")
_TITLE_ENDS = {'"': '"', "'": "'", "(": ")"}
_TITLE_STARTS = {end: start for start, end in _TITLE_ENDS.items()}


class Found(NamedTuple):
    """A definition in a block: its place, what it defines, and as what (and a title)."""

    start: int
    end: int
    name: str
    value: str
    title: str | None = None


class Block:
    """The text of a block from a position on."""

    __slots__ = ("_seen", "detabs", "position", "text")

    def __init__(self, text: str, detabs: int = 0) -> None:
        self.text = text
        self.position = 0
        self.detabs = detabs
        self._seen: dict[object, tuple[int, object]] = {}

    def rest(self) -> str:
        """What is left of the block."""
        return self.text[self.position :] if self.position else self.text

    def is_indented(self) -> bool:
        """Whether what is left begins with the indent of code and of children."""
        return self.text.startswith("    ", self.position)

    def before(self, end: int) -> str:
        """The lines from the position to a line that begins at the end."""
        return self.text[self.position : end - 1] if end > self.position else ""

    def search(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match of a line-wise pattern in what is left."""
        known = self._seen.get(pattern)
        if known is not None and known[0] >= self.position:
            return known[1]  # type: ignore[return-value]
        match = pattern.search(self.text, self.position)
        self._seen[pattern] = (match.start() if match else len(self.text) + 1, match)
        return match

    def _next(self, key: str, start: int, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match of any pattern from the start on, remembered for later starts."""
        known = self._seen.get(key)
        if known is not None and known[0] >= start:
            return known[1]  # type: ignore[return-value]
        match = pattern.search(self.text, start)
        self._seen[key] = (match.start() if match else len(self.text) + 1, match)
        return match

    def _definition(self, find: Callable[[int], Found | None], start: int) -> Found | None:
        known = self._seen.get(find.__name__)
        if known is not None and known[0] >= start:
            return known[1]  # type: ignore[return-value]
        found = find(start)
        self._seen[find.__name__] = (found.start if found else len(self.text) + 1, found)
        return found

    def first_line_without(self, holds: Callable[[str], bool], start: int) -> int | None:
        """The first line from a line on for which the test fails; None if it holds for all."""
        known = self._seen.get(holds)
        place = start
        if known is None or known[0] < start:
            while place <= len(self.text):
                end = self._line_end(place)
                if not holds(self.text[place:end]):
                    break
                place = end + 1
            self._seen[holds] = (place, None)
        else:
            place = known[0]
        return place if place <= len(self.text) else None

    def note(self, start: int) -> Found | None:
        """The first definition of a footnote from a line on."""
        return self._definition(self._note, start)

    def abbreviation(self, start: int) -> Found | None:
        """The first definition of an abbreviation from a line on."""
        return self._definition(self._abbreviation, start)

    def reference(self, start: int) -> Found | None:
        """The first definition of a reference from a line on."""
        return self._definition(self._reference, start)

    def _note(self, start: int) -> Found | None:
        while opened := _NOTE.search(self.text, start):
            closed = self._next("]", opened.end(), _CLOSE)
            if closed is None:
                return None
            if self.text.startswith(":", closed.end()):
                line = _LINE.match(self.text, closed.end() + 1)
                name = self.text[opened.end() : closed.start()]
                end, value = (line.end(), line.group(1)) if line else (closed.end() + 1, "")
                return Found(opened.start(), end, name, value)
            start = opened.end()
        return None

    def _abbreviation(self, start: int) -> Found | None:
        while opened := _ABBREVIATION.search(self.text, start):
            closed = self._next("]:", opened.end(), _ABBREVIATION_END)
            if closed is None:
                return None
            escaped = self._next("\\", opened.end(), _BACKSLASH)
            title = _ABBREVIATION_TITLE.match(self.text, closed.end())
            if title is not None and (escaped is None or escaped.start() > closed.start()):
                name = strip_transparent(self.text[opened.end() : closed.start()]).strip()
                return Found(opened.start(), title.end(), name, title.group(1).strip())
            start = opened.end()
        return None

    def _reference(self, start: int) -> Found | None:
        while opened := _REFERENCE.search(self.text, start):
            name = strip_transparent(opened.group(1)).strip().lower()
            rest = self._after_address(*opened.span(2))
            if rest is not None:
                stop, title, end = rest
                address = self.text[opened.start(2) : stop].lstrip("<").rstrip(">")
                return Found(opened.start(), end, name, address, title)
            start = opened.start() + 1
        return None

    def _after_address(self, start: int, end: int) -> tuple[int, str | None, int] | None:
        """Where the address of a reference ends, its title, and where the definition ends."""
        text = self.text
        place = self._skip(end)
        if place == len(text) or text[place] == "\n":
            if place < len(text):
                below = self._skip(place + 1)
                if titled := self._titled(below):
                    return end, *titled
                if below == len(text) or text[below] == "\n":
                    return end, None, below
            return end, None, place
        if titled := self._titled(place):
            return end, *titled
        # A title may begin in the middle of what looked like the address.
        line_end = self._line_end(place)
        last = line_end - 1
        while text[last] == " ":
            last -= 1
        opening = _TITLE_STARTS.get(text[last])
        begin = text.rfind(opening, start + 1, min(end, last)) if opening else -1
        if begin < 0:
            return None
        return begin, text[begin + 1 : last], line_end

    def _titled(self, begin: int) -> tuple[str, int] | None:
        closing = _TITLE_ENDS.get(self.text[begin : begin + 1])
        if closing is None:
            return None
        line_end = self._line_end(begin)
        last = line_end - 1
        while self.text[last] == " ":
            last -= 1
        if last == begin or self.text[last] != closing:
            return None
        return self.text[begin + 1 : last], line_end

    def _skip(self, place: int) -> int:
        spaces = _SPACES.match(self.text, place)
        return spaces.end() if spaces else place

    def _line_end(self, place: int) -> int:
        end = self.text.find("\n", place)
        return end if end >= 0 else len(self.text)

    def detab(self, start: int) -> tuple[str, int]:
        """The indented and the empty lines from a line on, without their indent, and where they end."""
        text = self.text
        lines: list[str] = []
        while start <= len(text):
            end = self._line_end(start)
            if text.startswith("    ", start):
                lines.append(text[start + 4 : end])
            elif not text[start:end].strip():
                lines.append("")
            else:
                break
            start = end + 1
        return "\n".join(lines), start


_CLOSE = re.compile(r"\]")
_BACKSLASH = re.compile(r"\\")


def loose_detab(text: str, level: int = 1) -> str:
    """The text with so many indents taken off every line that has them."""
    indent = "    " * level
    if indent not in text:
        return text
    return "\n".join(line.removeprefix(indent) for line in text.split("\n"))
