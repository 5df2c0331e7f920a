"""Text of site.yaml -> Site: the one configuration file, checked."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC
from types import NoneType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from msgspec import structs

from builder.body.braces import STATEMENT_KEYS
from builder.damage import as_diagnostics, cut_off, damage, unexplained
from builder.diagnostics import (
    Diagnostic,
    DigestError,
    Place,
    diagnostic,
    did_you_mean,
    has_errors,
    suggestion,
)
from builder.model import Kind, Site
from builder.root import FILE
from builder.yaml.fields import Field, YamlError
from builder.yaml.mapping import read_fields
from builder.yaml.schema import ArticleKeys, KindKeys, PageKeys, ProfileKeys, Reader, SiteKeys
from builder.yaml.values import FieldError, Word, read_id
from builder.zones import UnknownZoneError, zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

DEFAULT_STATUSES = (
    "proposed",
    "agreed",
    "negotiating",
    "under-construction",
    "operating",
    "suspended",
    "cancelled",
    "completed",
)

DEFAULT_KINDS = (
    Kind("country", "countries"),
    Kind("project", "projects"),
    Kind("person", "people"),
    Kind("organisation", "organisations"),
)
_FIXED = ("country", "project")

#: Messages about a key begin with its name; these keys decide what words mean in the content.
_WORDS_OF_CONTENT = ("kinds", "statuses")
_DEFAULTS = SiteKeys(title=Word("-"))

#: Characters that no address holds, and those that stay as they are in one.
_UNSAFE = re.compile(r"""[\s<>"\\^`{|}]""")
_URL_SAFE = "/:@!$&'()*+,;=~-._%[]"

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_EDITOR_PLACEHOLDERS = ("path", "line", "column")
#: Schemes that a browser would not hand to another program: it would run what stands behind them.
_SCRIPT_SCHEMES = ("javascript", "data", "vbscript", "blob", "filesystem", "about", "view-source")
_EDITOR_HINT = "write {path}, {line} and {column}, as in vscode://file/{path}:{line}:{column}"

#: Words that a kind may not take: as a plural they are folders, addresses or keys of their own; as an
#: id they are attributes of an annotation, or the classes of the parts of mentions.
_TAKEN_PLURALS = frozenset(
    {"articles", "pages", "page", "originals", "media", "assets"}.union(
        ArticleKeys.__struct_fields__, ProfileKeys.__struct_fields__, PageKeys.__struct_fields__
    )
    - {"countries"}
)
_TAKEN_IDS = frozenset((*STATEMENT_KEYS, "link", "words"))


def read_site(text: str, base_url: str | None = None) -> tuple[Site, list[Diagnostic]]:
    """The configuration that the text of site.yaml holds, and what there is to say about it.

    `base_url` stands in place of the one in the file. A value that is wrong is reported and stands
    as if it were absent, so that the content can be checked all the same. Raises DigestError where
    it can't: for what is no YAML, and for errors in the words that content is written with.
    """
    damaged = as_diagnostics(damage(text), FILE, text)
    try:
        fields, found = read_fields(text, FILE)
    except YamlError as error:
        raise DigestError((*damaged, *unexplained(error.problems, damaged))) from None
    found += (*damaged, *as_diagnostics(cut_off(text), FILE, text))
    reader = Reader(FILE, UTC)
    keys = reader.read(SiteKeys, fields)
    found += reader.found
    kinds = _kinds(fields.get("kinds"), found)
    if base_url is not None:
        keys = structs.replace(keys, base_url=base_url)
    keys = _checked(keys, fields, found)
    if has_errors(one for one in found if one.message.startswith(_WORDS_OF_CONTENT)):
        raise DigestError(tuple(found))
    url = _quoted(keys.base_url)
    return (
        Site(
            title=keys.title,
            description=" ".join(keys.description.split()),
            base_url=url,
            base_path=urlsplit(url).path.rstrip("/") + "/",
            language=keys.language,
            timezone=keys.timezone,
            theme=keys.theme,
            page_size=keys.page_size,
            statuses=keys.statuses or DEFAULT_STATUSES,
            kinds=kinds,
            extra=keys.extra,
            editor_url=keys.editor_url.strip(),
        ),
        found,
    )


