"""Site + Catalog -> every output of the site: its address, its template, what it shows.

A page in the plan is a small value that says what it is about; `compose` makes its view. All
addresses are in the plan, each once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import normalize

from msgspec import Struct

from builder.addresses import archive_address, entity_address, output_path
from builder.catalog import listed_kinds
from builder.diagnostics import Diagnostic, Place, diagnostic
from builder.entities import former_ref
from builder.listings import archive
from builder.model import EntityRef, Profile, Redirect
from builder.root import FILE
from builder.theming.theme import REQUIRED, SHARED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from builder.entities import Registry
    from builder.model import Catalog, EntityRecord, Outline, PlainPage, Site


#: A sitemap may list so many addresses (sitemaps.org).
MOST_IN_SITEMAP = 50_000
_UNLISTED = ("404.html", "redirect.html")


class Page(Struct, array_like=True, frozen=True):
    """A page to render. `origin` is the content file that it comes from, or what it is in words.

    What it shows: the article or plain page with this `number` in the catalogue, or this `entity`,
    or the entities of this `kind`; of an archive, its `page` with the items from `start` to `end` of
    the newest-first listing of the entity, or of all articles. A redirect leads to `target`.
    """

    address: str
    template: str
    origin: str
    place: Place = Place()
    number: int = -1
    entity: EntityRef | None = None
    kind: str = ""
    page: int = 0
    start: int = 0
    end: int = 0
    target: str = ""
    title: str = ""

    @property
    def path(self) -> str:
        """The file of the output that holds the page."""
        return output_path(self.address)


class Document(Struct, frozen=True):
    """A file that no template makes: the feed, the sitemap, robots.txt.

    A sitemap lists the pages with these `addresses`, or the sitemaps if it is the index of several.
    """

    address: str
    origin: str
    place: Place = Place()
    addresses: tuple[str, ...] = ()
    index: bool = False


class Copy(Struct, frozen=True):
    """A file published as it is; `source` is its path, relative to the site or absolute."""

    address: str
    source: str
    origin: str
    place: Place = Place()


class OldAddress(Struct, frozen=True):
    """An address that leads to another: the redirect, the new address, its title, the file."""

    redirect: Redirect
    target: str
    title: str
    file: str


class Plan(Struct, frozen=True):
    """All outputs of a build, each address once; the pages in the order of publishing."""

    pages: tuple[Page, ...]
    documents: tuple[Document, ...]
    copies: tuple[Copy, ...]

    def outputs(self) -> tuple[Page | Document | Copy, ...]:
        """All of them."""
        return (*self.pages, *self.documents, *self.copies)


def plan(
    site: Site,
    catalog: Catalog,
    old_addresses: Sequence[OldAddress],
    copies: Sequence[Copy],
    templates: frozenset[str],
) -> tuple[Plan, list[Diagnostic]]:
    """Lay out the site.

    `templates` are the names of those that the theme has: the pages of a kind take one of their own
    (`country.html`) if there is one. Two outputs with one address, also where they differ in case
    alone, are errors. So is a page where an archive can come to stand, whether it is there yet or not.
    """
    pages = [*_pages(site, catalog, templates), *_redirects(old_addresses)]
    # No listing leads to an article that is not published yet.
    pages.sort(key=lambda page: page.template != "article.html")
    laid_out = Plan(tuple(pages), documents(site, pages), tuple(copies))
    reserved = _in_archives(site, pages)
    taken = {one.address for one in reserved}
    others = [one for one in laid_out.outputs() if one.address not in taken]
    return laid_out, [*map(_reserved, reserved), *_clashes(others)]


def documents(site: Site, pages: Sequence[Page]) -> tuple[Document, ...]:
    """The files of a site with these pages that no template makes."""
    found = [Document("/robots.txt", "robots.txt")]
    if site.base_url:
        found += _sitemaps(pages)
        found.append(Document("/feed.xml", "the feed"))
    return tuple(found)


def redirects_of(
    documents: Sequence[Outline | PlainPage | Profile], registry: Registry
) -> list[OldAddress]:
    """The old addresses that content files name: aliases of pages, former ids of entities.

    A former id that is another entity's is left out: it is reported as such.
    """
    known = {one.entity for one in documents if isinstance(one, Profile)}
    found: list[OldAddress] = []
    for document in documents:
        if not isinstance(document, Profile):
            found += [
                OldAddress(one, document.address, document.title, document.path)
                for one in document.redirects
            ]
        elif document.former_ids:
            entity = registry.entity(document.entity)
            plural = entity.address.split("/")[1]
            found += [
                OldAddress(
                    Redirect(entity_address(plural, name), place),
                    entity.address,
                    entity.name,
                    document.path,
                )
                for name, place in document.former_ids
                if former_ref(document.entity.kind, name) not in known
            ]
            known.update(former_ref(document.entity.kind, name) for name, _ in document.former_ids)
    return found


def _pages(site: Site, catalog: Catalog, templates: frozenset[str]) -> Iterator[Page]:
    yield Page("/", "front.html", "the front page")
    yield from _archive("/", len(catalog.articles), site, "the archive")
    for number, article in enumerate(catalog.articles):
        yield Page(article.address, "article.html", article.path, number=number)
    present = listed_kinds(catalog)
    for kind in site.kinds:
        if kind.id in present:
            address = f"/{kind.plural}/"
            yield Page(address, "entities.html", f"the list of {kind.plural}", kind=kind.id)
    for record in catalog.entities.values():
        yield from _entity_pages(record, site, templates)
    for number, page in enumerate(catalog.pages):
        yield Page(page.address, "page.html", page.path, number=number)
    yield Page("/404.html", "404.html", "the page for unknown addresses")


def _entity_pages(record: EntityRecord, site: Site, templates: frozenset[str]) -> Iterator[Page]:
    ref, address = record.entity.ref, record.entity.address
    own = f"{ref.kind}.html"
    template = own if own in templates and own not in (*REQUIRED, *SHARED) else "entity.html"
    origin = f"the page of the {ref.kind} {ref.id}"
    yield Page(address, template, origin, entity=ref, kind=ref.kind)
    yield from _archive(address, len(record.listing), site, origin, ref)


def _archive(
    listing: str, total: int, site: Site, origin: str, entity: EntityRef | None = None
) -> Iterator[Page]:
    for one in archive(total, site.page_size):
        yield Page(
            archive_address(listing, one.number),
            "archive.html",
            origin,
            entity=entity,
            page=one.number,
            start=one.start,
            end=one.end,
        )


def _sitemaps(pages: Sequence[Page]) -> list[Document]:
    """The sitemap, or, for more pages than one may list, an index and the sitemaps it names."""
    listed = sorted(page.address for page in pages if page.template not in _UNLISTED)
    if len(listed) <= MOST_IN_SITEMAP:
        return [Document("/sitemap.xml", "the sitemap", addresses=tuple(listed))]
    starts = range(0, len(listed), MOST_IN_SITEMAP)
    parts = [
        Document(
            f"/sitemap-{number}.xml",
            "a part of the sitemap",
            addresses=tuple(listed[start : start + MOST_IN_SITEMAP]),
        )
        for number, start in enumerate(starts, 1)
    ]
    named = tuple(part.address for part in parts)
    return [Document("/sitemap.xml", "the sitemap", addresses=named, index=True), *parts]


def _redirects(old: Sequence[OldAddress]) -> Iterator[Page]:
    for one in old:
        address = one.redirect.address
        if not address.endswith("/") and "." not in address.rpartition("/")[2]:
            address += "/"
        yield Page(
            address,
            "redirect.html",
            one.file,
            one.redirect.place,
            target=one.target,
            title=one.title,
        )


def _in_archives(site: Site, pages: Sequence[Page]) -> list[Page]:
    """Pages with an address that the archive of a listing has as soon as there are articles enough."""
    plurals = "|".join(kind.plural for kind in site.kinds)
    archives = re.compile(rf"(?:/(?:{plurals})(?:/[^/]+)?)?/page(?:/|$)", re.IGNORECASE)
    others = [one for one in pages if one.template in ("page.html", "redirect.html")]
    return [one for one in others if archives.match(one.address)]


def _reserved(page: Page) -> Diagnostic:
    message = f'the address "{page.address}" is reserved for an archive'
    hint = "rename the file, or take the alias away"
    return diagnostic(page.origin, page.place, "address-clash", message, hint)


def _clashes(outputs: Sequence[Page | Document | Copy]) -> list[Diagnostic]:
    """Outputs that would be written to one file, or where one needs a folder for a file's name."""
    found: list[Diagnostic] = []
    owners: dict[str, Page | Document | Copy] = {}
    paths = [output_path(output.address).casefold() for output in outputs]
    if not "".join(paths).isascii():
        # Some systems take letters with accents for the same however they are written.
        paths = [normalize("NFC", path) for path in paths]
    for output, path in zip(outputs, paths, strict=True):
        other = owners.setdefault(path, output)
        if other is not output:
            found.append(_clash(output, other))
    folders, taken = set(paths), set[str]()
    while folders := {path.rpartition("/")[0] for path in folders} - {""}:
        taken |= folders & owners.keys()
    inside = _inside(outputs, paths, taken) if taken else {}
    found += [_clash(inside[one], owners[one]) for one in sorted(taken)]
    return found


