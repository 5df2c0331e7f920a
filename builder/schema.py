"""The keys of front matter and site.yaml, and how their values are checked.

Each kind of file has a struct whose fields are its keys: the schema is read by msgspec field by
field, so that one run reports every wrong value, each at its place. A list may be written as a
single text wherever a list is expected. Values of the site's own types (dates, addresses, licences)
are converted by `Reader.convert`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec
from msgspec import Struct

from builder.dates import DateError, PartialDate, parse_date
from builder.diagnostics import Diagnostic, Place, diagnostic, did_you_mean

if TYPE_CHECKING:
    from datetime import tzinfo

    from builder.yaml12 import Field

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*|[xi](?:-[A-Za-z0-9]{1,8})+")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_ADDRESS = re.compile(r"/(?:[^/\\?#\x00-\x20]+/)*[^/\\?#\x00-\x20]*")
_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


class LanguageTag(str):
    """A language by BCP 47."""

    __slots__ = ()


class LicenseId(str):
    """A licence by SPDX, or `LicenseRef-...`."""

    __slots__ = ()


class SitePath(str):
    """An address from the site's root."""

    __slots__ = ()


class WebAddress(str):
    """An absolute http or https address."""

    __slots__ = ()


class DateText(str):
    """A date as it was written, with what it means in `date`."""

    __slots__ = ("date",)
    date: PartialDate


class Word(str):
    """A text of one line that is not empty."""

    __slots__ = ()


class SourceKeys(Struct, frozen=True):
    """The keys of `source`."""

    license: LicenseId
    publisher: Word = Word()
    title: Word = Word()
    url: WebAddress = WebAddress()
    original: str = ""
    changes: str = ""


class ArticleKeys(Struct, frozen=True):
    """The keys of an article's front matter, but for the subjects, which are named by their kinds."""

    title: Word
    date: DateText
    added: DateText | None = None
    updated: DateText | None = None
    id: Word = Word()
    aliases: tuple[SitePath, ...] = ()
    author: tuple[Word, ...] = ()
    lang: LanguageTag = LanguageTag()
    translation_of: str = ""
    summary: str = ""
    topics: tuple[Word, ...] = ()
    source: SourceKeys | None = None
    draft: bool = False
    extra: dict[str, Any] = {}


class ProfileKeys(Struct, frozen=True):
    """The keys of a profile's front matter. `aliases` may also be lists by language."""

    name: Word = Word()
    names: dict[str, Word] = {}
    aliases: tuple[Word, ...] = ()
    summary: str = ""
    countries: tuple[Word, ...] = ()
    same_as: tuple[WebAddress, ...] = ()
    location: tuple[float, float] | None = None
    former_ids: tuple[Word, ...] = ()
    extra: dict[str, Any] = {}


class PageKeys(Struct, frozen=True):
    """The keys of a plain page's front matter."""

    title: Word
    lang: LanguageTag = LanguageTag()
    summary: str = ""
    aliases: tuple[SitePath, ...] = ()
    draft: bool = False
    extra: dict[str, Any] = {}


class KindKeys(Struct, frozen=True):
    """The keys of one kind under `kinds` in site.yaml."""

    plural: Word = Word()
    label: Word = Word()
    label_plural: Word = Word()


class SiteKeys(Struct, frozen=True):
    """The keys of site.yaml, but for `kinds`, whose values may also be `false`."""

    title: Word
    description: str = ""
    base_url: str = ""
    language: LanguageTag = LanguageTag("en")
    timezone: Word = Word("UTC")
    theme: Word = Word("gazette")
    page_size: int = 50
    statuses: tuple[Word, ...] = ()
    kinds: dict[str, Any] = {}
    extra: dict[str, Any] = {}


#: What is read by the core schema; all else is text, whatever it looks like.
_TYPED = (bool, int, tuple[float, float] | None)
_Keys = TypeVar("_Keys")
_TOP = Place()


