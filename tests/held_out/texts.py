"""Files of Markdown that somebody wrote for something else -> articles with annotations.

Nothing is known of such texts, which is what they are for. They keep their words and their mistakes;
only front matter is put in place of their own, and names that stand in them are annotated.
"""

from __future__ import annotations

import json
import os
import random
import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pycountry

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Longer texts are left out: a few of them would take as long as all others.
_LONGEST = 60_000
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_HEADING = re.compile(r"^#+[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
#: What the texts of programmers speak of, as the projects of a digest.
PROJECTS = ("linux", "windows", "docker", "python", "javascript", "rust", "github", "json", "html")
_COUNTRIES = {one.name: one.alpha_2 for one in pycountry.countries if one.name.isalpha()}
_ANY = "|".join([*_COUNTRIES, *PROJECTS])
_NAMES = re.compile(rf"(?<![\w\[/.-])(?:{_ANY})\b(?![\]/-])", re.IGNORECASE)
_STATED = ("", "", "", " status=agreed", ' status=proposed date=2024-05 note="As it was *then*."')
#: The languages that are told by the script of their letters.
_SCRIPTS = (
    ("zh", "\u4e00", "\u9fff"),
    ("ja", "\u3040", "\u30ff"),
    ("fa", "\u0600", "\u06ff"),
    ("ru", "\u0400", "\u04ff"),
    ("ko", "\uac00", "\ud7af"),
)


def corpus() -> list[str]:
    """The texts of the folders that the variable CORPUS names, or of the pages of this project."""
    repository = Path(__file__).parents[2]
    folders = os.environ.get("CORPUS", "docs").split()
    return texts([repository / folder for folder in folders], 1_000_000, 1)


def texts(folders: Iterable[Path], most: int, seed: int) -> list[str]:
    """The bodies of up to `most` files of Markdown below the folders, each once, in a random order."""
    files = sorted(
        file
        for folder in folders
        for file in folder.rglob("*")
        if file.suffix.lower() in (".md", ".markdown") and file.is_file()
    )
    random.Random(seed).shuffle(files)  # noqa: S311 - no secret
    found: dict[str, None] = {}
    for file in files:
        try:
            text = file.read_text("utf-8")
        except ValueError:
            continue
        if len(text) <= _LONGEST and len(found) < most:
            found.setdefault(_FRONT.sub("", text))
    return list(found)


def article(body: str, number: int) -> str:
    """An article of a text; its date and what its annotations state follow from its number."""
    pick = random.Random(number)  # noqa: S311 - no secret
    heading = _HEADING.search(body)
    title = (" ".join(heading[1].split()) if heading else "") or f"Text {number}"
    day = date(2026, 1, 1) - timedelta(days=number // 3)
    front = [f"title: {json.dumps(title[:120], ensure_ascii=False)}"]
    front.append(f"date: {day.isoformat()[: pick.choice((7, 10, 10, 10))]}")
    if language := _language(body):
        front.append(f"lang: {language}")
    if pick.random() < 0.5:
        front.append(f"source: {{license: CC-BY-4.0, publisher: {pick.choice(('Wire', 'Post'))}}}")
    if pick.random() < 0.3:
        front.append(f"countries: [{pick.choice(('IR', 'AZ', 'RU', 'TR'))}]")
    return "\n".join(("---", *front, "---", annotated(body, pick)))


def annotated(body: str, pick: random.Random) -> str:
    """The text with annotations around names of countries and projects, wherever they stand."""

    def annotation(name: re.Match[str]) -> str:
        code = _COUNTRIES.get(name[0])
        if code:
            return f"[{name[0]}]{{country={code}}}"
        if name[0].lower() in PROJECTS:
            return f"[{name[0]}]{{project={name[0].lower()}{pick.choice(_STATED)}}}"
        return name[0]

    return _NAMES.sub(annotation, body)


def _language(body: str) -> str:
    """The language of a text that is not written in Latin letters, if it can be told."""
    for tag, first, last in _SCRIPTS:
        if sum(first <= letter <= last for letter in body) > len(body) // 5:
            return tag
    return ""
