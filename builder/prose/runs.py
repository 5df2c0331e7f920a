"""Runs of the markers of emphasis in a text, and the runs still open while they are paired.

The judgement follows the expressions of `markdown.inlinepatterns.Delimiter`. The runs of a
text are found and judged once; the open runs are counted by what the rule of three asks
about them. Transparent characters are taken out before the runs are judged and come back
in the slices of the text.
"""

import re
from bisect import bisect_left
from typing import NamedTuple

from builder.prose.transparent import TRANSPARENT_CLASS, TRANSPARENT_RE

_RUN = re.compile(r"\*+|_+")
_SPLIT_RUN = re.compile(rf"([*_])(?:[{TRANSPARENT_CLASS}]*\1)+")
OPEN, CLOSE, EITHER = "open", "close", "either"


class Run(NamedTuple):
    """A run of markers: its place, its marker and what it may do (None is nothing)."""

    start: int
    end: int
    marker: str
    role: str | None


class Opener(NamedTuple):
    """An opening run, or what is left of it."""

    start: int
    end: int
    ambiguous: bool
    original: int
    left: int


class Region(NamedTuple):
    """A pair: where the opening markers, the content and the closing markers begin and end."""

    opening: int
    content: int
    closing: int
    end: int
    size: int


class Openers:
    """The open runs of one marker, last one on top."""

    def __init__(self) -> None:
        self.items: list[Opener] = []
        self._counts: dict[tuple[int, int], int] = {}

    def push(self, opener: Opener) -> None:
        """Put a run on top."""
        self.items.append(opener)
        key = (opener.left, opener.original % 3)
        self._counts[key] = self._counts.get(key, 0) + 1

    def pop(self) -> Opener:
        """Take the top run off."""
        opener = self.items.pop()
        self._counts[opener.left, opener.original % 3] -= 1
        return opener

    def clear(self) -> None:
        """Forget all runs."""
        self.items.clear()
        self._counts.clear()

    def below_top_fits(self, length: int) -> bool:
        """Whether a run under the top has the length and may pair with an ambiguous run of it."""
        top = self.items[-1]
        for remainder in range(3):
            if rule_of_three(remainder, length):
                continue
            count = self._counts.get((length, remainder), 0)
            if top.left == length and top.original % 3 == remainder:
                count -= 1
            if count > 0:
                return True
        return False


def rule_of_three(opener: int, closer: int) -> bool:
    """Whether the lengths keep an opening run from pairing with an ambiguous one."""
    return (opener + closer) % 3 == 0 and (opener % 3 != 0 or closer % 3 != 0)


def _close_up(run: re.Match[str]) -> str:
    markers = TRANSPARENT_RE.sub("", run.group())
    return markers + "".join(TRANSPARENT_RE.findall(run.group()))


class Marked:
    """A text with the runs of markers in it, its transparent characters out of the way."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: list[int] | None = None
        self.plain = text
        if not text.isascii() and TRANSPARENT_RE.search(text):
            # A run has no room for transparent characters, which are moved behind it.
            text = _SPLIT_RUN.sub(_close_up, text)
            self._text = text
            self._places = [
                at
                for match in re.finditer(rf"[^{TRANSPARENT_CLASS}]+", text)
                for at in range(match.start(), match.end())
            ]
            self.plain = TRANSPARENT_RE.sub("", text)
        self.runs = [self._judge(*match.span()) for match in _RUN.finditer(self.plain)]
        self._starts = [run.start for run in self.runs]

    def slice(self, start: int, end: int) -> str:
        """The text between two positions of the plain text, with its transparent characters."""
        if self._places is None:
            return self._text[start:end]
        known = len(self._places)
        begin = len(self._text) if start > known else self._places[start - 1] + 1 if start else 0
        stop = self._places[end] if end < known else len(self._text)
        return self._text[begin:stop]

    def is_markers(self, start: int, end: int) -> bool:
        """Whether markers alone stand between two positions, and no transparent character among them.

        A run of one marker has none within, but a marker of the other kind may stand behind one.
        """
        if self.plain[start:end].strip("*_"):
            return False
        places = self._places[start:end] if self._places is not None else ()
        return not places or places[-1] - places[0] == len(places) - 1

    def run_at(self, start: int, *, after_element: bool) -> Run:
        """The run that begins at the position, or goes on there after an element was cut off."""
        run = self.runs[self._index(start)]
        if run.start == start and not after_element:
            return run
        return self._judge(start, run.end, after_element=after_element)

    def next_run(self, start: int) -> Run | None:
        """The first run that begins at the position or after it."""
        index = bisect_left(self._starts, start)
        return self.runs[index] if index < len(self.runs) else None

    def marker_from(self, start: int) -> int | None:
        """The first position from the given one that holds a marker."""
        index = self._index(start)
        if 0 <= index < len(self.runs) and self.runs[index].end > start:
            return start
        return self.runs[index + 1].start if index + 1 < len(self.runs) else None

    def _index(self, position: int) -> int:
        index = bisect_left(self._starts, position)
        if index < len(self.runs) and self._starts[index] == position:
            return index
        return index - 1

    def _judge(self, start: int, end: int, *, after_element: bool = False) -> Run:
        plain = self.plain
        marker = plain[start]
        before = plain[start - 1] if start else ""
        after = plain[end : end + 1]
        if after_element:
            # What stands before the run now is the end of a placeholder.
            before = "\x03"
        closes = bool(before) and not before.isspace() and before != marker
        opens = bool(after) and not after.isspace()
        if marker == "*":
            role = (EITHER if opens else CLOSE) if closes else (OPEN if opens else None)
            return Run(start, end, marker, role)
        word_before = before.isalnum() or before == "_"
        word_after = after.isalnum() or after == "_"
        if closes and opens and not word_before and not word_after:
            return Run(start, end, marker, EITHER)
        if closes and not word_after:
            return Run(start, end, marker, CLOSE)
        return Run(start, end, marker, OPEN if opens and not word_before else None)
