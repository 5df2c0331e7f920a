"""Words -> whether they run the way that their language is written in. Pure."""

from __future__ import annotations

import re

#: Letters of scripts that run from right to left, and so much of a text is looked at for them.
_RIGHT_TO_LEFT = re.compile("[\u05d0-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LOOKED_AT = 500
#: So few letters are a name or an abbreviation, which a text in any language may consist of.
_FEWEST = 40
_WAYS = {"rtl": "from right to left", "ltr": "from left to right"}


def wrong_way(words: str, tag: str, direction: str) -> tuple[str, str] | None:
    """The message and the hint about words whose letters run the other way than their language does."""
    if not _run_against(words, direction):
        return None
    other, example = ("ltr", "en") if direction == "rtl" else ("rtl", "fa")
    message = f'the text runs {_WAYS[other]}, and "{tag}" {_WAYS[direction]}'
    return message, f"write the language of the text, as in `lang: {example}`"


def _run_against(words: str, direction: str) -> bool:
    if direction == "ltr" and _RIGHT_TO_LEFT.search(words) is None:
        return False
    letters = "".join([one for one in words[:_LOOKED_AT] if one.isalpha()])
    leftwards = len(_RIGHT_TO_LEFT.findall(letters))
    if direction == "ltr":
        return leftwards * 2 > len(letters)
    return len(letters) >= _FEWEST and leftwards * 2 < len(letters)
