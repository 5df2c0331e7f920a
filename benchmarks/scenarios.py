"""The scenarios, and running them on the sites of several generators in turn."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.digest import Digest, rendered
from benchmarks.generator import OUTPUT
from benchmarks.measure import run
from benchmarks.stable import Changes, archives, changes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from benchmarks.corpus import Corpus, Text
    from benchmarks.generator import Site
    from benchmarks.measure import Run

CLEAN = "clean"
TITLE = "title edited"
ADDED = "article added"
# The folders of the pages of countries and projects, in one generator or another.
_LISTINGS = ("countries", "projects", "tags")


class Edit(NamedTuple):
    """An article to write, and what its page must show behind the build."""

    text: Text
    shows: str


def _body(corpus: Corpus, number: int) -> Edit:
    """An article with a sentence more, in which nothing is named."""
    text = corpus.article(corpus.plain(number))
    sentence = f"A plain sentence, number {number}."
    return Edit(replace(text, body=(*text.body, sentence)), sentence)


def _title(corpus: Corpus, number: int) -> Edit:
    """An article that names ten countries and projects, under another title."""
    text = corpus.article(corpus.wide(number))
    title = f"New {number} {text.title}"
    return Edit(replace(text, title=title), title)


def _added(corpus: Corpus, number: int) -> Edit:
    """An article that is newer than all others."""
    text = corpus.article(corpus.shape.articles + number)
    return Edit(text, text.title)


# What is done before the build that is measured, for the number of the run.
EDITS: Mapping[str, Callable[[Corpus, int], Edit] | None] = {
    "nothing changed": None,
    "body edited": _body,
    TITLE: _title,
    ADDED: _added,
}


@dataclass
class Found:
    """What was measured: runs by scenario and generator, and what is known of this generator's builds.

    `rendered` counts its pages rendered by scenario and run, `moved` tells what became of its archive
    pages each time an article was added, `pages` counts the pages of each generator's site, clean.
    """

    runs: dict[tuple[str, str], list[Run]] = field(default_factory=dict)
    rendered: dict[str, list[int]] = field(default_factory=dict)
    moved: list[Changes] = field(default_factory=list)
    pages: dict[str, int] = field(default_factory=dict)


def measure(corpus: Corpus, sites: Sequence[Site], runs: Mapping[str, int]) -> Found:
    """All scenarios, a run of each site in turn; `runs` says how many, by the generator's name.

    Each build of a site but the clean ones follows one of the same site, with one edit between.
    """
    found = Found()
    for scenario in (CLEAN, *EDITS):
        for number in range(max(runs.values())):
            for site in sites:
                if number < runs[site.generator.name]:
                    _measure(found, corpus, site, scenario, number)
        if scenario == CLEAN:
            found.pages = {site.generator.name: site.pages() for site in sites}
    return found


def _measure(found: Found, corpus: Corpus, site: Site, scenario: str, number: int) -> None:
    """One run; raises AssertionError if the site does not show what was edited."""
    ours = isinstance(site.generator, Digest)
    before = archives(site.root) if ours and scenario == ADDED else None
    make = EDITS.get(scenario)
    edit = make(corpus, number) if make else None
    if scenario == CLEAN:
        site.clean()
    if edit:
        site.write(edit.text)
    # No run pays for what an earlier one has left to be written to disk.
    os.sync()
    made = site.build()
    found.runs.setdefault((scenario, site.generator.name), []).append(made)
    if edit:
        _check_edit(site, edit, everywhere=scenario == TITLE and number == 0)
    if ours:
        found.rendered.setdefault(scenario, []).append(rendered(made))
    if before is not None:
        found.moved.append(changes(before, archives(site.root)))


def _check_edit(site: Site, edit: Edit, *, everywhere: bool) -> None:
    """Raise AssertionError unless the article's page shows the edit.

    With `everywhere`, a page of each country and project that it names must show it too.
    """
    pages = site.root / OUTPUT
    page = pages / "articles" / edit.text.path / "index.html"
    if edit.shows not in page.read_text():
        raise AssertionError(f"{site.generator.name}: {page} does not show {edit.shows!r}")
    if everywhere:
        files = (
            file for file in pages.glob("*/**/*.html") if file.parts[len(pages.parts)] in _LISTINGS
        )
        listings = {
            file.parts[len(pages.parts) + 1] for file in files if edit.shows in file.read_text()
        }
        missing = {one.lower() for one in (*edit.text.countries, *edit.text.projects)} - listings
        if missing:
            raise AssertionError(f"{site.generator.name}: {missing} do not show {edit.shows!r}")


def check(site: Site) -> None:
    """Raise AssertionError unless the output of this generator's site is that of a clean build."""
    other = site.root.parent / "other"
    command = [*site.generator.command, "--clean", "--output", str(other)]
    run(command, site.root, site.generator.environment)
    comparison = ["diff", "-rq", str(site.root / OUTPUT), str(other)]
    different = subprocess.run(comparison, capture_output=True, text=True, check=False).stdout
    shutil.rmtree(other)
    if different:
        raise AssertionError(different[:1000])
