"""Documents -> plan: the catalogue, the checks that need the whole site, and the pages.

It goes on in spite of errors, so that one run reports all of them; what it plans then is never
published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs

from builder.catalog import catalog
from builder.check import check_articles, check_entities, check_links
from builder.diagnostics import Diagnostic
from builder.entities import Registry, check_profiles
from builder.model import Catalog, Outline, PlainPage, Profile, Site
from builder.plan import Copy, Plan, plan, redirects_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from builder.check import Read
    from builder.theme import Theme


class Layout(Struct, frozen=True):
    """The plan of a site and all that it was made of.

    `articles` are the outlines in the order of their files, drafts included.
    """

    plan: Plan
    catalog: Catalog
    diagnostics: tuple[Diagnostic, ...]
    site: Site
    templates: frozenset[str]
    assets: dict[str, str]
    articles: tuple[Outline, ...]
    documents: tuple[Profile | PlainPage, ...]
    files: tuple[str, ...]
    drafts: bool


def lay_out(
    site: Site,
    theme: Theme | None,
    articles: Sequence[Outline],
    documents: Sequence[Profile | PlainPage],
    files: Sequence[str],
    read: Read,
    *,
    drafts: bool,
) -> Layout:
    """Plan the site from all its documents. `files` are the paths of everything under `content/`.

    `read` gives an article by its path, for the places of what is wrong with it.
    """
    profiles = [one for one in documents if isinstance(one, Profile)]
    pages = [one for one in documents if isinstance(one, PlainPage)]
    registry = Registry(profiles, site)
    found = check_profiles(profiles, registry)
    linking: list[Profile | PlainPage] = [*profiles, *pages]
    bodies = [(one.path, one.body) for one in linking]
    unknown = check_entities(articles, bodies, registry, read)
    found += unknown
    found += check_articles(articles, frozenset(files), read)
    shown_articles = [one for one in articles if drafts or not one.draft]
    if unknown:
        shown_articles = [_known(one, registry) for one in shown_articles]
    shown_pages = [one for one in pages if drafts or not one.draft]
    shown: list[Outline | PlainPage | Profile] = [*shown_articles, *shown_pages, *profiles]
    catalogue = catalog(shown_articles, shown_pages, registry)
    templates = frozenset(theme.templates) if theme else frozenset()
    laid_out, problems = plan(
        site, catalogue, redirects_of(shown, registry), copies(theme, files), templates
    )
    addresses = {one.address for one in laid_out.outputs()}
    found += problems + check_links(shown, addresses, read)
    assets = theme.assets if theme else {}
    return Layout(
        laid_out,
        catalogue,
        tuple(found),
        site,
        templates,
        assets,
        tuple(articles),
        tuple(documents),
        tuple(files),
        drafts,
    )


def reworded(
    before: Layout,
    site: Site,
    theme: Theme | None,
    articles: Sequence[Outline],
    documents: Sequence[Profile | PlainPage],
    files: Sequence[str],
    *,
    drafts: bool,
) -> Layout | None:
    """The layout of a site of which nothing but words of articles changed since `before`; else None.

    An edit that changes what an article names, says, is called or is shown by changes the plan.
    """
    if theme is None or before.diagnostics or len(articles) != len(before.articles):
        return None
    given = (site, frozenset(theme.templates), theme.assets, tuple(documents), tuple(files), drafts)
    made_of = (
        before.site,
        before.templates,
        before.assets,
        before.documents,
        before.files,
        before.drafts,
    )
    if given != made_of:
        return None
    changed: dict[str, Outline] = {}
    for old, new in zip(before.articles, articles, strict=True):
        if old is not new:
            if new.redirects or _shape(old) != _shape(new):
                return None
            changed[new.path] = new
    ordered = tuple(changed.get(one.path, one) for one in before.catalog.articles)
    catalogue = structs.replace(before.catalog, articles=ordered)
    return structs.replace(before, catalog=catalogue, articles=tuple(articles))


def _shape(one: Outline) -> Outline:
    """An outline without what follows from the words alone."""
    return structs.replace(one, title="", label=b"", printed=b"", body=b"")


def _known(article: Outline, registry: Registry) -> Outline:
    """An article without the entities that do not exist; their pages would give further errors."""
    return structs.replace(
        article,
        named=tuple(one for one in article.named if one.entity in registry),
        said=tuple(one for one in article.said if one.entity in registry),
        parties=tuple(pair for pair in article.parties if all(one in registry for one in pair)),
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
