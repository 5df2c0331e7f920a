"""The values of front matter: dates, addresses and licences."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone

import pytest
from site_builder import article, build_site, codes, profile, published, write_site

from builder.dates import DateError, parse_date
from builder.licenses import license_view
from builder.views import LicenseView


@pytest.mark.parametrize(
    ("written", "precision", "text"),
    [
        ("2021", "year", "2021"),
        ("2021-12", "month", "2021-12"),
        ("2021-12-22", "day", "2021-12-22"),
        ("2021-12-22T10:00:00Z", "instant", "2021-12-22T10:00:00+00:00"),
        ("2021-12-22t10:00:00z", "instant", "2021-12-22T10:00:00+00:00"),
        ("2021-12-22T10:00:00.25+03:30", "instant", "2021-12-22T10:00:00.250+03:30"),
        ("2021-12-22T10:00:00-00:00", "instant", "2021-12-22T10:00:00+00:00"),
        ("1990-12-31T23:59:60Z", "instant", "1990-12-31T23:59:59+00:00"),
        ("1990-12-31T15:59:60-08:00", "instant", "1990-12-31T15:59:59-08:00"),
    ],
)
def test_a_date_is_read_at_the_precision_it_was_given(written, precision, text):
    date = parse_date(written, UTC)
    assert (date.precision, date.text) == (precision, text)


@pytest.mark.parametrize(
    "written",
    ["2021-13", "2021-02-30", "2021-1-5", "yesterday", "20211222", "2021-12-22T25:00:00Z", "21", ""],
)
def test_what_no_calendar_has_is_no_date(written):
    with pytest.raises(DateError):
        parse_date(written, UTC)


LONG = "x" * 251
NAMES = [
    (f"/{LONG}xxxx/", []),
    (f"/{LONG}.htm", []),
    (f"/a/{LONG}.html", ["4:11 bad-address"]),
    (f"/{LONG}xxxxx/b/", ["4:11 bad-address"]),
    (f"/{'é' * 127}/", []),
    (f"/{'%C3%A9' * 128}/", ["4:11 bad-address"]),
    (f"/{'x' * 199}" * 10, []),
    (f"/{'x' * 199}" * 10 + "/", ["4:11 bad-address"]),
    ("/a" * 100, []),
    ("/a" * 101, ["4:11 bad-address"]),
]


@pytest.mark.parametrize(("alias", "places"), NAMES)
def test_an_address_that_no_file_can_have_is_told_where_it_stands(tmp_path, alias, places):
    write_site(tmp_path, {"content/articles/a.md": article(aliases=f"[{alias}]")})
    report = build_site(tmp_path)
    assert [f"{one.line}:{one.column} {one.code}" for one in report.diagnostics] == places


@pytest.mark.parametrize(("length", "places"), [(255, []), (256, ["3:14 bad-id"])])
def test_a_former_id_that_no_file_can_have_is_told_where_it_stands(tmp_path, length, places):
    write_site(tmp_path, {"content/projects/a.md": profile("A", former_ids=f"[{'x' * length}]")})
    report = build_site(tmp_path)
    assert [f"{one.line}:{one.column} {one.code}" for one in report.diagnostics] == places


@pytest.mark.parametrize("alias", ["/caf%C3%A9/", "/café/", "/caf%c3%a9"])
def test_an_alias_may_be_quoted_as_browsers_show_it(tmp_path, alias):
    site = published(tmp_path, {"content/articles/a.md": article(aliases=f"[{alias}]")})
    assert site.page("/café/").links == [("/articles/a/", "A title")]


@pytest.mark.parametrize(
    "alias", ["/%2e%2e/x/", "/a/../b/", "/a%2F%2e%2e%2fb/", "/a%5Cb/", "//x/", "/a%00b/", "/.digest-x/"]
)
def test_an_alias_stays_inside_the_site(tmp_path, alias):
    write_site(tmp_path, {"content/articles/a.md": article(aliases=f'["{alias}"]')})
    assert [one[3] for one in codes(build_site(tmp_path))] == ["bad-address"]


LANGUAGES = {
    "fa": "fa",
    "PT-br": "pt-BR",
    "zh-hant-tw": "zh-Hant-TW",
    "de-1996": "de-1996",
    "i-klingon": "i-klingon",
    "fa-ir-U-ca-PERSIAN": "fa-IR-u-ca-persian",
    "ar-u-nu-latn": "ar-u-nu-latn",
    "de-t-en": "de-t-en",
    "en-x-foo-a": "en-x-foo-a",
    "en-a-bbb-x-a": "en-a-bbb-x-a",
    "x-own": "x-own",
}


@pytest.mark.parametrize(("written", "tag"), LANGUAGES.items())
def test_a_language_is_a_tag_of_bcp_47(tmp_path, written, tag):
    files = {"content/articles/a.md": article("Words.", lang=written)}
    assert f'lang="{tag}"' in published(tmp_path, files).page("/articles/a/").html


@pytest.mark.parametrize(
    "written", ["english", "e", "en-", "en-u", "en-u-", "en-x", "en_GB", "fa-u-a", "فا"]
)
def test_what_is_no_tag_is_no_language(tmp_path, written):
    write_site(tmp_path, {"content/articles/a.md": article("Words.", lang=f'"{written}"')})
    assert [code for _, _, _, code, _ in codes(build_site(tmp_path))] == ["bad-language"]


def test_a_fraction_of_a_second_is_written_as_html_allows(tmp_path):
    files = {"content/articles/a.md": article("Words.", date="2021-12-22T10:00:00.5Z")}
    shown = published(tmp_path, files).page("/articles/a/").html
    assert 'datetime="2021-12-22T10:00:00.500+00:00"' in shown


@pytest.mark.parametrize(
    ("license_id", "name", "url"),
    [
        ("CC-BY-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC-BY-SA-3.0-IGO", "CC BY-SA 3.0 IGO", "https://creativecommons.org/licenses/by-sa/3.0/igo/"),
        ("ODbL-1.0", "ODbL-1.0", "https://spdx.org/licenses/ODbL-1.0.html"),
        ("Apache-2.0+", "Apache-2.0+", "https://spdx.org/licenses/Apache-2.0.html"),
        ("MIT OR Apache-2.0", "MIT OR Apache-2.0", ""),
        ("LicenseRef-All-Rights", "All Rights", ""),
    ],
)
def test_a_licence_has_a_short_name_and_the_address_of_its_text(license_id, name, url):
    assert license_view(license_id) == LicenseView(license_id, name, url)


def test_the_first_and_the_last_day_of_all_exist_in_every_zone(tmp_path):
    files = {
        "content/articles/a.md": article("[Words]{country=IR date=0001}.", date="9999-12-31T23:59:59"),
        "content/articles/b.md": article("Words.", date="0001-01-01"),
    }
    for number, name in enumerate(("Asia/Tehran", "America/New_York")):
        yaml = f"title: T\nbase_url: https://example.org/\ntimezone: {name}"
        site = published(tmp_path / str(number), files, yaml)
        times = re.findall(r'<time datetime="([^"]*)">', site.page("/").html)
        assert [one[:10] for one in times] == ["9999-12-31", "0001-01-01"]
        feed = (site.public / "feed.xml").read_text()
        assert re.findall(r"<published>(\d{4}-\d\d-\d\d)T", feed) == ["9999-12-31", "0001-01-01"]


def test_an_offset_of_seconds_is_written_as_html_allows():
    amsterdam = timezone(timedelta(minutes=19, seconds=32))
    date = parse_date("1930-06-01T10:00:00", amsterdam)
    assert date.text == "1930-06-01T10:00:00+00:19"
    assert date.first == parse_date("1930-06-01T09:40:28Z", UTC).first
