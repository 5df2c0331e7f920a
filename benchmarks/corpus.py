"""Generated corpora of annotated articles, the same for the same numbers and seed.

Sentences are put together from words of a vocabulary that is itself generated, so that hardly two
sentences of a corpus are equal and no cache of sentences can flatter a figure.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pycountry

if TYPE_CHECKING:
    from pathlib import Path

_SYLLABLES = (
    "an",
    "ar",
    "as",
    "ba",
    "be",
    "bor",
    "ca",
    "den",
    "der",
    "do",
    "el",
    "en",
    "er",
    "es",
    "fa",
    "for",
    "ga",
    "ge",
    "ha",
    "hi",
    "in",
    "is",
    "ka",
    "kel",
    "la",
    "le",
    "lin",
    "lo",
    "ma",
    "mar",
    "me",
    "mi",
    "na",
    "ne",
    "no",
    "or",
    "pa",
    "per",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "sha",
    "so",
    "ta",
    "te",
    "ter",
    "ti",
    "to",
    "tra",
    "un",
    "va",
    "ver",
    "vi",
    "wa",
    "ye",
    "zar",
)
_STATUSES = ("proposed", "agreed", "negotiating", "under-construction", "operating", "completed")


@dataclass(frozen=True)
class Shape:
    """What a corpus is like.

    `articles` of about `characters` each; a first country that stands in `first_country` of them
    (a share from 0 to 1), the others spread evenly.
    """

    articles: int
    characters: int = 5600
    countries: int = 62
    projects: int = 200
    first_country: float = 0.3
    seed: int = 1


@dataclass(frozen=True)
class Text:
    """One article of a corpus, before it is written in some generator's format.

    `body` holds `{{country:ID|words}}` and `{{project:ID|words}}` where entities are named.
    """

    number: int
    title: str
    day: date
    countries: tuple[str, ...]
    projects: tuple[str, ...]
    body: tuple[str, ...]


class Corpus:
    """Makes the articles of a shape, one after another."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self._random = random.Random(shape.seed)  # noqa: S311 - a corpus, not a secret
        self._words = [self._word() for _ in range(20_000)]
        codes = sorted(country.alpha_2 for country in pycountry.countries)
        self._random.shuffle(codes)
        self.countries = codes[: shape.countries]
        self.projects = [f"project-{number}" for number in range(shape.projects)]

    def articles(self) -> list[Text]:
        """All articles, each different."""
        return [self._article(number) for number in range(self.shape.articles)]

    def _word(self) -> str:
        return "".join(self._random.choices(_SYLLABLES, k=self._random.choice((1, 2, 2, 3, 3, 4))))

    def _article(self, number: int) -> Text:
        pick = self._random
        countries = pick.sample(self.countries[1:], pick.randint(1, 4))
        if pick.random() < self.shape.first_country:
            countries.insert(0, self.countries[0])
        projects = pick.sample(self.projects, pick.randint(1, 3))
        body: list[str] = []
        length = 0
        while length < self.shape.characters:
            paragraph = self._paragraph(countries, projects)
            body.append(paragraph)
            length += len(paragraph)
        day = date(2010, 1, 1) + timedelta(days=number % 5800)
        title = " ".join(pick.choices(self._words, k=7)).capitalize()
        return Text(number, title, day, tuple(countries[:2]), tuple(projects[:1]), tuple(body))

    def _paragraph(self, countries: list[str], projects: list[str]) -> str:
        sentences = [self._sentence() for _ in range(self._random.randint(3, 6))]
        for kind, ids in (("country", countries), ("project", projects)):
            if self._random.random() < 0.7:
                place = self._random.randrange(len(sentences))
                entity = self._random.choice(ids)
                words = " ".join(self._random.choices(self._words, k=2)).title()
                sentences[place] = f"The {{{{{kind}:{entity}|{words}}}}} {sentences[place][4:]}"
        return " ".join(sentences)

    def _sentence(self) -> str:
        words = self._random.choices(self._words, k=self._random.randint(9, 24))
        decoration = self._random.random()
        place = self._random.randrange(len(words))
        if decoration < 0.05:
            words[place] = f"**{words[place]}**"
        elif decoration < 0.10:
            words[place] = f"*{words[place]}*"
        elif decoration < 0.15:
            words[place] = f"[{words[place]}](https://example.org/{words[place]})"
        elif decoration < 0.30:
            words[place] = f'"{words[place]} {words[0]}"'
        elif decoration < 0.35:
            words[place] += " --"
        return f"The {' '.join(words)}."


def annotated(text: str, statuses: random.Random) -> str:
    """The body with its entities as annotations; some projects get a status."""
    pieces: list[str] = []
    for part in text.split("{{"):
        name, bar, rest = part.partition("|")
        if not bar:
            pieces.append(part)
            continue
        words, _, behind = rest.partition("}}")
        kind, _, entity = name.partition(":")
        status = ""
        if kind == "project" and statuses.random() < 0.3:
            status = f" status={statuses.choice(_STATUSES)}"
        pieces.append(f"[{words}]{{{kind}={entity}{status}}}{behind}")
    return "".join(pieces)


def write_site(corpus: Corpus, root: Path) -> None:
    """Write the corpus as a site of this generator."""
    statuses = random.Random(corpus.shape.seed)  # noqa: S311 - a corpus, not a secret
    content = root / "content"
    (content / "projects").mkdir(parents=True)
    (root / "site.yaml").write_text("title: Benchmark\nbase_url: https://example.org\n")
    for project in corpus.projects:
        name = project.replace("-", " ").title()
        (content / "projects" / f"{project}.md").write_text(f"---\nname: {name}\n---\n")
    for text in corpus.articles():
        folder = content / "articles" / f"{text.day:%Y/%m}"
        folder.mkdir(parents=True, exist_ok=True)
        front = (
            f"---\ntitle: {text.title}\ndate: {text.day}\n"
            f"countries: [{', '.join(text.countries)}]\nprojects: [{', '.join(text.projects)}]\n"
            "source:\n  publisher: Example Wire\n  license: CC-BY-4.0\n---\n"
        )
        body = "\n\n".join(annotated(paragraph, statuses) for paragraph in text.body)
        (folder / f"a{text.number}.md").write_text(front + body + "\n")
