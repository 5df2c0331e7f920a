"""The annotation grammar: Pandoc's bracketed span, read from source text.

`tokenize` finds the spans of a text with their positions; `strip` removes them and `mark` replaces
their brackets and braces by placeholders that Markdown carries through. Rendering, the index,
diagnostics and stripping all stand on the one tokenizer; what `flat` reads faster gives the same.

The grammar is that of Pandoc's `bracketed_spans` and Djot's spans: `[text]{key=value .class #id}`.
A bracket is matched by the nearest one that is free, in the same block (between blank lines) and
outside of code. The tokenizer is linear in the text and never raises.
"""

from __future__ import annotations

import re
import sys
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.body.blocks import BLANK, Backticks, blocks
from builder.body.braces import Fault, Span, read_braces, read_flat_spans, read_usual, stray
from builder.prose.transparent import TRANSPARENT_CLASS
from builder.signs import offsets
from builder.yaml.fields import CONTROL

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Spans may be nested this deep.
DEEPEST = 100

#: The first of the characters that stand for the beginning and the end of a marked thing: one for
#: each index, from the two supplementary private use planes.
OPEN_BASE = 0xF0000
CLOSE_BASE = 0x100000
#: So many marks fit into a plane; its last two code points are noncharacters.
MOST_MARKS = 0xFFFE
_PRIVATE = re.compile(f"[{TRANSPARENT_CLASS}]")

_EVENT = re.compile(r"\\[\s\S]|`++|[\[\]{]|<[A-Za-z/!?][^<>\n]*+(?:\n(?![ \t\r]*+\n)[^<>\n]*+)*>")
#: A reference to a character by its number.
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9A-Fa-f]{1,6})(?![0-9A-Fa-f])|0*(\d{1,7})(?!\d));?")
#: The numbers from 0x80 to 0x9F that mean no letter of Windows-1252.
_UNMAPPED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
_ESCAPED_DEPTH = {"\\[": 1, "\\]": -1}


class Private(Struct, frozen=True):
    """What is kept apart, as it is written: a private use character of the source, or a reference.

    Placeholders are such characters, and the sanitiser would make one of a reference. A reference to a
    control character is shown as a space: no document may hold what it means.
    """

    start: int
    character: str
    is_control: bool = False


Mark = Span | Fault | Private


class Tokens(Struct, frozen=True):
    """The spans of a text in the order of their beginnings, and its faults in theirs."""

    spans: tuple[Span, ...]
    faults: tuple[Fault, ...]


def tokenize(text: str) -> Tokens:
    """Find the bracketed spans of Markdown text and what was meant as one.

    Spans are properly nested and do not cross a blank line. Code spans and fences are passed over;
    indented code, which only Markdown can tell, is not. Never raises; linear in the text.
    """
    if "{" not in text:
        return Tokens((), ())
    spans: list[Span] = []
    faults: list[Fault] = []
    if "`" not in text and "\\" not in text and "<" not in text and "~" not in text:
        flat = read_flat_spans(text)
        if flat is None:
            _read_brackets(text, spans, faults)
        else:
            spans = flat
    else:
        for start, end in blocks(text):
            if text.find("{", start, end) >= 0:
                _read_block(text, start, end, spans, faults)
    spans.sort(key=attrgetter("start"))
    if len(spans) <= DEEPEST and not faults:
        # So few can't be nested too deep.
        return Tokens(tuple(spans), ())
    return _bounded(spans, faults)


