"""The attributes of a span -> what it says: the entity that it names, and what it states of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from builder.body.braces import STATEMENT_KEYS, Attribute, Span
from builder.countries import IN_USE
from builder.diagnostics import did_you_mean, nearest, suggestion
from builder.model import EntityRef, Site, Statement
from builder.yaml.values import FieldError, read_date

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo


_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
#: The kinds of those who say something, each with an id for examples.
_SPEAKERS = {"person": "ilham-aliyev", "organisation": "irna", "country": "IR"}


class Meaning(Struct, frozen=True):
    """What a span says, once its attributes are understood.

    `entity_start` is where the id of the entity stands in the text, and `by_start` where that of who
    said it does; -1 stands for nowhere.
    """

    span: Span
    entity: EntityRef | None = None
    entity_start: int = -1
    statement: Statement | None = None
    note: str = ""
    by_start: int = -1


class AttributeReader:
    """Reads the attributes of spans. `say(offset, code, message, hint)` takes what there is to say."""

    def __init__(self, site: Site, timezone: tzinfo, say: Callable[[int, str, str, str], None]) -> None:
        self._site = site
        self._timezone = timezone
        self._say = say
        self._kinds = {kind.id for kind in site.kinds}

    def read(self, span: Span) -> Meaning:
        """What the span says."""
        first = span.attributes[0] if span.attributes else None
        if first is not None and first.key in self._kinds and len(span.attributes) == 1:
            return Meaning(span, _ref(first.key, first.value), first.value_start)
        entity: EntityRef | None = None
        entity_start = -1
        said: dict[str, Attribute] = {}
        is_misspelt = False
        for attribute in span.attributes:
            key = attribute.key
            if key in self._kinds:
                if entity is not None:
                    self._say(
                        attribute.start,
                        "two-entities",
                        "one annotation names two entities",
                        "nest two annotations: `[[words]{...}]{...}`",
                    )
                    continue
                entity, entity_start = _ref(key, attribute.value), attribute.value_start
            elif key in STATEMENT_KEYS:
                said[key] = attribute
            else:
                is_misspelt |= self._unknown(attribute) in self._kinds
        if not said:
            return Meaning(span, entity, entity_start)
        # A misspelt kind is one mistake, and it is told.
        if entity is None and not is_misspelt:
            self._say(
                span.start,
                "statement-without-entity",
                f'"{next(iter(said))}" is said of nothing',
                "name the entity in the same braces, as in `project=rasht-astara-railway`",
            )
        statement = self._statement(said)
        note = said["note"].value if "note" in said else ""
        by_start = said["by"].value_start if "by" in said else -1
        return Meaning(span, entity, entity_start, statement, note, by_start)

    def _unknown(self, attribute: Attribute) -> str:
        """Say that there is no such attribute; the one that was probably meant, or the empty string."""
        known = (*(kind.id for kind in self._site.kinds), *STATEMENT_KEYS)
        plural = next((kind.id for kind in self._site.kinds if kind.plural == attribute.key), "")
        meant = plural or nearest(attribute.key, known)
        self._say(
            attribute.start,
            "unknown-attribute",
            f'unknown attribute "{attribute.key}"',
            suggestion(meant) or f"known are {', '.join(known)}",
        )
        return meant

    def _statement(self, said: dict[str, Attribute]) -> Statement | None:
        if not said.keys() - {"note"}:
            return None
        status = said["status"].value if "status" in said else ""
        if "status" in said and status not in self._site.statuses:
            hint = did_you_mean(status, self._site.statuses)
            self._say(
                said["status"].value_start,
                "unknown-status",
                f'unknown status "{status}"',
                hint or f"known are {', '.join(self._site.statuses)}",
            )
        date = by = None
        if "date" in said:
            try:
                date = read_date(said["date"].value, self._timezone)
            except FieldError as problem:
                self._say(said["date"].value_start, problem.code, problem.message, problem.hint)
        if "by" in said:
            kind, colon, name = said["by"].value.partition(":")
            if colon and kind in self._kinds:
                by = _ref(kind, name)
            else:
                value = said["by"].value
                message = f'"{value}" does not name who said it'
                self._say(said["by"].value_start, "bad-reference", message, self._by_hint(value))
        return Statement(status, date, said["value"].value if "value" in said else "", by)

    def _by_hint(self, value: str) -> str:
        """How to write who said it."""
        kind, colon, name = value.partition(":")
        meant = next((one.id for one in self._site.kinds if one.plural == kind), "")
        meant = meant or (nearest(kind, self._kinds) if name else "")
        if meant:
            return f"write `by={meant}:{name[:60]}`"
        if name:
            return f"the kinds are {', '.join(one.id for one in self._site.kinds)}"
        if value.upper() in IN_USE:
            return f"write the kind before the code: `by=country:{value}`"
        speakers = [one for one in _SPEAKERS if one in self._kinds]
        if not colon and _ID.fullmatch(value):
            ways = " or ".join(f"`by={one}:{value[:60]}`" for one in speakers if one != "country")
            if ways:
                return f"write the kind before the id, as in {ways}"
        return f"write kind and id, as in `by={speakers[0]}:{_SPEAKERS[speakers[0]]}`"


def _ref(kind: str, entity_id: str) -> EntityRef:
    """Names an entity; the ids of countries are in upper case in the registry."""
    return EntityRef(kind, entity_id.upper() if kind == "country" else entity_id)
