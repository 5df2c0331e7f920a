"""The annotation lens: all that an article annotates, and what it might have annotated and did not.

It is made from the source file when somebody asks, so that no published page knows of it.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from builder import countries
from builder.addresses import ARTICLES_PREFIX
from builder.body.annotations import tokenize
from builder.body.blocks import without_code
from builder.entities import Registry
from builder.lines import Lines
from builder.load import CONTENT, content_files, read_source
from builder.localize import language
from builder.model import Article, EntityRef, Mention, Profile, Site, SourceFile
from builder.parse import parse
from builder.preview.messages import editor_link
from builder.yaml.front_matter import FrontMatterError, front_matter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from builder.stamps import Stamp

#: So many phrases are listed; a page with more has other worries.
_MOST = 200
#: A name as short as this is an abbreviation, and means something only as it is written: EU, US.
_SHORT = 3
#: What is no prose beside code and braces: addresses of links, and tags.
_NO_PROSE = re.compile(r"\]\([^)\n]*\)|<[^<>\n]*>|https?://\S+")
_WORD = re.compile(r"[^\W_]+")
#: What may stand between the words of one name; a blank line, which ends a paragraph, may not.
_BETWEEN = re.compile(r"(?![^\n]*\n[^\n]*\n)[\s\-‐–'’.\u200c]{1,3}")

_Names = dict[str, list[tuple[tuple[str, ...], str, EntityRef]]]


class Lens:
    """Knows the entities of a site by all their names.

    Profiles are read again when they change, or the configuration, which tells what they mean.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._site: Site | None = None
        self._profiles: dict[str, tuple[Stamp, Profile | None]] = {}

    def look(self, path: str, site: Site) -> dict[str, Any] | None:
        """What there is to see in the article with this path; None if there is no such article."""
        readable = content_files(self._root, site)[0].readable
        is_article = path in readable and path.startswith(ARTICLES_PREFIX)
        source = read_source(self._root, path) if is_article else None
        if not isinstance(source, SourceFile):
            return None
        document = parse(source, site).document
        if not isinstance(document, Article):
            return None
        profiles = self._read_profiles(site, readable)
        found = _Seen(source, document, site, profiles, self._root)
        return {"annotations": found.annotations(), "loose": found.loose()}

    def _read_profiles(self, site: Site, readable: Mapping[str, Stamp]) -> dict[EntityRef, Profile]:
        if site != self._site:
            self._site = site
            self._profiles.clear()
        kept: dict[str, tuple[Stamp, Profile | None]] = {}
        folders = tuple(f"{CONTENT}/{kind.plural}/" for kind in site.kinds)
        for path, stamp in readable.items():
            if path.startswith(folders):
                known = self._profiles.get(path)
                same = known is not None and known[0] == stamp
                kept[path] = known if known and same else (stamp, self._profile(path, site))
        self._profiles = kept
        return {one.entity: one for _, one in kept.values() if one is not None}

    def _profile(self, path: str, site: Site) -> Profile | None:
        source = read_source(self._root, path) if path.endswith(".md") else None
        document = parse(source, site).document if isinstance(source, SourceFile) else None
        return document if isinstance(document, Profile) else None