def _quoted(url: str) -> str:
    """An address of a site in ASCII, without a slash at its end."""
    parts = urlsplit(url.rstrip("/"))
    with suppress(UnicodeError):
        parts = parts._replace(netloc=parts.netloc.encode("idna").decode())
    return quote(parts.geturl(), safe=_URL_SAFE)


def _checked(keys: SiteKeys, fields: dict[str, Field], found: list[Diagnostic]) -> SiteKeys:
    """The keys with the defaults in place of wrong values, which are reported."""
    wrong: dict[str, Any] = {}

    def report(name: str, code: str, message: str, hint: str) -> None:
        place = fields[name].place if name in fields else Place()
        found.append(diagnostic(FILE, place, code, message, hint))
        wrong[name] = getattr(_DEFAULTS, name)

    if keys.page_size < 1 or keys.page_size > 1000:
        report("page_size", "wrong-type", "page_size: expected a number from 1 to 1000", "50 is usual")
    if keys.base_url and not is_site_address(keys.base_url):
        report(
            "base_url",
            "bad-address",
            f'base_url: "{keys.base_url}" is no web address of a site',
            "write it whole, as in https://example.org/digest/",
        )
    try:
        zone(keys.timezone)
    except UnknownZoneError as error:
        (near,) = error.args
        report(
            "timezone",
            "bad-timezone",
            f'timezone: "{keys.timezone}" is not known',
            suggestion(near) or "write a name of the IANA list, as in Asia/Tehran",
        )
    if keys.editor_url.strip():
        problem = _editor_url_problem(keys.editor_url.strip())
        if problem:
            report("editor_url", "bad-address", f"editor_url: {problem}", _EDITOR_HINT)
    if "/" in keys.theme or "\\" in keys.theme or keys.theme in (".", ".."):
        report(
            "theme",
            "missing-theme",
            f'theme: "{keys.theme}" is no name',
            "name a folder in themes/",
        )
    found += _bad_statuses(keys.statuses, fields)
    return structs.replace(keys, **wrong)


def _bad_statuses(statuses: Sequence[str], fields: dict[str, Field]) -> Iterator[Diagnostic]:
    """What is wrong with the words for statuses; an empty one is told already."""
    for index, status in enumerate(statuses):
        if not status:
            continue
        try:
            read_id(status)
        except FieldError as problem:
            place = fields["statuses"].at((index,))
            message = f"statuses: {problem.message}"
            yield diagnostic(FILE, place, problem.code, message, problem.hint)


def _editor_url_problem(url: str) -> str:
    """What is wrong with the address of an editor, in words; empty if nothing is."""
    scheme = _SCHEME.match(url)
    if scheme is None or not url.isprintable() or _UNSAFE.search(_PLACEHOLDER.sub("", url)):
        return f'"{url}" is no address'
    if scheme.group(1).lower() in _SCRIPT_SCHEMES:
        return f'"{scheme.group()}" runs a script and opens no editor'
    for name in _PLACEHOLDER.findall(url):
        if name not in _EDITOR_PLACEHOLDERS:
            return f'"{{{name}}}" is not known'
    return "" if "{path}" in url else "it does not say where the path of the file belongs"


def is_site_address(url: str) -> bool:
    """Whether a site can be published at an address: a whole one, without query and fragment.

    Nor does it hold a name and a password, which all pages and feeds would show.
    """
    try:
        parts = urlsplit(url)
        # The port is read when it is asked for, and may be no number then.
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    # A path that begins with two slashes would make every link lead to another host.
    whole = not (parts.query or parts.fragment or "//" in parts.path.rstrip("/"))
    return known and whole and "@" not in parts.netloc and _UNSAFE.search(url) is None


