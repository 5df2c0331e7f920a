"""The keys of front matter and site.yaml, and how their values are checked.

Each kind of file has a struct whose fields are its keys: the schema is read by msgspec field by
field, so that one run reports every wrong value, each at its place. A list may be written as a
single text wherever a list is expected. The types of single values stand in `values`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args, get_origin

import msgspec
from msgspec import Struct

from builder.dates import PartialDate
from builder.diagnostics import Diagnostic, Place, diagnostic, did_you_mean, suggestion
from builder.yaml.values import (
    DateText,
    FieldError,
    LanguageTag,
    LicenseId,
    SitePath,
    WebAddress,
    Word,
    read_text,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import tzinfo

    from builder.yaml.fields import Field


class SourceKeys(Struct, frozen=True):
    """The keys of `source`."""

    license: LicenseId
    publisher: Word = ""  # type: ignore[assignment]
    title: Word = ""  # type: ignore[assignment]
    url: WebAddress = ""  # type: ignore[assignment]
    original: str = ""
    changes: str = ""


class ArticleKeys(Struct, frozen=True):
    """The keys of an article's front matter, but for the subjects, which are named by their kinds."""

    title: Word
    date: DateText
    added: DateText | None = None
    updated: DateText | None = None
    id: Word = ""  # type: ignore[assignment]
    aliases: tuple[SitePath, ...] = ()
    author: tuple[Word, ...] = ()
    lang: LanguageTag = ""  # type: ignore[assignment]
    translation_of: str = ""
    summary: str = ""
    topics: tuple[Word, ...] = ()
    source: SourceKeys | None = None
    draft: bool = False
    extra: dict[str, Any] = {}


class ProfileKeys(Struct, frozen=True):
    """The keys of a profile's front matter. `aliases` may also be lists by language."""

    name: Word = ""  # type: ignore[assignment]
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
    lang: LanguageTag = ""  # type: ignore[assignment]
    summary: str = ""
    aliases: tuple[SitePath, ...] = ()
    draft: bool = False
    extra: dict[str, Any] = {}


class KindKeys(Struct, frozen=True):
    """The keys of one kind under `kinds` in site.yaml."""

    plural: Word = ""  # type: ignore[assignment]
    label: Word = ""  # type: ignore[assignment]
    label_plural: Word = ""  # type: ignore[assignment]


class SiteKeys(Struct, frozen=True):
    """The keys of site.yaml, but for `kinds`, whose values may also be `false`."""

    title: Word
    description: str = ""
    base_url: str = ""
    language: LanguageTag = "en"  # type: ignore[assignment]
    timezone: Word = "UTC"  # type: ignore[assignment]
    theme: Word = "gazette"  # type: ignore[assignment]
    page_size: int = 50
    statuses: tuple[Word, ...] = ()
    kinds: dict[str, Any] = {}
    editor_url: str = ""
    extra: dict[str, Any] = {}


_TEXTS = frozenset((str, DateText, LanguageTag, LicenseId, SitePath, WebAddress, Word))
#: What is read by the core schema; all else is text, whatever it looks like.
_TYPED = (bool, int, tuple[float, float] | None)
_SOURCE = SourceKeys | None
_ITEMS = (SitePath,), (WebAddress,), (Word,)
_Keys = TypeVar("_Keys")
_TOP = Place()


@cache
def _fields(schema: type) -> dict[str, msgspec.structs.FieldInfo]:
    # msgspec resolves the annotations at each call; a process does it once for each schema.
    return {field.encode_name: field for field in msgspec.structs.fields(schema)}


@cache
def _required(schema: type) -> tuple[str, ...]:
    return tuple(name for name, field in _fields(schema).items() if field.required)


