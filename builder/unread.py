"""Files that could not be read -> what stands for them while the rest of the site is judged. Pure.

What is wrong with such a file is told of it, and nothing is published. That articles name an entity
that nobody has heard of, or lead to no page, would be told once for each of them, and is no mistake.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.addresses import ARTICLES_PREFIX, PAGES_PREFIX, article_address, page_address
from builder.model import Body, EntityRef, Profile
from builder.yaml.values import FieldError, read_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from builder.model import Kind

_PROFILE = re.compile(r"content/([^/]+)/([^/]+)\.md")
_COUNTRY_ID = re.compile(r"[A-Z0-9][A-Z0-9-]*")


class Unread(Struct, frozen=True):
    """What is known of files by their paths alone: profiles without words, and addresses of pages."""

    profiles: tuple[Profile, ...]
    addresses: frozenset[str]


def unread(files: Iterable[str], read: Collection[str], kinds: Sequence[Kind]) -> Unread:
    """What stands for the `files` under `content/` that are not among those that were `read`."""
    by_plural = {kind.plural: kind.id for kind in kinds}
    profiles: list[Profile] = []
    addresses: set[str] = set()
    for path in files:
        if path in read or not path.endswith(".md"):
            continue
        found = _PROFILE.fullmatch(path)
        if path.startswith(ARTICLES_PREFIX):
            addresses.add(article_address(path))
        elif path.startswith(PAGES_PREFIX):
            addresses.add(page_address(path))
        elif found and found[1] in by_plural and _is_id(by_plural[found[1]], found[2]):
            profiles.append(_profile(path, EntityRef(by_plural[found[1]], found[2])))
    return Unread(tuple(profiles), frozenset(addresses))


def _is_id(kind: str, name: str) -> bool:
    """Whether the name of a file is the id of an entity; what else it is, is told of the file."""
    if kind == "country":
        return _COUNTRY_ID.fullmatch(name) is not None
    try:
        read_id(name)
    except FieldError:
        return False
    return True


def _profile(path: str, entity: EntityRef) -> Profile:
    name = "" if entity.kind == "country" else entity.id
    return Profile(path, entity, name, {}, (), "", (), (), None, (), {}, Body())