def _kinds(field: Field | None, found: list[Diagnostic]) -> tuple[Kind, ...]:
    """The kinds of entities: the four known ones, as `kinds` adds to and drops from them."""
    kinds = {kind.id: kind for kind in DEFAULT_KINDS}
    if field is None or not isinstance(field.value, dict):
        return tuple(kinds.values())

    def report(
        path: tuple[int | str, ...], message: str, hint: str = "", code: str = "bad-kind"
    ) -> None:
        found.append(diagnostic(FILE, field.at(path), code, f"kinds: {message}", hint))

    for name, value in field.value.items():
        key = (name, "key")
        if value in (None, "false", "False", "FALSE"):
            if name in _FIXED:
                report(key, f'the kind "{name}" always exists', "take the line away")
            elif name not in kinds:
                report(key, f'there is no kind "{name}" to drop', did_you_mean(name, kinds))
            kinds.pop(name, None) if name not in _FIXED else None
            continue
        kind = _kind(name, value, field, kinds, found)
        if kind is not None:
            kinds[name] = kind
    _unmistakable(kinds, report)
    return tuple(kinds.values())


def _unmistakable(kinds: dict[str, Kind], report: Callable[[tuple[str, str], str, str], None]) -> None:
    """Report the kinds that share an address, or whose mentions could share an anchor."""
    plurals: dict[str, str] = {}
    for kind in kinds.values():
        if kind.plural in plurals:
            report(
                (kind.id, "key"),
                f'"{plurals[kind.plural]}" and "{kind.id}" share the plural "{kind.plural}"',
                "give one of them another plural",
            )
        plurals[kind.plural] = kind.id
        # `m-site-gas-x-1` would be a mention of the site `gas-x`, and one of the gas site `x`.
        ends = (sign.start() for sign in re.finditer("-", kind.id))
        shorter = next((kind.id[:end] for end in ends if kind.id[:end] in kinds), None)
        if shorter is not None:
            report(
                (kind.id, "key"),
                f'"{kind.id}" begins as the kind "{shorter}" does',
                "mentions of the two could not be told apart; take another word",
            )


def _kind(
    name: str, value: Any, field: Field, kinds: dict[str, Kind], found: list[Diagnostic]
) -> Kind | None:
    key_place = field.at((name, "key"))

    def report(message: str, hint: str) -> None:
        found.append(diagnostic(FILE, key_place, "bad-kind", f"kinds: {message}", hint))

    if not isinstance(value, dict):
        report(
            f'"{name}" needs keys of its own',
            "write `event: {plural: events, label: Event, label_plural: Events}`, or `person: false`",
        )
        return None
    known = KindKeys.__struct_fields__
    for key in value:
        if key not in known:
            place = field.at((name, key, "key"))
            hint = did_you_mean(key, known) or f"the keys are {', '.join(known)}"
            found.append(diagnostic(FILE, place, "unknown-key", f'unknown key "{key}"', hint))
        elif not isinstance(value[key], (str, NoneType)):
            place = field.at((name, key))
            message = f"kinds: {key}: expected a text"
            found.append(diagnostic(FILE, place, "wrong-type", message))
    texts = {
        key: " ".join(text.split())
        for key, text in value.items()
        if key in known and isinstance(text, str)
    }
    before = kinds.get(name)
    plural = texts.get("plural") or (before.plural if before else "")
    problem = _kind_problem(name, plural, before)
    if problem:
        report(*problem)
        return None
    return Kind(name, plural, texts.get("label", ""), texts.get("label_plural", ""))


def _kind_problem(name: str, plural: str, before: Kind | None) -> tuple[str, str] | None:
    """What is wrong with the id and the plural of a kind, and a hint."""
    try:
        read_id(name)
        read_id(plural or name)
    except FieldError as problem:
        return problem.message, problem.hint
    if not plural:
        hint = (
            "the plural names the folder, the address and the front-matter key, as in `plural: events`"
        )
        return f'"{name}" needs a plural', hint
    if not name[0].isalpha():
        hint = "keys of annotations do; take another word"
        return f'"{name}" does not begin with a letter', hint
    if name in _TAKEN_IDS or plural in _TAKEN_PLURALS:
        word = name if name in _TAKEN_IDS else plural
        return f'the word "{word}" has a meaning already', "take another word"
    if name in _FIXED and before and plural != before.plural:
        return f'the plural of "{name}" is "{before.plural}"', "only its labels can be changed"
    return None
