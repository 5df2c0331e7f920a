"""Which pages a build renders after which edit, and why it says so."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from msgspec import structs

from builder import pipeline
from builder.build import Options, build
from builder.compose import Composer
from builder.memory import Memory
from builder.theming.theme import REQUIRED

THEMES = Path(__file__).parent.parent / "themes"

ARTICLE = """---
title: {title}
date: 2021-{month:02d}
countries: [{country}]
---
Trains reach [Iran]{{country={country}}} now.

The [line]{{project=line{status}}} is long.

{body}
"""


class Site:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("site.yaml", "title: Site\npage_size: 2\n")
        self.write("content/projects/line.md", "---\nname: Line\n---\n")
        for number in range(1, 6):
            self.article(number)

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def article(self, number, *, title="", body="Plain words.", country="IR", status="") -> None:
        text = ARTICLE.format(
            title=title or f"Title {number}",
            month=number,
            country=country,
            body=body,
            status=status,
        )
        self.write(f"content/articles/a{number}.md", text)

    def build(self, **options):
        report = build(Options(root=self.root, output=self.root / "public", jobs=1, **options))
        assert not report.failed, [one.text() for one in report.diagnostics]
        return report

    def rendered(self, **options) -> dict[str, tuple[str, ...]]:
        return dict(self.build(**options).reasons)


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path)
    made.build()
    return made


def test_nothing_changed_renders_nothing(site):
    report = site.build()
    assert (report.parsed, report.rendered, report.written, report.removed) == (0, 0, 0, 0)
    assert report.reused == report.pages


def test_an_edit_of_plain_words_renders_the_article_alone(site):
    site.article(2, body="Other words.")
    report = site.build()
    assert report.parsed == 1
    assert dict(report.reasons) == {"/articles/a2/": ("the article's body",)}


def test_lines_that_move_render_nothing(site):
    file = site.root / "content/articles/a2.md"
    site.write(
        "content/articles/a2.md", file.read_text("utf-8").replace("---\n", "---\n# Checked.\n", 1)
    )
    report = site.build()
    assert (report.parsed, report.rendered) == (1, 0)


@pytest.mark.parametrize(
    ("before", "after", "pages"),
    [
        ("[TR]", "[TR, IR]", {"/articles/a2/", "/countries/ir/", "/countries/ir/page/1/"}),
        ("[TR, IR]", "[IR, TR]", {"/articles/a2/"}),
        (
            "[TR]",
            "[SU]",
            {"/articles/a2/", "/countries/tr/", "/countries/su/", "/countries/", "/"}
            # These are reported together with the two.
            | {"/countries/ir/", "/projects/line/"},
        ),
    ],
)
def test_what_an_article_is_about_renders_the_pages_that_say_so(site, before, after, pages):
    file = site.root / "content/articles/a2.md"
    text = file.read_text("utf-8")
    site.write("content/articles/a1.md", text.replace("[IR]\n", "[SU, TR]\n", 1))
    site.write("content/articles/a2.md", text.replace("[IR]\n", f"{before}\n", 1))
    site.build()
    site.write("content/articles/a2.md", text.replace("[IR]\n", f"{after}\n", 1))
    assert set(site.rendered()) == pages


def test_an_edit_of_a_title_renders_the_pages_that_show_it(site):
    site.article(5, title="New title")
    assert set(site.rendered()) == {
        "/",
        "/articles/a5/",
        "/articles/a4/",
        "/countries/ir/",
        "/countries/ir/page/3/",
        "/page/3/",
        "/projects/line/",
        "/projects/line/page/3/",
    }


def test_an_added_article_leaves_the_full_pages_of_archives(site):
    site.article(6)
    rendered = set(site.rendered())
    assert "/page/3/" in rendered
    assert not rendered & {"/page/1/", "/page/2/", "/countries/ir/page/1/", "/projects/line/page/2/"}


def test_a_new_page_of_an_archive_changes_the_one_before_it_alone(site):
    site.article(6)
    site.build()
    site.article(7)
    rendered = site.rendered()
    assert rendered["/page/4/"] == ("it is new",)
    assert rendered["/page/3/"] == ("the next page of the archive",)
    assert not set(rendered) & {"/page/1/", "/page/2/"}


def test_a_status_renders_the_project_and_its_list(site):
    site.article(1, status=" status=agreed")
    rendered = set(site.rendered())
    assert rendered == {"/articles/a1/", "/projects/", "/projects/line/"}


def test_a_name_renders_the_pages_that_name_it(site):
    site.write("content/articles/other.md", "---\ntitle: Other\ndate: 2019\n---\nNo line here.\n")
    site.build()
    site.write("content/projects/line.md", "---\nname: Railway\n---\n")
    rendered = site.rendered()
    assert rendered["/articles/a1/"] == ("the names of what it mentions",)
    assert "/articles/other/" not in rendered
    assert {"/", "/projects/", "/projects/line/", "/countries/ir/"} <= set(rendered)
    assert "/page/1/" not in rendered


#: The pages that are made with each template of a theme, by their addresses.
MADE_WITH = {
    "base.html": r".*",
    "bit.html": r".*",
    "front.html": r"/",
    "article.html": r"/articles/.+",
    "archive.html": r".*/page/\d+/",
    "country.html": r"/countries/ir/",
    "entity.html": r"/projects/line/",
    "page.html": r"/about/",
    "404.html": r"/404.html",
    "nobodys.html": r"(?!)",
}


def own_theme(site):
    """A theme of which all templates extend one that includes another, by a second theme for one."""
    for name in (*REQUIRED, "country.html"):
        site.write(f"themes/own/templates/{name}", "{% extends 'base.html' %}")
    site.write("themes/own/theme.yaml", "extends: second\n")
    site.write("themes/own/templates/page.html", '{% extends "second/page.html" %}')
    site.write("themes/own/templates/nobodys.html", "base.html")
    site.write("themes/second/templates/base.html", '{% include "bit.html" ignore missing %}')
    site.write("themes/second/templates/bit.html", "x")
    site.write("themes/second/templates/page.html", '{%- import "base.html" as base %}x')
    site.write("content/pages/about.md", "---\ntitle: About\n---\nWords.\n")
    site.write("site.yaml", "title: Site\npage_size: 2\ntheme: own\n")


@pytest.mark.parametrize("name", MADE_WITH)
def test_a_template_renders_the_pages_that_are_made_with_it_and_no_other(site, name):
    own_theme(site)
    pages = site.rendered()
    file = next(site.root.glob(f"themes/*/templates/{name}"))
    file.write_text(f"{file.read_text()} y")
    report = site.build()
    assert report.parsed == 0
    made = {address for address in pages if re.fullmatch(MADE_WITH[name], address)}
    assert dict(report.reasons) == dict.fromkeys(made, ("the template",))
    assert made or name == "nobodys.html"


@pytest.mark.parametrize("gone", [False, True])
def test_a_template_that_may_be_missing_renders_the_pages_that_name_it(site, gone):
    own_theme(site)
    bit = site.root / "themes/second/templates/bit.html"
    if not gone:
        bit.unlink()
    pages = site.rendered()
    bit.unlink() if gone else bit.write_text("x")
    assert site.rendered().keys() == pages.keys()


def test_words_of_a_theme_render_every_page(site):
    own_theme(site)
    site.write("themes/own/locale/en.po", 'msgid ""\nmsgstr ""\n')
    pages = site.rendered()
    site.write("themes/own/locale/en.po", 'msgid ""\nmsgstr ""\n\nmsgid "a"\nmsgstr "b"\n')
    assert site.rendered().keys() == pages.keys()


def test_an_asset_renders_nothing(site):
    site.write("content/media/map.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    report = site.build()
    assert (report.rendered, report.written) == (0, 1)
    site.write("content/media/map.svg", "<svg xmlns='http://www.w3.org/2000/svg' id='x'/>")
    report = site.build()
    assert (report.rendered, report.written) == (0, 1)


def test_a_deleted_article_takes_its_page_along(site):
    (site.root / "content/articles/a3.md").unlink()
    report = site.build()
    assert report.removed > 0
    assert not (site.root / "public/articles/a3").exists()


def test_an_edit_with_the_same_size_and_time_is_seen(site):
    file = site.root / "content/articles/a1.md"
    status = file.stat()
    site.article(1, body="Plain Words.")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert set(site.rendered()) == {"/articles/a1/"}


def test_a_touched_file_is_read_but_not_parsed(site):
    os.utime(site.root / "content/articles/a1.md")
    report = site.build()
    assert (report.parsed, report.rendered) == (0, 0)


@pytest.mark.parametrize("harm", ["missing", "altered"])
def test_a_harmed_output_is_written_again(site, harm):
    page = site.root / "public/articles/a1/index.html"
    before = page.read_bytes()
    if harm == "missing":
        page.unlink()
    else:
        page.write_bytes(b"other")
    assert site.rendered() == {"/articles/a1/": (f"its published file was {harm}",)}
    assert page.read_bytes() == before


def test_a_page_that_changed_and_was_harmed_is_rendered_for_both_reasons(site):
    (site.root / "public/articles/a1/index.html").write_bytes(b"other")
    site.article(1, body="Other words.")
    assert site.rendered() == {
        "/articles/a1/": ("the article's body", "its published file was altered")
    }


def test_clean_renders_every_page_and_changes_no_byte(site):
    report = site.build(clean=True)
    assert report.rendered == report.pages
    assert report.parsed == 5
    assert report.written == 0


def test_a_failed_build_forgets_no_change(site):
    site.article(2, body="Other words.")
    site.write("content/articles/broken.md", "---\ntitle: [\n---\n")
    options = Options(root=site.root, output=site.root / "public", jobs=1)
    assert build(options).failed
    (site.root / "content/articles/broken.md").unlink()
    assert set(site.rendered()) == {"/articles/a2/"}


def test_a_damaged_cache_is_thrown_away_with_a_word(site):
    file = site.root / ".digest/cache.db"
    file.write_bytes(b"no database" * 1000)
    site.article(1, body="Other words.")
    report = site.build()
    assert report.word == "the cache was damaged and has been thrown away"
    assert report.rendered == report.pages


def test_a_cache_of_another_version_is_thrown_away_with_a_word(site):
    with sqlite3.connect(site.root / ".digest/cache.db") as connection:
        connection.execute("DELETE FROM entries WHERE key = 'toolchain'")
    connection.close()
    report = site.build()
    assert report.rendered in (0, report.pages)
    with sqlite3.connect(site.root / ".digest/cache.db") as connection:
        connection.execute("UPDATE entries SET value = x'c400' WHERE key = 'toolchain'")
    connection.close()
    report = site.build()
    assert "thrown away" in report.word


def test_without_a_cache_stale_pages_still_go(site):
    for file in (site.root / ".digest").iterdir():
        file.unlink()
    (site.root / "content/articles/a3.md").unlink()
    assert site.build().removed > 0
    assert not (site.root / "public/articles/a3").exists()


def test_another_output_is_another_memory(site):
    other = site.root / "elsewhere"
    first = build(Options(root=site.root, output=other, jobs=1))
    assert first.rendered == first.pages
    assert first.parsed == 0
    assert site.build().rendered == 0
    assert build(Options(root=site.root, output=other, jobs=1)).rendered == 0


def test_the_number_of_jobs_changes_nothing(tmp_path):
    made = Site(tmp_path)
    for number in range(240):
        text = f"---\ntitle: T{number}\ndate: 2020\n---\nOn [it]{{project=line}}.\n"
        made.write(f"content/articles/x/{number}.md", text)
    one, two = tmp_path / "one", tmp_path / "two"
    build(Options(root=tmp_path, output=one, jobs=1, clean=True))
    build(Options(root=tmp_path, output=two, jobs=2, clean=True))
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(two) for path in two.rglob("*") if path.is_file())
    assert all((one / path).read_bytes() == (two / path).read_bytes() for path in files)


def test_a_translation_that_is_translated_itself_forgets_what_is_deleted(tmp_path):
    made = Site(tmp_path)
    for name, original in (("one", ""), ("two", "one"), ("three", "two")):
        text = f"---\ntitle: {name}\ndate: 2020\ntranslation_of: {original}\n---\nWords.\n"
        made.write(f"content/articles/{name}.md", text)
    made.build()
    (tmp_path / "content/articles/three.md").unlink()
    assert made.rendered()["/articles/two/"] == ("the articles before and after it", "the translations")
    assert "/three/" not in (tmp_path / "public/articles/two/index.html").read_text("utf-8")


def test_keys_of_the_site_are_shown_in_their_order_and_a_change_of_it_is_seen(site):
    template = site.root / "themes/gazette/templates/article.html"
    shutil.copytree(THEMES / "gazette", site.root / "themes/gazette")
    shown = (
        "{% for key in frame.extra %}{{ key }} {% endfor %}{% for key in extra %}{{ key }} {% endfor %}"
    )
    template.write_text(template.read_text("utf-8").replace("<article", f"{shown}<article", 1), "utf-8")
    text = (site.root / "content/articles/a1.md").read_text("utf-8")
    for keys in ("zed", "abc"), ("abc", "zed"):
        extra = "extra:\n" + "".join(f"  {key}: 1\n" for key in keys)
        site.write("site.yaml", f"title: Site\npage_size: 2\n{extra}")
        site.write("content/articles/a1.md", text.replace("---\n", f"---\n{extra}", 1))
        site.build()
        page = (site.root / "public/articles/a1/index.html").read_text("utf-8")
        assert " ".join([*keys, *keys]) in page


@pytest.mark.parametrize(
    ("one", "other"), [("0", "-0.0"), ("1152921504606846976", "1152921504606846976.0")]
)
def test_a_number_is_shown_as_it_is_whatever_equal_one_stands_on_another_page(site, one, other):
    for name in REQUIRED:
        site.write(f"themes/own/templates/{name}", "x")
    site.write("themes/own/templates/article.html", "{{ extra.n|number }} {{ body_html|safe }}")
    site.write("site.yaml", "title: Site\ntheme: own\n")
    text = (site.root / "content/articles/a1.md").read_text("utf-8")
    for number, value in (1, one), (2, other), (3, one):
        numbered = text.replace("---\n", f"---\nextra: {{n: {value}}}\n", 1)
        site.write(f"content/articles/a{number}.md", numbered)
    for number in 4, 5:
        (site.root / f"content/articles/a{number}.md").unlink()
    site.build()
    pages = [site.root / f"public/articles/a{number}/index.html" for number in (1, 2, 3)]
    shown = [page.read_text("utf-8").partition(" ")[0] for page in pages]
    assert shown[0] == shown[2] != shown[1]


@pytest.fixture
def warned(site):
    """A site with a dead link in an article, built."""
    site.article(1, body="See [this](nowhere.md).")
    assert dead_links(site.build()) == [("content/articles/a1.md", 10)]
    return site


def dead_links(report):
    return [(one.file, one.line) for one in report.diagnostics if one.code == "dead-link"]


def refuse(monkeypatch, name):
    """Let whatever calls this function of the pipeline fail."""
    monkeypatch.setattr(pipeline, name, lambda *_: pytest.fail(f"{name} was called"))


def test_a_warning_does_not_make_the_site_be_laid_out_for_an_edit_of_words(warned, monkeypatch):
    refuse(monkeypatch, "lay_out")
    warned.article(2, body="Other words.")
    report = warned.build()
    assert [page for page, _ in report.reasons] == ["/articles/a2/"]
    assert dead_links(report) == [("content/articles/a1.md", 10)]


def test_a_warning_moves_with_the_words_that_it_is_about_and_goes_with_its_cause(warned):
    warned.article(1, body="A line more.\n\nSee [this](nowhere.md).")
    assert dead_links(warned.build()) == [("content/articles/a1.md", 12)]
    warned.write("content/articles/nowhere.md", "---\ntitle: There\ndate: 2022\n---\n")
    assert dead_links(warned.build()) == []
    (warned.root / "content/articles/nowhere.md").unlink()
    assert dead_links(warned.build()) == [("content/articles/a1.md", 12)]
    warned.article(1)
    assert dead_links(warned.build()) == []


def test_a_warning_does_not_make_a_preview_look_at_files_that_nobody_saved(warned, monkeypatch):
    memory = Memory()
    options = Options(root=warned.root, output=warned.root / "public", jobs=1, trusting=True)
    build(options, memory)
    refuse(monkeypatch, "content_files")
    refuse(monkeypatch, "lay_out")
    for text in ("Some words.", "Other words."):
        warned.article(2, body=text)
        report = build(structs.replace(options, changed=("content/articles/a2.md",)), memory)
        assert dead_links(report) == [("content/articles/a1.md", 10)]
        assert text in (warned.root / "public/articles/a2/index.html").read_text("utf-8")
    memory.forget()


def test_a_file_that_is_warned_of_itself_is_looked_for_by_every_build_of_a_preview(site):
    site.write("content/unknown.txt", "What is this?")
    memory = Memory()
    options = Options(root=site.root, output=site.root / "public", jobs=1, trusting=True)
    for _ in range(2):
        site.article(2, body="Some words.")
        report = build(structs.replace(options, changed=("content/articles/a2.md",)), memory)
        assert [one.code for one in report.diagnostics] == ["unknown-file"]
    memory.forget()


def test_settings_that_no_page_shows_render_those_whose_items_they_change(site):
    site.write("content/pages/about.md", "---\ntitle: About\n---\n")
    site.build()
    for words in ("statuses: [operating, halted]", "editor_url: 'x://{path}'", "theme: gazette"):
        site.write("site.yaml", f"title: Site\npage_size: 2\n{words}\n")
        assert site.rendered() == {}
    site.write("site.yaml", "title: Site\npage_size: 2\nkinds: {event: {plural: events}}\n")
    assert site.rendered() == {}
    site.write("site.yaml", "title: Site\npage_size: 3\nkinds: {event: {plural: events}}\n")
    listings = {"/", "/countries/ir/", "/projects/line/"}
    pages = {f"{one.rstrip('/')}/page/{number}/" for one in listings for number in (1, 2)}
    assert set(site.rendered()) == listings | pages


def test_a_page_that_no_other_leads_to_renders_itself_alone(site):
    for title in ("Deep", "Deeper"):
        site.write("content/pages/sub/deep.md", f"---\ntitle: {title}\n---\n")
        assert set(site.rendered()) == {"/sub/deep/"}
    site.write("content/pages/top.md", "---\ntitle: Top\n---\n")
    assert len(site.rendered()) == site.build().pages


def test_a_name_composes_the_pages_that_may_show_it_and_no_other(site, monkeypatch):
    for name in ("port", "pipe"):
        site.write(f"content/projects/{name}.md", f"---\nname: {name.title()}\n---\n")
    text = ARTICLE.format(title="Port", month=6, country="AZ", status="", body="")
    site.write("content/articles/b.md", text.replace("=line", "=port"))
    site.build()
    composed = []
    view = Composer.view
    monkeypatch.setattr(Composer, "view", lambda self, page: composed.append(page) or view(self, page))
    lists = {"/", "/projects/"}
    site.write("content/projects/new.md", "---\nname: New\n---\n")
    assert set(site.rendered()) == {"/projects/", "/projects/new/"}
    assert {one.address for one in composed} == lists | {"/projects/new/"}
    composed.clear()
    site.write("content/projects/port.md", "---\nname: Harbour\n---\n")
    shown = lists | {"/projects/port/", "/countries/az/", "/articles/b/"}
    assert set(site.rendered()) == shown
    assert {one.address for one in composed} == shown
