"""Links of a body that lead nowhere, whatever the site holds: what is wrong with them. Pure.

The address of some is taken out by the sanitiser, for it could run a script or open another program;
others lead to a place that their own page does not have: the fragment of their address (RFC 3986, 3.5)
is the id of nothing there. Images of other sites are not shown under the policy that pages are served
with, `default-src 'self'`.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

from builder.body.sanitize import SCHEMES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_ADDRESS = re.compile(
    r"<(?:a|(?P<image>img))\b[^<>]*?\s(?:href|src)\s*=\s*"
    r"""(?:"(?P<double>[^"]{0,2000})"|'(?P<single>[^']{0,2000})'|(?P<bare>[^\s"'<>]+))""",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(r"[\s\x00-\x1f]*(?:https?:|//)", re.IGNORECASE)
_SCHEME = re.compile(r"[\s\x00-\x1f]*([a-zA-Z][a-zA-Z0-9+.-]*):")
_BREAKS = re.compile(r"[\t\n\r]")
_FRAGMENT = re.compile(r'<a\b[^<>]* href="#([^"]+)"')
_ID = re.compile(r' id="([^"]*)"')
#: Ids of the theme begin so, and no id of a body does; and those of the marks of notes.
_NOT_WRITTEN = ("page-", "fnref:")
_TOP = "top"
_MENTION = "m-"
_NO_PLACE = "write the id of a heading or note, or give the place one: `[words]{#name}`"
_TAKE_HERE = "save it under content/media/ and lead to it there, if its licence allows that"

#: An address as it is written, the code, the message and the hint.
Nowhere = tuple[str, str, str, str]


def unreachable(html: str, kinds: Collection[str]) -> Iterator[Nowhere]:
    """The links that no page leads by and the images that none shows, in HTML not yet sanitised.

    `kinds` are the ids of the kinds of entities.
    """
    if ":" not in html and "//" not in html:
        return
    for found in _ADDRESS.finditer(html):
        address = unescape(found["double"] or found["single"] or found["bare"] or "")
        if found["image"] and _OUTSIDE.match(address):
            message = f'the image "{address[:60]}" is at another site, from where pages show none'
            yield address, "remote-image", message, _TAKE_HERE
            continue
        # Browsers read an address as if line breaks and tabs were not in it (WHATWG URL Standard).
        scheme = _SCHEME.match(_BREAKS.sub("", address))
        if scheme is None or scheme[1].lower() in SCHEMES:
            continue
        word = "image" if found["image"] else "link"
        hint = f"pages lead to {', '.join(f'{one}:' for one in SCHEMES)} and to what the site holds"
        if scheme[1] in kinds:
            value = address.partition(":")[2].strip()
            hint = f"for an annotation, write `[words]{{{scheme[1]}={value}}}`"
        message = f'the address of the {word} "{" ".join(address.split())[:60]}" is taken out'
        yield address, "lost-link", message, hint


def astray(html: str) -> Iterator[Nowhere]:
    """The links to a place on the same page that is not there, in HTML that is sanitised."""
    if 'href="#' not in html:
        return
    ids = {unescape(one) for one in _ID.findall(html)}
    for found in _FRAGMENT.findall(html):
        written = unescape(found)
        if not has_place(ids, written):
            message = f'the link "#{written[:60]}" leads to nothing on this page'
            yield f"#{written}", "dead-link", message, place_hint(ids, written)


def own_ids(html: str, mentions: int) -> tuple[str, ...]:
    """The ids in the sanitised HTML of a body but the anchors of its mentions, so many as there are."""
    # Each mention has an id, and most bodies have no other.
    if html.count(' id="') <= mentions:
        return ()
    return tuple(unescape(one) for one in _ID.findall(html) if not one.startswith(_MENTION))


def has_place(ids: Collection[str], fragment: str) -> bool:
    """Whether a page whose body has these ids has the place that a fragment names."""
    place = unquote(fragment)
    known = place in ids or fragment in ids
    return known or place.startswith(_NOT_WRITTEN) or place.lower() == _TOP


def place_hint(ids: Collection[str], fragment: str) -> str:
    """What to do about a fragment that names no place on a page whose body has these ids."""
    place = unquote(fragment)
    return f"that place has the id `x-{place}` on the page" if f"x-{place}" in ids else _NO_PLACE
