"""The feed, the sitemap and robots.txt: what they tell machines of the articles."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from site_builder import article, profile, published

from builder import plan

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = "title: News & views\nbase_url: https://example.org/d/\n"


def parsed(data):
    return ET.fromstring(data)  # noqa: S314 - the program has just written it


def feed(root, files, site=SITE):
    """The feed of a site, read."""
    return parsed(published(root, files, site).files()["feed.xml"])


def entries(found):
    return found.findall(f"{ATOM}entry")


def texts(of, name):
    """The texts of all elements of one name that stand right in another."""
    return [one.text for one in of.findall(ATOM + name)]


def links(of):
    return {one.get("rel"): one.get("href") for one in of.findall(f"{ATOM}link")}


def listed(data, name="url"):
    """The addresses of a sitemap, or of the index of several."""
    return [one.text for one in parsed(data).iterfind(f"{SITEMAP}{name}/{SITEMAP}loc")]


SOURCED = article(
    "[Snow]{country=IR} & rain.\n\nMore of it.",
    title="Wind <& rain>",
    lang="fa",
    date="2024-03-01T01:30:00+03:30",
    updated="2024-03-02",
    author="[Ann, Bea]",
    topics="[weather & roads, rail]",
    source="{publisher: Reuters & Co, license: CC-BY-4.0}",
)


def test_an_entry_of_the_feed_tells_what_the_article_does(tmp_path):
    (entry,) = entries(feed(tmp_path, {"content/articles/a.md": SOURCED}))
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "fa"
    assert texts(entry, "title") == ["Wind <& rain>"]
    assert links(entry) == {"alternate": "https://example.org/d/articles/a/"}
    assert [one.findtext(f"{ATOM}name") for one in entry.findall(f"{ATOM}author")] == ["Ann", "Bea"]
    # Times are those of Greenwich, where the evening before had not ended.
    assert texts(entry, "published") == ["2024-02-29T22:00:00Z"]
    assert texts(entry, "updated") == ["2024-03-02T00:00:00Z"]
    assert [one.get("term") for one in entry.findall(f"{ATOM}category")] == ["weather & roads", "rail"]
    assert texts(entry, "summary") == ["Snow & rain."]
    (rights,) = texts(entry, "rights")
    assert rights.startswith("Reuters & Co ")
    assert rights.endswith(" https://creativecommons.org/licenses/by/4.0/")


@pytest.mark.parametrize(
    ("front", "author"),
    [
        ({"source": "{publisher: Reuters, license: CC-BY-4.0}"}, ["Reuters"]),
        ({}, ["News & views"]),
        ({"source": "{license: CC0-1.0}"}, []),
    ],
)
def test_who_is_not_named_as_the_author_of_an_entry_is_its_publisher(tmp_path, front, author):
    (entry,) = entries(feed(tmp_path, {"content/articles/a.md": article("Words.", **front)}))
    assert [one.findtext(f"{ATOM}name") for one in entry.findall(f"{ATOM}author")] == author


def test_the_feed_tells_of_the_site_and_when_one_of_its_articles_last_changed(tmp_path):
    files = {
        "content/articles/new.md": article("Words.", date="2024-02-01"),
        "content/articles/old.md": article("Words.", date="2020", updated="2024-05-06"),
    }
    found = feed(tmp_path, files, SITE + "description: A <daily> digest\nlanguage: fa\n")
    assert found.get("{http://www.w3.org/XML/1998/namespace}lang") == "fa"
    assert texts(found, "title") == ["News & views"]
    assert texts(found, "subtitle") == ["A <daily> digest"]
    assert texts(found, "updated") == ["2024-05-06T00:00:00Z"]
    assert links(found) == {
        "self": "https://example.org/d/feed.xml",
        "alternate": "https://example.org/d/",
    }
    assert texts(entries(found)[1], "published") == ["2020-01-01T00:00:00Z"]


def test_a_feed_without_articles_is_one(tmp_path):
    found = feed(tmp_path, {})
    assert (entries(found), texts(found, "updated")) == ([], ["1970-01-01T00:00:00Z"])


def test_a_year_has_four_digits_in_the_feed(tmp_path):
    (entry,) = entries(feed(tmp_path, {"content/articles/a.md": article("Words.", date="0812-03")}))
    assert texts(entry, "published") == ["0812-03-01T00:00:00Z"]


def test_the_feed_holds_as_many_of_the_newest_articles_as_the_front_page(tmp_path):
    files = {
        f"content/articles/{n}.md": article("Words.", title=f"Number {n}", date=f"2024-01-0{n}")
        for n in range(1, 6)
    }
    found = feed(tmp_path, files, SITE + "page_size: 2\n")
    assert [texts(one, "title") for one in entries(found)] == [["Number 5"], ["Number 4"]]


def test_an_entry_is_known_again_when_its_file_moves_and_keeps_its_id(tmp_path):
    found = [
        texts(entries(feed(tmp_path / name, {f"content/articles/{path}.md": text}, site))[0], "id")
        for name, path, text, site in (
            ("a", "a", article("Words.", id="one"), SITE),
            ("b", "moved/b", article("Other words.", id="one"), SITE),
            ("c", "a", article("Words.", id="another"), SITE),
            ("d", "one", article("Words."), SITE),
            ("e", "a", article("Words.", id="one"), SITE.replace("example.org", "example.com")),
        )
    ]
    first, moved, other, by_its_path, of_another_site = found
    assert first == moved == by_its_path
    assert first != other
    assert first != of_another_site


def test_the_feed_is_known_again_by_the_address_of_the_site(tmp_path):
    found = [
        texts(feed(tmp_path / str(n), {"content/articles/a.md": article("Words.")}, site), "id")
        for n, site in enumerate((SITE, SITE + "description: More\n", SITE.replace("/d/", "/e/")))
    ]
    assert found[0] == found[1] != found[2]


def test_ids_of_the_feed_and_its_entries_are_the_same_for_ever(tmp_path):
    found = feed(tmp_path, {"content/articles/a/b.md": article("Words.")})
    assert texts(found, "id") == ["urn:uuid:44e96348-e882-58eb-bbe3-967ef54149e9"]
    (entry,) = entries(found)
    assert texts(entry, "id") == ["urn:uuid:a5d94f1a-5767-580a-a72d-17dbe00b9ab9"]
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


EVERYTHING = {
    "content/articles/a & b.md": article("Of [Iran]{country=IR}.", aliases="[/old/]"),
    "content/pages/about.md": "---\ntitle: About\n---\nWords.\n",
    "content/projects/line.md": profile("Line", former_ids="[way]"),
    "content/media/map.txt": "a map",
}


def test_a_sitemap_lists_every_page_but_those_of_no_use_to_readers(tmp_path):
    site = published(tmp_path, EVERYTHING, SITE)
    found = listed(site.files()["sitemap.xml"])
    assert [one.removeprefix("https://example.org/d/") for one in found] == [
        "",
        "about/",
        "articles/a%20&%20b/",
        "countries/",
        "countries/ir/",
        "projects/",
        "projects/line/",
    ]
    assert site.has("/old/")
    assert site.has("/projects/way/")


@pytest.mark.parametrize(
    ("front", "day"),
    [
        ({"date": "2024-03"}, "2024-03"),
        ({"date": "2024-03-01T01:30:00+03:30"}, "2024-03-01"),
        ({"date": "2024-03", "updated": "2025-04-05T06:07:08Z"}, "2025-04-05"),
    ],
)
def test_a_sitemap_tells_the_day_on_which_an_article_last_changed(tmp_path, front, day):
    site = published(tmp_path, {"content/articles/a.md": article("Words.", **front)}, SITE)
    data = parsed(site.files()["sitemap.xml"])
    assert [one.text for one in data.iter(f"{SITEMAP}lastmod")] == [day]


def test_more_pages_than_a_sitemap_may_list_are_in_several_with_an_index(tmp_path, monkeypatch):
    whole = listed(published(tmp_path / "one", EVERYTHING, SITE).files()["sitemap.xml"])
    monkeypatch.setattr(plan, "MOST_IN_SITEMAP", 3)
    files = published(tmp_path / "several", EVERYTHING, SITE).files()
    parts = listed(files["sitemap.xml"], "sitemap")
    names = ["sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml"]
    assert parts == [f"https://example.org/d/{name}" for name in names]
    found = [listed(files[name]) for name in names]
    assert [len(one) for one in found] == [3, 3, 1]
    assert [address for one in found for address in one] == whole
    monkeypatch.setattr(plan, "MOST_IN_SITEMAP", len(whole))
    assert "sitemap-1.xml" not in published(tmp_path / "several", {}).files()


def test_robots_are_led_to_the_sitemap_if_there_is_one(tmp_path):
    found = [
        published(tmp_path / str(n), {}, site).files()["robots.txt"].decode()
        for n, site in enumerate((SITE, "title: T\n"))
    ]
    assert found == [
        "User-agent: *\nAllow: /\nSitemap: https://example.org/d/sitemap.xml\n",
        "User-agent: *\nAllow: /\n",
    ]
