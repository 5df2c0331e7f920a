"""Source files -> documents: each parsed, or remembered from a build that parsed it.

A document is remembered by its file's stamp and, where the stamp does not tell, by the fingerprint
of its text. What parsing depends on beside the text is in the fingerprint of the settings.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, structs

from builder.diagnostics import Diagnostic
from builder.fingerprint import of_text, of_value
from builder.load import read_source
from builder.model import Article, Parsed, PlainPage, Profile, Site, SourceFile
from builder.stamps import Stamp, stamp_of
from builder.work import Task, spread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from builder.cache import Cache

_SOURCES = "source"
_BODIES = "body"
#: So many parsed files are kept in memory before they go to the cache.
_BATCH = 1000

Document = Article | Profile | PlainPage


class SourceEntry(Struct, array_like=True, frozen=True):
    """What the cache holds of a file: how it looked, and what it gave, without the body's HTML."""

    stamp: Stamp
    recorded_at: int
    text: bytes
    settings: bytes
    parsed: Parsed


class Bodies:
    """The HTML of the documents' bodies; an article's is kept in the cache until it is needed."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def html(self, path: str) -> str:
        """The body of the file with this path."""
        return self._cache.get(_BODIES, path, str) or ""


class Gathered(Struct, frozen=True):
    """All documents of a site in the order of their paths, and how many articles were parsed."""

    documents: tuple[Document, ...]
    diagnostics: tuple[Diagnostic, ...]
    parsed: int


class ParseTask(Task[SourceFile, "tuple[bytes, str]"]):
    """Parses source files; the results are encoded, which is what the cache stores."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def run(self, items: Sequence[SourceFile]) -> list[tuple[bytes, str]]:
        """For each file what it gave, as MessagePack, and the HTML of an article's body."""
        from builder.parse import parse

        return [_divided(parse(source, self._site)) for source in items]


def gather(
    root: Path,
    paths: Sequence[str],
    site: Site,
    cache: Cache,
    recorded_at: int,
    jobs: int,
) -> Gathered:
    """Read the files with these paths. `recorded_at` is the instant at which the build began."""
    settings = of_value([site.language, site.timezone, site.base_path, site.kinds, site.statuses])
    known = dict(cache.all(_SOURCES, SourceEntry))
    entries: dict[str, SourceEntry] = {}
    moved: dict[str, SourceEntry] = {}
    sources: list[SourceFile] = []
    stamps: dict[str, Stamp] = {}
    found: list[Diagnostic] = []
    for path in paths:
        entry = known.get(path)
        if entry is not None and entry.settings != settings:
            entry = None
        try:
            stamp = stamp_of(os.stat(f"{root}{os.sep}{path}"))
        except OSError:
            stamp = Stamp(0, 0, 0, 0)
        if entry and entry.stamp == stamp and stamp.settled(entry.recorded_at):
            entries[path] = entry
            continue
        source = read_source(root, path)
        if not isinstance(source, SourceFile):
            found.append(source)
        elif entry and entry.text == of_text(source.text):
            entries[path] = moved[path] = structs.replace(entry, stamp=stamp, recorded_at=recorded_at)
        else:
            sources.append(source)
            stamps[path] = stamp
    present = set(paths)
    cache.put(_SOURCES, moved.items(), gone=[path for path in known if path not in present])
    for source, parsed in _parsed(sources, site, cache, jobs, stamps, recorded_at, settings):
        entries[source.path] = SourceEntry(stamps[source.path], recorded_at, b"", settings, parsed)
    results = [entries[path].parsed for path in paths if path in entries]
    return Gathered(
        tuple(one.document for one in results if one.document is not None),
        (*found, *(said for one in results for said in one.diagnostics)),
        sum(source.path.startswith("content/articles/") for source in sources),
    )


def _parsed(
    sources: Sequence[SourceFile],
    site: Site,
    cache: Cache,
    jobs: int,
    stamps: dict[str, Stamp],
    recorded_at: int,
    settings: bytes,
) -> Iterator[tuple[SourceFile, Parsed]]:
    """Parse the sources and remember what they gave, batch by batch."""
    decode = msgspec.msgpack.Decoder(Parsed).decode
    entries: list[tuple[str, Any]] = []
    bodies: list[tuple[str, str]] = []
    results = spread(ParseTask(site), sources, jobs)
    for source, (encoded, html) in zip(sources, results, strict=True):
        path = source.path
        text = of_text(source.text)
        value = [stamps[path], recorded_at, text, settings, msgspec.Raw(encoded)]
        entries.append((path, value))
        bodies.append((path, html))
        if len(entries) >= _BATCH:
            cache.put(_BODIES, bodies)
            cache.put(_SOURCES, entries)
            entries.clear()
            bodies.clear()
        yield source, decode(encoded)
    cache.put(_BODIES, bodies)
    cache.put(_SOURCES, entries)


def _divided(parsed: Parsed) -> tuple[bytes, str]:
    """What a file gave with its fingerprints, and an article's HTML apart."""
    document, html = parsed.document, ""
    if isinstance(document, Article):
        html = document.body.html
        body = structs.replace(document.body, html="")
        document = structs.replace(document, body=body)
        printed = of_value(document)
        body = structs.replace(body, fingerprint=of_text(html))
        document = structs.replace(document, body=body, fingerprint=printed)
    elif isinstance(document, PlainPage):
        document = structs.replace(document, fingerprint=of_value(document))
    return msgspec.msgpack.encode(Parsed(document, parsed.diagnostics)), html