def _inside(
    outputs: Sequence[Page | Document | Copy], paths: Sequence[str], folders: Collection[str]
) -> dict[str, Page | Document | Copy]:
    """The first of the outputs that lies in each of these folders, by their paths."""
    found: dict[str, Page | Document | Copy] = {}
    for output, path in zip(outputs, paths, strict=True):
        folder = path.rpartition("/")[0]
        while folder:
            if folder in folders:
                found.setdefault(folder, output)
            folder = folder.rpartition("/")[0]
    return found


def _clash(one: Page | Document | Copy, other: Page | Document | Copy) -> Diagnostic:
    if not _is_file(one.origin) and _is_file(other.origin):
        one, other = other, one
    file = one.origin if _is_file(one.origin) else FILE
    if one.address == other.address:
        message = f'the address "{one.address}" is also that of {other.origin}'
    else:
        message = f'the addresses "{one.address}" and "{other.address}" ({other.origin}) clash'
    hint = "rename one of the two files, or take the alias away"
    if one.address != other.address and normalize("NFC", one.address) == normalize(
        "NFC", other.address
    ):
        hint += ": they look the same, but one has letters and accents apart"
    return diagnostic(file, one.place, "address-clash", message, hint)


def _is_file(origin: str) -> bool:
    return origin.startswith(("content/", "themes/"))
