"""Headings, lists and quotations of words -> their HTML, as Markdown and the sanitiser make it.

Beside paragraphs, most articles have no other blocks than these. A heading is taken that is one line
behind number signs; a list whose items are single lines; a quotation that is one paragraph. Their words
may hold links and emphasis as `flat.py` reads them. For anything else the answer is None, and Markdown
is asked.
"""

from __future__ import annotations

import re
from itertools import islice

from builder.body.flat import inline
from builder.body.plain import BREAKS

_HEADING = re.compile(r"(#{1,6}) ([^\n#]+)")
_ITEM = re.compile(r"[-+] (.+)")
_NUMBERED = re.compile(r"[0-9]+\. (.+)")
_QUOTED = re.compile(r"> (.+)")
_LIST, _QUOTATION = "list", "quotation"

#: Which kind of block it is, the HTML before, between and behind its texts, and these.
_Block = tuple[str, str, str, str, list[str]]


def worded(stretch: str) -> str | None:
    """The HTML of blocks between blank lines, without line breaks around it; None if Markdown must say.

    The stretch stands between plain paragraphs, or at either end of the text.
    """
    if not stretch.strip("\n"):
        return ""
    blocks: list[_Block] = []
    for block in BREAKS.split(stretch.strip("\n")):
        found = _block(block)
        # Two lists, or two quotations, one after another are one to Markdown.
        if not found[-1] or (blocks and blocks[-1][0] == found[0] in (_LIST, _QUOTATION)):
            return None
        blocks.append(found)
    htmls = inline([text for *_, texts in blocks for text in texts])
    if not htmls:
        return None
    made = iter(htmls)
    return "\n".join(
        f"{before}{between.join(islice(made, len(texts)))}{behind}"
        for _, before, between, behind, texts in blocks
    )


def _block(block: str) -> _Block:
    """One block; without texts if it is none of these."""
    heading = _HEADING.fullmatch(block)
    if heading:
        tag = f"h{len(heading[1])}"
        return "", f"<{tag}>", "", f"</{tag}>", [heading[2]]
    if block.startswith(">"):
        words = "\n".join(_taken(_QUOTED, block))
        return _QUOTATION, "<blockquote>\n<p>", "", "</p>\n</blockquote>", [words] if words else []
    tag, marked = ("ol", _NUMBERED) if block.startswith("1. ") else ("ul", _ITEM)
    items = _taken(marked, block)
    return _LIST, f"<{tag}>\n<li>", "</li>\n<li>", f"</li>\n</{tag}>", items


def _taken(marked: re.Pattern[str], block: str) -> list[str]:
    """What stands behind the sign at the beginning of each line; nothing if a line lacks it."""
    lines = [marked.fullmatch(line) for line in block.split("\n")]
    return [line[1] for line in lines if line] if all(lines) else []
