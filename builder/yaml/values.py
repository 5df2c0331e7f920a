"""The types of values that front matter and site.yaml hold beside plain text, and their checks.

Each is a text of its own class, so that a struct of keys can name it as the type of a field.
`read_text` makes one of the text that stands in a file.
"""

from __future__ import annotations

import re
from datetime import UTC
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from builder.dates import DateError, PartialDate, parse_date
from builder.diagnostics import did_you_mean

if TYPE_CHECKING:
    from datetime import tzinfo

#: RFC 5646, section 2.1: subtags, then extensions behind a single letter, then private ones.
_LANGUAGE = re.compile(
    r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|[xi](?:-[a-z0-9]{1,8})+",
    re.IGNORECASE | re.ASCII,
)
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
#: Languages in which others are known by their names.
_NAMING = ("en", "de", "fr", "fa", "ar")
_NO_ID = re.compile(r"[^a-z0-9]+")
_ADDRESS = re.compile(r"/(?:[^/\\?#\x00-\x20]+/)*[^/\\?#\x00-\x20]*")
#: What no address may hold, not even in the form `%5C`.
_UNSAFE = re.compile(r"//|[\\\x00-\x1f\x7f]")
#: No file system takes a longer name of a file or folder, nor, with what it stands in, a longer path;
#: and nobody nests folders deeper.
_LONGEST_NAME, _LONGEST_PATH, _DEEPEST_PATH = 255, 2000, 100
#: A day as it is written elsewhere. `11/12/2026` is none of these, for it may be one of two.
_OTHER_DATE = re.compile(
    r"[“”„\"'\s]*(?:(\d{4})[-./](\d{1,2})[-./](\d{1,2})|(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}))[“”\"'\s]*",
    re.ASCII,
)
#: The Gregorian calendar begins in October 1582.
FIRST_YEAR = "1583"
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


class FieldError(ValueError):
    """A value is not of its type: a code, a message, a hint."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


def read_text(text: str, wanted: type, timezone: tzinfo) -> str:
    """A value of one of the types of this module; raises FieldError for a text that is none."""
    if wanted is DateText:
        date = DateText(text)
        date.date = read_date(text, timezone)
        return date
    value: str = _TYPES[wanted](text.strip())
    return value


def read_date(text: str, timezone: tzinfo) -> PartialDate:
    """Read a date as `dates.parse_date` does; raises FieldError with the code `bad-date`."""
    try:
        return _date(text, timezone)
    except DateError as error:
        hint = "write 2021, 2021-12, 2021-12-22 or 2021-12-22T10:00:00+03:30"
        meant = _date_meant(text)
        if meant >= FIRST_YEAR:
            hint = f"write {meant}"
        elif meant:
            hint = f"{hint}, by the Gregorian calendar"
        elif not text.isascii() and any(map(str.isdecimal, text)):
            hint = f"{hint}, in the digits 0-9 and by the Gregorian calendar"
        raise FieldError("bad-date", str(error), hint) from None


def _date_meant(text: str) -> str:
    """The day that a text in another form names; empty if it may be another day, too, or none."""
    found = _OTHER_DATE.fullmatch(text)
    if found is None:
        return ""
    year, month, day = map(int, (found[1] or found[6], found[2] or found[5], found[3] or found[4]))
    meant = f"{year:04}-{month:02}-{day:02}"
    try:
        parse_date(meant, UTC)
    except DateError:
        return ""
    return meant


#: The articles of a day, and what they say, have the same date.
_date = lru_cache(maxsize=1024)(parse_date)


def read_id(text: str) -> str:
    """Check the id of an entity that is no country; raises FieldError with the code `bad-id`."""
    if not _ID.fullmatch(text) or text == "page":
        hint = "small letters a-z, digits and hyphens, not beginning with a hyphen"
        near = _NO_ID.sub("-", normalize("NFKD", text).encode("ascii", "ignore").decode().lower())
        if near.strip("-"):
            hint += f", as in {near.strip('-')[:60]}"
        if text == "page":
            hint = 'the word "page" is reserved for the archive\'s addresses'
        raise FieldError("bad-id", f'"{text}" can\'t be an id', hint)
    _check_length(text, "bad-id")
    return text


def _check_length(path: str, code: str) -> None:
    """Raise FieldError for a path that can't be published because it, or a name in it, is too long."""
    parts = [part for part in path.split("/") if len(part.encode("utf-8", "replace")) > _LONGEST_NAME]
    if parts:
        length = len(parts[0].encode("utf-8", "replace"))
        message = f'"{parts[0][:30]}..." is too long for a file name: {length} bytes'
        hint = f"{_LONGEST_NAME} bytes are allowed; letters other than a-z take two or more"
        raise FieldError(code, message, hint)
    length = len(path.encode("utf-8", "replace"))
    if length > _LONGEST_PATH:
        message = f'"{path[:30]}..." is too long: {length} bytes'
        raise FieldError(code, message, f"{_LONGEST_PATH} bytes are allowed for the whole address")
    if path.count("/") > _DEEPEST_PATH:
        message = f'"{path[:30]}..." has more than {_DEEPEST_PATH} parts'
        raise FieldError(code, message, "take some of the slashes away")


