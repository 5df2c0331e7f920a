"""What the benchmark asks of a generator, and a site that one builds."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from benchmarks.measure import Run, run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.corpus import Corpus, Text

ARTICLES = "content/articles"
OUTPUT = "public"
#: Where a body names an entity: its kind, its id and the words.
ENTITY = re.compile(r"\{\{(\w+):([^|]+)\|([^}]*)\}\}")


class Generator(Protocol):
    """A generator as it is installed.

    Its sites have their articles under `content/articles` and their pages under `public`.
    """

    @property
    def name(self) -> str:
        """What it is called in the tables."""

    @property
    def command(self) -> Sequence[str]:
        """What builds the site in the current folder."""

    @property
    def environment(self) -> Mapping[str, str]:
        """What is added to the environment of the command."""

    @property
    def remembered(self) -> tuple[str, ...]:
        """The folders of a site in which it remembers something, beside the output."""

    def versions(self) -> str:
        """Its version, and those of the programs that it runs with."""

    def prepare(self, corpus: Corpus, root: Path) -> None:
        """Write all of a site but its articles."""

    def page(self, text: Text) -> str:
        """An article in its format."""


@dataclass(frozen=True)
class Site:
    """A corpus as the site of a generator, in a folder."""

    generator: Generator
    root: Path

    def write_all(self, corpus: Corpus) -> None:
        """Write the whole site."""
        self.root.mkdir(parents=True)
        self.generator.prepare(corpus, self.root)
        for text in corpus.articles():
            self.write(text)

    def write(self, text: Text) -> None:
        """Write an article, in place of the one of its number if there is one."""
        file = self.root / ARTICLES / f"{text.path}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.generator.page(text))

    def clean(self) -> None:
        """Move the output and all that is remembered out of the site, to a folder beside it.

        Were they removed, some file systems would make files more slowly for minutes.
        """
        there = [one for one in (OUTPUT, *self.generator.remembered) if (self.root / one).exists()]
        if there:
            away = Path(tempfile.mkdtemp(prefix="former-", dir=self.root.parent))
            for folder in there:
                (self.root / folder).rename(away / folder)

    def build(self) -> Run:
        """Build the site. Raises CalledProcessError if that fails."""
        return run(self.generator.command, self.root, self.generator.environment)

    def pages(self) -> int:
        """How many pages the site has now."""
        return sum(1 for _ in (self.root / OUTPUT).rglob("*.html"))


def linked(text: Text, countries: str, projects: str) -> str:
    """The body of an article in plain Markdown, what it names as links below two addresses."""
    addresses = {"country": countries, "project": projects}

    def link(match: re.Match[str]) -> str:
        kind, entity, words = match.groups()
        return f"[{words}]({addresses[kind]}{entity.lower()}/)"

    return ENTITY.sub(link, "\n\n".join(text.body)) + "\n"


def front_matter(text: Text) -> str:
    """What stands above an article where it is YAML, for generators that know no annotations."""
    return (
        f"---\ntitle: {text.title}\ndate: {text.day}\npublisher: Example Wire\n"
        f"countries: [{', '.join(text.countries)}]\nprojects: [{', '.join(text.projects)}]\n---\n"
    )
