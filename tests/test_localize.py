"""The words and digits of a language."""

from __future__ import annotations

import re
from datetime import UTC

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment
from site_builder import REPOSITORY, HtmlPage, article, profile, published

from builder.cards import plural_label, singular_label
from builder.config import DEFAULT_KINDS, DEFAULT_STATUSES
from builder.dates import parse_date
from builder.localize import language

_FIELD = re.compile(r"%\(\w+\)s")
GAZETTE = REPOSITORY / "themes/gazette"


def words_of_gazette():
    """Every word of the interface: those of the templates, of statuses and of the known kinds."""
    syntax = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    found = {(word,) for word in DEFAULT_STATUSES}
    found |= {(label(kind),) for kind in DEFAULT_KINDS for label in (singular_label, plural_label)}
    for file in (GAZETTE / "templates").iterdir():
        for _, _, words in syntax.extract_translations(file.read_text("utf-8")):
            several = words if isinstance(words, tuple) else (words,)
            found.add(tuple(word for word in several if word))
    return found - {()}


@pytest.mark.parametrize("tag", sorted(file.stem for file in (GAZETTE / "locale").glob("*.po")))
def test_a_catalogue_has_every_word_of_the_interface_and_no_other(tag):
    with open(GAZETTE / f"locale/{tag}.po", "rb") as stream:
        messages = {
            (one.id,) if isinstance(one.id, str) else tuple(one.id): one.string
            for one in read_po(stream)
            if one.id
        }
    assert messages.keys() == words_of_gazette()
    for words, said in messages.items():
        for text in (said,) if isinstance(said, str) else said:
            assert text
            # What is said of several stands for all of them: a language may not need the number of one.
            assert set(_FIELD.findall(text)) <= set(_FIELD.findall(words[-1])), text
            assert len(words) > 1 or set(_FIELD.findall(text)) == set(_FIELD.findall(words[0])), text


@pytest.mark.parametrize(
    ("tag", "shown"),
    [
        ("en", "12,345"),
        ("de", "12.345"),
        ("fa", "۱۲٬۳۴۵"),
        ("ar-EG", "١٢٬٣٤٥"),
        ("bn", "১২,৩৪৫"),
        ("xx", "12,345"),
    ],
)
def test_numbers_have_the_digits_and_separators_of_the_language(tag, shown):
    assert language(tag).number(12345) == shown


def test_counts_on_a_page_have_the_digits_of_the_site(tmp_path):
    files = {f"content/articles/{n}.md": article("[x]{country=IR}") for n in range(3)}
    site = published(tmp_path, files, "title: T\nlanguage: fa\npage_size: 2")
    assert '<span class="n">۳</span>' in site.page("/").html
    assert "۲" in site.page("/page/2/").text


@pytest.mark.parametrize(
    ("tag", "shown"),
    [
        ("en", "March 5, 2024, 08:00 UTC+03:00"),
        ("fa", "۵ مارس ۲۰۲۴،\u200f ۰۸:۰۰ UTC+۰۳:۰۰"),
        ("ar", "5 مارس 2024، 08:00 UTC+03:00"),
        ("tr", "5 Mart 2024 08:00 UTC+03:00"),
    ],
)
def test_a_date_and_its_time_stand_together_as_the_language_has_it(tag, shown):
    assert language(tag).date(parse_date("2024-03-05T08:00:00+03:00", UTC)) == shown


@pytest.mark.parametrize(
    ("location", "tag", "shown"),
    [
        ("[38.43, 48.87]", "en", "38.43° N, 48.87° E"),
        ("[-33.5, -70.25]", "en", "33.5° S, 70.25° W"),
        ("[38.43, -48.87]", "de", "38,43° N, 48,87° W"),
        ("[0, 0.1234567]", "fr", "0° N, 0,123457° E"),
        ("[38.43, 48.87]", "fa", "۳۸٫۴۳ درجهٔ شمالی، ۴۸٫۸۷ درجهٔ شرقی"),
    ],
)
def test_coordinates_are_written_as_the_language_writes_them(tmp_path, location, tag, shown):
    files = {"content/projects/port.md": profile("Port", location=location)}
    site = published(tmp_path, files, f"title: T\nlanguage: {tag}")
    assert shown in site.page("/projects/port/").text


