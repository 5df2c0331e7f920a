"""What only the whole site can tell of one file: unknown entities, dead links, missing originals."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from builder.diagnostics import Diagnostic, diagnostic, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from builder.entities import Registry
    from builder.model import Article, Body, PlainPage, Profile

MOST_COMPARED = 2000


def check_entities(
    articles: Iterable[Article],
    bodies: Iterable[tuple[str, Body]],
    registry: Registry,
) -> list[Diagnostic]:
    """Every entity that an article, a profile or a page names must be in the registry."""
    found: list[Diagnostic] = []
    for article in articles:
        found += [
            registry.unknown(article.path, subject.place, subject.entity)
            for subject in article.subjects
            if subject.entity not in registry
        ]
        for mention in article.body.mentions:
            if mention.entity not in registry:
                found.append(registry.unknown(article.path, mention.place, mention.entity))
            said = mention.statement
            if said and said.by and mention.by_place and said.by not in registry:
                found.append(registry.unknown(article.path, mention.by_place, said.by))
    for path, body in bodies:
        found += [
            registry.unknown(path, reference.place, reference.entity)
            for reference in body.references
            if reference.entity not in registry
        ]
    return found


def check_articles(articles: Sequence[Article], files: Collection[str]) -> list[Diagnostic]:
    """Ids that two articles share, translations of nothing, originals that are not there.

    `files` are the paths of all files under `content/`.
    """
    found: list[Diagnostic] = []
    by_id: dict[str, Article] = {}
    for article in articles:
        other = by_id.setdefault(article.id, article)
        if other is not article:
            found.append(
                diagnostic(
                    article.path,
                    article.source_place,
                    "duplicate-article-id",
                    f'the id "{article.id}" is also that of {other.path}',
                    "give one of the two another `id`",
                )
            )
    for article in articles:
        if article.translation_of and article.translation_of not in by_id:
            found.append(
                diagnostic(
                    article.path,
                    article.translation_place,
                    "unknown-article",
                    f'translation_of: no article has the id "{article.translation_of}"',
                    did_you_mean(article.translation_of, by_id),
                )
            )
        original = article.source.original if article.source else ""
        if original:
            path = posixpath.normpath(posixpath.join("content", original))
            if path not in files:
                found.append(
                    diagnostic(
                        article.path,
                        article.source_place,
                        "missing-original",
                        f'source.original: there is no file "{path}"',
                        did_you_mean(path, (file for file in files if "/originals/" in file)),
                    )
                )
    return found


def check_links(
    documents: Iterable[Article | Profile | PlainPage], addresses: Collection[str]
) -> list[Diagnostic]:
    """Links and images of bodies that lead to no page and no file of the site."""
    found: list[Diagnostic] = []
    for document in documents:
        for link in document.body.links:
            address = link.address
            if address in addresses or f"{address}/" in addresses:
                continue
            code, word = ("dead-image", "image") if link.image else ("dead-link", "link")
            found.append(
                diagnostic(
                    document.path,
                    link.place,
                    code,
                    f'the {word} "{link.written}" leads to nothing',
                    _address_hint(address, addresses),
                )
            )
    return found


def _address_hint(address: str, addresses: Collection[str]) -> str:
    name = address.rstrip("/").rpartition("/")[2]
    moved = sorted(one for one in addresses if one.rstrip("/").rpartition("/")[2] == name)
    if moved and name:
        return f'did you mean "{moved[0]}"?'
    # Comparing words costs time for each of them: on a large site only the path can be checked.
    near = did_you_mean(address, addresses) if len(addresses) <= MOST_COMPARED else ""
    return near or "check the path: it begins at this file's folder, or with / at the site's root"
