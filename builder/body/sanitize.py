"""HTML that came out of Markdown -> HTML that can do no harm.

Article text comes from outside and may hold raw HTML. nh3 parses it as a browser does (WHATWG HTML)
and lets through what stands here: no script, no style, no form, no frame, and links by `http`,
`https`, `mailto` and `tel` alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import nh3

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAGS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
        "var",
        "wbr",
    ]
)
#: Those of the tags that have no end, and those that stand within a line.
VOID = frozenset(["br", "hr", "img", "wbr"])
INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "br",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "i",
        "img",
        "ins",
        "kbd",
        "mark",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
        "var",
        "wbr",
    ]
)
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "dir", "id", "lang", "title"},
    "a": {"href", "hreflang"},
    "blockquote": {"cite"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"alt", "height", "src", "width"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "q": {"cite"},
    "td": {"colspan", "headers", "rowspan"},
    "th": {"abbr", "colspan", "headers", "rowspan", "scope"},
    "time": {"datetime"},
}
#: What the address of a link or image may begin with, if it is not one of the site.
SCHEMES = ("https", "http", "mailto", "tel")
_REMOVED_WITH_CONTENT = {"script", "style", "template", "noscript", "title", "textarea", "xmp"}
#: Comments hold no tags.
_START_TAG = re.compile(r"<!--[\s\S]*?(?:-->|\Z)|<([a-zA-Z][^\s/<>]*)")
#: Words behind the name of an element where attributes stand: none has a value.
_WORDS = re.compile(r"(?:\s++[^\s<>=\"'/-]++)+\s*+>")
#: Attributes without a value that somebody may have copied from another page.
_VALUELESS = frozenset(
    (
        "async", "autofocus", "autoplay", "checked", "compact", "controls", "defer", "disabled",
        "download", "hidden", "inert", "ismap", "itemscope", "loop", "markdown", "multiple", "muted",
        "nowrap", "noshade", "open", "readonly", "required", "reversed", "selected",
    )
)  # fmt: skip
#: Addresses of the usual form, which the sanitiser leaves as they are; it does so with many others.
USUAL_ADDRESS = re.compile(
    r"https?://(?:[a-z]{1,30}\.){1,4}[a-z]{2,10}(?:/[A-Za-z0-9._/-]*)?"
    r"|/(?:[A-Za-z0-9._-]+/)*[A-Za-z0-9._-]*"
    r"|[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*/?"
)


def make_cleaner() -> nh3.Cleaner:
    """The sanitiser; `clean(html)` returns well-formed HTML with every attribute in double quotes."""
    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags=_REMOVED_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        link_rel=None,
        url_schemes=set(SCHEMES),
    )


def keeps_element(name: str) -> bool:
    """Whether the sanitiser leaves elements of this name."""
    return name.lower() in _TAGS


def taken_out(html: str) -> Iterator[re.Match[str]]:
    """The start tags of the elements that the sanitiser takes out, with their names in group 1.

    And those of others that hold words which it takes for attributes, as in `a<b and c>d`.
    """
    position = 0
    while tag := _START_TAG.search(html, position):
        position = tag.end()
        name = (tag[1] or "").lower()
        if name and (name not in _TAGS or _holds_words(html, tag.end())):
            yield tag
        if name in _REMOVED_WITH_CONTENT:
            # What stands within it is no HTML, up to the end of the text if nothing ends it.
            closed = re.compile(f"</{name}", re.IGNORECASE).search(html, position)
            position = closed.start() if closed else len(html)


def _holds_words(html: str, position: int) -> bool:
    """Whether words stand behind the name of an element, none of which is an attribute."""
    words = _WORDS.match(html, position)
    return words is not None and _VALUELESS.isdisjoint(words[0][:-1].lower().split())