class Reader:
    """Reads the fields of one file. `found` gathers what there is to say about them."""

    def __init__(self, file: str, timezone: tzinfo) -> None:
        self.file = file
        self.found: list[Diagnostic] = []
        self._timezone = timezone
        self._beside: Collection[str] = ()

    def read(self, schema: type[_Keys], fields: dict[str, Field], known: tuple[str, ...] = ()) -> _Keys:
        """Check the fields by a schema; `known` are keys that the caller reads itself.

        Unknown keys are warnings. A value, or one of several, that is missing or wrong is an error, and
        is that of a key that is absent, or an empty one: so the rest of the file can be checked.
        """
        values: dict[str, Any] = {}
        self._beside = fields.keys()
        schema_fields = _fields(cast("type", schema))
        for name, field in fields.items():
            wanted = schema_fields.get(name)
            if wanted is not None and (field.value is not None or name == "source"):
                self._read_value(name, field, wanted, values)
            elif wanted is not None and wanted.required:
                # A key without a value counts as absent.
                self._missing_key(name, field.key_place)
            elif wanted is None and name not in known:
                hint = _belongs(name, schema)
                self._unknown_key(name, field.key_place, (*schema_fields, *known), hint)
        for name in _required(cast("type", schema)):
            if name not in fields:
                self._missing_key(name)
            if name not in values:
                values[name] = _empty(schema_fields[name].type)
        return schema(**values)

    def _read_value(self, name: str, field: Field, wanted: Any, values: dict[str, Any]) -> None:
        value = field.value
        if name == "extra" and isinstance(value, dict):
            values[name] = field.typed()
            return
        if name == "source":
            value = self._source(field)
        simple = self._simple(value, wanted.type)
        if simple is not None:
            values[name] = simple
            return
        if wanted.type in _TYPED:
            value = field.typed()
        elif isinstance(value, str) and str(wanted.type).startswith("tuple["):
            value = [value]
        try:
            values[name] = _plain(self._convert(value, wanted.type))
        except msgspec.ValidationError as error:
            problems = list(self._problems(value, wanted.type, ())) or [((), error)]
            for path, problem in problems:
                self._wrong_value(name, field, path, problem)
            wrong = {path[0] for path, _ in problems if path}
            kind = get_args(wanted.type)[:1]
            if isinstance(value, list) and kind in _ITEMS:
                values[name] = tuple(self._sound(dict(enumerate(value)), wrong, *kind).values())
            elif isinstance(value, dict) and wanted.type == dict[str, Word]:
                values[name] = self._sound(value, wrong, Word)

    def _source(self, field: Field) -> Any:
        """A source that says nothing lacks its licence; another key without a value is absent."""
        value = {} if field.value is None else field.value
        self._unknown_source_keys(field, value)
        if isinstance(value, dict):
            return {key: one for key, one in value.items() if one is not None or key == "license"}
        return value

    def _sound(self, items: dict[Any, Any], wrong: Collection[int | str], kind: type) -> dict[Any, str]:
        """Texts by number or key, empty those that are wrong: more may be said of the others."""
        return {
            key: "" if key in wrong else str(read_text(one, kind, self._timezone))
            for key, one in items.items()
        }

    def _simple(self, value: Any, wanted: Any) -> Any:
        """What `_convert` and `_plain` give for texts without a mistake, or None; much faster."""
        try:
            if isinstance(value, str) and wanted in _TEXTS:
                text = value if wanted is str else read_text(value, wanted, self._timezone)
                return _plain(text)
            if isinstance(value, dict) and wanted == _SOURCE and "license" in value:
                known = _fields(SourceKeys)
                parts = {key: self._simple(one, known[key].type) for key, one in value.items()}
                return None if None in parts.values() else SourceKeys(**parts)
        except (FieldError, KeyError):
            # The general way finds out what there is to say.
            pass
        return None

    def _convert(self, value: Any, wanted: Any) -> Any:
        return msgspec.convert(value, wanted, dec_hook=self._own_type)

    def _own_type(self, wanted: type, value: Any) -> Any:
        if not isinstance(value, str):
            kind = "nothing" if value is None else "a list" if isinstance(value, list) else "keys"
            raise FieldError("wrong-type", f"expected a text, found {kind}")
        return read_text(value, wanted, self._timezone)

    def _problems(
        self, value: Any, wanted: Any, path: tuple[int | str, ...]
    ) -> Iterator[tuple[tuple[int | str, ...], msgspec.ValidationError]]:
        """All errors within a value, each with its path: msgspec stops at the first."""
        parts: list[tuple[int | str, Any, Any]] = []
        if isinstance(value, list) and get_args(wanted)[1:] == (...,):
            parts = [(index, item, get_args(wanted)[0]) for index, item in enumerate(value)]
        elif isinstance(value, dict) and get_origin(wanted) is dict:
            parts = [(key, item, get_args(wanted)[1]) for key, item in value.items()]
        elif isinstance(value, dict) and SourceKeys in (wanted, *get_args(wanted)):
            known = _fields(SourceKeys)
            parts = [(key, item, known[key].type) for key, item in value.items() if key in known]
            if "license" not in value:
                parts.append(("", {}, SourceKeys))
        for key, item, kind in parts:
            try:
                self._convert(item, kind)
            except msgspec.ValidationError as error:
                yield (*path, *((key,) if key != "" else ())), error

    def _wrong_value(
        self,
        name: str,
        field: Field,
        path: tuple[int | str, ...],
        error: msgspec.ValidationError,
    ) -> None:
        message, _, rest = str(error).partition(" - at `$")
        place = field.at((*path, *_path(rest.rstrip("`"))))
        key = ".".join((name, *(part for part in path if isinstance(part, str))))
        if isinstance(error.__cause__, FieldError):
            cause = error.__cause__
            self.found.append(
                diagnostic(self.file, place, cause.code, f"{key}: {cause.message}", cause.hint)
            )
            return
        missing = re.search(r"missing required field `(\w+)`", message)
        if missing:
            self._missing_key(f"{name}.{missing.group(1)}", field.key_place, self._beside)
            return
        hint = _source_hint(field.value) if name == "source" and not path else ""
        self.found.append(
            diagnostic(self.file, place, "wrong-type", f"{key}: {_plain_words(message)}", hint)
        )

    def _missing_key(self, name: str, place: Place = _TOP, beside: Collection[str] = ()) -> None:
        own = name.rpartition(".")[2]
        hint = _EXAMPLES.get(name, "")
        if own in beside:
            hint = f"indent `{own}:`, and what else belongs to the source, by two spaces"
        self.found.append(
            diagnostic(
                self.file,
                place,
                "missing-key",
                f'the key "{name}" is missing',
                hint,
            )
        )

    def _unknown_key(self, name: str, place: Place, known: tuple[str, ...], hint: str = "") -> None:
        meant = next((one for one in _SYNONYMS.get(name.lower(), ()) if one in known), "")
        odd = "indent it by plain spaces" if name != name.strip() else ""
        hint = suggestion(meant) or odd or hint or did_you_mean(name, known)
        hint = hint or f"known are {', '.join(known)}; free keys stand under `extra:`"
        self.found.append(diagnostic(self.file, place, "unknown-key", f'unknown key "{name}"', hint))

    def _unknown_source_keys(self, field: Field, value: Any) -> None:
        known = tuple(_fields(SourceKeys))
        for key in value if isinstance(value, dict) else ():
            if key not in known:
                self._unknown_key(key, field.at((key, "key")), known)


