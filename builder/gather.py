"""Source files -> documents: each parsed, or remembered from a build that parsed it.

A document is remembered by its file's stamp and, where the stamp does not tell, by the fingerprint
of its text. What parsing depends on beside the text is in the fingerprint of the settings: with
others, nothing that is remembered counts. Of an article only the outline is kept in memory; its words
stay in the cache until a page shows them.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, structs

from builder.addresses import ARTICLES
from builder.diagnostics import Diagnostic, has_errors
from builder.fingerprint import encoded, of_text, of_value
from builder.load import read_source
from builder.model import Article, Outline, Parsed, Places, PlainPage, Profile, Site
from builder.outlines import Outlines, Sketch
from builder.printed import Printed, printed
from builder.stamps import Stamp, settled
from builder.work import Task, spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from builder.cache import Cache

_SOURCES = "source"
_PRINTED = "printed"
_BODIES = "body"
_PLACES = "places"
#: So many parsed files are kept in memory before they go to the cache.
_BATCH = 500
#: So many articles are kept decoded: the pages of one time show the same ones.
_MOST_KEPT = 5000


class Gist(Struct, array_like=True, frozen=True):
    """What a file gave, an article's words left out: a sketch or a document, and diagnostics."""

    sketch: Sketch | None
    document: Profile | PlainPage | None
    diagnostics: tuple[Diagnostic, ...] = ()


class SourceEntry(Struct, array_like=True, frozen=True):
    """What the cache holds of a file: its stamp, the fingerprint of its text, its gist.

    `settled` is false if the stamp may not tell of a change that came right after.
    """

    stamp: Stamp
    settled: bool
    text: bytes
    gist: Gist


class _Latest(dict[str, Printed]):
    """Articles by path; one that is not there is read by itself."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def __missing__(self, path: str) -> Printed:
        article = self[path] = self._cache.known(_PRINTED, path, Printed)
        if len(self) > _MOST_KEPT:
            del self[next(iter(self))]
        return article

    def ahead(self, paths: Sequence[str]) -> None:
        """Read those of the articles that are not there, at once, and keep these longest."""
        missing: list[str] = []
        for path in paths:
            article = self.pop(path, None)
            if article is None:
                missing.append(path)
            else:
                self[path] = article
        self.update(self._cache.several(_PRINTED, missing, Printed))
        for path in [*islice(self, max(len(self) - _MOST_KEPT, 0))]:
            del self[path]


class Articles:
    """The articles of a site; each is read from the cache when a page needs it, or shortly before.

    One that the cache does not hold as it was stored raises DamagedError.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._latest = _Latest(cache)
        self._bodies: dict[str, str] = {}
        #: Gives what is printed of the article of a file that was gathered.
        self.read = self._latest.__getitem__

    def read_ahead(self, paths: Iterable[str], bodies: Sequence[str]) -> None:
        """Read articles, and bodies, that will be asked for: many at once are read in less time."""
        self._latest.ahead([*dict.fromkeys(paths)])
        self._bodies = self._cache.several(_BODIES, bodies, str)

    def places(self, path: str) -> Places:
        """The places of the article."""
        return self._cache.known(_PLACES, path, Places)

    def html(self, path: str) -> str:
        """The HTML of the article's body."""
        html = self._bodies.pop(path, None)
        return self._cache.known(_BODIES, path, str) if html is None else html

    def __getstate__(self) -> dict[str, Any]:
        """Another process begins with no article read."""
        return {"_cache": self._cache}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["_cache"])  # type: ignore[misc]


class Gathered(Struct, frozen=True):
    """All that a site's files gave, in the order of their paths, and how many articles were parsed."""

    articles: Outlines
    documents: tuple[Profile | PlainPage, ...]
    diagnostics: tuple[Diagnostic, ...]
    parsed: int


class Reading(Struct, frozen=True):
    """A file to read and parse; `text` is the fingerprint of the text that is remembered, if any."""

    path: str
    text: bytes


class Read(Struct, frozen=True):
    """What reading a file gave: the text's fingerprint; the gist as MessagePack.

    Of an article also its places, and what is printed of it and the HTML of its body, unless it has
    errors: then nothing is published. The gist is empty for a text that is the remembered one.
    """

    text: bytes
    gist: bytes = b""
    printed: bytes = b""
    body: bytes = b""
    places: bytes = b""


class ReadTask(Task[Reading, "Read | Diagnostic"]):
    """Reads and parses source files; the results are encoded, which is what the cache stores."""

    def __init__(self, root: Path, site: Site) -> None:
        self._root = root
        self._site = site

    def run(self, items: Sequence[Reading]) -> list[Read | Diagnostic]:
        """What each file gave, or why it can't be read."""
        return [self._read(one) for one in items]

    def _read(self, one: Reading) -> Read | Diagnostic:
        from builder.parse import parse

        source = read_source(self._root, one.path)
        if isinstance(source, Diagnostic):
            return source
        text = of_text(source.text)
        if text == one.text:
            return Read(text)
        return _divided(parse(source, self._site), text, self._site)


