"""The types that cross a stage. Read this first.

All are frozen values: a stage takes some and returns others, and none refers back to where it came
from. `load` makes `SourceFile`s, `parse` makes `Article`s, `Profile`s and `PlainPage`s, `outline` makes
`Outline`s (which stand in `outlines` until they are looked at), `entities` makes `Entity`s, `catalog`
makes the `Catalog`. What `plan` makes stands beside it, and what `compose` makes in `views`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from builder.dates import PartialDate
from builder.diagnostics import Diagnostic, Place


class Kind(Struct, frozen=True):
    """A kind of entity; the plural names its folder, its address and its front-matter key."""

    id: str
    plural: str
    label: str = ""
    label_plural: str = ""


class Site(Struct, frozen=True):
    """The configuration, checked. `base_path` begins and ends with a slash.

    `editor_url` is for the preview alone: no page may show it or depend on it.
    """

    title: str
    description: str = ""
    base_url: str = ""
    base_path: str = "/"
    language: str = "en"
    timezone: str = "UTC"
    theme: str = "gazette"
    page_size: int = 50
    statuses: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    extra: dict[str, Any] = {}
    editor_url: str = ""


class SourceFile(Struct, frozen=True):
    """A content file as it was read. `path` is relative to the site, with forward slashes."""

    path: str
    text: str


class EntityRef(Struct, array_like=True, frozen=True, order=True):
    """Names an entity: its kind, and its id as the registry spells it (countries in upper case)."""

    kind: str
    id: str


class Statement(Struct, array_like=True, frozen=True):
    """What a mention's attributes say of the entity; each may be absent."""

    status: str = ""
    date: PartialDate | None = None
    value: str = ""
    by: EntityRef | None = None


class Mention(Struct, array_like=True, frozen=True):
    """An annotated span that names an entity.

    `sentence` is the index of its sentence in the article, `start` and `end` its characters there.
    `anchor` is the id that the span has on the article's page. `by_place` is where a `by` stands.
    """

    entity: EntityRef
    anchor: str
    sentence: int
    start: int
    end: int
    place: Place
    statement: Statement | None = None
    note: str = ""
    by_place: Place | None = None


class Subject(Struct, array_like=True, frozen=True):
    """An entity that an article is about, and where its front matter says so."""

    entity: EntityRef
    place: Place


class BodyLink(Struct, array_like=True, frozen=True):
    """A link or image of a body that points into the site: an address from the root, and a place."""

    address: str
    place: Place
    written: str
    image: bool = False


class Reference(Struct, array_like=True, frozen=True):
    """An entity that a body annotates and that is no mention: in a profile, a page, or a `by`."""

    entity: EntityRef
    place: Place


class Source(Struct, array_like=True, frozen=True):
    """The publication that an article was taken from; what was not supplied is empty."""

    license: str
    publisher: str = ""
    title: str = ""
    url: str = ""
    original: str = ""
    changes: str = ""


class Redirect(Struct, array_like=True, frozen=True):
    """An old address, and where the file that owns it says so."""

    address: str
    place: Place


class Body(Struct, array_like=True, frozen=True):
    """A rendered body.

    `html` is safe and complete but for the frame around it. `sentences` are plain text, in order,
    those alone that hold a mention; `lead` is the plain text of the first paragraph. `ids` are those of
    the places in it that are no mentions: of headings, notes, and what an annotation names.

    Where a mention runs over several sentences, they count as one. If another stands in one of these
    by itself, `begins` tells where each of `sentences` begins among the words of the body.
    """

    html: str = ""
    lead: str = ""
    sentences: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    links: tuple[BodyLink, ...] = ()
    references: tuple[Reference, ...] = ()
    ids: tuple[str, ...] = ()
    begins: tuple[int, ...] = ()


class Article(Struct, array_like=True, frozen=True):
    """One article, read and rendered, knowing nothing of any other."""

    path: str
    address: str
    id: str
    title: str
    date: PartialDate
    lang: str
    body: Body
    added: PartialDate | None = None
    updated: PartialDate | None = None
    authors: tuple[str, ...] = ()
    summary: str = ""
    subjects: tuple[Subject, ...] = ()
    topics: tuple[str, ...] = ()
    source: Source | None = None
    source_place: Place = Place()
    id_place: Place = Place()
    redirects: tuple[Redirect, ...] = ()
    translation_of: str = ""
    translation_place: Place = Place()
    draft: bool = False
    extra: dict[str, Any] = {}


class Places(Struct, array_like=True, frozen=True):
    """Where an article says what only the whole site can find wrong.

    `references` are the entities that it names, and those that it says to have said something.
    """

    id: Place
    source: Place
    translation: Place
    references: tuple[Reference, ...]
    links: tuple[BodyLink, ...]


class Named(Struct, array_like=True, frozen=True):
    """An entity that an article names: whether it is a subject, and its mentions by their indices."""

    entity: EntityRef
    subject: bool
    mentions: tuple[int, ...]


