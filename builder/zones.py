"""Time zones by their names, from the list that the program was installed with.

The lists of systems differ in their years, and with them would the dates of a site.
"""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from builder.diagnostics import nearest


class UnknownZoneError(ValueError):
    """There is no time zone of a name; its one argument is the nearest name, or an empty text."""


@cache
def zone(name: str) -> tzinfo:
    """The time zone of a name of the IANA list, as `Asia/Tehran`.

    Raises UnknownZoneError.
    """
    if name == "UTC":
        return UTC
    # Most sites are in UTC, and need neither.
    from importlib.resources import files

    known = files("tzdata").joinpath("zones").read_text("utf-8").split()
    if name not in known:
        raise UnknownZoneError(nearest(name, known))
    with files("tzdata").joinpath("zoneinfo", name).open("rb") as stream:
        return ZoneInfo.from_file(stream, name)