def _belongs(name: str, schema: type) -> str:
    """Where a key belongs that stands at the top of an article and is one of its source."""
    if schema is not ArticleKeys or name not in _fields(SourceKeys):
        return ""
    return "it is a key of `source`: write it below `source:`, indented by two spaces"


def _source_hint(value: Any) -> str:
    """How to write a source that is not written as keys."""
    is_plain = isinstance(value, str) and re.fullmatch(r"\w[\w .'-]{0,60}", value)
    publisher = value if is_plain else "Mehr News Agency"
    return f"write `source: {{publisher: {publisher}, license: CC-BY-4.0}}` with its licence"


def _empty(wanted: type) -> str:
    """What stands for a required value that is missing or wrong."""
    if wanted is not DateText:
        return ""
    text = DateText()
    text.date = PartialDate("", "year", 0)
    return text


_EXAMPLES = {
    "title": "write `title: ...`",
    "date": "write `date: 2021-12-22`, `2021-12` or `2021`: when the original was published",
    "source.license": "write an SPDX id, as in `license: CC-BY-4.0`, or `LicenseRef-...`",
}

#: What other programs call a key, and its names here.
_SYNONYMS = {
    "body": ("summary",),
    "categories": ("topics",),
    "category": ("topics",),
    "description": ("summary",),
    "headline": ("title",),
    "keywords": ("topics",),
    "labels": ("topics",),
    "link": ("url",),
    "modified": ("updated",),
    "name": ("title", "publisher"),
    "published": ("date",),
    "tag": ("topics",),
    "tags": ("topics",),
    "title": ("name",),
    "topic": ("topics",),
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


def _plain(value: Any) -> Any:
    """A checked value without the types that it was checked by: what goes on are plain texts."""
    if isinstance(value, str):
        return value if isinstance(value, DateText) else str(value)
    if isinstance(value, tuple):
        return tuple(_plain(item) for item in value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, SourceKeys):
        return SourceKeys(*(_plain(getattr(value, name)) for name in value.__struct_fields__))
    return value
