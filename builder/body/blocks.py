"""Where annotations can stand in Markdown: the blocks between blank lines, and the code to pass over.

This sees no more of Markdown than the tokenizer needs. Where in doubt it takes code for text: the
marks end in code then, and become literals again. An annotation taken for code would go unseen.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from builder.signs import blanked, offsets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: A blank line, with the line break before it: where a block ends.
BLANK = re.compile(r"\n[ \t\r]*+(?=\n|$)")
_FENCE = re.compile(r"(`{3,}+|~{3,}+)[ \t]*+([^\n`]*+)$", re.MULTILINE)
# A line that begins something new without a blank line before it: an item, a heading, a table's row.
# No code span runs into it. Where this is wrong, the marks end in code and become literals again.
_NEW_LINE = re.compile(r"\n[ \t>]*+(?:[-+*:][ \t]|\d++\.[ \t]|#|\[\^|[^\n|]*+\|)")
_RUN = re.compile("`+")
_BRACES = re.compile(r"\{[^{}\n]*\}")
#: The blocks behind an item or a note are indented, and no code.
_ITEM = re.compile(r"(?:[-+*]|\d+\.|\[\^[^\]\n]*\]:)[ \t]")


def blocks(text: str) -> Iterator[tuple[int, int]]:
    """The stretches between blank lines, fenced code left out."""
    for start, end in outside_fences(text):
        position = start
        for blank in BLANK.finditer(text, start, end):
            yield position, blank.start()
            position = blank.end()
        yield position, end


def outside_fences(text: str) -> Iterator[tuple[int, int]]:
    """The stretches before, between and behind fenced code."""
    if "```" not in text and "~~~" not in text:
        yield 0, len(text)
        return
    fences = [
        (match.start(), match.end(), match.group(1), match.group(2).strip())
        for start in offsets(f"\n{text}", "\n```", "\n~~~")
        if (match := _FENCE.match(text, start))
    ]
    # A fence is closed by a line with the same fence and nothing behind it; the next such line is
    # looked up from the right, so that many fences that nothing closes cost no more than few.
    closers: dict[str, int] = {}
    closed_by: list[int] = [-1] * len(fences)
    for index in range(len(fences) - 1, -1, -1):
        _, _, fence, info = fences[index]
        closed_by[index] = closers.get(fence, -1)
        if not info:
            closers[fence] = index
    position = 0
    index = 0
    while index < len(fences):
        closer = closed_by[index]
        if closer < 0:
            index += 1
            continue
        yield position, fences[index][0]
        position = fences[closer][1]
        index = closer + 1
    yield position, len(text)


class Backticks:
    """The runs of backticks in a block, to find where a code span ends."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._range = (start, end)
        self._starts: dict[int, list[int]] | None = None
        self._new_lines: list[int] = []

    def behind_code(self, start: int, end: int) -> int:
        """The offset behind the code span that the run [start, end) begins, else behind the run."""
        if self._starts is None:
            self._starts = {}
            for run in _RUN.finditer(self._text, *self._range):
                self._starts.setdefault(run.end() - run.start(), []).append(run.start())
            self._new_lines = [one.start() for one in _NEW_LINE.finditer(self._text, *self._range)]
        line = bisect_right(self._new_lines, start)
        stop = self._new_lines[line] if line < len(self._new_lines) else self._range[1]
        # Where nothing closes the whole run, fewer of its backticks may begin the code.
        for length in range(end - start, 0, -1):
            starts = self._starts.get(length, [])
            index = bisect_right(starts, start)
            if index < len(starts) and starts[index] < stop:
                return starts[index] + length
        return end


def without_code(text: str) -> str:
    """The text with blanks in place of code, comments and braces; offsets and lines stay."""
    return _without(text, [*_code(text), *_comments(text)])


def with_comments(text: str) -> str:
    """The text with blanks in place of code and braces."""
    return _without(text, _code(text))


def without_comments(text: str) -> str:
    """The text with blanks in place of comments, those in code among them."""
    return _without(text, _comments(text))


def _without(text: str, stretches: Iterable[tuple[int, int]]) -> str:
    pieces: list[str] = []
    position = 0
    for start, end in sorted(stretches):
        if start >= position:
            pieces += (text[position:start], blanked(text[start:end]))
            position = end
    pieces.append(text[position:])
    return "".join(pieces)


def _code(text: str) -> Iterator[tuple[int, int]]:
    """Where code and braces stand."""
    behind = 0
    for start, end in outside_fences(text):
        yield behind, start
        behind = end
    in_list = False
    for start, end in blocks(text):
        block = text[start:end].lstrip("\n")
        if block.startswith(("    ", "\t")) and not in_list:
            yield start, end
            continue
        in_list = _ITEM.match(block) is not None or (in_list and block.startswith((" ", "\t")))
        backticks = Backticks(text, start, end)
        position = start
        for run in _RUN.finditer(text, start, end):
            if run.start() >= position:
                position = backticks.behind_code(*run.span())
                if position > run.end():
                    yield run.start(), position
        yield from (one.span() for one in _BRACES.finditer(text, start, end))


def _comments(text: str) -> Iterator[tuple[int, int]]:
    """Where comments stand that have an end."""
    opened = text.find("<!--")
    while opened >= 0:
        closed = text.find("-->", opened)
        if closed < 0:
            break
        yield opened, closed + 3
        opened = text.find("<!--", closed)