class FieldError(ValueError):
    """A value is not of its type: a code, a message, a hint."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


@cache
def _fields(schema: type) -> dict[str, msgspec.structs.FieldInfo]:
    # msgspec resolves the annotations at each call; a process does it once for each schema.
    return {field.encode_name: field for field in msgspec.structs.fields(schema)}


class Reader:
    """Reads the fields of one file. `found` gathers what there is to say about them."""

    def __init__(self, file: str, timezone: tzinfo) -> None:
        self.file = file
        self.found: list[Diagnostic] = []
        self._timezone = timezone

    def read(
        self, schema: type[_Keys], fields: dict[str, Field], known: tuple[str, ...] = ()
    ) -> _Keys | None:
        """Check the fields by a schema; `known` are keys that the caller reads itself.

        Unknown keys are warnings; None, after at least one error, if a value is missing or wrong.
        """
        errors = False
        values: dict[str, Any] = {}
        schema_fields = _fields(cast("type", schema))
        for name, field in fields.items():
            wanted = schema_fields.get(name)
            if wanted is None:
                if name not in known:
                    self._unknown_key(name, field.key_place, (*schema_fields, *known))
                continue
            if name == "extra" and isinstance(field.value, dict):
                values[name] = field.typed()
                continue
            value = field.value
            if value is None and name == "source":
                value = {}
            if value is None and not wanted.required:
                continue
            try:
                values[name] = self._convert(
                    field.typed() if wanted.type in _TYPED else value, wanted.type
                )
            except msgspec.ValidationError as error:
                errors = True
                self._wrong_value(name, field, error)
            if name == "source" and isinstance(value, dict):
                self._unknown_source_keys(field, value)
        for name, wanted in schema_fields.items():
            if wanted.required and name not in fields:
                errors = True
                self._missing_key(name)
        return None if errors else schema(**values)

    def _convert(self, value: Any, wanted: Any) -> Any:
        if isinstance(value, str) and str(wanted).startswith("tuple["):
            value = [value]
        return msgspec.convert(value, wanted, dec_hook=self._own_type)

    def _own_type(self, wanted: type, value: Any) -> Any:
        if not isinstance(value, str):
            kind = "nothing" if value is None else "a list" if isinstance(value, list) else "keys"
            raise FieldError("wrong-type", f"expected a text, found {kind}")
        if wanted is DateText:
            text = DateText(value)
            text.date = read_date(value, self._timezone)
            return text
        return _OWN_TYPES[wanted](value.strip())

    def _wrong_value(self, name: str, field: Field, error: msgspec.ValidationError) -> None:
        message, _, path = str(error).partition(" - at `$")
        place = field.at(_path(path.rstrip("`")))
        if isinstance(error.__cause__, FieldError):
            cause = error.__cause__
            self.found.append(
                diagnostic(self.file, place, cause.code, f"{name}: {cause.message}", cause.hint)
            )
            return
        missing = re.search(r"missing required field `(\w+)`", message)
        if missing:
            self._missing_key(f"{name}.{missing.group(1)}", field.key_place)
            return
        self.found.append(
            diagnostic(self.file, place, "wrong-type", f"{name}: {_plain_words(message)}")
        )

    def _missing_key(self, name: str, place: Place = _TOP) -> None:
        self.found.append(
            diagnostic(
                self.file,
                place,
                "missing-key",
                f'the key "{name}" is missing',
                _EXAMPLES.get(name, ""),
            )
        )

    def _unknown_key(self, name: str, place: Place, known: tuple[str, ...]) -> None:
        hint = did_you_mean(name, known) or "free keys stand under `extra:`"
        self.found.append(diagnostic(self.file, place, "unknown-key", f'unknown key "{name}"', hint))

    def _unknown_source_keys(self, field: Field, value: dict[str, Any]) -> None:
        known = tuple(_fields(SourceKeys))
        for key in value:
            if key not in known:
                self._unknown_key(key, field.at((key, "key")), known)


def read_date(text: str, timezone: tzinfo) -> PartialDate:
    """Read a date as `dates.parse_date` does; raises FieldError with the code `bad-date`."""
    try:
        return parse_date(text, timezone)
    except DateError as error:
        raise FieldError(
            "bad-date", str(error), "write 2021, 2021-12, 2021-12-22 or 2021-12-22T10:00:00+03:30"
        ) from None


def read_id(text: str) -> str:
    """Check the id of an entity that is no country; raises FieldError with the code `bad-id`."""
    if not _ID.fullmatch(text) or text == "page":
        hint = "small letters a-z, digits and hyphens, not beginning with a hyphen"
        if text == "page":
            hint = 'the word "page" is reserved for the archive\'s addresses'
        raise FieldError("bad-id", f'"{text}" can\'t be an id', hint)
    return text


def _language(text: str) -> LanguageTag:
    if not _LANGUAGE.fullmatch(text):
        raise FieldError(
            "bad-language",
            f'"{text}" is not a language tag',
            "write it by BCP 47, as in en or pt-BR",
        )
    head, *rest = text.split("-")
    return LanguageTag("-".join([head.lower(), *map(_subtag, rest)]))


def _subtag(part: str) -> str:
    """The customary case of a subtag (RFC 5646, section 2.1.1)."""
    if len(part) == 4 and part.isalpha():
        return part.title()
    return part.upper() if len(part) == 2 else part.lower()


def _license(text: str) -> LicenseId:
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        return LicenseId(canonicalize_license_expression(text))
    except (InvalidLicenseExpression, ValueError):
        hint = did_you_mean(text.replace(" ", "-"), _USUAL_LICENSES)
        raise FieldError(
            "bad-license",
            f'"{text}" is no SPDX licence',
            hint or "write an id such as CC-BY-4.0, or LicenseRef-... for terms of your own",
        ) from None


def _site_path(text: str) -> SitePath:
    if not _ADDRESS.fullmatch(text) or any(
        part in (".", "..") or part.startswith(".digest") for part in text.split("/")
    ):
        raise FieldError(
            "bad-address",
            f'"{text}" is no address of this site',
            "write it from the root, as in /2021/baku/",
        )
    return SitePath(text)


def _web_address(text: str) -> WebAddress:
    if not _WEB.fullmatch(text):
        raise FieldError("bad-address", f'"{text}" is no web address', "write it whole, with https://")
    return WebAddress(text)


def _word(text: str) -> Word:
    line = " ".join(text.split())
    if not line:
        raise FieldError("wrong-type", "the value is empty", "write a text behind the colon")
    return Word(line)


#: The licences that published texts usually stand under, for hints.
_USUAL_LICENSES = (
    *(
        f"CC-{terms}-{version}"
        for terms in ("BY", "BY-SA", "BY-NC", "BY-ND", "BY-NC-SA", "BY-NC-ND")
        for version in ("4.0", "3.0", "2.0")
    ),
    "CC0-1.0",
    "CC-PDM-1.0",
    "GFDL-1.3-or-later",
    "OGL-UK-3.0",
    "ODbL-1.0",
    "etalab-2.0",
)

_OWN_TYPES: dict[type, Any] = {
    LanguageTag: _language,
    LicenseId: _license,
    SitePath: _site_path,
    WebAddress: _web_address,
    Word: _word,
}

_EXAMPLES = {
    "title": "write `title: ...` in the front matter",
    "date": "write `date: 2021-12-22`, `2021-12` or `2021`: when the original was published",
    "source.license": "write an SPDX id, as in `license: CC-BY-4.0`, or `LicenseRef-...`",
}

_TYPE_WORDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "keys with values",
    "null": "nothing",
}


def _plain_words(message: str) -> str:
    """Msgspec's message in the editor's words."""

    def words(match: re.Match[str]) -> str:
        names = match.group(1).replace("| null", "").split("|")
        return " or ".join(_TYPE_WORDS.get(name.strip(), name.strip()) for name in names)

    text = re.sub(r"`([^`]*)`", words, message)
    return text[:1].lower() + text[1:].replace(", got ", ", found ")


def _path(text: str) -> tuple[int | str, ...]:
    """The path that msgspec writes behind the dollar sign: `[0].name` and the like."""
    parts = re.findall(r"\[(\d+)\]|\.(\w+)", text)
    return tuple(int(index) if index else name for index, name in parts)
