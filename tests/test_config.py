"""site.yaml: what is wrong in it is reported along with all the rest."""

from __future__ import annotations

import zoneinfo
from datetime import datetime, timedelta
from importlib.resources import files

import pytest
from site_builder import article, build_site, check, codes, published, write_site

from builder.zones import UnknownZoneError, zone


def test_an_error_in_site_yaml_does_not_hide_those_of_content_and_theme(tmp_path):
    site = "title: T\npage_size: none\nbase_url: x.org\ntimezone: Mars\nlanguage: english\ntheme: nope"
    found = check(tmp_path, {"content/articles/a.md": article("[x]{project=no}", date="soon")}, site)
    assert found == [
        "articles/a.md:3:7 bad-date",
        "articles/a.md:5:13 unknown-project",
        "site.yaml:2:12 wrong-type",
        "site.yaml:3:11 bad-address",
        "site.yaml:4:11 bad-timezone",
        "site.yaml:5:11 bad-language",
        "site.yaml:6:8 missing-theme",
    ]


@pytest.mark.parametrize("key", ["kinds: {country: false}", "statuses: {}", "kinds: 3"])
def test_where_the_words_of_the_content_are_in_doubt_it_is_not_judged(tmp_path, key):
    files = {"content/articles/a.md": article("[x]{project=no status=odd}")}
    found = check(tmp_path, files, f"title: T\n{key}")
    assert found
    assert all(one.startswith("site.yaml:2") for one in found)


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet\n", "\ufeff"])
def test_an_empty_site_yaml_lacks_its_title(tmp_path, text):
    write_site(tmp_path, {"site.yaml": text})
    assert codes(build_site(tmp_path)) == [
        ("site.yaml", 1, 1, "missing-key", 'the key "title" is missing')
    ]


@pytest.mark.parametrize("name", ["a" * 300, "../own", "own/", ".", "o\\wn"])
def test_a_name_that_no_theme_can_have_is_told(tmp_path, name):
    files = {"themes/own/theme.yaml": "extends: gazette", "themes/child/theme.yaml": f"extends: {name}"}
    assert check(tmp_path / "site", files, f"title: T\ntheme: {name}") == [
        "site.yaml:2:8 missing-theme"
    ]
    found = check(tmp_path / "child", files, "title: T\ntheme: child")
    assert found == ["themes/child/theme.yaml:1:10 missing-theme"]


@pytest.mark.parametrize("name", ["site.yaml", "themes/own/theme.yaml"])
def test_a_file_that_ends_within_a_list_is_told(tmp_path, name):
    # An editor may write no line break behind the last line.
    files = {"themes/own/theme.yaml": "extends: gazette", "site.yaml": "title: T\ntheme: own"}
    write_site(tmp_path, files | {name: f"{files[name]}\nextra: [a, "})
    line = files[name].count("\n") + 2
    assert [one[:4] for one in codes(build_site(tmp_path))] == [(name, line, 8, "yaml-syntax")]


def test_a_failed_site_yaml_publishes_nothing(tmp_path):
    write_site(tmp_path, {}, "title: T\npage_size: none")
    assert build_site(tmp_path).failed
    assert not (tmp_path / "public").exists()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("https://x.org", "https://x.org/"),
        ("https://x.org/digest", "https://x.org/digest/"),
        ("https://bücher.example/d/", "https://xn--bcher-kva.example/d/"),
        ("http://localhost:8000/a/خبر/", "http://localhost:8000/a/%D8%AE%D8%A8%D8%B1/"),
    ],
)
def test_the_address_of_a_site_is_shown_in_ascii(tmp_path, written, shown):
    site = published(tmp_path, {}, f"title: T\nbase_url: {written}")
    assert f'<link rel="canonical" href="{shown}">' in site.page("/").html


@pytest.mark.parametrize(
    "url",
    ["//x.org/", "https://x.org//d/", "https://x.org/?a=b", "https://", "x", "https://me:word@x.org/"],
)
def test_what_is_no_address_of_a_site_is_refused(tmp_path, url):
    assert check(tmp_path, {}, f"title: T\nbase_url: {url}") == ["site.yaml:2:11 bad-address"]


def test_a_number_that_no_cache_can_hold_is_a_text(tmp_path):
    theme = {
        "themes/my/theme.yaml": "extends: gazette\n",
        "themes/my/templates/404.html": "{{ frame.extra.n }}",
    }
    extra = "extra:\n  n: 99999999999999999999999\n  small: -9223372036854775808\n"
    root = write_site(tmp_path, theme, f"title: T\ntheme: my\n{extra}")
    write_site(root, {"content/articles/a.md": f"---\ntitle: A\ndate: 2024\n{extra}---\nx\n"})
    assert codes(build_site(root)) == []
    assert (root / "public/404.html").read_text() == "99999999999999999999999"


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ("site: {plural: sites}\n  site-gas: {plural: gases}", ["site.yaml:4:3 bad-kind"]),
        ("site-gas: {plural: gases}\n  site: {plural: sites}", ["site.yaml:3:3 bad-kind"]),
        ("project-stage: {plural: stages}", ["site.yaml:3:3 bad-kind"]),
        ("site: {plural: sites}\n  sites: {plural: gases}", []),
        ("person-of-law: {plural: firms}\n  person: false", []),
    ],
)
def test_kinds_whose_anchors_could_be_the_same_are_refused(tmp_path, kinds, expected):
    assert check(tmp_path, {}, f"title: T\nkinds:\n  {kinds}") == expected


@pytest.mark.parametrize(
    "kind",
    [
        "3d: {plural: dossiers}",
        "link: {plural: links}",
        "words: {plural: texts}",
        *(f"{one}: {{plural: ones}}" for one in ("status", "date", "value", "by", "note")),
        *(f"one: {{plural: {folder}}}" for folder in ("articles", "pages", "page", "media", "assets")),
        *(
            f"one: {{plural: {key}}}"
            for key in ("title", "topics", "source", "draft", "names", "extra")
        ),
        "one: {plural: originals}",
    ],
)
def test_words_that_mean_something_else_are_no_kinds(tmp_path, kind):
    assert check(tmp_path, {}, f"title: T\nkinds:\n  {kind}") == ["site.yaml:3:3 bad-kind"]


def test_a_time_zone_is_the_same_whatever_the_system_has(tmp_path):
    (tmp_path / "Asia").mkdir()
    (tmp_path / "Asia/Tehran").write_bytes(files("tzdata").joinpath("zoneinfo/UTC").read_bytes())
    zoneinfo.reset_tzpath([tmp_path])
    zone.cache_clear()
    try:
        assert datetime(2021, 1, 1, tzinfo=zone("Asia/Tehran")).utcoffset() == timedelta(hours=3.5)
    finally:
        zoneinfo.reset_tzpath()


@pytest.mark.parametrize(
    "name", ["../zones", "Asia", "asia/tehran", "/etc/localtime", "Asia/../UTC", ""]
)
def test_a_time_zone_is_one_of_the_list(name):
    with pytest.raises(UnknownZoneError):
        zone(name)
