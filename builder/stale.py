"""Why a page must be rendered, if it must. Pure: it compares what is with what was.

A page is as it should be if every part that its view is made of is what it was when the page was
rendered, and the published file is still what was written then.
"""

from __future__ import annotations

from msgspec import Raw, Struct
from msgspec.msgpack import decode

from builder.stamps import Stamp


class PageEntry(Struct, array_like=True, frozen=True):
    """What the cache holds of a published page.

    `whole` is a fingerprint of all that its view was made of, and of more perhaps; `parts` are those of
    each part by its name, as MessagePack, for they are looked at only when the whole differs. `view` is
    that of the view itself where it was taken, else empty; `stamp` and `fingerprint` are the file's.
    `settled` is false if the stamp may not tell of a change that came right after.
    """

    whole: bytes
    parts: Raw
    view: bytes
    stamp: Stamp
    settled: bool
    fingerprint: str


#: What each part of a page is called in the reasons for rendering it.
_WORDS = {
    "about": "the list of what is reported on",
    "article": "the article",
    "articles": "the listing's items",
    "body": "the article's body",
    "claims": "the statements",
    "says": "what it said",
    "counts": "the numbers of articles",
    "entities": "the list's entities",
    "entity": "the profile",
    "frame": "the site's frame",
    "names": "the names of what it mentions",
    "neighbours": "the articles before and after it",
    "newer": "the next page of the archive",
    "page": "the page's text",
    "target": "the address it leads to",
    "template": "the template",
    "together": "what it is reported together with",
    "translations": "the translations",
}


#: The reason for rendering a page that there was not.
NEW = ("it is new",)


def reasons(
    entry: PageEntry, parts: dict[str, bytes], output: str
) -> tuple[tuple[str, ...], frozenset[str]]:
    """What changed since a page was rendered, in words; and the names of the parts that did.

    `output` is empty for a published file that is as it was written, else it says in words what
    happened to it.
    """
    before = decode(entry.parts, type=dict[str, bytes])
    names = sorted(name for name in parts.keys() | before.keys() if parts.get(name) != before.get(name))
    changed = tuple(_WORDS[name] for name in names)
    return (*changed, output) if output else changed, frozenset(names)
