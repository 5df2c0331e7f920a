"""Source files -> documents: each read anew, or remembered from a build that read it.

A document is remembered by its file's stamp and, where the stamp does not tell, by the fingerprint
of its text; an article whose words are compared with those of its original, by those of the original,
too. What else parsing depends on is in the fingerprint of the settings: with others, nothing that is
remembered counts. Of an article only the outline is kept in memory; its words stay in the cache until
a page shows them.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from builder.addresses import ARTICLES_PREFIX
from builder.diagnostics import Diagnostic
from builder.fingerprint import of_value
from builder.model import Outline, Places, PlainPage, Profile, Site
from builder.outlines import Outlines
from builder.printed import Printed
from builder.reading import Beside, Gist, Read, Reading, ReadTask
from builder.stamps import Stamp, settled
from builder.work import spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from builder.cache import Cache
    from builder.load import Listing

_SOURCES = "source"
_PRINTED = "printed"
_BODIES = "body"
_PLACES = "places"
#: So many parsed files are kept in memory before they go to the cache.
_BATCH = 500
#: So many articles are kept decoded: the pages of one time show the same ones.
_MOST_KEPT = 5000


class SourceEntry(Struct, array_like=True, frozen=True):
    """What the cache holds of a file: its stamp, the fingerprint of its text, its gist.

    `settled` is false if the stamps may not tell of a change that came right after. `original` is the
    stamp of the file that it was read `beside`, if that was there.
    """

    stamp: Stamp
    settled: bool
    text: bytes
    gist: Gist
    beside: Beside | None = None
    original: Stamp | None = None


class _Latest(dict[str, Printed]):
    """Articles by path; one that is not there is read by itself."""

    def __init__(self, cache: Cache, seals: Mapping[str, bytes]) -> None:
        self._cache = cache
        self._seals = seals

    def __missing__(self, path: str) -> Printed:
        article = self[path] = self._cache.known(_PRINTED, path, Printed, self._seals)
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
        self.update(self._cache.several(_PRINTED, missing, Printed, self._seals))
        for path in [*islice(self, max(len(self) - _MOST_KEPT, 0))]:
            del self[path]


class Articles:
    """The articles of a site; each is read from the cache when a page needs it, or shortly before.

    `seals` tell of each what it was made from. One that the cache does not hold as it was stored raises
    DamagedError.
    """

    def __init__(self, cache: Cache, seals: Mapping[str, bytes]) -> None:
        self._cache = cache
        self._seals = seals
        self._latest = _Latest(cache, seals)
        self._bodies: dict[str, str] = {}
        #: Gives what is printed of the article of a file that was gathered.
        self.read = self._latest.__getitem__

    def read_ahead(self, paths: Iterable[str], bodies: Sequence[str]) -> None:
        """Read articles, and bodies, that will be asked for: many at once are read in less time."""
        self._latest.ahead([*dict.fromkeys(paths)])
        self._bodies = self._cache.several(_BODIES, bodies, str, self._seals)

    def places(self, path: str) -> Places:
        """The places of the article."""
        return self._cache.known(_PLACES, path, Places, self._seals)

    def html(self, path: str) -> str:
        """The HTML of the article's body."""
        html = self._bodies.pop(path, None)
        return self._cache.known(_BODIES, path, str, self._seals) if html is None else html

    def __getstate__(self) -> dict[str, Any]:
        """Another process begins with no article read."""
        return {"_cache": self._cache, "_seals": self._seals}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["_cache"], state["_seals"])  # type: ignore[misc]


class Gathered(Struct, frozen=True):
    """All that a site's files gave, in the order of their paths, and how many articles were parsed.

    `seals` are those of the files, for `Articles`.
    """

    articles: Outlines
    seals: dict[str, bytes]
    documents: tuple[Profile | PlainPage, ...]
    diagnostics: tuple[Diagnostic, ...]
    parsed: int