PERSIAN = {
    "content/articles/a.md": article(
        "سخن از [راه‌آهن]{project=line status=agreed by=person:first} [ایران]{country=IR} است.",
        title="نخست",
        author="نویسنده",
        topics="[دیپلماسی]",
        translation_of="b",
        added="2024-02-01",
        updated="2024-02-02",
        source="{publisher: خبرگزاری, license: CC0-1.0, changes: کوتاه شد}",
    ),
    "content/articles/b.md": article(
        "سخن از [راه‌آهن]{project=line status=proposed note=یادداشت} است.",
        title="دوم",
        projects="[line]",
    ),
    "content/articles/c.md": article("سخن.", title="سوم"),
    "content/projects/line.md": profile(
        "راه‌آهن", "متن.", aliases="[خط]", summary="کوتاه", location="[1, 2]", countries="[IR]"
    ),
    "content/people/first.md": profile("نخستین", former_ids="[old]"),
    "content/organisations/none.md": profile("سازمان"),
    "content/countries/SU.md": "---\nsummary: کشور\n---\n",
    "content/pages/about.md": "---\ntitle: درباره\n---\nمتن.\n",
}


def test_no_english_word_remains_on_pages_in_another_language(tmp_path):
    site = published(tmp_path, PERSIAN, "title: روزنامه\nlanguage: fa\npage_size: 1")
    pages = [name for name in site.files() if name.endswith(".html")]
    assert {"404.html", "page/1/index.html", "projects/line/page/1/index.html"} <= set(pages)
    for name in pages:
        html = (site.public / name).read_text("utf-8")
        title = re.findall("<title>(.*?)</title>", html)
        labels = re.findall('aria-label="(.*?)"', html)
        words = " ".join([*title, *labels, HtmlPage(html).text]).replace("CC0", "")
        assert not re.findall("[A-Za-z]+", words), name


def test_another_version_of_an_article_is_named_in_its_own_language(tmp_path):
    files = {
        "content/articles/a.md": article("Words."),
        "content/articles/b.md": article("سخن", lang="fa", translation_of="a"),
    }
    html = published(tmp_path, files).page("/articles/a/").html
    assert '<a href="/articles/b/" hreflang="fa" lang="fa" dir="rtl">فارسی</a>' in html


@pytest.mark.parametrize("address", ["/articles/a/", "/articles/b/"])
def test_all_versions_of_an_article_are_told_to_search_engines_by_full_addresses(tmp_path, address):
    files = {
        "content/articles/a.md": article("Words."),
        "content/articles/b.md": article("سخن", lang="fa", translation_of="a"),
        "content/articles/c.md": article("Words."),
    }
    site = published(tmp_path, files, "title: T\nbase_url: https://example.org/d/")
    versions = re.findall('rel="alternate" hreflang="(.*?)" href="(.*?)"', site.page(address).html)
    assert sorted(versions) == [
        ("en", "https://example.org/d/articles/a/"),
        ("fa", "https://example.org/d/articles/b/"),
    ]
    assert "hreflang" not in site.page("/articles/c/").html


def test_listings_tell_which_article_is_a_translation(tmp_path):
    files = {
        "content/articles/a.md": article("Of [Iran]{country=IR}."),
        "content/articles/b.md": article("[ایران]{country=IR}", lang="fa", translation_of="a"),
    }
    site = published(tmp_path, files)
    for address in ("/", "/countries/ir/"):
        assert site.page(address).text.count("Translation") == 1
    assert "Translation" not in site.page("/articles/b/").text


def test_without_a_full_address_no_version_is_told_to_search_engines(tmp_path):
    files = {
        "content/articles/a.md": article("Words."),
        "content/articles/b.md": article("سخن", lang="fa", translation_of="a"),
    }
    assert 'rel="alternate"' not in published(tmp_path, files).page("/articles/a/").html


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        ("fa", "rtl"),
        ("fa-IR-u-nu-latn", "rtl"),
        ("en-x-arab", "ltr"),
        ("en-t-fa-latn", "ltr"),
        ("uz-Arab-AF", "rtl"),
        ("az-Latn", "ltr"),
        ("fa-Latn-u-nu-arab", "ltr"),
        ("zh-cmn-Hans", "ltr"),
        ("ar-arz-Arab", "rtl"),
    ],
)
def test_a_language_runs_as_its_script_does(tag, direction):
    assert language(tag).direction == direction


def test_words_of_another_direction_do_not_disturb_those_around_them(tmp_path):
    files = {
        "content/articles/a.md": article(
            "[Words]{country=IR note=متن}.",
            author="نویسنده",
            source="{publisher: خبر, license: CC-BY-4.0, changes: کوتاه}",
        ),
        "content/articles/b.md": article("سخن", title="عنوان", date="2023", lang="fa"),
        "content/countries/IR.md": profile("", "متن", summary="کوتاه", aliases="[ایران]"),
    }
    site = published(tmp_path, files)
    page = site.page("/articles/a/").html
    for words in ("متن", "نویسنده", "خبر", "کوتاه", "عنوان"):
        assert f"<bdi>{words}</bdi>" in page
    country = site.page("/countries/ir/").html
    assert '<p class="standfirst" dir="auto">کوتاه</p>' in country
    assert "Also: <bdi>ایران</bdi>" in country
    assert '<div class="body" dir="auto">\n<p>متن</p>' in country