def read_language(text: str) -> LanguageTag:
    """A tag in its customary case; raises FieldError with the code `bad-language` for what is none."""
    if not _LANGUAGE.fullmatch(text):
        raise FieldError(
            "bad-language",
            f'"{text}" is not a language tag',
            f"write it with a hyphen: {text.replace('_', '-')}"
            if _LANGUAGE.fullmatch(text.replace("_", "-"))
            else _language_named(text) or "write it by BCP 47, as in en or pt-BR",
        )
    head, *rest = text.split("-")
    # What stands behind a single letter is in small letters.
    single = next((index for index, part in enumerate(rest) if len(part) == 1), len(rest))
    behind = [part.lower() for part in rest[single:]]
    return LanguageTag("-".join([head.lower(), *map(_subtag, rest[:single]), *behind]))


def _language_named(name: str) -> str:
    """How to write a language that stands by its name; empty for what is no name of one."""
    tag = _languages().get(name.casefold(), "")
    return f"write the tag of the language: {tag}" if tag else ""


@cache
def _languages() -> dict[str, str]:
    """The tags of languages by their names, case-folded, in some of them."""
    from babel import Locale

    found: dict[str, str] = {}
    for reader in _NAMING:
        for tag, name in Locale(reader).languages.items():
            found.setdefault(name.casefold(), tag.replace("_", "-"))
    return found


def _subtag(part: str) -> str:
    """The customary case of a subtag (RFC 5646, section 2.1.1)."""
    if len(part) == 4 and part.isalpha():
        return part.title()
    return part.upper() if len(part) == 2 else part.lower()


def _license(text: str) -> LicenseId:
    canonical = _canonical_license(text)
    if canonical:
        return LicenseId(canonical)
    hint = did_you_mean(text.replace(" ", "-"), _USUAL_LICENSES)
    if text.casefold().startswith("all rights reserved"):
        hint = "write LicenseRef-AllRightsReserved"
    elif text.startswith("LicenseRef-"):
        hint = "behind LicenseRef- stand letters, digits, hyphens and full stops, and no spaces"
    raise FieldError(
        "bad-license",
        f'"{text}" is no SPDX licence',
        hint or "write an id such as CC-BY-4.0, or LicenseRef-... for terms of your own",
    )


@lru_cache(maxsize=256)
def _canonical_license(text: str) -> str:
    """The customary spelling of an SPDX expression, or the empty string for what is none."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        return canonicalize_license_expression(text)
    except (InvalidLicenseExpression, ValueError):
        return ""


def _site_path(text: str) -> SitePath:
    # An address that was copied from a browser is quoted; the file it is served from is not.
    path = unquote(text)
    if (
        not _ADDRESS.fullmatch(text)
        or _UNSAFE.search(path)
        or any(part in (".", "..") or part.startswith(".digest") for part in path.split("/"))
    ):
        spaced = text.startswith("/") and " " in text
        raise FieldError(
            "bad-address",
            f'"{text}" is no address of this site',
            "write it without spaces" if spaced else "write it from the root, as in /2021/baku/",
        )
    _check_length(path, "bad-address")
    return SitePath(path)


def _web_address(text: str) -> WebAddress:
    if not _WEB.fullmatch(text) or not _has_host(text):
        raise FieldError("bad-address", f'"{text}" is no web address', "write it whole, with https://")
    return WebAddress(text)


def _has_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


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

_TYPES: dict[type, Any] = {
    LanguageTag: read_language,
    LicenseId: _license,
    SitePath: _site_path,
    WebAddress: _web_address,
    Word: _word,
}
