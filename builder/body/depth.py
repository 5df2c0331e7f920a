"""HTML -> the tag with which its elements stand too deep within one another. Pure.

For each tag, what parses HTML as browsers do may look at all elements that are open (WHATWG HTML,
13.2.4.2, "the stack of open elements"): of nested elements, ten times as many take a hundred times as
long. So deep as here no text is nested that somebody reads.
"""

from __future__ import annotations

import re
from collections import Counter

from builder.body.balance import FORMATTING

#: So many elements may be open at once.
DEEPEST = 500

#: A comment holds no tags. One that does not end is none.
_TAG = re.compile(r"<!--(?:(?!<!--)[\s\S])*?-->|<(/?)([a-zA-Z][^\s/<>]*)")
#: Elements that have no end, and those of a table, which has them all within itself.
_UNCOUNTED = frozenset(
    (
        "area", "base", "basefont", "bgsound", "body", "br", "caption", "col", "colgroup", "embed",
        "frame", "head", "hr", "html", "image", "img", "input", "keygen", "link", "meta", "param",
        "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
    )
)  # fmt: skip
#: The end of one of these ends no element outside of it, nor does one within it.
_CLOSED = frozenset(("applet", "marquee", "math", "object", "svg", "table", "template"))
#: The end of one of these leaves open what was opened within it.
_LEAVING = FORMATTING | {"form"}
#: A paragraph ends where one of these begins.
_BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "dir", "div",
        "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h", "header", "hgroup", "li",
        "listing", "main", "menu", "nav", "ol", "p", "pre", "search", "section", "summary", "table",
        "ul",
    )
)  # fmt: skip
#: Such an item ends where one of these begins, even in another block of the second kind.
_ITEMS = {"li": ("li",), "dd": ("dd", "dt"), "dt": ("dd", "dt")}
_AROUND_ITEMS = frozenset(("address", "div", "p"))
_SPECIAL = _BLOCKS | _CLOSED | {"button", "iframe", "noscript", "select", "textarea"}
_IN_BUTTONS = _CLOSED | {"button"}
_IN_LISTS = _CLOSED | {"ol", "ul"}
_HEADING = re.compile(r"^h[1-6]$")


def too_deep(html: str) -> re.Match[str] | None:
    """The tag that opens one element more than may be open; None if there is none.

    Where HTML is not well-formed, more elements may count as open than are. Linear in the text.
    """
    elements = _Open()
    closed = -1
    for tag in _TAG.finditer(html):
        # The end of any heading ends whichever is open.
        name = _HEADING.sub("h", (tag[2] or "br").lower())
        if name in _UNCOUNTED:
            continue
        if elements.are_foreign:
            # Where the next tag ends is looked up once: the text may have few ends.
            if closed < tag.end():
                closed = html.find(">", tag.end())
                closed = len(html) if closed < 0 else closed
            if html[closed - 1] == "/":
                continue
        if tag[1]:
            elements.end(name)
        elif elements.begin(name) > DEEPEST:
            return tag
    return None


class _Open:
    """The elements that are open."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._counts: Counter[str] = Counter()

    @property
    def are_foreign(self) -> bool:
        """Whether a tag may say itself that it has no end, as `<path/>` does."""
        return bool(self._counts["svg"] or self._counts["math"])

    def begin(self, name: str) -> int:
        """Open an element; how many are open then."""
        if name in _ITEMS:
            self._end(_ITEMS[name], _SPECIAL - _AROUND_ITEMS)
        if name in _BLOCKS:
            self._end(("p",), _IN_BUTTONS)
        if name == "h" and self._names[-1:] == ["h"]:
            self._end((name,), _CLOSED)
        if name == "a" and self._counts[name]:
            # A link ends where the next begins.
            self._names.remove(name)
            self._counts[name] -= 1
        self._names.append(name)
        self._counts[name] += 1
        return len(self._names)

    def end(self, name: str) -> None:
        """Close what an end tag ends, if that is open."""
        if name == "p":
            self._end((name,), _IN_BUTTONS)
        elif name == "li":
            self._end((name,), _IN_LISTS)
        elif name in _BLOCKS or name in _CLOSED or name in _LEAVING:
            self._end((name,), _CLOSED)
        else:
            self._end((name,), _SPECIAL)

    def _end(self, names: tuple[str, ...], around: frozenset[str]) -> None:
        """Close the last element of one of these names, unless another is open `around` its end."""
        if not any(self._counts[name] for name in names):
            return
        opened = self._names
        start = len(opened) - 1
        while opened[start] not in names:
            if opened[start] in around:
                return
            start -= 1
        kept = opened[start + 1 :]
        if opened[start] not in _LEAVING:
            kept = [one for one in kept if one in _LEAVING]
        self._counts.subtract(opened[start:])
        self._counts.update(kept)
        opened[start:] = kept


def tag_place(tag: re.Match[str], text: str) -> int:
    """The index in Markdown of a tag of its HTML, or of one close to it."""
    wanted = tag[0].lower()
    before = sum(one[0].lower() == wanted for one in _TAG.finditer(tag.string, 0, tag.start()))
    places = [one.start() for one in _TAG.finditer(text) if one[0].lower() == wanted]
    return places[min(before, len(places) - 1)] if places else 0
