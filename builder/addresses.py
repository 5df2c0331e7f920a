"""Paths of content files and addresses of pages: the one map between them.

An address is a path from the site's root, unquoted; `href` makes a link of it. All rules of the
contract's section "Addresses" stand here.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.model import Article, EntityRef, Kind

#: What may stand in a path unquoted (RFC 3986, `pchar`, and the slash).
_SAFE = "/:@!$&'()*+,;=~-._"
#: Finds an address that is a link as it stands, as most are.
_PLAIN = re.compile(r"[A-Za-z0-9/._~-]*").fullmatch
#: How the paths of all articles begin, and those of all plain pages.
ARTICLES_PREFIX = "content/articles/"
PAGES_PREFIX = "content/pages/"
#: Where files stand that are no pages.
FILES = ("/media/", "/assets/")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#|$")


def article_address(path: str) -> str:
    """`content/articles/2021/12/baku.md` -> `/articles/2021/12/baku/`."""
    return "/" + path.removeprefix("content/").removesuffix(".md") + "/"


def original_path(article: Article) -> str:
    """The path of an article's original relative to the site; empty if it names none."""
    original = article.source.original if article.source else ""
    return posixpath.normpath(posixpath.join("content", original)) if original else ""


def page_address(path: str) -> str:
    """`content/pages/about.md` -> `/about/`."""
    return "/" + path.removeprefix(PAGES_PREFIX).removesuffix(".md") + "/"


def entity_address(plural: str, entity_id: str) -> str:
    """The address of an entity's page; ids are in lower case there."""
    return f"/{plural}/{entity_id.lower()}/"


def archive_address(listing: str, number: int) -> str:
    """The address of an archive page of a listing: `/countries/az/page/3/`."""
    return f"{listing}page/{number}/"


def anchor(entity: EntityRef, number: int) -> str:
    """The id of the number-th mention (from 1) of an entity in an article."""
    return f"{anchors(entity)}{number}"


def anchors(entity: EntityRef) -> str:
    """What the ids of all mentions of an entity begin with."""
    return f"m-{entity.kind}-{entity.id}-".lower()


def href(base_path: str, address: str) -> str:
    """The link to an address of the site, which may be served below a path."""
    path = address[1:]
    return base_path + (path if _PLAIN(path) else quote(path, safe=_SAFE))


def output_path(address: str) -> str:
    """The file that an address is served from, relative to the output folder."""
    return address[1:] + "index.html" if address.endswith("/") else address[1:]


def map_address(latitude: float, longitude: float) -> str:
    """Where a place is shown on a map, to a millionth of a degree, as pages show it."""
    north, east = (f"{one:.6f}".rstrip("0").rstrip(".") for one in (latitude, longitude))
    return f"https://www.openstreetmap.org/?mlat={north}&mlon={east}#map=9/{north}/{east}"


class BodyLinks:
    """Reads the links of one file's body."""

    def __init__(self, path: str, kinds: Sequence[Kind], base_path: str) -> None:
        self._folder = posixpath.dirname(path)
        self._plurals = {kind.plural for kind in kinds}
        self._base_path = base_path

    def resolve(self, written: str) -> str | None:
        """The address of this site that a link goes to; None for a link to elsewhere.

        A link to a file goes to the page that the file becomes. What is no file of the site and no
        address keeps its path, with a leading slash, and no page will be found there.
        """
        if _ELSEWHERE.match(written):
            return None
        # A run of slashes, which can hide behind `%2F`, would name another host.
        path = re.sub("/{2,}", "/", unquote(re.split(r"[?#]", written, maxsplit=1)[0]))
        if not path:
            return None
        if path.startswith("/"):
            return posixpath.normpath(path) + "/" * (path.endswith("/") and path != "/")
        # From the root there is no way up: what leads out of the site leads to nothing in it.
        full = posixpath.normpath(posixpath.join("/", self._folder, path))
        return self._of_file(full[1:], path)

    def rewrite(self, written: str) -> str:
        """The link as it stands on the page."""
        if written.startswith("#"):
            # An id has hyphens where it would have spaces.
            return written.replace("%20", "-").replace(" ", "-")
        address = self.resolve(written)
        if address is None:
            return written.replace(" ", "%20")
        rest = re.search(r"[?#].*$", written, re.DOTALL)
        return href(self._base_path, address) + (rest.group() if rest else "")

    def _of_file(self, path: str, written: str) -> str:
        inside = path.removeprefix("content/")
        folder, _, rest = inside.partition("/")
        if inside == path:
            return "/" + path
        if path.endswith(".md"):
            if folder == "articles":
                return article_address(path)
            if folder == "pages":
                return page_address(path)
            if folder in self._plurals:
                return entity_address(folder, rest.removesuffix(".md"))
        return "/" + inside + "/" * (written.endswith(("/", "..")))
