"""What templates see: one complete, frozen view for each page, made of plain values.

A page is a pure function of its template and its view; there is nothing else a template can reach.
Fields whose name ends in `_html` hold safe HTML and are shown with `|safe`; all others are text.
Every `href` is ready to use: it holds the base path and is quoted. Words of the interface (labels of
kinds and statuses) are message ids: templates show them through `_()`. An absent value is empty.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class LinkView(Struct, array_like=True, frozen=True):
    """A link; `current` marks the one that leads to the section the page stands in."""

    href: str
    text: str
    current: bool = False


class DateView(Struct, array_like=True, frozen=True):
    """A date: as words in the site's language, and for the `datetime` attribute."""

    text: str
    iso: str


class LicenseView(Struct, array_like=True, frozen=True):
    """A licence: its short name, and the address of its text (empty if there is none)."""

    id: str
    name: str
    url: str


class TranslationView(Struct, array_like=True, frozen=True):
    """Another version of an article: a link, the language's name in itself, its tag and direction.

    `url` is its full address, or empty if the site has no `base_url`.
    """

    href: str
    text: str
    lang: str
    dir: str
    url: str = ""


class LocationView(Struct, array_like=True, frozen=True):
    """A place on the globe: degrees in the site's language, without sign, and the link to a map."""

    latitude: str
    north: bool
    longitude: str
    east: bool
    href: str


class EntityView(Struct, array_like=True, frozen=True):
    """An entity as a link; `count` is a number of articles or mentions, or 0 where none is meant.

    `said_href` leads to the words that tie it to the entity of the page, if that is what they do.
    """

    href: str
    name: str
    kind: str
    count: int = 0
    former: bool = False
    said_href: str = ""


class ExcerptView(Struct, array_like=True, frozen=True):
    """Words of an article shown elsewhere than on its page.

    `words_html` are plain words with the mention in `<mark>`; where they are a clause of a long
    sentence, `whole_html` is the sentence. `href` leads to the mention on the article's page. `lang`
    and `dir` are the article's; they are empty where they are the page's own.
    """

    href: str
    words_html: str
    whole_html: str = ""
    lang: str = ""
    dir: str = ""


class CardView(Struct, array_like=True, frozen=True):
    """An article in a listing. `publisher` is the source's, or the site's title for its own texts.

    `translated` tells that it is a translation of another article of the site.
    """

    href: str
    title: str
    date: DateView
    publisher: str
    license: LicenseView | None
    summary: ExcerptView | None
    authors: tuple[str, ...] = ()
    lang: str = ""
    dir: str = ""
    draft: bool = False
    translated: bool = False


class ItemView(Struct, array_like=True, frozen=True):
    """An article on an entity's page, with the sentences that mention the entity.

    `subject` tells that the article is about the entity; `more` counts sentences left out.
    """

    card: CardView
    subject: bool
    excerpts: tuple[ExcerptView, ...]
    more: int = 0


class StatementView(Struct, array_like=True, frozen=True):
    """What a mention says of an entity: a claim, with its sentence and where it was made.

    `status` and `value` may be empty. `said_by` is who says it: the entity named, else the publisher,
    else the site; `said_by_href` leads to the page of the entity, if one is named. `said_on` is the
    date that the statement names, else the article's.
    """

    excerpt: ExcerptView
    card: CardView
    said_by: str
    said_on: DateView
    said_by_href: str = ""
    status: str = ""
    value: str = ""
    note: str = ""


class NoteView(Struct, array_like=True, frozen=True):
    """A note of the digest on a mention of an article: the words, where they stand, what it says."""

    href: str
    words: str
    note: str


class EntityGroupView(Struct, array_like=True, frozen=True):
    """Entities of one kind under its plural label, a message id."""

    kind: str
    label: str
    href: str
    entities: tuple[EntityView, ...]


class FrameView(Struct, array_like=True, frozen=True):
    """What surrounds every page.

    `title` and `description` are the page's. `assets` is the address that the theme's assets stand
    below, with a slash at its end. `canonical`, `feed_href` are empty without a base_url. `sections`
    are the list pages, `pages` the plain pages of the first level, not all if there are very many.
    `extra` are the free keys of site.yaml.
    """

    site_title: str
    site_description: str
    title: str
    description: str
    lang: str
    dir: str
    home_href: str
    assets: str
    canonical: str
    feed_href: str
    sections: tuple[LinkView, ...]
    pages: tuple[LinkView, ...]
    extra: dict[str, Any]


