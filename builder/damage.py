"""Text of a file -> what befell it before it came here: told, for a page would show it. Pure.

A merge of two versions was not finished, letters were lost between two encodings, or words of a value
behind a `#` are a comment to YAML.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.body.blocks import without_code
from builder.body.braces import Fault
from builder.diagnostics import Diagnostic, Place, diagnostic
from builder.lines import Lines
from builder.signs import blanked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BEGUN = "<<<<<<<"
_REPLACED = "\ufffd"
#: UTF-8 that was read as Windows-1252: an umlaut, an accent, or a sign such as a quotation mark.
_MISREAD = re.compile(
    "Ã[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2010-\u2122]|â€\\S"
)
#: What can stand behind an `Ã` that ends a word in capitals: a space, a dash or a quotation mark.
_BEHIND_WORD = re.compile("[\u00a0«»\u2010-\u2122]")
#: A value without quotes, of a key whose values are words, and what a `#` takes away from it. Behind
#: the sign of a comment stands a space, and behind that of a number or a tag none.
_CUT_OFF = re.compile(
    r"^[ ]*(?:title|name|summary|description|author|publisher|changes):[ ]++"
    r"(?![\"'|>\[{#])[^\n]*?[ ](#\w[^\n]*)",
    re.MULTILINE,
)
#: A text that begins behind a sign of its own, on lines that are further in: there a `#` is a letter.
_BLOCK_SCALAR = re.compile(
    r"^([ ]*+)[^\n]*[:-][ ]+[|>][+\-0-9]*+[ ]*+(?:#[^\n]*)?\n(?:[ ]*\n|\1[ ]+[^\n]*(?:\n|\Z))*",
    re.MULTILINE,
)


def damage(text: str) -> Iterator[Fault]:
    """What befell the text of a file."""
    if _BEGUN in text:
        for one in _conflicts(text):
            message = "a merge has left two versions of these lines"
            hint = "keep one of the two, and delete the lines of `<<<<<<<`, `=======` and `>>>>>>>`"
            yield Fault(one, "merge-conflict", message, hint)
    if text.isascii():
        return
    if _REPLACED in text:
        more = text.count(_REPLACED) - 1
        message = f'letters were lost: "{_REPLACED}" stands in their place'
        message += f", and {more} more times below" if more else ""
        hint = "write them anew: somewhere the text was read in another encoding than it was saved in"
        yield Fault(text.find(_REPLACED), "lost-letters", message, hint)
    if "Ã" in text or "â€" in text:
        yield from _misread(text)


def cut_off(yaml: str) -> Iterator[Fault]:
    """The words of front matter that are a comment to YAML, and were hardly meant as one."""
    # Hardly any front matter has such a value, within a text of several lines or not.
    if " #" not in yaml or not _CUT_OFF.search(yaml):
        return
    words = _BLOCK_SCALAR.sub(lambda one: blanked(one[0]), yaml)
    for one in _CUT_OFF.finditer(words):
        message = f'"{one[1][:60].rstrip()}" is a comment to YAML: no page shows it'
        hint = "put quotes around the whole value; a comment begins with a `#` and a space"
        yield Fault(one.start(1), "lost-words", message, hint)


def as_diagnostics(
    faults: Iterable[Fault], file: str, text: str, first_line: int = 1
) -> list[Diagnostic]:
    """The faults of a text that begins on a line of a file, with their places in it."""
    told = list(faults)
    if not told:
        return []
    lines = Lines(text, first_line)
    return [
        diagnostic(file, Place(*lines.at(one.start)), one.code, one.message, one.hint) for one in told
    ]


def unexplained(problems: Iterable[Diagnostic], found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The problems of YAML but for those that an unfinished merge, which was found, has made."""
    merged = {one.line for one in found if one.code == "merge-conflict"}
    return [one for one in problems if one.line not in merged]


def _conflicts(text: str) -> Iterator[int]:
    """Where each of the conflicts outside of code begins."""
    begun, parted = -1, False
    offset = 0
    for line in without_code(text).split("\n"):
        sign = line[:7] if line[7:8] in ("", " ") else ""
        if sign == _BEGUN:
            begun, parted = offset, False
        elif sign == "=======" and begun >= 0:
            parted = True
        elif sign == ">>>>>>>" and parted:
            yield begun
            begun, parted = -1, False
        offset += len(line) + 1


def _misread(text: str) -> Iterator[Fault]:
    """The first letter that stands as two or three signs of another encoding."""
    for one in _MISREAD.finditer(text):
        begin = one.start()
        if text[begin - 1 : begin].isupper() and one[0][0] == "Ã" and _BEHIND_WORD.match(one[0], 1):
            continue
        try:
            meant = one[0].encode("cp1252").decode()
        except UnicodeError:
            continue
        message = f'"{one[0]}" stands where "{meant}" was meant, and others may, too'
        hint = "paste the text anew from where it is right: here it was read in another encoding"
        yield Fault(begin, "lost-letters", message, hint)
        break
