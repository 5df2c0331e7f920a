"""Source file -> Article, Profile or PlainPage, with diagnostics. Pure: it reads nothing else.

What a file is follows from its path. No file knows of another: whether an entity exists or a link
leads somewhere is for the catalogue to say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from builder.addresses import ARTICLES_PREFIX, article_address, page_address
from builder.body.reader import BodyReader
from builder.countries import is_code, suggest
from builder.damage import as_diagnostics, cut_off, damage, unexplained
from builder.diagnostics import Diagnostic, Place, diagnostic
from builder.direction import wrong_way
from builder.lines import Lines
from builder.localize import language
from builder.model import (
    Article,
    Body,
    EntityRef,
    Parsed,
    PlainPage,
    Profile,
    Redirect,
    Site,
    Source,
    SourceFile,
    Subject,
)
from builder.yaml.fields import CONTROL, Field, YamlError
from builder.yaml.front_matter import FrontMatterError, front_matter
from builder.yaml.mapping import read_fields
from builder.yaml.schema import ArticleKeys, PageKeys, ProfileKeys, Reader, SourceKeys
from builder.yaml.values import FIRST_YEAR, FieldError, read_id, read_language
from builder.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ASCII_CONTROLS = bytes(code for code in range(128) if CONTROL.match(chr(code)))
#: So many of the control characters of a file are told one by one.
_MOST_CONTROLS = 10
_COMMA = re.compile("[,;،؛、，；]")
_COUNTRY_ID = re.compile(r"[A-Z0-9][A-Z0-9-]*")

_Keys = TypeVar("_Keys")


def parse(source: SourceFile, site: Site) -> Parsed:
    """Read one file of `content/`. Never raises for what the file holds."""
    return _FileReader(source, site).parse()


class _FileReader:
    """The reading of one file; `found` gathers its diagnostics."""

    def __init__(self, source: SourceFile, site: Site) -> None:
        self.path = source.path
        self.site = site
        self.zone = zone(site.timezone)
        self.found: list[Diagnostic] = []
        self.fields: dict[str, Field] = {}
        self.readable = True
        self.text = self._without_controls(source.text)

    def parse(self) -> Parsed:
        folder = self.path.split("/")[1]
        kinds = {kind.plural: kind.id for kind in self.site.kinds}
        self.found += as_diagnostics(damage(self.text), self.path, self.text)
        document: Article | Profile | PlainPage | None = None
        body = self._split()
        if body is not None:
            if folder == "articles":
                document = self._article(*body)
            elif folder == "pages":
                document = self._page(*body)
            else:
                document = self._profile(kinds[folder], *body)
        return Parsed(document, tuple(self.found))

    def _say(self, place: Place, code: str, message: str, hint: str = "") -> None:
        self.found.append(diagnostic(self.path, place, code, message, hint))

    def _without_controls(self, text: str) -> str:
        if text.isascii() and len(text.encode().translate(None, _ASCII_CONTROLS)) == len(text):
            # To take them out of bytes is the fastest way to see that there are none.
            return text
        if not CONTROL.search(text):
            return text
        lines = Lines(text)
        found = [(lines.at(one.start()), one.group()) for one in CONTROL.finditer(text)]
        for number, ((line, column), character) in enumerate(found[:_MOST_CONTROLS], 1):
            more = len(found) - number if number == _MOST_CONTROLS else 0
            self._say(
                Place(line, column),
                "control-character",
                f"a control character (U+{ord(character):04X}) stands in the text"
                + (f", and {more} more behind it" if more else ""),
                "it is read as a space; delete it",
            )
        return CONTROL.sub(" ", text)

    def _split(self) -> tuple[str, int] | None:
        """Read the front matter; returns the body and its first line."""
        try:
            front = front_matter(self.text)
        except FrontMatterError as error:
            self._say(error.place, error.code, error.message, error.hint)
            # What is wrong with the text is told, too; that keys are missing goes without saying.
            self.readable = False
            return None if error.code == "unclosed-front-matter" else (self.text, 1)
        try:
            self.fields, found = read_fields(front.yaml, self.path, front.line)
        except YamlError as error:
            self.readable = False
            self.found += unexplained(error.problems, self.found)
        else:
            self.found += found
            self.found += as_diagnostics(cut_off(front.yaml), self.path, front.yaml, front.line)
        return self.text[front.body :], front.body_line

    def _keys(self, schema: type[_Keys], known: tuple[str, ...] = ()) -> _Keys:
        reader = Reader(self.path, self.zone)
        keys = reader.read(schema, self.fields, known)
        if self.readable:
            self.found += reader.found
        return keys

    def _article(self, text: str, first_line: int) -> Article:
        plurals = tuple(kind.plural for kind in self.site.kinds)
        keys = self._keys(ArticleKeys, plurals)
        subjects = self._subjects(plurals)
        self._check_dates(keys)
        if "topics" in self.fields:
            self._is_run_together("topics", self.fields["topics"].value, "texts")
        lang = keys.lang or self.site.language
        body = self._body(text, first_line, lang, mentions=True)
        self._check_direction(lang, body.lead)
        return Article(
            path=self.path,
            address=article_address(self.path),
            id=keys.id or self.path.removeprefix(ARTICLES_PREFIX).removesuffix(".md"),
            title=keys.title,
            date=keys.date.date,
            lang=lang,
            body=body,
            added=keys.added.date if keys.added else None,
            updated=keys.updated.date if keys.updated else None,
            authors=keys.author,
            summary=_one_line(keys.summary),
            subjects=subjects,
            topics=keys.topics,
            source=_source(keys.source) if keys.source else None,
            id_place=self._place("id"),
            source_place=self._place("source", "original"),
            redirects=self._redirects(keys.aliases),
            translation_of=keys.translation_of.strip(),
            translation_place=self._place("translation_of"),
            draft=keys.draft,
            extra=keys.extra,
        )

    def _check_dates(self, keys: ArticleKeys) -> None:
        """Tell what is unlikely of the dates of an article."""
        own = keys.date.date
        date = own.text
        if date and date[:4] < FIRST_YEAR:
            message = f"the year {date[:4]} is from before the calendar that dates are read by"
            hint = "write the date by the Gregorian calendar, as in 2024-03-14"
            self._say(self._place("date"), "unlikely-date", message, hint)
        for name, other in (("updated", keys.updated), ("added", keys.added)):
            text = other.date.text if other else ""
            # A year is not before a day of the same year.
            length = min(len(text), len(date), len("2024-03-14"))
            if other and text[:length] < date[:length] and other.date.first < own.first:
                message = f"{name}: {text} is before the date of the article, {date}"
                hint = "`date` is when the original was published; correct one of the two"
                self._say(self._place(name), "unlikely-date", message, hint)

    def _page(self, text: str, first_line: int) -> PlainPage:
        keys = self._keys(PageKeys)
        lang = keys.lang or self.site.language
        body = self._body(text, first_line, lang, mentions=False)
        self._check_direction(lang, body.lead)
        return PlainPage(
            path=self.path,
            address=page_address(self.path),
            title=keys.title,
            lang=lang,
            summary=_one_line(keys.summary),
            redirects=self._redirects(keys.aliases),
            extra=keys.extra,
            body=body,
            draft=keys.draft,
        )

    def _profile(self, kind: str, text: str, first_line: int) -> Profile | None:
        entity = self._own_id(kind)
        aliases = self._aliases()
        countries = self._subjects(("countries",))
        self.fields.pop("countries", None)
        keys = self._keys(ProfileKeys)
        body = self._body(text, first_line, self.site.language, mentions=False)
        if entity is None:
            return None
        named = self.fields.get("name")
        if kind != "country" and self.readable and (named is None or named.value is None):
            self._say(
                Place(),
                "missing-key",
                'the key "name" is missing',
                "write `name: ...`: how pages name it",
            )
        if keys.location and not (-90 <= keys.location[0] <= 90 and -180 <= keys.location[1] <= 180):
            self._say(
                self._place("location"),
                "bad-location",
                "there is no such place on Earth",
                "write [latitude, longitude] in degrees, as in [38.43, 48.87]",
            )
        return Profile(
            path=self.path,
            entity=entity,
            name=keys.name or (entity.id if kind != "country" else ""),
            names=self._names(keys.names),
            aliases=aliases,
            summary=_one_line(keys.summary),
            countries=countries,
            same_as=keys.same_as,
            location=keys.location,
            former_ids=self._former_ids(keys.former_ids),
            extra=keys.extra,
            body=body,
            name_place=self._place("name"),
        )

    def _body(self, text: str, first_line: int, lang: str, *, mentions: bool) -> Body:
        reader = BodyReader(self.path, text, first_line, self.site, self.zone, mentions=mentions)
        body = reader.read(lang)
        self.found += reader.found
        return body

    def _check_direction(self, lang: str, lead: str) -> None:
        """Tell of a text that would be published in the wrong direction."""
        wrong = wrong_way(lead, lang, language(lang).direction)
        if wrong:
            self._say(self._place("lang"), "unlikely-language", *wrong)

    def _place(self, name: str, *path: str | int) -> Place:
        field = self.fields.get(name)
        return field.at(path) if field else Place()

    def _own_id(self, kind: str) -> EntityRef | None:
        """The entity that a profile is about, from the name of its file."""
        name = self.path.rsplit("/", 1)[1].removesuffix(".md")
        if self.path.count("/") != 2:
            message, hint = "a profile stands right in the folder of its kind", "move it up"
        elif kind == "country" and not _COUNTRY_ID.fullmatch(name):
            message = f'"{name}" is no country code in upper case'
            hint = "name the file by the code of the country, as in IR.md"
            code = name.upper() if _COUNTRY_ID.fullmatch(name.upper()) else ""
            if not is_code(code):
                # A name of a country looks like a code that nobody has.
                code = suggest(name) or code
            if code:
                hint = f'name the file "{code}.md"'
        else:
            try:
                # The code of a country is an id in upper case.
                read_id(name.lower() if kind == "country" else name)
                return EntityRef(kind, name)
            except FieldError as problem:
                message, hint = problem.message, problem.hint
        self._say(Place(), "bad-id", message, hint)
        return None

    def _aliases(self) -> tuple[tuple[str, Place], ...]:
        """The aliases, a list or lists by language; taken out of the fields, so the rest is typed."""
        field = self.fields.get("aliases")
        if field is None or field.value is None:
            return ()
        if isinstance(field.value, dict):
            del self.fields["aliases"]
            groups: Iterable[tuple[tuple[Any, ...], Any]] = [
                ((key,), value) for key, value in field.value.items()
            ]
        else:
            groups = [((), field.value)]
        found = []
        for path, value in groups:
            items = value if isinstance(value, list) else [value]
            for index, item in enumerate(items):
                place = field.at((*path, index))
                if isinstance(item, str) and item.strip():
                    found.append((_one_line(item), place))
                elif path:
                    self._say(place, "wrong-type", "aliases: expected a text")
        return tuple(found)

    def _names(self, names: Mapping[str, str]) -> dict[str, str]:
        """The names by language, whose tags may be written in any case."""
        found: dict[str, str] = {}
        for tag, name in names.items():
            try:
                found.setdefault(read_language(tag), name)
            except FieldError as problem:
                place = self._place("names", tag, "key")
                self._say(place, problem.code, f"names: {problem.message}", problem.hint)
        return found

    def _former_ids(self, ids: tuple[str, ...]) -> tuple[tuple[str, Place], ...]:
        found = []
        for index, name in enumerate(ids):
            if not name:
                continue
            place = self._place("former_ids", index)
            try:
                found.append((read_id(name.lower()), place))
            except FieldError as problem:
                message = problem.message.replace(name.lower(), name)
                self._say(place, problem.code, f"former_ids: {message}", problem.hint)
        return tuple(found)

    def _subjects(self, plurals: tuple[str, ...]) -> tuple[Subject, ...]:
        """The entities that front matter lists under the plurals of their kinds."""
        kinds = {kind.plural: kind.id for kind in self.site.kinds}
        found: dict[EntityRef, Subject] = {}
        for plural in plurals:
            field = self.fields.get(plural)
            if field is None or field.value is None:
                continue
            items = [field.value] if isinstance(field.value, str) else field.value
            if self._is_run_together(plural, field.value, "ids"):
                continue
            if not isinstance(items, list):
                self._say(field.place, "wrong-type", f"{plural}: expected a list of ids")
                continue
            for index, item in enumerate(items):
                if not isinstance(item, str) or not item.strip():
                    self._say(field.at((index,)), "wrong-type", f"{plural}: expected a list of ids")
                    continue
                name = item.strip()
                ref = EntityRef(kinds[plural], name.upper() if plural == "countries" else name)
                found.setdefault(ref, Subject(ref, field.at((index,))))
        return tuple(found.values())

    def _is_run_together(self, name: str, value: object, what: str) -> bool:
        """Whether a key holds several things in one text; it is told how to write them as a list."""
        if not isinstance(value, str) or not _COMMA.search(value):
            return False
        message = f"{name}: expected a list of {what}, found a text with commas"
        self._say(self.fields[name].place, "wrong-type", message, _as_list(name, value))
        return True

    def _redirects(self, aliases: tuple[str, ...]) -> tuple[Redirect, ...]:
        return tuple(
            Redirect(address, self._place("aliases", index))
            for index, address in enumerate(aliases)
            if address
        )


def _source(keys: SourceKeys) -> Source:
    return Source(
        license=keys.license,
        publisher=keys.publisher,
        title=keys.title,
        url=keys.url,
        original=keys.original.strip(),
        changes=_one_line(keys.changes),
    )


def _as_list(plural: str, text: str) -> str:
    """How to write ids, or names of countries, that stand with commas between them as a list."""
    words = [one.strip() for one in _COMMA.split(text) if one.strip()]
    if plural == "countries":
        words = [suggest(one) or one for one in words]
    return f"write `{plural}: [{', '.join(words[:10])}]`"


def _one_line(text: str) -> str:
    return " ".join(text.split())