def gather(
    root: Path,
    stamps: Mapping[str, Stamp],
    site: Site,
    cache: Cache,
    recorded_at: int,
    jobs: int,
    decoded: dict[bytes, Outline],
) -> Gathered:
    """Read the files with these stamps. `recorded_at` is the instant at which the build began.

    `decoded` are outlines that are decoded already, by their seals; others join them.
    """
    settings = of_value([site.language, site.timezone, site.base_path, site.kinds, site.statuses])
    if cache.get("meta", "settings", bytes) != settings:
        cache.empty(_SOURCES)
        cache.put("meta", [("settings", settings)])
    known = cache.all(_SOURCES, SourceEntry)
    gists: dict[str, Gist] = {}
    todo: list[Reading] = []
    for path, stamp in stamps.items():
        entry = known.get(path)
        if entry is not None and entry.settled and entry.stamp == stamp:
            gists[path] = entry.gist
        else:
            todo.append(Reading(path, entry.text if entry else b""))
    found: list[Diagnostic] = []
    parsed = 0
    keeper = _Keeper(cache, known, recorded_at)
    for one, read in zip(todo, spread(ReadTask(root, site), todo, jobs), strict=True):
        if isinstance(read, Diagnostic):
            found.append(read)
            continue
        parsed += bool(read.gist) and one.path.startswith(ARTICLES)
        gists[one.path] = keeper.keep(one.path, stamps[one.path], read)
    keeper.finish([path for path in known if path not in stamps])
    ordered = [gists[path] for path in stamps if path in gists]
    return Gathered(
        Outlines([one.sketch for one in ordered if one.sketch is not None], decoded),
        tuple(one.document for one in ordered if one.document is not None),
        (*found, *(said for one in ordered for said in one.diagnostics)),
        parsed,
    )


class _Keeper:
    """Puts what was read into the cache: words batch by batch, what is kept in memory at the end."""

    def __init__(self, cache: Cache, known: Mapping[str, SourceEntry], recorded_at: int) -> None:
        self._cache = cache
        self._known = known
        self._recorded_at = recorded_at
        self._decode = msgspec.msgpack.Decoder(Gist).decode
        self._sources: dict[str, SourceEntry] = {}
        self._places: list[tuple[str, msgspec.Raw]] = []
        self._printed: list[tuple[str, msgspec.Raw]] = []
        self._bodies: list[tuple[str, msgspec.Raw]] = []

    def keep(self, path: str, stamp: Stamp, read: Read) -> Gist:
        """Remember what reading a file gave; its gist."""
        gist = self._decode(read.gist) if read.gist else self._known[path].gist
        still = settled(stamp, self._recorded_at)
        self._sources[path] = SourceEntry(stamp, still, read.text, gist)
        for entries, value in (
            (self._places, read.places),
            (self._printed, read.printed),
            (self._bodies, read.body),
        ):
            if value:
                entries.append((path, msgspec.Raw(value)))
        if len(self._places) >= _BATCH:
            # What is remembered of these files speaks of their former words. Should the build end
            # early, it must not be found beside the new ones.
            former = [path for path, _ in self._places if path in self._known]
            with self._cache.at_once():
                self._cache.update(_SOURCES, {}, former)
                self._flush()
        return gist

    def _flush(self, gone: Sequence[str] = ()) -> None:
        self._cache.put(_BODIES, self._bodies, gone)
        self._cache.put(_PRINTED, self._printed, gone)
        self._cache.put(_PLACES, self._places, gone)
        self._printed.clear()
        self._places.clear()
        self._bodies.clear()

    def finish(self, gone: Sequence[str]) -> None:
        """Store all that came together, and forget the files that are gone."""
        with self._cache.at_once():
            self._flush(gone)
            self._cache.update(_SOURCES, self._sources, gone)


def _divided(parsed: Parsed, text: bytes, site: Site) -> Read:
    """What a file gave with its fingerprints, and an article in the parts in which it is read."""
    document = parsed.document
    if isinstance(document, Article):
        from builder.outline import named, outline, places, sketch

        names = named(document)
        words = body = b""
        if not has_errors(parsed.diagnostics):
            # What is encoded here first is not encoded again for its fingerprint.
            words, body = encoded(printed(document, names, site)), encoded(document.body.html)
        gist = Gist(sketch(outline(document, names), words, body), None, parsed.diagnostics)
        return Read(text, encoded(gist), words, body, encoded(places(document)))
    if isinstance(document, PlainPage):
        document = structs.replace(document, fingerprint=of_value(document))
    return Read(text, encoded(Gist(None, document, parsed.diagnostics)))
