"""Documents -> plan: the catalogue, the checks that need the whole site, and the pages.

It goes on in spite of errors, so that one run reports all of them; what it plans then is never
published. A layout depends on the shapes of articles and not on their words, so it is kept, and serves
as long as what it was made of has the same fingerprint. Warnings name places in articles, which words
move: they are kept as long as the places in these articles are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from builder.addresses import ARTICLES_PREFIX, output_path
from builder.catalog import catalog, in_order
from builder.check import check_articles, check_entities, check_links, check_places
from builder.diagnostics import Diagnostic
from builder.entities import Registry, check_profiles
from builder.fingerprint import of_value
from builder.model import Catalog, EntityRecord, Outline, PlainPage, Profile, Site
from builder.outlines import Outlines
from builder.plan import Copy, Page, Plan, documents, plan, redirects_of
from builder.theming.theme import Theme
from builder.unread import unread

if TYPE_CHECKING:
    from collections.abc import Iterable

    from builder.check import Read


class Given(Struct, frozen=True):
    """What a site is laid out from. `files` are the paths of everything under `content/`."""

    site: Site
    theme: Theme | None
    articles: Outlines
    documents: Sequence[Profile | PlainPage]
    files: Sequence[str]
    drafts: bool

    def fingerprint(self) -> bytes:
        """Equal for what gives an equal layout but for the words of articles; empty without a theme."""
        if self.theme is None:
            return b""
        return of_value(
            [
                structs.replace(self.site, editor_url=""),
                sorted(self.theme.templates),
                self.theme.assets,
                b"".join([one.shape for one in self.articles.sketches]),
                self.documents,
                self.files,
                self.drafts,
            ]
        )


class Kept(Struct, array_like=True, frozen=True):
    """A layout as the cache holds it, without what its articles and documents tell.

    `order` are the articles of the catalogue as indices into those that it was made of. `said` is what
    there was to say of the whole, and `places` the fingerprint of the places in the articles that it
    is said of.
    """

    given: bytes
    said: tuple[Diagnostic, ...]
    places: bytes
    order: tuple[int, ...]
    pages: tuple[Page, ...]
    records: tuple[EntityRecord, ...]
    versions: dict[int, tuple[int, ...]]
    changed: dict[str, str]
    names: tuple[bytes, ...]


class Layout(Struct, frozen=True):
    """The plan of a site, the catalogue, and what there is to say of the whole.

    `paths` are the files of its outputs, `seals` those of the catalogue's articles in one. `kept` is
    what can be kept of it: without a theme, or with unknown entities, nothing. `is_new` tells that it
    was not made from what was kept.
    """

    plan: Plan
    paths: frozenset[str]
    catalog: Catalog
    diagnostics: tuple[Diagnostic, ...]
    kept: Kept | None = None
    seals: bytes = b""
    is_new: bool = True

    @property
    def given(self) -> bytes:
        """The fingerprint of what it was made of; empty if it can't be kept."""
        return self.kept.given if self.kept else b""


def lay_out(given: Given, fingerprint: bytes, read: Read) -> Layout:
    """Plan the site from all its documents.

    `fingerprint` is that of what it is planned from; `read` gives an article's places by its path.
    """
    site, theme, articles, files = given.site, given.theme, given.articles.whole(), given.files
    profiles = [one for one in given.documents if isinstance(one, Profile)]
    pages = _pages(given)
    read_files = {one.path for one in (*articles, *given.documents)}
    others = unread(files, read_files, site.kinds)
    registry = Registry((*profiles, *others.profiles), site)
    found = check_profiles(profiles, registry)
    linking: list[Profile | PlainPage] = [*profiles, *pages]
    bodies = [(one.path, one.body) for one in linking]
    unknown = check_entities(articles, bodies, registry, read)
    found += unknown
    # An article without its title is one whose front matter could not be read.
    all_read = not others.addresses and all(one.title for one in articles)
    found += check_articles(articles, frozenset(files), read, all_read=all_read)
    shown_articles = [one for one in articles if given.drafts or not one.draft]
    if unknown:
        shown_articles = [_known(one, registry) for one in shown_articles]
    shown: list[Outline | PlainPage | Profile] = [*shown_articles, *pages, *profiles]
    catalogue = catalog(shown_articles, pages, registry)
    templates = frozenset(theme.templates) if theme else frozenset()
    laid_out, problems = plan(
        site, catalogue, redirects_of(shown, registry), copies(theme, files), templates
    )
    addresses = {one.address for one in laid_out.outputs()}
    drafts = {one.address for one in articles if one.draft}
    drafts.update(one.address for one in _all_pages(given) if one.draft)
    found += problems + check_links(shown, addresses | others.addresses, read, site.kinds, drafts)
    found += check_places(shown, read, site.kinds)
    paths = frozenset(output_path(address) for address in addresses)
    layout = Layout(laid_out, paths, catalogue, tuple(found))
    if unknown:
        return layout
    numbers = {one.path: number for number, one in enumerate(articles)}
    order = tuple([numbers[one.path] for one in catalogue.articles])
    layout = _worded(layout, order, given)
    if theme is None:
        return layout
    return structs.replace(layout, kept=_kept(layout, order, fingerprint, read))


