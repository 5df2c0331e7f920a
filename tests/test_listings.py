"""Listings: which item stands on which page, and what may change when one is added."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from site_builder import article, check, local_links, published, tree, write_site

from builder.listings import archive, newest, older_than_landing, page_count

SIZES = {"total": st.integers(0, 300), "size": st.integers(1, 60)}


@given(**SIZES)
@settings(deadline=None)
def test_the_pages_hold_every_item_once_and_page_one_the_oldest(total, size):
    oldest_first = list(range(total))
    newest_first = oldest_first[::-1]
    pages = {one.number: newest_first[one.start : one.end] for one in archive(total, size)}
    for number, items in pages.items():
        assert items[::-1] == oldest_first[(number - 1) * size : number * size]
    if pages:
        assert sorted(item for items in pages.values() for item in items) == oldest_first


@given(**SIZES)
@settings(deadline=None)
def test_one_more_item_changes_no_page_but_the_newest(total, size):
    before = {one.number: (total - one.end, total - one.start) for one in archive(total, size)}
    grown = total + 1
    after = {one.number: (grown - one.end, grown - one.start) for one in archive(grown, size)}
    for number in list(before)[:-1]:
        assert before[number] == after[number]


@given(**SIZES)
@settings(deadline=None)
def test_going_back_from_the_landing_page_misses_nothing(total, size):
    shown = len(newest(range(total), size))
    address = older_than_landing("/", total, size)
    if not address:
        assert shown == total
        return
    number = int(address.split("/")[-2])
    page = next(one for one in archive(total, size) if one.number == number)
    assert page.start <= shown < page.end


@pytest.mark.parametrize(
    ("total", "size", "pages"),
    [(0, 2, 0), (1, 2, 0), (2, 2, 0), (3, 2, 2), (4, 2, 2), (5, 2, 3), (3, 1, 3)],
)
def test_a_listing_has_an_archive_when_its_landing_page_is_full(total, size, pages):
    assert page_count(total, size) == pages


def dated(count):
    return {
        f"content/articles/{n:02}.md": article(
            f"Number {n} is about [Iran]{{country=IR}} and [rail]{{project=rail}}.",
            title=f"Number {n}",
            date=f"2024-01-{n:02}",
        )
        for n in range(1, count + 1)
    } | {"content/projects/rail.md": "---\nname: Rail\n---\n"}


def titles(page):
    return [text for tag, text in page.headings if tag != "h1" and text.startswith("Number")]


@pytest.mark.parametrize("listing", ["/", "/countries/ir/", "/projects/rail/"])
def test_every_listing_has_its_archive_oldest_page_first(tmp_path, listing):
    site = published(tmp_path, dated(5), "title: T\npage_size: 2")
    assert titles(site.page(listing)) == ["Number 5", "Number 4"]
    assert titles(site.page(f"{listing}page/1/")) == ["Number 2", "Number 1"]
    assert titles(site.page(f"{listing}page/2/")) == ["Number 4", "Number 3"]
    assert titles(site.page(f"{listing}page/3/")) == ["Number 5"]
    assert not site.has(f"{listing}page/4/")


@pytest.mark.parametrize("listing", ["/", "/countries/ir/"])
def test_the_pages_of_an_archive_are_chained(tmp_path, listing):
    site = published(tmp_path, dated(5), "title: T\npage_size: 2")

    def chain(page):
        return sorted(one for one in local_links(site.page(page)) if "/page/" in one)

    assert chain(listing) == [f"{listing}page/2/"]
    assert chain(f"{listing}page/1/") == [f"{listing}page/2/"]
    assert chain(f"{listing}page/2/") == [f"{listing}page/1/", f"{listing}page/3/"]
    assert chain(f"{listing}page/3/") == [f"{listing}page/2/"]


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("count", range(3, 8))
def test_an_added_article_changes_only_the_newest_archive_page(tmp_path, size, count):
    config = f"title: T\npage_size: {size}"
    before = published(tmp_path, dated(count), config).files()
    after = published(tmp_path, dated(count + 1), config).files()
    last = -(-count // size)
    for listing in ("", "countries/ir/", "projects/rail/"):
        for number in range(1, last):
            path = f"{listing}page/{number}/index.html"
            assert before[path] == after[path], path


def test_the_first_article_that_names_a_country_changes_no_archive_page(tmp_path):
    rail = {f"content/articles/{n}.md": article("[x]{project=rail}", date=str(n)) for n in (2001, 2002)}
    config, files = (
        "title: T\npage_size: 1",
        rail | {"content/projects/rail.md": "---\nname: Rail\n---\n"},
    )
    before = published(tmp_path, files, config)
    assert before.page("/countries/").headings == [("h1", "Countries")]
    pages = {path: data for path, data in before.files().items() if path.endswith("page/1/index.html")}
    assert len(pages) == 2
    later = files | {"content/articles/later.md": article("[y]{country=IR} and [x]{project=rail}")}
    after = published(tmp_path, later, config).files()
    assert {path: after[path] for path in pages} == pages


def test_an_archive_page_tells_no_total(tmp_path):
    site = published(tmp_path, dated(23), "title: T\npage_size: 3")
    for address in ("/page/1/", "/countries/ir/page/1/", "/projects/rail/page/1/"):
        text = site.page(address).text
        # Neither the 23 articles nor the 8 pages; the page itself is number 1, of items 1 to 3.
        assert not {"23", "8", "22"} & set(re.findall(r"\d+", text)), text


def test_a_page_size_of_one_is_served(tmp_path):
    site = published(tmp_path, dated(3), "title: T\npage_size: 1")
    assert [titles(site.page(f"/page/{n}/")) for n in (1, 2, 3)] == [
        ["Number 1"],
        ["Number 2"],
        ["Number 3"],
    ]


def test_articles_of_one_date_stand_by_address(tmp_path):
    names = ["b", "a/z", "c", "a", "a.z"]
    files = {f"content/articles/{name}.md": article(title=f"Number {name}") for name in names}
    site = published(tmp_path, files)
    assert titles(site.page("/")) == [
        "Number a.z",
        "Number a",
        "Number a/z",
        "Number b",
        "Number c",
    ]


def test_the_order_is_by_the_first_instant_in_the_time_zone_of_the_site(tmp_path):
    dates = {
        "year": "2024",
        "month": "2024-02",
        "day": "2024-01-31",
        "instant": "2024-01-31T22:00:00Z",
        "tehran": "2024-02-01T01:00:00+03:30",
    }
    files = {
        f"content/articles/{name}.md": article(title=f"Number {name}", date=date)
        for name, date in dates.items()
    }
    utc = published(tmp_path / "utc", files)
    assert titles(utc.page("/")) == [
        "Number month",
        "Number instant",
        "Number tehran",
        "Number day",
        "Number year",
    ]
    # The month begins three and a half hours earlier in Tehran, before both instants.
    tehran = published(tmp_path / "tehran", files, "title: T\ntimezone: Asia/Tehran")
    assert titles(tehran.page("/")) == [
        "Number instant",
        "Number tehran",
        "Number month",
        "Number day",
        "Number year",
    ]


def test_the_order_of_reading_does_not_matter(tmp_path):
    files = dated(6)
    one = published(tmp_path / "one", files).files()
    other = write_site(tmp_path / "other", dict(reversed(files.items())))
    assert published(other, {}).files() == one
    assert tree(other / "public") == one


@pytest.mark.parametrize(
    ("name", "aliases", "clash"),
    [
        ("countries", "[]", ["pages/countries.md:1:1"]),
        ("about", "[/About/]", ["articles/a.md:4:11"]),
        ("about", "[/about, /ABOUT/index.html]", ["articles/a.md:4:11", "articles/a.md:4:19"]),
        ("map.txt/x", "[/map.txt]", ["pages/map.txt/x.md:1:1"]),
        ("x", "[/x/y.html, /x.html]", []),
    ],
)
def test_two_outputs_of_one_address_are_told_at_the_file_that_can_give_way(
    tmp_path, name, aliases, clash
):
    files = {
        "content/articles/a.md": article("Words.", aliases=aliases),
        f"content/pages/{name}.md": "---\ntitle: Page\n---\n",
    }
    assert check(tmp_path, files) == [f"{one} address-clash" for one in clash]