def strip(text: str) -> str:
    """The text without the brackets and braces of its spans; nothing else changes."""
    cuts: list[tuple[int, int]] = []
    for span in tokenize(text).spans:
        cuts.append((span.start, span.start + 1))
        cuts.append((span.close, span.end))
    cuts.sort()
    pieces: list[str] = []
    position = 0
    for start, end in cuts:
        pieces.append(text[position:start])
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def mark(text: str, tokens: Tokens | None = None) -> tuple[str, tuple[Mark, ...]]:
    """Replace the brackets and braces of spans by placeholders.

    Returns the text for Markdown and the marks. A span with index k begins with `opening(k)` and
    ends with `closing(k)`; a fault, and a private use character of the source, is one `opening(k)`.
    `tokens` are those of the text, where they are known.
    """
    tokens = tokens or tokenize(text)
    marks: list[Mark] = [*tokens.spans, *tokens.faults[: MOST_MARKS // 4]]
    private = _private(text)
    room = MOST_MARKS - len(marks)
    marks += private[:room]
    if not marks:
        return text, ()
    marks.sort(key=lambda one: one.start)
    edits: list[tuple[int, int, str]] = [
        (one.start, one.start + len(one.character), "\ufffd") for one in private[room:]
    ]
    for index, one in enumerate(marks):
        if isinstance(one, Span):
            edits += ends(one, index)
        else:
            length = len(one.character) if isinstance(one, Private) else 0
            edits.append((one.start, one.start + length, opening(index)))
    return replaced(text, edits), tuple(marks)


def replaced(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """The text with other words from offset to offset, in any order; an edit within another is lost."""
    pieces: list[str] = []
    position = 0
    for start, end, replacement in sorted(edits):
        # A private use character inside the braces of a span goes with them.
        if start >= position:
            pieces += (text[position:start], replacement)
            position = end
    pieces.append(text[position:])
    return "".join(pieces)


def _private(text: str) -> list[Private]:
    """The private use characters of a text, by themselves or by numbers, and numbers of controls."""
    found: list[Private] = []
    if not text.isascii():
        found += [Private(one.start(), one.group()) for one in _PRIVATE.finditer(text)]
    if "&#" in text:
        for one in _REFERENCE.finditer(text):
            number = int(one.group(1), 16) if one.group(1) else int(one.group(2))
            if OPEN_BASE <= number < CLOSE_BASE + MOST_MARKS:
                found.append(Private(one.start(), one.group()))
            elif _is_control(number):
                found.append(Private(one.start(), one.group(), is_control=True))
    return found


def _is_control(number: int) -> bool:
    """Whether a reference by a number means a character that no document may hold.

    Those from 0x80 to 0x9F mean letters of Windows-1252 but for five (WHATWG HTML, "numeric character
    reference end state").
    """
    if 0x80 <= number < 0xA0 or number > sys.maxunicode:
        return number in _UNMAPPED
    is_noncharacter = number & 0xFFFE == 0xFFFE
    return is_noncharacter or number == ord("\r") or CONTROL.match(chr(number)) is not None


def ends(span: Span, index: int) -> tuple[tuple[int, int, str], ...]:
    """The edits that put placeholders for the ends of a span."""
    return (span.start, span.start + 1, opening(index)), (span.close, span.end, closing(index))


def opening(index: int) -> str:
    """The placeholder that begins the mark with this index."""
    return chr(OPEN_BASE + index)


def closing(index: int) -> str:
    """The placeholder that ends the span with this index."""
    return chr(CLOSE_BASE + index)


def index_of(placeholder: int) -> int:
    """The index of the mark that a placeholder, by its code point, begins or ends."""
    return placeholder - (CLOSE_BASE if placeholder >= CLOSE_BASE else OPEN_BASE)


def _read_brackets(text: str, spans: list[Span], faults: list[Fault]) -> None:
    """What `_read_block` does for one block, for all of a text without code, escapes and HTML."""
    stack: list[int] = []
    position = end = 0
    for place in offsets(text, "[", "]", "{", "\n"):
        if place < position:
            # It stands in the braces of a span.
            continue
        sign = text[place]
        if sign == "[":
            stack.append(place)
        elif sign == "\n":
            if stack and BLANK.match(text, place):
                stack.clear()
        elif sign == "{" or text[place + 1 : place + 2] == "{":
            opener = stack.pop() if stack and sign == "]" else -1
            usual = read_usual(text, opener, place) if opener >= 0 else None
            if usual is not None:
                spans.append(usual)
                position = usual.end
                continue
            end = end if place < end else _block_end(text, place)
            if sign == "{":
                faults += stray(text, place, end, stack[-1] if stack else -1)
            else:
                position = read_braces(text, opener, place, end, spans, faults)
        elif stack:
            stack.pop()


def _block_end(text: str, place: int) -> int:
    blank = BLANK.search(text, place)
    return blank.start() if blank else len(text)


def _read_block(text: str, start: int, end: int, spans: list[Span], faults: list[Fault]) -> None:
    stack: list[int] = []
    escaped = 0
    ticks = Backticks(text, start, end)
    position = start
    while (event := _EVENT.search(text, position, end)) is not None:
        position = event.end()
        first = text[event.start()]
        if first == "`":
            position = ticks.behind_code(event.start(), event.end())
        elif first == "[":
            stack.append(event.start())
        elif first == "\\":
            escaped = max(escaped + _ESCAPED_DEPTH.get(event.group(), 0), 0)
            # Braces behind an escaped bracket are literal without more ado.
            position += text.startswith("\\]{", event.start(), end)
        elif first == "{":
            faults += stray(text, event.start(), end, stack[-1] if stack else -1)
        elif first == "]":
            opener = stack.pop() if stack else -1
            # `\[words]{...}` is literal: whoever escapes the first bracket means all of it.
            literal = opener < 0 and escaped > 0
            escaped -= literal
            if text.startswith("{", position, end):
                said = [] if literal else faults
                position = read_braces(text, opener, event.start(), end, spans, said)


def _bounded(spans: list[Span], faults: list[Fault]) -> Tokens:
    """Hold the bound on depth: what is nested deeper becomes literal text, and a fault each time."""
    kept: list[Span] = []
    ends: list[int] = []
    for span in spans:
        while ends and ends[-1] <= span.start:
            ends.pop()
        ends.append(span.end)
        if len(ends) <= DEEPEST:
            kept.append(span)
        elif len(ends) == DEEPEST + 1:
            faults.append(
                Fault(
                    span.start,
                    "too-deep",
                    f"annotations are nested more than {DEEPEST} deep",
                    "take some of the brackets away",
                )
            )
    if len(kept) > MOST_MARKS // 2:
        place = kept[MOST_MARKS // 2].start
        del kept[MOST_MARKS // 2 :]
        faults.append(
            Fault(
                place,
                "too-many-annotations",
                f"more than {MOST_MARKS // 2} annotations in one file",
                "divide the text into several articles",
            )
        )
    return Tokens(tuple(kept), tuple(sorted(faults, key=lambda fault: fault.start)))
