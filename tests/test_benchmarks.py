"""What the benchmarks promise of their corpus, and how their figures come into the documentation."""

import re
import statistics
import sys
from argparse import Namespace
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.__main__ import runs_of
from benchmarks.corpus import Corpus, Shape
from benchmarks.digest import Digest
from benchmarks.generator import Site, front_matter, linked
from benchmarks.hugo import Hugo
from benchmarks.install import LeftOutError, node_packages
from benchmarks.measure import Run, run
from benchmarks.report import BEGIN, END, Facts, replaced, section
from benchmarks.scenarios import CLEAN, EDITS, Found, check, measure
from benchmarks.stable import changes

ROOT = Path(__file__).parent.parent
CORPUS = Corpus(Shape(250))


@pytest.fixture(scope="module")
def texts():
    return list(CORPUS.articles())


def sentences(text):
    return [one for paragraph in text.body for one in re.split(r"(?<=\.) (?=The )", paragraph)]


def test_no_two_sentences_of_a_corpus_are_equal(texts):
    found = [one for text in texts for one in sentences(text)]
    assert len(found) > 40 * len(texts)
    assert len(set(found)) == len(found)


def test_no_two_sentences_are_equal_when_names_and_marks_are_left_out(texts):
    found = [re.sub(r"\{\{[^|]*\||\W", "", one) for text in texts for one in sentences(text)]
    assert len(set(found)) == len(found)


def test_a_body_has_the_length_that_was_asked_for(texts):
    assert statistics.mean(len(linked(text, "/tags/", "/tags/")) for text in texts) == pytest.approx(
        5600, rel=0.02
    )


def test_a_corpus_names_62_countries_and_200_projects(texts):
    assert len({one for text in texts for one in text.countries}) == 62
    assert len({one for text in texts for one in text.projects}) == 200


def test_one_country_stands_in_three_of_ten_articles(texts):
    first = sum(CORPUS.countries[0] in text.countries for text in texts)
    assert first == pytest.approx(0.3 * len(texts), rel=0.25)


def test_an_article_names_in_its_body_what_it_says_it_names(texts):
    for text in texts:
        named = set(re.findall(r"\{\{\w+:([^|]+)", "".join(text.body)))
        assert named == {*text.countries, *text.projects}


def test_a_wide_article_names_ten_countries_and_projects_and_a_plain_one_does_not():
    for number in range(5):
        wide, plain = (CORPUS.article(n) for n in (CORPUS.wide(number), CORPUS.plain(number)))
        assert len({*wide.countries, *wide.projects}) == 10
        assert 2 <= len({*plain.countries, *plain.projects}) <= 8


def test_an_article_depends_on_its_number_and_the_seed_alone(texts):
    assert Corpus(Shape(250)).article(123) == texts[123]
    assert Corpus(Shape(250, seed=2)).article(123) != texts[123]


def test_an_added_article_is_newer_than_all_others(texts):
    assert CORPUS.article(250).day > max(text.day for text in texts)
    assert CORPUS.article(251).day > CORPUS.article(250).day


def test_a_mixed_corpus_has_every_kind_of_block_and_is_as_long():
    texts = list(Corpus(Shape(100, mixed=True)).articles())
    for text in texts:
        kinds = Counter(one[0] if one[0] in "#->|`" else "paragraph" for one in text.body)
        assert kinds.keys() >= {"#", "-", ">", "paragraph"}
        assert kinds.total() == 2 * kinds["paragraph"]
    assert {"|", "`"} <= {one[0] for text in texts for one in text.body}
    lengths = [len(linked(text, "/tags/", "/tags/")) for text in texts]
    assert statistics.mean(lengths) == pytest.approx(5600, rel=0.05)


def test_an_article_of_this_generator_is_the_body_with_annotations():
    for shape in (Shape(50), Shape(50, mixed=True)):
        for text in Corpus(shape).articles():
            body = Digest().page(text).split("---\n", 2)[2]
            assert re.sub(r"\[([^\]]*)\]\{[^}]*\}", r"\1", body) == (
                re.sub(r"\{\{[^|]*\|([^}]*)\}\}", r"\1", "\n\n".join(text.body)) + "\n"
            )
            assert all(f"{{country={one}}}" in body for one in text.countries)


def test_the_paragraphs_of_a_corpus_are_its_only_blocks(texts):
    assert not [one for text in texts for one in text.body if one[0] in "#->|`"]


def test_other_generators_are_told_all_that_an_article_names(texts):
    text = texts[50]
    front, body = front_matter(text), linked(text, "/countries/", "/projects/")
    for one in text.countries:
        assert one in front
        assert f"](/countries/{one.lower()}/)" in body
    assert "{{" not in body


