"""The words of a language: names of countries, dates, numbers, direction. All from CLDR by Babel."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING

from builder.countries import former_name, is_former
from builder.dates import DAY, INSTANT, MONTH, YEAR, PartialDate

if TYPE_CHECKING:
    from babel import Locale

#: Babel's skeletons of a date at each precision.
_SKELETONS = {YEAR: "y", MONTH: "yMMMM", DAY: "yMMMMd", INSTANT: "yMMMMd"}

#: The script in a tag. Behind a single letter, as in `fa-u-nu-latn`, four letters mean something else.
_SCRIPT = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z]{3}){0,3}-([A-Za-z]{4})(?:-|$)")
#: Scripts that run from right to left (ISO 15924).
_RTL_SCRIPTS = ("Adlm", "Arab", "Aran", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa")
#: Languages that run from right to left and that CLDR does not hold.
_RTL_LANGUAGES = ("aeb", "aii", "arc", "ary", "arz", "azb", "bqi", "glk", "khw", "pnb", "prs")

#: The digit zero of the numbering systems that CLDR has as the default of a language.
_ZEROS = {
    "adlm": 0x1E950,
    "arab": 0x0660,
    "arabext": 0x06F0,
    "beng": 0x09E6,
    "cakm": 0x11136,
    "deva": 0x0966,
    "mymr": 0x1040,
    "nkoo": 0x07C0,
    "olck": 0x1C50,
    "tibt": 0x0F20,
}

#: Letters that Unicode has elsewhere than the alphabets that use them, by what stands at their place.
_BEHIND = "\uffff"
_ARABIC_LETTERS = {
    "پ": f"ب{_BEHIND}",
    "چ": f"ج{_BEHIND}",
    "ژ": f"ز{_BEHIND}",
    "ک": "ك",
    "گ": f"ك{_BEHIND}",
    "ی": "ي",
}
#: Languages that have he behind waw, where Arabic has it before.
_HE_BEHIND_WAW = ("fa", "prs", "ps")


class Language:
    """One language by BCP 47. A language that CLDR does not know is shown as English."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self._dates: dict[PartialDate, str] = {}

    @cached_property
    def _locale(self) -> Locale:
        from babel import Locale, UnknownLocaleError

        tag = self.tag
        while tag:
            try:
                return Locale.parse(tag, sep="-")
            except (UnknownLocaleError, ValueError):
                tag = tag.rpartition("-")[0]
        return Locale.parse("en")

    @cached_property
    def _digits(self) -> dict[int, int]:
        # Babel writes dates and numbers with Latin digits in every language.
        zero = _ZEROS.get(self._locale.default_numbering_system)
        return {ord("0") + number: zero + number for number in range(10)} if zero else {}

    @cached_property
    def direction(self) -> str:
        """`rtl` or `ltr`: by the script where the tag names one, else by the language."""
        named = _SCRIPT.match(self.tag)
        if named:
            return "rtl" if named[1].title() in _RTL_SCRIPTS else "ltr"
        if self.tag.partition("-")[0].lower() in _RTL_LANGUAGES:
            return "rtl"
        return "rtl" if self._locale.character_order == "right-to-left" else "ltr"

    @cached_property
    def _letters(self) -> dict[int, str]:
        own = {"ه": f"و{_BEHIND}"} if self.tag.partition("-")[0] in _HE_BEHIND_WAW else {}
        return str.maketrans(_ARABIC_LETTERS | own)

    def in_order(self, letters: str) -> str:
        """What to sort a name by, of its letters in lower case and without accents."""
        return letters if letters.isascii() else letters.translate(self._letters)

    def country(self, code: str) -> str:
        """The name of a country by its code, which must be one."""
        if is_former(code):
            return former_name(code, self.tag)
        return str(self._locale.territories.get(code, code))

    def date(self, date: PartialDate) -> str:
        """A date in words, at the precision it was given."""
        found = self._dates.get(date)
        if found is None:
            found = self._dates[date] = self._date(date).translate(self._digits)
        return found

    def _date(self, date: PartialDate) -> str:
        from babel.dates import format_date, format_skeleton, format_time

        padded = date.text if date.precision in (DAY, INSTANT) else f"{date.text}-01-01"[:10]
        moment = datetime.fromisoformat(padded)
        if date.precision in (YEAR, MONTH):
            return format_skeleton(_SKELETONS[date.precision], moment, locale=self._locale)
        day = format_date(moment, "long", locale=self._locale)
        if date.precision == DAY:
            return day
        offset = f"{moment:%z}"
        zone = "UTC" if not offset.strip("+-0") else f"UTC{offset[:3]}:{offset[3:5]}"
        time = format_time(moment, "HH:mm", tzinfo=moment.tzinfo, locale=self._locale)
        # What stands between the two is the language's own; CLDR puts words of it in apostrophes.
        both = str(self._locale.datetime_formats["medium"]).replace("'", "")
        return both.replace("{0}", f"{time} {zone}").replace("{1}", day)

    @cached_property
    def own_name(self) -> str:
        """The name of the language in the language itself."""
        return str(self._locale.get_display_name() or self.tag)

    def number(self, value: float) -> str:
        """A number with the digits and separators of the language."""
        return self._decimal(value, None)

    def degrees(self, value: float) -> str:
        """The absolute value of an angle in degrees, to a millionth (the breadth of a hand)."""
        return self._decimal(abs(value), "0.######")

    def _decimal(self, value: float, pattern: str | None) -> str:
        from babel.numbers import format_decimal

        number = format_decimal(value, pattern, locale=self._locale, numbering_system="default")
        return str(number).translate(self._digits)


@cache
def language(tag: str) -> Language:
    """The language of a tag; one object for each."""
    return Language(tag)
