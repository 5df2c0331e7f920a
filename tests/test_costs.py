"""What builds cost, by calls: the same on every machine, where seconds are not."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from site_builder import article, build_site, profile, write_site

from benchmarks.corpus import Corpus, Shape
from benchmarks.digest import Digest
from builder import gather, outlines, renew, stamps
from builder.publishing import publish

if TYPE_CHECKING:
    from pathlib import Path

#: So many calls an article may take of a clean build, all of its pages included. Some room is left for
#: other versions of Python and of libraries.
MOST_FOR_AN_ARTICLE = 3000
#: So many calls an edit may take for each article that it does not concern: a look at its files.
MOST_FOR_OTHERS = 60


@contextmanager
def counting():
    """The calls of functions in the block, of Python and of C, by the places of a profile."""
    found: Counter[str] = Counter()

    def count(_frame, event, _function):
        found[event] += 1

    sys.setprofile(count)
    try:
        yield found
    finally:
        sys.setprofile(None)


def calls(found):
    return found["call"] + found["c_call"]


class Generated:
    """The corpus of the benchmark as a site of so many articles."""

    def __init__(self, folder: Path, count: int) -> None:
        self.root = folder / str(count)
        corpus = Corpus(Shape(count))
        self.root.mkdir()
        digest = Digest()
        digest.prepare(corpus, self.root)
        self.files = []
        for text in corpus.articles():
            file = self.root / "content/articles" / f"{text.path}.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(digest.page(text), encoding="utf-8")
            self.files.append(file)

    def clean(self):
        """The calls of a clean build."""
        with counting() as found:
            report = build_site(self.root, clean=True)
        assert (report.parsed, report.rendered) == (len(self.files), report.pages)
        return calls(found)

    def edit(self):
        """Edit the body of an article and build."""
        file = self.files[len(self.files) // 2]
        file.write_text(f"{file.read_text('utf-8')}\nPlain words more.\n", encoding="utf-8")
        report = build_site(self.root)
        assert (report.parsed, report.rendered, report.written) == (1, 1, 1)


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """Three sites, built and edited once: what a process does but once is done."""
    folder = tmp_path_factory.mktemp("corpora")
    with pytest.MonkeyPatch.context() as patch:
        # How many files are looked at twice, for they are just written, depends on the clock.
        patch.setattr(stamps, "_TICK", 0)
        patch.setattr(stamps, "_COARSE", 0)
        yield built(folder)


def built(folder):
    found = [Generated(folder, count) for count in (80, 160, 240)]
    for site in found:
        site.clean()
        site.edit()
    return found


def test_a_clean_build_costs_the_same_for_each_article(sites):
    small, middle, large = (site.clean() for site in sites)
    assert large - middle < 80 * MOST_FOR_AN_ARTICLE
    # It is linear: the last articles cost no more than those before them.
    assert large - middle < 1.1 * (middle - small)


def test_an_edit_looks_at_the_others_and_no_more(sites):
    costs = []
    for site in sites:
        with counting() as found:
            site.edit()
        costs.append(calls(found))
    small, middle, large = costs
    assert large - middle < 80 * MOST_FOR_OTHERS
    assert large - middle < 1.1 * (middle - small)


@pytest.mark.parametrize(
    ("place", "name"), [(renew.RenderTask, "run"), (publish, "follow"), (gather.ReadTask, "run")]
)
def test_to_parse_render_and_publish_an_edit_costs_the_same_on_a_site_of_any_size(
    sites, monkeypatch, place, name
):
    function = getattr(place, name)
    costs = []

    def counted(*given):
        with counting() as found:
            result = function(*given)
        costs.append(calls(found))
        return result

    monkeypatch.setattr(place, name, counted)
    for site in sites:
        site.edit()
    assert len(costs) == len(sites)
    assert max(costs) < 1.2 * min(costs)


def test_the_outlines_of_a_large_site_are_not_decoded_for_each_entity_that_they_name(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(outlines, "MOST_DECODED", 60)
    names = [f"p{number}" for number in range(20)]
    said = " ".join(f"The [line]{{project={name}}} is long." for name in names)
    files = {f"content/projects/{name}.md": profile(name) for name in names}
    files |= {f"content/articles/a{number}.md": article(said) for number in range(150)}
    decoded = []
    decode = outlines.Outlines._outline
    monkeypatch.setattr(
        outlines.Outlines, "_outline", lambda self, one: decoded.append(one) or decode(self, one)
    )
    root = write_site(tmp_path, files, "title: T\npage_size: 5")
    assert not build_site(root, clean=True).failed
    assert len(decoded) < 5 * 150