def gather(
    root: Path,
    listing: Listing,
    site: Site,
    cache: Cache,
    recorded_at: int,
    jobs: int,
    decoded: dict[bytes, Outline],
) -> Gathered:
    """Read the files that are to be read. `recorded_at` is the instant at which the build began.

    `decoded` are outlines that are decoded already, by their seals; others join them.
    """
    settings = of_value([site.language, site.timezone, site.base_path, site.kinds, site.statuses])
    if cache.get("meta", "settings", bytes) != settings:
        cache.empty(_SOURCES)
        cache.put("meta", [("settings", settings)])
    known = cache.all(_SOURCES, SourceEntry)
    gists: dict[str, Gist] = {}
    todo: list[Reading] = []
    stamps, others = listing.readable, listing.others
    for path, stamp in stamps.items():
        entry = known.get(path)
        if (
            entry is not None
            and entry.settled
            and entry.stamp == stamp
            and (entry.beside is None or others.get(entry.beside.path) == entry.original)
        ):
            gists[path] = entry.gist
        else:
            todo.append(Reading(path, entry.text, entry.beside) if entry else Reading(path, b""))
    found: list[Diagnostic] = []
    parsed = 0
    keeper = _Keeper(cache, known, settings, others, recorded_at)
    for one, read in zip(todo, spread(ReadTask(root, site, others), todo, jobs), strict=True):
        if isinstance(read, Diagnostic):
            found.append(read)
            continue
        parsed += bool(read.gist) and one.path.startswith(ARTICLES_PREFIX)
        gists[one.path] = keeper.keep(one.path, stamps[one.path], read)
    keeper.finish([path for path in known if path not in stamps])
    ordered = [gists[path] for path in stamps if path in gists]
    return Gathered(
        Outlines([one.sketch for one in ordered if one.sketch is not None], decoded),
        {path: keeper.seal(path) for path in gists},
        tuple(one.document for one in ordered if one.document is not None),
        (*found, *(said for one in ordered for said in one.diagnostics)),
        parsed,
    )


class _Keeper:
    """Puts what was read into the cache: words batch by batch, what is kept in memory at the end."""

    def __init__(
        self,
        cache: Cache,
        known: Mapping[str, SourceEntry],
        settings: bytes,
        others: Mapping[str, Stamp],
        recorded_at: int,
    ) -> None:
        self._cache = cache
        self._known = known
        self._settings = settings
        self._others = others
        self._recorded_at = recorded_at
        self._decode = msgspec.msgpack.Decoder(Gist).decode
        self._sources: dict[str, SourceEntry] = {}
        self._places: list[tuple[str, msgspec.Raw]] = []
        self._printed: list[tuple[str, msgspec.Raw]] = []
        self._bodies: list[tuple[str, msgspec.Raw]] = []

    def seal(self, path: str) -> bytes:
        """What the words of a file are made from: its text, and the settings of the site."""
        return self._settings + (self._sources.get(path) or self._known[path]).text

    def keep(self, path: str, stamp: Stamp, read: Read) -> Gist:
        """Remember what reading a file gave; its gist."""
        gist = self._decode(read.gist) if read.gist else self._known[path].gist
        still = settled(stamp, self._recorded_at)
        original = self._others.get(read.beside.path) if read.beside else None
        if original is not None:
            still = still and settled(original, self._recorded_at)
        self._sources[path] = SourceEntry(stamp, still, read.text, gist, read.beside, original)
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
        seals = {path: self.seal(path) for path, _ in self._places}
        self._cache.put(_BODIES, self._bodies, gone, seals)
        self._cache.put(_PRINTED, self._printed, gone, seals)
        self._cache.put(_PLACES, self._places, gone, seals)
        self._printed.clear()
        self._places.clear()
        self._bodies.clear()

    def finish(self, gone: Sequence[str]) -> None:
        """Store all that came together, and forget the files that are gone."""
        with self._cache.at_once():
            self._flush(gone)
            self._cache.update(_SOURCES, self._sources, gone)