def _pages(given: Given) -> list[PlainPage]:
    """The plain pages to publish."""
    return [one for one in _all_pages(given) if given.drafts or not one.draft]


def _all_pages(given: Given) -> list[PlainPage]:
    """The plain pages, drafts among them."""
    return [one for one in given.documents if isinstance(one, PlainPage)]


def _kept(layout: Layout, order: tuple[int, ...], fingerprint: bytes, read: Read) -> Kept:
    """What to keep of a layout of these articles; `fingerprint` is that of what it was planned from."""
    catalogue = layout.catalog
    return Kept(
        fingerprint,
        layout.diagnostics,
        _places(layout.diagnostics, read),
        order,
        layout.plan.pages,
        tuple(catalogue.entities.values()),
        catalogue.versions,
        catalogue.changed,
        catalogue.names,
    )


def _places(said: Iterable[Diagnostic], read: Read) -> bytes:
    """The fingerprint of the places in the articles that something is said of."""
    paths = sorted({one.file for one in said if one.file.startswith(ARTICLES_PREFIX)})
    return of_value([read(path) for path in paths])


def holds(kept: Kept, fingerprint: bytes, read: Read) -> bool:
    """Whether a kept layout is that of a site; `fingerprint` is that of what the site is made of."""
    # Other articles, whose places can't be read, have another fingerprint.
    return kept.given == fingerprint and _places(kept.said, read) == kept.places


def kept_layout(kept: Kept, given: Given, before: Layout | None = None) -> Layout:
    """The layout of a site from what is kept of it, which must hold.

    `before` is a layout in memory that the same is kept of, if there is one: it need not be put
    together again.
    """
    if before is not None and before.kept is kept:
        return _reworded(before, kept, given)
    copied = tuple(copies(given.theme, given.files))
    laid_out = Plan(kept.pages, documents(given.site, kept.pages), copied)
    paths = frozenset(output_path(one.address) for one in laid_out.outputs())
    entities = {one.entity.ref: one for one in kept.records}
    pages = in_order(_pages(given))
    catalogue = Catalog((), entities, pages, kept.versions, kept.changed, names=kept.names)
    return _reworded(Layout(laid_out, paths, catalogue, kept.said), kept, given)


def _reworded(layout: Layout, kept: Kept, given: Given) -> Layout:
    """A kept layout with the articles as they are now."""
    return structs.replace(_worded(layout, kept.order, given), kept=kept, is_new=False)


def _worded(layout: Layout, order: Sequence[int], given: Given) -> Layout:
    """A layout with the articles that were given, in this order."""
    articles = given.articles.arranged(order)
    catalogue = structs.replace(layout.catalog, articles=articles, prints=articles.prints())
    return structs.replace(layout, catalog=catalogue, seals=articles.seals())


def _known(article: Outline, registry: Registry) -> Outline:
    """An article without the entities that do not exist; their pages would give further errors."""
    return structs.replace(
        article,
        named=tuple(one for one in article.named if one.entity in registry),
        said=tuple(one for one in article.said if one.entity in registry),
        parties=tuple(
            one for one in article.parties if one.project in registry and one.country in registry
        ),
    )


def copies(theme: Theme | None, files: Iterable[str]) -> list[Copy]:
    """The files to publish as they are: the theme's assets and the site's media."""
    assets = theme.assets if theme else {}
    found = [
        Copy(f"/assets/{path}", source, f"the theme's asset {path}")
        for path, source in sorted(assets.items())
    ]
    found += [
        Copy(path.removeprefix("content"), path, path)
        for path in files
        if path.startswith("content/media/")
    ]
    return found