def test_the_scenarios_run_and_render_what_they_should(tmp_path):
    corpus = Corpus(Shape(60))
    site = Site(Digest(), tmp_path / "site")
    site.write_all(corpus)
    found = measure(corpus, [site], {"this generator": 1})
    check(site)
    assert found.rendered["nothing changed"] == [0]
    assert found.rendered["body edited"] == [1]
    assert found.rendered[CLEAN] == [found.pages["this generator"]]
    assert found.moved[0].older == ()


def test_a_page_that_is_not_the_newest_of_its_listing_and_changed_is_named():
    before = {("countries/ir", n): b"old" for n in (1, 2, 3)}
    after = {("countries/ir", n): b"old" for n in (1, 3, 4)} | {("countries/az", 1): b"new"}
    found = changes(before, after | {("countries/ir", 3): b"new"})
    assert (found.before, found.newest, found.older, found.new) == (3, 1, ("countries/ir/page/2",), 2)


@pytest.mark.parametrize(
    ("name", "size", "runs"),
    [("Pelican", 9_999, 3), ("Pelican", 10_000, 1), ("Eleventy", 50_000, 1), ("Hugo", 50_000, 3)],
)
def test_slow_generators_run_less_often_where_the_corpus_is_large(name, size, runs):
    assert runs_of(name, size, Namespace(runs=3, slow_runs=1)) == runs


def test_the_memory_of_all_processes_counts():
    grow = "import time; held = bytearray(60_000_000); time.sleep(0.5)"
    both = (
        f"import subprocess, sys; other = subprocess.Popen([sys.executable, '-c', '{grow}']); {grow}; "
        "other.wait()"
    )
    assert run([sys.executable, "-c", both], ROOT).megabytes > 115


@pytest.mark.parametrize(("with_sentences", "outputs"), [(False, 0), (True, 1)])
def test_the_site_of_hugo_with_sentences_has_a_feed_and_shows_them(tmp_path, with_sentences, outputs):
    site = Site(Hugo(Path("hugo"), with_sentences=with_sentences), tmp_path / "site")
    site.write_all(Corpus(Shape(2)))
    assert (site.root / "hugo.toml").read_text().count("services.rss") == outputs
    terms = [*(site.root / "layouts").rglob("term.html")]
    assert len(terms) == outputs
    assert all("<blockquote>" in one.read_text() for one in terms)


def test_a_peer_that_cannot_be_installed_is_left_out_with_the_reason(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LeftOutError, match="there is no npm"):
        node_packages(tmp_path / "peer", ["a-package@1.0.0"])


def figures(seconds):
    names = ("this generator", "Hugo")
    runs = {
        (scenario, name): [Run(seconds * (index + 1), 100, "")] * 2
        for scenario in (CLEAN, *EDITS)
        for index, name in enumerate(names)
    }
    moved = [changes({("ir", 1): b"a"}, {("ir", 1): b"b"})]
    return Found(runs, {CLEAN: [70]}, moved, dict.fromkeys(names, 70))


FACTS = Facts(Shape(1000), 2, ["Hugo 1.0"], ["Pelican"])


def test_a_section_tells_medians_ratios_versions_and_who_is_left_out():
    text = section(FACTS, figures(1.5))
    assert "### 1,000 articles" in text
    assert "| clean | 1.50 (1.50-1.50), 0.50 × | 3.00 (3.00-3.00) |" in text
    assert "On 2 cores: Hugo 1.0." in text
    assert "Pelican could not be installed and is left out." in text
    assert "no other archive page changed" in text


def test_figures_of_one_corpus_leave_the_prose_and_the_others_alone():
    many, mixed = Shape(10_000), Shape(10_000, mixed=True)
    facts = [FACTS, replace(FACTS, shape=many), replace(FACTS, shape=mixed)]
    sections = {one.heading: section(one, figures(number)) for number, one in enumerate(facts, 1)}
    small, large, other = sections
    assert len(sections) == 3
    page = f"# Prose\n\n{BEGIN}\n{END}\n\n## More\n"
    for heading in (other, small, large):
        page = replaced(page, {heading: sections[heading]})
    inside = "\n".join(sections[heading] for heading in (small, large, other))
    assert page == f"# Prose\n\n{BEGIN}\n\n{inside}\n{END}\n\n## More\n"
    assert replaced(page, {small: sections[small]}) == page


def test_the_page_of_the_benchmarks_has_its_markers():
    replaced((ROOT / "docs" / "benchmarks.md").read_text("utf-8"), {})