class Said(Struct, array_like=True, frozen=True):
    """A statement of an article, in short.

    `mention` is the index of the mention that makes it, `first` the first instant of the date that it
    names, or of its article's, and `size` the length of its sentence in bytes.
    """

    entity: EntityRef
    mention: int
    status: str
    first: int
    by: EntityRef | None
    size: int


class Pair(Struct, array_like=True, frozen=True):
    """A project and a country that stand in one sentence, with the numbers of their mentions there.

    The number of a mention is that of its anchor: it counts, from 1, those of its entity.
    """

    project: EntityRef
    country: EntityRef
    project_number: int
    country_number: int


class Outline(Struct, array_like=True, frozen=True):
    """What the whole site needs to know of an article; its words are read when a page shows them.

    `changed` is the day of its last change, or less of a date. `named` are its subjects, then what
    else it mentions; `parties` pair its projects with the countries beside them in a sentence.
    `links` are the addresses of the site that its body leads to, `original` the path of the original.
    `fragments` are the places on pages that it leads to: the address of the page, and an id. `ids` are
    those of its own body.
    """

    path: str
    address: str
    id: str
    title: str
    date: PartialDate
    lang: str
    changed: str
    draft: bool
    translation_of: str
    original: str
    named: tuple[Named, ...]
    said: tuple[Said, ...]
    parties: tuple[Pair, ...]
    links: tuple[str, ...]
    redirects: tuple[Redirect, ...]
    fragments: tuple[tuple[str, str], ...] = ()
    ids: tuple[str, ...] = ()


class Profile(Struct, tag=True, frozen=True):
    """An entity's own file, read and rendered."""

    path: str
    entity: EntityRef
    name: str
    names: dict[str, str]
    aliases: tuple[tuple[str, Place], ...]
    summary: str
    countries: tuple[Subject, ...]
    same_as: tuple[str, ...]
    location: tuple[float, float] | None
    former_ids: tuple[tuple[str, Place], ...]
    extra: dict[str, Any]
    body: Body
    name_place: Place = Place()


class PlainPage(Struct, tag=True, frozen=True):
    """A page that is neither an article nor about an entity: about, imprint."""

    path: str
    address: str
    title: str
    lang: str
    summary: str
    redirects: tuple[Redirect, ...]
    extra: dict[str, Any]
    body: Body
    draft: bool = False
    fingerprint: bytes = b""


class Parsed(Struct, frozen=True):
    """What one file gave: at most one of the three, and what there is to say about it."""

    document: Article | Profile | PlainPage | None
    diagnostics: tuple[Diagnostic, ...] = ()


class Entity(Struct, array_like=True, frozen=True):
    """A thing that articles are about, as all pages name it.

    `address` is from the site's root, without the base path. `former` marks a withdrawn country.
    """

    ref: EntityRef
    name: str
    address: str
    aliases: tuple[str, ...] = ()
    summary: str = ""
    countries: tuple[EntityRef, ...] = ()
    same_as: tuple[str, ...] = ()
    location: tuple[float, float] | None = None
    extra: dict[str, Any] = {}
    body_html: str = ""
    former: bool = False


class StatusClaim(Struct, array_like=True, frozen=True):
    """The status that one mention states, as the latest word on its entity."""

    article: int
    mention: int
    status: str


class Party(Struct, array_like=True, frozen=True):
    """A country of a project, or a project of a country, and what says so.

    That is the sentence of an article, named by its index in the catalogue, in which the other of the
    two has the mention with this `number`; or a profile alone, where `article` is None.
    """

    entity: EntityRef
    article: int | None = None
    number: int = 0


class EntityRecord(Struct, array_like=True, frozen=True):
    """All that the digest knows of one entity.

    `listing` are the articles that name it, as indices into the catalogue's, newest first; `about`
    says how many of them are about it. `said` are the statements on it, each with its article, newest
    first by their own dates, where they have none by those of their articles. `claims` are the latest
    statuses: one, or several when the latest date is shared by different ones. `says` are the
    statements on others that name it as who says so, in the same form and order. `countries` are a
    project's, `projects` a country's.
    """

    entity: Entity
    listing: tuple[int, ...]
    about: int = 0
    said: tuple[tuple[int, Said], ...] = ()
    claims: tuple[StatusClaim, ...] = ()
    says: tuple[tuple[int, Said], ...] = ()
    countries: tuple[Party, ...] = ()
    projects: tuple[Party, ...] = ()


class Catalog(Struct, frozen=True):
    """Every article in outline, newest first, and every entity with its record.

    The articles are `Outlines`, unless the site has errors; `prints` are what these have of each.
    `versions` are, for each article that is a translation or is translated, the others of its family,
    all by their indices. `changed` are the days of the last changes of articles by their addresses.
    `names` are, for each article, the fingerprint of how the entities that it names are shown; `named`
    are these, not all of very many, or nothing where the catalogue was put together again.
    """

    articles: Sequence[Outline]
    entities: dict[EntityRef, EntityRecord]
    pages: tuple[PlainPage, ...]
    versions: dict[int, tuple[int, ...]]
    changed: dict[str, str]
    prints: Sequence[bytes] = ()
    names: tuple[bytes, ...] = ()
    named: tuple[tuple[EntityRef, ...], ...] = ()
