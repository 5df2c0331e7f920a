"""What only the whole site can tell of one file: unknown entities, dead links, missing originals."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain
from typing import TYPE_CHECKING
from unicodedata import normalize

from builder.addresses import FILES, anchor, entity_address
from builder.body.nowhere import has_place, place_hint
from builder.diagnostics import Diagnostic, Nearest, Place, diagnostic, suggestion
from builder.model import Outline, Places, Profile
from builder.outline import fragment_of, fragments

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from builder.entities import Registry
    from builder.model import Body, BodyLink, EntityRef, Kind, PlainPage

#: Gives the places of an article by its path.
Read = Callable[[str], Places]

_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
#: What stands in the braces of an annotation: with them, or in parentheses in their place.
_PAIR = re.compile(r"\{?((\w[\w-]*)=[^{}]+)\}?")


def check_entities(
    articles: Sequence[Outline],
    bodies: Iterable[tuple[str, Body]],
    registry: Registry,
    read: Read,
) -> list[Diagnostic]:
    """The errors for entities that articles and bodies name, and the registry does not hold.

    `bodies` are those of profiles and pages, each with the path of its file.
    `read` gives an article's places: they are read where there is something to say of it.
    """
    found: list[Diagnostic] = []
    named = {one.entity for article in articles for one in article.named}
    named.update(one.by for article in articles for one in article.said if one.by)
    unknown = {ref for ref in named if ref not in registry}
    wrong = [one.path for one in articles if not unknown.isdisjoint(_refs(one))] if unknown else []
    naming: Iterable[tuple[str, Body | Places]] = ((path, read(path)) for path in wrong)
    for path, one in chain(bodies, naming):
        found += [
            registry.unknown(path, reference.place, reference.entity)
            for reference in one.references
            if reference.entity not in registry
        ]
    return found


def _refs(outline: Outline) -> Iterator[EntityRef]:
    """The entities that an article names, those included that are said to have said something."""
    for named in outline.named:
        yield named.entity
    for said in outline.said:
        if said.by:
            yield said.by


def check_articles(
    articles: Sequence[Outline], files: Collection[str], read: Read, *, all_read: bool
) -> list[Diagnostic]:
    """Ids that two articles share, translations of nothing, originals that are not there.

    `files` are the paths of all files under `content/`. Any id may be that of a file that could not be
    read: unless `all_read`, none counts as unknown.
    """
    found: list[Diagnostic] = []
    near = Nearest()
    kept = sorted((one for one in files if one.startswith("content/originals/")), reverse=True)
    # By their names, as front matter names them.
    originals = {_name(file): file.removeprefix("content/") for file in kept}
    by_id: dict[str, Outline] = {}
    for article in articles:
        other = by_id.setdefault(article.id, article)
        if other is not article:
            found.append(_duplicate_id(article, other, read))
    for article in articles:
        if article.translation_of == article.id:
            found.append(
                diagnostic(
                    article.path,
                    read(article.path).translation,
                    "unknown-article",
                    f'translation_of: "{article.id}" is the id of this article itself',
                    "name the article that this one translates",
                )
            )
        elif all_read and article.translation_of and article.translation_of not in by_id:
            found.append(
                diagnostic(
                    article.path,
                    read(article.path).translation,
                    "unknown-article",
                    f'translation_of: no article has the id "{article.translation_of}"',
                    suggestion(near.to(article.translation_of, by_id, but=article.id)),
                )
            )
        original = article.original
        if original and original not in files:
            found.append(
                diagnostic(
                    article.path,
                    read(article.path).source,
                    "missing-original",
                    f'source.original: there is no file "{original}"',
                    suggestion(originals.get(near.to(_name(original), originals), ""))
                    or "write its path below content/, as in originals/baku.txt",
                )
            )
    return found


def _duplicate_id(one: Outline, other: Outline, read: Read) -> Diagnostic:
    """The error for two articles of one id, in the one whose front matter gives it."""
    place = read(one.path).id
    if place == Place() and read(other.path).id != Place():
        one, other, place = other, one, read(other.path).id
    message = f'the id "{one.id}" is also that of {other.path}'
    return diagnostic(
        one.path, place, "duplicate-article-id", message, "give one of the two another `id`"
    )


def check_links(
    documents: Iterable[Outline | Profile | PlainPage],
    addresses: Collection[str],
    read: Read,
    kinds: Sequence[Kind],
    drafts: Collection[str] = (),
) -> list[Diagnostic]:
    """Links and images of bodies that lead to no page and no file of the site.

    `drafts` are the addresses of the pages that are held back.
    """
    found: list[Diagnostic] = []
    near = Nearest()
    by_name: dict[str, str] = {}
    known = frozenset(kind.id for kind in kinds)
    for document in documents:
        for link in _links(document, addresses, read):
            address = link.address
            # A picture is a file, and never a page.
            fits = not link.image or address.startswith(FILES)
            if fits and _leads(address, addresses):
                continue
            by_name = by_name or {
                _name(one): one for one in sorted(addresses, reverse=True) if one != "/"
            }
            code, word = ("dead-image", "image") if link.image else ("dead-link", "link")
            meant = by_name.get(_name(address)) or by_name.get(near.to(_name(address), by_name), "")
            if link.image and not meant.startswith(FILES):
                meant = ""
            advice = "check the path: it begins at this file's folder, or with / at the site's root"
            other = _no_path(link.written, address, known)
            if _as_page(address) in drafts:
                other = "that page is a draft: link to it when it is published, or build with --drafts"
            elif normalize("NFC", meant) == normalize("NFC", address):
                other = "its name looks the same, but has letters and accents apart: name the file anew"
            if other:
                meant, advice = "", other
            found.append(
                diagnostic(
                    document.path,
                    link.place,
                    code,
                    f'the {word} "{link.written}" leads to nothing',
                    suggestion(meant) or advice,
                )
            )
    return found


def check_places(
    documents: Sequence[Outline | Profile | PlainPage], read: Read, kinds: Sequence[Kind]
) -> list[Diagnostic]:
    """Links of bodies to a place on another page that its body does not have.

    What has no body (a list, an archive page, a file) may have any place.
    """
    wanted = {one.path: _fragments(one) for one in documents}
    wanted = {path: found for path, found in wanted.items() if found}
    if not wanted:
        return []
    plurals = {kind.id: kind.plural for kind in kinds}
    bodies = {_address(one, plurals): one for one in documents}
    sought = {address for found in wanted.values() for address, _ in found}
    ids = {one: _ids(bodies[_as_page(one)]) for one in sought if _as_page(one) in bodies}
    found: list[Diagnostic] = []
    for document in documents:
        lost = {
            (address, fragment)
            for address, fragment in wanted.get(document.path, ())
            if address in ids and not has_place(ids[address], fragment)
        }
        for link in _body_links(document, read) if lost else ():
            fragment = fragment_of(link)
            if (link.address, fragment) in lost:
                message = f'the link "{link.written}" leads to nothing on that page'
                hint = place_hint(ids[link.address], fragment)
                found.append(diagnostic(document.path, link.place, "dead-link", message, hint))
    return found


def _fragments(document: Outline | Profile | PlainPage) -> tuple[tuple[str, str], ...]:
    """The places on pages that the links of a document name."""
    if isinstance(document, Outline):
        return document.fragments
    return tuple(fragments(document.body.links))


def _address(document: Outline | Profile | PlainPage, plurals: Mapping[str, str]) -> str:
    if isinstance(document, Profile):
        return entity_address(plurals[document.entity.kind], document.entity.id)
    return document.address


def _as_page(address: str) -> str:
    """The address of a page, in whatever way a link names it."""
    return address.removesuffix("index.html").rstrip("/") + "/"


def _ids(document: Outline | Profile | PlainPage) -> frozenset[str]:
    """The ids in the body of a document, the anchors of its mentions included."""
    if not isinstance(document, Outline):
        return frozenset(document.body.ids)
    anchors = [
        anchor(named.entity, number)
        for named in document.named
        for number in range(1, len(named.mentions) + 1)
    ]
    return frozenset((*document.ids, *anchors))


def _no_path(written: str, address: str, kinds: Collection[str]) -> str:
    """What to write in place of a link that was hardly meant as a path; empty for any other."""
    if address.startswith("/originals/"):
        return "originals are not published; what is goes to content/media/"
    if written.lower().startswith("www."):
        return f'write "https://{written}"'
    if _MAIL.fullmatch(written):
        return f'write "mailto:{written}"'
    pair = _PAIR.fullmatch(written)
    if pair and pair[2] in kinds:
        return f"for an annotation, write braces in place of the parentheses: `[words]{{{pair[1]}}}`"
    return ""


def _links(
    document: Outline | Profile | PlainPage, addresses: Collection[str], read: Read
) -> Sequence[BodyLink]:
    """The links of a document; none, if it is plain that all of them lead somewhere."""
    if isinstance(document, Outline) and all(_leads(one, addresses) for one in document.links):
        return ()
    return _body_links(document, read)


def _body_links(document: Outline | Profile | PlainPage, read: Read) -> Sequence[BodyLink]:
    """All links of a document."""
    return read(document.path).links if isinstance(document, Outline) else document.body.links


def _leads(address: str, addresses: Collection[str]) -> bool:
    return address in addresses or f"{address}/" in addresses or _is_index(address, addresses)


def _is_index(address: str, addresses: Collection[str]) -> bool:
    """Whether an address names a page by its file, or a published folder that has a page of its own."""
    if address.endswith("/index.html"):
        return address.removesuffix("index.html") in addresses
    return address.startswith(FILES) and f"{address.rstrip('/')}/index.html" in addresses


def _name(address: str) -> str:
    """The last part of an address, by which what was moved or mistyped is found."""
    return address.rstrip("/").rpartition("/")[2]
