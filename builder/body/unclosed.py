"""Comments and fences of code that do not end where they were meant to: told where they begin. Pure.

A comment that has no end is published as text, as is one behind words with a blank line in it; in a
block of HTML, it hides all the rest of the page instead. Fences stand at the beginning of a line, and
end with the same signs; all others are published as text, or as one line of code.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from builder.body.blocks import outside_fences, with_comments, without_comments
from builder.body.braces import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEGIN, _END = "<!--", "-->"
#: The begin of a comment that a page shows; in code, its hyphens stay what they are.
_SHOWN = ("&lt;!–", "&lt;!—")
_FENCE = re.compile(r"^([ \t>]*+)(?:`{3,}+|~{3,}+)[^\n`~]*+$", re.MULTILINE)
#: What stands behind a line of tildes that parts two texts.
_BEHIND_RULE = re.compile(r"[ \t>]*(?:\n[ \t>]*)?(?:\n|\Z)")
#: Where these stand, code may come of something else than of fences of backticks.
_OTHER_CODE = ("~~~", "    ", "\t", "<pre")
_PRE = re.compile(r"<pre\b[^<>]*>(?:<code[^<>]*>)?([^<]*)")
#: A blank line, of a quotation too.
_BLANK = re.compile(r"\n[ \t>]*+(?=\n)")
_LINE_BEGIN = re.compile(r"(?:\A|\n)[ ]{0,3}\Z")
#: So much of a comment is quoted.
_QUOTED = 40


def unclosed(text: str, html: str, *, hides: bool) -> Iterator[Fault]:
    """What begins in a text and does not end; `hides` tells whether a comment hides what follows."""
    if _BEGIN in text and (hides or any(one in html for one in _SHOWN)):
        yield from _comment(text, hides=hides)
    if ("```" in text or "~~~" in text) and not _make_code(text, html):
        yield from _fence(text, html)


def hides_rest(html: str) -> bool:
    """Whether a comment in HTML that is not yet sanitised has no end."""
    return html.rfind(_BEGIN) > html.rfind(_END)


def _comment(text: str, *, hides: bool) -> Iterator[Fault]:
    """The first comment that ends nowhere, or behind a blank line, or that holds another."""
    words = with_comments(text)
    start = words.find(_BEGIN)
    while start >= 0:
        end = words.find(_END, start)
        shown = " ".join(text[start : start + _QUOTED].split("\n", 1)[0].split())
        if end < 0:
            lost = "nothing behind it is published" if hides else "it is published as text"
            message = f'the comment "{shown}" has no end: {lost}'
            yield Fault(start, "unclosed-comment", message, f"write `{_END}` behind its last word")
            return
        within = words.find(_BEGIN, start + 1, end) >= 0
        begins_line = _LINE_BEGIN.search(words[max(start - 4, 0) : start])
        if within or (not begins_line and _BLANK.search(words, start, end)):
            reason = "another begins in it" if within else "a blank line stands in it"
            message = f'the comment "{shown}" is published as text: {reason}'
            hint = "take that out, or begin the comment at the beginning of a line, behind a blank one"
            yield Fault(start, "unclosed-comment", message, hint)
            return
        start = words.find(_BEGIN, end)


def _make_code(text: str, html: str) -> bool:
    """Whether all fences make code, told by their number: no other code that a page shows is near."""
    return text.count("```") == 2 * html.count("<pre") and not any(map(text.__contains__, _OTHER_CODE))


def _fence(text: str, html: str) -> Iterator[Fault]:
    """The first of the fences that make no code."""
    words = without_comments(text)
    stretches = list(outside_fences(words))
    lines = [one for begin, end in stretches for one in _FENCE.finditer(words, begin, end)]
    outside = [one for one in lines if not _is_rule(one)]
    if not outside:
        return
    # Lines of code may look like fences: those that are shown in it are none.
    shown = sum(len(_FENCE.findall(one)) for one in _PRE.findall(html))
    # Each block of code has a fence before it and one behind it.
    in_code = len(_FENCE.findall(words)) - len(lines) - 2 * (len(stretches) - 1)
    if len(outside) <= shown - in_code:
        return
    first = min(outside, key=lambda one: (len(one[1].expandtabs(4)) >= 4, one.start()))
    hint = "end the code with a line of the same signs, which stand at the beginning of the line"
    if first[1]:
        hint = "begin the signs at the beginning of the line; in a list, indent code by eight spaces"
    message = "these lines are read as words, not as code"
    yield Fault(first.end(1), "flattened-code", message, hint)


def _is_rule(line: re.Match[str]) -> bool:
    """Whether a line of tildes stands alone, as between two parts of a text."""
    return line[0].rstrip().endswith("~") and _BEHIND_RULE.match(line.string, line.end()) is not None