class FrontView(Struct, array_like=True, frozen=True):
    """`front.html`: the newest articles. `groups` are the entities most reported on, by kind."""

    frame: FrameView
    cards: tuple[CardView, ...]
    groups: tuple[EntityGroupView, ...]
    older_href: str


class ArchiveView(Struct, array_like=True, frozen=True):
    """`archive.html`: one page of the archive of a listing, newest first.

    `items` hold sentences on an entity's archive and none on that of all articles. `name` is the
    entity's, or empty; `listing_href` leads to the newest. It shows nothing that later articles
    change, save whether a newer page exists.
    """

    frame: FrameView
    name: str
    kind: str
    number: int
    items: tuple[ItemView, ...]
    listing_href: str
    older_href: str
    newer_href: str


class ArticleView(Struct, array_like=True, frozen=True):
    """`article.html`: one article.

    `source_title`, `source_url`, `changes` belong to the original; an article without a source is
    the site's own text (`own` is true) and shows no licence. `about` are its subjects and
    `mentioned` the other entities that it mentions, with the number of mentions. `notes` are what
    the digest says of single mentions.
    """

    frame: FrameView
    card: CardView
    body_html: str
    own: bool
    source_title: str
    source_url: str
    changes: str
    added: DateView | None
    updated: DateView | None
    about: tuple[EntityGroupView, ...]
    mentioned: tuple[EntityGroupView, ...]
    notes: tuple[NoteView, ...]
    topics: tuple[str, ...]
    translations: tuple[TranslationView, ...]
    newer: LinkView | None
    older: LinkView | None
    extra: dict[str, Any]


class EntityPageView(Struct, array_like=True, frozen=True):
    """`entity.html` (or `country.html`, `project.html`, ... if the theme has it): all of one entity.

    `kind_label` is the singular, a message id, `countries_label` and `projects_label` are what several
    of these are called. `claims` are the latest statuses: none, one, or
    several that disagree. `statements` are what was said, newest first, `statements_more` how many
    older ones stand in the archive. `says` are what it said of others, each with what that is, newest
    first, and `says_more` how many older ones there are. `about` and `mentioning` are the newest
    articles of the listing, apart; `about_count` and `mentioning_count` count them all.
    """

    frame: FrameView
    kind: str
    kind_label: str
    section_href: str
    section_label: str
    name: str
    former: bool
    aliases: tuple[str, ...]
    summary: str
    body_html: str
    countries: tuple[EntityView, ...]
    countries_label: str
    projects: tuple[EntityView, ...]
    projects_label: str
    same_as: tuple[LinkView, ...]
    location: LocationView | None
    claims: tuple[StatementView, ...]
    statements: tuple[StatementView, ...]
    statements_more: int
    says: tuple[tuple[EntityView, StatementView], ...]
    says_more: int
    about: tuple[ItemView, ...]
    mentioning: tuple[ItemView, ...]
    about_count: int
    mentioning_count: int
    first: DateView | None
    first_href: str
    latest: DateView | None
    latest_href: str
    together: tuple[EntityGroupView, ...]
    older_href: str
    extra: dict[str, Any]


class EntityRowView(Struct, array_like=True, frozen=True):
    """An entity in the list of its kind. `statuses` are its latest, several if they disagree."""

    entity: EntityView
    summary: str
    statuses: tuple[str, ...]
    latest: DateView | None


class EntityListView(Struct, array_like=True, frozen=True):
    """`entities.html`: all entities of a kind by name, under the letters they begin with."""

    frame: FrameView
    kind: str
    label: str
    groups: tuple[tuple[str, tuple[EntityRowView, ...]], ...]
    total: int


class PageView(Struct, array_like=True, frozen=True):
    """`page.html`: a plain page. `lang` and `dir` are empty where they are the site's."""

    frame: FrameView
    title: str
    body_html: str
    lang: str
    dir: str
    extra: dict[str, Any]
    draft: bool = False


class NotFoundView(Struct, array_like=True, frozen=True):
    """`404.html`: shown by the server for an address without a page."""

    frame: FrameView


class RedirectView(Struct, array_like=True, frozen=True):
    """`redirect.html`: at an old address, leads to the new one."""

    frame: FrameView
    target_href: str
    target_title: str


View = (
    FrontView
    | ArchiveView
    | ArticleView
    | EntityPageView
    | EntityListView
    | PageView
    | NotFoundView
    | RedirectView
)