class _Seen:
    """One article under the lens."""

    def __init__(
        self,
        source: SourceFile,
        article: Article,
        site: Site,
        profiles: dict[EntityRef, Profile],
        root: Path,
    ) -> None:
        self._source = source
        self._article = article
        self._site = site
        self._profiles = profiles
        self._registry = Registry(tuple(profiles.values()), site)
        self._root = root
        self._lines = Lines(source.text)

    def annotations(self) -> list[dict[str, Any]]:
        """Every annotation of the text, in order, with its attributes as they are understood."""
        return [
            {
                "anchor": one.anchor,
                "kind": one.entity.kind,
                "id": one.entity.id,
                "name": self._registry.entity(one.entity).name,
                "known": one.entity in self._registry,
                "attributes": list(_attributes(one)),
                **self._place(one.place.line, one.place.column),
            }
            for one in self._article.body.mentions
        ]

    def loose(self) -> list[dict[str, Any]]:
        """Phrases that name a known entity and are not annotated, each once, with their number."""
        names = self._names()
        found: dict[tuple[str, EntityRef], dict[str, Any]] = {}
        text = self._prose()
        words = list(_WORD.finditer(text))
        position = 0
        while position < len(words) and len(found) < _MOST:
            length, ref = _longest(text, words, position, names)
            if ref is None:
                position += 1
                continue
            phrase = " ".join(
                text[words[position].start() : words[position + length - 1].end()].split()
            )
            known = found.get((phrase, ref))
            if known is None:
                place = self._lines.at(words[position].start())
                known = found[phrase, ref] = {
                    "phrase": phrase,
                    "kind": ref.kind,
                    "id": ref.id,
                    "name": self._registry.entity(ref).name,
                    "count": 0,
                    **self._place(*place),
                }
            known["count"] += 1
            position += length
        return list(found.values())

    def _place(self, line: int, column: int) -> dict[str, str]:
        path = self._source.path
        href = editor_link(self._site.editor_url, self._root, path, line, column)
        return {"place": f"{path}:{line}:{column}", "href": href}

    def _prose(self) -> str:
        """The source with everything blank that is annotated or no prose; offsets stay."""
        try:
            start = front_matter(self._source.text).body
        except FrontMatterError:
            start = 0
        body = self._source.text[start:]
        kinds = {kind.id for kind in self._site.kinds}
        plain = without_code(body)
        kept = list(plain)
        for one in _NO_PROSE.finditer(plain):
            kept[one.start() : one.end()] = " " * (one.end() - one.start())
        for span in tokenize(body).spans:
            if any(attribute.key in kinds for attribute in span.attributes):
                kept[span.start : span.end] = "\0" * (span.end - span.start)
        return " " * start + "".join(kept)

    def _names(self) -> _Names:
        """Entities by the first word of each of their names, the longest name first."""
        names: dict[tuple[str, ...], tuple[str, EntityRef]] = {}
        for ref, profile in self._profiles.items():
            aliases = (alias for alias, _ in profile.aliases)
            for name in (profile.name, *profile.names.values(), *aliases):
                names.setdefault(_words(name), (name, ref))
        tags = {self._site.language, self._article.lang, "en"}
        for code in countries.IN_USE:
            for tag in tags:
                name = language(tag).country(code)
                names.setdefault(_words(name), (name, EntityRef("country", code)))
        found: _Names = defaultdict(list)
        for words, (name, ref) in sorted(names.items(), key=lambda one: -len(one[0])):
            if words:
                found[words[0]].append((words, name, ref))
        return found


def _longest(
    text: str, words: list[re.Match[str]], position: int, names: _Names
) -> tuple[int, EntityRef | None]:
    """How many words at a position are the name of an entity, and of which; (0, None) if none."""
    first = words[position].group()
    if not _capital(first):
        return 0, None
    for name, written, ref in names.get(first.casefold(), ()):
        stretch = words[position : position + len(name)]
        if tuple(word.group().casefold() for word in stretch) != name:
            continue
        phrase = text[stretch[0].start() : stretch[-1].end()]
        together = all(
            _BETWEEN.fullmatch(text, one.end(), other.start())
            for one, other in itertools.pairwise(stretch)
        )
        if together and (len(written) > _SHORT or phrase == written):
            return len(name), ref
    return 0, None


def _capital(word: str) -> bool:
    """Whether a word begins with a capital letter, or with one of a script that has none."""
    return word[0].isalpha() and word[0] == word[0].upper()


def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(name.casefold()))


def _attributes(mention: Mention) -> Iterator[Iterable[str]]:
    said = mention.statement
    if said is not None:
        by = f"{said.by.kind}:{said.by.id}" if said.by else ""
        date = said.date.text if said.date else ""
        for key, value in (("status", said.status), ("date", date), ("value", said.value), ("by", by)):
            if value:
                yield key, value
    if mention.note:
        yield "note", mention.note
