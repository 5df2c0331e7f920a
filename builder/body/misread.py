"""Lines that are read as something else than they look like: told where they are written.

Markdown reads a list or a table behind a blank line alone, takes an item for one of the list above
unless it is indented by four spaces, and cuts a row of a table at the width of its head. It takes a
hashtag at the beginning of a line for a heading. Whoever knows other kinds of Markdown expects none of
that. Pure.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from builder.body.blocks import without_code
from builder.body.braces import Fault
from builder.prose.tables import split_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: What tells that a text may have such items: a sign, or the number of the second one.
_FOREIGN_SIGNS = (*"•▪◦●", "۲)", "٢)")
#: What begins an item in a word processor and elsewhere, and in Markdown nothing.
_FOREIGN = r"(?:[•▪◦●][ \t]*|\d{1,3}\)[ \t]+)"
#: What begins an item. A longer number is a year or a quantity at the beginning of a line.
_MARKER = rf"[ ]*(?:(?:[-*+]|\d{{1,3}}\.)[ ]+|{_FOREIGN})(?=\S)"
_ITEM_IN_WORDS = re.compile(rf"\n{_MARKER}")
_FOREIGN_ITEM = re.compile(rf"[ ]*{_FOREIGN}(?=\S)")
# No stretch of these signs can be parted in two ways, so that a long line of them takes no time.
_ROW_IN_WORDS = re.compile(r"\n[ :—–-]*+\|")
_TABLE_IN_WORDS = re.compile(r"\n\|?[ :]*+[—–-][ :—–-]*+\|[ :—–|-]*+(?=\n|$)")
#: The tags between which words stand in one stretch, and those that begin one of Markdown's own.
_BLOCK = re.compile(
    r"(<(?:p|li|dd)>)|</?(?:p|[uod]l|li|d[dt]|div|pre|blockquote|h\d|hr|table|t[rhd]|section)\b[^<>]*>"
)
#: Lines that begin and end as rows of a table do.
_ROWS = re.compile(r"\|[^\n]*\|[ ]*(?:\n\|[^\n]*\|[ ]*)+")
_TAG = re.compile(r"<code>[^<]*</code>|<[^<>]*>")
_NO_WORD = re.compile(r"[\W_]+")
_QUOTE = re.compile(r"[ ]{0,3}(?:>[ ]?)+")
_BEGUN = re.compile(_MARKER)
_ITEM = re.compile(r"([ ]*)(?:([-*+])|(\d{1,9}\.))[ ]+(?=\S)")
_RULE = re.compile(r"[ ]{0,3}([-*_])(?:[ ]*\1){2,}[ ]*")
_SEPARATOR = re.compile(r"[ ]*+\|?(?=.*\|)[ :|]*+-[ :|-]*+")
#: Where items may be out of place, as far as single lines tell: they are indented by less than four
#: spaces, or one of either kind follows the other.
_INDENTED = re.compile(r"\n[ >]*[ ]{2,3}(?:[-*+]|\d{1,9}\.)[ ]")
_FIRST = re.compile(r"\n[ >]{0,3}(?:([-*+])[ ]|\d{1,9}(\.)[ ]|[^\s>])")
_NUMBER = re.compile(r"\n[ >]{0,3}\d{1,9}\.[ ]")
#: Where a row may be wider than the head of its table: a separator, and lines around it.
_TABLE = re.compile(
    r"\n([^\n|]*+\|[^\n]*+)\n(?=[^\n|]*+\|)(?=[^\n-]*+-)[ >:|-]*+((?:\n[^\n|]*+\|[^\n]*+)+)"
)
_HASHTAG = re.compile(r"[ ]*(?:(?:[-*+]|\d{1,9}\.)[ ]+)?(#)(?=[^#\s])(.*)")
_MAY_BE_HASHTAG = re.compile(r"\n[ >]*(?:(?:[-*+]|\d{1,9}\.)[ ]+)?#[^#\s]")
#: What a heading of the first level is shown as, below the title of the page.
_HEADING = re.compile(r"<h2\b[^<>]*>(.*?)</h2>", re.DOTALL)
#: By so many spaces an item of a list below an item is indented.
_DEEP = 4
#: So much of a line is compared to find it again, and so many are not found before no more is sought.
_COMPARED = 16
_MOST_UNFOUND = 20

_SEPARATED = "write a line below the head with `---` for each column of it: `|---|---|` for two"
_PARAGRAPH = "are read as words of the paragraph above"
_DEEPER = (
    "flattened-list",
    "this item is read as one of the list above, not of a list below its item",
    "indent it by four spaces",
)
_OTHER = (
    "flattened-list",
    "this item is read as one of the list above, which is of the other kind",
    "write a line of words between the two lists, or `<!-- -->` with a blank line on either side",
)
_MORE_COLUMNS = "add a column to the head and the line below it, or write `\\|` for a bar in words"


class _Line(NamedTuple):
    """A line without the signs of a quote before it, and where that begins.

    `code` tells whether it is code or a comment, as a whole.
    """

    start: int
    words: str
    code: bool


def has_foreign_items(text: str) -> bool:
    """Whether a text may have items as other programs write them: a look that takes no time."""
    return "2)" in text or (not text.isascii() and any(map(text.__contains__, _FOREIGN_SIGNS)))


def misread(text: str, html: str) -> list[Fault]:
    """What the HTML of a text shows as something else than it looks like, in its order."""
    found: list[Fault] = []
    in_words = _ITEM_IN_WORDS.search(html) or ("|" in html and _ROW_IN_WORDS.search(html))
    items = "<li>" in html and (_INDENTED.search(text) or _are_of_both_kinds(text))
    cells = "<table>" in html and _may_be_wide(text)
    hashtags = "<h2" in html and _MAY_BE_HASHTAG.search(f"\n{text}")
    if in_words or items or cells or hashtags:
        lines = _lines(text)
        found += _in_words(lines, html) if in_words else ()
        found += _items(lines) if items else ()
        found += _cells(lines) if cells else ()
        found += _hashtags(lines, html) if hashtags else ()
    return sorted(found, key=lambda one: one.start)


def _are_of_both_kinds(text: str) -> bool:
    """Whether an item may follow one of the other kind."""
    lines = f"\n{text}"
    if not _NUMBER.search(lines):
        return False
    kinds = "".join([(bullet and "-") or number or " " for bullet, number in _FIRST.findall(lines)])
    return "-." in kinds or ".-" in kinds


def _may_be_wide(text: str) -> bool:
    """Whether a row of a table may have more cells than its head, by the pipes of both."""
    first, last = text.find("|"), text.rfind("|")
    begin, end = text.rfind("\n", 0, first) + 1, text.find("\n", last)
    lines = text[begin:end] if end >= 0 else text[begin:]
    for head, rows in _TABLE.findall(f"\n{lines}"):
        most, closed = head.count("|"), head.rstrip()[-1:] == "|"
        for row in rows.split("\n")[1:]:
            if row.count("|") > most - (closed and row.rstrip()[-1:] != "|"):
                return True
    return False


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    start = 0
    for written, line in zip(text.split("\n"), without_code(text).split("\n"), strict=True):
        quote = _QUOTE.match(line)
        behind = quote.end() if quote else 0
        code = not line.strip() and bool(written.strip())
        found.append(_Line(start + behind, written if code else line[behind:], code))
        start += len(written) + 1
    return found


def _in_words(lines: Sequence[_Line], html: str) -> Iterator[Fault]:
    """Lists and tables that stand in a paragraph: the first line of each that is found in the text."""
    items = [one for one in lines if not one.code and _BEGUN.match(one.words)]
    heads = (head for head, below in _heads(lines) if not below)
    rows = (one for one in lines if not one.code and one.words.startswith("|"))
    behind = unfound = 0
    for words in _stretches(html):
        first = _ITEM_IN_WORDS.search(words)
        if first and _is_list(words, first):
            whole = _FOREIGN_ITEM.match(words) or first
            index = _line_of(items, behind, words[whole.end() :].partition("\n")[0])
            if index >= 0:
                line, behind = items[index], index + 1
                start = line.start + len(line.words) - len(line.words.lstrip(" "))
                yield Fault(start, "flattened-list", *_not_a_list(line.words))
            else:
                unfound += 1
        elif _ROWS.fullmatch(words) and (row := _row_of(rows, words)) is not None:
            message = "these lines are read as words, not as a table"
            yield Fault(row.start, "flattened-table", message, _SEPARATED)
        elif _TABLE_IN_WORDS.search(words) and (head := next(heads, None)) is not None:
            message = f"these lines {_PARAGRAPH}, not as a table"
            yield Fault(head.start, "flattened-table", message, "put a blank line before the table")
        if unfound > _MOST_UNFOUND:
            break


def _is_list(words: str, first: re.Match[str]) -> bool:
    """Whether words with a line that begins as an item does look like a list."""
    return (
        words[: first.start()].endswith(":")
        or _FOREIGN_ITEM.match(words) is not None
        or _ITEM_IN_WORDS.search(words, first.end()) is not None
    )


def _not_a_list(line: str) -> tuple[str, str]:
    """The message and the hint about lines, of which this is the first, that are no list."""
    if not _FOREIGN_ITEM.match(line):
        return f"these lines {_PARAGRAPH}, not as a list", "put a blank line before the list"
    sign = "`1.`" if line.lstrip()[0].isdigit() else "`-`"
    hint = f"begin each item with {sign} and a space, and put a blank line before the list"
    return "these lines are read as words of one paragraph, not as a list", hint


def _row_of(rows: Iterator[_Line], words: str) -> _Line | None:
    """The next of the rows that the first of some lines of words stands in; None if it is not found."""
    wanted = _NO_WORD.sub("", words.partition("\n")[0])[:_COMPARED]
    return next((one for one in rows if _NO_WORD.sub("", one.words).startswith(wanted)), None)


def _stretches(html: str) -> Iterator[str]:
    """The words of paragraphs and items, each on its own, without tags."""
    pieces = _BLOCK.split(html)
    # Behind the words before each tag stands the tag itself, if it begins a paragraph or an item.
    for begun, words in zip(pieces[1::2], pieces[2::2], strict=True):
        if begun and "\n" in words:
            yield unescape(_TAG.sub("", words))


def _line_of(items: Sequence[_Line], begin: int, words: str) -> int:
    """The index, from `begin` on, of the line that has these words behind its marker; -1 for none."""
    wanted = _NO_WORD.sub("", words)[:_COMPARED]
    for index in range(begin, len(items)):
        own = _BEGUN.sub("", items[index].words, count=1).partition("](")[0]
        line = _NO_WORD.sub("", own)[:_COMPARED]
        if line and (line.startswith(wanted) or wanted.startswith(line)):
            return index
    return -1


def _heads(lines: Sequence[_Line]) -> Iterator[tuple[_Line, list[_Line]]]:
    """The lines that look like the head of a table, each with those below the separator.

    There are none below where words stand right above, for then it is no table.
    """
    index = 1
    while index < len(lines):
        head, line = lines[index - 1 : index + 1]
        is_head = "|" in head.words and not (head.code or line.code)
        index += 1
        if not is_head or "-" not in line.words or not _SEPARATOR.fullmatch(line.words):
            continue
        above = lines[index - 3].words if index > 2 else ""
        below: list[_Line] = []
        while index < len(lines) and lines[index].words.strip():
            below.append(lines[index])
            index += 1
        yield head, [] if above.strip() else [line, *below]


def _items(lines: Sequence[_Line]) -> Iterator[Fault]:
    """Items that Markdown takes for items of the list above them, though they are not meant so."""
    # The indentation and the kind of the list that the text is in, and whether it is in a paragraph.
    indent, numbered, in_words = -1, False, False
    told = False
    for before, (start, words, code) in pairwise([_Line(0, "", code=False), *lines]):
        item = None if code or in_words or _RULE.fullmatch(words) else _ITEM.match(words)
        if not words.strip():
            in_words = False
        elif item is None:
            # Words right behind an item belong to it, and so do all that are indented.
            own = indent >= 0 and (words[0] in " \t" or before.words.strip())
            indent = indent if own and _is_paragraph(words) else -1
            in_words = indent < 0 and _is_paragraph(words)
        elif indent < 0:
            # An indented line that follows no list is code, or belongs to a note.
            if len(item[1]) < _DEEP:
                indent, numbered, told = len(item[1]), item[3] is not None, False
        elif indent + 1 < len(item[1]) < _DEEP:
            # Where one item of a list is out of place, others are too.
            if not told:
                yield Fault(start + len(item[1]), *_DEEPER)
            told = True
        elif len(item[1]) == indent and numbered != (item[3] is not None):
            yield Fault(start + len(item[1]), *_OTHER)
            numbered = item[3] is not None


def _is_paragraph(words: str) -> bool:
    """Whether a line is neither a heading nor a rule."""
    return words[0] != "#" and not _RULE.fullmatch(words)


def _cells(lines: Sequence[_Line]) -> Iterator[Fault]:
    """Cells behind the last column of a table, whose words no page shows."""
    for head, below in _heads(lines):
        separator, *rows = below or [head]
        written = head.words.strip()
        border = written.startswith("|") or written.endswith("|")
        columns = len(split_row(written, border))
        if columns != len(split_row(separator.words.strip(), border)):
            continue
        for row in rows:
            cells = split_row(row.words.strip(), border)
            lost = [one.strip() for one in cells[columns:] if one.strip()]
            if lost:
                message = (
                    f'this row has {len(cells)} cells, the table {columns}: "{lost[0][:60]}" is lost'
                )
                start = row.start + max(row.words.rfind(lost[0]), 0)
                yield Fault(start, "lost-cell", message, _MORE_COLUMNS)


def _hashtags(lines: Sequence[_Line], html: str) -> Iterator[Fault]:
    """Lines that begin with a number sign and no space behind it, and are shown as headings."""
    headings = [_NO_WORD.sub("", unescape(_TAG.sub("", one))) for one in _HEADING.findall(html)]
    shown = {one[:_COMPARED] for one in headings}
    for start, words, code in lines:
        found = None if code else _HASHTAG.match(words)
        if found and _NO_WORD.sub("", found[2])[:_COMPARED] in shown:
            message = f'"#{found[2].split()[0][:60]}" is read as a heading'
            hint = "write `\\#` for the sign itself, or `# ` with a space for a heading"
            yield Fault(start + found.start(1), "hashtag-heading", message, hint)
