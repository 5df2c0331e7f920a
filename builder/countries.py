"""Countries by ISO 3166-1 alpha-2: which codes there are, and the names of withdrawn ones.

The names of countries come from Babel (CLDR) in the site's language. CLDR names no withdrawn country,
and pycountry's `CS` is Serbia and Montenegro where the contract's is Czechoslovakia, so withdrawn codes
(ISO 3166-3) stand in a table here. A code that was assigned anew names the country that has it now.
"""

from __future__ import annotations

from functools import cache

_CODES = """\
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
#: The codes in use, `XK` (user-assigned, in general use for Kosovo) among them. They are those of
#: pycountry, which a test holds them to: to import that takes a tenth of the time of a small build.
IN_USE = frozenset(_CODES.split())
WITHDRAWN: dict[str, str] = {
    "AN": "Netherlands Antilles",
    "BU": "Burma",
    "CS": "Czechoslovakia",
    "CT": "Canton and Enderbury Islands",
    "DD": "German Democratic Republic",
    "DY": "Dahomey",
    "FQ": "French Southern and Antarctic Territories",
    "FX": "Metropolitan France",
    "HV": "Upper Volta",
    "JT": "Johnston Island",
    "MI": "Midway Islands",
    "NH": "New Hebrides",
    "NQ": "Dronning Maud Land",
    "NT": "Neutral Zone",
    "PC": "Trust Territory of the Pacific Islands",
    "PU": "United States Miscellaneous Pacific Islands",
    "PZ": "Panama Canal Zone",
    "RH": "Southern Rhodesia",
    "SU": "Soviet Union",
    "TP": "East Timor",
    "VD": "Democratic Republic of Viet-Nam",
    "WK": "Wake Island",
    "YD": "Democratic Yemen",
    "YU": "Yugoslavia",
    "ZR": "Zaire",
}

_TRANSLATED: dict[str, dict[str, str]] = {
    "ar": {
        "AN": "جزر الأنتيل الهولندية",
        "CS": "تشيكوسلوفاكيا",
        "DD": "ألمانيا الشرقية",
        "SU": "الاتحاد السوفيتي",
        "YD": "اليمن الجنوبي",
        "YU": "يوغوسلافيا",
    },
    "az": {
        "CS": "Çexoslovakiya",
        "DD": "Almaniya Demokratik Respublikası",
        "SU": "Sovet İttifaqı",
        "YU": "Yuqoslaviya",
    },
    "de": {
        "AN": "Niederländische Antillen",
        "CS": "Tschechoslowakei",
        "DD": "Deutsche Demokratische Republik",
        "SU": "Sowjetunion",
        "YD": "Südjemen",
        "YU": "Jugoslawien",
    },
    "es": {
        "AN": "Antillas Neerlandesas",
        "CS": "Checoslovaquia",
        "DD": "República Democrática Alemana",
        "SU": "Unión Soviética",
        "YD": "Yemen del Sur",
        "YU": "Yugoslavia",
    },
    "fa": {
        "AN": "آنتیل هلند",
        "CS": "چکسلواکی",
        "DD": "آلمان شرقی",
        "SU": "اتحاد جماهیر شوروی",
        "YD": "یمن جنوبی",
        "YU": "یوگسلاوی",
    },
    "fr": {
        "AN": "Antilles néerlandaises",
        "CS": "Tchécoslovaquie",
        "DD": "République démocratique allemande",
        "SU": "Union soviétique",
        "YD": "Yémen du Sud",
        "YU": "Yougoslavie",
    },
    "ru": {
        "AN": "Нидерландские Антильские острова",
        "CS": "Чехословакия",
        "DD": "Германская Демократическая Республика",
        "SU": "Советский Союз",
        "YD": "Южный Йемен",
        "YU": "Югославия",
    },
    "tr": {
        "CS": "Çekoslovakya",
        "DD": "Doğu Almanya",
        "SU": "Sovyetler Birliği",
        "YD": "Güney Yemen",
        "YU": "Yugoslavya",
    },
}

#: What countries are called beside their names, and codes that others use for them.
_OTHERWISE = {
    "America": "US",
    "Britain": "GB",
    "Burma": "MM",
    "DRC": "CD",
    "EL": "GR",
    "England": "GB",
    "Great Britain": "GB",
    "Holland": "NL",
    "Ivory Coast": "CI",
    "KSA": "SA",
    "Palestine": "PS",
    "Turkey": "TR",
    "U.K.": "GB",
    "U.S.": "US",
    "UAE": "AE",
    "UK": "GB",
}


def is_code(code: str) -> bool:
    """Whether an upper-case code names a country, of today or withdrawn."""
    return code in IN_USE or code in WITHDRAWN


def is_former(code: str) -> bool:
    """Whether a code is one of a withdrawn country."""
    return code in WITHDRAWN and code not in IN_USE


def former_name(code: str, language: str) -> str:
    """The name of a withdrawn country in a language, in English where the table has no other."""
    return _TRANSLATED.get(language.split("-", maxsplit=1)[0], {}).get(code, WITHDRAWN[code])


def suggest(word: str) -> str:
    """The code that was probably meant by an alpha-3 code or a name; empty if unknown.

    Names are known in English and in the languages of the table of withdrawn countries.
    """
    return _by_name().get(word.strip().casefold(), "")


@cache
def _by_name() -> dict[str, str]:
    """The codes of all countries by the words, case-folded, that may stand for them."""
    import pycountry
    from babel import Locale

    found = {name.casefold(): code for name, code in _OTHERWISE.items()}
    for country in pycountry.countries:
        for key in ("alpha_3", "name", "common_name", "official_name"):
            found.setdefault(getattr(country, key, country.name).casefold(), country.alpha_2)
    for tag in ("en", *_TRANSLATED):
        names = Locale.parse(tag).territories
        for code in sorted(IN_USE):
            found.setdefault(names.get(code, code).casefold(), code)
        for code in WITHDRAWN:
            if is_former(code):
                found.setdefault(former_name(code, tag).casefold(), code)
    return found
