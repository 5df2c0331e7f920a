"""The time of a whole build is linear in the text, whatever the text."""

from __future__ import annotations

import time

import pytest
from site_builder import article, build_site, profile, write_site

from builder.cache import FILE, FOLDER
from builder.check import check_articles
from builder.dates import PartialDate
from builder.diagnostics import Place
from builder.model import Outline, Places
from builder.plan import Copy, _clashes

HOSTILE = {
    "opening brackets": "[",
    "closed brackets": "[]",
    "brackets with braces": "]{",
    "unclosed quotes in braces": '[a]{x="',
    "mentions": "[a]{country=IR} ",
    "links": "[a](b) ",
    "half links": "[a](",
    "half references": "[a][",
    "half images": "![",
    "footnote marks": "[^a] ",
    "nested quotes": ">",
    "backticks": "`",
    "spaced backticks": "`a ",
    "stars": "*",
    "spaced stars": "*a ",
    "mixed emphasis": "*a_ **b ",
    "underlines": "_a_ ",
    "tags": "<a ",
    "half comments": "<!--",
    "addresses": "<http://a",
    "ampersands": "&",
    "quotes": '"a" ',
    "dashes": "a--",
    "numbers": "1. ",
    "list lines": "- a\n",
    "paragraphs": "a b\n\n",
    "headings": "# a\n",
    "definitions": "a\n: b\n\n",
    "abbreviations": "*[a]: b\n",
    "table cells": "|",
    "backslashes": "\\",
    "sentences": "A b. ",
    "semicolons": "[a]{country=IR} b; ",
    "emphasis": "*a* ",
    "set mentions": '-["a"]{country=IR}--',
    "raw italics": "<i>a\n\n",
    "items and words": "- a\n\nOn [b]{country=IR}.\n\n",
    "set items and words": "- [a]{country=IR}\n\nOn [b]{country=IR}.\n\n",
    "links inside": "[a](b.md) ",
}
SIZE = 1200


def seconds(tmp_path, text, times):
    root = tmp_path / str(times)
    write_site(root, {"content/articles/a.md": article(text * times)})
    began = time.process_time()
    build_site(root)
    return time.process_time() - began


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_ten_times_the_text_takes_at_most_fifteen_times_as_long(tmp_path, text):
    seconds(tmp_path / "warm", text, 10)
    short = min(seconds(tmp_path / f"short{n}", text, SIZE) for n in range(2))
    long = seconds(tmp_path / "long", text, SIZE * 10)
    # Of a build that takes no time at all, the larger part is not the text's.
    assert long <= 15 * max(short, 0.02)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_built_or_reported(tmp_path, text):
    write_site(tmp_path, {"content/articles/a.md": article(text * 400)})
    report = build_site(tmp_path)
    assert report.failed == any(one.severity == "error" for one in report.diagnostics)


@pytest.mark.parametrize("entity", ["country=IR", "person=x{}"])
def test_what_is_kept_of_a_text_grows_no_faster_than_the_text(tmp_path, entity):
    # Each of these mentions stands in a clause of its own, which can be opened to the whole sentence.
    text = "".join(f"[a]{{{entity.format(number)}}} b; " for number in range(12_000))
    write_site(tmp_path, {"content/articles/a.md": article(text)})
    build_site(tmp_path)
    assert (tmp_path / FOLDER / FILE).stat().st_size < 20 * len(text)


@pytest.mark.parametrize(
    "files",
    [
        lambda number: {f"content/pages/p{number}.md": "---\ntitle: A plain page\n---\n"},
        lambda number: {
            f"content/articles/a{number}.md": article("Words.", lang="fr", translation_of="a0")
        },
    ],
    ids=["plain pages", "translations of one article"],
)
def test_what_is_published_of_many_files_grows_no_faster_than_they_do(tmp_path, files):
    def size(count):
        root = tmp_path / str(count)
        for number in range(count):
            write_site(root, files(number))
        assert not build_site(root).failed
        return sum(path.stat().st_size for path in (root / "public").rglob("*.html"))

    assert size(2000) < 11 * size(200)


def test_what_is_published_of_many_kinds_grows_no_faster_than_they_do(tmp_path):
    def size(count):
        kinds = "".join(f"  k{number}-a: {{plural: k{number}s}}\n" for number in range(count))
        files = {f"content/k{number}s/a.md": profile("A") for number in range(count)}
        root = write_site(tmp_path / str(count), files, f"title: T\nkinds:\n{kinds}")
        assert not build_site(root).failed
        return sum(path.stat().st_size for path in (root / "public").rglob("*.html"))

    assert size(1000) < 15 * size(100)


def test_the_time_is_linear_in_the_entities_that_an_article_says_something_of(tmp_path):
    def seconds(count):
        names = [f"p{number}" for number in range(count)]
        files = {f"content/projects/{name}.md": profile(name) for name in names}
        said = "\n\n".join(f"The [line]{{project={name} status=operating}} works." for name in names)
        root = write_site(tmp_path / str(count), {**files, "content/articles/a.md": article(said)})
        began = time.process_time()
        assert not build_site(root).failed
        return time.process_time() - began

    seconds(10)
    assert seconds(1200) <= 6 * seconds(300)


def translating_nothing(count):
    """Articles that each translate one that is not there, looked through."""
    nowhere = Places(Place(), Place(), Place(), (), ())
    year = PartialDate("2021", "year", 0)
    articles = [
        Outline(f"{n}.md", f"/{n}/", f"a{n}", "T", year, "en", "2021", False, f"x{n}", *[""] * 6)
        for n in range(count)
    ]
    return lambda: check_articles(articles, frozenset(), lambda _: nowhere, all_read=True)


def in_each_others_way(count):
    """Files of which each has the name of a folder that another needs, looked through."""
    names = [f"/{n}" for n in range(count)] + [f"/{n}/x" for n in range(count)]
    return lambda: _clashes([Copy(name, name, f"content{name}") for name in names])


@pytest.mark.parametrize("mistakes", [translating_nothing, in_each_others_way])
def test_the_time_is_linear_in_the_mistakes_of_one_kind(mistakes):
    def seconds(count):
        look = mistakes(count)
        began = time.process_time()
        assert len(look()) == count
        return time.process_time() - began

    assert min(seconds(20_000) for _ in range(3)) <= 15 * max(seconds(2000), 0.02)
