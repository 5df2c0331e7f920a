"""Generated corpora of annotated articles, the same for the same numbers and seed.

What `tests/test_benchmarks.py` holds a corpus to:

- No two of its sentences are equal, so no cache of sentences can flatter a figure. Each is put together
  from 9 to 24 words of a vocabulary that is itself generated.
- The Markdown of an article's body is 5.6 KB long on average, with emphasis, links, quotation marks and
  dashes in it.
- It names 62 countries and 200 projects, each of them in some article; one country in three of ten.
- One article in fifty is *wide*: it names ten countries and projects. The others name two to eight.
- A *mixed* corpus has headings, lists, quotes, tables and code among its paragraphs, as many as these,
  by turns; the others have paragraphs alone.

An article depends on its number and the seed alone, so it can be made again, edited or not, and numbers
from `Shape.articles` on give articles to add.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from typing import TYPE_CHECKING

import pycountry

if TYPE_CHECKING:
    from collections.abc import Iterator

_SYLLABLES = (  # noqa: SIM905 - a list would take a line for each
    "an ar as ba be bor ca den der do el en er es fa for ga ge ha hi in is ka kel la le lin lo ma "
    "mar me mi na ne no or pa per ra re ri ro sa se sha so ta te ter ti to tra un va ver vi wa ye "
    "zar"
).split()
# A paragraph is 570 characters long on average, and the last one begins before the length is reached.
_HALF_PARAGRAPH = 285
_WIDE_EVERY = 50
_DAYS = 5800


@dataclass(frozen=True)
class Shape:
    """What a corpus is like.

    `articles` of about `characters` each; a first country that stands in `first_country` of them
    (a share from 0 to 1), the others spread evenly. `mixed` tells whether there are other blocks than
    paragraphs.
    """

    articles: int
    characters: int = 5600
    countries: int = 62
    projects: int = 200
    first_country: float = 0.3
    mixed: bool = False
    seed: int = 1


@dataclass(frozen=True)
class Text:
    """One article of a corpus, before it is written in some generator's format.

    `countries` and `projects` are all that it names; `body` holds `{{country:ID|words}}` and
    `{{project:ID|words}}` where it does, in paragraphs and other blocks.
    """

    number: int
    title: str
    day: date
    countries: tuple[str, ...]
    projects: tuple[str, ...]
    body: tuple[str, ...]

    @property
    def path(self) -> str:
        """Where its file stands below the folder of the articles, without the ending."""
        return f"{self.day:%Y/%m}/a{self.number}"


class Corpus:
    """Makes the articles of a shape, each on its own."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        pick = random.Random(shape.seed)  # noqa: S311 - a corpus, not a secret
        self._words = [
            "".join(pick.choices(_SYLLABLES, k=pick.choice((1, 2, 2, 3, 3, 4)))) for _ in range(20_000)
        ]
        codes = sorted(country.alpha_2 for country in pycountry.countries)
        pick.shuffle(codes)
        self.countries = codes[: shape.countries]
        self.projects = [f"project-{number}" for number in range(shape.projects)]

    def articles(self) -> Iterator[Text]:
        """All articles, one after another."""
        return map(self.article, range(self.shape.articles))

    def article(self, number: int) -> Text:
        """The article of a number; the numbers behind the last are of newer days than all others."""
        pick = random.Random(f"{self.shape.seed} {number}")  # noqa: S311 - a corpus, not a secret
        countries, projects = self._entities(pick, number)
        writer = _Writer(pick, self._words, self.shape)
        body = writer.body(countries, projects)
        title = " ".join(pick.choices(self._words, k=7)).capitalize()
        day = date(2010, 1, 1) + timedelta(days=number % _DAYS)
        if number >= self.shape.articles:
            day = date(2026, 1, 1) + timedelta(days=number - self.shape.articles)
        return Text(number, title, day, tuple(countries), tuple(projects), tuple(body))

    def wide(self, number: int) -> int:
        """The number of the number-th wide article, from the first again behind the last."""
        return number * _WIDE_EVERY % self.shape.articles

    def plain(self, number: int) -> int:
        """The number of an article that is not wide, another one for each number."""
        return (number * _WIDE_EVERY + 1) % self.shape.articles

    def _entities(self, pick: random.Random, number: int) -> tuple[list[str], list[str]]:
        """What an article names, the first of each kind by turns so that nothing is left out."""
        wide = number % _WIDE_EVERY == 0
        countries = _sample(pick, self.countries[1:], number, 6 if wide else pick.randint(1, 4))
        projects = _sample(pick, self.projects, number, 4 if wide else pick.randint(1, 3))
        if not wide and pick.random() < self.shape.first_country:
            countries.insert(0, self.countries[0])
        return countries, projects


def _sample(pick: random.Random, ids: list[str], number: int, count: int) -> list[str]:
    """Different ids, the first by turns."""
    first = ids[(number + number // len(ids)) % len(ids)]
    return [first, *(one for one in pick.sample(ids, count) if one != first)][:count]


class _Writer:
    """Writes the body of an article."""

    def __init__(self, pick: random.Random, words: list[str], shape: Shape) -> None:
        self._random = pick
        self._words = words
        self._shape = shape

    def body(self, countries: list[str], projects: list[str]) -> list[str]:
        """Blocks in which each of the ids is named once at least, and then by chance."""
        unnamed = [("country", one) for one in countries] + [("project", one) for one in projects]
        body: list[str] = []
        length = 0
        blocks = cycle((self._heading, self._list, self._quote, self._heading, self._table, self._code))
        while length < self._shape.characters - _HALF_PARAGRAPH:
            named = [
                (kind, self._random.choice(ids))
                for kind, ids in (("country", countries), ("project", projects))
                if self._random.random() < 0.7
            ]
            if unnamed:
                named = [unnamed.pop() for _ in range(min(2, len(unnamed)))]
            made = [self._paragraph(named)]
            if self._shape.mixed:
                made.insert(0, next(blocks)())
            body += made
            length += sum(len(one) + 2 for one in made)
        return body

    def _heading(self) -> str:
        return f"## {self._some(5).capitalize()}"

    def _list(self) -> str:
        return "\n".join(f"- {self._sentence()}" for _ in range(self._random.randint(3, 5)))

    def _quote(self) -> str:
        return f"> {self._sentence()}\n> {self._sentence()}"

    def _table(self) -> str:
        rows = [f"| {self._some(2)} | {self._random.randint(1, 10**9)} |" for _ in range(4)]
        return "\n".join([rows[0], "|---|---|", *rows[1:]])

    def _code(self) -> str:
        return f"```\n{self._some(6)}\n{self._some(6)}\n```"

    def _some(self, count: int) -> str:
        return " ".join(self._random.choices(self._words, k=count))

    def _paragraph(self, named: list[tuple[str, str]]) -> str:
        sentences = [self._sentence() for _ in range(self._random.randint(3, 6))]
        for kind, entity in named:
            place = self._random.randrange(len(sentences))
            words = self._some(2).title()
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
