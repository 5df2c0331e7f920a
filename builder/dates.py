"""Dates at the precision they were given: a year, a month, a day or an instant.

Forms follow ISO 8601 (`2021`, `2021-12`, `2021-12-22`) and RFC 3339 (`2021-12-22T10:00:00+03:30`).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from msgspec import Struct

YEAR, MONTH, DAY, INSTANT = "year", "month", "day", "instant"

_DATE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})"
    r"(?:[Tt ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?)?"
    r"[ ]?(?P<offset>[Zz]|[+-]\d{2}:?\d{2})?)?)?)?",
    re.ASCII,
)

_OFFSET_SECONDS = re.compile(r"(?<=[+-]\d\d:\d\d):\d\d$", re.ASCII)


class PartialDate(Struct, array_like=True, frozen=True):
    """A date as it was given.

    `text` is the normalised form, `precision` one of `year`, `month`, `day`, `instant`, and `first`
    the first instant that the date covers, in microseconds since 1970-01-01T00:00:00Z.
    """

    text: str
    precision: str
    first: int


class DateError(ValueError):
    """The text is no date; the message says why, in words for an editor."""


def parse_date(text: str, timezone: tzinfo) -> PartialDate:
    """Read a date; one without an offset is in `timezone`.

    Raises DateError for text of another form and for days that no calendar has.
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise DateError(f'"{text}" is not a date')
    part = match.groupdict()
    precision = next(
        name
        for name, key in ((INSTANT, "hour"), (DAY, "day"), (MONTH, "month"), (YEAR, "year"))
        if part[key]
    )
    iso = f"{part['year']}-{part['month'] or '01'}-{part['day'] or '01'}"
    # RFC 3339 knows the leap second; Python does not, and takes it for the one before.
    second = "59" if part["second"] == "60" and part["minute"] == "59" else part["second"]
    iso += f"T{part['hour'] or '00'}:{part['minute'] or '00'}:{second or '00'}"
    if part["fraction"]:
        iso += "." + part["fraction"][:6].ljust(6, "0")
    try:
        moment = datetime.fromisoformat(iso + (part["offset"] or "").upper())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone)
        first = _microseconds(moment)
    except (ValueError, OverflowError):
        raise DateError(f'"{text}" is not a date that exists') from None
    if precision != INSTANT:
        return PartialDate(match.group(), precision, first)
    # HTML allows three digits of a fraction at most ("valid global date and time string").
    fraction = "milliseconds" if moment.microsecond else "auto"
    text = moment.isoformat(timespec=fraction)
    # Nor does it allow seconds in an offset; zones have some before they had a time by law.
    return PartialDate(_OFFSET_SECONDS.sub("", text), precision, first)


def instant(date: PartialDate) -> datetime:
    """The first instant of the date, in UTC; the nearest that Python can tell."""
    seconds, micro = divmod(min(max(date.first, _EARLIEST), _LATEST), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro)


def _microseconds(moment: datetime) -> int:
    # In UTC, the first hours of the year 1 and the last of 9999 can lie in a year that Python lacks.
    local = moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    delta = local - (moment.utcoffset() or timedelta())
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


_EARLIEST = _microseconds(datetime.min.replace(tzinfo=UTC))
_LATEST = _microseconds(datetime.max.replace(tzinfo=UTC))
